// SPDX-License-Identifier: GPL-2.0-or-later
// What choosing the sides of a projection and describing them share.
#ifndef RESULTS_COMPARE_SIDES_INTERNAL_H
#define RESULTS_COMPARE_SIDES_INTERNAL_H

#include "runs.h"

// All that the choice of the sides goes through.
struct loader {
	struct store *store;
	const struct compare_options *options;
	struct comparison *comparison;
	struct problem *problem;
	struct projection projection;
	struct compare_runs runs;
	struct store_names wanted; // values of the column that were asked for, as runs spell them
	struct store_names constant; // keys of the rows that are the same in all of them
	struct store_names sessions; // numbers as texts
	bool is_of_names; // the columns have a key of the benchmark's name: sides show while samples are read
	char *row; // of the sample before
	char *side;
};

// Fills comparison->builds, ->warnings and ->sides when the samples are there.
bool sides_describe(struct loader *loader);

// Whether any sample of a side is of this session.
bool side_has_session(const struct comparison *comparison, const char *side, int64_t session);

// The different values of a key among the chosen runs, of one side or (NULL) of all. The caller's.
bool values_list(
	const struct loader *loader, const char *key, const char *side, struct store_names *values);

// Lists of names: one more; one more unless it is there; "a, b, c" as far as it fits.
bool names_add(struct store_names *names, const char *name, struct problem *problem);
bool names_add_new(struct store_names *names, const char *name, struct problem *problem);
const char *names_text(const struct store_names *names, char *text, size_t size);

#endif
