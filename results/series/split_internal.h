// SPDX-License-Identifier: GPL-2.0-or-later
// What measuring a split and judging it share.
#ifndef RESULTS_SERIES_SPLIT_INTERNAL_H
#define RESULTS_SERIES_SPLIT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "split.h"

// Brings a run of at least two values to mean 0 and deviation 1: cut off, into work->values, and
// as normal scores, into work->scores.
void split_scale(struct split_work *work, const double *values, size_t count);
// work->sums[k] becomes the sum of the first k values.
void split_sums_fill(struct split_work *work, const double *values, size_t count);
// What the values of [first, end) leave over their mean, into left.
void split_left_fill(const double *values, size_t first, size_t end, double *left);

// fmin() and fmax() mind NaN, which never comes here, and are calls.
static inline double smaller(double one, double two)
{
	return one < two ? one : two;
}

static inline double larger(double one, double two)
{
	return one > two ? one : two;
}

// How much more the values near a change at [first, end) scatter than all do, before it, after it or
// on both sides, by what is left over: a factor on the deviation, at least 1, beyond what chance
// gives. Where noise has grown, an excursion of the noisy part would pass for a change of level.
double split_local_widening(const double *left, size_t count, size_t first, size_t end);

// Whether a statistic is beyond its critical value. One that cannot be larger whatever the values
// equals that up to rounding.
static inline bool split_exceeds(double statistic, double critical)
{
	return statistic > critical * (1 + 1e-9);
}

#endif
