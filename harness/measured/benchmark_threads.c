// SPDX-License-Identifier: GPL-2.0-or-later
// What a benchmark's threads have: contexts, barriers, places for their counts. Made when the benchmark
// first runs, because a program may have thousands of benchmarks and run one.
#include "benchmark.h"

#include <sched.h>
#include <stdlib.h>

// Threads of one seed draw different numbers; the same benchmark draws the same ones again.
static void context_seed(struct workload_context *context, uint64_t seed)
{
	uint64_t mixed = (seed + context->thread + 1) * UINT64_C(0x9e3779b97f4a7c15);

	for (size_t i = 0; i < 3; i++)
		context->random[i] = (unsigned short)(mixed >> (16 * (i + 1)));
}

static void context_fill(struct measured_benchmark *benchmark, unsigned thread)
{
	const struct placement *placement = &benchmark->placement;
	struct workload_context *context = &benchmark->contexts[thread];

	*context = (struct workload_context){
		.values = benchmark->values,
		.clock = &benchmark->process->clock,
		.counts = benchmark->counts,
		.threads = placement->threads_count,
		.thread = thread,
		.node = placement->threads[thread].node_index,
		.cpu = placement->threads[thread].cpu,
		.shares_cpu = benchmark->shares_cpu,
		.barrier = &benchmark->meeting,
	};
	context->role =
		workload_role_of(benchmark->workload, benchmark->counts, thread, &context->index);
	context_seed(context, benchmark->process->options->seed);
}

// Whether a thread that waits must let others have its CPU. A made-up topology may have more CPUs than
// the machine that its threads really run on.
static bool shares_cpu(const struct measured_benchmark *benchmark)
{
	unsigned threads = benchmark->placement.threads_count;
	cpu_set_t really;

	if (benchmark->placement.relation == RELATION_SAME_CPU)
		return true;
	return !hwloc_topology_is_thissystem(benchmark->process->topology) &&
	       (sched_getaffinity(0, sizeof(really), &really) != 0 ||
		       threads > (unsigned)CPU_COUNT(&really));
}

static bool threads_make(struct measured_benchmark *benchmark)
{
	unsigned threads = benchmark->placement.threads_count;

	benchmark->contexts = aligned_alloc(BARRIER_LINE, threads * sizeof(benchmark->contexts[0]));
	benchmark->is_verified = calloc(threads, sizeof(benchmark->is_verified[0]));
	if (!benchmark->contexts || !benchmark->is_verified ||
		!loop_counts_make(&benchmark->loop, threads))
		return false;
	benchmark->shares_cpu = shares_cpu(benchmark);
	barrier_open(&benchmark->start, threads, benchmark->shares_cpu);
	barrier_open(&benchmark->meeting, threads, benchmark->shares_cpu);
	pthread_barrier_init(&benchmark->barrier, NULL, threads);
	for (unsigned i = 0; i < threads; i++)
		context_fill(benchmark, i);
	return true;
}

bool benchmark_threads_ready(struct measured_benchmark *benchmark)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; // all threads come here at once

	pthread_mutex_lock(&mutex);
	if (!benchmark->has_threads)
		benchmark->has_threads = threads_make(benchmark);
	pthread_mutex_unlock(&mutex);
	return benchmark->has_threads;
}

void benchmark_tear_down(struct measured_benchmark *benchmark)
{
	struct workload_context *first = benchmark->contexts;

	benchmark->workload->teardown(first->shared);
	first->shared = NULL;
	first->cache = NULL;
}

void benchmark_threads_free(struct measured_benchmark *benchmark)
{
	if (benchmark->has_threads)
		pthread_barrier_destroy(&benchmark->barrier);
	loop_counts_free(&benchmark->loop);
	free(benchmark->contexts);
	free(benchmark->classic);
	free(benchmark->is_verified);
}
