// SPDX-License-Identifier: GPL-2.0-or-later
// A list of texts that somebody else owns: what an option was given, the names of sides or of
// workloads.
#ifndef HARNESS_RUN_TEXTS_H
#define HARNESS_RUN_TEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct texts {
	const char *const *items;
	size_t count;
};

// Where the text stands in the list; the count where it does not.
static inline size_t texts_index(struct texts texts, const char *text)
{
	size_t i = 0;

	while (i < texts.count && strcmp(texts.items[i], text) != 0)
		i++;
	return i;
}

static inline bool texts_have(struct texts texts, const char *text)
{
	return texts_index(texts, text) < texts.count;
}

#endif
