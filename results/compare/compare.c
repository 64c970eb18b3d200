// SPDX-License-Identifier: GPL-2.0-or-later
// Judges all rows of a comparison together: verdicts, margins, the correction. Entries:
// compare_make() for the store, comparison_judge() for samples from anywhere. How a row is measured
// is row.c.
#include "compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "counters/counters.h"
#include "curves.h"
#include "internal.h"
#include "results/statistics/statistics.h"
#include "results/text/figure.h"
#include "results/text/memory.h"
#include "session.h"
#include "sides.h"
#include "warnings.h"

// The share of the shown difference below which a reader is told what selection does to it.
static const double SELECTION_TOLD_BELOW = 0.8;

// ---- rows

static void note_missing(struct comparison *comparison, const char *name,
	const struct compare_side *base, const struct compare_side *other, const char *other_name)
{
	const char *has = base->rounds ? comparison->sides[0] : other_name;
	const struct compare_side *lacking = base->rounds ? other : base;

	if (base->rounds && other->rounds)
		comparison_warn(comparison->warnings, "%s: %s and %s share no round", name,
			comparison->sides[0], other_name);
	else if (lacking->failed)
		comparison_warn(comparison->warnings, "%s: every sample of %s failed: %s", name,
			lacking->samples[0].side, lacking->error);
	else
		comparison_warn(comparison->warnings, "%s: measured for %s only", name, has);
}

static bool is_same(const char *one, const char *two)
{
	return one && two && strcmp(one, two) == 0;
}

// Of which series and config the row is, where it is of one: a row of a projection may hold several.
static void row_name(struct compare_row *row, const struct compare_sample *samples, size_t count)
{
	row->series = samples[0].series;
	row->config = samples[0].config;
	for (size_t i = 1; i < count; i++) {
		if (!is_same(row->series, samples[i].series))
			row->series = NULL;
		if (!is_same(row->config, samples[i].config))
			row->config = NULL;
	}
}

static bool are_mixed(const struct compare_side *base, const struct compare_side *other)
{
	return (base->is_timeless || other->is_timeless) && (base->is_timed || other->is_timed);
}

// Judges the benchmark that samples[0] to samples[count - 1] are of.
static bool add_row(struct comparison *comparison, const struct compare_sample *samples,
	size_t count, const char *other_name, const struct compare_options *options,
	struct problem *problem)
{
	struct compare_side base = side_find(samples, count, comparison->sides[0]);
	struct compare_side other = side_find(samples, count, other_name);
	struct compare_row *row = &comparison->rows[comparison->rows_count];

	if (base.count == 0 && other.count == 0)
		return true;
	*row = (struct compare_row){.name = samples[0].name,
		.workload = samples[0].workload,
		.base = comparison->sides[0],
		.other = other_name};
	row_name(row, samples, count);
	if (are_mixed(&base, &other)) {
		comparison_warn(comparison->warnings,
			"%s: simulated and measured figures are never compared", row->name);
		return true;
	}
	if (base.rounds && other.rounds &&
		!row_measure(row, &base, &other, comparison, options, problem)) {
		row_free(row);
		return false;
	}
	if (row->base_count == 0) {
		note_missing(comparison, row->name, &base, &other, other_name);
		row_free(row);
		return true;
	}
	if (options->counters) {
		row->counters = counters_compare(&base, &other, comparison, options);
		if (!row->counters) {
			row_free(row);
			return no_memory(problem, "the comparison");
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
	comparison->rows = calloc(names * comparison->sides_count + 1, sizeof(*comparison->rows));
	if (!comparison->rows)
		return no_memory(problem, "the comparison");
	for (size_t k = 1; k < comparison->sides_count; k++) {
		size_t length;

		for (size_t i = 0; i < samples->count; i += length) {
			length = benchmark_length(samples, i);
			if (!add_row(comparison, &samples->items[i], length, comparison->sides[k],
				    options, problem))
				return false;
		}
	}
	return true;
}

// What is called changed was picked for lying far from 1.
static void warn_of_selection(struct compare_row *row)
{
	char shown[FIGURE_SIZE];
	char likely[FIGURE_SIZE];

	// false for NaN
	if (fabs(log(row->ratio_unselected)) < SELECTION_TOLD_BELOW * fabs(log(row->ratio)))
		comparison_warn(row->warnings,
			"rows that are called changed are those that luck took far from 1: "
			"allowing "
			"for that, the ratio is rather %s than %s",
			ratio_text(row->ratio_unselected, likely), ratio_text(row->ratio, shown));
}

static bool judge_rows(struct comparison *comparison, const struct compare_options *options,
	struct problem *problem)
{
	size_t count = comparison->rows_count;
	double *p = calloc(count, sizeof(*p));
	double *q = calloc(count, sizeof(*q));
	struct compare_options judging = *options;
	size_t timed = 0;
	bool is_good = p && q;

	for (size_t i = 0; is_good && i < count; i++)
		if (!comparison->rows[i].is_timeless)
			p[timed++] = comparison->rows[i].p;
	is_good = is_good && benjamini_hochberg(p, timed, q);
	timed = 0;
	for (size_t i = 0; is_good && i < count; i++) {
		struct compare_row *row = &comparison->rows[i];

		row->q = row->is_timeless ? NAN : q[timed++];
		margin_set(comparison, row);
		judging.margin = row->margin;
		row->verdict = verdict_of(row->ratio_low, row->ratio_high,
			row->confidence >= COMPARE_CONFIDENCE, row->q, &judging);
		row->ratio_unselected = unselected_of(row, options->alpha);
		warn_of_selection(row);
		if (row->is_of_aggregates || row->is_timeless)
			row->verdict = VERDICT_NONE;
	}
	free(p);
	free(q);
	return is_good || no_memory(problem, "the comparison");
}

// A single row that differs must pass the correction for all rows; with few rounds it cannot,
// however clear it is.
static void warn_of_correction(struct comparison *comparison)
{
	const struct compare_row *best = &comparison->rows[0];
	char have[64];

	for (size_t i = 1; i < comparison->rows_count; i++) {
		if (comparison->rows[i].p_smallest < best->p_smallest)
			best = &comparison->rows[i];
	}
	if (isnan(best->p_smallest))
		return;
	if (best->p_smallest > comparison->alpha ||
		best->p_smallest * (double)comparison->rows_count <= comparison->alpha)
		return;
	if (comparison->is_independent)
		(void)snprintf(have, sizeof(have), "%zu against %zu processes", best->base_count,
			best->other_count);
	else
		(void)snprintf(have, sizeof(have), "%zu %s", best->rounds,
			plural(best->rounds, "round", "rounds"));
	comparison_warn(comparison->warnings,
		"with %s a lone change among %zu rows cannot pass the correction for so many (its "
		"q is %.3g at best): measure more rounds, or compare fewer rows",
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
	size_t before = json_array_size(comparison->warnings);
	size_t warnings;

	if (!add_rows(comparison, options, problem))
		return false;
	warnings = json_array_size(comparison->warnings);
	if (comparison->rows_count == 0)
		return problem_set(problem, EXIT_NOT_MEASURED, "there is nothing to compare: %s",
			warnings > before ? json_string_value(json_array_get(
						    comparison->warnings, warnings - 1))
					  : "no sample of these configs");
	warn_of_correction(comparison);
	if (comparison->rows[0].is_timeless)
		comparison_warn(comparison->warnings,
			"simulated: times are the simulator's own and no result%s",
			options->counters_count > 0 ? ""
						    : "; --counters=all compares what it counted");
	warn_of_absent_counters(comparison, options);
	return judge_rows(comparison, options, problem) &&
	       counters_judge(comparison, options, problem) &&
	       comparison_doubt(comparison, problem) && comparison_add_means(comparison, problem) &&
	       floor_add(comparison, options, problem) &&
	       curves_add(comparison, options, problem) && matrices_add(comparison, problem);
}

struct comparison *comparison_new(const struct compare_options *options, struct problem *problem)
{
	struct comparison *made = calloc(1, sizeof(*made));

	if (!made) {
		no_memory(problem, "the comparison");
		return NULL;
	}
	made->is_margin_given = options->margin > 0;
	made->margin = made->is_margin_given ? options->margin : COMPARE_MARGIN_DEFAULT;
	made->alpha = options->alpha;
	made->warnings = json_array();
	return made;
}

// Across machines no machine's margin is the right one.
static bool margins_load(struct store *store, const struct compare_options *options,
	struct comparison *comparison, struct problem *problem)
{
	const struct store_builds *builds = &comparison->builds;
	const char *machine = builds->items[0].machine;

	if (options->margin > 0 || options->is_across || !machine)
		return true;
	for (size_t i = 1; i < builds->count; i++) {
		if (!builds->items[i].machine || strcmp(builds->items[i].machine, machine) != 0)
			return true;
	}
	return calibrations_read(store, machine, &comparison->calibrations, problem);
}

bool compare_make(struct store *store, const struct compare_options *options,
	struct comparison **comparison, struct problem *problem)
{
	struct comparison *made = comparison_new(options, problem);
	bool is_projection = options->filter || options->rows || options->columns ||
			     options->is_across || options->sides_count == 0;

	*comparison = NULL;
	if (!made)
		return false;
	if (!(is_projection ? sides_load : session_load)(store, options, made, problem) ||
		!margins_load(store, options, made, problem) ||
		!(made->sides_count == 1 ? comparison_figures(made, problem) &&
						   curves_add(made, options, problem) &&
						   matrices_add(made, problem)
					 : comparison_judge(made, options, problem))) {
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
	for (size_t i = 0; i < comparison->sides_count; i++)
		free(comparison->sides[i]);
	store_session_facts_free(&comparison->session_facts);
	store_builds_free(&comparison->builds);
	compare_samples_free(&comparison->samples);
	json_decref(comparison->warnings);
	json_decref(comparison->files);
	json_decref(comparison->projection);
	json_decref(comparison->figures);
	json_decref(comparison->curves);
	free(comparison->floor);
	json_decref(comparison->matrices);
	calibrations_free(&comparison->calibrations);
	free(comparison->looks);
	free(comparison->sides);
	free(comparison->rows);
	free(comparison->means);
	free(comparison);
}
