// SPDX-License-Identifier: GPL-2.0-or-later
// Measures one row: a benchmark on two sides. One figure a process (the mean of the logs of its
// samples), one difference a round where rounds pair the sides, then the tests of
// statistics/statistics.h. Entry: row_measure(). Verdicts need all rows: compare.c.
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/statistics/sequential.h"
#include "results/statistics/statistics.h"
#include "results/text/memory.h"
#include "session.h"

struct compare_side side_find(
	const struct compare_sample *samples, size_t count, const char *config)
{
	struct compare_side side = {0};
	int64_t previous = -1;

	for (size_t i = 0; i < count; i++) {
		const struct compare_sample *sample = &samples[i];

		if (strcmp(sample->config, config) != 0)
			continue;
		if (!side.samples)
			side.samples = sample;
		side.count++;
		side.failed += sample->failed;
		if (sample->failed && !side.error)
			side.error =
				sample->error_message ? sample->error_message : "no reason given";
		side.migrated += sample->migrations > 0; // false for NaN
		side.rounds += !sample->failed && sample->block != previous;
		if (!sample->failed)
			previous = sample->block;
	}
	return side;
}

// The log-mean of a side's good samples of one round; NaN when there are none. With several
// processes in the round each counts as one figure, however many samples it has.
static double side_round(const struct compare_side *side, int64_t block)
{
	double processes = 0;
	double sum = 0;
	size_t i = 0;

	while (i < side->count) {
		int64_t process = side->samples[i].process;
		double logs = 0;
		size_t good = 0;

		for (; i < side->count && side->samples[i].process == process; i++) {
			if (side->samples[i].block != block || side->samples[i].failed)
				continue;
			logs += log_mean(&side->samples[i].real_time_ns, 1);
			good++;
		}
		if (good == 0)
			continue;
		sum += logs / (double)good;
		processes++;
	}
	return processes > 0 ? sum / processes : NAN;
}

// What a row is computed from. The arrays hold as many values as both sides have samples.
struct figures {
	double *base; // logs; of pairs, those of the base
	double *config; // logs; of pairs, how much the config lies above the base
	int64_t *base_blocks;
	int64_t *config_blocks; // of pairs unused
	size_t base_count;
	size_t config_count;
};

// Both sides' log-means of every round that both have.
static void pair_by_round(
	const struct compare_side *base, const struct compare_side *config, struct figures *figures)
{
	for (size_t i = 0; i < base->count; i++) {
		int64_t block = base->samples[i].block;
		double base_log;
		double config_log;

		if (i > 0 && base->samples[i - 1].block == block)
			continue;
		base_log = side_round(base, block);
		config_log = side_round(config, block);
		if (isnan(base_log) || isnan(config_log))
			continue;
		figures->base[figures->base_count] = base_log;
		figures->base_blocks[figures->base_count++] = block;
		figures->config[figures->config_count++] = config_log - base_log;
	}
}

// One log-mean for each process of a side that has a good sample. Returns how many.
static size_t side_processes(const struct compare_side *side, double *logs, int64_t *blocks)
{
	size_t processes = 0;
	size_t i = 0;

	while (i < side->count) {
		const struct compare_sample *first = &side->samples[i];
		double sum = 0;
		size_t good = 0;

		for (; i < side->count && side->samples[i].process == first->process; i++) {
			if (side->samples[i].failed)
				continue;
			sum += log_mean(&side->samples[i].real_time_ns, 1);
			good++;
		}
		if (good == 0)
			continue;
		blocks[processes] = first->block;
		logs[processes++] = sum / (double)good;
	}
	return processes;
}

static void warn_of_pairs(struct compare_row *row, const struct compare_side *base,
	const struct compare_side *config, const struct compare_options *options)
{
	size_t rounds_any = base->rounds > config->rounds ? base->rounds : config->rounds;

	if (row->confidence < COMPARE_CONFIDENCE || row->p_smallest > options->alpha)
		comparison_warn(row->warnings,
			"too few rounds for a verdict: with %zu, p cannot go below %.3g",
			row->rounds, row->p_smallest);
	if (row->rounds < rounds_any)
		comparison_warn(row->warnings, "only %zu of %zu rounds have both sides",
			row->rounds, rounds_any);
}

static void warn_of_processes(struct compare_row *row, const struct compare_options *options)
{
	if (row->base_count == 1 || row->config_count == 1)
		comparison_warn(row->warnings,
			"a single process of %s: no honest verdict is possible, because nothing "
			"tells how much processes differ by chance; the ratio is all there is",
			row->base_count == 1 ? row->base : row->config);
	else if (row->confidence < COMPARE_CONFIDENCE || row->p_smallest > options->alpha)
		comparison_warn(row->warnings,
			"too few processes for a verdict: with %zu and %zu, p cannot go below %.3g",
			row->base_count, row->config_count, row->p_smallest);
}

static void warn_of_side(json_t *warnings, const struct compare_side *side)
{
	const char *config = side->samples[0].config;

	if (side->failed)
		comparison_warn(warnings, "%zu of %zu samples of %s failed: %s", side->failed,
			side->count, config, side->error);
	if (side->migrated)
		comparison_warn(warnings, "threads changed their CPU in %zu of %zu samples of %s",
			side->migrated, side->count, config);
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

static void blocks_add(struct compare_row *row, bool is_config, const int64_t *blocks,
	const double *logs, size_t count)
{
	double average = mean(logs, count);

	for (size_t i = 0; i < count; i++)
		row->blocks[row->blocks_count++] =
			(struct compare_block){blocks[i], is_config, logs[i] - average};
}

// Where the session looked at its results, p and interval are those that hold at all looks
// together.
static bool shift_of_figures(
	const struct sequential *looks, const struct figures *figures, struct shift *shift)
{
	if (!looks)
		return shift_of_pairs(
			figures->config, figures->config_count, COMPARE_CONFIDENCE, shift);
	return sequential_shift(looks, figures->config, figures->base_blocks, figures->config_count,
		COMPARE_CONFIDENCE, shift);
}

static bool row_measure_pairs(struct compare_row *row, const struct compare_side *base,
	const struct compare_side *config, const struct sequential *looks, struct figures *figures)
{
	struct shift shift;

	pair_by_round(base, config, figures);
	row->rounds = figures->base_count;
	row->base_count = row->rounds;
	row->config_count = row->rounds;
	row->p_smallest = looks ? sequential_p_smallest(looks, figures->base_blocks, row->rounds)
				: sign_flip_p_smallest(row->rounds);
	if (row->rounds == 0)
		return true;
	if (!shift_of_figures(looks, figures, &shift))
		return false;
	row_fill(row, &shift);
	row->base_ns = exp(mean(figures->base, row->rounds));
	row->config_ns = row->base_ns * exp(mean(figures->config, row->rounds));
	blocks_add(row, false, figures->base_blocks, figures->config, row->rounds);
	return true;
}

static bool row_measure_processes(struct compare_row *row, const struct compare_side *base,
	const struct compare_side *config, struct figures *figures)
{
	struct shift shift;

	row->base_count = side_processes(base, figures->base, figures->base_blocks);
	row->config_count = side_processes(config, figures->config, figures->config_blocks);
	row->p_smallest = shift_p_smallest(row->base_count, row->config_count);
	if (!shift_between(figures->base, row->base_count, figures->config, row->config_count,
		    COMPARE_CONFIDENCE, &shift))
		return false;
	row_fill(row, &shift);
	row->base_ns = exp(mean(figures->base, row->base_count));
	row->config_ns = exp(mean(figures->config, row->config_count));
	blocks_add(row, false, figures->base_blocks, figures->base, row->base_count);
	blocks_add(row, true, figures->config_blocks, figures->config, row->config_count);
	return true;
}

// Leaves the figures in disorder.
static void warn_of_groups(struct compare_row *row, bool is_independent, struct figures *figures)
{
	for (size_t i = 0; !is_independent && i < figures->config_count; i++)
		figures->config[i] += figures->base[i];
	row_doubt(row->warnings, row->base, figures->base, figures->base_count);
	row_doubt(row->warnings, row->config, figures->config, figures->config_count);
}

bool row_measure(struct compare_row *row, const struct compare_side *base,
	const struct compare_side *config, const struct comparison *comparison,
	const struct compare_options *options, struct problem *problem)
{
	bool is_independent = comparison->is_independent;
	size_t size = base->count + config->count;
	struct figures figures = {
		.base = calloc(size, sizeof(double)),
		.config = calloc(size, sizeof(double)),
		.base_blocks = calloc(size, sizeof(int64_t)),
		.config_blocks = calloc(size, sizeof(int64_t)),
	};
	bool is_good =
		figures.base && figures.config && figures.base_blocks && figures.config_blocks;

	row->blocks = calloc(size, sizeof(*row->blocks));
	row->warnings = json_array();
	is_good = is_good && row->blocks &&
		  (is_independent ? row_measure_processes(row, base, config, &figures)
				  : row_measure_pairs(
					    row, base, config, comparison->looks, &figures));
	if (is_good)
		warn_of_groups(row, is_independent, &figures);
	free(figures.base);
	free(figures.config);
	free(figures.base_blocks);
	free(figures.config_blocks);
	if (!is_good)
		return no_memory(problem, "the comparison");
	if (is_independent)
		warn_of_processes(row, options);
	else
		warn_of_pairs(row, base, config, options);
	warn_of_side(row->warnings, base);
	warn_of_side(row->warnings, config);
	return true;
}

void row_free(struct compare_row *row)
{
	json_decref(row->warnings);
	json_decref(row->counters);
	free(row->blocks);
}
