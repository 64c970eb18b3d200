// SPDX-License-Identifier: GPL-2.0-or-later
// Cuts a series into segments of one level each: what change_point.c makes steps of. Values are
// brought to a magnitude of about 1 first.
#ifndef RESULTS_SERIES_CUT_H
#define RESULTS_SERIES_CUT_H

#include <stdbool.h>
#include <stddef.h>

#include "level.h"
#include "split.h"

struct measured;

// The series without its missing values, and room for the work on it.
struct cut_series {
	double *values;
	size_t *positions; // of the values, as the caller counts
	size_t count;
	int exponent; // the values are the caller's divided by 2 to its power, so that no square overflows
	double *rest; // what a line leaves over
	double *left_by_steps; // what the levels leave over
	double *left_by_line; // what line and levels leave over
	double *room; // to sort in
	struct split_work work;
	struct measured *measured; // runs, each where its ends say
};

// Where a segment starts, and between which neighbours that was last judged (0 and 0: not yet).
struct start {
	size_t at;
	size_t judged_first, judged_end;
	bool is_provisional; // the end of a block; nothing was found there
};

// A way to cut the series: starts[0] is at 0, starts[segments] at the count.
struct cut {
	struct start *starts;
	size_t segments;
	double autocorrelation;
	size_t judged_as; // a run is judged as one of so many values at least
	bool is_measured; // autocorrelation: of what the segments leave over; else of what one split does
};

// Both are freed also after a failure, which is that memory runs out: cut_series_free(), free() of
// starts.
bool cut_series_make(struct cut_series *series, const double *values, size_t count);
void cut_series_free(struct cut_series *series);
bool cut_make(struct cut *cut, size_t count);

// The level of segment i.
struct level cut_level(
	struct cut_series *series, const double *values, const struct cut *cut, size_t i);

// Parts a segment: what begins there becomes segment i.
void cut_start_add(struct cut *cut, size_t i, size_t at);
// Joins segment i to the one before.
void cut_start_remove(struct cut *cut, size_t i);

// Finds the segments of the values, which are the series' or as many others, and writes what their
// levels leave over.
void cut_find(struct cut_series *series, const double *values, struct cut *cut, double *left);

// Writes what the segments' levels leave over.
void cut_left_fill(
	struct cut_series *series, const double *values, const struct cut *cut, double *left);

#endif
