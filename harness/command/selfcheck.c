// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark selfcheck`: what verdicts are worth on this machine. Entry: selfcheck_command. A config's
// program, its copy and the program slowed down by a known share are measured in the same rounds;
// results/compare/selfcheck.c counts what is found.
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "command.h"
#include "harness/run/program_copy.h"
#include "harness/run/session.h"
#include "json_output.h"
#include "open_store.h"
#include "results/compare/selfcheck.h"
#include "rows.h"
#include "run_options.h"

enum { LABEL_SIZE = 160, OPTION_SIZE = 64 };

static bool sides_add(struct run *run, const struct program_copy *copy, double percent,
	char option[OPTION_SIZE], struct problem *problem)
{
	const char *label = run->selection.sides[0].label;
	char equal[LABEL_SIZE];
	char slow[LABEL_SIZE];

	snprintf(equal, sizeof(equal), "%s" SELFCHECK_COPY, label);
	snprintf(slow, sizeof(slow), "%s" SELFCHECK_SLOW "%g", label, percent);
	snprintf(option, OPTION_SIZE, "--slabmark_slowdown=%g", percent);
	if (!selection_build_add(&run->selection, equal, copy->path, problem) ||
		!selection_build_add(&run->selection, slow, copy->path, problem))
		return false;
	run->selection.sides[run->selection.sides_count - 1].told = option;
	return true;
}

static int show(const struct command_call *call, struct store *store, int64_t session,
	struct problem *problem)
{
	struct selfcheck check;

	if (!selfcheck_read(store, session, &check, problem))
		return problem->status;
	if (strcmp(call_text(call, "format"), "json") == 0)
		return json_output(selfcheck_json(&check), JSON_INDENT(2), call->output, problem)
			       ? EXIT_GOOD
			       : (int)problem->status;
	selfcheck_text(&check, call->output);
	return EXIT_GOOD;
}

static int measure(const struct command_call *call, struct run *run, struct problem *problem)
{
	struct session session;
	int status;

	if (!run_plan(run, problem) || !run_may_begin(call, problem) ||
		!open_store_for_writing(call, run->store_path, &run->store, problem))
		return problem->status;
	if (!session_measure(run, &session, problem)) {
		status = problem->status;
	} else {
		status = session_status(&session, problem);
		int shown = session.measured > 0 ? show(call, run->store, session.id, problem)
						 : EXIT_NOT_MEASURED;
		status = status == EXIT_GOOD ? shown : status;
	}
	session_free(&session);
	store_close(run->store);
	return status;
}

static int measure_selfcheck(const struct command_call *call, struct problem *problem)
{
	const char *const config[] = {call_text(call, "config")};
	struct run run = run_of_call(call);
	struct program_copy copy = {0};
	char option[OPTION_SIZE];
	int status;

	run.purpose = SELFCHECK_PURPOSE;
	if (run_options_read(&run, call, (struct texts){config, 1}, problem) &&
		program_copy_make(&copy, run.selection.sides[0].program.path, problem) &&
		sides_add(&run, &copy, call_real(call, "slowdown"), option, problem))
		status = measure(call, &run, problem);
	else
		status = problem->status;
	if (*copy.path)
		program_copy_remove(&copy);
	run_free(&run);
	return status;
}

static int run(const struct command_call *call, struct problem *problem)
{
	struct store *store;
	int status;

	if (!call_has(call, "rates"))
		return measure_selfcheck(call, problem);
	if (!store_open(&store, call_text(call, "db"), STORE_READ, problem))
		return problem->status;
	status = show(call, store, 0, problem);
	store_close(store);
	return status;
}

static const struct option_row OPTIONS[] = {
	ROW_CONFIG("The config whose program is measured."),
	ROW_WORKLOADS("The workloads to put it through; all that can run here when not given."),
	{.name = "slowdown",
		.kind = OPTION_REAL,
		.argument = "PERCENT",
		.default_text = "5",
		.minimum = 0.1,
		.maximum = 100,
		.help = "By how much the third program is slower: of 100 operations that it is "
			"asked for it does so many twice."},
	ROW_ROUNDS("10", 2, "How often each program is measured under each workload."),
	{.name = "rates",
		.kind = OPTION_SWITCH,
		.help = "Measures nothing: tells the rates over all self-checks of the store."},
	ROW_MIN_TIME(""),
	ROW_TIMEOUT("A process", "failed"),
	ROWS_SESSION,
	ROWS_BENCHMARKS,
	ROW_FORMAT_TEXT_JSON,
	ROW_DB(" that the results go into", "; made when missing"),
	{0},
};

const struct command selfcheck_command = {
	.name = "selfcheck",
	.summary = "Measure how often verdicts are wrong here.",
	.description =
		"Measures a config's program, a copy of it, and the same program slowed down by a "
		"known share, in the same rounds, and judges them as 'slabmark compare' does. "
		"Equal "
		"programs that are called changed are false alarms; slowed ones that are not "
		"called "
		"slower are missed. A nightly job that does this every night knows its own rates: "
		"--rates tells them with 95 % intervals. The sessions are no results, and no "
		"history takes them.",
	.options = OPTIONS,
	.run = run,
};
