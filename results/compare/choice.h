// SPDX-License-Identifier: GPL-2.0-or-later
// The choice of what a projection compares, from the operands to the description of its sides: what
// sides.c makes step by step, with the files of these steps.
#ifndef RESULTS_COMPARE_CHOICE_H
#define RESULTS_COMPARE_CHOICE_H

#include "runs.h"

struct choice {
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

// ---- operands.c: which sides

// Whether the operands can name values of the columns.
bool operands_check(const struct choice *choice);
// Of the runs only those stay candidates that the operands name.
bool operands_take(struct choice *choice);
// Lets the comparison know its sides: those of the runs, or the operands, or none yet.
bool sides_begin(struct choice *choice);
// The comparison's own text of a side; a side not seen before is added where nobody said which there
// are.
bool side_place(struct choice *choice, const char *side, struct compare_place *place);
// Sides that nobody asked for and that have nothing go; the others must be two.
bool sides_end(struct choice *choice);

// ---- choice.c: what was chosen

// Fills choice->sessions. EXIT_NOT_MEASURED: none.
bool sessions_list(struct choice *choice);
// Fills choice->constant: a key that does not tell any two rows apart is not worth its place in
// their names.
bool constants_list(struct choice *choice);
// The different values of a key among the chosen runs, of one side or (NULL) of all. The caller's.
bool values_list(
	const struct choice *choice, const char *key, const char *side, struct store_names *values);
// Whether any sample of a side is of this session.
bool side_has_session(const struct comparison *comparison, const char *side, int64_t session);

// ---- sides_describe.c

// Fills comparison->builds, ->warnings and ->projection when the samples are there.
bool sides_describe(struct choice *choice);

#endif
