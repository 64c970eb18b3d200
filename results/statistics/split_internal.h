// SPDX-License-Identifier: GPL-2.0-or-later
// What measuring a split and judging it share.
#ifndef RESULTS_STATISTICS_SPLIT_INTERNAL_H
#define RESULTS_STATISTICS_SPLIT_INTERNAL_H

#include <stdbool.h>

// fmin() and fmax() mind NaN, which never comes here, and are calls.
static inline double smaller(double one, double two)
{
	return one < two ? one : two;
}

static inline double larger(double one, double two)
{
	return one > two ? one : two;
}

// Whether a statistic is beyond its critical value. One that cannot be larger whatever the values
// equals that up to rounding.
static inline bool split_exceeds(double statistic, double critical)
{
	return statistic > critical * (1 + 1e-9);
}

#endif
