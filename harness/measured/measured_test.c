// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of a measured program from outside, as `slabmark run` sees it: its report, its description
// of itself, and its exit status for whatever can go wrong. Arguments: the program's path and the
// name of its config, and the path of a program whose allocator is broken.
#include <jansson.h>
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/process/process.h"

#define SHORT "--benchmark_min_time=0.001"
// Where it matters little what is measured; every_workload_test.c runs all there is.
#define SOME "--benchmark_filter=^(pair|batch|bulk|churn|colour|handover|kmalloc)"
#define JSON "--benchmark_format=json"
enum { ARGUMENTS_MAX = 8 };

static const char *program;
static const char *config;
static const char *broken_program;

// Runs a command line to its end; NULL ends the arguments.
static struct process_outcome run_command(
	const char *const *arguments, const char *const *environment)
{
	struct process_request request = {
		.arguments = arguments,
		.environment = environment,
		.output_bytes_max = 1 << 24,
		.timeout_s = 300,
	};
	struct process_outcome outcome;
	struct problem problem;

	assert_true(process_run(&request, &outcome, &problem));
	assert_int_equal(outcome.end, PROCESS_EXITED);
	return outcome;
}

#define run(...) run_command((const char *const[]){program, __VA_ARGS__, NULL}, NULL)
#define run_with(variable, ...)                                                                    \
	run_command((const char *const[]){program, __VA_ARGS__, NULL},                             \
		(const char *const[]){variable, NULL})

static void expect_failure(struct process_outcome outcome, int status, const char *message)
{
	if (outcome.code != status || !strstr(outcome.errors, message))
		fail_msg("status %d instead of %d, or '%s' isn't in: %s", outcome.code, status,
			message, outcome.errors);
	process_outcome_free(&outcome);
}

static json_t *document_of(struct process_outcome outcome)
{
	json_error_t error;

	if (outcome.code != 0)
		fail_msg("status %d: %s", outcome.code, outcome.errors);
	json_t *document = json_loads(outcome.output, JSON_REJECT_DUPLICATES, &error);
	if (!document)
		fail_msg("line %d: %s", error.line, error.text);
	process_outcome_free(&outcome);
	return document;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	if (!text || text[0] == '\0')
		fail_msg("'%s' is no text", key);
	return text;
}

static double number_of(const json_t *object, const char *key)
{
	const json_t *number = json_object_get(object, key);

	if (!json_is_number(number))
		fail_msg("'%s' is no number", key);
	return json_number_value(number);
}

// The names that --slabmark_list promises, in its order.
static json_t *promised_names(void)
{
	json_t *list = document_of(run("--slabmark_list"));
	json_t *names = json_array();
	const json_t *workload;
	size_t i;

	json_array_foreach(json_object_get(list, "workloads"), i, workload)
		json_array_extend(names, json_object_get(workload, "benchmarks"));
	json_decref(list);
	return names;
}

// ---- the report

static void expect_benchmark(const json_t *benchmark)
{
	static const char *const counters[] = {
		"context_switches_voluntary", "context_switches_involuntary", "page_faults"};

	assert_null(json_object_get(benchmark, "error_occurred"));
	assert_string_equal(text_of(benchmark, "time_unit"), "ns");
	assert_non_null(strstr(text_of(benchmark, "label"), "on CPU"));
	assert_true(number_of(benchmark, "iterations") >= 1);
	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		assert_true(number_of(benchmark, counters[i]) >= 0);
	// One iteration is one operation, and its time is wall-clock time, whatever the threads.
	double product =
		number_of(benchmark, "items_per_second") * number_of(benchmark, "real_time") * 1e-9;
	assert_true(fabs(product - 1) < 1e-3);
}

static void the_report_holds_the_benchmarks_that_were_promised(void **state)
{
	json_t *names = promised_names();
	json_t *document = document_of(run(SHORT, JSON, SOME, "--slabmark_verify"));
	const json_t *benchmark;
	size_t i;

	(void)state;
	assert_true(json_array_size(json_object_get(document, "benchmarks")) >= 5);
	json_array_foreach(json_object_get(document, "benchmarks"), i, benchmark)
	{
		assert_string_equal(
			text_of(benchmark, "name"), json_string_value(json_array_get(names, i)));
		expect_benchmark(benchmark);
	}
	json_decref(document);
	json_decref(names);
}

static void the_context_says_what_it_takes_to_believe_the_figures(void **state)
{
	static const char *const keys[] = {"slabmark_version", "commit", "config_description",
		"cpu_mode", "slab_backing", "allocator_calls", "compiler", "compiler_flags",
		"build_type", "machine", "kernel", "cpu_model", "microcode", "topology_digest",
		"topology_summary", "usable_cpus", "memory_per_node", "governor", "smt", "thp",
		"numa_balancing", "kernel_command_line", "page_backing", "library_build_type"};
	json_t *document =
		document_of(run(SHORT, JSON, "--slabmark_seed=77", "--benchmark_filter=^pair"));
	const json_t *context = json_object_get(document, "context");
	const json_t *benchmark = json_array_get(json_object_get(document, "benchmarks"), 0);

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		text_of(context, keys[i]);
	assert_string_equal(text_of(context, "config"), config);
	assert_string_equal(text_of(context, "seed"), "77");
	assert_string_equal(text_of(context, "time_source"), "steady_clock");
	assert_true(strncmp(text_of(context, "timestamps"), "clock_gettime: ", 15) == 0 ||
		    !strchr(text_of(context, "timestamps"), ' '));
	assert_string_equal(text_of(context, "simulated"), "no");
	// A counter is there, or the reason why it isn't.
	assert_int_equal(json_object_get(benchmark, "migrations") == NULL,
		json_object_get(context, "counters_absent") != NULL);
	json_decref(document);
}

// An allocator of ours says what its memory is made of and counts its locks; a peer says that it
// doesn't.
static void the_allocator_s_own_facts_are_there(void **state)
{
	setenv("SLAB_OPTIONS", "backing=4k", 1);
	json_t *document = document_of(run(SHORT, JSON, "--benchmark_filter=^pair/"));
	unsetenv("SLAB_OPTIONS");
	const json_t *context = json_object_get(document, "context");
	const json_t *benchmark = json_array_get(json_object_get(document, "benchmarks"), 0);
	const char *backing = text_of(context, "slab_backing");
	bool is_ours = strcmp(text_of(context, "cpu_mode"), "none") != 0;
	(void)state;
	assert_string_equal(text_of(context, "slab_options"), "backing=4k");
	assert_string_equal(backing, is_ours ? "4k" : "none");
	assert_int_equal(strcmp(text_of(context, "allocator_calls"), "library") == 0, is_ours);
	assert_int_equal(json_object_get(benchmark, "lock_contended") != NULL, is_ours);
	assert_int_equal(json_object_get(benchmark, "sequences_aborted") != NULL,
		strncmp(text_of(context, "cpu_mode"), "rseq", 4) == 0);
	json_decref(document);
}

// A counter that is a whole number above 0.
static void expect_size(const json_t *benchmark, const char *counter)
{
	double value = json_number_value(json_object_get(benchmark, counter));

	assert_true(value > 0 && value == floor(value));
}

// Exact counters are those of an allocator of ours, the geometry that of the one cache where there
// is one; where there is nothing to say there is no 0 either. That they are right is
// command/exact_test.sh's business.
static void exact_counters_are_there_or_absent(void **state)
{
	static const char *const keys[] = {"geometry_slab_bytes", "geometry_objects_per_slab",
		"code_bytes_alloc", "code_bytes_free"};
	json_t *document = document_of(run(SHORT, JSON, SOME));
	bool is_ours =
		strcmp(text_of(json_object_get(document, "context"), "cpu_mode"), "none") != 0;
	const json_t *benchmark;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(document, "benchmarks"), i, benchmark)
	{
		const char *name = text_of(benchmark, "name");
		bool has_one_cache = strstr(name, "/size:") && !strstr(name, "kmalloc");

		for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
			if (is_ours && (has_one_cache || k >= 2))
				expect_size(benchmark, keys[k]);
			else
				assert_null(json_object_get(benchmark, keys[k]));
		}
	}
	json_decref(document);
}

static void a_bound_thread_doesn_t_migrate(void **state)
{
	json_t *document = document_of(run(SHORT, JSON, "--benchmark_filter=handover"));
	const json_t *benchmark;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(document, "benchmarks"), i, benchmark)
	{
		const json_t *migrations = json_object_get(benchmark, "migrations");

		if (migrations)
			assert_true(json_number_value(migrations) == 0);
	}
	json_decref(document);
}

static void a_parameter_becomes_part_of_the_name(void **state)
{
	json_t *document = document_of(run(SHORT, JSON, "--benchmark_filter=^pair/|^batch",
		"--slabmark_set=pair.size=64", "--slabmark_set=batch.order=fifo"));
	const json_t *benchmarks = json_object_get(document, "benchmarks");

	(void)state;
	assert_string_equal(
		text_of(json_array_get(benchmarks, 0), "name"), "pair/size:64/real_time");
	assert_string_equal(text_of(json_array_get(benchmarks, 1), "name"),
		"batch/size:192/batch:40/order:fifo/real_time");
	json_decref(document);
}

// Some of a benchmark's threads on each node, and more threads than this machine has CPUs.
static void as_many_threads_run_as_are_asked_for(void **state)
{
	json_t *document = document_of(run_with("HWLOC_SYNTHETIC=numa:4 core:2 pu:1", SHORT, JSON,
		"--benchmark_filter=^handover.*spread|^pair/",
		"--slabmark_set=handover.producers=3", "--slabmark_set=handover.consumers=5",
		"--slabmark_set=pair.workers=8", "--slabmark_verify"));
	const json_t *benchmark = json_array_get(json_object_get(document, "benchmarks"), 0);
	double sum = 0;

	(void)state;
	assert_int_equal(json_array_size(json_object_get(document, "benchmarks")), 3);
	assert_string_equal(
		text_of(benchmark, "name"), "pair/size:192/relation:compact/real_time/threads:8");
	for (int thread = 0; thread < 8; thread++) {
		char name[32];

		snprintf(name, sizeof(name), "rate.thread%d", thread);
		sum += number_of(benchmark, name);
	}
	assert_true(fabs(number_of(benchmark, "rate") / sum - 1) < 1e-9);
	assert_true(number_of(benchmark, "rate.evenness") > 0);
	assert_true(number_of(benchmark, "rate.evenness") <= 1);
	number_of(benchmark, "rate.node3");
	benchmark = json_array_get(json_object_get(document, "benchmarks"), 2);
	assert_string_equal(text_of(benchmark, "name"),
		"handover/size:192/producers:3/consumers:5/relation:spread/real_time/threads:8");
	assert_non_null(strstr(text_of(benchmark, "label"), "5 consumers on CPUs"));
	json_decref(document);
}

static void two_hundred_and_fifty_six_threads_run(void **state)
{
	json_t *document = document_of(run_with("HWLOC_SYNTHETIC=numa:4 core:32 pu:2", SHORT, JSON,
		"--benchmark_filter=^handover.*compact", "--slabmark_set=handover.producers=128",
		"--slabmark_set=handover.consumers=128"));
	const json_t *benchmark = json_array_get(json_object_get(document, "benchmarks"), 0);

	(void)state;
	assert_string_equal(text_of(benchmark, "name"),
		"handover/size:192/relation:compact/real_time/threads:256");
	assert_true(number_of(benchmark, "threads") == 256);
	assert_true(number_of(benchmark, "rate.thread255") > 0);
	json_decref(document);
}

static void google_benchmark_s_other_forms_still_work(void **state)
{
	char path[] = "/tmp/slabmark-measured-XXXXXX";
	char option[64];

	(void)state;
	int file = mkstemp(path);
	assert_true(file >= 0);
	close(file);
	snprintf(option, sizeof(option), "--benchmark_out=%s", path);
	struct process_outcome outcome =
		run(SHORT, "--benchmark_format=csv", option, "--benchmark_filter=^pair",
			"--benchmark_repetitions=3", "--benchmark_enable_random_interleaving");
	assert_int_equal(outcome.code, 0);
	assert_non_null(strstr(outcome.output, "name,iterations,real_time"));
	assert_non_null(strstr(outcome.output, "_median"));
	process_outcome_free(&outcome);
	static char report[1 << 18];
	FILE *written = fopen(path, "re");
	assert_non_null(written);
	assert_true(fread(report, 1, sizeof(report) - 1, written) > 0);
	fclose(written);
	assert_non_null(strstr(report, "\"name\": \"pair/size:192/real_time_median\""));
	unlink(path);

	outcome = run(SHORT, "--benchmark_filter=^pair");
	assert_int_equal(outcome.code, 0);
	assert_non_null(strstr(outcome.output, "UserCounters"));
	process_outcome_free(&outcome);

	outcome = run("--benchmark_list_tests");
	assert_int_equal(outcome.code, 0);
	assert_non_null(strstr(outcome.output, "pair/size:192/real_time\n"));
	process_outcome_free(&outcome);
}

// ---- the description

static void the_list_describes_config_workloads_and_parameters(void **state)
{
	static const char *const names[] = {"pair", "pair-kfree", "pair-kmalloc", "pair-threads",
		"batch", "bulk", "churn", "colour", "handover", "kmalloc-mixed"};
	json_t *list = document_of(run("--slabmark_list"));
	const json_t *workloads = json_object_get(list, "workloads");

	(void)state;
	assert_string_equal(text_of(list, "config"), config);
	text_of(list, "description");
	text_of(list, "cpu_mode");
	assert_true(json_array_size(workloads) >= sizeof(names) / sizeof(names[0]));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const json_t *workload = json_array_get(workloads, i);
		const json_t *parameter =
			json_array_get(json_object_get(workload, "parameters"), 0);

		assert_string_equal(text_of(workload, "name"), names[i]);
		text_of(workload, "summary");
		text_of(workload, "stresses");
		text_of(workload, "published");
		assert_true(json_array_size(json_object_get(workload, "roles")) >= 1);
		assert_true(json_array_size(json_object_get(workload, "benchmarks")) >= 1);
		text_of(parameter, "unit");
		assert_true(number_of(parameter, "min") <= number_of(parameter, "default"));
		assert_true(number_of(parameter, "default") <= number_of(parameter, "max"));
	}
	json_decref(list);
}

// Runs on one CPU, as under taskset, then lets this process use all of its CPUs again.
static struct process_outcome run_on_one_cpu(const char *first, const char *second)
{
	cpu_set_t before;
	cpu_set_t one;

	assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	struct process_outcome outcome = run(first, second, SHORT, JSON);
	assert_int_equal(sched_setaffinity(0, sizeof(before), &before), 0);
	return outcome;
}

static const json_t *workload_of(const json_t *list, const char *name)
{
	const json_t *workload;
	size_t i;

	json_array_foreach(json_object_get(list, "workloads"), i, workload)
	{
		if (strcmp(text_of(workload, "name"), name) == 0)
			return workload;
	}
	fail_msg("no workload %s", name);
	return NULL;
}

static void on_one_cpu_only_the_relations_that_fit_are_there(void **state)
{
	json_t *list = document_of(run_on_one_cpu("--slabmark_list", "--slabmark_seed=1"));
	const json_t *handover = workload_of(list, "handover");
	const json_t *benchmarks = json_object_get(handover, "benchmarks");
	const json_t *skipped = json_object_get(handover, "skipped");

	(void)state;
	assert_int_equal(json_array_size(benchmarks), 1);
	assert_string_equal(json_string_value(json_array_get(benchmarks, 0)),
		"handover/size:192/relation:same-cpu/real_time/threads:2");
	assert_int_equal(json_array_size(skipped), 5);
	assert_non_null(strstr(text_of(json_array_get(skipped, 0), "reason"), "only"));
	json_decref(list);
	json_decref(
		document_of(run_on_one_cpu("--benchmark_filter=same-cpu", "--slabmark_verify=1")));
}

static void what_the_machine_lacks_is_not_measured_and_says_why(void **state)
{
	(void)state;
	expect_failure(run_on_one_cpu("--benchmark_filter=relation:same-node", "--v=0"), 3,
		"needs two cores of one node");
}

static void help_shows_both_kinds_of_options(void **state)
{
	struct process_outcome outcome = run("--help");

	(void)state;
	assert_int_equal(outcome.code, 0);
	assert_non_null(strstr(outcome.output, "--slabmark_set=WORKLOAD.PARAMETER=VALUE"));
	assert_non_null(strstr(outcome.output, "--benchmark_filter="));
	process_outcome_free(&outcome);
}

static void a_made_up_topology_is_called_a_simulation(void **state)
{
	json_t *document = document_of(run_with(
		"HWLOC_SYNTHETIC=numa:4 core:2 pu:1", SHORT, JSON, "--benchmark_filter=^pair"));

	(void)state;
	assert_string_equal(text_of(json_object_get(document, "context"), "simulated"),
		"topology from HWLOC_SYNTHETIC");
	json_decref(document);
}

// Each object of handover is freed on the other node: the workload's own count of operations is the
// tally.
// Of off-slab freelists, those of slabs that the consumer gives back are objects of the other node,
// too.
static void remote_frees_are_those_of_the_workload_exactly(void **state)
{
	bool has_more = strcmp(config, "offslab") == 0;
	json_t *document = document_of(run_with("HWLOC_SYNTHETIC=numa:4 core:2 pu:1", SHORT, JSON,
		"--benchmark_filter=^handover.*node-near"));
	const json_t *benchmark = json_array_get(json_object_get(document, "benchmarks"), 0);
	const json_t *context = json_object_get(document, "context");

	(void)state;
	if (strcmp(text_of(context, "cpu_mode"), "none") == 0) {
		assert_null(json_object_get(benchmark, "remote_frees"));
		assert_null(json_object_get(benchmark, "list_lock_takes.raw"));
	} else {
		double frees = number_of(benchmark, "remote_frees.raw");
		double iterations = number_of(benchmark, "iterations");

		assert_true(frees == iterations || (has_more && frees > iterations));
		assert_true(number_of(benchmark, "remote_frees") == frees / iterations);
		assert_true(number_of(benchmark, "remote_frees.node1.node0") ==
			    number_of(benchmark, "remote_frees"));
		assert_true(number_of(benchmark, "list_lock_takes.raw") > 0);
		assert_true(number_of(benchmark, "list_lock_takes.node0") > 0);
	}
	json_decref(document);
}

// ---- what goes wrong

static void wrong_use_is_status_2_with_a_message(void **state)
{
	(void)state;
	expect_failure(run("--slabmark_lst"), 2, "'--slabmark_list'");
	expect_failure(run("--slabmark_set=pair.size=1"), 2, "from 8 to 65536");
	expect_failure(run("--slabmark_set=pair.workers=0"), 2, "threads from 1 to 8192");
	expect_failure(run("--slabmark_set=handover.producer=2"), 2, "'producers'");
	expect_failure(run("--benchmark_filter=nothing"), 2, "selects no benchmark");
	expect_failure(run("--benchmark_filter=["), 2, "selects no benchmark");
	expect_failure(run("--benchmark_min_time=x"), 2, "a number from 0");
	expect_failure(run_with("SLAB_OPTIONS=nonsense", SHORT), 2, "SLAB_OPTIONS");
}

static void a_report_that_can_t_be_written_is_status_3(void **state)
{
	char script[4200];

	(void)state;
	expect_failure(run("--benchmark_out=/nonexistent/report.json", SHORT), 3, "/nonexistent");
	expect_failure(run("--benchmark_out=/dev/full", "--benchmark_filter=^pair", SHORT), 3,
		"cut short");
	snprintf(script, sizeof(script), "exec '%s' --benchmark_filter=^pair %s %s >/dev/full",
		program, SHORT, JSON);
	expect_failure(run_command((const char *const[]){"/bin/sh", "-c", script, NULL}, NULL), 3,
		"standard output");
	snprintf(script, sizeof(script), "exec '%s' --slabmark_list >/dev/full", program);
	expect_failure(run_command((const char *const[]){"/bin/sh", "-c", script, NULL}, NULL), 3,
		"can't be written");
}

static void a_broken_promise_of_the_allocator_is_status_1(void **state)
{
	struct process_outcome outcome =
		run_command((const char *const[]){broken_program, "--slabmark_verify",
				    "--benchmark_filter=^batch|^kmalloc", SHORT, JSON, NULL},
			NULL);

	(void)state;
	assert_non_null(strstr(outcome.output, "was overwritten while it was in use"));
	expect_failure(outcome, 1, "ended with an error");
}

static void an_allocator_without_memory_is_status_3(void **state)
{
	struct process_outcome outcome =
		run_command((const char *const[]){broken_program, "--benchmark_filter=^kmalloc",
				    SHORT, JSON, NULL},
			NULL);

	(void)state;
	assert_non_null(strstr(outcome.output, "\"error_occurred\": true"));
	assert_non_null(strstr(outcome.output, "the allocator has no memory left"));
	expect_failure(outcome, 3, "ended with an error");
}

// The sanitizers' own address space is larger than any limit that would be of use.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif

static void memory_that_runs_out_ends_the_benchmark_and_not_the_program(void **state)
{
#ifdef HAS_SANITIZER
	(void)state;
	skip();
#else
	char script[4200];

	(void)state;
	snprintf(script, sizeof(script),
		"ulimit -v 1500000; exec '%s' --benchmark_filter=kmalloc-mixed %s %s "
		"--slabmark_set=kmalloc-mixed.live=10000 --slabmark_set=kmalloc-mixed.min=1000000 "
		"--slabmark_set=kmalloc-mixed.max=1000000",
		program, SHORT, JSON);
	struct process_outcome outcome =
		run_command((const char *const[]){"/bin/sh", "-c", script, NULL}, NULL);
	assert_non_null(strstr(outcome.output, "\"error_occurred\": true"));
	assert_non_null(strstr(outcome.output, "no memory left for an object of 1000000 bytes"));
	expect_failure(outcome, 3, "ended with an error");
#endif
}

// ---- counters

static bool is_absent(const json_t *context, const char *name)
{
	const char *absent = json_string_value(json_object_get(context, "counters_absent"));
	char wanted[128];

	snprintf(wanted, sizeof(wanted), "%s: ", name);
	return absent && strstr(absent, wanted);
}

// Every counter that was asked for is a number that was counted, or a reason; never both.
static void expect_counted_or_absent(const json_t *document, const json_t *names)
{
	const json_t *context = json_object_get(document, "context");
	const json_t *benchmark;
	const json_t *name;
	size_t i;
	size_t j;

	json_array_foreach(json_object_get(document, "benchmarks"), i, benchmark)
		json_array_foreach(names, j, name)
	{
		const char *text = json_string_value(name);

		if (is_absent(context, text) == (json_object_get(benchmark, text) != NULL))
			fail_msg("%s is both counted and absent, or neither", text);
	}
}

static void a_counter_that_was_asked_for_is_counted_or_says_why_not(void **state)
{
	json_t *names = json_pack("[s,s,s,s,s,s]", "local-dram-loads", "remote-dram-loads",
		"LLC-load-misses", "page-faults", "task-clock", "context-switches");
	json_t *document =
		document_of(run(SHORT, JSON, SOME, "--slabmark_counters=cache,numa,software"));

	(void)state;
	expect_counted_or_absent(document, names);
	json_decref(document);
	json_decref(names);
}

static void threads_and_nodes_add_up_to_the_counter(void **state)
{
	json_t *document = document_of(run(SHORT, JSON, "--benchmark_filter=handover.*same-node",
		"--slabmark_counters=task-clock"));
	const json_t *benchmark = json_array_get(json_object_get(document, "benchmarks"), 0);

	(void)state;
	if (!benchmark) {
		json_decref(document);
		skip();
	}
	if (!is_absent(json_object_get(document, "context"), "task-clock")) {
		double total = number_of(benchmark, "task-clock");
		double sum = number_of(benchmark, "task-clock.thread0") +
			     number_of(benchmark, "task-clock.thread1");
		double raw = number_of(benchmark, "task-clock.raw");

		assert_true(total > 0 && fabs(sum / total - 1) < 1e-9);
		assert_true(fabs(raw / number_of(benchmark, "iterations") / total - 1) < 1e-9);
		assert_non_null(strstr(text_of(json_object_get(document, "context"), "counters"),
			"task-clock = "));
	}
	json_decref(document);
}

static void a_wrong_counter_ends_the_program_before_anything_runs(void **state)
{
	(void)state;
	expect_failure(run("--slabmark_counters=cycels"), 2, "did you mean 'cycles'");
	expect_failure(run("--slabmark_counters=nope"), 2, "no counter is called 'nope'");
	expect_failure(run("--benchmark_perf_counters=CYCLES"), 2, "--slabmark_counters=CYCLES");
}

static void the_list_of_counters_says_of_each_what_or_why(void **state)
{
	json_t *list = document_of(run("--slabmark_list_counters"));
	const json_t *counter;
	size_t i;

	(void)state;
	assert_true(json_array_size(json_object_get(list, "presets")) >= 6);
	assert_true(json_array_size(json_object_get(list, "counters")) >= 20);
	json_array_foreach(json_object_get(list, "counters"), i, counter)
	{
		bool is_there = strcmp(text_of(counter, "state"), "unavailable") != 0;

		text_of(counter, is_there ? "taken" : "reason");
		text_of(counter, "summary");
	}
	json_decref(list);
}

int main(int argument_count, char **arguments)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_report_holds_the_benchmarks_that_were_promised),
		cmocka_unit_test(the_context_says_what_it_takes_to_believe_the_figures),
		cmocka_unit_test(the_allocator_s_own_facts_are_there),
		cmocka_unit_test(exact_counters_are_there_or_absent),
		cmocka_unit_test(a_bound_thread_doesn_t_migrate),
		cmocka_unit_test(a_counter_that_was_asked_for_is_counted_or_says_why_not),
		cmocka_unit_test(threads_and_nodes_add_up_to_the_counter),
		cmocka_unit_test(a_wrong_counter_ends_the_program_before_anything_runs),
		cmocka_unit_test(the_list_of_counters_says_of_each_what_or_why),
		cmocka_unit_test(a_parameter_becomes_part_of_the_name),
		cmocka_unit_test(as_many_threads_run_as_are_asked_for),
		cmocka_unit_test(two_hundred_and_fifty_six_threads_run),
		cmocka_unit_test(google_benchmark_s_other_forms_still_work),
		cmocka_unit_test(the_list_describes_config_workloads_and_parameters),
		cmocka_unit_test(on_one_cpu_only_the_relations_that_fit_are_there),
		cmocka_unit_test(what_the_machine_lacks_is_not_measured_and_says_why),
		cmocka_unit_test(help_shows_both_kinds_of_options),
		cmocka_unit_test(a_made_up_topology_is_called_a_simulation),
		cmocka_unit_test(remote_frees_are_those_of_the_workload_exactly),
		cmocka_unit_test(wrong_use_is_status_2_with_a_message),
		cmocka_unit_test(a_report_that_can_t_be_written_is_status_3),
		cmocka_unit_test(a_broken_promise_of_the_allocator_is_status_1),
		cmocka_unit_test(an_allocator_without_memory_is_status_3),
		cmocka_unit_test(memory_that_runs_out_ends_the_benchmark_and_not_the_program),
	};

	if (argument_count != 4) {
		fprintf(stderr, "usage: %s PROGRAM CONFIG BROKEN_PROGRAM\n", arguments[0]);
		return 2;
	}
	program = arguments[1];
	config = arguments[2];
	broken_program = arguments[3];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
