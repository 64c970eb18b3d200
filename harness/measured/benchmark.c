// SPDX-License-Identifier: GPL-2.0-or-later
// The timed loop and what is around it. Each thread of a benchmark, for each of Google Benchmark's
// trials: bind · set up (the first thread, once) · all meet · thread_start · all meet · verify, if
// asked for, once · warm up · the timed loop · thread_end · check that the thread is where it was
// bound.
//
// Nobody waits for a thread that has failed. Before the loop, all threads look for failures where
// they meet. Later, a workload's thread_end releases its peers, and Google Benchmark's barriers
// count only threads that still run.
#include "benchmark.h"

#include <alloca.h>
#include <errno.h>
#include <math.h>
#include <slab/slab.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "figures.h"
#include "gbench.h"
#include "harness/place/binding.h"
#include "harness/place/page_check.h"
#include "harness/place/page_nodes.h"
#include "object_policy.h"
#include "own_counts.h"
#include "thread_events.h"

// Calls of run() before the clock starts, with the smallest count each. They fill per-CPU arrays,
// slabs and processor caches, at a cost of microseconds.
enum { WARM_UP_RUNS = 8, VERIFY_RUNS = 16, SIMULATED_STACK = 1 << 20 };

static const char FAILED_ELSEWHERE[] = "another thread of this benchmark has failed";

// ---- the timed loop

// A thread has failed: nobody waits for it at a barrier.
static void threads_release(struct measured_benchmark *benchmark)
{
	atomic_store(&benchmark->has_failed, true);
	barrier_close(&benchmark->start);
	barrier_close(&benchmark->meeting);
}

// The first failure decides what the error says, the worst what the process exits with.
static void benchmark_fail(
	struct measured_benchmark *benchmark, struct gbench_state *state, const char *reason)
{
	const struct workload_context *context = &benchmark->contexts[gbench_thread(state)];

	threads_release(benchmark);
	if (context->failed_check)
		atomic_store(&benchmark->process->status, EXIT_REGRESSION);
	else if (atomic_load(&benchmark->process->status) == EXIT_GOOD)
		atomic_store(&benchmark->process->status, EXIT_NOT_MEASURED);
	gbench_fail(state, reason);
}

static void set_counters(struct gbench_state *state, const struct thread_events *events)
{
	if (!isnan(events->migrations))
		gbench_set_counter(state, "migrations", events->migrations);
	gbench_set_counter(state, "context_switches_voluntary", events->context_switches_voluntary);
	gbench_set_counter(
		state, "context_switches_involuntary", events->context_switches_involuntary);
	gbench_set_counter(state, "page_faults", events->page_faults);
}

// What counts the calling thread's events, open from before the warm-up to after the loop.
struct thread_counts {
	struct thread_watch watch;
	struct counted_thread counted;
};

static void thread_counts_open(struct thread_counts *thread, struct measured_benchmark *benchmark,
	const struct workload_context *context)
{
	struct loop_part *part = &benchmark->loop.parts[context->thread];

	thread_watch_open(&thread->watch, benchmark->process->counts_migrations);
	counted_thread_open(&thread->counted, &benchmark->process->counters, &part->lost,
		part->reason, sizeof(part->reason));
	part->node = benchmark->placement.threads[context->thread].node;
	part->role = context->role;
}

static void thread_counts_close(struct thread_counts *thread)
{
	counted_thread_close(&thread->counted);
	thread_watch_close(&thread->watch);
}

// Google Benchmark's clock runs from its own barrier on, which sleeps: a thread that wakes early would
// run alone for a while. So the clock stands still until all threads are awake, and all of them leave
// the spin barrier at once. One thread alone has nobody to wait for.
static bool start_together(struct measured_benchmark *benchmark, struct gbench_state *state)
{
	if (benchmark->placement.threads_count == 1)
		return true;
	gbench_pause(state);
	bool is_good = barrier_wait(&benchmark->start);
	gbench_resume(state);
	return is_good;
}

static bool is_simulated(const struct measured_benchmark *benchmark)
{
	return benchmark->process->simulation.file != NULL;
}

// Of a simulation only the operations are counted, nothing of the loop around them.
static inline bool run(
	struct measured_benchmark *benchmark, struct workload_context *context, int64_t share)
{
	if (!is_simulated(benchmark))
		return benchmark->workload->run(context, share);
	simulation_toggle();
	bool is_good = benchmark->workload->run(context, share);
	simulation_toggle();
	return is_good;
}

static bool report_simulated(struct measured_benchmark *benchmark, struct workload_context *context,
	struct gbench_state *state, double operations)
{
	struct simulated_counts counts;
	struct problem problem;
	char raw[64];

	if (!simulation_end(&benchmark->process->simulation, &counts, &problem))
		return workload_fail(context, "%s", problem.text);
	for (enum simulated_figure figure = 0; figure < SIMULATED_FIGURES; figure++) {
		const char *name = simulated_figure_name(figure);

		gbench_set_counter(state, name, counts.of[figure] / operations);
		snprintf(raw, sizeof(raw), "%s.raw", name);
		gbench_set_counter(state, raw, counts.of[figure]);
	}
	return true;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

// A run, and another one for every 100 percent of a run that the slowdown has come to. All threads of a
// loop have as many runs, so that those which wait for each other still meet.
static inline bool run_slowed(struct measured_benchmark *benchmark,
	struct workload_context *context, int64_t share, double *owed)
{
	*owed += benchmark->process->options->slowdown;
	if (*owed >= 100) {
		*owed -= 100;
		if (!run(benchmark, context, share))
			return false;
	}
	return run(benchmark, context, share);
}

static bool time_loop(struct measured_benchmark *benchmark, struct workload_context *context,
	struct thread_counts *thread, struct gbench_state *state)
{
	const struct workload *workload = benchmark->workload;
	int64_t operations = workload_operations(workload, benchmark->values, benchmark->counts);
	int64_t share = workload_share(workload, benchmark->counts, context->role, operations);
	bool is_good;
	struct loop_part *part = &benchmark->loop.parts[context->thread];

	memset(context->tallies, 0, sizeof(context->tallies));
	if (workload->loop_begin)
		workload->loop_begin(context);
	own_counts_begin();
	thread_watch_start(&thread->watch);
	counted_thread_start(&thread->counted);
	int64_t runs = (gbench_iterations_wanted(state) + operations - 1) / operations;
	if (!gbench_keep_running(state, operations))
		return false; // Google Benchmark has ended it
	is_good = start_together(benchmark, state) || workload_fail(context, FAILED_ELSEWHERE);
	uint64_t start_ns = now_ns();
	double owed = 0;
	do {
		is_good = is_good && run_slowed(benchmark, context, share, &owed);
		if (--runs == 0)
			part->elapsed_ns = now_ns() - start_ns;
	} while (is_good && gbench_keep_running(state, operations));
	counted_thread_stop(&thread->counted, part->counts);
	struct thread_events events = thread_watch_stop(&thread->watch);
	if (!is_good)
		return false;
	own_counts_end();
	gbench_set_items(state, gbench_iterations(state));
	set_counters(state, &events);
	part->operations = gbench_iterations(state);
	part->share = gbench_iterations(state) / operations * share;
	part->migrations = events.migrations;
	if (!loop_counts_end(&benchmark->loop, state, benchmark->label))
		return true;
	double all = loop_counts_operations(&benchmark->loop);
	own_counts_report(state, all, benchmark->contexts[0].cache);
	figures_report(benchmark, state);
	return !is_simulated(benchmark) || report_simulated(benchmark, context, state, all);
}

static bool prepare(struct measured_benchmark *benchmark, struct workload_context *context)
{
	const struct workload *workload = benchmark->workload;
	int64_t share = workload_share(workload, benchmark->counts, context->role,
		workload_operations(workload, benchmark->values, benchmark->counts));
	bool *is_verified = &benchmark->is_verified[context->thread];

	if (benchmark->process->options->verifies && !*is_verified) {
		*is_verified = true;
		if (!workload->verify(context, share * VERIFY_RUNS))
			return false;
	}
	if (is_simulated(benchmark))
		simulation_warm_up();
	return workload->run(context, share * WARM_UP_RUNS);
}

// Sets the benchmark up, and tears down the one that ran before it: what it has left must not be in this
// one's way.
static bool make_current(struct measured_benchmark *benchmark)
{
	struct measured_benchmark **current = &benchmark->process->current;

	if (*current == benchmark)
		return true;
	if (*current)
		benchmark_tear_down(*current);
	*current = benchmark;
	return benchmark->workload->setup(&benchmark->contexts[0]);
}

// Binds the thread and, as the first, makes the shared state.
static bool enter(struct measured_benchmark *benchmark, struct workload_context *context)
{
	const struct site *site = &benchmark->placement.threads[context->thread];
	hwloc_topology_t topology = benchmark->process->topology;

	if (atomic_load(&benchmark->has_failed))
		return workload_fail(context, "failed before");
	if (!binding_make(topology, site, &benchmark->process->memory, context->failure,
		    sizeof(context->failure)))
		return false;
	if (!hwloc_topology_is_thissystem(topology) && slab_set_cpu(site->cpu) == -EINVAL)
		return workload_fail(context,
			"the allocator's topology has no CPU %u: give it the same one by "
			"SLAB_OPTIONS",
			site->cpu);
	object_policy_set(&benchmark->process->memory, topology);
	if (context->thread != 0)
		return true;
	own_counts_expect(benchmark->placement.threads_count);
	loop_counts_begin(&benchmark->loop, &benchmark->process->counters);
	return make_current(benchmark);
}

// Waits for all threads; false when one of them has failed. Nobody goes on, and perhaps fails, before
// all have looked: one that saw a later failure here would leave, and the others would wait for it at
// the next meeting.
static bool meet(struct measured_benchmark *benchmark, bool is_good)
{
	if (!is_good)
		threads_release(benchmark);
	pthread_barrier_wait(&benchmark->barrier);
	is_good = !atomic_load(&benchmark->has_failed);
	pthread_barrier_wait(&benchmark->barrier);
	return is_good;
}

// How many of the objects looked at lie on each node.
static void set_pages(struct gbench_state *state, void *const *objects)
{
	for (size_t i = 0; i < PAGE_CHECK_OBJECTS; i++) {
		int node = page_node(objects[i]);
		size_t before = 0;
		double count = 0;
		char name[40];

		while (before < i && page_node(objects[before]) != node)
			before++;
		if (node < 0 || before < i)
			continue; // not told, or counted already
		for (size_t j = i; j < PAGE_CHECK_OBJECTS; j++)
			count += page_node(objects[j]) == node;
		snprintf(name, sizeof(name), "objects_looked_at.node%d", node);
		gbench_set_counter(state, name, count);
	}
}

// An allocator that keeps nodes apart has broken its promise, and the sample is none, when an object
// lies where no thread's memory may. A peer that hands out another node's memory again only shows how it
// is: the counter tells.
static bool objects_check(
	struct measured_benchmark *benchmark, struct workload_context *context, void **objects)
{
	return slab_nodes() <= 0 ||
	       page_check_objects(&benchmark->process->memory, &benchmark->placement, objects,
		       PAGE_CHECK_OBJECTS, context->failure, sizeof(context->failure));
}

// After the loop: where pages of this thread lie that are new, and objects that it is given now.
static bool look_at_pages(struct measured_benchmark *benchmark, struct workload_context *context,
	struct gbench_state *state)
{
	const struct site *site = &benchmark->placement.threads[context->thread];
	hwloc_topology_t topology = benchmark->process->topology;
	void *objects[PAGE_CHECK_OBJECTS] = {NULL};

	if (!hwloc_topology_is_thissystem(topology) ||
		hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_NUMANODE) < 2)
		return true;
	for (size_t i = 0; i < PAGE_CHECK_OBJECTS; i++) {
		objects[i] = context->cache ? kmem_cache_alloc(context->cache, GFP_KERNEL)
					    : kmalloc(KMALLOC_MIN_SIZE, GFP_KERNEL);
		if (objects[i])
			*(volatile char *)objects[i] = 1;
	}
	bool is_good = page_check_fresh(&benchmark->process->memory, site, context->failure,
			       sizeof(context->failure)) &&
		       objects_check(benchmark, context, objects);
	set_pages(state, objects);
	for (size_t i = 0; i < PAGE_CHECK_OBJECTS; i++)
		kfree(objects[i]);
	return is_good;
}

static bool measure(struct measured_benchmark *benchmark, struct workload_context *context,
	struct gbench_state *state)
{
	const struct workload *workload = benchmark->workload;

	if (!meet(benchmark, enter(benchmark, context)))
		return workload_fail(context, FAILED_ELSEWHERE);
	if (context != &benchmark->contexts[0]) { // which set up what all share
		context->shared = benchmark->contexts[0].shared;
		context->cache = benchmark->contexts[0].cache;
	}
	struct thread_counts thread;
	bool has_started = !workload->thread_start || workload->thread_start(context);
	thread_counts_open(&thread, benchmark, context);
	bool is_good = meet(benchmark, has_started) && prepare(benchmark, context) &&
		       time_loop(benchmark, context, &thread, state);
	thread_counts_close(&thread);
	if (!is_good)
		threads_release(benchmark);
	if (!is_good)
		workload_fail(context, FAILED_ELSEWHERE);
	is_good = is_good && look_at_pages(benchmark, context, state);
	if (workload->thread_end)
		workload->thread_end(context);
	return is_good && binding_check(benchmark->process->topology,
				  &benchmark->placement.threads[context->thread], context->failure,
				  sizeof(context->failure));
}

// The stack's offset within a few pages is part of what varies from seed to seed, since it decides
// which sets of the cache the stack shares. Simulated figures shall depend on the seed alone: there the
// stack begins at the same place of a cache of up to SIMULATED_STACK bytes a way, however long the
// program's path, its arguments and its environment are.
static size_t stack_offset(
	const struct measured_benchmark *benchmark, unsigned cpu, uintptr_t stack)
{
	uint64_t seed = benchmark->process->options->seed;

	if (is_simulated(benchmark))
		return 16 * (size_t)(1 + seed % 512) + stack % SIMULATED_STACK;
	return 16 * (size_t)(1 + (cpu ^ seed) % 512);
}

// Google Benchmark calls it in each thread of each trial.
void measured_benchmark_body(struct gbench_state *state, void *user)
{
	struct measured_benchmark *benchmark = user;

	if (!benchmark_threads_ready(benchmark)) {
		threads_release(benchmark);
		atomic_store(&benchmark->process->status, EXIT_NOT_MEASURED);
		gbench_fail(state, "no memory for the benchmark's threads");
		return;
	}
	struct workload_context *context = &benchmark->contexts[gbench_thread(state)];
	unsigned cpu = benchmark->placement.threads[context->thread].cpu;
	uintptr_t stack = (uintptr_t)__builtin_frame_address(0);
	char *volatile padding = alloca(stack_offset(benchmark, cpu, stack));

	padding[0] = 0;
	if (!measure(benchmark, context, state))
		benchmark_fail(benchmark, state, context->failure);
	slab_set_mempolicy(SLAB_MPOL_DEFAULT, 0);
	binding_end(benchmark->process->topology, benchmark->process->usable);
}
