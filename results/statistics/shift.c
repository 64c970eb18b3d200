// SPDX-License-Identifier: GPL-2.0-or-later
// How far one side lies above another: estimate, interval, p, superiority. Entries: shift_between()
// for sides that nothing pairs, which chooses the test (statistics.h says which and why), and
// shift_of_pairs().
//
// The permutation test and its interval are two views of one list. Let a way to part the values
// swap the set S of the base for the equally large set T of the other side. After the other side is
// moved down by d, this way's difference of means is at least the observed one exactly when mean(T)
// - mean(S) <= d. So the number of listed values mean(T) - mean(S) below d is the number of ways
// that are as extreme: counting those below 0 gives p, and the j-th smallest and j-th largest are
// the limits of the interval that misses in j of all ways at each end.
#include "statistics.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

enum { MASK_BITS_MAX = 62 };

static const double COUNT_EXACT_MAX =
	9007199254740992; // 2^53: whole numbers up to here are exact in a double

// Both sides, never empty.
struct sides {
	const double *base;
	const double *other;
	size_t base_count;
	size_t other_count;
};

// How many ways there are to part the values; infinite where a double cannot hold it. Whole at each
// step.
static double ways_of(size_t base_count, size_t other_count)
{
	size_t smaller = base_count < other_count ? base_count : other_count;
	size_t larger = base_count + other_count - smaller;
	double ways = 1;

	for (size_t i = 1; i <= smaller && isfinite(ways); i++)
		ways = ways * (double)(larger + i) / (double)i;
	return ways;
}

static bool is_small(size_t base_count, size_t other_count)
{
	return base_count + other_count <= MASK_BITS_MAX &&
	       ways_of(base_count, other_count) <= SHIFT_PERMUTATIONS_MAX;
}

// ---- permutations

// mean(T) - mean(S) of the way that gives the base the values in the mask: bit i is base[i], or
// past these other[i].
static double swapped_difference(const struct sides *sides, uint64_t mask)
{
	size_t swapped = 0;
	double difference = 0;

	for (size_t i = 0; i < sides->base_count; i++)
		difference -= mask >> i & 1 ? 0 : sides->base[i];
	for (size_t i = 0; i < sides->other_count; i++) {
		if (mask >> (sides->base_count + i) & 1) {
			difference += sides->other[i];
			swapped++;
		}
	}
	return difference / (double)swapped;
}

// The next larger number with as many bits set (Warren, Hacker's Delight, 2-1: Gosper).
static uint64_t next_mask(uint64_t mask)
{
	uint64_t lowest = mask & (~mask + 1);
	uint64_t ripple = mask + lowest;

	return ripple | (((mask ^ ripple) >> 2) / lowest);
}

// Every way but the observed one, which is the smallest mask, sorted.
static void list_differences(const struct sides *sides, double *differences, size_t count)
{
	uint64_t mask = ((uint64_t)1 << sides->base_count) - 1;

	for (size_t i = 0; i < count; i++) {
		mask = next_mask(mask);
		differences[i] = swapped_difference(sides, mask);
	}
	gsl_sort(differences, 1, count);
}

// Sums that differ by rounding only must count as equal.
static double rounding_slack(const struct sides *sides)
{
	double largest = 0;

	for (size_t i = 0; i < sides->base_count; i++)
		largest = fmax(largest, fabs(sides->base[i]));
	for (size_t i = 0; i < sides->other_count; i++)
		largest = fmax(largest, fabs(sides->other[i]));
	return largest * 1e-13;
}

static double permutation_p(const double *differences, size_t count, double slack)
{
	size_t below = 0;
	size_t above = 0;

	for (size_t i = 0; i < count; i++) {
		below += differences[i] <= slack;
		above += differences[i] >= -slack;
	}
	// The observed way is always one of those that are as extreme.
	return fmin(1, 2 * (fmin((double)below, (double)above) + 1) / ((double)count + 1));
}

static bool shift_by_permutation(const struct sides *sides, double confidence, struct shift *shift)
{
	double ways = ways_of(sides->base_count, sides->other_count);
	size_t count = (size_t)ways - 1;
	double *differences = calloc(count, sizeof(*differences));
	// The small addition keeps 0.025 × 40 from being 0.99999….
	size_t cut = (size_t)(ways * (1 - confidence) / 2 + 1e-9);

	if (!differences)
		return false;
	list_differences(sides, differences, count);
	shift->p = permutation_p(differences, count, rounding_slack(sides));
	shift->interval.is_reached = cut > 0;
	cut = cut ? cut : 1;
	shift->interval.low = differences[cut - 1];
	shift->interval.high = differences[count - cut];
	shift->interval.confidence = 1 - 2 * (double)cut / ways;
	free(differences);
	return true;
}

// ---- ranks

// counts[u] becomes the number of ways with U = u: the coefficients of Gauss' binomial, one factor
// (1 - q^(m + i)) / (1 - q^i) after the other. After each i they are whole numbers, so nothing is
// lost in rounding.
static void mann_whitney_counts(double *counts, size_t n, size_t m)
{
	counts[0] = 1;
	for (size_t i = 1; i <= n; i++) {
		for (size_t u = n * m; u >= m + i; u--)
			counts[u] -= counts[u - m - i];
		for (size_t u = i; u <= n * m; u++)
			counts[u] += counts[u - i];
	}
}

// P(U < limit), and the largest limit for which it is at most `tail`.
struct rank_tail {
	double below;
	size_t limit;
};

static bool rank_tail_exact(size_t n, size_t m, double tail, double limit, struct rank_tail *result)
{
	double *counts = calloc(n * m + 1, sizeof(*counts));
	double ways = ways_of(n, m);
	double reached = 0;

	*result = (struct rank_tail){0};
	if (!counts)
		return false;
	mann_whitney_counts(counts, n, m);
	while (result->limit <= n * m && (double)result->limit < limit &&
		(reached + counts[result->limit]) / ways <= tail)
		reached += counts[result->limit++];
	result->below = reached / ways;
	free(counts);
	return true;
}

static double rank_probability_normal(double u, size_t n, size_t m)
{
	double average = (double)n * (double)m / 2;
	double deviation = sqrt(average * (double)(n + m + 1) / 6);

	return gsl_cdf_ugaussian_P((u + 0.5 - average) / deviation);
}

static void rank_tail_normal(size_t n, size_t m, double tail, struct rank_tail *result)
{
	double average = (double)n * (double)m / 2;
	double deviation = sqrt(average * (double)(n + m + 1) / 6);

	result->limit =
		(size_t)fmax(0, floor(average + 0.5 + gsl_cdf_ugaussian_Pinv(tail) * deviation));
	result->below = rank_probability_normal((double)result->limit - 1, n, m);
}

static bool is_countable(size_t n, size_t m)
{
	return ways_of(n, m) <= COUNT_EXACT_MAX;
}

double mann_whitney_probability(double u, size_t base_count, size_t other_count)
{
	struct rank_tail tail;

	if (!is_countable(base_count, other_count))
		return rank_probability_normal(u, base_count, other_count);
	if (!rank_tail_exact(base_count, other_count, 1, floor(u) + 1, &tail))
		return NAN;
	return tail.below;
}

// The limits are the cut-th smallest and largest differences between the sides, which are sorted.
static bool shift_by_ranks(const struct sides *sides, double confidence, const double *differences,
	struct shift *shift)
{
	size_t n = sides->base_count;
	size_t m = sides->other_count;
	double u = round(2 * shift->superiority * (double)n * (double)m) / 2;
	double tail = (1 - confidence) / 2;
	struct rank_tail cut;

	// With ties U may be half a whole number; rounding it towards the middle errs on the
	// careful side.
	shift->p = fmin(1, 2 * mann_whitney_probability(ceil(fmin(u, (double)(n * m) - u)), n, m));
	if (!is_countable(n, m))
		rank_tail_normal(n, m, tail, &cut);
	else if (!rank_tail_exact(n, m, tail, INFINITY, &cut))
		return false;
	shift->interval.is_reached = cut.limit > 0;
	shift->interval.low = differences[cut.limit ? cut.limit - 1 : 0];
	shift->interval.high = differences[n * m - (cut.limit ? cut.limit : 1)];
	shift->interval.confidence =
		1 - 2 * (cut.limit ? cut.below : mann_whitney_probability(0, n, m));
	return !isnan(shift->p);
}

// ---- both

// Every difference between the sides, sorted; the caller frees it.
static double *pairwise_differences(const struct sides *sides)
{
	double *differences = calloc(sides->base_count * sides->other_count, sizeof(*differences));
	size_t filled = 0;

	for (size_t i = 0; differences && i < sides->base_count; i++) {
		for (size_t j = 0; j < sides->other_count; j++)
			differences[filled++] = sides->other[j] - sides->base[i];
	}
	if (differences)
		gsl_sort(differences, 1, filled);
	return differences;
}

static double superiority_of(const double *differences, size_t count)
{
	double wins = 0;

	for (size_t i = 0; i < count; i++)
		wins += differences[i] > 0 ? 1 : differences[i] < 0 ? 0 : 0.5;
	return wins / (double)count;
}

bool shift_between(const double *base, size_t base_count, const double *other, size_t other_count,
	double confidence, struct shift *shift)
{
	const struct sides sides = {base, other, base_count, other_count};
	size_t count = base_count * other_count;
	double *differences;
	bool is_good;

	*shift = (struct shift){{NAN, NAN, NAN, 0, false}, 1, NAN};
	if (count == 0)
		return true;
	differences = pairwise_differences(&sides);
	if (!differences)
		return false;
	shift->interval.estimate = gsl_stats_median_from_sorted_data(differences, 1, count);
	shift->superiority = superiority_of(differences, count);
	is_good = is_small(base_count, other_count)
			  ? shift_by_permutation(&sides, confidence, shift)
			  : shift_by_ranks(&sides, confidence, differences, shift);
	free(differences);
	// A lone value says nothing of how its side scatters; exchangeability alone would give an
	// interval all the same.
	if (base_count == 1 || other_count == 1)
		shift->interval = (struct interval){shift->interval.estimate, NAN, NAN, 0, false};
	return is_good;
}

double shift_p_smallest(size_t base_count, size_t other_count)
{
	if (base_count == 0 || other_count == 0)
		return 1;
	if (!is_countable(base_count, other_count))
		return fmin(1, 2 * rank_probability_normal(0, base_count, other_count));
	return fmin(1, 2 / ways_of(base_count, other_count));
}

bool shift_of_pairs(const double *differences, size_t count, double confidence, struct shift *shift)
{
	*shift = (struct shift){{NAN, NAN, NAN, 0, false}, 1, NAN};
	if (count == 0)
		return true;
	shift->p = sign_flip_p(differences, count);
	shift->superiority = superiority_of(differences, count);
	if (!hodges_lehmann(differences, count, confidence, &shift->interval))
		return false;
	if (count == 1)
		shift->interval = (struct interval){shift->interval.estimate, NAN, NAN, 0, false};
	return true;
}
