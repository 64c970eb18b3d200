// SPDX-License-Identifier: GPL-2.0-or-later
// Looks quoted paths up among the files of the tree. Entry: quoted_path_check().
#include "path.h"

#include <stdio.h>
#include <string.h>

enum { PATH_SIZE = 512 };

static bool is_there(const struct tree *tree, const char *path)
{
	for (size_t i = 0; i < tree->count; i++)
		if (strcmp(tree->paths[i], path) == 0)
			return true;
	return false;
}

static bool ends_as_source(const char *text)
{
	static const char *const ends[] = {".c", ".h", ".cc", ".md", ".sh", ".bash", ".cmake",
		".js", ".R", ".py", ".sql", ".yaml", ".awk", ".css"};
	const char *end = strrchr(text, '.');

	for (size_t i = 0; end && i < sizeof(ends) / sizeof(ends[0]); i++)
		if (strcmp(end, ends[i]) == 0)
			return true;
	return false;
}

// "../" at its beginning, taken off together with a folder.
static void join(char *path, size_t size, const char *folder, const char *name)
{
	int length = (int)strlen(folder);

	while (strncmp(name, "../", 3) == 0 && length > 0) {
		while (length > 0 && folder[length - 1] != '/')
			length--;
		length -= length > 0;
		name += 3;
	}
	snprintf(path, size, "%.*s%s%s", length, folder, length > 0 ? "/" : "", name);
	if (*path && path[strlen(path) - 1] == '/')
		path[strlen(path) - 1] = '\0';
}

static void folder_of(char *folder, size_t size, const char *file)
{
	const char *slash = strrchr(file, '/');

	snprintf(folder, size, "%.*s", slash ? (int)(slash - file) : 0, file);
}

// Whether the path is there from the document's folder, or from one above it.
static bool is_found(const struct tree *tree, const char *file, const char *text)
{
	char folder[PATH_SIZE];
	char path[PATH_SIZE * 2];

	folder_of(folder, sizeof(folder), file);
	for (;;) {
		join(path, sizeof(path), folder, text);
		if (is_there(tree, path))
			return true;
		if (*folder == '\0')
			return false;
		char above[PATH_SIZE];
		folder_of(above, sizeof(above), folder);
		memcpy(folder, above, sizeof(folder));
	}
}

// Whether a file of that name lies below the document's folder.
static bool is_below(const struct tree *tree, const char *file, const char *name)
{
	char folder[PATH_SIZE];

	folder_of(folder, sizeof(folder), file);
	for (size_t i = 0; i < tree->count; i++) {
		const char *slash = strrchr(tree->paths[i], '/');

		if (strcmp(slash ? slash + 1 : tree->paths[i], name) == 0 &&
			strncmp(tree->paths[i], folder, strlen(folder)) == 0)
			return true;
	}
	return false;
}

// Where the first part begins that is not meant word by word: <name>, *, … or one in capitals.
static size_t known_length(const char *text)
{
	size_t known = 0;

	for (;;) {
		size_t length = strcspn(text + known, "/");
		size_t capitals = strspn(text + known, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_");
		const char *rest = text + known + capitals;
		// TARGET, SOURCE.c, NAME_test.c; but README.md is itself.
		bool is_capital = capitals > 1 && (capitals == length || strcmp(rest, ".c") == 0 ||
							  strcmp(rest, "test.c") == 0);

		if (is_capital || strcspn(text + known, "<*%") < length ||
			memmem(text + known, length, "…", strlen("…")))
			return known;
		if (text[known + length] == '\0')
			return known + length;
		known += length + 1;
	}
}

static bool is_of_ours(const struct tree *tree, const char *file, const char *text)
{
	char first[PATH_SIZE];

	if (strspn(text,
		    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-<>*%…") <
			strlen(text) ||
		strlen(text) >= PATH_SIZE || strchr("/-<.*", *text))
		return strncmp(text, "../", 3) == 0 && !strpbrk(text, " :");
	if (!strchr(text, '/'))
		return ends_as_source(text);
	snprintf(first, sizeof(first), "%.*s", (int)strcspn(text, "/"), text);
	return strcmp(first, "build") != 0 && (is_found(tree, file, first) || ends_as_source(text));
}

bool quoted_path_check(
	const char *file, const char *text, const struct tree *tree, struct problem *problem)
{
	char known[PATH_SIZE];

	if (!is_of_ours(tree, file, text))
		return true;
	snprintf(known, sizeof(known), "%.*s", (int)known_length(text), text);
	if (*known == '\0' || is_found(tree, file, known))
		return true;
	return (!strchr(known, '/') && is_below(tree, file, known)) ||
	       problem_set(problem, EXIT_WRONG_USE, "there is no %s", text);
}
