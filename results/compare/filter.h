// SPDX-License-Identifier: GPL-2.0-or-later
// Filters over results, in benchstat's syntax: `workload:pair config:(default OR noalien)
// -/size:64`. What a key means is the caller's business; here a filter is read, with a place in
// every complaint, and asked.
//
//	key:word  key:"any text"  key:/regexp/  key:(a OR b)   one of these values; a regexp (POSIX
//	                                                       extended) may fit anywhere
//	x y, x AND y   both        x OR y   either; AND binds closer        -x   not x        *   all
#ifndef RESULTS_COMPARE_FILTER_H
#define RESULTS_COMPARE_FILTER_H

#include <stdbool.h>

#include "results/text/problem.h"

struct filter;

enum filter_answer {
	FILTER_NO,
	FILTER_UNKNOWN, // a value that it depends on is not known yet
	FILTER_YES,
};

// How a caller's keys work.
struct filter_keys {
	// Whether there is such a key; the problem says which there are.
	bool (*check)(const char *key, struct problem *problem);
	// The value of a key, NULL where the thing has none. *is_known is true before the call.
	const char *(*value)(const void *thing, const char *key, bool *is_known);
	// Whether a word of the filter names this value; NULL: they must be equal.
	bool (*is_named)(const char *key, const char *value, const char *word);
};

// Reads a filter (EXIT_WRONG_USE: with the column of what is wrong). `keys` must live as long as
// it. NULL and the empty text match all.
bool filter_parse(const char *text, const struct filter_keys *keys, struct filter **filter,
	struct problem *problem);
void filter_free(struct filter *filter);

// What the filter says about a thing. A missing value equals no word, and the empty one.
enum filter_answer filter_match(const struct filter *filter, const void *thing);

// Whether the filter asks for this key anywhere.
bool filter_mentions(const struct filter *filter, const char *key);

#endif
