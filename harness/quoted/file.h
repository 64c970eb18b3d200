// SPDX-License-Identifier: GPL-2.0-or-later
// The files of the tree, as far as people wrote them: nothing that is hidden, and no build.
#ifndef HARNESS_QUOTED_FILE_H
#define HARNESS_QUOTED_FILE_H

#include <stddef.h>

// The text of a file, which the caller frees; NULL: it cannot be read.
char *file_read(const char *path);

struct tree {
	const char *root;
	char **paths; // files and folders, from the root on
	size_t count;
};

// Reads the names. Memory that runs out, or a root that is none, ends the program.
void tree_read(struct tree *tree, const char *root);
void tree_free(struct tree *tree);

#endif
