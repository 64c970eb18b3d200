// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark run`: from the words of the user to a session in the store. Entry: run_command. Who
// runs when is run/plan.c's, running it is run/session.c's.
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "command.h"
#include "harness/run/duration.h"
#include "harness/run/record.h"
#include "harness/run/selection.h"
#include "harness/run/until.h"
#include "results/compare/looks.h"
#include "rows.h"

enum { ROUNDS_UNTIL_VERDICT = 40 };

static int plan_show(const struct command_call *call, const struct plan *plan);
static int plan_run(const struct command_call *call, const struct selection *selection,
	const struct plan_choice *choice, const struct plan *plan, struct problem *problem);

static struct selection_request request_of(const struct command_call *call)
{
	struct selection_request request;

	request.configs = call_list(call, "config", &request.configs_count);
	request.workloads = call_list(call, "workload", &request.workloads_count);
	request.settings = call_list(call, "set", &request.settings_count);
	return request;
}

static int rounds_of(const struct command_call *call)
{
	if (call_has(call, "until") && !call_has(call, "rounds"))
		return ROUNDS_UNTIL_VERDICT;
	return (int)call_integer(call, "rounds");
}

static struct plan_choice choice_of(
	const struct command_call *call, const struct selection *selection)
{
	return (struct plan_choice){
		.configs = selection->configs,
		.configs_count = selection->configs_count,
		.workloads = selection->workloads,
		.workloads_count = selection->workloads_count,
		.has = selection->has,
		.rounds = rounds_of(call),
		.seed = call_has(call, "seed") ? (uint64_t)call_integer(call, "seed")
					       : record_seed_draw(),
	};
}

// Options of Google Benchmark that would undo what a measured process is told.
static bool passed_check(const struct command_call *call, struct problem *problem)
{
	static const struct {
		const char *option;
		const char *instead;
	} taken[] = {
		{"--benchmark_filter", "choose with --workload and --set"},
		{"--benchmark_format", "the store needs JSON"},
		{"--benchmark_min_time", "use --min-time"},
		{"--benchmark_list_tests", "use 'slabmark list'"},
		{"--benchmark_out",
			"every process would overwrite the file; the store keeps all of it"},
		{"--slabmark_", "slabmark passes these itself"},
		{"--help", "call slabmark-run-CONFIG --help"},
	};

	for (size_t i = 0; i < call->passed_count; i++)
		for (size_t j = 0; j < sizeof(taken) / sizeof(taken[0]); j++)
			if (strncmp(call->passed[i], taken[j].option, strlen(taken[j].option)) == 0)
				return problem_set(problem, EXIT_WRONG_USE,
					"%s can't be passed on: %s", call->passed[i],
					taken[j].instead);
	return true;
}

static bool times_check(const struct command_call *call, struct problem *problem)
{
	if (call_real(call, "timeout") > call_real(call, "min-time"))
		return true;
	return problem_set(problem, EXIT_WRONG_USE, "--timeout=%g must be more than --min-time=%g",
		call_real(call, "timeout"), call_real(call, "min-time"));
}

// What belongs to --until=verdict alone, and what that needs.
static bool until_check(const struct command_call *call, struct problem *problem)
{
	static const char *const own[] = {"look-every", "margin", "stubborn"};
	size_t configs = 0;

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (call_has(call, own[i]) && !call_has(call, "until"))
			return problem_set(problem, EXIT_WRONG_USE,
				"--%s is about looks at the results; add --until=verdict", own[i]);
	call_list(call, "config", &configs);
	if (call_has(call, "until") && configs < 2)
		return problem_set(problem, EXIT_WRONG_USE,
			"--until=verdict compares, and --config=%s names nothing to compare with",
			call_text(call, "config"));
	return true;
}

static int run(const struct command_call *call, struct problem *problem)
{
	struct selection selection;
	struct selection_request request = request_of(call);
	struct plan plan;

	if (!passed_check(call, problem) || !times_check(call, problem) ||
		!until_check(call, problem) || !selection_make(&selection, &request, problem))
		return problem->status;
	struct plan_choice choice = choice_of(call, &selection);
	int status = EXIT_NOT_MEASURED;
	if (!plan_make(&plan, &choice))
		problem_set(problem, EXIT_NOT_MEASURED, "no memory for the plan");
	else if (call_has(call, "dry-run"))
		status = plan_show(call, &plan);
	else
		status = plan_run(call, &selection, &choice, &plan, problem);
	plan_free(&plan);
	selection_free(&selection);
	return status;
}

// ---- dry run

static int plan_show(const struct command_call *call, const struct plan *plan)
{
	fprintf(call->output, "round\tposition\tworkload\tconfig\tseed\tpadding_bytes\n");
	for (size_t i = 0; i < plan->count; i++) {
		const struct plan_step *step = &plan->steps[i];

		fprintf(call->output, "%d\t%d\t%s\t%s\t%llu\t%zu\n", step->round, step->position,
			step->workload, step->config, (unsigned long long)step->workload_seed,
			step->padding_bytes);
	}
	return EXIT_GOOD;
}

// ---- the run

// How it went, and what to type next.
static void end_say(const struct record_request *request, const struct session *session)
{
	const struct selection *selection = session->selection;
	FILE *output = request->call->output;
	char *store = record_store_name(request->call);

	record_say(request, session);
	if (session->measured > 0 && selection->configs_count > 1) {
		fprintf(output, "; next: slabmark compare");
		for (size_t i = 0; i < selection->configs_count; i++)
			fprintf(output, " %s", selection->configs[i]);
		fputs(" --db=", output);
		record_word_write(output, store ? store : "STORE");
	}
	free(store);
	fputc('\n', output);
	if (session->is_out_of_time)
		fprintf(output, "the time of --budget=%s was up before the plan's end\n",
			call_text(request->call, "budget"));
}

static struct session_settings settings_of(const struct command_call *call)
{
	struct session_settings settings = {
		.command = "run",
		.min_time_s = call_real(call, "min-time"),
		.timeout_s = call_real(call, "timeout"),
		.passed = call->passed,
		.passed_count = call->passed_count,
	};

	settings.settings = call_list(call, "set", &settings.settings_count);
	return settings;
}

// Runs, says how it went, and judges what was measured where the run went on until a verdict.
static int request_run(const struct record_request *request, const struct until *until,
	struct store *store, struct problem *problem)
{
	struct session session;
	struct until_tally tally;
	int status = EXIT_NOT_MEASURED;

	if (!record_run(request, store, &session, problem)) {
		record_free(&session);
		return problem->status;
	}
	end_say(request, &session);
	if (!until || session.measured == 0) {
		status = record_verdict(&session, problem);
	} else if (until_tally(until, store, session.id, &tally, problem)) {
		until_say(until, &session, &tally, request->call->output);
		status = record_verdict(&session, problem);
	}
	record_free(&session);
	return status;
}

static int run_until_verdict(
	struct record_request *request, struct store *store, struct problem *problem)
{
	const struct command_call *call = request->call;
	const struct compare_options options = {
		.margin = call_has(call, "margin") ? call_real(call, "margin") / 100
						   : COMPARE_MARGIN_CALIBRATED,
		.alpha = COMPARE_ALPHA_DEFAULT,
	};
	const struct until_request wanted = {
		.choice = request->choice,
		.every = (size_t)call_integer(call, "look-every"),
		.options = &options,
		.is_stubborn = call_has(call, "stubborn"),
	};
	struct until until;
	int status = EXIT_NOT_MEASURED;
	json_t *looks = until_make(&until, &wanted) ? sequential_json(&until.plan) : NULL;

	request->until = looks;
	request->watch = &until.watch;
	if (looks)
		status = request_run(request, &until, store, problem);
	else
		problem_set(problem, EXIT_NOT_MEASURED, "no memory for the plan of looks");
	request->until = NULL;
	request->watch = NULL;
	json_decref(looks);
	until_free(&until);
	return status;
}

static int plan_run(const struct command_call *call, const struct selection *selection,
	const struct plan_choice *choice, const struct plan *plan, struct problem *problem)
{
	struct session_settings settings = settings_of(call);
	struct record_request request = {
		.call = call,
		.settings = &settings,
		.selection = selection,
		.choice = choice,
		.plan = plan,
	};
	struct store *store;

	if (call_has(call, "budget") &&
		!duration_read("budget", call_text(call, "budget"), &request.budget_s, problem))
		return problem->status;
	if (!store_open(&store, call_text(call, "db"), STORE_WRITE, problem))
		return problem->status;
	int status = call_has(call, "until") ? run_until_verdict(&request, store, problem)
					     : request_run(&request, NULL, store, problem);
	store_close(store);
	return status;
}

// ---- the command

static const struct option_row OPTIONS[] = {
	{.name = "config",
		.kind = OPTION_LIST,
		.argument = "CONFIG,...",
		.default_text = "default,nocolour",
		.help = "The configs to measure; 'slabmark list configs' shows them."},
	ROW_WORKLOADS("The workloads to put them through; all that can run here when not given."),
	ROW_ROUNDS("10", 1,
		"How often every workload of every config is measured, each time in a fresh "
		"process; with --until=verdict at most so often, 40 times when not given."),
	{.name = "until",
		.kind = OPTION_CHOICE,
		.choices = "verdict",
		.help = "Looks at the results between rounds and goes on with what is undecided "
			"alone."},
	{.name = "look-every",
		.kind = OPTION_INTEGER,
		.argument = "N",
		.default_text = "2",
		.minimum = 1,
		.maximum = 100000,
		.help = "Rounds from one look to the next, with --until=verdict."},
	ROW_MARGIN(0.01, ", with --until=verdict"),
	{.name = "stubborn",
		.kind = OPTION_SWITCH,
		.help = "With --until=verdict: goes on with rows, too, that the rounds left would "
			"hardly decide."},
	{.name = "budget",
		.kind = OPTION_TEXT,
		.argument = "TIME",
		.help = "No process is started after this time (90s, 10m, 2h); the session then "
			"has what was measured until then."},
	ROW_MIN_TIME(""),
	ROW_TIMEOUT("A process", "failed"),
	ROW_SEED,
	ROW_SET,
	ROW_DB(" that the results go into", "; made when missing"),
	{.name = "dry-run",
		.kind = OPTION_SWITCH,
		.help = "Prints the plan as a table and measures nothing."},
	{0},
};

const struct command run_command = {
	.name = "run",
	.summary = "Measure configs under workloads, into the store.",
	.passed = "BENCHMARK_OPTION...",
	.description =
		"Measures in rounds. In each round every workload of every config runs once, in a "
		"fresh process and in "
		"shuffled order: for one workload after the other, the compared configs close in "
		"time. Address layout and "
		"the environment's size differ from process to process on purpose; their luck is "
		"part of the spread.\n\n"
		"With --until=verdict it looks at the results every few rounds, from the first at "
		"which they can tell anything, and gives further rounds only to comparisons that "
		"are neither changed nor equivalent yet. Each look may claim only as much as "
		"keeps false alarms where a single look at the end would have them (Lan and "
		"DeMets' spending of alpha, O'Brien-Fleming type); 'slabmark compare' judges such "
		"a session by the same levels. It ends when all is decided, at --rounds, or when "
		"--budget is up, and says what was spent and saved.\n\n"
		"Each process goes into the store as it ends. One that fails is reported, counted, "
		"and the run goes on; the "
		"exit status is then 3.\n\n"
		"Ctrl-C (or SIGTERM) once: the process in flight is finished and stored, the "
		"session ends as interrupted, "
		"and the exit status is 130. Twice: the process in flight is stopped and lost, "
		"nothing else.\n\n"
		"What follows -- goes to the measured programs: Google Benchmark's own options.",
	.options = OPTIONS,
	.run = run,
};
