// SPDX-License-Identifier: GPL-2.0-or-later
// The middle of values with its interval, and the correction for many rows. The header names the
// literature; GSL gives the sorting and the normal distribution.
#include "statistics.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

enum { SIGNED_RANK_EXACT_MAX = 200 };

double mean(const double *values, size_t count)
{
	return count ? gsl_stats_mean(values, 1, count) : NAN;
}

double median(const double *values, size_t count)
{
	double *sorted = calloc(count + 1, sizeof(*sorted));
	double middle = NAN;

	if (sorted && count > 0) {
		for (size_t i = 0; i < count; i++)
			sorted[i] = values[i];
		gsl_sort(sorted, 1, count);
		middle = gsl_stats_median_from_sorted_data(sorted, 1, count);
	}
	free(sorted);
	return middle;
}

// ---- the signed-rank interval

// probability[v] becomes P(V = v): each rank joins the sum or not, with even odds.
static void signed_rank_distribution(double *probability, size_t count)
{
	size_t reached = 0; // the largest sum so far

	probability[0] = 1;
	for (size_t rank = 1; rank <= count; rank++) {
		reached += rank;
		for (size_t v = reached; v >= rank; v--)
			probability[v] = (probability[v] + probability[v - rank]) / 2;
		for (size_t v = 0; v < rank; v++)
			probability[v] /= 2;
	}
}

double signed_rank_probability(double v, size_t count)
{
	size_t sums = count * (count + 1) / 2 + 1;
	double *probability = calloc(sums, sizeof(*probability));
	double below = 0;

	if (!probability)
		return NAN;
	signed_rank_distribution(probability, count);
	for (size_t i = 0; i < sums && (double)i <= v; i++)
		below += probability[i];
	free(probability);
	return below;
}

// How many Walsh averages may be cut off at each end; 0: not even one. *confidence is what remains
// between.
static size_t walsh_cut_exact(size_t count, double tail, double *confidence)
{
	size_t sums = count * (count + 1) / 2 + 1;
	double *probability = calloc(sums, sizeof(*probability));
	double below = 0;
	size_t cut = 0;

	*confidence = NAN;
	if (!probability)
		return 0;
	signed_rank_distribution(probability, count);
	while (cut < sums && below + probability[cut] <= tail)
		below += probability[cut++];
	// With nothing cut off the interval spans all averages: it misses by the chance of V = 0 at
	// each end.
	*confidence = 1 - 2 * (cut ? below : probability[0]);
	free(probability);
	return cut;
}

static size_t walsh_cut_normal(size_t count, double tail, double *confidence)
{
	double n = (double)count;
	double average = n * (n + 1) / 4;
	double deviation = sqrt(n * (n + 1) * (2 * n + 1) / 24);
	double cut = floor(average + gsl_cdf_ugaussian_Pinv(tail) * deviation);

	*confidence = 1 - 2 * gsl_cdf_ugaussian_P((cut - 0.5 - average) / deviation);
	return (size_t)cut;
}

static double *walsh_averages(const double *differences, size_t count)
{
	double *averages = calloc(count * (count + 1) / 2, sizeof(*averages));
	size_t filled = 0;

	for (size_t i = 0; averages && i < count; i++) {
		for (size_t j = i; j < count; j++)
			averages[filled++] = (differences[i] + differences[j]) / 2;
	}
	if (averages)
		gsl_sort(averages, 1, filled);
	return averages;
}

bool hodges_lehmann(
	const double *differences, size_t count, double confidence, struct interval *interval)
{
	size_t averages_count = count * (count + 1) / 2;
	double tail = (1 - confidence) / 2;
	double *averages;
	size_t cut;

	*interval = (struct interval){NAN, NAN, NAN, 0, false};
	if (count == 0)
		return true;
	averages = walsh_averages(differences, count);
	if (!averages)
		return false;
	cut = count > SIGNED_RANK_EXACT_MAX ? walsh_cut_normal(count, tail, &interval->confidence)
					    : walsh_cut_exact(count, tail, &interval->confidence);
	interval->is_reached = cut > 0;
	interval->estimate = gsl_stats_median_from_sorted_data(averages, 1, averages_count);
	interval->low = averages[cut ? cut - 1 : 0];
	interval->high = averages[averages_count - (cut ? cut : 1)];
	free(averages);
	return !isnan(interval->confidence);
}

// ---- many rows

bool benjamini_hochberg(const double *p, size_t count, double *q)
{
	size_t *order = calloc(count ? count : 1, sizeof(*order));
	double smallest = 1;

	if (!order)
		return false;
	gsl_sort_index(order, p, 1, count);
	for (size_t rank = count; rank > 0; rank--) {
		smallest = fmin(smallest, p[order[rank - 1]] * (double)count / (double)rank);
		q[order[rank - 1]] = smallest;
	}
	free(order);
	return true;
}
