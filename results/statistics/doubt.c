// SPDX-License-Identifier: GPL-2.0-or-later
// Two groups, and a drift. The header names the literature; GSL sorts and knows the normal
// distribution.
#include "doubt.h"

#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

// ---- groups

// The 99 % quantile of the statistic for so many uniform values, from above: 100 000 simulated runs
// each of 8 to 100 values.
static double critical_separation(size_t count)
{
	return 3.85 + 37.0 / (double)count;
}

struct doubt_groups doubt_groups_of(double *values, size_t count)
{
	size_t least = (count + 4) / 5 > 3 ? (count + 4) / 5 : 3;
	struct doubt_groups groups = {0};
	double centre;
	double all = 0;
	double squares = 0;
	double sum = 0;
	double best = 0;

	if (count < DOUBT_VALUES_MIN)
		return groups;
	gsl_sort(values, 1, count);
	centre = gsl_stats_mean(values, 1, count);
	for (size_t i = 0; i < count; i++) {
		all += values[i] - centre;
		squares += (values[i] - centre) * (values[i] - centre);
	}
	for (size_t k = 1; k + least <= count; k++) {
		double rest = (double)(count - k);
		double within;
		double distance;

		sum += values[k - 1] - centre;
		if (k < least)
			continue;
		within = squares - sum * sum / (double)k - (all - sum) * (all - sum) / rest;
		distance = (all - sum) / rest - sum / (double)k;
		// Rounding leaves a little within groups of equal values; it counts as nothing.
		within = sqrt(fmax(within, squares * 1e-12) / (double)(count - 2));
		if (distance > best * within) {
			best = distance / within;
			groups.below = k;
			groups.distance = distance;
		}
	}
	groups.are_there = best > critical_separation(count);
	return groups;
}

// ---- drift

// Of S, without ties n (n - 1) (2 n + 5) / 18; each run of equal values takes its own such share
// from it.
static double variance_share(double n)
{
	return n * (n - 1) * (2 * n + 5) / 18;
}

static double variance_of(const double *values, size_t count, double *room)
{
	double variance = variance_share((double)count);

	for (size_t i = 0; i < count; i++)
		room[i] = values[i];
	gsl_sort(room, 1, count);
	for (size_t first = 0, end; first < count; first = end) {
		for (end = first; end < count && room[end] == room[first]; end++)
			;
		variance -= variance_share((double)(end - first));
	}
	return variance;
}

struct doubt_drift doubt_drift_of(const double *values, size_t count, double *room)
{
	struct doubt_drift drift = {.p = 1};
	double variance;
	double s = 0;
	size_t pairs = 0;

	if (count < DOUBT_VALUES_MIN)
		return drift;
	variance = variance_of(values, count, room);
	for (size_t i = 0; i < count; i++) {
		for (size_t k = i + 1; k < count; k++) {
			s += (values[k] > values[i]) - (values[k] < values[i]);
			room[pairs++] = (values[k] - values[i]) / (double)(k - i);
		}
	}
	drift.size = gsl_stats_median(room, 1, pairs) * (double)(count - 1);
	if (variance > 0 && fabs(s) > 1)
		drift.p = 2 * gsl_cdf_ugaussian_Q((fabs(s) - 1) / sqrt(variance));
	return drift;
}
