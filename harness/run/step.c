// SPDX-License-Identifier: GPL-2.0-or-later
// A measured process from its command line to its document. Entry: step_measure().
#include "step.h"

#include <stdlib.h>
#include <string.h>

#include "results/document/benchmark_json.h"
#include "results/text/memory.h"

enum { OUTPUT_BYTES_MAX = 64 << 20, FIXED_ARGUMENTS = 10, NUMBER_SIZE = 64 };

// Of perf or of valgrind.
enum {
	WRAPPER_WORDS_MAX = CALLGRIND_WORDS_MAX > (int)PROFILE_WORDS_MAX ? (int)CALLGRIND_WORDS_MAX
									 : (int)PROFILE_WORDS_MAX
};

// ---- its command line

// Ours come last: of an option that is given twice, the last counts.
struct arguments {
	const char **items; // NULL at the end
	char filter[256];
	char min_time[NUMBER_SIZE];
	char seed[NUMBER_SIZE];
	char *counters; // NULL: none are asked for
	char profile[PROFILE_PATH_SIZE];
	char (*settings)[256];
};

static const char *workload_of(const struct run *run, const struct plan_step *step)
{
	return run->selection.workloads[step->workload];
}

// What is simulated depends on nothing that is not named: not on what else the plan holds, either.
static uint64_t seed_of(const struct run *run, const struct plan_step *step)
{
	return run->callgrind ? run->seed + (uint64_t)step->round : step->workload_seed;
}

static void own_fill(
	struct arguments *arguments, const struct run *run, const struct plan_step *step)
{
	// The end of the name is anchored: "pair" is not "pairs".
	snprintf(arguments->filter, sizeof(arguments->filter), "--benchmark_filter=^%s(/|$)",
		workload_of(run, step));
	snprintf(arguments->min_time, sizeof(arguments->min_time), "--benchmark_min_time=%.9g",
		run->min_time_s);
	snprintf(arguments->seed, sizeof(arguments->seed), "--slabmark_seed=%llu",
		(unsigned long long)seed_of(run, step));
}

// The program, behind what it runs under. Returns how many words.
static size_t program_words(
	struct arguments *arguments, const struct run *run, const struct plan_step *step)
{
	size_t count = 0;

	if (run->callgrind)
		return callgrind_words(run->callgrind, arguments->items);
	if (run->profile)
		count = profile_words(run->profile, run->selection.labels[step->side],
			workload_of(run, step), step->round, arguments->profile, arguments->items);
	arguments->items[count++] = selection_path(&run->selection, step->side, step->round);
	return count;
}

static bool arguments_make(
	struct arguments *arguments, const struct run *run, const struct plan_step *step)
{
	size_t count;

	arguments->items =
		calloc(WRAPPER_WORDS_MAX + run->told.count + run->settings.count + FIXED_ARGUMENTS,
			sizeof(*arguments->items));
	arguments->settings = calloc(run->settings.count + 1, sizeof(*arguments->settings));
	if (run->counters &&
		asprintf(&arguments->counters, "--slabmark_counters=%s", run->counters) < 0)
		arguments->counters = NULL;
	if (!arguments->items || !arguments->settings || (run->counters && !arguments->counters))
		return false;
	own_fill(arguments, run, step);
	count = program_words(arguments, run, step);
	for (size_t i = 0; i < run->told.count; i++)
		arguments->items[count++] = run->told.items[i];
	if (run->selection.sides[step->side].told)
		arguments->items[count++] = run->selection.sides[step->side].told;
	for (size_t i = 0; i < run->settings.count; i++) {
		if (!setting_is_of(run->settings.items[i], workload_of(run, step)))
			continue;
		snprintf(arguments->settings[i], sizeof(arguments->settings[i]),
			"--slabmark_set=%s", run->settings.items[i]);
		arguments->items[count++] = arguments->settings[i];
	}
	arguments->items[count++] = arguments->filter;
	arguments->items[count++] = "--benchmark_format=json";
	arguments->items[count++] = arguments->min_time;
	arguments->items[count++] = arguments->seed;
	if (arguments->counters)
		arguments->items[count++] = arguments->counters;
	return true;
}

static void arguments_free(struct arguments *arguments)
{
	free(arguments->items);
	free(arguments->settings);
	free(arguments->counters);
}

// ---- the process

static bool process_start(const struct run *run, const struct plan_step *step,
	const struct step_watch *watch, struct step_outcome *outcome, struct problem *problem)
{
	static const char NAME[] = "SLABMARK_PADDING=";
	char padding[sizeof(NAME) + PLAN_PADDING_BYTES_MAX];
	const char *environment[1 + PROGRAM_WORDS] = {padding};
	char *texts;
	struct arguments arguments = {0};

	memcpy(padding, NAME, sizeof(NAME) - 1);
	memset(padding + sizeof(NAME) - 1, 'x', step->padding_bytes);
	padding[sizeof(NAME) - 1 + step->padding_bytes] = '\0';
	bool is_good = (program_environment(&run->selection.sides[step->side].program,
				environment + 1, &texts) &&
			       arguments_make(&arguments, run, step)) ||
		       no_memory(problem, "a command line");
	is_good =
		is_good && (!run->callgrind ||
				   callgrind_place(run->callgrind,
					   run->selection.sides[step->side].program.path, problem));
	const struct process_request request = {
		.arguments = arguments.items,
		.environment = run->callgrind ? run->callgrind->environment : environment,
		.is_environment_whole = run->callgrind != NULL,
		.folder = run->callgrind ? run->callgrind->folder : NULL,
		.output_bytes_max = OUTPUT_BYTES_MAX,
		.timeout_s = run->timeout_s,
		.interruption = watch->interruption,
		.tick = watch->tick,
		.tick_context = watch->context,
	};
	is_good = is_good && process_run(&request, &outcome->process, problem);
	if (is_good)
		process_describe(
			&request, &outcome->process, outcome->fault, sizeof(outcome->fault));
	if (is_good && run->functions)
		is_good = callgrind_functions(run->callgrind, &run->functions[step->side], problem);
	arguments_free(&arguments);
	free(texts);
	return is_good;
}

// ---- its document

// The first benchmark that says it failed; NULL: none.
static const json_t *benchmark_failed(const json_t *document)
{
	const json_t *benchmarks = json_object_get(document, "benchmarks");

	for (size_t i = 0; i < json_array_size(benchmarks); i++)
		if (json_is_true(json_object_get(json_array_get(benchmarks, i), "error_occurred")))
			return json_array_get(benchmarks, i);
	return NULL;
}

// Google Benchmark takes its options from the environment, too: somebody may have asked for
// aggregates alone there.
static bool has_repetition(const json_t *document)
{
	const json_t *benchmark;
	size_t i;

	json_array_foreach(json_object_get(document, "benchmarks"), i, benchmark)
	{
		const char *type = json_string_value(json_object_get(benchmark, "run_type"));

		if (!type || strcmp(type, "aggregate") != 0)
			return true;
	}
	return false;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "?";
}

static void document_read(struct step_outcome *outcome)
{
	json_error_t error;
	json_t *document =
		benchmark_json_read(outcome->process.output, outcome->process.output_size, &error);
	const json_t *failed = benchmark_failed(document);

	outcome->fault[0] = '\0';
	if (!document)
		snprintf(outcome->fault, sizeof(outcome->fault),
			"wrote no JSON document: line %d: %s", error.line, error.text);
	else if (json_array_size(json_object_get(document, "benchmarks")) == 0)
		snprintf(outcome->fault, sizeof(outcome->fault),
			"measured nothing: its document has no benchmark");
	else if (!has_repetition(document))
		snprintf(outcome->fault, sizeof(outcome->fault),
			"wrote aggregates alone, and verdicts rest on repetitions: is "
			"BENCHMARK_REPORT_AGGREGATES_ONLY set?");
	else
		outcome->document = json_incref(document);
	if (failed)
		snprintf(outcome->fault, sizeof(outcome->fault), "reported that %s failed: %s",
			text_of(failed, "name"), text_of(failed, "error_message"));
	json_decref(document);
}

bool step_measure(const struct run *run, const struct plan_step *step,
	const struct step_watch *watch, struct step_outcome *outcome, struct problem *problem)
{
	outcome->document = NULL;
	if (!process_start(run, step, watch, outcome, problem))
		return false;
	if (outcome->process.end == PROCESS_EXITED && outcome->process.code == 0)
		document_read(outcome);
	return true;
}

void step_outcome_free(struct step_outcome *outcome)
{
	process_outcome_free(&outcome->process);
	json_decref(outcome->document);
	outcome->document = NULL;
}
