// SPDX-License-Identifier: GPL-2.0-or-later
// Reasons to doubt a figure, as pure functions: whether values fall into two groups, and whether
// they drift. Both are tuned to keep quiet: a warning beneath each tenth row would be read by
// nobody.
#ifndef RESULTS_STATISTICS_DOUBT_H
#define RESULTS_STATISTICS_DOUBT_H

#include <stdbool.h>
#include <stddef.h>

// Fewer values than these say nothing about groups or a drift.
#define DOUBT_VALUES_MIN 8

// How values part into two groups best.
struct doubt_groups {
	bool are_there;
	size_t below; // values in the lower group
	double distance; // of the groups' means
};

// Whether values fall into two groups of at least a fifth of them (and three) each. The statistic
// is the distance of the two means over the deviation within, at the split where that is largest
// (after Ashman, Bird and Zepf, AJ 1994). Its critical value is that of uniform values, the widest
// shape with a single mode, at 1 %; Gaussian ones are taken for two groups in 0.2 % of cases. Sorts
// the values.
struct doubt_groups doubt_groups_of(double *values, size_t count);

// A steady change along the order of values.
struct doubt_drift {
	double p; // two-sided, of "any order was as likely"; 1 for fewer than DOUBT_VALUES_MIN
	double size; // from the first value to the last
};

// Mann's test for a trend by Kendall's tau (Econometrica 1945), normal with a correction for
// continuity and ties, which is careful in the tails; the size is Theil's and Sen's median slope
// (JASA 1968). `room` holds count * (count - 1) / 2 numbers.
struct doubt_drift doubt_drift_of(const double *values, size_t count, double *room);

#endif
