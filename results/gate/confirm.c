// SPDX-License-Identifier: GPL-2.0-or-later
// Judges rows by a session side by side. Entry: gate_confirm().
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/text/figure.h"

// The rows that a pass over them is about: those held against the baseline, or against the anchor.
struct confirming {
	const struct gate *gate;
	const struct gate_options *options;
	int64_t anchor; // 0: the baseline
};

bool gate_row_is_candidate(const struct gate_row *row, bool is_beside)
{
	if (strcmp(row->metric, "time") != 0)
		return false;
	if (is_beside && row->anchor == 0)
		return row->outcome != GATE_NOT_MEASURED && row->outcome != GATE_ACCEPTED;
	return row->is_candidate &&
	       (row->outcome == GATE_REGRESSION || row->outcome == GATE_UNDECIDED ||
		       row->outcome == GATE_SLOWER);
}

size_t gate_candidates(const struct gate *gate, bool is_beside)
{
	size_t count = 0;

	for (size_t i = 0; i < gate->rows_count; i++)
		count += gate_row_is_candidate(&gate->rows[i], is_beside);
	return count;
}

static bool is_of(const struct confirming *confirming, const struct gate_row *row)
{
	return row->anchor == confirming->anchor &&
	       gate_row_is_candidate(row, confirming->options->is_beside);
}

// ---- the session

static bool machine_check(
	struct store *store, const struct gate *gate, int64_t session, struct problem *problem)
{
	char *machine;
	char *commit;
	bool is_good = gate_session_place(store, session, &machine, &commit, problem);

	if (is_good && strcmp(machine ? machine : "", gate->machine ? gate->machine : "") != 0)
		is_good = problem_set(problem, EXIT_NOT_MEASURED,
			"session %lld ran on machine %s, session %lld on %s: it confirms nothing",
			(long long)session, machine ? machine : "unknown", (long long)gate->session,
			gate->machine ? gate->machine : "unknown");
	else if (!is_good)
		problem->status = EXIT_NOT_MEASURED; // it is not what the user asked to judge
	free(machine);
	free(commit);
	return is_good;
}

static bool has_pair(const struct gate_pairs *pairs, const char *config)
{
	for (size_t i = 0; i < pairs->count; i++) {
		if (strcmp(pairs->items[i].config, config) == 0)
			return true;
	}
	return false;
}

// Each candidate's config needs both builds.
static bool pairs_check(const struct confirming *confirming, const struct gate_pairs *pairs,
	int64_t session, const char *commit, struct problem *problem)
{
	const struct gate *gate = confirming->gate;

	for (size_t i = 0; i < gate->rows_count; i++) {
		const struct gate_row *row = &gate->rows[i];

		if (!is_of(confirming, row) || has_pair(pairs, row->config))
			continue;
		return problem_set(problem, EXIT_NOT_MEASURED,
			"session %lld did not measure %s of commit %s (a side %s@COMMIT or "
			"%s=FOLDER) beside that of commit %s: it confirms nothing",
			(long long)session, row->config, commit ? commit : "unknown", row->config,
			row->config, gate->session_commit ? gate->session_commit : "unknown");
	}
	return true;
}

// ---- its rows

// Whether a sample is of a candidate. Only these are corrected for.
static bool is_of_candidate(const struct compare_sample *sample, const void *context)
{
	const struct confirming *confirming = context;

	for (size_t i = 0; i < confirming->gate->rows_count; i++) {
		const struct gate_row *row = &confirming->gate->rows[i];

		if (is_of(confirming, row) && strcmp(row->config, sample->config) == 0 &&
			strcmp(row->series, sample->series) == 0)
			return true;
	}
	return false;
}

// The row side by side; NULL where there is none.
static const struct compare_row *row_find(
	const struct comparison *comparison, const struct gate_row *row)
{
	for (size_t i = 0; i < comparison->rows_count; i++) {
		const struct compare_row *fresh = &comparison->rows[i];

		if (strcmp(fresh->series, row->series) == 0 &&
			strcmp(fresh->config, row->config) == 0)
			return fresh;
	}
	return NULL;
}

// What it was against the other night goes into the remark.
static void remark_write(struct gate_row *row)
{
	char text[256];
	char ratio[FIGURE_SIZE];
	char low[FIGURE_SIZE];
	char high[FIGURE_SIZE];

	(void)snprintf(text, sizeof(text), "%s; against the %s's night: %s (%s to %s)",
		row->outcome == GATE_UNCONFIRMED ? "not side by side" : "side by side",
		row->anchor ? "anchor" : "baseline", ratio_text(row->night_ratio, ratio),
		ratio_text(row->night_low, low), ratio_text(row->night_high, high));
	gate_row_remark(row, text);
}

// The row becomes what it is side by side.
static void row_take(struct gate_row *row, const struct compare_row *fresh, double alpha)
{
	row->is_beside = true;
	row->night_ratio = row->ratio;
	row->night_low = row->ratio_low;
	row->night_high = row->ratio_high;
	gate_row_figures(row, fresh, alpha);
}

static void row_confirm(const struct confirming *confirming, struct gate_row *row,
	const struct compare_row *fresh, double alpha)
{
	if (!fresh) { // by nights it stays what it is
		gate_row_remark(row, "side by side it was not measured");
		if (confirming->options->is_beside)
			row->outcome = GATE_NOT_MEASURED;
		return;
	}
	row_take(row, fresh, alpha);
	if (!confirming->options->is_beside && row->outcome != GATE_REGRESSION)
		row->outcome = GATE_UNCONFIRMED;
	remark_write(row);
}

static bool rows_confirm(struct store *store, const struct confirming *confirming,
	struct gate *gate, int64_t session, const struct gate_pairs *pairs, struct problem *problem)
{
	const struct gate_options *options = confirming->options;
	struct comparison *comparison =
		gate_beside_load(store, options, gate, session, pairs, problem);
	struct problem refusal = {0};

	if (!comparison)
		return false;
	compare_samples_keep(&comparison->samples, is_of_candidate, confirming);
	(void)gate_beside_judge(comparison, options, &refusal); // no row: nothing is told
	for (size_t i = 0; i < gate->rows_count; i++) {
		if (is_of(confirming, &gate->rows[i]))
			row_confirm(confirming, &gate->rows[i],
				row_find(comparison, &gate->rows[i]), comparison->alpha);
	}
	comparison_free(comparison);
	return true;
}

// ---- all

static bool confirm(struct store *store, const struct confirming *confirming, struct gate *gate,
	int64_t session, const char *commit, struct problem *problem)
{
	struct gate_pairs pairs;
	bool is_good = gate_pairs_of_commit(store, gate, session, commit, &pairs, problem);

	if (!is_good)
		return false;
	is_good = pairs_check(confirming, &pairs, session, commit, problem) &&
		  rows_confirm(store, confirming, gate, session, &pairs, problem);
	gate_pairs_free(&pairs);
	return is_good;
}

bool gate_confirm(struct store *store, const struct gate_options *options, struct gate *gate,
	int64_t session, struct problem *problem)
{
	struct gate_options shared = *options;
	struct confirming confirming = {.gate = gate, .options = &shared};

	shared.alpha = gate_alpha(gate, options->alpha, false);

	if (!machine_check(store, gate, session, problem) ||
		!confirm(store, &confirming, gate, session, gate->baseline_commit, problem))
		return false;
	gate->confirmed_by = session;
	confirming.anchor = gate->anchor;
	shared.alpha = gate_alpha(gate, options->alpha, true);
	return gate->anchor == 0 ||
	       confirm(store, &confirming, gate, session, gate->anchor_commit, problem);
}
