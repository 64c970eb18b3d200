// SPDX-License-Identifier: GPL-2.0-or-later
// Fills a struct run from the options that commands which measure have in common. Entry:
// run_options_read().
#include "run_options.h"

#include <string.h>

#include "harness/doctor/quiet.h"

struct texts call_texts(const struct command_call *call, const char *name)
{
	struct texts texts;

	texts.items = call_list(call, name, &texts.count);
	return texts;
}

struct run run_of_call(const struct command_call *call)
{
	return (struct run){
		.command = call->command->name,
		.words = {(const char *const *)call->arguments, (size_t)call->argument_count},
		.store_path = call_text(call, "db"),
	};
}

bool run_may_begin(const struct command_call *call, struct problem *problem)
{
	return !call_has(call, "require-quiet") || quiet_require(problem);
}

// What the user's words are to the measured programs.
static bool placement_tell(
	struct run *run, const struct command_call *call, struct problem *problem)
{
	static const struct {
		const char *name;
		const char *option;
	} told[] = {
		{"cpus", "--slabmark_cpus"},
		{"cpu-kind", "--slabmark_cpu_kind"},
		{"threads", "--slabmark_threads"},
		{"place", "--slabmark_place"},
		{"memory", "--slabmark_memory"},
		{"filter", "--slabmark_only"},
	};

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (call_has(call, told[i].name) &&
			!run_tell(run, told[i].option, call_text(call, told[i].name), problem))
			return false;
	return true;
}

bool run_settings_read(struct run *run, const struct command_call *call, struct problem *problem)
{
	run->rounds = (int)call_integer(call, "rounds");
	run->seed = call_has(call, "seed") ? (uint64_t)call_integer(call, "seed") : run_seed_draw();
	run->min_time_s = call_real(call, "min-time");
	run->refuses_busy = strcmp(call_text(call, "if-busy"), "refuse") == 0;
	run->timeout_s = call_real(call, "timeout");
	run->settings = call_texts(call, "set");
	if (run->timeout_s <= run->min_time_s)
		return problem_set(problem, EXIT_WRONG_USE,
			"--timeout=%g must be more than --min-time=%g", run->timeout_s,
			run->min_time_s);
	return placement_tell(run, call, problem);
}

bool run_options_read(struct run *run, const struct command_call *call, struct texts configs,
	struct problem *problem)
{
	return run_settings_read(run, call, problem) &&
	       run_select(run, configs, call_texts(call, "workload"), problem);
}

bool run_passed_check(const struct command_call *call, struct problem *problem)
{
	static const struct {
		const char *option;
		const char *instead;
	} taken[] = {
		{"--benchmark_filter", "use --filter"},
		{"--benchmark_format", "the store needs JSON"},
		{"--benchmark_min_time", "use --min-time"},
		{"--benchmark_list_tests", "use 'slabmark list'"},
		{"--benchmark_perf_counters", "use --counters, which counts every thread"},
		{"--benchmark_out",
			"every process would overwrite the file; the store keeps all of it"},
		{"--benchmark_report_aggregates_only",
			"verdicts rest on repetitions, and the store keeps every one"},
		{"--benchmark_display_aggregates_only",
			"verdicts rest on repetitions, and the store keeps every one"},
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
