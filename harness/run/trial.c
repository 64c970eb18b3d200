// SPDX-License-Identifier: GPL-2.0-or-later
// Measures one commit beside another and answers. Entries: trial_run(), trial_simulate().
#include "trial.h"

#include <stdlib.h>
#include <string.h>

#include "results/text/memory.h"
#include "session.h"
#include "until.h"

enum { SIDE_SIZE = 256, ROWS_SHOWN = 10 };

// ---- measuring

static bool measure(struct trial *trial, struct run *run, const struct trial_request *request,
	struct problem *problem)
{
	const struct compare_options options = {
		.margin = request->margin, .alpha = COMPARE_ALPHA_DEFAULT};
	const struct until_request wanted = {
		.run = run, .every = request->every, .options = &options};
	struct session session;
	struct until until;
	bool is_good = until_make(&until, &wanted) || no_memory(problem, "the looks");

	if (is_good) {
		run->watch = &until.watch;
		is_good = session_measure(run, &session, problem);
		trial->session = session.id;
		trial->status = is_good ? session_status(&session, problem) : (int)problem->status;
		is_good = is_good && session.measured > 0;
		session_free(&session);
		run->watch = NULL;
	}
	until_free(&until);
	return is_good;
}

static bool judge(struct trial *trial, const struct run *run, const struct trial_request *request,
	struct problem *problem)
{
	const char *const sides[] = {run->selection.labels[0], run->selection.labels[1]};
	const struct compare_options options = {
		.sides = sides,
		.sides_count = 2,
		.session = trial->session,
		.margin = request->margin,
		.alpha = COMPARE_ALPHA_DEFAULT,
		.counters = request->counters.items,
		.counters_count = request->counters.count,
	};

	if (!compare_make(run->store, &options, &trial->comparison, problem)) {
		if (trial->status == EXIT_NOT_MEASURED)
			problem_set(problem, EXIT_NOT_MEASURED,
				"processes of %s or %s failed, so the two cannot be compared",
				sides[0], sides[1]);
		return false;
	}
	trial->answer = trial_answer_of(trial->comparison, NULL);
	return true;
}

// Both commits of the request, as sides.
static bool sides_plan(
	struct run *run, const struct trial_request *request, struct problem *problem)
{
	char base[SIDE_SIZE];
	char other[SIDE_SIZE];
	const char *const sides[] = {base, other};

	snprintf(base, sizeof(base), "%s@%s", request->config, request->base);
	snprintf(other, sizeof(other), "%s@%s", request->config, request->other);
	return run_select(run, (struct texts){sides, 2}, request->workloads, problem) &&
	       run_plan(run, problem);
}

bool trial_run(struct trial *trial, struct run *run, const struct trial_request *request,
	struct problem *problem)
{
	*trial = (struct trial){.status = EXIT_NOT_MEASURED};
	run->purpose = "trial";
	bool is_good = sides_plan(run, request, problem) && measure(trial, run, request, problem) &&
		       judge(trial, run, request, problem);
	run_free(run);
	return is_good;
}

void trial_free(struct trial *trial)
{
	comparison_free(trial->comparison);
	trial->comparison = NULL;
}

// ---- simulating

static bool simulation_judge(
	const struct session *session, const struct functions functions[2], struct problem *problem)
{
	int status = session_status(session, problem);

	if (status == EXIT_INTERRUPTED)
		return problem_set(problem, EXIT_INTERRUPTED, "interrupted");
	return status == EXIT_GOOD &&
	       ((functions[0].count > 0 && functions[1].count > 0) ||
		       problem_set(problem, EXIT_NOT_MEASURED, "no instructions were counted"));
}

bool trial_simulate(struct run *run, const struct trial_request *request,
	struct functions functions[2], struct problem *problem)
{
	static const struct simulated_caches caches = {SIMULATED_I1, SIMULATED_D1, SIMULATED_LL};
	struct callgrind callgrind;
	struct session session = {0};

	run->rounds = 1;
	run->seed = SIMULATION_SEED;
	run->functions = functions;
	bool is_good =
		run_simulate(run, &callgrind, &caches, SIMULATED_OPERATIONS, false, problem) &&
		sides_plan(run, request, problem) && session_measure(run, &session, problem) &&
		simulation_judge(&session, functions, problem);
	session_free(&session);
	callgrind_close(&callgrind);
	run_free(run);
	return is_good;
}

// ---- answering

static bool is_slower(const struct compare_row *row)
{
	return row->verdict == VERDICT_CHANGED && row->ratio > 1;
}

// Whether a row could still be slower by more than its margin: it is not decided, and its interval
// reaches beyond, or holds less than it should.
static bool is_open(const struct compare_row *row)
{
	bool is_decided = row->verdict == VERDICT_CHANGED || row->verdict == VERDICT_EQUIVALENT;

	return !is_decided &&
	       (row->confidence < COMPARE_CONFIDENCE || !(row->ratio_high <= 1 + row->margin));
}

enum trial_answer trial_answer_of(const struct comparison *comparison, const char *series)
{
	enum trial_answer answer = TRIAL_NOT_SLOWER;
	bool has_row = false;

	for (size_t i = 0; i < comparison->rows_count; i++) {
		const struct compare_row *row = &comparison->rows[i];

		if (series && strcmp(row->name, series) != 0)
			continue;
		has_row = true;
		if (is_slower(row))
			return TRIAL_SLOWER;
		if (is_open(row))
			answer = TRIAL_UNDECIDED;
	}
	return has_row ? answer : TRIAL_UNDECIDED;
}

static void row_say(const struct compare_row *row, FILE *output)
{
	fprintf(output, "  %-44s %.3f (%.3f to %.3f)\n", row->name, row->ratio, row->ratio_low,
		row->ratio_high);
}

static int by_ratio_falling(const void *a, const void *b)
{
	double x = (*(const struct compare_row *const *)a)->ratio;
	double y = (*(const struct compare_row *const *)b)->ratio;

	return (x < y) - (x > y);
}

// The rows for which `is` holds, largest ratio first; returns how many there are.
static size_t rows_say(const struct comparison *comparison,
	bool (*is)(const struct compare_row *row), FILE *output)
{
	const struct compare_row **rows = calloc(comparison->rows_count + 1, sizeof(const void *));
	size_t count = 0;

	if (!rows)
		return 0;
	for (size_t i = 0; i < comparison->rows_count; i++)
		if (is(&comparison->rows[i]))
			rows[count++] = &comparison->rows[i];
	qsort(rows, count, sizeof(const void *), by_ratio_falling);
	for (size_t i = 0; i < count && i < ROWS_SHOWN; i++)
		row_say(rows[i], output);
	if (count > ROWS_SHOWN)
		fprintf(output, "  and %zu more\n", count - ROWS_SHOWN);
	free(rows);
	return count;
}

void trial_say(const struct trial *trial, FILE *output)
{
	const struct comparison *comparison = trial->comparison;
	const char *other = comparison->sides[1];
	const char *base = comparison->sides[0];

	switch (trial->answer) {
	case TRIAL_SLOWER:
		fprintf(output, "slower: %s takes longer than %s, beyond chance and margin, in\n",
			other, base);
		rows_say(comparison, is_slower, output);
		break;
	case TRIAL_NOT_SLOWER:
		fprintf(output, "not slower: %s against %s, in %zu benchmark%s\n", other, base,
			comparison->rows_count, comparison->rows_count == 1 ? "" : "s");
		break;
	case TRIAL_UNDECIDED:
		fprintf(output,
			"undecided: the rounds do not tell whether %s is slower than %s in\n",
			other, base);
		rows_say(comparison, is_open, output);
		break;
	}
}
