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

#include "harness/place/memory_policy.h"
#include "harness/place/place.h"
#include "harness/place/placement.h"
#include "loop_counts.h"
#include "options.h"
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
	// What is asked for of all workloads.
	struct sweep threads; // numbers of all threads together; none: each workload's own
	struct places places; // where the user names none, all relations
	struct memory_policy memory;
	struct measured_benchmark **benchmarks;
	size_t benchmarks_count;
	struct measured_benchmark *current; // the one that is set up; of the first thread
};

struct measured_benchmark {
	struct measured_process *process;
	const struct workload *workload;
	int64_t values[WORKLOAD_PARAMETERS_MAX]; // of the parameters
	unsigned counts[WORKLOAD_ROLES_MAX]; // of the roles' threads
	const struct place *place; // as asked for
	struct placement placement; // as found
	char name[384]; // as Google Benchmark shows it
	char label[256]; // where the threads run
	char reason[256]; // empty, or why this machine can't run it
	// The rest is of the threads that run it, and there from its first run on.
	bool has_threads;
	pthread_barrier_t barrier; // outside of what is timed
	struct barrier start; // of the timed loop
	struct barrier meeting; // the workload's own
	bool shares_cpu; // threads with each other
	atomic_bool has_failed; // for good: no further loop is begun
	struct workload_context *contexts; // one a thread
	struct loop_counts loop; // the timed loop that runs now
	char *classic; // what its published program would print of the last loop; NULL: nothing
	bool *is_verified; // each entry of its own thread
};

// Makes the list, in the order of the workload table. The process's topology, usable CPUs, sites
// and options must be there; the process must stay where it is.
bool measured_benchmarks_make(struct measured_process *process, struct problem *problem);
// Tears down what ran and frees the list. No benchmark may be running.
void measured_benchmarks_free(struct measured_process *process);

// The body of every benchmark: user is a struct measured_benchmark.
void measured_benchmark_body(struct gbench_state *state, void *user);

// Makes what the threads need, once, whichever comes first. False: no memory.
bool benchmark_threads_ready(struct measured_benchmark *benchmark);
// Frees what the workload's setup made, and what is still allocated.
void benchmark_tear_down(struct measured_benchmark *benchmark);
void benchmark_threads_free(struct measured_benchmark *benchmark);

// Hands those that can run to Google Benchmark.
bool measured_benchmarks_register(struct measured_process *process, struct problem *problem);

#endif
