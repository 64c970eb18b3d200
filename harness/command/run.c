// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark run`: from the words of the user to a session in the store. Entry: run_command.
// run/plan.c says who runs when, and run/session.c runs it.
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "harness/run/counter_list.h"
#include "harness/run/counts.h"
#include "harness/run/dry_run.h"
#include "harness/run/duration.h"
#include "harness/run/session.h"
#include "harness/run/until.h"
#include "open_store.h"
#include "results/text/memory.h"
#include "results/text/side.h"
#include "rows.h"
#include "run_options.h"

enum { ROUNDS_UNTIL_VERDICT = 40 };

static int plan_run(const struct command_call *call, struct run *run, struct problem *problem);

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

// Rounds take the layouts in turn, so that each has as many.
static bool layouts_read(struct run *run, const struct command_call *call, struct problem *problem)
{
	int layouts;

	if (!call_has(call, "layouts"))
		return true;
	layouts = (int)call_integer(call, "layouts");
	run->layouts = (size_t)layouts;
	run->layouts_seed = call_has(call, "seed") ? (uint64_t)call_integer(call, "seed") : 1;
	if (call_has(call, "until"))
		return problem_set(problem, EXIT_WRONG_USE,
			"--until=verdict looks at rounds, and with --layouts a layout is the unit: "
			"leave one out");
	if (call_has(call, "rounds") && call_integer(call, "rounds") % layouts != 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"--rounds=%d: each of %d layouts needs as many rounds; expected a multiple "
			"of %d",
			(int)call_integer(call, "rounds"), layouts, layouts);
	return true;
}

static bool budget_read(struct run *run, const struct command_call *call, struct problem *problem)
{
	return !call_has(call, "budget") ||
	       duration_read("budget", call_text(call, "budget"), &run->budget_s, problem);
}

// Looks the counters up before anything runs, and says of each that is missing why.
static bool counters_check(
	struct run *run, const struct command_call *call, struct problem *problem)
{
	json_t *list;
	const json_t *counter;
	size_t i;

	if (!call_has(call, "counters"))
		return true;
	run->counters = call_text(call, "counters");
	if (!counter_list_ask(&run->selection.sides[0].program, run->counters, &list, problem))
		return false;
	json_array_foreach(json_object_get(list, "counters"), i, counter)
	{
		if (counter_is_missing(counter))
			fprintf(stderr, "slabmark run: not counted: %s: %s\n",
				counter_text(counter, "name"), counter_text(counter, "reason"));
	}
	json_decref(list);
	return true;
}

// What perf slows down is kept for its own purpose: no result.
static bool profile_check(struct run *run, struct profile *profile, const struct command_call *call,
	struct problem *problem)
{
	if (!call_has(call, "perf-record"))
		return true;
	if (call_has(call, "until"))
		return problem_set(problem, EXIT_WRONG_USE,
			"--perf-record measures for a profile, and --until=verdict for a verdict: "
			"leave one out");
	run->profile = profile;
	run->purpose = "profile";
	return call_has(call, "dry-run") ||
	       profile_open(profile, call_text(call, "perf-record"), problem);
}

// What takes part in a run that is no plain measurement.
struct run_tools {
	struct profile profile;
	struct callgrind callgrind;
};

// What belongs to --simulate alone, and what goes with it no better than with a profile.
static bool simulation_check(const struct command_call *call, struct problem *problem)
{
	static const char *const own[] = {
		"simulate-i1", "simulate-d1", "simulate-ll", "simulate-operations"};
	static const struct {
		const char *name;
		const char *why;
	} barred[] = {
		{"until", "simulated figures have no noise that more rounds could lessen"},
		{"counters", "hardware counters would count the simulator"},
		{"perf-record", "perf would see the simulator"},
	};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (call_has(call, own[i]) && !call_has(call, "simulate"))
			return problem_set(problem, EXIT_WRONG_USE,
				"--%s is about simulated caches; add --simulate", own[i]);
	for (size_t i = 0; i < sizeof(barred) / sizeof(barred[0]); i++)
		if (call_has(call, barred[i].name) && call_has(call, "simulate"))
			return problem_set(problem, EXIT_WRONG_USE,
				"--simulate and --%s do not go together: %s", barred[i].name,
				barred[i].why);
	return true;
}

// Puts each process under callgrind, and holds fixed what a run draws anew where nobody says more.
static bool simulation_start(struct run *run, struct callgrind *callgrind,
	const struct command_call *call, struct problem *problem)
{
	const struct texts configs = call_texts(call, "config");
	const struct simulated_caches caches = {call_text(call, "simulate-i1"),
		call_text(call, "simulate-d1"), call_text(call, "simulate-ll")};

	if (!call_has(call, "simulate"))
		return true;
	for (size_t i = 0; i < configs.count; i++)
		if (strncmp(configs.items[i], SIDE_OF_MALLOC, strlen(SIDE_OF_MALLOC)) == 0)
			return problem_set(problem, EXIT_WRONG_USE,
				"--simulate and %s do not go together: callgrind brings a malloc "
				"of its own",
				configs.items[i]);
	return run_simulate(run, callgrind, &caches, call_text(call, "simulate-operations"),
		call_has(call, "dry-run"), problem);
}

static void simulation_hold(struct run *run, const struct command_call *call)
{
	if (!run->callgrind)
		return;
	if (!call_has(call, "rounds"))
		run->rounds = 1;
	if (!call_has(call, "seed"))
		run->seed = SIMULATION_SEED;
}

// The files that measured processes read or write behind what is there.
static bool files_tell(struct run *run, const struct command_call *call, struct problem *problem)
{
	if (call_has(call, "recording") &&
		!run_tell(run, "--slabmark_recording", call_text(call, "recording"), problem))
		return false;
	return !call_has(call, "classic") ||
	       run_tell(run, "--slabmark_classic", call_text(call, "classic"), problem);
}

static bool run_fill(struct run *run, struct run_tools *tools, const struct command_call *call,
	struct problem *problem)
{
	if (!run_passed_check(call, problem) || !until_check(call, problem) ||
		!simulation_check(call, problem) ||
		!simulation_start(run, &tools->callgrind, call, problem))
		return false;
	for (size_t i = 0; i < call->passed_count; i++)
		if (!run_tell(run, call->passed[i], NULL, problem))
			return false;
	if (!layouts_read(run, call, problem) || !files_tell(run, call, problem) ||
		!run_options_read(run, call, call_texts(call, "config"), problem))
		return false;
	if (run->layouts > 0 && !call_has(call, "rounds"))
		run->rounds +=
			((int)run->layouts - run->rounds % (int)run->layouts) % (int)run->layouts;
	simulation_hold(run, call);
	if (call_has(call, "until") && !call_has(call, "rounds"))
		run->rounds = ROUNDS_UNTIL_VERDICT;
	return budget_read(run, call, problem) && counters_check(run, call, problem) &&
	       profile_check(run, &tools->profile, call, problem) && run_plan(run, problem);
}

static int run(const struct command_call *call, struct problem *problem)
{
	struct run run = run_of_call(call);
	struct run_tools tools = {0};
	int status = EXIT_NOT_MEASURED;

	if (!run_fill(&run, &tools, call, problem))
		status = problem->status;
	else if (call_has(call, "dry-run"))
		status = dry_run_show(&run, call->output);
	else
		status = plan_run(call, &run, problem);
	callgrind_close(&tools.callgrind);
	run_free(&run);
	return status;
}

// ---- the run

// How it went, and what to type next.
static void end_say(
	const struct command_call *call, const struct run *run, const struct session *session)
{
	const struct selection *selection = &run->selection;
	char *store = run_store_name(run);

	session_say(session, call->output);
	if (session->measured > 0 && selection->sides_count > 1) {
		fprintf(call->output, "; next: slabmark compare");
		for (size_t i = 0; i < selection->sides_count; i++)
			fprintf(call->output, " %s", selection->labels[i]);
		if (run->purpose)
			fprintf(call->output, " --session=%lld%s", (long long)session->id,
				run->callgrind ? " --counters=all" : "");
		fputs(" --db=", call->output);
		run_word_write(call->output, store ? store : "STORE");
	}
	free(store);
	fputc('\n', call->output);
	if (session->is_out_of_time)
		fprintf(call->output, "the time of --budget=%s was up before the plan's end\n",
			call_text(call, "budget"));
}

// Measures, says how it went, and judges what was measured where the run went on until a verdict.
static int measure(const struct command_call *call, const struct run *run,
	const struct until *until, struct problem *problem)
{
	struct session session;
	struct until_tally tally;
	int status = EXIT_NOT_MEASURED;

	if (!session_measure(run, &session, problem)) {
		session_free(&session);
		return problem->status;
	}
	end_say(call, run, &session);
	if ((run->counters || run->callgrind) && session.measured > 0 &&
		!counts_show(&session, call->output, problem)) {
		session_free(&session);
		return problem->status;
	}
	if (!until || session.measured == 0) {
		status = session_status(&session, problem);
	} else if (until_tally(until, session.id, &tally, problem)) {
		until_say(until, &session, &tally, call->output);
		status = session_status(&session, problem);
	}
	session_free(&session);
	return status;
}

static int measure_until_verdict(
	const struct command_call *call, struct run *run, struct problem *problem)
{
	const struct compare_options options = {
		.margin = call_has(call, "margin") ? call_real(call, "margin") / 100
						   : COMPARE_MARGIN_CALIBRATED,
		.alpha = COMPARE_ALPHA_DEFAULT,
	};
	const struct until_request wanted = {
		.run = run,
		.every = (size_t)call_integer(call, "look-every"),
		.options = &options,
		.is_stubborn = call_has(call, "stubborn"),
	};
	struct until until;
	int status = EXIT_NOT_MEASURED;

	if (until_make(&until, &wanted)) {
		run->watch = &until.watch;
		status = measure(call, run, &until, problem);
		run->watch = NULL;
	} else {
		no_memory(problem, "the looks");
	}
	until_free(&until);
	return status;
}

static int plan_run(const struct command_call *call, struct run *run, struct problem *problem)
{
	if (!run_may_begin(call, problem) ||
		!open_store_for_writing(call, run->store_path, &run->store, problem))
		return problem->status;
	int status = call_has(call, "until") ? measure_until_verdict(call, run, problem)
					     : measure(call, run, NULL, problem);
	store_close(run->store);
	return status;
}

// ---- the command

static const struct option_row OPTIONS[] = {
	{.name = "config",
		.kind = OPTION_LIST,
		.argument = "SIDE,...",
		.default_text = "default,nocolour",
		.help = "The sides to measure in the same rounds. CONFIG: a config ('slabmark list "
			"configs' shows them). CONFIG@COMMIT: as a commit of the repository has "
			"it, built once and kept. CONFIG=FOLDER: the program in that folder. "
			"malloc:NAME=LIBRARY: malloc of that shared library, preloaded."},
	ROW_WORKLOADS("The workloads to put them through; all that can run here when not given."),
	ROW_ROUNDS("10", 1,
		"How often every workload of every config is measured, each time in a fresh "
		"process. With --until=verdict it is the most, and 40 when not given."),
	{.name = "layouts",
		.kind = OPTION_INTEGER,
		.argument = "K",
		.minimum = 2,
		.maximum = 999,
		.help = "Links each side K times, each time in another order of functions with "
			"other padding (drawn by --seed; the same each time when not given), and "
			"takes them in turn, a round each. 'slabmark compare' then takes a layout "
			"for its unit: the intervals hold for the code, and not for one file of "
			"it. "
			"Needs the repository, and lld; a plain CONFIG is built from its tree."},
	{.name = "until",
		.kind = OPTION_CHOICE,
		.choices = "verdict",
		.help = "Looks at the results between rounds, and measures only what is still "
			"undecided any further."},
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
		.help = "With --until=verdict: also measures rows further that the rounds which "
			"are "
			"left will hardly decide."},
	{.name = "budget",
		.kind = OPTION_TEXT,
		.argument = "TIME",
		.help = "Starts no process after this time (90s, 10m, 2h). What was measured until "
			"then is in the store."},
	ROW_MIN_TIME(""),
	ROW_TIMEOUT("A process", "failed"),
	ROWS_SESSION,
	{.name = "counters",
		.kind = OPTION_TEXT,
		.argument = "COUNTER,...",
		.help = "What to count of each thread meanwhile: presets (core, cache, tlb, numa, "
			"front, software) and events of perf and libpfm4; 'slabmark list counters' "
			"shows what there is here."},
	{.name = "simulate",
		.kind = OPTION_SWITCH,
		.help = "Runs each process under valgrind's callgrind and counts instructions and "
			"misses of simulated caches, which repeat exactly. Its times are no "
			"result. A single round, and seed 1, where you give no other. Workloads "
			"of several threads are left out."},
	{.name = "simulate-d1",
		.kind = OPTION_TEXT,
		.argument = "SIZE,WAYS,LINE",
		.default_text = SIMULATED_D1,
		.help = "The simulated first-level data cache, in bytes."},
	{.name = "simulate-i1",
		.kind = OPTION_TEXT,
		.argument = "SIZE,WAYS,LINE",
		.default_text = SIMULATED_I1,
		.help = "The simulated first-level instruction cache."},
	{.name = "simulate-ll",
		.kind = OPTION_TEXT,
		.argument = "SIZE,WAYS,LINE",
		.default_text = SIMULATED_LL,
		.help = "The simulated last-level cache."},
	{.name = "simulate-operations",
		.kind = OPTION_INTEGER,
		.argument = "N",
		.default_text = SIMULATED_OPERATIONS,
		.minimum = 1,
		.maximum = 1000000000,
		.help = "Operations of each benchmark that are simulated, rounded up to whole "
			"batches."},
	{.name = "perf-record",
		.kind = OPTION_TEXT,
		.argument = "DIR",
		.help = "Runs each process under 'perf record -g' and keeps its profile as "
			"DIR/CONFIG.WORKLOAD.ROUND.perf, for 'perf report -i'. Perf slows what "
			"it "
			"looks at, so the session is no result to compare."},
	ROWS_BENCHMARKS,
	{.name = "recording",
		.kind = OPTION_TEXT,
		.argument = "FILE",
		.help = "Plays this recording in the workload trace; 'slabmark record' makes one."},
	{.name = "classic",
		.kind = OPTION_TEXT,
		.argument = "FILE",
		.help = "Adds the lines that slab_test, slab_bulk_test and other published "
			"programs print to FILE, for each process, below a line with its config."},
	ROW_DB(" that the results go into", "; made when missing"),
	{.name = "dry-run",
		.kind = OPTION_SWITCH,
		.help = "Prints the plan as a table, says which benchmarks it has and about how "
			"long it takes, and measures nothing that is kept. For the time, each "
			"benchmark runs for a moment."},
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
		"Two commits are compared in the same rounds: --config=default@v1.0,default@HEAD, "
		"then 'slabmark compare default@COMMIT default@COMMIT'. Whatever git takes for a "
		"commit stands behind the @; the side is then called by the beginning of the "
		"commit's name. ci/build-commit of the repository builds it (SLABMARK_REPOSITORY: "
		"that of the current folder when not set). Name both sides by commit where "
		"you can: they are then built alike.\n\n"
		"With --until=verdict it looks at the results every few rounds, from the first at "
		"which they can tell anything, and gives further rounds only to comparisons that "
		"are neither changed nor equivalent yet. Who looks often is fooled by chance more "
		"often. So an early look must be surer than a late one, and all looks together "
		"have no more false alarms than one look at the end would have (Lan and DeMets' "
		"spending of alpha, O'Brien-Fleming type). 'slabmark compare' judges such a "
		"session in the same way. The run ends when all is decided, after --rounds, or "
		"when the time of --budget is up. Then it says what was spent and saved.\n\n"
		"With --counters every thread counts hardware and kernel events while it is "
		"measured. A counter must first show that it counts; one that does not, or that "
		"this machine lacks, is named with the reason and left out. More events than "
		"there are counters take turns, and are scaled by the share of the time that is "
		"shown behind them.\n\n"
		"With --simulate nothing is timed. Callgrind runs each process as on a processor "
		"with the caches of --simulate-i1, --simulate-d1 and --simulate-ll, counts "
		"only the operations, and starts counting with caches that a warm-up has "
		"filled. Environment, addresses and seed are held fixed, so that the same "
		"program gives the same figures to the last digit. Valgrind knows no "
		"restartable sequences, so the allocator locks its per-CPU arrays. 'slabmark "
		"compare --session=N' holds the figures of such a session against each other; "
		"nothing ever compares them with measured ones.\n\n"
		"With --threads=1..all 'slabmark compare' shows how each config scales, with "
		"--place=matrix what objects cost that travel from node to node. Every thread is "
		"bound, and so is its memory; a sample is an error where a thread or a page was "
		"elsewhere. Each combination of values, numbers of threads and placements is a "
		"benchmark of its own; --dry-run says which there are and how long they take. A "
		"placement that this machine lacks is left out, with the reason.\n\n"
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
