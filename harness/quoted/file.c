// SPDX-License-Identifier: GPL-2.0-or-later
// Walks the tree. Entries: tree_read(), file_read().
#include "file.h"

#include <fts.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *file_read(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	if (!file)
		return NULL;
	if (getdelim(&text, &size, '\0', file) < 0) {
		free(text);
		text = ferror(file) ? NULL : strdup("");
	}
	(void)fclose(file);
	return text;
}

static bool is_left_out(const FTSENT *entry)
{
	return entry->fts_level > 0 &&
	       (entry->fts_name[0] == '.' ||
		       (entry->fts_level == 1 && strcmp(entry->fts_name, "build") == 0));
}

static void tree_add(struct tree *tree, const char *path)
{
	char **paths = realloc(tree->paths, (tree->count + 1) * sizeof(*paths));

	if (!paths)
		abort();
	tree->paths = paths;
	tree->paths[tree->count] = strdup(path);
	if (!tree->paths[tree->count++])
		abort();
}

void tree_read(struct tree *tree, const char *root)
{
	char *const roots[] = {(char *)root, NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	const FTSENT *entry;

	*tree = (struct tree){.root = root};
	if (!walk)
		abort();
	while ((entry = fts_read(walk))) {
		if (is_left_out(entry))
			(void)fts_set(walk, (FTSENT *)entry, FTS_SKIP);
		else if (entry->fts_level > 0 && entry->fts_info != FTS_DP)
			tree_add(tree, entry->fts_path + strlen(root) + 1);
	}
	(void)fts_close(walk);
	if (tree->count == 0)
		abort();
}

void tree_free(struct tree *tree)
{
	for (size_t i = 0; i < tree->count; i++)
		free(tree->paths[i]);
	free(tree->paths);
}
