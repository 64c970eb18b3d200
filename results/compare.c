// SPDX-License-Identifier: GPL-2.0-or-later
// Pairs the processes of two configs by round and judges each benchmark. Entry: compare_make(). One figure a process
// (the mean of the logs of its samples), one difference a round, then the tests of statistics.h over the differences.
#include "compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare_session.h"
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

// The samples of one benchmark and one config: a run within the sorted array, ordered by round.
struct side {
	const struct store_sample *samples;
	size_t count;
	size_t failed; // samples that failed
	size_t migrated; // samples during which a thread changed its CPU
	size_t rounds; // different rounds with a good sample
	const char *error; // of the first sample that failed
};

static struct side side_find(
	const struct store_samples *samples, const char *name, const char *config)
{
	struct side side = {0};
	int previous = -1;

	for (size_t i = 0; i < samples->count; i++) {
		const struct store_sample *sample = &samples->items[i];

		if (strcmp(sample->name, name) != 0 || strcmp(sample->config, config) != 0)
			continue;
		if (!side.samples)
			side.samples = sample;
		side.count++;
		side.failed += sample->failed;
		if (sample->failed && !side.error)
			side.error =
				sample->error_message ? sample->error_message : "no reason given";
		side.migrated += sample->migrations > 0; // false for NaN
		side.rounds += !sample->failed && sample->round != previous;
		if (!sample->failed)
			previous = sample->round;
	}
	return side;
}

// The log-mean of a side's good samples of one round; NaN when there are none. With several processes in the round
// each counts as one figure, however many samples it has.
static double side_round(const struct side *side, int round)
{
	double processes = 0;
	double sum = 0;
	size_t i = 0;

	while (i < side->count) {
		int64_t process = side->samples[i].process;
		double logs = 0;
		size_t good = 0;

		for (; i < side->count && side->samples[i].process == process; i++) {
			if (side->samples[i].round != round || side->samples[i].failed)
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

// Both sides' log-means of every round that both have. Returns how many there are; the arrays hold base->count.
static size_t pair_by_round(
	const struct side *base, const struct side *config, double *base_logs, double *differences)
{
	size_t pairs = 0;

	for (size_t i = 0; i < base->count; i++) {
		int round = base->samples[i].round;
		double base_log;
		double config_log;

		if (i > 0 && base->samples[i - 1].round == round)
			continue;
		base_log = side_round(base, round);
		config_log = side_round(config, round);
		if (isnan(base_log) || isnan(config_log))
			continue;
		base_logs[pairs] = base_log;
		differences[pairs++] = config_log - base_log;
	}
	return pairs;
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

static void row_warn(struct compare_row *row, const struct side *base, const struct side *config,
	const struct compare_options *options)
{
	size_t rounds_any = base->rounds > config->rounds ? base->rounds : config->rounds;

	if (row->confidence < COMPARE_CONFIDENCE ||
		sign_flip_p_smallest(row->rounds) > options->alpha)
		comparison_warn(row->warnings,
			"too few rounds for a verdict: with %zu, p cannot go below %.3g",
			row->rounds, sign_flip_p_smallest(row->rounds));
	if (row->rounds < rounds_any)
		comparison_warn(row->warnings, "only %zu of %zu rounds have both sides",
			row->rounds, rounds_any);
	warn_of_side(row->warnings, base);
	warn_of_side(row->warnings, config);
}

static bool row_measure(struct compare_row *row, const struct side *base, const struct side *config,
	const struct compare_options *options, struct problem *problem)
{
	double *base_logs = calloc(base->count + 1, sizeof(*base_logs));
	double *differences = calloc(base->count + 1, sizeof(*differences));
	struct interval interval;
	bool is_good = false;

	if (!base_logs || !differences)
		goto clean_up;
	row->rounds = pair_by_round(base, config, base_logs, differences);
	if (!hodges_lehmann(differences, row->rounds, COMPARE_CONFIDENCE, &interval))
		goto clean_up;
	row->ratio = exp(interval.estimate);
	row->ratio_low = row->rounds > 1 ? exp(interval.low) : NAN;
	row->ratio_high = row->rounds > 1 ? exp(interval.high) : NAN;
	row->confidence = interval.confidence;
	row->p = sign_flip_p(differences, row->rounds);
	row->base_ns = exp(mean(base_logs, row->rounds));
	row->config_ns = row->base_ns * exp(mean(differences, row->rounds));
	row->warnings = json_array();
	row_warn(row, base, config, options);
	is_good = true;
clean_up:
	free(base_logs);
	free(differences);
	return is_good || out_of_memory(problem);
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

static bool add_row(struct comparison *comparison, const char *name, const char *config_name,
	const struct compare_options *options, struct problem *problem)
{
	struct side base = side_find(&comparison->samples, name, comparison->configs[0]);
	struct side config = side_find(&comparison->samples, name, config_name);
	struct compare_row *row = &comparison->rows[comparison->rows_count];

	if (base.count == 0 && config.count == 0)
		return true;
	*row = (struct compare_row){
		.name = name, .base = comparison->configs[0], .config = config_name};
	if (base.rounds && config.rounds) {
		row->workload = base.samples[0].workload;
		if (!row_measure(row, &base, &config, options, problem))
			return false;
	}
	if (row->rounds == 0) {
		note_missing(comparison, name, &base, &config, config_name);
		json_decref(row->warnings);
		return true;
	}
	comparison->rows_count++;
	if (row->rounds > comparison->rounds_most)
		comparison->rounds_most = row->rounds;
	return true;
}

static bool add_rows(struct comparison *comparison, const struct compare_options *options,
	struct problem *problem)
{
	const struct store_samples *samples = &comparison->samples;
	size_t names = 0;

	for (size_t i = 0; i < samples->count; i++)
		names += i == 0 || strcmp(samples->items[i].name, samples->items[i - 1].name) != 0;
	comparison->rows = calloc(names * comparison->configs_count + 1, sizeof(*comparison->rows));
	if (!comparison->rows)
		return out_of_memory(problem);
	for (size_t k = 1; k < comparison->configs_count; k++) {
		for (size_t i = 0; i < samples->count; i++) {
			const char *name = samples->items[i].name;

			if (i > 0 && strcmp(name, samples->items[i - 1].name) == 0)
				continue;
			if (!add_row(comparison, name, comparison->configs[k], options, problem))
				return false;
		}
	}
	return true;
}

static bool judge_rows(struct comparison *comparison, const struct compare_options *options,
	struct problem *problem)
{
	size_t count = comparison->rows_count;
	double *p = calloc(count, sizeof(*p));
	double *q = calloc(count, sizeof(*q));
	bool is_good = p && q;

	for (size_t i = 0; is_good && i < count; i++)
		p[i] = comparison->rows[i].p;
	is_good = is_good && benjamini_hochberg(p, count, q);
	for (size_t i = 0; is_good && i < count; i++) {
		struct compare_row *row = &comparison->rows[i];

		row->q = q[i];
		row->verdict = verdict_of(row->ratio_low, row->ratio_high,
			row->confidence >= COMPARE_CONFIDENCE, row->q, options);
	}
	free(p);
	free(q);
	return is_good || out_of_memory(problem);
}

// A single row that differs must pass the correction for all rows; with few rounds it cannot, however clear it is.
static void warn_of_correction(struct comparison *comparison)
{
	double smallest = sign_flip_p_smallest(comparison->rounds_most);

	if (comparison->rounds_most && smallest <= comparison->alpha &&
		smallest * (double)comparison->rows_count > comparison->alpha)
		comparison_warn(comparison->warnings,
			"%zu rounds are few for %zu rows: a lone change cannot pass the correction "
			"for so many (its q is"
			" %.3g at best)",
			comparison->rounds_most, comparison->rows_count,
			fmin(1, smallest * (double)comparison->rows_count));
}

static bool add_means(struct comparison *comparison, struct problem *problem)
{
	comparison->means = calloc(comparison->configs_count, sizeof(*comparison->means));
	if (!comparison->means)
		return out_of_memory(problem);
	for (size_t k = 1; k < comparison->configs_count; k++) {
		struct compare_mean *average = &comparison->means[comparison->means_count++];
		double sum = 0;

		average->config = comparison->configs[k];
		for (size_t i = 0; i < comparison->rows_count; i++) {
			if (comparison->rows[i].config != comparison->configs[k])
				continue;
			sum += log(comparison->rows[i].ratio);
			average->rows++;
		}
		average->ratio = average->rows ? exp(sum / (double)average->rows) : NAN;
	}
	return true;
}

static bool make(struct store *store, const struct compare_options *options,
	struct comparison *comparison, struct problem *problem)
{
	if (!session_load(store, options, comparison, problem) ||
		!add_rows(comparison, options, problem))
		return false;
	if (comparison->rows_count == 0)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"session %lld has nothing to compare: %s", (long long)comparison->session,
			json_array_size(comparison->warnings)
				? json_string_value(json_array_get(comparison->warnings,
					  json_array_size(comparison->warnings) - 1))
				: "no sample of these configs");
	warn_of_correction(comparison);
	return judge_rows(comparison, options, problem) && add_means(comparison, problem);
}

bool compare_make(struct store *store, const struct compare_options *options,
	struct comparison **comparison, struct problem *problem)
{
	struct comparison *made = calloc(1, sizeof(*made));

	*comparison = NULL;
	if (!made)
		return out_of_memory(problem);
	made->margin = options->margin;
	made->alpha = options->alpha;
	made->warnings = json_array();
	if (!make(store, options, made, problem)) {
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
		json_decref(comparison->rows[i].warnings);
	for (size_t i = 0; i < comparison->configs_count; i++)
		free(comparison->configs[i]);
	store_session_facts_free(&comparison->session_facts);
	store_builds_free(&comparison->builds);
	store_samples_free(&comparison->samples);
	json_decref(comparison->warnings);
	free(comparison->configs);
	free(comparison->rows);
	free(comparison->means);
	free(comparison);
}
