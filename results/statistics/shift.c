// SPDX-License-Identifier: GPL-2.0-or-later
// How far one side lies above another: estimate, interval, p, superiority. Entries: shift_between()
// for sides that nothing pairs, and shift_of_pairs(). statistics.h says which test is whose.
//
// p and interval are two views of one test. Move the other side down by d, and ask the test again:
// the interval holds every d that it does not reject. Scores depend on d (scores.h), so that there is
// no closed form. The limits are searched for, outwards from the estimate. What lies between two
// shifts that are not rejected belongs to the interval, too.
#include "statistics.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "permutation.h"
#include "ranks.h"
#include "scores.h"

// Ten bisections tell a limit to about a thousandth of a standard error.
enum { STEPS_MAX = 200, REJECTIONS = 2, BISECTIONS = 10 };

static const double FIRST_STEP = 2; // steps; within a standard error nothing is rejected
static const double STEP_GROWTH = 1.3;
static const double STEP_LEAST = 1e-12; // of logs: equal times have no scatter to step by

// The values of a row, and room to score them.
struct values {
	const double *base; // of pairs unused
	const double *other; // of pairs their differences
	size_t base_count; // 0: pairs
	size_t other_count;
	double *room; // 5 values each
};

static size_t values_count(const struct values *values)
{
	return values->base_count + values->other_count;
}

// The middle between what lies so far inside either end that a few disturbed values do not move it.
// Where the sides lie apart it lies between them, however unequal they are: what is half of the
// smaller side from the end is the outer one's.
static double centre_of(const struct values *values, const double *all, double *sorted)
{
	size_t count = values_count(values);
	size_t smaller =
		values->base_count < values->other_count ? values->base_count : values->other_count;

	for (size_t i = 0; i < count; i++)
		sorted[i] = all[i];
	gsl_sort(sorted, 1, count);
	return (sorted[smaller / 2] + sorted[count - 1 - smaller / 2]) / 2;
}

// The test's p after the other side is moved down by `by`; how many values hardly count, unless NULL.
static double values_p(const struct values *values, double by, size_t *far)
{
	size_t count = values_count(values);
	double *deviations = values->room;
	double *scores = values->room + count;
	double *sorting = values->room + 2 * count;
	size_t side = values->other_count;
	size_t found;
	double centre;

	for (size_t i = 0; i < values->base_count; i++)
		deviations[i] = values->base[i];
	for (size_t i = 0; i < values->other_count; i++)
		deviations[values->base_count + i] = values->other[i] - by;
	if (values->base_count > 0) {
		centre = centre_of(values, deviations, sorting);
		for (size_t i = 0; i < count; i++)
			deviations[i] -= centre;
		side = side < values->base_count ? side : values->base_count;
	}
	found = scores_fill(deviations, count, scores_far_most(side), sorting, scores);
	if (far)
		*far = found;
	return values->base_count > 0
		       ? parting_tail(scores, values->base_count, values->other_count)
		       : sign_flip_tail(scores, values->other_count);
}

// ---- the interval

// Where shifts begin to be rejected: between two of them.
struct bracket {
	double inside;
	double outside;
	double p_outside;
};

// Walks outwards until two shifts in a row are rejected.
static void bracket_find(const struct values *values, double from, double step, double alpha,
	struct bracket *bracket)
{
	double at = from + FIRST_STEP * step;
	size_t rejected = 0;

	*bracket = (struct bracket){from, at, 0};
	for (int i = 0; i < STEPS_MAX && rejected < REJECTIONS; i++) {
		double p = values_p(values, at, NULL);

		if (p > alpha) {
			bracket->inside = at;
			rejected = 0;
		} else if (rejected++ == 0) {
			bracket->outside = at;
			bracket->p_outside = p;
		}
		at += step;
		step *= STEP_GROWTH;
	}
}

// A limit: where shifts are rejected from on, or hardly beyond. *p_beyond is p there.
static double limit_find(
	const struct values *values, double from, double step, double alpha, double *p_beyond)
{
	struct bracket bracket;

	bracket_find(values, from, step, alpha, &bracket);
	for (int i = 0; i < BISECTIONS; i++) {
		double middle = (bracket.inside + bracket.outside) / 2;
		double p = values_p(values, middle, NULL);

		if (p > alpha) {
			bracket.inside = middle;
		} else {
			bracket.outside = middle;
			bracket.p_outside = p;
		}
	}
	*p_beyond = bracket.p_outside;
	return bracket.outside;
}

// About half a standard error, by the middle half of the values: a step.
static double step_of(const struct values *values, const double *differences, size_t count)
{
	double median = gsl_stats_median_from_sorted_data(differences, 1, count);
	double half = gsl_stats_quantile_from_sorted_data(differences, 1, count, 0.75) -
		      gsl_stats_quantile_from_sorted_data(differences, 1, count, 0.25);
	double scatter = half > 0 ? half / 2 : gsl_stats_absdev_m(differences, 1, count, median);
	size_t smaller = values->base_count > 0 && values->base_count < values->other_count
				 ? values->base_count
				 : values->other_count;

	return fmax(0.75 * scatter / sqrt((double)smaller), STEP_LEAST);
}

// `differences`, sorted, are the pairs' own or all those between the sides.
static void interval_find(const struct values *values, const double *differences, size_t count,
	double p_smallest, double confidence, struct shift *shift)
{
	struct interval *interval = &shift->interval;
	double alpha = 1 - confidence + 1e-12; // 0.05 is not above 0.05 by rounding
	double p_low = 0;
	double p_high = 0;
	double step = step_of(values, differences, count);

	interval->is_reached = p_smallest <= alpha;
	if (!interval->is_reached) {
		interval->low = differences[0];
		interval->high = differences[count - 1];
		interval->confidence = 1 - p_smallest;
		return;
	}
	interval->low = limit_find(values, interval->estimate, -step, alpha, &p_low);
	interval->high = limit_find(values, interval->estimate, step, alpha, &p_high);
	interval->confidence = fmax(confidence, 1 - (p_low + p_high) / 2);
	// No difference at all is never left out by accident of the search.
	if (shift->p > alpha) {
		interval->low = fmin(interval->low, 0);
		interval->high = fmax(interval->high, 0);
	}
}

static double superiority_of(const double *differences, size_t count)
{
	double wins = 0;

	for (size_t i = 0; i < count; i++)
		wins += differences[i] > 0 ? 1 : differences[i] < 0 ? 0 : 0.5;
	return wins / (double)count;
}

// ---- sides

// Every difference between the sides, sorted; the caller frees it.
static double *pairwise_differences(const struct values *values)
{
	double *differences = calloc(values->base_count * values->other_count, sizeof(double));
	size_t filled = 0;

	for (size_t i = 0; differences && i < values->base_count; i++) {
		for (size_t j = 0; j < values->other_count; j++)
			differences[filled++] = values->other[j] - values->base[i];
	}
	if (differences)
		gsl_sort(differences, 1, filled);
	return differences;
}

static bool shift_by_parting(
	struct values *values, const double *differences, double confidence, struct shift *shift)
{
	size_t count = values->base_count * values->other_count;

	values->room = calloc(5 * values_count(values), sizeof(double));
	if (!values->room)
		return false;
	shift->p = values_p(values, 0, NULL);
	(void)values_p(values, shift->interval.estimate, &shift->far);
	interval_find(values, differences, count,
		shift_p_smallest(values->base_count, values->other_count), confidence, shift);
	free(values->room);
	return true;
}

bool shift_between(const double *base, size_t base_count, const double *other, size_t other_count,
	double confidence, struct shift *shift)
{
	struct values values = {base, other, base_count, other_count, NULL};
	size_t count = base_count * other_count;
	double *differences;
	bool is_good;

	*shift = (struct shift){{NAN, NAN, NAN, 0, false}, 1, NAN, 0};
	if (count == 0)
		return true;
	differences = pairwise_differences(&values);
	if (!differences)
		return false;
	shift->interval.estimate = gsl_stats_median_from_sorted_data(differences, 1, count);
	shift->superiority = superiority_of(differences, count);
	is_good = parting_is_countable(base_count, other_count)
			  ? shift_by_parting(&values, differences, confidence, shift)
			  : shift_by_ranks(differences, base_count, other_count, confidence, shift);
	free(differences);
	// A lone value says nothing of how its side scatters; exchangeability alone would give an
	// interval all the same.
	if (base_count == 1 || other_count == 1)
		shift->interval = (struct interval){shift->interval.estimate, NAN, NAN, 0, false};
	return is_good;
}

double shift_p_between(
	const double *base, size_t base_count, const double *other, size_t other_count)
{
	struct values values = {base, other, base_count, other_count, NULL};
	struct shift shift;
	double p;

	if (!parting_is_countable(base_count, other_count))
		return shift_between(base, base_count, other, other_count, 0.95, &shift) ? shift.p
											 : NAN;
	values.room = calloc(5 * values_count(&values), sizeof(double));
	p = values.room ? values_p(&values, 0, NULL) : NAN;
	free(values.room);
	return p;
}

double shift_p_smallest(size_t base_count, size_t other_count)
{
	if (base_count == 0 || other_count == 0)
		return 1;
	if (!parting_is_countable(base_count, other_count))
		return ranks_p_smallest(base_count, other_count);
	return fmin(1, 2 / parting_ways(base_count, other_count));
}

// ---- pairs

double sign_flip_p(const double *differences, size_t count)
{
	struct values values = {NULL, differences, 0, count, calloc(5 * count + 1, sizeof(double))};
	double p = values.room ? values_p(&values, 0, NULL) : NAN;

	free(values.room);
	return p;
}

bool shift_of_pairs(const double *differences, size_t count, double confidence, struct shift *shift)
{
	struct values values = {NULL, differences, 0, count, NULL};
	double *sorted;
	bool is_good;

	*shift = (struct shift){{NAN, NAN, NAN, 0, false}, 1, NAN, 0};
	if (count == 0)
		return true;
	values.room = calloc(6 * count, sizeof(double));
	if (!values.room)
		return false;
	sorted = values.room + 5 * count;
	for (size_t i = 0; i < count; i++)
		sorted[i] = differences[i];
	gsl_sort(sorted, 1, count);
	shift->p = values_p(&values, 0, NULL);
	shift->superiority = superiority_of(differences, count);
	is_good = hodges_lehmann(differences, count, confidence, &shift->interval);
	(void)values_p(&values, shift->interval.estimate, &shift->far);
	if (is_good)
		interval_find(
			&values, sorted, count, sign_flip_p_smallest(count), confidence, shift);
	free(values.room);
	if (count == 1)
		shift->interval = (struct interval){shift->interval.estimate, NAN, NAN, 0, false};
	return is_good;
}
