// SPDX-License-Identifier: GPL-2.0-or-later
// Mann and Whitney's test (1947) and the interval that belongs to it, for sides that are too large
// for every way to part them to be counted.
#ifndef RESULTS_STATISTICS_RANKS_H
#define RESULTS_STATISTICS_RANKS_H

#include "statistics.h"

// Fills p and the interval, but for its estimate. `differences` are all those between the sides,
// sorted; superiority is filled already. False when memory runs out.
bool shift_by_ranks(const double *differences, size_t base_count, size_t other_count,
	double confidence, struct shift *shift);

// The smallest p that it can give for sides of these sizes, which have a value each.
double ranks_p_smallest(size_t base_count, size_t other_count);

#endif
