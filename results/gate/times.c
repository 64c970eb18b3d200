// SPDX-License-Identifier: GPL-2.0-or-later
// The gate's times: each series of the session against the baseline, through the same code as every
// comparison of independent sides; all sessions of the baseline are one side. Entries:
// gate_times_add(), gate_comparison_load().
//
// Days differ: what a machine did on the baseline's day is not undone by rounds of today. So
// against several sessions (rolling:N) a regression must also be slower than the slowest of them,
// and against any it is only a candidate until a second set of rounds shows it too (confirm.c).
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/compare/block.h"
#include "results/statistics/figures.h"
#include "results/text/memory.h"

static const char SIDE_BASELINE[] = "baseline";
static const char SIDE_SESSION[] = "session";

// ---- samples

// Where the samples of one side belong.
struct placing {
	const char *side;
	const char *machine; // processes of others are left out; NULL: of those that recorded one
	const struct store_names *configs; // of the session
	char *row; // of the sample before
};

// Simulated times are no times.
static bool sample_place(void *context, const struct store_source *source,
	struct compare_place *place, struct problem *problem)
{
	struct placing *placing = context;
	bool is_of_machine = placing->machine && source->machine
				     ? strcmp(source->machine, placing->machine) == 0
				     : placing->machine == source->machine;

	if (source->simulator || !is_of_machine || !names_have(placing->configs, source->config))
		return true;
	free(placing->row);
	// A row is a series and a config. Either may have blanks: the length tells where one ends.
	if (asprintf(&placing->row, "%zu %s %s", strlen(source->name), source->name,
		    source->config) < 0) {
		placing->row = NULL;
		return no_memory(problem, "the gate");
	}
	place->side = placing->side;
	place->row = placing->row;
	return true;
}

static bool sides_read(struct store *store, const struct gate *gate, int64_t session,
	struct compare_samples *samples, struct problem *problem)
{
	struct store_names configs;
	struct placing placing = {.machine = gate->machine, .configs = &configs};
	bool is_good = store_session_configs(store, gate->session, &configs, problem);

	if (!is_good)
		return false;
	placing.side = SIDE_SESSION;
	is_good = samples_read(store, session, 0, sample_place, &placing, samples, problem);
	placing.side = SIDE_BASELINE;
	for (size_t i = 0; is_good && i < gate->baselines_count; i++)
		is_good = samples_read(
			store, gate->baselines[i], 0, sample_place, &placing, samples, problem);
	free(placing.row);
	store_names_free(&configs);
	if (is_good)
		compare_samples_sort(samples);
	return is_good;
}

// Both sides of all rows, not yet judged; comparison_free().
struct comparison *gate_comparison_load(struct store *store, const struct gate_options *options,
	const struct gate *gate, int64_t session, struct problem *problem)
{
	const struct compare_options judging = {.margin = options->margin, .alpha = options->alpha};
	struct comparison *made = comparison_new(&judging, problem);
	bool is_good = made != NULL;

	if (!made)
		return NULL;
	made->is_independent = true;
	made->sides = calloc(2, sizeof(*made->sides));
	if (made->sides) {
		made->sides[made->sides_count++] = strdup(SIDE_BASELINE);
		made->sides[made->sides_count++] = strdup(SIDE_SESSION);
	}
	is_good =
		(made->sides && made->sides[0] && made->sides[1]) || no_memory(problem, "the gate");
	is_good = is_good && sides_read(store, gate, session, &made->samples, problem);
	if (is_good && gate->machine && options->margin <= 0)
		is_good = calibrations_read(store, gate->machine, &made->calibrations, problem);
	if (is_good)
		return made;
	comparison_free(made);
	return NULL;
}

// ---- rows

// The largest mean over processes of a row that one of the baseline's sessions had; 0 where there is only one.
static double slowest_session(
	const struct gate *gate, const struct comparison *comparison, const char *name)
{
	double slowest = 0;

	for (size_t k = 0; gate->baselines_count > 1 && k < gate->baselines_count; k++) {
		struct figures processes = {0};

		for (size_t i = 0; i < comparison->samples.count; i++) {
			const struct compare_sample *sample = &comparison->samples.items[i];

			if (!sample->failed && block_session(sample->block) == gate->baselines[k] &&
				strcmp(sample->name, name) == 0)
				figures_add(&processes, sample->process, sample->real_time_ns);
		}
		slowest = fmax(slowest, exp(figures_mean(&processes))); // fmax() drops NaN
	}
	return slowest;
}

enum gate_outcome gate_outcome_of(const struct compare_row *row)
{
	if (row->verdict == VERDICT_EQUIVALENT)
		return GATE_SAME;
	if (row->verdict == VERDICT_UNDECIDED)
		return GATE_UNDECIDED;
	if (row->ratio <= 1)
		return GATE_FASTER;
	return row->ratio_low > 1 + row->margin ? GATE_REGRESSION : GATE_SLOWER;
}

static bool row_take(struct gate *gate, const struct comparison *comparison,
	const struct compare_row *compared, struct problem *problem)
{
	struct gate_row *row = gate_row_add(
		gate, compared->series, compared->workload, compared->config, "time", problem);
	double slowest;

	if (!row)
		return false;
	row->baseline = compared->base_ns;
	row->value = compared->other_ns;
	row->ratio = compared->ratio;
	row->ratio_low = compared->ratio_low;
	row->ratio_high = compared->ratio_high;
	row->q = compared->q;
	row->margin = compared->margin;
	row->baseline_count = compared->base_count;
	row->count = compared->other_count;
	row->is_insufficient = compared->confidence < COMPARE_CONFIDENCE ||
			       compared->p_smallest > comparison->alpha;
	row->outcome = gate_outcome_of(compared);
	slowest = row->outcome == GATE_REGRESSION
			  ? slowest_session(gate, comparison, compared->name)
			  : 0;
	if (slowest > 0 && row->value <= slowest) {
		row->outcome = GATE_UNDECIDED;
		row->remark = strdup("a session of the baseline was as slow");
	}
	return true;
}

// ---- what is missing

static bool json_has_text(const json_t *array, const char *text)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const char *item = json_string_value(json_array_get(array, i));

		if (item && strcmp(item, text) == 0)
			return true;
	}
	return false;
}

// Whether the session was to measure it: by its plan; without one, by its having measured any of
// the workload.
static bool is_expected(const json_t *plan, const struct compare_samples *samples,
	const char *workload, const char *config)
{
	const json_t *workloads = json_object_get(plan, "workloads");

	if (json_is_array(workloads))
		return json_has_text(workloads, workload) &&
		       json_has_text(json_object_get(plan, "configs"), config);
	for (size_t i = 0; i < samples->count; i++) {
		if (strcmp(samples->items[i].side, SIDE_SESSION) == 0 &&
			strcmp(samples->items[i].workload, workload) == 0)
			return true;
	}
	return false;
}

// A series of the samples: how many good ones each side has.
struct tally {
	size_t length; // samples of the series
	size_t baseline, session; // good ones
	const char *error; // of the session's first that failed
};

static struct tally tally_series(const struct compare_samples *samples, size_t first)
{
	struct tally tally = {0};
	const char *name = samples->items[first].name;

	for (; first + tally.length < samples->count; tally.length++) {
		const struct compare_sample *sample = &samples->items[first + tally.length];
		bool is_session = strcmp(sample->side, SIDE_SESSION) == 0;

		if (strcmp(sample->name, name) != 0)
			break;
		if (sample->failed && is_session && !tally.error)
			tally.error =
				sample->error_message ? sample->error_message : "no reason given";
		tally.session += !sample->failed && is_session;
		tally.baseline += !sample->failed && !is_session;
	}
	return tally;
}

static bool missing_add(struct gate *gate, const struct compare_sample *sample,
	const struct tally *tally, struct problem *problem)
{
	struct gate_row *row = gate_row_add(
		gate, sample->series, sample->workload, sample->config, "time", problem);

	if (!row)
		return false;
	row->outcome = GATE_NOT_MEASURED;
	row->baseline_count = tally->baseline;
	if (tally->error)
		row->remark = asprintf(&row->remark, "every sample failed: %s", tally->error) < 0
				      ? NULL
				      : row->remark;
	else
		row->remark = strdup("the session has no sample of it");
	return true;
}

static bool missing_find(struct store *store, struct gate *gate,
	const struct compare_samples *samples, struct problem *problem)
{
	json_t *plan;
	bool is_good = store_session_plan(store, gate->session, &plan, problem);
	struct tally tally;

	for (size_t i = 0; is_good && i < samples->count; i += tally.length) {
		const struct compare_sample *sample = &samples->items[i];

		tally = tally_series(samples, i);
		gate->new_count += tally.session > 0 && tally.baseline == 0;
		if (tally.session == 0 && tally.baseline > 0 &&
			is_expected(plan, samples, sample->workload, sample->config))
			is_good = missing_add(gate, sample, &tally, problem);
	}
	json_decref(plan);
	return is_good;
}

// ---- all of it

bool gate_times_add(struct store *store, const struct gate_options *options, struct gate *gate,
	struct problem *problem)
{
	const struct compare_options judging = {.margin = options->margin, .alpha = options->alpha};
	struct comparison *comparison =
		gate_comparison_load(store, options, gate, gate->session, problem);
	struct problem refusal = {0};
	bool is_good = comparison != NULL;

	if (!is_good)
		return false;
	// No row at all is found out when the exact metrics are there too.
	if (!comparison_judge(comparison, &judging, &refusal) && comparison->rows_count > 0) {
		*problem = refusal;
		is_good = false;
	}
	for (size_t i = 0; is_good && i < comparison->rows_count; i++)
		is_good = row_take(gate, comparison, &comparison->rows[i], problem);
	is_good = is_good && missing_find(store, gate, &comparison->samples, problem);
	comparison_free(comparison);
	return is_good;
}
