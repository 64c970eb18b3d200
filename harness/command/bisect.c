// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark bisect`: which commit made a series slower. Entry: bisect_command. git chooses the
// commits (harness/run/bisection.c), trials against the good one judge them (harness/run/trial.c).
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "harness/run/bisection.h"
#include "harness/run/duration.h"
#include "harness/run/session.h"
#include "harness/run/trial.h"
#include "open_store.h"
#include "rows.h"
#include "run_options.h"

enum { LOOK_EVERY = 2 }; // rounds

struct search {
	const struct command_call *call;
	struct store *store;
	struct bisection bisection;
	const char *series;
	const char *workload; // of the series
	char workload_text[128];
	double budget_s; // of a commit
};

// ---- one commit

static const char *answer_word(enum trial_answer answer)
{
	static const char *const words[] = {[TRIAL_SLOWER] = "slower",
		[TRIAL_NOT_SLOWER] = "not slower",
		[TRIAL_UNDECIDED] = "undecided"};

	return words[answer];
}

static const struct compare_row *row_of(const struct comparison *comparison, const char *series)
{
	for (size_t i = 0; i < comparison->rows_count; i++)
		if (strcmp(comparison->rows[i].name, series) == 0)
			return &comparison->rows[i];
	return NULL;
}

static bool series_answer(const struct search *search, const struct trial *trial,
	const char *commit, enum trial_answer *answer, struct problem *problem)
{
	const struct compare_row *row = row_of(trial->comparison, search->series);

	if (!row)
		return problem_set(problem, EXIT_WRONG_USE,
			"no series is called '%s' in %.12s; 'slabmark list' shows what there is",
			search->series, commit);
	*answer = trial_answer_of(trial->comparison, search->series);
	fprintf(search->call->output, "%.12s  %-10s  %.3f (%.3f to %.3f)  session %lld\n", commit,
		answer_word(*answer), row->ratio, row->ratio_low, row->ratio_high,
		(long long)trial->session);
	fflush(search->call->output);
	return true;
}

// What a commit is held against, for a trial; false where an option is wrong. The run, for the trial to
// free or, when false, freed.
static bool run_begin(const struct search *search, struct run *run, struct problem *problem)
{
	*run = run_of_call(search->call);
	run->budget_s = search->budget_s;
	run->store = search->store;
	if (run_settings_read(run, search->call, problem))
		return true;
	run_free(run);
	return false;
}

static struct trial_request request_of(
	const struct search *search, const char *base, const char *commit, struct texts counters)
{
	const struct command_call *call = search->call;

	return (struct trial_request){
		.config = call_text(call, "config"),
		.base = base,
		.other = commit,
		.workloads = {&search->workload, 1},
		.every = LOOK_EVERY,
		.margin = call_has(call, "margin") ? call_real(call, "margin") / 100
						   : COMPARE_MARGIN_CALIBRATED,
		.counters = counters,
	};
}

// Measures a commit beside another one, in so many rounds at most. trial_free() in any case.
static bool measure(const struct search *search, const char *base, const char *commit, int rounds,
	struct texts counters, struct trial *trial, struct problem *problem)
{
	const struct trial_request request = request_of(search, base, commit, counters);
	struct run run;

	*trial = (struct trial){.status = EXIT_NOT_MEASURED};
	if (!run_begin(search, &run, problem))
		return false;
	run.rounds = rounds;
	return trial_run(trial, &run, &request, problem);
}

static bool try_once(const struct search *search, const char *commit, int rounds,
	enum trial_answer *answer, struct problem *problem)
{
	struct trial trial;
	bool is_good = measure(
		search, search->bisection.good, commit, rounds, (struct texts){0}, &trial, problem);

	if (is_good && trial.status == EXIT_INTERRUPTED)
		is_good = problem_set(problem, EXIT_INTERRUPTED,
			"interrupted; the same command goes on from here");
	is_good = is_good && series_answer(search, &trial, commit, answer, problem);
	trial_free(&trial);
	return is_good;
}

// An answer that the rounds do not give is asked for with four times as many.
static bool try_commit(const struct search *search, const char *commit, enum trial_answer *answer,
	struct problem *problem)
{
	int rounds = (int)call_integer(search->call, "rounds");

	return try_once(search, commit, rounds, answer, problem) &&
	       (*answer != TRIAL_UNDECIDED ||
		       try_once(search, commit, 4 * rounds, answer, problem));
}

// ---- all of them

// The two ends first: what does not differ there has no first bad commit.
static int ends_check(struct search *search, struct problem *problem)
{
	enum trial_answer answer;

	if (!try_commit(search, search->bisection.bad, &answer, problem))
		return problem->status;
	if (answer == TRIAL_SLOWER)
		return EXIT_GOOD;
	problem_set(problem, answer == TRIAL_UNDECIDED ? EXIT_UNDECIDED : EXIT_REGRESSION,
		"%s: %.12s is %s against %.12s, so there is no commit to find", search->series,
		search->bisection.bad, answer_word(answer), search->bisection.good);
	return problem->status;
}

// A commit that cannot be built or measured says nothing: git is told to skip it.
static bool step(struct search *search, struct problem *problem)
{
	static const enum bisection_word words[] = {[TRIAL_SLOWER] = BISECTION_BAD,
		[TRIAL_NOT_SLOWER] = BISECTION_GOOD,
		[TRIAL_UNDECIDED] = BISECTION_SKIP};
	char commit[COMMIT_NAME_SIZE];
	enum trial_answer answer = TRIAL_UNDECIDED;
	struct problem trouble = {0};

	if (!bisection_next(commit, problem))
		return false;
	if (!try_commit(search, commit, &answer, &trouble)) {
		if ((int)trouble.status == EXIT_INTERRUPTED)
			return problem_set(problem, trouble.status, "%s", trouble.text);
		answer = TRIAL_UNDECIDED;
		fprintf(search->call->output, "%.12s  skipped     %s\n", commit, trouble.text);
	}
	return bisection_tell(&search->bisection, commit, words[answer], problem);
}

// Which functions ran more instructions. Where that cannot be simulated, the search has still found
// its commit.
static void functions_show(const struct search *search, const char *base)
{
	const struct trial_request request =
		request_of(search, base, search->bisection.found, (struct texts){0});
	FILE *output = search->call->output;
	struct functions functions[2] = {{0}};
	struct problem trouble = {0};
	struct run run;

	fflush(output);
	if (run_begin(search, &run, &trouble) &&
		trial_simulate(&run, &request, functions, &trouble)) {
		fprintf(output,
			"\ninstructions by function in a run of %s, simulated by callgrind:\n",
			search->workload);
		functions_compare(&functions[0], &functions[1], output);
	} else {
		fprintf(output, "\nno instructions by function: %s\n", trouble.text);
	}
	for (size_t i = 0; i < 2; i++)
		functions_free(&functions[i]);
}

// What differs between the first bad commit and the one before it, every counter that both have.
static bool difference_show(const struct search *search, struct problem *problem)
{
	static const char *const all[] = {"all"};
	char before[COMMIT_NAME_SIZE + 2];
	char base[COMMIT_NAME_SIZE];
	struct trial trial;

	snprintf(before, sizeof(before), "%s^", search->bisection.found);
	if (!revision_parse(before, base, problem))
		return false;
	bool is_good = measure(search, base, search->bisection.found,
		(int)call_integer(search->call, "rounds"), (struct texts){all, 1}, &trial, problem);
	if (is_good) {
		compare_text(trial.comparison, search->call->output, false);
		functions_show(search, base);
	}
	trial_free(&trial);
	return is_good;
}

static int found_say(const struct search *search, struct problem *problem)
{
	const char *found = search->bisection.found;
	FILE *output = search->call->output;

	if (*found == '\0') {
		problem_set(problem, EXIT_UNDECIDED,
			"only skipped commits are left: 'git bisect log' names them");
		return EXIT_UNDECIDED;
	}
	fprintf(output, "\n%s is the first slower commit of %s\n\n", found, search->series);
	if (!bisection_end(problem) || !difference_show(search, problem))
		return problem->status;
	fprintf(output,
		"\nby simulation: slabmark run --simulate --config=%s@%.12s^,%s@%.12s "
		"--workload=%s\n",
		call_text(search->call, "config"), found, call_text(search->call, "config"), found,
		search->workload);
	return EXIT_GOOD;
}

static int search_all(struct search *search, struct problem *problem)
{
	int status = EXIT_GOOD;

	if (!bisection_look(&search->bisection, problem))
		return problem->status;
	if (!search->bisection.is_resumed)
		status = ends_check(search, problem);
	if (status == EXIT_GOOD && !search->bisection.is_resumed &&
		!bisection_begin(&search->bisection, problem))
		status = problem->status;
	while (status == EXIT_GOOD && !search->bisection.is_done)
		if (!step(search, problem))
			status = problem->status;
	return status == EXIT_GOOD ? found_say(search, problem) : status;
}

// ---- the command

static bool workload_of_series(struct search *search, struct problem *problem)
{
	size_t length = strcspn(search->series, "/");

	if (length == 0 || length >= sizeof(search->workload_text))
		return problem_set(problem, EXIT_WRONG_USE,
			"--series=%s is no series; 'slabmark list' shows what there is, such as "
			"pair/size:192",
			search->series);
	snprintf(search->workload_text, sizeof(search->workload_text), "%.*s", (int)length,
		search->series);
	search->workload = search->workload_text;
	return true;
}

// Wrong options are refused at once: a trial that fails for them would have git skip the commit.
static bool options_check(struct search *search, struct problem *problem)
{
	struct run run = run_of_call(search->call);
	bool is_good = run_settings_read(&run, search->call, problem) &&
		       duration_read("budget", call_text(search->call, "budget"), &search->budget_s,
			       problem);

	run_free(&run);
	return is_good;
}

static int run(const struct command_call *call, struct problem *problem)
{
	struct search search = {.call = call, .series = call_text(call, "series")};
	int status;

	if (!search.series) {
		problem_set(problem, EXIT_WRONG_USE, "--series names what became slower");
		return EXIT_WRONG_USE;
	}
	if (!workload_of_series(&search, problem) || !options_check(&search, problem) ||
		!revision_parse(call->operands[0], search.bisection.good, problem) ||
		!revision_parse(call->operands[1], search.bisection.bad, problem) ||
		!run_may_begin(call, problem) ||
		!open_store_for_writing(call, call_text(call, "db"), &search.store, problem))
		return problem->status;
	status = search_all(&search, problem);
	store_close(search.store);
	return status;
}

static const struct option_row OPTIONS[] = {
	{.name = "series",
		.kind = OPTION_TEXT,
		.argument = "SERIES",
		.help = "The benchmark that became slower, as 'slabmark compare' calls it: "
			"pair/size:192."},
	ROW_CONFIG("The config that is built of each commit."),
	ROW_ROUNDS("40", 2,
		"How many rounds a commit gets at most; four times as many where these do not "
		"tell."),
	ROW_MARGIN(0.01, ""),
	{.name = "budget",
		.kind = OPTION_TEXT,
		.argument = "TIME",
		.default_text = "30m",
		.help = "The most that one commit's rounds may take (90s, 10m, 2h)."},
	ROW_MIN_TIME(""),
	ROW_TIMEOUT("A process", "failed"),
	ROWS_SESSION,
	ROWS_BENCHMARKS,
	ROW_DB(" that the results go into", "; made when missing"),
	{0},
};

const struct command bisect_command = {
	.name = "bisect",
	.summary = "Find the commit that made a series slower.",
	.operands = "GOOD BAD",
	.operands_min = 2,
	.operands_max = 2,
	.description =
		"GOOD and BAD are commits, GOOD an ancestor of BAD. First BAD is tried: it must be "
		"slower than GOOD. Then git chooses a commit between them, it is built (builds are "
		"kept), measured beside GOOD until a verdict, and git is told; so on until one is "
		"left. A commit that cannot be built, or that many rounds do not tell, is skipped. "
		"At the end the first slower commit is measured beside the one before it, with "
		"every counter that both have, and the instructions of each function as "
		"callgrind simulates them.\n\n"
		"The state is git's: 'git bisect log' shows it, 'git bisect reset' ends it, and "
		"the same command goes on where it was stopped. The working tree is not "
		"touched.\n\n"
		"Exit status: 0 found, 1 BAD is not slower than GOOD, 4 it cannot be told.",
	.options = OPTIONS,
	.run = run,
};
