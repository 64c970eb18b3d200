// SPDX-License-Identifier: GPL-2.0-or-later
// The second set of rounds: a session of its own, of the candidates alone, held against the same
// baseline. Entry: gate_confirm().
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/text/figure.h"

static bool confirmation_check(
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
	if (is_good &&
		strcmp(commit ? commit : "", gate->session_commit ? gate->session_commit : "") != 0)
		is_good = problem_set(problem, EXIT_NOT_MEASURED,
			"session %lld ran commit %s, session %lld commit %s: it confirms nothing",
			(long long)session, commit ? commit : "unknown", (long long)gate->session,
			gate->session_commit ? gate->session_commit : "unknown");
	free(machine);
	free(commit);
	return is_good;
}

// Whether a sample is of a candidate. Only these are corrected for.
static bool is_of_candidate(const struct compare_sample *sample, const void *context)
{
	const struct gate *gate = context;

	for (size_t i = 0; i < gate->rows_count; i++) {
		const struct gate_row *row = &gate->rows[i];

		if (row->outcome == GATE_REGRESSION && strcmp(row->metric, "time") == 0 &&
			strcmp(row->config, sample->config) == 0 &&
			strcmp(row->series, sample->series) == 0)
			return true;
	}
	return false;
}

// The row of the fresh rounds; NULL where they have none.
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

static void row_confirm(struct gate_row *row, const struct compare_row *fresh)
{
	char remark[256];
	char ratio[FIGURE_SIZE];
	char low[FIGURE_SIZE];
	char high[FIGURE_SIZE];
	bool is_slower;

	if (!fresh) {
		row->remark = strdup("the second set of rounds did not measure it");
		return; // what is not contradicted stays
	}
	is_slower = gate_outcome_of(fresh) == GATE_REGRESSION;
	(void)snprintf(remark, sizeof(remark), "%s in a second set of rounds: %s (%s to %s)",
		is_slower ? "again" : "not", ratio_text(fresh->ratio, ratio),
		ratio_text(fresh->ratio_low, low), ratio_text(fresh->ratio_high, high));
	if (!is_slower)
		row->outcome = GATE_UNCONFIRMED;
	free(row->remark);
	row->remark = strdup(remark);
}

bool gate_confirm(struct store *store, const struct gate_options *options, struct gate *gate,
	int64_t session, struct problem *problem)
{
	const struct compare_options judging = {.margin = options->margin, .alpha = options->alpha};
	struct comparison *comparison;
	struct problem refusal = {0};

	if (!confirmation_check(store, gate, session, problem))
		return false;
	comparison = gate_comparison_load(store, options, gate, session, problem);
	if (!comparison)
		return false;
	compare_samples_keep(&comparison->samples, is_of_candidate, gate);
	(void)comparison_judge(comparison, &judging, &refusal); // no row: nothing is contradicted
	for (size_t i = 0; i < gate->rows_count; i++) {
		struct gate_row *row = &gate->rows[i];

		if (row->outcome == GATE_REGRESSION && strcmp(row->metric, "time") == 0)
			row_confirm(row, row_find(comparison, row));
	}
	gate->confirmed_by = session;
	comparison_free(comparison);
	return true;
}
