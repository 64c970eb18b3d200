// SPDX-License-Identifier: GPL-2.0-or-later
// Whether a quoted command line could be typed: the command exists, each option exists for it and
// takes a value or takes none, and the value is one that the option takes. Nothing is run. What is
// no command line of ours passes. A word such as FILE, N, <name>, %s or … stands for a value.
#ifndef HARNESS_QUOTED_LINE_H
#define HARNESS_QUOTED_LINE_H

#include <stdbool.h>

#include "results/text/problem.h"

// text: `slabmark …`, `slabmark-run-CONFIG …`, `slabmark-inspect-CONFIG …` or `ci/SCRIPT …`, also
// several of them with &&, ; or | between. A mention may leave out values and operands ("`slabmark
// compare --input`"); a line may not. root: the tree, for the scripts and the names of configs.
bool quoted_line_check(
	const char *text, bool is_mention, const char *root, struct problem *problem);

// One option without its command, "--name" or "--name=VALUE": some program of ours takes it.
bool quoted_option_check(const char *word, const char *root, struct problem *problem);

#endif
