// SPDX-License-Identifier: GPL-2.0-or-later
// Counts the ways in which a sum would be as extreme. Entries: sign_flip_tail(), parting_tail().
//
// Both cut the values into halves and list what each half can come to, sorted. A way of the whole is
// a pair of one of each half, and walking both lists from opposite ends counts the pairs that reach a
// threshold without visiting each: 2 * 2^12 steps in place of 2^24.
#include "permutation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

enum {
	HALF_PATTERN_MAX = SIGN_FLIP_EXACT_MAX / 2,
	GRID = 4096, // what the sizes add up to, of values that are rounded
	HALF_MAX = PARTING_MAX / 2,
	HALF_WAYS = 1 << HALF_MAX,
};

static const double WAYS_MAX = 9007199254740992; // 2^53: whole numbers are exact in a double

// Sums that differ by rounding only must count as equal, or the observed way might miss itself.
static double rounding_slack(const double *values, size_t count)
{
	double total = 0;

	for (size_t i = 0; i < count; i++)
		total += fabs(values[i]);
	return total * 1e-12;
}

static double sum_of(const double *values, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += values[i];
	return sum;
}

// How many pairs of one of each list come to at least the threshold. Both are sorted.
static double pairs_reaching(
	const double *one, size_t one_count, const double *two, size_t two_count, double threshold)
{
	size_t first = two_count; // two[first] and all after it reach it with one[i]
	double pairs = 0;

	for (size_t i = 0; i < one_count; i++) {
		while (first > 0 && one[i] + two[first - 1] >= threshold)
			first--;
		pairs += (double)(two_count - first);
	}
	return pairs;
}

// ---- signs

// Fills sums with what the values add up to under each sign pattern, sorted. Returns how many
// there are. Sorted sums stay so when all have the same added or subtracted: each value leads to two
// sorted halves, which are merged.
static size_t pattern_sums(const double *values, size_t count, double *sums)
{
	double before[1 << HALF_PATTERN_MAX];
	size_t patterns = 1;

	sums[0] = 0;
	for (size_t i = 0; i < count; i++, patterns *= 2) {
		double value = fabs(values[i]);
		size_t less = 0; // sums that went in with the value subtracted
		size_t more = 0;

		memcpy(before, sums, patterns * sizeof(*sums));
		while (less < patterns) {
			double low = before[less] - value;
			double high = before[more] + value;
			bool is_low = !(high < low); // also where huge values made it NaN

			sums[less + more] = is_low ? low : high;
			less += is_low;
			more += !is_low;
		}
		for (; more < patterns; more++)
			sums[less + more] = before[more] + value;
	}
	return patterns;
}

static double sign_flip_listed(const double *values, size_t count, double threshold)
{
	double left[1 << HALF_PATTERN_MAX];
	double right[1 << HALF_PATTERN_MAX];
	size_t left_count = pattern_sums(values, count / 2, left);
	size_t right_count = pattern_sums(values + count / 2, count - count / 2, right);

	// The mirror image of a pattern is as extreme on the other side.
	return 2 * pairs_reaching(left, left_count, right, right_count, threshold) /
	       ((double)left_count * (double)right_count);
}

// The share of ways in which the whole sizes that get a minus come to at most `most`: each size
// joins them or not, with even odds. chance[v] is that of v.
static double subset_chance(const size_t *sizes, size_t count, size_t most)
{
	double one[GRID + SIGN_FLIP_COUNTED_MAX] = {1};
	double two[GRID + SIGN_FLIP_COUNTED_MAX];
	double *chance = one;
	size_t reached = 0; // the largest sum so far

	for (size_t i = 0; i < count; i++) {
		size_t size = sizes[i];
		size_t before = reached;
		double *next = chance == one ? two : one;

		reached = reached + size < most ? reached + size : most;
		for (size_t v = before + 1; v <= reached; v++)
			chance[v] = 0;
		for (size_t v = 0; v < size && v <= reached; v++)
			next[v] = chance[v] / 2;
		for (size_t v = size; v <= reached; v++)
			next[v] = (chance[v] + chance[v - size]) / 2;
		chance = next;
	}
	return sum_of(chance, reached + 1);
}

static double sign_flip_counted(const double *values, size_t count)
{
	size_t sizes[SIGN_FLIP_COUNTED_MAX];
	double total = 0;
	size_t positive = 0;
	size_t negative = 0;

	for (size_t i = 0; i < count; i++)
		total += fabs(values[i]);
	for (size_t i = 0; i < count; i++) {
		sizes[i] = (size_t)lround(fabs(values[i]) / total * GRID);
		*(values[i] < 0 ? &negative : &positive) += sizes[i];
	}
	return fmin(1, 2 * subset_chance(sizes, count, positive < negative ? positive : negative));
}

static double sign_flip_normal(const double *values, size_t count)
{
	double squares = 0;

	for (size_t i = 0; i < count; i++)
		squares += values[i] * values[i];
	return 2 * gsl_cdf_ugaussian_Q(fabs(sum_of(values, count)) / sqrt(squares));
}

double sign_flip_tail(const double *values, size_t count)
{
	double threshold = fabs(sum_of(values, count)) - rounding_slack(values, count);

	if (count == 0 || threshold <= 0)
		return 1;
	if (count <= SIGN_FLIP_EXACT_MAX)
		return sign_flip_listed(values, count, threshold);
	return count <= SIGN_FLIP_COUNTED_MAX ? sign_flip_counted(values, count)
					      : sign_flip_normal(values, count);
}

double sign_flip_p_smallest(size_t count)
{
	if (count == 0)
		return 1;
	return count <= SIGN_FLIP_COUNTED_MAX ? exp2(1 - (double)count)
					      : 2 * gsl_cdf_ugaussian_Q(sqrt((double)count));
}

// ---- sides

double parting_ways(size_t base_count, size_t other_count)
{
	size_t smaller = base_count < other_count ? base_count : other_count;
	double ways = 1;

	for (size_t i = 1; i <= smaller && isfinite(ways); i++) {
		ways = ways * (double)(base_count + other_count - smaller + i) / (double)i;
		if (ways > WAYS_MAX)
			ways = INFINITY;
	}
	return ways;
}

bool parting_is_countable(size_t base_count, size_t other_count)
{
	return base_count > 0 && other_count > 0 && base_count + other_count <= PARTING_MAX;
}

// What the chosen ones of half of the values come to, for each number of them; sorted.
struct half {
	size_t count; // of values
	size_t first[HALF_MAX + 2]; // where the sums of so many chosen begin
	size_t filled[HALF_MAX + 1];
	double sums[HALF_WAYS];
};

// sums[chosen], of the values before, and sums[chosen - 1] with the value added, become one list.
static void half_merge(struct half *half, size_t chosen, double value, double *room)
{
	double *without = half->sums + half->first[chosen];
	const double *with = half->sums + half->first[chosen - 1];
	size_t without_count = half->filled[chosen];
	size_t with_count = half->filled[chosen - 1];
	size_t i = 0;
	size_t k = 0;

	while (i < without_count && k < with_count) {
		double added = with[k] + value;
		bool is_without = without[i] <= added;

		room[i + k] = is_without ? without[i] : added;
		i += is_without;
		k += !is_without;
	}
	for (; i < without_count; i++)
		room[i + k] = without[i];
	for (; k < with_count; k++)
		room[i + k] = with[k] + value;
	memcpy(without, room, (i + k) * sizeof(*room));
	half->filled[chosen] = i + k;
}

static void half_list(struct half *half, const double *values, size_t count)
{
	double room[HALF_WAYS];

	half->count = count;
	half->first[0] = 0;
	for (size_t chosen = 0; chosen <= count; chosen++) {
		half->first[chosen + 1] =
			half->first[chosen] + (size_t)parting_ways(chosen, count - chosen);
		half->filled[chosen] = chosen == 0;
	}
	half->sums[0] = 0;
	for (size_t i = 0; i < count; i++) {
		for (size_t chosen = i + 1; chosen > 0; chosen--)
			half_merge(half, chosen, values[i], room);
	}
}

// The ways in which `chosen` of all values come to at least the threshold.
static double ways_reaching(
	const struct half *one, const struct half *two, size_t chosen, double threshold)
{
	double ways = 0;

	for (size_t k = 0; k <= one->count && k <= chosen; k++) {
		size_t rest = chosen - k;

		if (rest <= two->count)
			ways += pairs_reaching(one->sums + one->first[k], one->filled[k],
				two->sums + two->first[rest], two->filled[rest], threshold);
	}
	return ways;
}

double parting_tail(const double *values, size_t base_count, size_t other_count)
{
	size_t count = base_count + other_count;
	double slack = rounding_slack(values, count);
	double sum = sum_of(values + base_count, other_count);
	double ways = parting_ways(base_count, other_count);
	double usual = sum_of(values, count) * (double)other_count / (double)count;
	struct half one;
	struct half two;
	double above;
	double below;

	half_list(&one, values, count / 2);
	half_list(&two, values + count / 2, count - count / 2);
	above = sum >= usual ? ways_reaching(&one, &two, other_count, sum - slack) : ways;
	if (above < ways / 4)
		return 2 * above / ways; // the other end is certainly the larger one
	// Equal values leave no slack between both thresholds.
	below = slack > 0 ? ways - ways_reaching(&one, &two, other_count, sum + slack) : ways;
	if (sum < usual && below >= ways / 4)
		above = ways_reaching(&one, &two, other_count, sum - slack);
	return fmin(1, 2 * fmin(above, below) / ways);
}
