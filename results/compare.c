// SPDX-License-Identifier: GPL-2.0-or-later
// Judges each benchmark of two configs. Entries: compare_make() for a session of the store, comparison_judge() for
// samples from anywhere. One figure a process (the mean of the logs of its samples), one difference a round where rounds
// pair the sides, then the tests of statistics.h.
#include "compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare_internal.h"
#include "compare_session.h"
#include "compare_sides.h"
#include "sequential.h"
#include "statistics.h"

const char *verdict_name(enum verdict verdict)
{
	static const char *const NAMES[] = {"changed", "equivalent", "undecided"};

	return NAMES[verdict];
}

enum verdict verdict_of(double ratio_low, double ratio_high, bool is_reached, double q,
	const struct compare_options *options)
{
	if (!is_reached)
		return VERDICT_UNDECIDED;
	// The margin comes first: a difference may be certain and still too small to care about. In logs the margin is
	// symmetric, so that the verdict does not depend on which side is the base.
	if (ratio_low >= 1 / (1 + options->margin) && ratio_high <= 1 + options->margin)
		return VERDICT_EQUIVALENT;
	if (q <= options->alpha && (ratio_low > 1 || ratio_high < 1))
		return VERDICT_CHANGED;
	return VERDICT_UNDECIDED;
}

const char *compare_direction(const struct compare_row *row)
{
	if (row->ratio == 1)
		return "same";
	return row->ratio > 1 ? "slower" : "faster";
}

static bool out_of_memory(struct problem *problem)
{
	return problem_set(problem, EXIT_NOT_MEASURED, "no memory left for the comparison");
}

// ---- one row -------------------------------------------------------------------------------------------------------

// The samples of one benchmark and one config: a run within the sorted array, ordered by round, then by process.
struct side {
	const struct compare_sample *samples;
	size_t count;
	size_t failed; // samples that failed
	size_t migrated; // samples during which a thread changed its CPU
	size_t rounds; // different rounds with a good sample
	const char *error; // of the first sample that failed
};

static struct side side_find(const struct compare_sample *samples, size_t count, const char *config)
{
	struct side side = {0};
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

// The log-mean of a side's good samples of one round; NaN when there are none. With several processes in the round
// each counts as one figure, however many samples it has.
static double side_round(const struct side *side, int64_t block)
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
	const struct side *base, const struct side *config, struct figures *figures)
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
static size_t side_processes(const struct side *side, double *logs, int64_t *blocks)
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

static void warn_of_pairs(struct compare_row *row, const struct side *base,
	const struct side *config, const struct compare_options *options)
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

static void warn_of_side(json_t *warnings, const struct side *side)
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

// Where the session looked at its results, p and interval are those that hold at all looks together.
static bool shift_of_figures(
	const struct sequential *looks, const struct figures *figures, struct shift *shift)
{
	if (!looks)
		return shift_of_pairs(
			figures->config, figures->config_count, COMPARE_CONFIDENCE, shift);
	return sequential_shift(looks, figures->config, figures->base_blocks, figures->config_count,
		COMPARE_CONFIDENCE, shift);
}

static bool row_measure_pairs(struct compare_row *row, const struct side *base,
	const struct side *config, const struct sequential *looks, struct figures *figures)
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

static bool row_measure_processes(struct compare_row *row, const struct side *base,
	const struct side *config, struct figures *figures)
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

static bool row_measure(struct compare_row *row, const struct side *base, const struct side *config,
	const struct comparison *comparison, const struct compare_options *options,
	struct problem *problem)
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
		return out_of_memory(problem);
	if (is_independent)
		warn_of_processes(row, options);
	else
		warn_of_pairs(row, base, config, options);
	warn_of_side(row->warnings, base);
	warn_of_side(row->warnings, config);
	return true;
}

static void row_free(struct compare_row *row)
{
	json_decref(row->warnings);
	json_decref(row->counters);
	free(row->blocks);
}

// ---- all rows ------------------------------------------------------------------------------------------------------

static void note_missing(struct comparison *comparison, const char *name, const struct side *base,
	const struct side *config, const char *config_name)
{
	const char *has = base->rounds ? comparison->configs[0] : config_name;
	const struct side *other = base->rounds ? config : base;

	if (base->rounds && config->rounds)
		comparison_warn(comparison->warnings, "%s: %s and %s share no round", name,
			comparison->configs[0], config_name);
	else if (other->failed)
		comparison_warn(comparison->warnings, "%s: every sample of %s failed: %s", name,
			other->samples[0].config, other->error);
	else
		comparison_warn(comparison->warnings, "%s: measured for %s only", name, has);
}

// Judges the benchmark that samples[0] to samples[count - 1] are of.
static bool add_row(struct comparison *comparison, const struct compare_sample *samples,
	size_t count, const char *config_name, const struct compare_options *options,
	struct problem *problem)
{
	struct side base = side_find(samples, count, comparison->configs[0]);
	struct side config = side_find(samples, count, config_name);
	struct compare_row *row = &comparison->rows[comparison->rows_count];

	if (base.count == 0 && config.count == 0)
		return true;
	*row = (struct compare_row){.name = samples[0].name,
		.workload = samples[0].workload,
		.base = comparison->configs[0],
		.config = config_name};
	if (base.rounds && config.rounds &&
		!row_measure(row, &base, &config, comparison, options, problem)) {
		row_free(row);
		return false;
	}
	if (row->base_count == 0) {
		note_missing(comparison, row->name, &base, &config, config_name);
		row_free(row);
		return true;
	}
	if (options->counters) {
		row->counters = counters_compare(
			base.samples, base.count, config.samples, config.count, options);
		if (!row->counters) {
			row_free(row);
			return out_of_memory(problem);
		}
	}
	comparison->rows_count++;
	if (row->rounds > comparison->rounds_most)
		comparison->rounds_most = row->rounds;
	return true;
}

// The samples of the benchmark that items[first] begins: how many there are.
static size_t benchmark_length(const struct compare_samples *samples, size_t first)
{
	size_t end = first + 1;

	while (end < samples->count &&
		strcmp(samples->items[end].name, samples->items[first].name) == 0)
		end++;
	return end - first;
}

static bool add_rows(struct comparison *comparison, const struct compare_options *options,
	struct problem *problem)
{
	const struct compare_samples *samples = &comparison->samples;
	size_t names = 0;

	for (size_t i = 0; i < samples->count; i += benchmark_length(samples, i))
		names++;
	comparison->rows = calloc(names * comparison->configs_count + 1, sizeof(*comparison->rows));
	if (!comparison->rows)
		return out_of_memory(problem);
	for (size_t k = 1; k < comparison->configs_count; k++) {
		size_t length;

		for (size_t i = 0; i < samples->count; i += length) {
			length = benchmark_length(samples, i);
			if (!add_row(comparison, &samples->items[i], length, comparison->configs[k],
				    options, problem))
				return false;
		}
	}
	return true;
}

// The machine's own margin of the row's benchmark, which stands before the first blank of the row's name.
static double margin_of(const struct comparison *comparison, const struct compare_row *row)
{
	const struct calibrations *calibrations = &comparison->calibrations;

	for (size_t i = 0; row->name && i < calibrations->count; i++) {
		const struct calibration *calibration = &calibrations->items[i];
		size_t length = strlen(calibration->series);

		if (strncmp(row->name, calibration->series, length) == 0 &&
			(row->name[length] == '\0' || row->name[length] == ' ') &&
			calibration->margin > 0)
			return calibration->margin;
	}
	return comparison->margin;
}

const char *margins_text(const struct comparison *comparison, char *text, size_t size)
{
	const char *whose = comparison->calibrations.count > 0 ? " (this machine's own)" : "";
	double least = INFINITY;
	double most = 0;

	for (size_t i = 0; i < comparison->rows_count; i++) {
		least = fmin(least, comparison->rows[i].margin * 100);
		most = fmax(most, comparison->rows[i].margin * 100);
	}
	if (least == most)
		(void)snprintf(text, size, "%.3g %%%s", least, whose);
	else
		(void)snprintf(text, size, "%.3g to %.3g %%%s", least, most, whose);
	return text;
}

static bool judge_rows(struct comparison *comparison, const struct compare_options *options,
	struct problem *problem)
{
	size_t count = comparison->rows_count;
	double *p = calloc(count, sizeof(*p));
	double *q = calloc(count, sizeof(*q));
	struct compare_options judging = *options;
	bool is_good = p && q;

	for (size_t i = 0; is_good && i < count; i++)
		p[i] = comparison->rows[i].p;
	is_good = is_good && benjamini_hochberg(p, count, q);
	for (size_t i = 0; is_good && i < count; i++) {
		struct compare_row *row = &comparison->rows[i];

		row->q = q[i];
		row->margin = judging.margin = margin_of(comparison, row);
		row->verdict = verdict_of(row->ratio_low, row->ratio_high,
			row->confidence >= COMPARE_CONFIDENCE, row->q, &judging);
	}
	free(p);
	free(q);
	return is_good || out_of_memory(problem);
}

// A single row that differs must pass the correction for all rows; with few rounds it cannot, however clear it is.
static void warn_of_correction(struct comparison *comparison)
{
	const struct compare_row *best = &comparison->rows[0];
	char have[64];

	for (size_t i = 1; i < comparison->rows_count; i++) {
		if (comparison->rows[i].p_smallest < best->p_smallest)
			best = &comparison->rows[i];
	}
	if (best->p_smallest > comparison->alpha ||
		best->p_smallest * (double)comparison->rows_count <= comparison->alpha)
		return;
	if (comparison->is_independent)
		(void)snprintf(have, sizeof(have), "%zu against %zu processes", best->base_count,
			best->config_count);
	else
		(void)snprintf(have, sizeof(have), "%zu rounds", best->rounds);
	comparison_warn(comparison->warnings,
		"%s are few for %zu rows: a lone change cannot pass the correction for so many "
		"(its q is"
		" %.3g at best)",
		have, comparison->rows_count,
		fmin(1, best->p_smallest * (double)comparison->rows_count));
}

static void warn_of_absent_counters(
	struct comparison *comparison, const struct compare_options *options)
{
	for (size_t i = 0; i < options->counters_count; i++) {
		const char *name = options->counters[i];

		if (strcmp(name, "all") != 0 && !counters_have(comparison, name))
			comparison_warn(comparison->warnings,
				"no benchmark has the counter '%s' on both sides", name);
	}
}

bool comparison_judge(struct comparison *comparison, const struct compare_options *options,
	struct problem *problem)
{
	size_t warnings;

	if (!add_rows(comparison, options, problem))
		return false;
	warnings = json_array_size(comparison->warnings);
	if (comparison->rows_count == 0)
		return problem_set(problem, EXIT_NOT_MEASURED, "there is nothing to compare: %s",
			warnings ? json_string_value(
					   json_array_get(comparison->warnings, warnings - 1))
				 : "no sample of these configs");
	warn_of_correction(comparison);
	warn_of_absent_counters(comparison, options);
	return judge_rows(comparison, options, problem) && comparison_doubt(comparison, problem) &&
	       comparison_add_means(comparison, problem);
}

struct comparison *comparison_new(const struct compare_options *options, struct problem *problem)
{
	struct comparison *made = calloc(1, sizeof(*made));

	if (!made) {
		out_of_memory(problem);
		return NULL;
	}
	made->margin = options->margin > 0 ? options->margin : COMPARE_MARGIN_DEFAULT;
	made->alpha = options->alpha;
	made->warnings = json_array();
	return made;
}

// Across machines no machine's margin is the right one.
static bool margins_load(struct store *store, const struct compare_options *options,
	struct comparison *comparison, struct problem *problem)
{
	const char *machine = comparison->builds.items[0].machine;

	if (options->margin > 0 || options->is_across || !machine)
		return true;
	return calibrations_read(store, machine, &comparison->calibrations, problem);
}

bool compare_make(struct store *store, const struct compare_options *options,
	struct comparison **comparison, struct problem *problem)
{
	struct comparison *made = comparison_new(options, problem);
	bool is_projection = options->filter || options->rows || options->columns ||
			     options->is_across || options->configs_count == 0;

	*comparison = NULL;
	if (!made)
		return false;
	if (!(is_projection ? sides_load : session_load)(store, options, made, problem) ||
		!margins_load(store, options, made, problem) ||
		!comparison_judge(made, options, problem)) {
		comparison_free(made);
		return false;
	}
	*comparison = made;
	return true;
}

void comparison_free(struct comparison *comparison)
{
	if (!comparison)
		return;
	for (size_t i = 0; i < comparison->rows_count; i++)
		row_free(&comparison->rows[i]);
	for (size_t i = 0; i < comparison->configs_count; i++)
		free(comparison->configs[i]);
	store_session_facts_free(&comparison->session_facts);
	store_builds_free(&comparison->builds);
	compare_samples_free(&comparison->samples);
	json_decref(comparison->warnings);
	json_decref(comparison->files);
	json_decref(comparison->sides);
	calibrations_free(&comparison->calibrations);
	free(comparison->looks);
	free(comparison->configs);
	free(comparison->rows);
	free(comparison->means);
	free(comparison);
}
