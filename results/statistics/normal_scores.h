// SPDX-License-Identifier: GPL-2.0-or-later
// The normal scores of ranks (van der Waerden, 1952): what the quantiles of a Gaussian are at the
// middle of so many equal shares. Each run of a series asks for them, and reckoning them took a
// tenth of the time of all.
#ifndef RESULTS_STATISTICS_NORMAL_SCORES_H
#define RESULTS_STATISTICS_NORMAL_SCORES_H

#include <stddef.h>

struct normal_scores {
	const double *
		lower; // of the lower half of the ranks, ascending, a middle one included; the upper ones are their opposites
	double factor; // that makes the mean square of all scores 1
};

// For `count` ranks, at least two. `room` holds as many numbers as there are ranks, and may be what
// `lower` points to. May be called by several threads at once.
struct normal_scores normal_scores_of(size_t count, double *room);

#endif
