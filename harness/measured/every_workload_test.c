// SPDX-License-Identifier: GPL-2.0-or-later
// Every workload in one measured program, on a made-up machine of 4 nodes with 2 CPUs each: with its
// default number of threads and with four, with small values; with the first, every object is checked. Where the
// allocator counts, frees of another node's objects are those that the workload and the placement
// promise, to the object. Arguments: the program, its config.
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/process/process.h"
#include "workloads/tried/small_recording.h"
#include "workloads/tried/small_values.h"
#include "workloads/workload.h"

enum { ARGUMENTS_MAX = 256, ARGUMENT_SIZE = 96 };

static const char *program;
static const char *config;
static char recording_path[] = "/tmp/slabmark-recording-XXXXXX";

// ---- the command line

static struct {
	const char *items[ARGUMENTS_MAX + 1];
	char texts[ARGUMENTS_MAX][ARGUMENT_SIZE];
	size_t count;
} arguments;

__attribute__((format(printf, 1, 2))) static void argument_add(const char *format, ...)
{
	char *text = arguments.texts[arguments.count];
	va_list values;

	assert_in_range(arguments.count, 0, ARGUMENTS_MAX - 1);
	va_start(values, format);
	vsnprintf(text, ARGUMENT_SIZE, format, values);
	va_end(values);
	arguments.items[arguments.count++] = text;
	arguments.items[arguments.count] = NULL;
}

static void arguments_begin(void)
{
	arguments.count = 0;
	argument_add("%s", "");
	arguments.items[0] = program;
	argument_add("--benchmark_min_time=0.0001");
	argument_add("--benchmark_format=json");
	argument_add("--slabmark_recording=%s", recording_path);
	for (const struct small_value *small = small_values; small->workload; small++)
		argument_add(
			"--slabmark_set=%s.%s=%d", small->workload, small->parameter, small->value);
}

// As many threads of each workload, where it has use for so many.
static void arguments_add_threads(unsigned threads)
{
	for (size_t i = 0; workload_table[i]; i++) {
		const struct workload *workload = workload_table[i];
		unsigned counts[WORKLOAD_ROLES_MAX];
		char reason[256];

		if (!workload_threads_split(workload, threads, counts, reason, sizeof(reason)))
			continue;
		for (size_t role = 0; workload->roles[role].name; role++)
			argument_add("--slabmark_set=%s.%s=%u", workload->name,
				workload->roles[role].plural, counts[role]);
	}
}

// ---- the report

static json_t *report_of(void)
{
	static const char *const environment[] = {
		"HWLOC_SYNTHETIC=numa:4 core:2 pu:1", "SLAB_OPTIONS=arena_size=67108864", NULL};
	const struct process_request request = {
		.arguments = arguments.items,
		.environment = environment,
		.output_bytes_max = 1 << 26,
		.timeout_s = 600,
	};
	struct process_outcome outcome;
	struct problem problem;
	json_t *report;

	assert_true(process_run(&request, &outcome, &problem));
	report = json_loads(outcome.output, 0, NULL);
	if (!report || outcome.end != PROCESS_EXITED || outcome.code != 0)
		fail_msg("status %d: %s\n%s", outcome.code, outcome.errors, outcome.output);
	process_outcome_free(&outcome);
	return report;
}

static double number_of(const json_t *benchmark, const char *key)
{
	const json_t *number = json_object_get(benchmark, key);

	if (!number)
		fail_msg(
			"%s has no %s", json_string_value(json_object_get(benchmark, "name")), key);
	return json_number_value(number);
}

static bool is_peer(const json_t *report)
{
	return strcmp(json_string_value(
			      json_object_get(json_object_get(report, "context"), "cpu_mode")),
		       "none") == 0;
}

static bool is_of(const json_t *benchmark, const char *workload)
{
	const char *name = json_string_value(json_object_get(benchmark, "name"));
	size_t length = strlen(workload);

	return strncmp(name, workload, length) == 0 && name[length] == '/';
}

// A peer has nothing to tune, and no nodes to fill.
static bool may_be_missing(const json_t *report, const char *workload)
{
	return is_peer(report) &&
	       (strcmp(workload, "tune") == 0 || strcmp(workload, "node-full") == 0);
}

static void expect_every_workload(const json_t *report)
{
	const json_t *benchmarks = json_object_get(report, "benchmarks");

	for (size_t i = 0; workload_table[i]; i++) {
		const json_t *benchmark;
		size_t found = 0;
		size_t j;

		json_array_foreach(
			benchmarks, j, benchmark) if (is_of(benchmark, workload_table[i]->name))
		{
			found++;
			assert_null(json_object_get(benchmark, "error_occurred"));
			assert_true(number_of(benchmark, "iterations") > 0);
		}
		if (found == 0 && !may_be_missing(report, workload_table[i]->name))
			fail_msg("%s did not run", workload_table[i]->name);
	}
}

// ---- tests

static void every_workload_runs_with_its_threads(void **state)
{
	(void)state;
	arguments_begin();
	argument_add("--slabmark_verify");
	json_t *report = report_of();
	expect_every_workload(report);
	json_decref(report);
}

static void every_workload_runs_with_four_threads(void **state)
{
	(void)state;
	arguments_begin();
	arguments_add_threads(4);
	json_t *report = report_of();
	expect_every_workload(report);
	json_decref(report);
}

// Where a slab's list of free objects lies in another cache's object, that is freed with the slab, on
// the node of whoever gave back the last object.
static void expect_remote(const json_t *benchmark, double share)
{
	double frees = number_of(benchmark, "remote_frees.raw");
	double expected = share * number_of(benchmark, "iterations");
	bool has_more = strcmp(config, "offslab") == 0;

	if (frees != expected && !(has_more && frees > expected))
		fail_msg("%s: %g frees of other nodes' objects, expected %g",
			json_string_value(json_object_get(benchmark, "name")), frees, expected);
}

// Eight threads, each of which hands objects to the next. Compact, every second next one is on another
// node; spread, every one is.
static void rptest_frees_as_many_remotely_as_its_rate_says(void **state)
{
	(void)state;
	for (int rate = 1; rate <= 5; rate += 2) {
		arguments_begin();
		argument_add("--benchmark_filter=^rptest/");
		argument_add("--slabmark_set=rptest.workers=8");
		argument_add("--slabmark_set=rptest.cross_rate=%d", rate);
		argument_add("--slabmark_set=rptest.max=200"); // slabs whose lists lie within them
		json_t *report = report_of();
		const json_t *benchmarks = json_object_get(report, "benchmarks");

		assert_int_equal(json_array_size(benchmarks), 2);
		if (!is_peer(report)) {
			expect_remote(json_array_get(benchmarks, 0), 0.5 / rate);
			expect_remote(json_array_get(benchmarks, 1), 1.0 / rate);
		}
		json_decref(report);
	}
}

static void a_chosen_share_of_objects_passes_through_alien_arrays(void **state)
{
	(void)state;
	for (int remote = 300; remote <= 1000; remote += 700) {
		arguments_begin();
		argument_add("--benchmark_filter=^(alien-drain|shared-array)/");
		argument_add("--slabmark_set=alien-drain.remote=%d", remote);
		json_t *report = report_of();
		const json_t *benchmark;
		size_t i;

		json_array_foreach(json_object_get(report, "benchmarks"), i, benchmark)
		{
			if (is_peer(report))
				continue;
			expect_remote(
				benchmark, is_of(benchmark, "alien-drain") ? remote / 1000.0 : 0);
		}
		json_decref(report);
	}
}

static bool recording_make(void)
{
	int descriptor = mkstemp(recording_path);
	FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;

	return file && small_recording_write(file) && fclose(file) == 0;
}

int main(int argument_count, char **words)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_workload_runs_with_its_threads),
		cmocka_unit_test(every_workload_runs_with_four_threads),
		cmocka_unit_test(rptest_frees_as_many_remotely_as_its_rate_says),
		cmocka_unit_test(a_chosen_share_of_objects_passes_through_alien_arrays),
	};

	if (argument_count != 3) {
		fprintf(stderr, "usage: %s PROGRAM CONFIG\n", words[0]);
		return 2;
	}
	program = words[1];
	config = words[2];
	if (!recording_make())
		return 3;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(recording_path);
	return failed;
}
