// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark run`: from the words of the user to a session in the store. Entry: run_command. Who runs when is plan.c's,
// running it is session.c's.
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include <jansson.h>

#include "command.h"
#include "selection.h"
#include "session.h"

enum { FAILURES_SIZE = 512 };

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

// Small enough to be typed again.
static uint64_t seed_draw(void)
{
	uint32_t drawn = 0;
	if (getrandom(&drawn, sizeof(drawn), 0) != (ssize_t)sizeof(drawn))
		drawn = (uint32_t)time(NULL);
	return drawn;
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
		.rounds = (int)call_integer(call, "rounds"),
		.seed = call_has(call, "seed") ? (uint64_t)call_integer(call, "seed") : seed_draw(),
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

static int run(const struct command_call *call, struct problem *problem)
{
	struct selection selection;
	struct selection_request request = request_of(call);
	struct plan plan;
	if (!passed_check(call, problem) || !times_check(call, problem) ||
		!selection_make(&selection, &request, problem))
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

// ---- dry run -------------------------------------------------------------------------------------------------------

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

// ---- the record ----------------------------------------------------------------------------------------------------

static json_t *texts(const char *const *items, size_t count)
{
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_string(items[i]));
	return array;
}

// What was asked for, as JSON text for the store. The caller frees it; NULL: no memory.
static char *plan_text(
	const struct command_call *call, const struct plan_choice *choice, const struct plan *plan)
{
	size_t settings_count = 0;
	const char *const *settings = call_list(call, "set", &settings_count);
	json_t *record = json_pack("{s:o, s:o, s:i, s:I, s:f, s:f, s:I, s:o, s:o}", "configs",
		texts(choice->configs, choice->configs_count), "workloads",
		texts(choice->workloads, choice->workloads_count), "rounds", choice->rounds, "seed",
		(json_int_t)choice->seed, "min_time_s", call_real(call, "min-time"), "timeout_s",
		call_real(call, "timeout"), "processes", (json_int_t)plan->count, "settings",
		texts(settings, settings_count), "passed",
		texts((const char *const *)call->passed, call->passed_count));
	char *text = record ? json_dumps(record, JSON_COMPACT) : NULL;
	json_decref(record);
	return text;
}

// The words of the user, quoted as a shell needs them. The caller frees it; NULL: no memory.
static char *command_text(const struct command_call *call)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	if (!stream)
		return NULL;
	for (int i = 0; i < call->argument_count; i++) {
		const char *word = call->arguments[i];
		const char *gap = i > 0 ? " " : "";
		bool is_plain = *word && strpbrk(word, " \t\n\"'\\$`*?[]{}()<>|&;#~!") == NULL;
		fprintf(stream, is_plain ? "%s%s" : "%s'%s'", gap, word);
	}
	fclose(stream);
	return text;
}

static bool session_begin(const struct command_call *call, const struct plan_choice *choice,
	struct session *session, struct problem *problem)
{
	struct timespec now;
	char *command = command_text(call);
	char *plan = plan_text(call, choice, session->plan);
	bool is_good = command && plan;
	clock_gettime(CLOCK_REALTIME, &now);
	struct store_session record = {
		.command = command,
		.plan = plan,
		.started_unix_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec,
	};
	if (!is_good)
		problem_set(problem, EXIT_NOT_MEASURED, "no memory for the session's record");
	is_good = is_good && store_session_begin(session->store, &record, &session->id, problem);
	free(command);
	free(plan);
	return is_good;
}

// ---- the run -------------------------------------------------------------------------------------------------------

static void start_say(
	const struct command_call *call, const struct plan_choice *choice, struct session *session)
{
	const struct selection *selection = session->selection;
	progress_say(&session->progress,
		"slabmark run: %zu processes (configs: %zu, workloads: %zu, rounds: %d), seed "
		"%llu, into %s",
		session->plan->count, choice->configs_count, choice->workloads_count,
		choice->rounds, (unsigned long long)choice->seed, call_text(call, "db"));
	for (size_t workload = 0; workload < choice->workloads_count; workload++)
		for (size_t config = 0; config < choice->configs_count; config++)
			if (!choice->has[workload * choice->configs_count + config])
				progress_say(&session->progress,
					"slabmark run: left out: %s of %s: %s",
					choice->workloads[workload], choice->configs[config],
					selection_reason(selection, workload, config));
}

// How it went, and what to type next.
static void end_say(
	const struct command_call *call, const struct session *session, double elapsed_s)
{
	char duration[32];
	const struct selection *selection = session->selection;
	fprintf(call->output, "%zu of %zu processes measured in %s, session %lld of %s",
		session->measured, session->plan->count,
		duration_text(duration, sizeof(duration), elapsed_s), (long long)session->id,
		call_text(call, "db"));
	if (session->measured > 0 && selection->configs_count > 1) {
		fprintf(call->output, "; next: slabmark compare");
		for (size_t i = 0; i < selection->configs_count; i++)
			fprintf(call->output, " %s", selection->configs[i]);
		fprintf(call->output, " --db=%s", call_text(call, "db"));
	}
	fputc('\n', call->output);
}

static int verdict(const struct session *session, struct problem *problem)
{
	char failures[FAILURES_SIZE];
	size_t failed = session->progress.failed;
	if (failed > 0)
		problem_set(problem, EXIT_NOT_MEASURED, "%zu of %zu processes failed: %s", failed,
			session->progress.done,
			session_failures(session, failures, sizeof(failures)));
	if (session->is_interrupted)
		return EXIT_INTERRUPTED;
	if (session->measured == 0 && failed == 0)
		problem_set(problem, EXIT_NOT_MEASURED, "nothing was measured");
	return session->measured == 0 || failed > 0 ? EXIT_NOT_MEASURED : EXIT_GOOD;
}

// Runs the plan within a session of the open store. The session is closed whatever happens, as far as the store lets
// us; the first problem is the one that is told.
static int session_carry_out(const struct command_call *call, const struct plan_choice *choice,
	struct session *session, struct problem *problem)
{
	double start_s = clock_now_s();
	struct problem closing;
	if (!session_begin(call, choice, session, problem) ||
		!interruption_open(&session->interruption, problem))
		return problem->status;
	start_say(call, choice, session);
	bool is_good = session_run(session, problem);
	bool is_complete = is_good && !session->is_interrupted;
	bool is_closed = store_session_end(session->store, session->id,
		is_complete ? "complete" : "interrupted", is_good ? problem : &closing);
	interruption_close(&session->interruption);
	if (!is_good || !is_closed)
		return problem->status;
	end_say(call, session, clock_now_s() - start_s);
	return verdict(session, problem);
}

static struct session_settings settings_of(const struct command_call *call)
{
	struct session_settings settings = {
		.min_time_s = call_real(call, "min-time"),
		.timeout_s = call_real(call, "timeout"),
		.passed = call->passed,
		.passed_count = call->passed_count,
	};
	settings.settings = call_list(call, "set", &settings.settings_count);
	return settings;
}

static int plan_run(const struct command_call *call, const struct selection *selection,
	const struct plan_choice *choice, const struct plan *plan, struct problem *problem)
{
	struct session_settings settings = settings_of(call);
	struct session session = {.settings = &settings, .selection = selection, .plan = plan};
	if (!store_open(&session.store, call_text(call, "db"), STORE_WRITE, problem))
		return problem->status;
	int status = EXIT_NOT_MEASURED;
	session.failed = calloc(plan->count + 1, sizeof(*session.failed));
	progress_start(&session.progress, stderr, plan, choice->rounds);
	if (session.failed)
		status = session_carry_out(call, choice, &session, problem);
	else
		problem_set(problem, EXIT_NOT_MEASURED, "no memory for the session");
	free(session.failed);
	store_close(session.store);
	return status;
}

// ---- the command ---------------------------------------------------------------------------------------------------

static const struct option_row OPTIONS[] = {
	{.name = "config",
		.kind = OPTION_LIST,
		.argument = "CONFIG,...",
		.default_text = "default,nocolour",
		.help = "The configs to measure; 'slabmark list configs' shows them."},
	{.name = "workload",
		.kind = OPTION_LIST,
		.argument = "WORKLOAD,...",
		.help = "The workloads to put them through; all that can run here when not given."},
	{.name = "rounds",
		.kind = OPTION_INTEGER,
		.argument = "N",
		.default_text = "10",
		.minimum = 1,
		.maximum = 100000,
		.help = "How often every workload of every config is measured, each time in a "
			"fresh process."},
	{.name = "min-time",
		.kind = OPTION_REAL,
		.argument = "SECONDS",
		.default_text = "0.1",
		.minimum = 0.000001,
		.maximum = 3600,
		.help = "How long a process measures each of its benchmarks, at least."},
	{.name = "timeout",
		.kind = OPTION_REAL,
		.argument = "SECONDS",
		.default_text = "300",
		.minimum = 0.001,
		.maximum = 86400,
		.help = "A process that has not ended by then is stopped and counts as failed."},
	{.name = "seed",
		.kind = OPTION_INTEGER,
		.argument = "N",
		.minimum = 0,
		.maximum = 9007199254740992, // every number up to 2^53 is exact in JSON too
		.help = "Draws the order, the environment's sizes and the workloads' random "
			"numbers; a new one is drawn when "
			"not given."},
	{.name = "set",
		.kind = OPTION_REPEATED,
		.argument = "WORKLOAD.PARAMETER=VALUE",
		.help = "Sets a parameter of a workload; 'slabmark list workloads' shows them."},
	{.name = "db",
		.kind = OPTION_TEXT,
		.argument = "PATH",
		.default_text = "slabmark.db",
		.help = "The store that the results go into; made when missing."},
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
