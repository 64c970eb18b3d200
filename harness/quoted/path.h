// SPDX-License-Identifier: GPL-2.0-or-later
// Whether a path that a document quotes is there.
#ifndef HARNESS_QUOTED_PATH_H
#define HARNESS_QUOTED_PATH_H

#include <stdbool.h>

#include "file.h"
#include "results/text/problem.h"

// text: what stands between backticks in `file`, a path from the root. It is a path of ours when it
// begins with a folder that is there, or ends as our sources do. It is meant from the document's
// own folder, from the folders above it, or from the root; a name without a folder is any file
// below the document's folder. Of a path with a placeholder the folders before that must be there.
bool quoted_path_check(
	const char *file, const char *text, const struct tree *tree, struct problem *problem);

#endif
