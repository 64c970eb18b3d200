// SPDX-License-Identifier: GPL-2.0-or-later
// slabmark-run-<config>: measures one allocator config, the one it is linked with, and writes
// Google Benchmark's report. Each call is one process of a comparison; `slabmark run` decides how
// many of them run, and in which order.
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <regex.h>
#include <slab/slab.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "benchmark.h"
#include "build_info.h"
#include "clock.h"
#include "counting.h"
#include "figures.h"
#include "gbench.h"
#include "harness/place/cpu_list.h"
#include "harness/place/topology.h"
#include "list.h"
#include "machine.h"
#include "options.h"
#include "other_malloc.h"
#include "placement_list.h"
#include "results/text/memory.h"
#include "thread_events.h"

// ---- context

static void add_machine(const struct measured_process *process)
{
	struct machine machine = {process->topology, process->usable, ""};
	char text[MACHINE_FACT_SIZE];

	for (const struct machine_fact *fact = machine_facts; fact->key; fact++) {
		fact->read(&machine, text);
		if (process->simulation.file && strcmp(fact->key, "simulated") == 0)
			gbench_add_context(fact->key, process->simulation.words);
		else
			gbench_add_context(fact->key, text);
	}
}

static void add_build(void)
{
	gbench_add_context("slabmark_version", build_info.version);
	gbench_add_context("commit", build_info.commit);
	gbench_add_context("compiler", build_info.compiler);
	gbench_add_context("compiler_flags", build_info.compiler_flags);
	gbench_add_context("build_type", build_info.build_type);
	gbench_add_context("config", slab_config_name());
	gbench_add_context("config_description", slab_config_description());
	gbench_add_context("cpu_mode", slab_cpu_mode());
	gbench_add_context("slab_backing", slab_backing());
	gbench_add_context("allocator_calls", workload_calls());
	other_malloc_say();
	if (getenv("SLAB_OPTIONS"))
		gbench_add_context("slab_options", getenv("SLAB_OPTIONS"));
}

// Adds a text that may be missing, and frees it.
static void add_owned(const char *key, char *text)
{
	if (text)
		gbench_add_context(key, text);
	free(text);
}

// Counters that were asked for, and migrations, which are always counted where they can be.
static void add_counters(const struct measured_process *process, const char *migrations_absent)
{
	char *absent = counting_absent(&process->counters);
	char *both = NULL;

	add_owned("counters", counting_taken(&process->counters));
	if (absent && migrations_absent[0] != '\0' &&
		asprintf(&both, "%s; %s", migrations_absent, absent) > 0)
		gbench_add_context("counters_absent", both);
	else if (absent || migrations_absent[0] != '\0')
		gbench_add_context("counters_absent", absent ? absent : migrations_absent);
	free(both);
	free(absent);
}

static void add_run(struct measured_process *process)
{
	char timestamps[CLOCK_WORDS_SIZE];
	char seed[24];

	snprintf(seed, sizeof(seed), "%" PRIu64, process->options->seed);
	gbench_add_context("seed", seed);
	if (process->options->slowdown > 0) {
		char slowdown[64];

		snprintf(slowdown, sizeof(slowdown), "%g %%", process->options->slowdown);
		gbench_add_context("slowdown", slowdown);
	}
	gbench_add_context("time_source", "steady_clock");
	process->clock = (struct workload_clock){.ns_per_tick = 1};
	if (process->simulation.file)
		snprintf(timestamps, sizeof(timestamps), "clock_gettime: nothing is timed");
	else
		clock_choose(&process->clock, &clock_machine_real, timestamps);
	gbench_add_context("timestamps", timestamps);
}

// ---- output

// A device or a FIFO has no end to read, and opening a FIFO twice takes its reader from it.
static bool is_special(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

// Google Benchmark would exit with 1 and write nothing; better before the measurement.
static bool output_is_writable(const struct measured_options *options, struct problem *problem)
{
	if (options->output && is_special(options->output))
		return access(options->output, W_OK) == 0 ||
		       problem_set(problem, EXIT_NOT_MEASURED, "--benchmark_out=%s: %s",
			       options->output, strerror(errno));
	FILE *file = options->output ? fopen(options->output, "ae") : NULL;

	if (options->output && !file)
		return problem_set(problem, EXIT_NOT_MEASURED, "--benchmark_out=%s: %s",
			options->output, strerror(errno));
	if (file)
		fclose(file);
	return true;
}

// Whether the file's last character, blanks apart, is the brace that ends a JSON document. Reading
// it as JSON would ask too much: Google Benchmark writes NaN for a ratio to zero.
static bool ends_with_brace(const char *path)
{
	char tail[16] = "";
	FILE *file = fopen(path, "re");

	if (!file)
		return false;
	bool is_read = fseek(file, 1 - (long)sizeof(tail), SEEK_END) == 0 &&
		       fread(tail, 1, sizeof(tail) - 1, file) > 0;
	fclose(file);
	size_t length = strlen(tail);
	while (length > 0 && isspace((unsigned char)tail[length - 1]))
		length--;
	return is_read && length > 0 && tail[length - 1] == '}';
}

// Whether a device takes one more newline, where a report that it did not take would have stopped,
// too. A FIFO's reader has gone by now; it knows what it got.
static bool special_is_good(const char *path)
{
	struct stat status;
	int file;

	if (stat(path, &status) != 0 || !S_ISCHR(status.st_mode))
		return true;
	file = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (file < 0)
		return false;
	bool is_written = write(file, "\n", 1) == 1;
	return close(file) == 0 && is_written;
}

static bool file_is_whole(const char *path)
{
	return is_special(path) ? special_is_good(path) : ends_with_brace(path);
}

// Google Benchmark doesn't look whether its report was written: on a full disk it is cut short.
static bool output_is_whole(const struct measured_options *options, struct problem *problem)
{
	if (!gbench_output_is_good() || fflush(stdout) != 0)
		return problem_set(
			problem, EXIT_NOT_MEASURED, "standard output can't be written: disk full?");
	if (!options->output || !options->output_is_json || file_is_whole(options->output))
		return true;
	return problem_set(problem, EXIT_NOT_MEASURED,
		"--benchmark_out=%s is cut short: disk full?", options->output);
}

// Takes over the list.
static bool print_json(json_t *list, struct problem *problem)
{
	bool is_written = list && json_dumpf(list, stdout, JSON_INDENT(2)) == 0 &&
			  putchar('\n') != EOF && fflush(stdout) == 0;

	json_decref(list);
	return is_written || problem_set(problem, EXIT_NOT_MEASURED,
				     "the list can't be written: %s", strerror(errno));
}

static bool print_counters(struct measured_process *process, struct problem *problem)
{
	process->counters = process->options->counters;
	if (process->counters.count == 0 &&
		!counters_choose(&process->counters, counting_everything(), problem))
		return false;
	counting_probe(&process->counters, &process->sites);
	return print_json(counting_list(&process->counters), problem);
}

// ---- the filter

// Says on standard error which of the selected benchmarks this machine can't run, and returns how
// many. A filter that is no extended regular expression selects none here; Google Benchmark reads
// it its own way.
static size_t report_skipped(const struct measured_process *process)
{
	const char *filter = process->options->filter;
	bool is_all = !filter || strcmp(filter, "all") == 0;
	size_t skipped_count = 0;
	regex_t expression;

	if (!is_all && regcomp(&expression, filter, REG_EXTENDED | REG_NOSUB) != 0)
		return 0;
	for (size_t i = 0; i < process->benchmarks_count; i++) {
		const struct measured_benchmark *benchmark = process->benchmarks[i];
		bool is_selected = is_all || regexec(&expression, benchmark->name, 0, NULL, 0) == 0;

		if (benchmark->reason[0] == '\0' || !is_selected)
			continue;
		fprintf(stderr, "%s: skipped: %s\n", benchmark->name, benchmark->reason);
		skipped_count++;
	}
	if (!is_all)
		regfree(&expression);
	return skipped_count;
}

static bool run_selected(struct measured_process *process, struct problem *problem)
{
	size_t skipped_count = report_skipped(process);
	int64_t selected_count = gbench_run();

	if (selected_count < 0)
		return problem_set(problem, EXIT_NOT_MEASURED, "Google Benchmark gave up");
	if (selected_count == 0 && skipped_count > 0)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"--benchmark_filter=%s selects only benchmarks that this machine can't run",
			process->options->filter);
	if (selected_count == 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"--benchmark_filter=%s selects no benchmark; --benchmark_list_tests shows "
			"them",
			process->options->filter ? process->options->filter : "");
	if (atomic_load(&process->status) != EXIT_GOOD)
		return problem_set(problem, (enum exit_status)atomic_load(&process->status),
			"a benchmark ended with an error; the report says which");
	return output_is_whole(process->options, problem) && figures_print(process, problem);
}

// ---- the program

// On a made-up machine the allocator shall see the same one, so that its nodes and CPUs are those
// that the threads are placed on: it reads what hwloc writes of the harness's topology. Whoever
// gives the allocator a topology of its own is not contradicted.
static bool topology_hand_over(hwloc_topology_t topology, struct slab_options *options, char *path)
{
	int file;

	if (options->topology || hwloc_topology_is_thissystem(topology))
		return true;
	file = mkstemps(path, (int)strlen(".xml"));
	if (file < 0)
		return false;
	close(file);
	options->topology = path;
	return hwloc_topology_export_xml(topology, path, 0) == 0;
}

static bool start_allocator(const struct measured_process *process, struct problem *problem)
{
	char path[] = "/tmp/slabmark-topology-XXXXXX.xml";
	struct slab_options options;
	int status;

	if (slab_options_default(&options) != 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"SLAB_OPTIONS=%s holds an option or a value that the allocator does not "
			"know",
			getenv("SLAB_OPTIONS"));
	if (!topology_hand_over(process->topology, &options, path))
		return problem_set(problem, EXIT_NOT_MEASURED,
			"the topology cannot be written for the allocator: %s: %s", path,
			strerror(errno));
	status = slab_init(&options);
	if (options.topology == path)
		unlink(path);
	if (status == 0)
		return true;
	return problem_set(problem, status == -EINVAL ? EXIT_WRONG_USE : EXIT_NOT_MEASURED,
		"the allocator can't start with SLAB_OPTIONS=%s: %s",
		getenv("SLAB_OPTIONS") ? getenv("SLAB_OPTIONS") : "", strerror(-status));
}

static bool measure(struct measured_process *process, int argument_count, char **arguments,
	struct problem *problem)
{
	char migrations_absent[256] = "";

	if (!output_is_writable(process->options, problem) ||
		!simulation_open(&process->simulation, process->options->simulation, problem) ||
		!start_allocator(process, problem))
		return false;
	if (!gbench_initialize(&argument_count, arguments))
		return problem_set(problem, EXIT_NOT_MEASURED, "Google Benchmark can't start");
	if (argument_count > 1)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: not an option of this Google Benchmark", arguments[1]);
	if (process->options->has_csv)
		gbench_keep_one_head();
	process->counts_migrations =
		thread_events_test(migrations_absent, sizeof(migrations_absent));
	process->counters = process->options->counters;
	counting_probe(&process->counters, &process->sites);
	add_build();
	add_machine(process);
	add_run(process);
	add_counters(process, migrations_absent);
	return measured_benchmarks_register(process, problem) && run_selected(process, problem);
}

static bool process_open(struct measured_process *process, struct problem *problem)
{
	const struct measured_options *options = process->options;

	if (!machine_topology_load(&process->topology, problem))
		return false;
	process->usable = sites_usable_cpus(process->topology);
	if (!process->usable)
		return no_memory(problem, "the CPUs");
	if (options->cpus &&
		!cpu_list_choose(process->topology, process->usable, options->cpus, problem))
		return false;
	return sites_find(&process->sites, process->topology, process->usable, options->cpu_kind,
		       problem) &&
	       measured_benchmarks_make(process, problem);
}

static void process_close(struct measured_process *process)
{
	measured_benchmarks_free(process);
	sites_free(&process->sites);
	hwloc_bitmap_free(process->usable);
	if (process->topology)
		hwloc_topology_destroy(process->topology);
}

static bool list_or_measure(const struct measured_options *options, int argument_count,
	char **arguments, struct problem *problem)
{
	struct measured_process process = {.options = options};
	bool is_good = other_malloc_check(problem) && process_open(&process, problem);

	if (is_good && options->wants_list)
		is_good = print_json(measured_list(&process), problem);
	else if (is_good && options->wants_placements)
		is_good = print_json(measured_placements(&process), problem);
	else if (is_good && options->wants_counters_list)
		is_good = print_counters(&process, problem);
	else if (is_good)
		is_good = measure(&process, argument_count, arguments, problem);

	process_close(&process);
	return is_good;
}

// A heap offset of up to 64 KiB, from the seed: another thing that two processes should differ in.
static void *shift_heap(uint64_t seed)
{
	uint64_t mixed = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15);

	return malloc(16 + (mixed >> 52) * 16);
}

static bool run_parsed(const struct measured_options *options, int argument_count, char **arguments,
	struct problem *problem)
{
	if (options->wants_help) {
		measured_options_print_help(stdout, arguments[0]);
		gbench_print_help();
		return true;
	}
	void *padding = shift_heap(options->seed);
	bool is_good = list_or_measure(options, argument_count, arguments, problem);
	free(padding);
	return is_good;
}

static bool run_program(int argument_count, char **arguments, struct problem *problem)
{
	static struct measured_options options; // too large for some stacks
	bool is_good = measured_options_parse(&options, &argument_count, arguments, problem) &&
		       run_parsed(&options, argument_count, arguments, problem);

	measured_options_free(&options);
	return is_good;
}

int main(int argument_count, char **arguments)
{
	struct problem problem = {.status = EXIT_GOOD};

	if (run_program(argument_count, arguments, &problem))
		return EXIT_GOOD;
	fprintf(stderr, "%s: %s\n", arguments[0], problem.text);
	return problem.status;
}
