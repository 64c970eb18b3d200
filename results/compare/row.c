// SPDX-License-Identifier: GPL-2.0-or-later
// Measures one row: a benchmark on two sides. One figure a process (the mean of the logs of its
// samples), one difference a round where rounds pair the sides, then the tests of
// statistics/statistics.h. Entry: row_measure(). Verdicts need all rows: compare.c.
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>

#include "layouts.h"
#include "results/statistics/figures.h"
#include "results/statistics/permutation.h"
#include "results/statistics/sequential.h"
#include "results/statistics/statistics.h"
#include "results/text/figure.h"
#include "results/text/memory.h"
#include "warnings.h"

static const double TIE = 1e-9; // logs of times that differ by rounding alone

struct compare_side side_find(const struct compare_sample *samples, size_t count, const char *other)
{
	struct compare_side side = {0};
	int64_t previous = -1;

	for (size_t i = 0; i < count; i++) {
		const struct compare_sample *sample = &samples[i];

		if (strcmp(sample->side, other) != 0)
			continue;
		if (!side.samples)
			side.samples = sample;
		side.count++;
		side.failed += sample->failed;
		if (sample->failed && !side.error)
			side.error =
				sample->error_message ? sample->error_message : "no reason given";
		if (sample->aggregate)
			side.aggregate = sample->aggregate;
		side.is_timeless |= sample->is_timeless;
		side.is_timed |= !sample->is_timeless;
		side.migrated += sample->migrations > 0; // false for NaN
		side.rounds += !sample->failed && sample->block != previous;
		if (!sample->failed)
			previous = sample->block;
	}
	return side;
}

// The mean of the figures of a side's processes in one round; NaN when there are none.
static double side_round(const struct compare_side *side, int64_t block)
{
	struct figures processes = {0};

	for (size_t i = 0; i < side->count; i++) {
		const struct compare_sample *sample = &side->samples[i];

		if (sample->block == block && !sample->failed)
			figures_add(&processes, sample->process, sample->real_time_ns);
	}
	return figures_mean(&processes);
}

// What a row is computed from. The arrays hold as many values as both sides have samples.
struct sides {
	double *base; // logs; of pairs, those of the base
	double *other; // logs; of pairs, how much the other side lies above the base
	int64_t *base_blocks;
	int64_t *other_blocks; // of pairs unused
	size_t base_count;
	size_t other_count;
	size_t rounds; // that both have
};

// Both sides' log-means of every round that both have.
static void pair_by_round(
	const struct compare_side *base, const struct compare_side *other, struct sides *sides)
{
	for (size_t i = 0; i < base->count; i++) {
		int64_t block = base->samples[i].block;
		double base_log;
		double other_log;

		if (i > 0 && base->samples[i - 1].block == block)
			continue;
		base_log = side_round(base, block);
		other_log = side_round(other, block);
		if (isnan(base_log) || isnan(other_log))
			continue;
		sides->base[sides->base_count] = base_log;
		sides->base_blocks[sides->base_count++] = block;
		sides->other[sides->other_count++] = other_log - base_log;
	}
}

// The figure of each process of a side that has a good sample. Returns how many.
static size_t side_processes(const struct compare_side *side, double *logs, int64_t *blocks)
{
	struct figures processes = {.logs = logs};

	for (size_t i = 0; i < side->count; i++) {
		const struct compare_sample *sample = &side->samples[i];

		if (sample->failed)
			continue;
		if (figures_begins(&processes, sample->process))
			blocks[processes.count] = sample->block;
		figures_add(&processes, sample->process, sample->real_time_ns);
	}
	figures_end(&processes);
	return processes.count;
}

static void warn_of_pairs(struct compare_row *row, const struct compare_side *base,
	const struct compare_side *other, size_t rounds, const struct compare_options *options)
{
	size_t rounds_any = base->rounds > other->rounds ? base->rounds : other->rounds;

	if (row->confidence < COMPARE_CONFIDENCE || row->p_smallest > options->alpha)
		comparison_warn(row->warnings,
			"too few rounds for a verdict: with %zu, p cannot go below %.3g",
			row->rounds, row->p_smallest);
	if (rounds < rounds_any)
		comparison_warn(row->warnings, "only %zu of %zu rounds have both sides", rounds,
			rounds_any);
}

static void warn_of_processes(struct compare_row *row, const struct compare_options *options)
{
	if (row->is_of_aggregates)
		return; // told already
	if (row->base_count == 1 || row->other_count == 1)
		comparison_warn(row->warnings,
			"a single process of %s: no honest verdict is possible, because nothing "
			"tells how much processes differ by chance; the ratio is all there is",
			row->base_count == 1 ? row->base : row->other);
	else if (row->confidence < COMPARE_CONFIDENCE || row->p_smallest > options->alpha)
		comparison_warn(row->warnings,
			"too few processes for a verdict: with %zu and %zu, p cannot go below %.3g",
			row->base_count, row->other_count, row->p_smallest);
}

static void warn_of_side(json_t *warnings, const struct compare_side *side)
{
	const char *other = side->samples[0].side;

	if (side->failed)
		comparison_warn(warnings, "%zu of %zu %s of %s failed: %s", side->failed,
			side->count, plural(side->count, "sample", "samples"), other, side->error);
	if (side->aggregate)
		comparison_warn(warnings,
			"of %s there is the %s of repetitions alone: no verdict; measure without "
			"--benchmark_report_aggregates_only",
			other, side->aggregate);
	if (side->migrated)
		comparison_warn(warnings, "threads changed their CPU in %zu of %zu %s of %s",
			side->migrated, side->count, plural(side->count, "sample", "samples"),
			other);
}

static void row_fill(struct compare_row *row, const struct shift *shift)
{
	row->ratio = exp(shift->interval.estimate);
	row->ratio_low = exp(shift->interval.low);
	row->ratio_high = exp(shift->interval.high);
	row->confidence = shift->interval.confidence;
	row->p = shift->p;
	row->superiority = shift->superiority;
}

// The base's median, and the same times the ratio: a mean would be moved by a disturbed process, and
// two medians need not have the ratio that the interval belongs to.
static void times_set(struct compare_row *row, const double *logs, size_t count)
{
	row->base_ns = exp(median(logs, count));
	row->other_ns = row->base_ns * row->ratio;
}

static void blocks_add(struct compare_row *row, bool is_other, const int64_t *blocks,
	const double *logs, size_t count)
{
	double average = mean(logs, count);

	for (size_t i = 0; i < count; i++)
		row->blocks[row->blocks_count++] =
			(struct compare_block){blocks[i], is_other, logs[i] - average};
}

// Where the session looked at its results, p and interval are those that hold at all looks
// together.
static bool shift_of_figures(
	const struct sequential *looks, const struct sides *sides, struct shift *shift)
{
	if (!looks)
		return shift_of_pairs(sides->other, sides->other_count, COMPARE_CONFIDENCE, shift);
	return sequential_shift(looks, sides->other, sides->base_blocks, sides->other_count,
		COMPARE_CONFIDENCE, shift);
}

static bool row_measure_pairs(struct compare_row *row, const struct compare_side *base,
	const struct compare_side *other, const struct comparison *comparison, struct sides *sides)
{
	const struct sequential *looks = comparison->looks;
	struct shift shift;

	pair_by_round(base, other, sides);
	sides->rounds = sides->base_count;
	if (!layouts_condense(comparison->layouts, sides->base, sides->other, sides->base_blocks,
		    &sides->base_count))
		return false;
	sides->other_count = sides->base_count;
	row->rounds = sides->base_count;
	row->base_count = row->rounds;
	row->other_count = row->rounds;
	row->p_smallest = looks ? sequential_p_smallest(looks, sides->base_blocks, row->rounds)
				: sign_flip_p_smallest(row->rounds);
	if (row->rounds == 0)
		return true;
	if (!shift_of_figures(looks, sides, &shift))
		return false;
	row_fill(row, &shift);
	times_set(row, sides->base, row->rounds);
	blocks_add(row, false, sides->base_blocks, sides->other, row->rounds);
	return true;
}

static bool row_measure_processes(struct compare_row *row, const struct compare_side *base,
	const struct compare_side *other, struct sides *sides)
{
	struct shift shift;

	row->base_count = side_processes(base, sides->base, sides->base_blocks);
	row->other_count = side_processes(other, sides->other, sides->other_blocks);
	row->p_smallest = shift_p_smallest(row->base_count, row->other_count);
	if (!shift_between(sides->base, row->base_count, sides->other, row->other_count,
		    COMPARE_CONFIDENCE, &shift))
		return false;
	row_fill(row, &shift);
	times_set(row, sides->base, row->base_count);
	blocks_add(row, false, sides->base_blocks, sides->base, row->base_count);
	blocks_add(row, true, sides->other_blocks, sides->other, row->other_count);
	return true;
}

// A simulator's own times are no result, and nothing may be made of them.
static void times_forget(struct compare_row *row)
{
	row->ratio = row->ratio_low = row->ratio_high = NAN;
	row->base_ns = row->other_ns = row->superiority = NAN;
	row->p = row->p_smallest = row->q = NAN;
	row->confidence = 0;
	row->blocks_count = 0;
}

// Leaves the figures in disorder. A single time is no accident of rounding.
static void warn_of_ties(json_t *warnings, const char *side, double *logs, size_t count)
{
	size_t different = count > 0;

	gsl_sort(logs, 1, count);
	for (size_t i = 1; i < count; i++)
		different += logs[i] > logs[i - 1] + TIE;
	if (different > 1 && 2 * different <= count)
		comparison_warn(warnings,
			"the %zu processes of %s have only %zu different times (a coarse clock?): "
			"the test is careful then, and finds less than it could",
			count, side, different);
}

// Leaves the figures in disorder.
static void warn_of_groups(struct compare_row *row, bool is_independent, struct sides *sides)
{
	for (size_t i = 0; !is_independent && i < sides->other_count; i++)
		sides->other[i] += sides->base[i];
	row_doubt(row->warnings, row->base, sides->base, sides->base_count);
	row_doubt(row->warnings, row->other, sides->other, sides->other_count);
	warn_of_ties(row->warnings, row->base, sides->base, sides->base_count);
	warn_of_ties(row->warnings, row->other, sides->other, sides->other_count);
}

bool row_measure(struct compare_row *row, const struct compare_side *base,
	const struct compare_side *other, const struct comparison *comparison,
	const struct compare_options *options, struct problem *problem)
{
	bool is_independent = comparison->is_independent;
	size_t size = base->count + other->count;
	struct sides sides = {
		.base = calloc(size, sizeof(double)),
		.other = calloc(size, sizeof(double)),
		.base_blocks = calloc(size, sizeof(int64_t)),
		.other_blocks = calloc(size, sizeof(int64_t)),
	};
	bool is_good = sides.base && sides.other && sides.base_blocks && sides.other_blocks;

	row->blocks = calloc(size, sizeof(*row->blocks));
	row->warnings = json_array();
	row->is_of_aggregates = base->aggregate || other->aggregate;
	is_good = is_good && row->blocks &&
		  (is_independent ? row_measure_processes(row, base, other, &sides)
				  : row_measure_pairs(row, base, other, comparison, &sides));
	if (is_good && !base->is_timeless)
		warn_of_groups(row, is_independent, &sides);
	free(sides.base);
	free(sides.other);
	free(sides.base_blocks);
	free(sides.other_blocks);
	if (!is_good)
		return no_memory(problem, "the comparison");
	row->is_timeless = base->is_timeless;
	if (row->is_timeless)
		times_forget(row);
	else if (is_independent)
		warn_of_processes(row, options);
	else
		warn_of_pairs(row, base, other, sides.rounds, options);
	warn_of_side(row->warnings, base);
	warn_of_side(row->warnings, other);
	return true;
}

void row_free(struct compare_row *row)
{
	json_decref(row->warnings);
	json_decref(row->counters);
	free(row->blocks);
}
