// SPDX-License-Identifier: GPL-2.0-or-later
// The nearest right names for a wrong one: what an error message offers for an unknown command,
// config or option.
#ifndef RESULTS_TEXT_NEAREST_H
#define RESULTS_TEXT_NEAREST_H

#include <stddef.h>

// How many single-character insertions, deletions, replacements and swaps of neighbours turn one
// text into the other. Texts longer than 63 characters are cut there.
size_t edit_distance(const char *left, const char *right);

// Writes an offer into text: "did you mean 'pair' or 'pairs'?" with the nearest names, up to three
// equally near ones; where none is near, "there are a, b, c". Without names: nothing. Returns text.
char *nearest_offer(
	char *text, size_t size, const char *wrong, const char *const *names, size_t names_count);

#endif
