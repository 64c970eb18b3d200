// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark calibrate`: measures one program under two names, and other builds of it, and keeps
// what they differ by. Entry: calibrate_command. What the differences mean is
// results/compare/calibration.c's.
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "command.h"
#include "harness/run/program_copy.h"
#include "harness/run/record.h"
#include "harness/run/selection.h"
#include "results/compare/calibration.h"
#include "rows.h"

enum { NAME_SIZE = 160, OTHERS_MAX = 16, SIDES_MAX = OTHERS_MAX + 2 };

// The programs that are measured, as a selection of their own: the config's, its copy, and the
// other builds.
struct lineup {
	struct selection single; // what the user chose
	struct selection all;
	struct program_copy copy;
	struct program programs[SIDES_MAX - 1]; // the copy and the others; paths borrowed
	const struct program *chosen[SIDES_MAX];
	char names[SIDES_MAX][NAME_SIZE];
	const char *configs[SIDES_MAX];
	size_t count;
};

// ---- who is measured

// Whether the program is a measured one of this config.
static bool other_check(struct program *program, struct problem *problem)
{
	if (program_ask(program, problem))
		return true;
	problem->status = EXIT_WRONG_USE; // the user named it
	return problem_locate(problem, "--other");
}

static void lineup_add(struct lineup *lineup, const struct program *program, const char *name)
{
	snprintf(lineup->names[lineup->count], NAME_SIZE, "%s", name);
	lineup->configs[lineup->count] = lineup->names[lineup->count];
	lineup->chosen[lineup->count++] = program;
}

static bool others_add(
	struct lineup *lineup, const struct command_call *call, struct problem *problem)
{
	const char *config = lineup->single.configs[0];
	size_t count = 0;
	const char *const *paths = call_list(call, "other", &count);

	if (count > OTHERS_MAX)
		return problem_set(
			problem, EXIT_WRONG_USE, "more than %d times --other", OTHERS_MAX);
	for (size_t i = 0; i < count; i++) {
		char name[NAME_SIZE];
		struct program *program = &lineup->programs[i + 1];

		program->config = (char *)config;
		program->path = (char *)paths[i];
		if (!other_check(program, problem))
			return false;
		snprintf(name, sizeof(name), "%s~other%zu", config, i + 1);
		lineup_add(lineup, program, name);
	}
	return true;
}

// Who can run a workload: whoever the config's own program says can.
static bool has_fill(struct lineup *lineup, struct problem *problem)
{
	struct selection *all = &lineup->all;

	*all = lineup->single;
	all->chosen = lineup->chosen;
	all->configs = lineup->configs;
	all->configs_count = lineup->count;
	all->has = calloc(all->workloads_count * lineup->count + 1, sizeof(*all->has));
	if (!all->has)
		return problem_set(problem, EXIT_NOT_MEASURED, "no memory for the plan");
	for (size_t i = 0; i < all->workloads_count * lineup->count; i++)
		all->has[i] = lineup->single.has[i / lineup->count];
	return true;
}

static bool lineup_fill(
	struct lineup *lineup, const struct command_call *call, struct problem *problem)
{
	const struct program *program = lineup->single.chosen[0];
	char name[NAME_SIZE];

	if (!program_copy_make(&lineup->copy, program->path, problem))
		return false;
	lineup->programs[0] = (struct program){program->config, lineup->copy.path, NULL};
	lineup_add(lineup, program, program->config);
	snprintf(name, sizeof(name), "%s~copy", program->config);
	lineup_add(lineup, &lineup->programs[0], name);
	return others_add(lineup, call, problem) && has_fill(lineup, problem);
}

static void lineup_free(struct lineup *lineup)
{
	for (size_t i = 0; i < SIDES_MAX - 1; i++)
		json_decref(lineup->programs[i].catalogue);
	if (*lineup->copy.path)
		program_copy_remove(&lineup->copy);
	free(lineup->all.has);
	selection_free(&lineup->single);
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
	json_t *json = calibrations_json(calibrations);
	int written = json ? json_dumpf(json, call->output, JSON_INDENT(2)) : -1;
	json_decref(json);
	fputc('\n', call->output);
	return written == 0 ? EXIT_GOOD
			    : (problem_set(problem, EXIT_NOT_MEASURED, "no memory for the JSON"),
				      EXIT_NOT_MEASURED);
}

static int judge(const struct command_call *call, struct store *store, int64_t session,
	const struct lineup *lineup, struct problem *problem)
{
	const struct calibration_sides sides = {
		.base = lineup->configs[0],
		.copy = lineup->configs[1],
		.others = &lineup->configs[2],
		.others_count = lineup->count - 2,
	};
	struct calibrations calibrations;
	struct timespec now;
	int status = EXIT_NOT_MEASURED;

	clock_gettime(CLOCK_REALTIME, &now);
	if (!calibrations_make(store, session, &sides, &calibrations, problem))
		return problem->status;
	if (calibrations_write(
		    store, &calibrations, (int64_t)now.tv_sec * 1000000000 + now.tv_nsec, problem))
		status = show(call, &calibrations, problem);
	calibrations_free(&calibrations);
	return status;
}

// ---- measuring

static int measure(const struct command_call *call, const struct lineup *lineup,
	struct record_request *request, struct problem *problem)
{
	struct session session;
	struct store *store;
	int status = EXIT_NOT_MEASURED;

	if (!store_open(&store, call_text(call, "db"), STORE_WRITE, problem))
		return problem->status;
	if (!record_run(request, store, &session, problem)) {
		status = problem->status;
	} else {
		bool is_text = strcmp(call_text(call, "format"), "text") == 0;

		if (is_text) {
			record_say(request, &session);
			fputc('\n', call->output);
		}
		status = record_verdict(&session, problem);
		// A few that failed leave the rest to be judged; the status still says so.
		if (session.measured > 0 && !session.is_interrupted) {
			int judged = judge(call, store, session.id, lineup, problem);

			status = status == EXIT_GOOD ? judged : status;
		}
	}
	record_free(&session);
	store_close(store);
	return status;
}

static int measure_lineup(
	const struct command_call *call, const struct lineup *lineup, struct problem *problem)
{
	struct session_settings settings = {
		.command = "calibrate",
		.min_time_s = call_real(call, "min-time"),
		.timeout_s = call_real(call, "timeout"),
	};

	settings.settings = call_list(call, "set", &settings.settings_count);
	const struct plan_choice choice = {
		.configs = lineup->all.configs,
		.configs_count = lineup->all.configs_count,
		.workloads = lineup->all.workloads,
		.workloads_count = lineup->all.workloads_count,
		.has = lineup->all.has,
		.rounds = (int)call_integer(call, "rounds"),
		.seed = call_has(call, "seed") ? (uint64_t)call_integer(call, "seed")
					       : record_seed_draw(),
	};
	struct plan plan;
	if (!plan_make(&plan, &choice))
		return problem_set(problem, EXIT_NOT_MEASURED, "no memory for the plan"),
		       EXIT_NOT_MEASURED;
	struct record_request request = {
		.call = call,
		.settings = &settings,
		.selection = &lineup->all,
		.choice = &choice,
		.plan = &plan,
		.purpose = "calibration",
	};
	int status = measure(call, lineup, &request, problem);
	plan_free(&plan);
	return status;
}

static int run(const struct command_call *call, struct problem *problem)
{
	struct lineup lineup = {0};
	const char *const config[] = {call_text(call, "config")};
	struct selection_request request = {.configs = config, .configs_count = 1};

	request.workloads = call_list(call, "workload", &request.workloads_count);
	request.settings = call_list(call, "set", &request.settings_count);
	if (call_real(call, "timeout") <= call_real(call, "min-time"))
		problem_set(problem, EXIT_WRONG_USE, "--timeout=%g must be more than --min-time=%g",
			call_real(call, "timeout"), call_real(call, "min-time"));
	if (*problem->text || !selection_make(&lineup.single, &request, problem))
		return problem->status;
	int status = lineup_fill(&lineup, call, problem) ? measure_lineup(call, &lineup, problem)
							 : (int)problem->status;
	lineup_free(&lineup);
	return status;
}

// ---- the command

static const struct option_row OPTIONS[] = {
	ROW_CONFIG("The config whose program is measured under two names."),
	ROW_WORKLOADS("The workloads to put it through; all that can run here when not given."),
	ROW_ROUNDS("30", 6,
		"How often each is measured; 30 know the spread to about an eighth of it."),
	{.name = "other",
		.kind = OPTION_REPEATED,
		.argument = "FILE",
		.help = "Another build of the program, such as one linked in another order: what "
			"it differs by is the luck of its layout, and widens the margin."},
	ROW_MIN_TIME("; as in the runs that are to be judged"),
	ROW_TIMEOUT("A process", "failed"),
	ROW_SEED,
	ROW_SET,
	ROW_FORMAT_TEXT_JSON,
	ROW_DB(" that keeps the samples and the calibration", "; made when missing"),
	{0},
};

const struct command calibrate_command = {
	.name = "calibrate",
	.summary = "Find out how small a difference this machine can show.",
	.description =
		"Measures one program under two names, itself and a copy of its file, in rounds of "
		"fresh processes as 'slabmark run' does. Whatever they differ by is chance. From "
		"that it works out, for each benchmark, the noise floor, the smallest slowdown "
		"that a number of rounds sees in 80 of 100 cases, and a margin within which "
		"differences mean nothing here: the least within which ten rounds call equal "
		"programs equivalent in 80 of 100 cases, at least 2 % while no other build was "
		"measured (0.5 % with --other), at most 5 % unless builds themselves differ by "
		"more.\n\n"
		"The result is kept in the store under the machine's fingerprint. 'slabmark "
		"compare', 'slabmark gate' and 'slabmark run --until=verdict' take their margins "
		"from it; 'slabmark doctor' shows it. Calibrate again after a change of the "
		"machine; the newest counts.",
	.options = OPTIONS,
	.run = run,
};
