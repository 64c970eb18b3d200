// SPDX-License-Identifier: GPL-2.0-or-later
// The words of a quoted command line, as a shell would part them.
#ifndef HARNESS_QUOTED_WORDS_H
#define HARNESS_QUOTED_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { WORDS_MAX = 64 };

struct words {
	char *items[WORDS_MAX];
	size_t count;
	char *text; // what the items point into
};

// Parts a line at blanks, outside quotes. "&&", "||", "|" and ";" are words; redirections and a
// comment are left out. Brackets that say "may be left out" fall away, and between them so do bars.
void words_part(struct words *words, const char *line);
void words_free(struct words *words);

// Whether a word parts two commands.
bool word_is_operator(const char *word);

// Whether a text stands for another one: FILE, N, CONFIG,..., <name>, %s, …
bool word_is_placeholder(const char *word);

#endif
