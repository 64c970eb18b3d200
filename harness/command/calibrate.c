// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark calibrate`: measures one program under two names, and other builds of it, and keeps
// what they differ by. Entry: calibrate_command. results/compare/calibration.c says
// what the differences mean.
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "command.h"
#include "harness/process/clock.h"
#include "harness/run/program_copy.h"
#include "harness/run/session.h"
#include "json_output.h"
#include "open_store.h"
#include "results/compare/calibration.h"
#include "rows.h"
#include "run_options.h"

enum { LABEL_SIZE = 160 };

// The sides of a calibration, in this order: the config's program, its copy, other builds.
enum { SIDE_BASE, SIDE_COPY, SIDE_OTHERS };

// ---- who is measured

static bool copy_add(struct run *run, struct program_copy *copy, struct problem *problem)
{
	const struct side *base = &run->selection.sides[SIDE_BASE];
	char label[LABEL_SIZE];

	snprintf(label, sizeof(label), "%s~copy", base->label);
	return program_copy_make(copy, base->program.path, problem) &&
	       selection_build_add(&run->selection, label, copy->path, problem);
}

static bool others_add(struct run *run, struct texts paths, struct problem *problem)
{
	for (size_t i = 0; i < paths.count; i++) {
		char label[LABEL_SIZE];

		snprintf(label, sizeof(label), "%s~other%zu", run->selection.sides[SIDE_BASE].label,
			i + 1);
		if (selection_build_add(&run->selection, label, paths.items[i], problem))
			continue;
		problem->status = EXIT_WRONG_USE; // the user named it
		return problem_locate(problem, "--other");
	}
	return true;
}

// ---- the result

static int show(const struct command_call *call, const struct calibrations *calibrations,
	struct problem *problem)
{
	if (strcmp(call_text(call, "format"), "text") == 0) {
		fputc('\n', call->output);
		calibrations_text(calibrations, call->output);
		return EXIT_GOOD;
	}
	bool is_good =
		json_output(calibrations_json(calibrations), JSON_INDENT(2), call->output, problem);
	return is_good ? EXIT_GOOD : (int)problem->status;
}

static int judge(const struct command_call *call, const struct run *run, int64_t session,
	struct problem *problem)
{
	const struct selection *selection = &run->selection;
	const struct calibration_sides sides = {
		.base = selection->labels[SIDE_BASE],
		.copy = selection->labels[SIDE_COPY],
		.others = &selection->labels[SIDE_OTHERS],
		.others_count = selection->sides_count - SIDE_OTHERS,
	};
	struct calibrations calibrations;
	int status = EXIT_NOT_MEASURED;

	if (!calibrations_make(run->store, session, &sides, &calibrations, problem))
		return problem->status;
	if (calibrations_write(run->store, &calibrations, clock_now_unix_ns(), problem))
		status = show(call, &calibrations, problem);
	calibrations_free(&calibrations);
	return status;
}

// ---- measuring

static int measure(const struct command_call *call, const struct run *run, struct problem *problem)
{
	struct session session;
	int status = EXIT_NOT_MEASURED;

	if (!session_measure(run, &session, problem)) {
		session_free(&session);
		return problem->status;
	}
	if (strcmp(call_text(call, "format"), "text") == 0) {
		session_say(&session, call->output);
		fputc('\n', call->output);
	}
	status = session_status(&session, problem);
	// A few that failed leave the rest to be judged; the status still says so.
	if (session.measured > 0 && !session.is_interrupted) {
		int judged = judge(call, run, session.id, problem);

		status = status == EXIT_GOOD ? judged : status;
	}
	session_free(&session);
	return status;
}

static int plan_run(const struct command_call *call, struct run *run, struct problem *problem)
{
	if (!run_plan(run, problem) || !run_may_begin(call, problem) ||
		!open_store_for_writing(call, run->store_path, &run->store, problem))
		return problem->status;
	int status = measure(call, run, problem);
	store_close(run->store);
	return status;
}

static int run(const struct command_call *call, struct problem *problem)
{
	const char *const config[] = {call_text(call, "config")};
	struct run run = run_of_call(call);
	struct program_copy copy = {0};
	int status;

	run.purpose = "calibration";
	if (run_options_read(&run, call, (struct texts){config, 1}, problem) &&
		copy_add(&run, &copy, problem) &&
		others_add(&run, call_texts(call, "other"), problem))
		status = plan_run(call, &run, problem);
	else
		status = problem->status;
	if (*copy.path)
		program_copy_remove(&copy);
	run_free(&run);
	return status;
}

// ---- the command

static const struct option_row OPTIONS[] = {
	ROW_CONFIG("The config whose program is measured under two names."),
	ROW_WORKLOADS("The workloads to put it through; all that can run here when not given."),
	ROW_ROUNDS("30", 6,
		"How often each is measured; from 30 rounds the spread is known to about an "
		"eighth."),
	{.name = "other",
		.kind = OPTION_REPEATED,
		.argument = "FILE",
		.help = "Another build of the program, such as one linked in another order. It "
			"differs by the luck of its layout; that widens the margin."},
	ROW_MIN_TIME("; as in the runs that are to be judged"),
	ROW_TIMEOUT("A process", "failed"),
	ROWS_SESSION,
	ROWS_BENCHMARKS,
	ROW_FORMAT_TEXT_JSON,
	ROW_DB(" that keeps the samples and the calibration", "; made when missing"),
	{0},
};

const struct command calibrate_command = {
	.name = "calibrate",
	.summary = "Find out how small a difference this machine can show.",
	.description =
		"Measures one program under two names, itself and a copy of its file, in rounds of "
		"fresh processes as 'slabmark run' does. Whatever they differ by is chance. For "
		"each benchmark it works out three things. The noise floor: how far equal programs "
		"lie apart in a round. What can be seen: the smallest slowdown that so many rounds "
		"find in 80 of 100 cases. The margin: how small a difference means nothing "
		"here.\n\n"
		"The margin is the smallest within which ten rounds call equal programs equivalent "
		"in 80 of 100 cases. It is at least 2 %, or 0.5 % where another build was "
		"measured, "
		"too (--other). It is at most 5 %, unless the builds are shown to differ by more "
		"than noise does. Where other programs were running meanwhile, the calibration "
		"says so, and compare says so beside the margin.\n\n"
		"The result is kept in the store under the machine's fingerprint. 'slabmark "
		"compare', 'slabmark gate' and 'slabmark run --until=verdict' take their margins "
		"from it; 'slabmark doctor' shows it. Calibrate again after a change of the "
		"machine; the newest counts.",
	.options = OPTIONS,
	.run = run,
};
