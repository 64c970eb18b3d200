// SPDX-License-Identifier: GPL-2.0-or-later
// Walks the arguments against a table of our options and Google Benchmark's. Google Benchmark
// leaves a value that it can't read in place, or prints its help and exits with 0; here each is a
// message and exit status 2.
#include "options.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "options_table.h"
#include "results/text/nearest.h"
#include "workloads/trace.h"

// Enough for a figure with four digits, and some seconds under callgrind.
enum { SIMULATED_OPERATIONS = 100000 };

static bool is_off(const char *value)
{
	static const char *const words[] = {"0", "f", "n", "no", "off", "false"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(value, words[i]) == 0)
			return true;
	return false;
}

static bool is_on(const char *value)
{
	static const char *const words[] = {"1", "t", "y", "yes", "on", "true"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(value, words[i]) == 0)
			return true;
	return false;
}

static bool take_help(struct measured_options *options, const char *value, struct problem *problem)
{
	(void)problem;
	options->wants_help = is_on(value);
	return true;
}

static bool take_list(struct measured_options *options, const char *value, struct problem *problem)
{
	(void)problem;
	options->wants_list = is_on(value);
	return true;
}

static bool take_list_counters(
	struct measured_options *options, const char *value, struct problem *problem)
{
	(void)problem;
	options->wants_counters_list = is_on(value);
	return true;
}

// Names are looked up at once, so that a wrong one ends the program before anything runs.
static bool take_counters(
	struct measured_options *options, const char *value, struct problem *problem)
{
	return counters_choose(&options->counters, value, problem) ||
	       problem_locate(problem, "--slabmark_counters");
}

// Google Benchmark's own counters would be written beside ours and mean something else.
static bool refuse_perf_counters(
	struct measured_options *options, const char *value, struct problem *problem)
{
	(void)options;
	return problem_set(problem, EXIT_WRONG_USE,
		"--benchmark_perf_counters=%s counts the first thread alone, and unscaled when "
		"counters take turns; use --slabmark_counters=%s, of 'slabmark run' --counters=%s",
		value, value, value);
}

static bool take_verify(
	struct measured_options *options, const char *value, struct problem *problem)
{
	(void)problem;
	options->verifies = is_on(value);
	return true;
}

// The recording is read at once: it decides which benchmarks there are, and what they are called.
static bool take_recording(
	struct measured_options *options, const char *value, struct problem *problem)
{
	struct recording_problem bad = {0};
	FILE *file = fopen(value, "re");
	int64_t digest = 0;

	if (options->recording[0] != '\0' || !file) {
		if (file)
			fclose(file);
		return problem_set(problem, EXIT_WRONG_USE, "--slabmark_recording=%s: %s", value,
			file ? "there is one already" : strerror(errno));
	}
	bool is_good = trace_load(file, &digest, &bad);
	fclose(file);
	if (!is_good)
		return problem_set(problem, EXIT_WRONG_USE,
			"--slabmark_recording=%s: byte %" PRIu64 ": %s", value, bad.offset,
			bad.text);
	snprintf(
		options->recording, sizeof(options->recording), "trace.recording=%" PRId64, digest);
	return settings_take(&options->settings, options->recording, problem);
}

static bool take_classic(
	struct measured_options *options, const char *value, struct problem *problem)
{
	(void)problem;
	options->classic = value;
	return true;
}

static bool take_seed(struct measured_options *options, const char *value, struct problem *problem)
{
	char *end = NULL;

	errno = 0;
	options->seed = strtoull(value, &end, 10);
	if (value[0] >= '0' && value[0] <= '9' && *end == '\0' && errno == 0)
		return true;
	return problem_set(problem, EXIT_WRONG_USE,
		"--slabmark_seed=%s: must be a whole number from 0 to %" PRIu64, value, UINT64_MAX);
}

static bool take_set(struct measured_options *options, const char *value, struct problem *problem)
{
	return settings_take(&options->settings, value, problem);
}

// What these mean is found out when the topology is known.
static bool take_cpus(struct measured_options *options, const char *value, struct problem *problem)
{
	(void)problem;
	options->cpus = value;
	return true;
}

static bool take_cpu_kind(
	struct measured_options *options, const char *value, struct problem *problem)
{
	(void)problem;
	options->cpu_kind = value;
	return true;
}

static bool take_simulation(
	struct measured_options *options, const char *value, struct problem *problem)
{
	(void)problem;
	options->simulation = value;
	return true;
}

static bool take_simulated_operations(
	struct measured_options *options, const char *value, struct problem *problem)
{
	options->simulated_operations = strtoll(value, NULL, 10);
	return options->simulated_operations > 0 ||
	       problem_set(problem, EXIT_WRONG_USE,
		       "--slabmark_simulated_operations=%s: must be at least 1", value);
}

static bool take_threads(
	struct measured_options *options, const char *value, struct problem *problem)
{
	(void)problem;
	options->threads = value;
	return true;
}

static bool take_place(struct measured_options *options, const char *value, struct problem *problem)
{
	(void)problem;
	options->place = value;
	return true;
}

static bool take_memory(
	struct measured_options *options, const char *value, struct problem *problem)
{
	(void)problem;
	options->memory = value;
	return true;
}

static bool take_only(struct measured_options *options, const char *value, struct problem *problem)
{
	return only_read(&options->only, value, problem);
}

static bool take_list_placements(
	struct measured_options *options, const char *value, struct problem *problem)
{
	(void)problem;
	options->wants_placements = is_on(value);
	return true;
}

static bool take_slowdown(
	struct measured_options *options, const char *value, struct problem *problem)
{
	options->slowdown = strtod(value, NULL);
	return (options->slowdown >= 0 && options->slowdown <= 100) ||
	       problem_set(problem, EXIT_WRONG_USE,
		       "--slabmark_slowdown=%s: must be from 0 to 100 percent", value);
}

const struct measured_option measured_options_table[] = {
	{"slabmark_list", VALUE_SWITCH, NULL,
		"print the config, its workloads and benchmarks as JSON and exit", take_list},
	{"slabmark_set", VALUE_TEXT, "WORKLOAD.PARAMETER=VALUE",
		"set a parameter of a workload, or several values: 64,192 or 64..4096*2; may be "
		"given "
		"often",
		take_set},
	{"slabmark_threads", VALUE_TEXT, "NUMBER,...",
		"numbers of threads of every workload: 1,2,4 or 1..all, twice as many each time",
		take_threads},
	{"slabmark_place", VALUE_TEXT, "PLACEMENT,...",
		"how threads lie to each other: same-cpu, smt, same-cache, same-node, node-near, "
		"node-far, compact, spread, matrix, all, or CPUs as --slabmark_cpus has them",
		take_place},
	{"slabmark_memory", VALUE_TEXT, "POLICY",
		"local, bind, interleave or preferred, and perhaps :NODES (bind)", take_memory},
	{"slabmark_only", VALUE_TEXT, "REGEX",
		"leave out benchmarks whose name does not match, or with a - before it those that "
		"do",
		take_only},
	{"slabmark_list_placements", VALUE_SWITCH, NULL,
		"print which CPUs each placement gets here as JSON and exit", take_list_placements},
	{"slabmark_seed", VALUE_TEXT, "NUMBER",
		"seed of sizes, orders and layout offsets (from the clock)", take_seed},
	{"slabmark_recording", VALUE_TEXT, "FILE",
		"play this recording ('slabmark record' makes it) in the workload trace",
		take_recording},
	{"slabmark_classic", VALUE_TEXT, "FILE",
		"also write the lines that the published programs print; - is standard output",
		take_classic},
	{"slabmark_counters", VALUE_TEXT, "NAME,...",
		"count presets (cache, numa, …) or events of perf and libpfm4, by thread and node",
		take_counters},
	{"slabmark_list_counters", VALUE_SWITCH, NULL,
		"print what can be counted here, and why the rest can't, as JSON and exit",
		take_list_counters},
	{"slabmark_cpus", VALUE_TEXT, "LIST",
		"use these CPUs: 0-3,8 or node:0.core:0-3, as numactl and hwloc-calc name them",
		take_cpus},
	{"slabmark_cpu_kind", VALUE_TEXT, "KIND",
		"of a hybrid processor: fastest, or a kind that doctor names (fastest)",
		take_cpu_kind},
	{"slabmark_simulation", VALUE_TEXT, "FILE",
		"under callgrind, which writes FILE: count its misses", take_simulation},
	{"slabmark_simulated_operations", VALUE_WHOLE, "COUNT",
		"operations of each loop that is simulated (100000)", take_simulated_operations},
	{"slabmark_slowdown", VALUE_REAL, "PERCENT",
		"do so many of 100 operations twice, and say so: a difference of known size",
		take_slowdown},
	{"slabmark_verify", VALUE_SWITCH, NULL,
		"before measuring, check every object's memory with a pattern", take_verify},
	{"help", VALUE_SWITCH, NULL, "print this help and exit", take_help},
	{"benchmark_list_tests", VALUE_SWITCH, NULL, NULL, NULL},
	{"benchmark_filter", VALUE_TEXT, "REGEX", NULL, NULL},
	{"benchmark_min_time", VALUE_REAL, "SECONDS", NULL, NULL},
	{"benchmark_min_warmup_time", VALUE_REAL, "SECONDS", NULL, NULL},
	{"benchmark_repetitions", VALUE_WHOLE, "COUNT", NULL, NULL},
	{"benchmark_enable_random_interleaving", VALUE_SWITCH, NULL, NULL, NULL},
	{"benchmark_report_aggregates_only", VALUE_SWITCH, NULL, NULL, NULL},
	{"benchmark_display_aggregates_only", VALUE_SWITCH, NULL, NULL, NULL},
	{"benchmark_format", VALUE_CHOICE, "console|json|csv", NULL, NULL},
	{"benchmark_out", VALUE_TEXT, "FILE", NULL, NULL},
	{"benchmark_out_format", VALUE_CHOICE, "json|console|csv", NULL, NULL},
	{"benchmark_color", VALUE_TEXT, "auto|true|false", NULL, NULL},
	{"benchmark_counters_tabular", VALUE_SWITCH, NULL, NULL, NULL},
	{"benchmark_context", VALUE_PAIR, "KEY=VALUE", NULL, NULL},
	{"benchmark_perf_counters", VALUE_TEXT, "NAMES", NULL, refuse_perf_counters},
	{"benchmark_time_unit", VALUE_CHOICE, "ns|us|ms|s", NULL, NULL},
	{"v", VALUE_WHOLE, "LEVEL", NULL, NULL},
};

const size_t measured_options_count =
	sizeof(measured_options_table) / sizeof(measured_options_table[0]);

// ---- one argument

static const struct measured_option *option_find(const char *name, size_t length)
{
	for (size_t i = 0; i < measured_options_count; i++)
		if (strlen(measured_options_table[i].name) == length &&
			strncmp(measured_options_table[i].name, name, length) == 0)
			return &measured_options_table[i];
	return NULL;
}

bool measured_option_is_known(const char *argument, bool *takes_value)
{
	bool is_long = strncmp(argument, "--", 2) == 0;
	const struct measured_option *option =
		is_long ? option_find(argument + 2, strcspn(argument + 2, "=")) : NULL;

	if (option)
		*takes_value = option->kind != VALUE_SWITCH;
	return option;
}

static bool refuse_unknown(const char *argument, struct problem *problem)
{
	char texts[measured_options_count][64];
	const char *names[measured_options_count];
	char wrong[64];
	char offer[512];

	for (size_t i = 0; i < measured_options_count; i++) {
		snprintf(texts[i], sizeof(texts[i]), "--%s", measured_options_table[i].name);
		names[i] = texts[i];
	}
	if (strncmp(argument, "--", 2) != 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"'%s': options begin with --, and there are no other arguments; see --help",
			argument);
	snprintf(wrong, sizeof(wrong), "%.*s", (int)strcspn(argument, "="), argument);
	return problem_set(problem, EXIT_WRONG_USE, "unknown option '%s'; %s", wrong,
		nearest_offer(offer, sizeof(offer), wrong, names, measured_options_count));
}

static bool is_choice(const char *choices, const char *value)
{
	size_t length = strlen(value);

	for (const char *word = choices; word; word = strchr(word, '|')) {
		word += *word == '|';
		if (length > 0 && strcspn(word, "|") == length && strncmp(word, value, length) == 0)
			return true;
	}
	return false;
}

static bool is_number(enum value_kind kind, const char *value)
{
	char *end = NULL;
	double number = strtod(value, &end);

	if (end == value || *end != '\0' || !isfinite(number) || number < 0)
		return false;
	return kind == VALUE_REAL || (number == floor(number) && number <= INT32_MAX);
}

static bool value_is_right(const struct measured_option *option, const char *value)
{
	switch (option->kind) {
	case VALUE_SWITCH:
		return is_on(value) || is_off(value);
	case VALUE_WHOLE:
	case VALUE_REAL:
		return is_number(option->kind, value);
	case VALUE_CHOICE:
		return is_choice(option->argument, value);
	case VALUE_PAIR:
		return strchr(value, '=') && value[0] != '=';
	default:
		return value[0] != '\0';
	}
}

static bool refuse_value(
	const struct measured_option *option, const char *value, struct problem *problem)
{
	static const char *const wanted[] = {
		[VALUE_SWITCH] = "true or false",
		[VALUE_TEXT] = "a text",
		[VALUE_WHOLE] = "a whole number from 0",
		[VALUE_REAL] = "a number from 0",
		[VALUE_CHOICE] = "one of",
		[VALUE_PAIR] = "KEY=VALUE",
	};

	return problem_set(problem, EXIT_WRONG_USE, "--%s=%s: must be %s%s%s", option->name, value,
		wanted[option->kind], option->kind == VALUE_CHOICE ? " " : "",
		option->kind == VALUE_CHOICE ? option->argument : "");
}

static void note_output(
	struct measured_options *options, const struct measured_option *option, const char *value)
{
	if (strcmp(option->name, "benchmark_filter") == 0)
		options->filter = value;
	if (strcmp(option->name, "benchmark_out") == 0)
		options->output = value;
	if (strcmp(option->name, "benchmark_out_format") == 0)
		options->output_is_json = strcmp(value, "json") == 0;
	if (strstr(option->name, "format") && strcmp(value, "csv") == 0)
		options->has_csv = true;
}

// Takes or checks one argument; *stays says whether it is Google Benchmark's.
static bool argument_parse(struct measured_options *options, const char *argument, bool *stays,
	struct problem *problem)
{
	bool is_long = strncmp(argument, "--", 2) == 0;
	size_t length = is_long ? strcspn(argument + 2, "=") : 0;
	const struct measured_option *option = is_long ? option_find(argument + 2, length) : NULL;

	if (!option)
		return refuse_unknown(argument, problem);
	const char *value = argument + 2 + length;
	if (*value == '=')
		value++;
	else if (option->kind == VALUE_SWITCH)
		value = "true";
	if (!value_is_right(option, value))
		return refuse_value(option, value, problem);
	*stays = option->take == NULL;
	if (option->take)
		return option->take(options, value, problem);
	note_output(options, option, value);
	return true;
}

// ---- the whole line

static void set_defaults(struct measured_options *options)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	*options = (struct measured_options){
		.seed = (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec,
		.output_is_json = true,
		.simulated_operations = SIMULATED_OPERATIONS,
	};
}

void measured_options_free(struct measured_options *options)
{
	settings_free(&options->settings);
	only_free(&options->only);
}

bool measured_options_parse(struct measured_options *options, int *argument_count, char **arguments,
	struct problem *problem)
{
	int kept = 1;

	set_defaults(options);
	for (int i = 1; i < *argument_count; i++) {
		bool stays = false;

		if (!argument_parse(options, arguments[i], &stays, problem))
			return false;
		if (stays)
			arguments[kept++] = arguments[i];
	}
	*argument_count = kept;
	arguments[kept] = NULL;
	return settings_check(&options->settings, problem);
}
