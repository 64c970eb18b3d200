// SPDX-License-Identifier: GPL-2.0-or-later
// The statistics that a verdict rests on. The header names the literature; GSL gives the sorting,
// the random numbers and the normal distribution.
#include "statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

enum {
	HALF_PATTERN_MAX = SIGN_FLIP_EXACT_MAX / 2,
	SIGNED_RANK_EXACT_MAX = 200,
	RANDOM_PATTERNS = 99999, // p is then known to about 0.0007 at 0.05
	RANDOM_SEED = 20260101, // any constant: the same input must give the same p
};

double mean(const double *values, size_t count)
{
	return count ? gsl_stats_mean(values, 1, count) : NAN;
}

// ---- sign flips

// Sums that differ by rounding only must count as equal, or the observed pattern might miss itself.
static double rounding_slack(const double *differences, size_t count)
{
	double total = 0;

	for (size_t i = 0; i < count; i++)
		total += fabs(differences[i]);
	return total * 1e-12;
}

// Fills sums with what the differences add up to under each sign pattern, sorted. Returns how many
// there are. Sorted sums stay so when all have the same added or subtracted: each difference leads
// to two sorted halves, which are merged.
static size_t pattern_sums(const double *differences, size_t count, double *sums)
{
	double before[1 << HALF_PATTERN_MAX];
	size_t patterns = 1;

	sums[0] = 0;
	for (size_t i = 0; i < count; i++, patterns *= 2) {
		double difference = fabs(differences[i]);
		size_t less = 0; // sums that went in with the difference subtracted
		size_t more = 0;

		memcpy(before, sums, patterns * sizeof(*sums));
		while (less < patterns) {
			double low = before[less] - difference;
			double high = before[more] + difference;
			bool is_low = !(high < low); // also where huge differences made it NaN

			sums[less + more] = is_low ? low : high;
			less += is_low;
			more += !is_low;
		}
		for (; more < patterns; more++)
			sums[less + more] = before[more] + difference;
	}
	return patterns;
}

// All patterns are the pairs of one of the left half's and one of the right half's; walking both
// sorted lists from opposite ends counts the pairs that reach the threshold without visiting each.
static double sign_flip_p_exact(const double *differences, size_t count, double threshold)
{
	double left[1 << HALF_PATTERN_MAX];
	double right[1 << HALF_PATTERN_MAX];
	size_t left_count = pattern_sums(differences, count / 2, left);
	size_t right_count = pattern_sums(differences + count / 2, count - count / 2, right);
	size_t right_first =
		right_count; // right[right_first] and all after it reach the threshold with left[i]
	double extreme = 0;

	if (threshold <= 0)
		return 1;
	for (size_t i = 0; i < left_count; i++) {
		while (right_first > 0 && left[i] + right[right_first - 1] >= threshold)
			right_first--;
		extreme += (double)(right_count - right_first);
	}
	// The mirror image of a pattern is as extreme on the other side.
	return 2 * extreme / ((double)left_count * (double)right_count);
}

// The sums of eight differences under each of their 256 sign patterns: a byte of random bits then
// is one addition.
typedef double byte_sums[256];

static byte_sums *byte_sums_make(const double *differences, size_t count)
{
	byte_sums *sums = calloc((count + 7) / 8, sizeof(*sums));

	for (size_t i = 0; sums && i < count; i++) {
		for (size_t pattern = 0; pattern < 256; pattern++)
			sums[i / 8][pattern] +=
				pattern >> i % 8 & 1 ? differences[i] : -differences[i];
	}
	return sums;
}

static double random_sum(const byte_sums *sums, size_t bytes, gsl_rng *random)
{
	unsigned long bits = 0;
	double sum = 0;

	for (size_t i = 0; i < bytes; i++, bits >>= 8) {
		if (i % 4 == 0)
			bits = gsl_rng_get(random); // 32 bits of the Mersenne twister
		sum += sums[i][bits & 0xff];
	}
	return sum;
}

// NaN when memory runs out.
static double sign_flip_p_random(const double *differences, size_t count, double threshold)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	byte_sums *sums = byte_sums_make(differences, count);
	int extreme = 0;

	if (random && sums) {
		gsl_rng_set(random, RANDOM_SEED);
		for (int i = 0; i < RANDOM_PATTERNS; i++)
			extreme += fabs(random_sum(sums, (count + 7) / 8, random)) >= threshold;
	}
	gsl_rng_free(random);
	free(sums);
	return random && sums ? (extreme + 1.0) / (RANDOM_PATTERNS + 1.0) : NAN;
}

double sign_flip_p(const double *differences, size_t count)
{
	double sum = 0;
	double threshold;

	if (count == 0)
		return 1;
	for (size_t i = 0; i < count; i++)
		sum += differences[i];
	threshold = fabs(sum) - rounding_slack(differences, count);
	if (count > SIGN_FLIP_EXACT_MAX)
		return sign_flip_p_random(differences, count, threshold);
	return sign_flip_p_exact(differences, count, threshold);
}

double sign_flip_p_smallest(size_t count)
{
	if (count == 0)
		return 1;
	if (count > SIGN_FLIP_EXACT_MAX)
		return 1.0 / (RANDOM_PATTERNS + 1.0);
	return exp2(1 - (double)count);
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
