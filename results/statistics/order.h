// SPDX-License-Identifier: GPL-2.0-or-later
// The order of a few hundred values, quickly: change points sort many short runs, for which GSL's
// heap sort and its selection spend most of their time on branches that no processor foretells.
// Pure functions; values are finite.
#ifndef RESULTS_STATISTICS_ORDER_H
#define RESULTS_STATISTICS_ORDER_H

#include <stddef.h>

// Fills `order` with the indices of the values, ascending; equal values keep theirs. `room` holds
// as many indices.
void order_fill(const double *values, size_t count, size_t *order, size_t *room);

// The median, which for an even number is the mean of the middle two. Moves the values about. At
// least one.
double order_median(double *values, size_t count);

#endif
