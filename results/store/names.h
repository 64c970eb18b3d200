// SPDX-License-Identifier: GPL-2.0-or-later
// Lists of names, as readers of the store give them out and as users ask for them.
#ifndef RESULTS_STORE_NAMES_H
#define RESULTS_STORE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "results/text/problem.h"

// All zero: no names. store_names_free() frees it.
struct store_names {
	char **items;
	size_t count;
};

bool names_have(const struct store_names *names, const char *name);
// The name that a word means, as text/side.h has it: itself, or of one build of a commit the
// beginning. NULL: none, or several. Borrowed.
const char *names_side(const struct store_names *names, const char *word);
// One more; one more unless it is there.
bool names_add(struct store_names *names, const char *name, struct problem *problem);
bool names_add_new(struct store_names *names, const char *name, struct problem *problem);
// Writes "a, b, c", as far as it fits, and returns text.
const char *names_text(const struct store_names *names, char *text, size_t size);
void store_names_free(struct store_names *names);

#endif
