// SPDX-License-Identifier: GPL-2.0-or-later
// What a value counts in a permutation test. Entry: scores_fill().
//
// An example: differences of 0.05, give or take 0.01, one of them -0.36 because the base's process
// was disturbed. m is 0.05 and s about 0.006, so that 0.36 lies beyond m + 7 s = 0.09 and counts
// 0.0005. As it is, it would count as much as seven others, and as a rank as much as two.
#include "scores.h"

#include <math.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

enum { FAR_MOST = 4 };

static const double BEND = 1; // spreads beyond the usual distance, where a score begins to bend
static const double SPAN = 2; // spreads that it may still gain
static const double FAR = 7; // of Gaussian values one in 2000 lies beyond
static const double FAR_WORTH = 0.01; // of the usual distance; above 0, so that signs still count
static const double ROUNDING = 1e-9; // of a distance: below, it is none

size_t scores_far_most(size_t side_count)
{
	return side_count / 2 < FAR_MOST ? side_count / 2 : FAR_MOST;
}

// The usual distance, how much distances scatter around it, and from where one is far.
struct reach {
	double usual;
	double spread;
	double far;
};

static struct reach reach_of(const double *deviations, size_t count, size_t far_most, double *room)
{
	struct reach reach = {0};
	double *distances = room;
	double *scatter = room + count;
	double nothing = 0;
	size_t filled = 0;

	for (size_t i = 0; i < count; i++)
		nothing = fmax(nothing, ROUNDING * fabs(deviations[i]));
	for (size_t i = 0; i < count; i++) {
		distances[filled] = fabs(deviations[i]);
		filled += distances[filled] > nothing;
	}
	if (filled == 0)
		return reach;
	gsl_sort(distances, 1, filled);
	reach.usual = gsl_stats_median_from_sorted_data(distances, 1, filled);
	for (size_t i = 0; i < filled; i++)
		scatter[i] = fabs(distances[i] - reach.usual);
	gsl_sort(scatter, 1, filled);
	reach.spread = gsl_stats_median_from_sorted_data(scatter, 1, filled);
	// Most are equal, as times of a coarse clock are: the next tick is not far.
	if (reach.spread <= ROUNDING * reach.usual)
		reach.spread = gsl_stats_mean(scatter, 1, filled);
	reach.far = reach.usual + FAR * reach.spread;
	if (filled > far_most)
		reach.far = fmax(reach.far, distances[filled - 1 - far_most]);
	return reach;
}

static double score_of(const struct reach *reach, double distance)
{
	double bend = reach->usual + BEND * reach->spread;
	double span = SPAN * reach->spread;

	if (distance > reach->far)
		return FAR_WORTH * reach->usual;
	if (distance <= bend || span <= 0)
		return distance;
	return bend + span * (distance - bend) / (distance - bend + span);
}

size_t scores_fill(
	const double *deviations, size_t count, size_t far_most, double *room, double *scores)
{
	struct reach reach = reach_of(deviations, count, far_most, room);
	size_t far = 0;

	for (size_t i = 0; i < count; i++) {
		double distance = fabs(deviations[i]);

		far += distance > reach.far;
		scores[i] = copysign(score_of(&reach, distance), deviations[i]);
	}
	return far;
}
