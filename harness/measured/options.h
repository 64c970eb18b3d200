// SPDX-License-Identifier: GPL-2.0-or-later
// The command line of a measured program: a table of our own options beside a table of Google
// Benchmark's, so that every argument is known and checked before anything runs.
#ifndef HARNESS_MEASURED_OPTIONS_H
#define HARNESS_MEASURED_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "harness/counters/counters.h"
#include "only.h"
#include "results/text/problem.h"
#include "settings.h"

struct measured_options {
	bool wants_help;
	bool wants_list;
	bool wants_counters_list;
	bool wants_placements;
	bool verifies;
	uint64_t seed;
	const char *filter; // Google Benchmark's, or NULL
	const char *output; // Google Benchmark's output file, or NULL
	bool output_is_json;
	bool has_csv; // on standard output or in the file
	struct counters counters; // none where none was asked for
	char recording[48]; // "trace.recording=…" of the one that was loaded; "": none
	const char *classic; // file for the lines of published programs; NULL: none
	const char *cpus; // those to use, as harness/place/cpu_list.h reads them; NULL: all
	const char *simulation; // callgrind's output file; NULL: times are measured
	int64_t simulated_operations; // of each loop, at least
	const char *cpu_kind; // of them, as harness/place/cpu_kind.h reads it; NULL: the fastest
	// What the next three mean depends on the machine: a sweep, placements, a policy. NULL: what
	// each workload says.
	const char *threads;
	const char *place;
	const char *memory;
	struct only only; // which benchmarks there are at all
	struct settings settings; // of the workloads' parameters
	double slowdown; // percent of the operations that are done twice, on purpose
};

// Parses the arguments and takes our own out of them; Google Benchmark's stay. Texts are borrowed.
// measured_options_free() afterwards, whatever came of it.
bool measured_options_parse(struct measured_options *options, int *argument_count, char **arguments,
	struct problem *problem);

void measured_options_free(struct measured_options *options);

// Whether an option is in either table, with its dashes and, perhaps, "=VALUE"; *takes_value then
// says what it does with a value.
bool measured_option_is_known(const char *argument, bool *takes_value);

// Help on our own options, workloads and parameters.
void measured_options_print_help(FILE *file, const char *program);

#endif
