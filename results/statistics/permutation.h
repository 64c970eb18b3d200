// SPDX-License-Identifier: GPL-2.0-or-later
// How extreme a sum is among all that it could have been. What the values are is the caller's
// choice (scores.h); the shares are exact, none is drawn at random.
#ifndef RESULTS_STATISTICS_PERMUTATION_H
#define RESULTS_STATISTICS_PERMUTATION_H

#include <stdbool.h>
#include <stddef.h>

// The share of all ways to give the values signs at which the sum is at least as far from 0 as it
// is (Fisher, The Design of Experiments, 1935). Up to 16 values every way is counted. Up to 200, the
// values are first rounded to 1/4096 of the sum of their sizes, and then every way is counted.
// Beyond, the normal law stands for it. 1 for no values.
#define SIGN_FLIP_EXACT_MAX   16
#define SIGN_FLIP_COUNTED_MAX 200
double sign_flip_tail(const double *values, size_t count);

// The smallest share that sign_flip_tail() can give for so many values, whatever they are.
double sign_flip_p_smallest(size_t count);

// Whether parting_tail() takes sides of these sizes: up to 12 against 12.
#define PARTING_MAX 24
bool parting_is_countable(size_t base_count, size_t other_count);

// values[] has those of the base, then those of the other side. Of all ways to part them into sides
// of these sizes, the share at which the other side's sum is at least as far on its side as it is,
// twice the smaller of both ends, and at most 1 (Pitman 1937).
double parting_tail(const double *values, size_t base_count, size_t other_count);

// How many ways there are to part so many; infinite where a double cannot hold it.
double parting_ways(size_t base_count, size_t other_count);

#endif
