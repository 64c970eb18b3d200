// SPDX-License-Identifier: GPL-2.0-or-later
// What the session's and the baseline's processes counted, for the rows whose time changed: the same
// comparison once more, with counters, whose verdicts decide nothing here. Entry: gate_explain().
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/text/memory.h"

// Where the samples of one session belong.
struct placing {
	const struct gate *gate;
	const struct gate_pairs *pairs; // NULL: the sides are sessions
	const char *side; // of sessions
	char *row; // of the sample before
};

static bool is_changed(enum gate_outcome outcome)
{
	return outcome == GATE_REGRESSION || outcome == GATE_SLOWER || outcome == GATE_ACCEPTED ||
	       outcome == GATE_FASTER;
}

// The gate's row of times; NULL: its time did not change.
static const struct gate_row *changed_row(
	const struct gate *gate, const char *series, const char *config)
{
	for (size_t i = 0; i < gate->rows_count; i++) {
		const struct gate_row *row = &gate->rows[i];

		if (strcmp(row->metric, "time") == 0 && row->anchor == 0 &&
			is_changed(row->outcome) && strcmp(row->series, series) == 0 &&
			strcmp(row->config, config) == 0)
			return row;
	}
	return NULL;
}

const struct gate_row *gate_row_explained(const struct gate *gate, const char *name)
{
	for (size_t i = 0; i < gate->rows_count; i++) {
		const struct gate_row *row = &gate->rows[i];
		size_t length = strlen(row->config);

		if (strncmp(name, row->config, length) == 0 && name[length] == ':' &&
			changed_row(gate, name + length + 1, row->config))
			return changed_row(gate, name + length + 1, row->config);
	}
	return NULL;
}

// The config and the side that a sample belongs to; a NULL config: to none.
static const char *config_of(
	const struct placing *placing, const struct store_source *source, const char **side)
{
	const char *config;

	*side = placing->side;
	if (!placing->pairs)
		return source->config;
	*side = GATE_SIDE_BASELINE;
	config = gate_pairs_config(placing->pairs, source->config, true);
	if (config)
		return config;
	*side = GATE_SIDE_SESSION;
	return gate_pairs_config(placing->pairs, source->config, false);
}

static bool sample_place(void *context, const struct store_source *source,
	struct compare_place *place, struct problem *problem)
{
	struct placing *placing = context;
	const char *side;
	const char *config = gate_source_counts(placing->gate, source)
				     ? config_of(placing, source, &side)
				     : NULL;

	if (!config || !changed_row(placing->gate, source->name, config))
		return true;
	free(placing->row);
	if (asprintf(&placing->row, "%s:%s", config, source->name) < 0) {
		placing->row = NULL;
		return no_memory(problem, "the gate's counters");
	}
	place->side = side;
	place->row = placing->row;
	return true;
}

static bool session_add(struct store *store, struct placing *placing, int64_t session,
	struct comparison *comparison, struct problem *problem)
{
	bool is_good = samples_read(store, session, SAMPLES_COUNTERS, sample_place, placing,
		&comparison->samples, problem);

	free(placing->row);
	placing->row = NULL;
	return is_good;
}

static bool sides_read(struct store *store, const struct gate *gate, const struct gate_pairs *pairs,
	struct comparison *comparison, struct problem *problem)
{
	struct placing placing = {gate, pairs, comparison->sides[1], NULL};
	bool is_good = session_add(store, &placing, gate->session, comparison, problem);

	placing.side = comparison->sides[0];
	for (size_t i = 0; is_good && !pairs && i < gate->baselines_count; i++)
		is_good = session_add(store, &placing, gate->baselines[i], comparison, problem);
	compare_samples_sort(&comparison->samples);
	return is_good;
}

static bool has_changed(const struct gate *gate)
{
	for (size_t i = 0; i < gate->rows_count; i++)
		if (changed_row(gate, gate->rows[i].series, gate->rows[i].config))
			return true;
	return false;
}

// The row's time is what the gate says of it.
static void verdicts_take(const struct gate *gate, struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->rows_count; i++) {
		struct compare_row *row = &comparison->rows[i];
		const struct gate_row *judged = gate_row_explained(gate, row->name);

		if (!judged)
			continue;
		row->verdict = VERDICT_CHANGED;
		row->ratio = judged->ratio;
	}
}

static bool explanation_make(struct store *store, const struct gate_options *options,
	struct gate *gate, const struct gate_pairs *pairs, struct problem *problem)
{
	static const char *const ALL[] = {"all"};
	const struct compare_options judging = {.margin = options->margin,
		.alpha = options->alpha,
		.counters = ALL,
		.counters_count = 1};
	struct comparison *made = gate_comparison_new(store, options, gate, problem);
	struct problem nothing;

	if (!made)
		return false;
	made->is_independent = !pairs;
	if (!sides_read(store, gate, pairs, made, problem)) {
		comparison_free(made);
		return false;
	}
	// Where the two share no sample there is nothing to explain.
	if (made->samples.count == 0 || !comparison_judge(made, &judging, &nothing)) {
		comparison_free(made);
		return true;
	}
	verdicts_take(gate, made);
	gate->counters = made;
	return true;
}

bool gate_explain(struct store *store, const struct gate_options *options, struct gate *gate,
	struct problem *problem)
{
	struct gate_pairs pairs = {0};
	bool is_good = true;

	if (!has_changed(gate))
		return true;
	if (gate->baselines[0] == gate->session)
		is_good = gate_pairs_asked(store, gate, &pairs, problem);
	is_good = is_good &&
		  explanation_make(store, options, gate, pairs.count > 0 ? &pairs : NULL, problem);
	gate_pairs_free(&pairs);
	return is_good;
}
