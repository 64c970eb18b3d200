// SPDX-License-Identifier: GPL-2.0-or-later
// How far a counter differs between two sides: by the same tests as a time, one figure a process,
// paired by round where the sides are. Entry: counter_measure().
//
// Counts that are above 0 in all processes are compared by their ratio, on logarithms. Where a process
// counted 0 there is no logarithm, and the difference is compared. What has no noise is compared as it
// is.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "counters.h"
#include "results/compare/layouts.h"
#include "results/statistics/statistics.h"
#include "results/text/memory.h"

// A counter that was counted for less than this share of the time was scaled by more than four: a
// phase of the loop may have been missed as a whole.
static const double RUNNING_LEAST = 0.25;

struct side_figures {
	double *values;
	int64_t *blocks;
	size_t count;
};

// One figure a process: the mean over its samples.
static void figures_collect(
	struct side_figures *figures, const struct compare_side *side, const char *name)
{
	double sum = 0;
	size_t counted = 0;

	for (size_t i = 0; i < side->count; i++) {
		const struct compare_sample *sample = &side->samples[i];
		bool is_last = i + 1 == side->count || sample[1].process != sample->process;
		double number = sample->failed ? NAN : counter_number(sample, name);

		if (isfinite(number)) {
			sum += number;
			counted++;
		}
		if (is_last && counted > 0) {
			figures->values[figures->count] = sum / (double)counted;
			figures->blocks[figures->count++] = sample->block;
		}
		if (is_last)
			sum = counted = 0;
	}
}

static bool are_all_above_zero(const struct side_figures *figures)
{
	for (size_t i = 0; i < figures->count; i++)
		if (!(figures->values[i] > 0))
			return false;
	return true;
}

static void logs_take(struct side_figures *figures)
{
	for (size_t i = 0; i < figures->count; i++)
		figures->values[i] = log(figures->values[i]);
}

// One figure a round: the mean of its processes.
static void rounds_take(struct side_figures *figures)
{
	size_t rounds = 0;

	for (size_t i = 0, length; i < figures->count; i += length) {
		double sum = 0;

		for (length = 0; i + length < figures->count &&
				 figures->blocks[i + length] == figures->blocks[i];
			length++)
			sum += figures->values[i + length];
		figures->values[rounds] = sum / (double)length;
		figures->blocks[rounds++] = figures->blocks[i];
	}
	figures->count = rounds;
}

// Leaves the rounds that both have; other's values become differences.
static void pairs_take(struct side_figures *base, struct side_figures *other)
{
	size_t pairs = 0;

	rounds_take(base);
	rounds_take(other);
	for (size_t i = 0, k = 0; i < base->count && k < other->count;) {
		if (base->blocks[i] == other->blocks[k]) {
			base->values[pairs] = base->values[i];
			other->values[pairs] = other->values[k] - base->values[i];
			base->blocks[pairs++] = base->blocks[i];
			i++;
			k++;
		} else if (base->blocks[i] < other->blocks[k]) {
			i++;
		} else {
			k++;
		}
	}
	base->count = other->count = pairs;
}

static bool shift_find(struct side_figures *base, struct side_figures *other,
	const struct comparison *comparison, struct shift *shift)
{
	if (comparison->is_independent)
		return shift_between(base->values, base->count, other->values, other->count,
			COMPARE_CONFIDENCE, shift);
	pairs_take(base, other);
	if (!layouts_condense(
		    comparison->layouts, base->values, other->values, base->blocks, &base->count))
		return false;
	other->count = base->count;
	return shift_of_pairs(other->values, other->count, COMPARE_CONFIDENCE, shift);
}

static void real_set(json_t *counter, const char *member, double value)
{
	json_object_set_new(counter, member, isfinite(value) ? json_real(value) : json_null());
}

static void shift_set(json_t *counter, const struct shift *shift, bool is_ratio)
{
	const struct interval *interval = &shift->interval;

	json_object_set_new(counter, "kind", json_string(is_ratio ? "ratio" : "difference"));
	real_set(counter, "ratio", is_ratio ? exp(interval->estimate) : NAN);
	real_set(counter, "difference", is_ratio ? NAN : interval->estimate);
	real_set(counter, "low", is_ratio ? exp(interval->low) : interval->low);
	real_set(counter, "high", is_ratio ? exp(interval->high) : interval->high);
	real_set(counter, "confidence", interval->confidence);
	real_set(counter, "p", shift->p);
}

static void exact_set(json_t *counter)
{
	static const char *const NONE[] = {"low", "high", "confidence", "p"};
	double base = counter_real(counter, "base");
	double other = counter_real(counter, "config");

	json_object_set_new(counter, "kind", json_string("exact"));
	real_set(counter, "ratio", base != 0 && other / base > 0 ? other / base : NAN);
	real_set(counter, "difference", other - base);
	for (size_t i = 0; i < sizeof(NONE) / sizeof(NONE[0]); i++)
		json_object_set_new(counter, NONE[i], json_null());
}

static double running_least(const struct compare_side *side, const char *name, double least)
{
	char member[256];

	(void)snprintf(member, sizeof(member), "%s.running", name);
	for (size_t i = 0; i < side->count; i++) {
		const json_t *share = json_object_get(side->samples[i].counters, member);

		if (json_is_number(share) && !side->samples[i].failed)
			least = fmin(least, json_number_value(share));
	}
	return least;
}

static void running_set(
	json_t *counter, const struct compare_side *base, const struct compare_side *other)
{
	const char *name = counter_string(counter, "name");
	double least = running_least(other, name, running_least(base, name, NAN));

	real_set(counter, "running", least);
	if (least < RUNNING_LEAST) // false for NaN
		json_object_set_new(counter, "doubt",
			json_sprintf("counted for only %.0f %% of the time", 100 * least));
}

static bool noisy_measure(json_t *counter, const struct compare_side *base,
	const struct compare_side *other, const struct comparison *comparison)
{
	size_t room = base->count + other->count;
	double *values = calloc(2 * room, sizeof(*values));
	int64_t *blocks = calloc(2 * room, sizeof(*blocks));
	struct side_figures of_base = {values, blocks, 0};
	struct side_figures of_other = {
		values ? values + room : NULL, blocks ? blocks + room : NULL, 0};
	struct shift shift;
	bool is_good = values && blocks;

	if (is_good) {
		figures_collect(&of_base, base, counter_string(counter, "name"));
		figures_collect(&of_other, other, counter_string(counter, "name"));
		bool is_ratio = are_all_above_zero(&of_base) && are_all_above_zero(&of_other);

		if (is_ratio) {
			logs_take(&of_base);
			logs_take(&of_other);
		}
		is_good = shift_find(&of_base, &of_other, comparison, &shift);
		if (is_good)
			shift_set(counter, &shift, is_ratio);
	}
	json_object_set_new(counter, "n_a", json_integer((json_int_t)of_base.count));
	json_object_set_new(counter, "n_b", json_integer((json_int_t)of_other.count));
	free(values);
	free(blocks);
	return is_good;
}

bool counter_measure(json_t *counter, const struct compare_side *base,
	const struct compare_side *other, const struct comparison *comparison)
{
	running_set(counter, base, other);
	if (!json_is_true(json_object_get(counter, "exact")))
		return noisy_measure(counter, base, other, comparison);
	exact_set(counter);
	json_object_set_new(counter, "n_a", json_integer((json_int_t)base->rounds));
	json_object_set_new(counter, "n_b", json_integer((json_int_t)other->rounds));
	return true;
}

// ---- verdicts

static enum verdict difference_verdict(
	const json_t *counter, double q, const struct compare_options *options)
{
	double low = counter_real(counter, "low");
	double high = counter_real(counter, "high");
	double margin = options->margin * counter_real(counter, "base");

	if (!(counter_real(counter, "confidence") >= COMPARE_CONFIDENCE))
		return VERDICT_UNDECIDED;
	if (low >= -margin && high <= margin)
		return VERDICT_EQUIVALENT;
	return q <= options->alpha && (low > 0 || high < 0) ? VERDICT_CHANGED : VERDICT_UNDECIDED;
}

static enum verdict counter_verdict(
	const json_t *counter, double q, const struct compare_options *options)
{
	const char *kind = counter_string(counter, "kind");

	if (strcmp(kind, "exact") == 0)
		return counter_real(counter, "base") == counter_real(counter, "config")
			       ? VERDICT_EQUIVALENT
			       : VERDICT_CHANGED;
	if (strcmp(kind, "difference") == 0)
		return difference_verdict(counter, q, options);
	return verdict_of(counter_real(counter, "low"), counter_real(counter, "high"),
		counter_real(counter, "confidence") >= COMPARE_CONFIDENCE, q, options);
}

// Those that have a p, in the order of rows and names. Returns how many.
static size_t p_collect(const struct comparison *comparison, double *p)
{
	size_t count = 0;

	for (size_t i = 0; i < comparison->rows_count; i++) {
		size_t at;
		json_t *counter;

		json_array_foreach(comparison->rows[i].counters, at, counter)
		{
			double value = counter_real(counter, "p");

			if (!isnan(value) && p)
				p[count] = value;
			count += !isnan(value);
		}
	}
	return count;
}

static void verdicts_set(
	struct comparison *comparison, const struct compare_options *options, const double *q)
{
	struct compare_options judging = *options;

	for (size_t i = 0; i < comparison->rows_count; i++) {
		size_t at;
		json_t *counter;

		judging.margin = comparison->rows[i].margin;
		json_array_foreach(comparison->rows[i].counters, at, counter)
		{
			double own = isnan(counter_real(counter, "p")) ? NAN : *q++;

			real_set(counter, "q", own);
			json_object_set_new(counter, "verdict",
				json_string(verdict_name(counter_verdict(counter, own, &judging))));
		}
	}
}

bool counters_judge(struct comparison *comparison, const struct compare_options *options,
	struct problem *problem)
{
	size_t count = p_collect(comparison, NULL);
	double *p = calloc(count + 1, sizeof(*p));
	double *q = calloc(count + 1, sizeof(*q));
	bool is_good = p && q;

	if (is_good) {
		p_collect(comparison, p);
		is_good = benjamini_hochberg(p, count, q);
	}
	if (is_good)
		verdicts_set(comparison, options, q);
	free(p);
	free(q);
	return is_good || no_memory(problem, "the comparison's counters");
}
