// SPDX-License-Identifier: GPL-2.0-or-later
// Mann and Whitney's test. Entries: shift_by_ranks(), mann_whitney_probability(). Exact while a
// double holds the number of ways, then normal. Its steps are fine where it is used, and a disturbed
// process counts as one rank. Ties make it slightly conservative.
#include "ranks.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "permutation.h"

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
	double ways = parting_ways(n, m);
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
	return isfinite(parting_ways(n, m));
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
bool shift_by_ranks(const double *differences, size_t base_count, size_t other_count,
	double confidence, struct shift *shift)
{
	size_t n = base_count;
	size_t m = other_count;
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

double ranks_p_smallest(size_t base_count, size_t other_count)
{
	if (!is_countable(base_count, other_count))
		return fmin(1, 2 * rank_probability_normal(0, base_count, other_count));
	return fmin(1, 2 / parting_ways(base_count, other_count));
}
