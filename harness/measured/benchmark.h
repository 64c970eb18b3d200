// SPDX-License-Identifier: GPL-2.0-or-later
// A benchmark: a workload with its parameter values and numbers of threads at one relation. Here are the list of those
// that this machine can run, those that it can't with the reason, and the timed loop that all
// of them share.
#ifndef HARNESS_MEASURED_BENCHMARK_H
#define HARNESS_MEASURED_BENCHMARK_H

#include <hwloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "loop_counts.h"
#include "options.h"
#include "placement.h"
#include "simulation.h"
#include "workloads/clock.h"

// What all benchmarks of the process share.
struct measured_process {
	const struct measured_options *options;
	hwloc_topology_t topology;
	hwloc_bitmap_t usable; // CPUs
	struct sites sites;
	bool counts_migrations;
	struct workload_clock clock;
	struct simulation simulation;
	struct counters counters; // tried; none where none was asked for
	atomic_int status; // enum exit_status: the worst that a benchmark came to
	struct measured_benchmark **benchmarks;
	size_t benchmarks_count;
};

struct measured_benchmark {
	struct measured_process *process;
	const struct workload *workload;
	const int64_t *values; // of the parameters
	unsigned counts[WORKLOAD_ROLES_MAX]; // of the roles' threads
	struct placement placement;
	char name[192]; // as Google Benchmark shows it
	char label[256]; // where the threads run
	char reason[256]; // empty, or why this machine can't run it
	// The rest is of the threads that run it.
	pthread_barrier_t barrier; // outside of what is timed
	struct barrier start; // of the timed loop
	struct barrier meeting; // the workload's own
	bool shares_cpu; // threads with each other
	bool is_set_up;
	atomic_bool has_failed; // for good: no further loop is begun
	struct workload_context *contexts; // one a thread
	struct loop_counts loop; // the timed loop that runs now
	bool *is_verified; // each entry of its own thread
};

// Makes the list, in the order of the workload table. The process's topology, usable CPUs, sites
// and options must be there; the process must stay where it is.
bool measured_benchmarks_make(struct measured_process *process, struct problem *problem);
// Tears down what ran and frees the list. No benchmark may be running.
void measured_benchmarks_free(struct measured_process *process);

// Hands those that can run to Google Benchmark.
bool measured_benchmarks_register(struct measured_process *process, struct problem *problem);

#endif
