// SPDX-License-Identifier: GPL-2.0-or-later
// The gate's times: each series of the session against the baseline, through the same code as every
// comparison; all sessions of the baseline are one side. Entry: gate_times_add().
//
// Days differ: what a machine did on the baseline's day is not undone by rounds of today. So what is
// slower is held against what nights differ by (nights.c); against several sessions (rolling:N) a
// regression must also be slower than the slowest of them; and side by side it is decided (beside.c).
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/compare/block.h"
#include "results/compare/warnings.h"
#include "results/statistics/figures.h"
#include "results/statistics/order.h"
#include "results/statistics/statistics.h"
#include "results/text/memory.h"
#include "results/text/side.h"

// From so many rows on what they have in common is the night's, or a change of all of them.
enum { COMMON_ROWS_MIN = 8 };

// ---- samples

// Where the samples of one session belong.
struct placing {
	const struct gate *gate;
	const char *side;
	const struct store_names *configs; // of the judged session
	char *row; // of the sample before
};

bool gate_source_counts(const struct gate *gate, const struct store_source *source)
{
	bool is_of_machine = gate->machine && source->machine
				     ? strcmp(source->machine, gate->machine) == 0
				     : gate->machine == source->machine;

	return !source->simulator && is_of_machine; // simulated times are no times
}

char *gate_row_key(const char *series, const char *config)
{
	char *key;

	// Either may have blanks: the length tells where one ends.
	return asprintf(&key, "%zu %s %s", strlen(series), series, config) < 0 ? NULL : key;
}

// A build that was measured beside its config is there for comparisons within its session.
static bool is_beside_its_config(const struct store_names *configs, const char *side)
{
	for (size_t i = 0; i < configs->count; i++) {
		if (side_is_build_of(side, configs->items[i]))
			return true;
	}
	return false;
}

static bool sample_place(void *context, const struct store_source *source,
	struct compare_place *place, struct problem *problem)
{
	struct placing *placing = context;

	if (!gate_source_counts(placing->gate, source) ||
		!names_have(placing->configs, source->config) ||
		is_beside_its_config(placing->configs, source->config))
		return true;
	free(placing->row);
	placing->row = gate_row_key(source->name, source->config);
	if (!placing->row)
		return no_memory(problem, "the gate");
	place->side = placing->side;
	place->row = placing->row;
	return true;
}

bool gate_samples_add(struct store *store, const struct gate *gate, int64_t session,
	const char *side, struct compare_samples *samples, struct problem *problem)
{
	struct store_names configs;
	struct placing placing = {.gate = gate, .side = side, .configs = &configs};
	bool is_good = store_session_configs(store, gate->session, &configs, problem);

	if (!is_good)
		return false;
	is_good = samples_read(store, session, 0, sample_place, &placing, samples, problem);
	free(placing.row);
	store_names_free(&configs);
	return is_good;
}

struct comparison *gate_comparison_new(struct store *store, const struct gate_options *options,
	const struct gate *gate, struct problem *problem)
{
	const struct compare_options judging = {.margin = options->margin, .alpha = options->alpha};
	struct comparison *made = comparison_new(&judging, problem);
	bool is_good;

	if (!made)
		return NULL;
	made->sides = calloc(2, sizeof(*made->sides));
	if (made->sides) {
		made->sides[made->sides_count++] = strdup(GATE_SIDE_BASELINE);
		made->sides[made->sides_count++] = strdup(GATE_SIDE_SESSION);
	}
	is_good =
		(made->sides && made->sides[0] && made->sides[1]) || no_memory(problem, "the gate");
	if (is_good && gate->machine && options->margin <= 0)
		is_good = calibrations_read(store, gate->machine, &made->calibrations, problem);
	if (is_good)
		return made;
	comparison_free(made);
	return NULL;
}

// Both sides of all rows, not yet judged; comparison_free().
static struct comparison *comparison_load(struct store *store, const struct gate_options *options,
	const struct gate *gate, struct problem *problem)
{
	struct comparison *made = gate_comparison_new(store, options, gate, problem);
	bool is_good;

	if (!made)
		return NULL;
	made->is_independent = true;
	is_good = gate_samples_add(
		store, gate, gate->session, made->sides[1], &made->samples, problem);
	for (size_t i = 0; is_good && i < gate->baselines_count; i++)
		is_good = gate_samples_add(
			store, gate, gate->baselines[i], made->sides[0], &made->samples, problem);
	if (is_good) {
		compare_samples_sort(&made->samples);
		return made;
	}
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

// What a row's verdict means for a gate.
static enum gate_outcome outcome_of(const struct compare_row *row)
{
	if (row->verdict == VERDICT_EQUIVALENT)
		return GATE_SAME;
	if (row->verdict == VERDICT_UNDECIDED)
		return GATE_UNDECIDED;
	if (row->ratio <= 1)
		return GATE_FASTER;
	return verdict_is_beyond(row->ratio_low, row->ratio_high, row->margin) ? GATE_REGRESSION
									       : GATE_SLOWER;
}

void gate_row_figures(struct gate_row *row, const struct compare_row *compared, double alpha)
{
	row->baseline = compared->base_ns;
	row->value = compared->other_ns;
	row->ratio = compared->ratio;
	row->ratio_low = row->seen_low = compared->ratio_low;
	row->ratio_high = compared->ratio_high;
	row->q = compared->q;
	row->margin = compared->margin;
	row->margin_from = compared->margin_from;
	row->baseline_count = compared->base_count;
	row->count = compared->other_count;
	row->is_insufficient =
		compared->confidence < COMPARE_CONFIDENCE || compared->p_smallest > alpha;
	row->outcome = outcome_of(compared);
}

static bool row_take(struct gate *gate, const struct comparison *comparison,
	const struct compare_row *compared, struct problem *problem)
{
	struct gate_row *row = gate_row_add(
		gate, compared->series, compared->workload, compared->config, "time", problem);

	if (row)
		gate_row_figures(row, compared, comparison->alpha);
	return row != NULL;
}

static void slowest_heed(const struct gate *gate, const struct comparison *comparison,
	const char *name, struct gate_row *row)
{
	double slowest =
		row->outcome == GATE_REGRESSION ? slowest_session(gate, comparison, name) : 0;

	if (slowest <= 0 || row->value > slowest)
		return;
	row->outcome = GATE_UNDECIDED;
	gate_row_remark(row, "a session of the baseline was as slow");
}

// ---- nights

// What all rows have in common, as the log of a ratio.
static double common_shift(const struct comparison *comparison)
{
	size_t count = comparison->rows_count;
	double *logs = count < COMMON_ROWS_MIN ? NULL : calloc(count, sizeof(*logs));
	double middle;

	if (!logs)
		return 0;
	for (size_t i = 0; i < count; i++)
		logs[i] = log(comparison->rows[i].ratio);
	middle = order_median(logs, count);
	free(logs);
	return middle;
}

// Slower by processes alone, or slower than the night made the others.
static bool is_candidate(const struct compare_row *compared, double common)
{
	return outcome_of(compared) == GATE_REGRESSION ||
	       (compared->confidence >= COMPARE_CONFIDENCE &&
		       log(compared->ratio_low) - common > log(1 + compared->margin));
}

// Of rows that look slower the interval, p, q and the verdict become those of nights.
static bool rows_widen(const struct gate_options *options, const struct gate_spreads *spreads,
	struct comparison *comparison, struct problem *problem)
{
	size_t count = comparison->rows_count;
	double *p = calloc(count + 1, sizeof(*p));
	double *q = calloc(count + 1, sizeof(*q));
	bool is_good = p && q;

	for (size_t i = 0; is_good && i < count; i++) {
		struct compare_row *row = &comparison->rows[i];
		const struct gate_spread *spread = gate_spread_find(spreads, row->name);

		if (spread && row->ratio > 1)
			gate_spread_widen(spreads, spread, row);
		p[i] = row->p;
	}
	is_good = is_good && benjamini_hochberg(p, count, q);
	for (size_t i = 0; is_good && i < count; i++) {
		struct compare_row *row = &comparison->rows[i];
		const struct compare_options judging = {
			.margin = row->margin, .alpha = options->alpha};

		row->q = q[i];
		row->verdict = verdict_of(row->ratio_low, row->ratio_high,
			row->confidence >= COMPARE_CONFIDENCE, row->q, &judging);
	}
	free(p);
	free(q);
	return is_good || no_memory(problem, "the gate");
}

// What is slower by processes stays so only as far as it is slower than nights differ.
static void nights_heed(
	struct gate_row *row, const struct compare_row *widened, const struct gate_spread *spread)
{
	char text[MARGINS_SIZE];

	row->nights = spread ? spread->nights : 0;
	row->night_spread = spread ? spread->deviation : NAN;
	if (row->outcome != GATE_REGRESSION && row->outcome != GATE_SLOWER)
		return;
	if (isnan(row->night_spread)) {
		row->outcome = GATE_UNDECIDED;
		snprintf(text, sizeof(text),
			"slower than processes of one night differ; the store has %zu earlier "
			"night%s to tell how far nights differ, and it takes %d",
			row->nights, row->nights == 1 ? "" : "s", GATE_NIGHTS_MIN);
		gate_row_remark(row, text);
		return;
	}
	row->ratio_low = widened->ratio_low;
	row->ratio_high = widened->ratio_high;
	row->q = widened->q;
	row->outcome = outcome_of(widened);
	if (row->outcome != GATE_UNDECIDED)
		return;
	snprintf(text, sizeof(text),
		"within what nights differ by: a standard deviation of %.2g %%, of %zu nights",
		100 * row->night_spread, row->nights);
	gate_row_remark(row, text);
}

// The rows as processes tell, then as nights do.
static bool rows_of_nights(struct store *store, const struct gate_options *options,
	struct gate *gate, struct comparison *comparison, struct problem *problem)
{
	struct gate_spreads spreads = {0};
	double common = common_shift(comparison);
	bool is_good = options->nights == GATE_NIGHTS_EQUAL ||
		       gate_spreads_read(store, gate, &spreads, problem);

	for (size_t i = 0; is_good && i < comparison->rows_count; i++) {
		is_good = row_take(gate, comparison, &comparison->rows[i], problem);
		if (is_good)
			gate->rows[gate->rows_count - 1].is_candidate =
				is_candidate(&comparison->rows[i], common);
	}
	if (is_good && options->nights == GATE_NIGHTS_HISTORY)
		is_good = rows_widen(options, &spreads, comparison, problem);
	for (size_t i = 0; is_good && i < comparison->rows_count; i++) {
		const struct compare_row *row = &comparison->rows[i];
		struct gate_row *judged =
			&gate->rows[gate->rows_count - comparison->rows_count + i];

		if (options->nights == GATE_NIGHTS_HISTORY)
			nights_heed(judged, row, gate_spread_find(&spreads, row->name));
		slowest_heed(gate, comparison, row->name, judged);
	}
	gate_spreads_free(&spreads);
	return is_good;
}

// Where most rows look slower it is told once what they have in common.
static void common_warn(struct gate *gate, const struct comparison *comparison)
{
	double common = exp(common_shift(comparison));
	size_t candidates = 0;

	for (size_t i = gate->rows_count - comparison->rows_count; i < gate->rows_count; i++)
		candidates += gate->rows[i].is_candidate;
	if (candidates > comparison->rows_count / 2 && common > 1)
		comparison_warn(gate->warnings,
			"%zu of %zu series are slower than in the baseline, in the middle by "
			"%.2g %%: "
			"the night's own effect, or a change that all of them share",
			candidates, comparison->rows_count, 100 * (common - 1));
}

// ---- all of it

static bool rows_beside(
	struct gate *gate, const struct comparison *comparison, struct problem *problem)
{
	bool is_good = true;

	for (size_t i = 0; is_good && i < comparison->rows_count; i++)
		is_good = row_take(gate, comparison, &comparison->rows[i], problem);
	return is_good;
}

// What the rows were judged by, and who said so: equivalent rows show no figures of their own.
static void margins_note(struct gate *gate, const struct comparison *comparison)
{
	char text[MARGINS_SIZE];

	if (!gate->margins && comparison->rows_count > 0)
		gate->margins = strdup(margins_text(comparison, text, sizeof(text)));
}

bool gate_times_add(struct store *store, const struct gate_options *options, struct gate *gate,
	const struct gate_pairs *pairs, struct problem *problem)
{
	const struct compare_options judging = {.margin = options->margin, .alpha = options->alpha};
	struct comparison *comparison =
		pairs ? gate_beside_load(store, options, gate, gate->session, pairs, problem)
		      : comparison_load(store, options, gate, problem);
	struct problem refusal = {0};
	bool is_good = comparison != NULL;

	if (!is_good)
		return false;
	// No row at all is found out when the exact metrics are there too.
	is_good = pairs ? gate_beside_judge(comparison, options, &refusal)
			: comparison_judge(comparison, &judging, &refusal);
	if (!is_good && comparison->rows_count > 0)
		*problem = refusal;
	else
		is_good = true;
	is_good = is_good && (pairs ? rows_beside(gate, comparison, problem)
				    : rows_of_nights(store, options, gate, comparison, problem));
	margins_note(gate, comparison);
	if (is_good && !pairs)
		common_warn(gate, comparison);
	is_good = is_good && gate_missing_add(store, gate, &comparison->samples, problem);
	comparison_free(comparison);
	return is_good;
}
