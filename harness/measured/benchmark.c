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
#include <sched.h>
#include <slab/slab.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "binding.h"
#include "gbench.h"
#include "naming.h"
#include "own_counts.h"
#include "results/text/memory.h"
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

static bool time_loop(struct measured_benchmark *benchmark, struct workload_context *context,
	struct thread_counts *thread, struct gbench_state *state)
{
	const struct workload *workload = benchmark->workload;
	int64_t operations = workload_operations(workload, benchmark->values, benchmark->counts);
	int64_t share = workload_share(workload, benchmark->counts, context->role, operations);
	bool is_good;
	struct loop_part *part = &benchmark->loop.parts[context->thread];

	own_counts_begin();
	thread_watch_start(&thread->watch);
	counted_thread_start(&thread->counted);
	int64_t runs = (gbench_iterations_wanted(state) + operations - 1) / operations;
	if (!gbench_keep_running(state, operations))
		return false; // Google Benchmark has ended it
	is_good = start_together(benchmark, state) || workload_fail(context, FAILED_ELSEWHERE);
	uint64_t start_ns = now_ns();
	do {
		is_good = is_good && run(benchmark, context, share);
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

// Binds the thread and, as the first, makes the shared state.
static bool enter(struct measured_benchmark *benchmark, struct workload_context *context)
{
	const struct site *site = &benchmark->placement.threads[context->thread];
	hwloc_topology_t topology = benchmark->process->topology;

	if (atomic_load(&benchmark->has_failed))
		return workload_fail(context, "failed before");
	if (!binding_make(topology, site, context->failure, sizeof(context->failure)))
		return false;
	if (!hwloc_topology_is_thissystem(topology) && slab_set_cpu(site->cpu) == -EINVAL)
		return workload_fail(context,
			"the allocator's topology has no CPU %u: give it the same one by "
			"SLAB_OPTIONS",
			site->cpu);
	if (context->thread == 0) {
		loop_counts_begin(&benchmark->loop, &benchmark->process->counters);
		own_counts_expect(benchmark->placement.threads_count);
	}
	if (context->thread != 0 || benchmark->is_set_up)
		return true;
	benchmark->is_set_up = true;
	return benchmark->workload->setup(context);
}

// Waits for all threads; false when one of them has failed.
static bool meet(struct measured_benchmark *benchmark, bool is_good)
{
	if (!is_good)
		threads_release(benchmark);
	pthread_barrier_wait(&benchmark->barrier);
	return !atomic_load(&benchmark->has_failed);
}

static bool measure(struct measured_benchmark *benchmark, struct workload_context *context,
	struct gbench_state *state)
{
	const struct workload *workload = benchmark->workload;

	if (!meet(benchmark, enter(benchmark, context)))
		return workload_fail(context, FAILED_ELSEWHERE);
	if (context->thread != 0)
		context->shared = benchmark->contexts[0].shared;
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
static void benchmark_body(struct gbench_state *state, void *user)
{
	struct measured_benchmark *benchmark = user;
	struct workload_context *context = &benchmark->contexts[gbench_thread(state)];
	unsigned cpu = benchmark->placement.threads[context->thread].cpu;
	uintptr_t stack = (uintptr_t)__builtin_frame_address(0);
	char *volatile padding = alloca(stack_offset(benchmark, cpu, stack));

	padding[0] = 0;
	if (!measure(benchmark, context, state))
		benchmark_fail(benchmark, state, context->failure);
	binding_end(benchmark->process->topology, benchmark->process->usable);
}

// ---- the list

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
		.shares_cpu = benchmark->shares_cpu,
		.barrier = &benchmark->meeting,
	};
	context->role =
		workload_role_of(benchmark->workload, benchmark->counts, thread, &context->index);
	context_seed(context, benchmark->process->options->seed);
}

static const char NOT_SIMULATED[] =
	"valgrind lets one thread run at a time and changes over by time, so counts of several "
	"threads would not repeat";

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

static bool benchmark_make(struct measured_process *process, size_t row, const unsigned *counts,
	enum relation relation, struct problem *problem)
{
	struct measured_benchmark *benchmark = aligned_alloc(BARRIER_LINE, sizeof(*benchmark));
	const struct placement_request request = {relation, benchmark ? benchmark->counts : NULL,
		workload_roles_count(workload_table[row])};

	if (!benchmark)
		return no_memory(problem, "a benchmark");
	*benchmark = (struct measured_benchmark){.process = process,
		.workload = workload_table[row],
		.values = process->options->values[row]};
	memcpy(benchmark->counts, counts, sizeof(benchmark->counts));
	process->benchmarks[process->benchmarks_count++] = benchmark;
	placement_choose(&benchmark->placement, &process->sites, &request, benchmark->reason,
		sizeof(benchmark->reason));
	naming_name(benchmark);
	if (process->options->simulation && benchmark->placement.threads_count > 1)
		snprintf(benchmark->reason, sizeof(benchmark->reason), "%s", NOT_SIMULATED);
	if (benchmark->reason[0] != '\0')
		return true;
	naming_label(benchmark);
	return threads_make(benchmark) || no_memory(problem, benchmark->name);
}

// The relations at which a workload runs with these numbers of threads: its own ones with its default
// numbers, else as near and as far as there is room.
static unsigned relations_of(const struct workload *workload, const unsigned *counts)
{
	unsigned initial[WORKLOAD_ROLES_MAX];

	workload_threads_initial(workload, initial);
	if (memcmp(initial, counts, workload_roles_count(workload) * sizeof(*counts)) == 0)
		return workload->relations;
	return workload_threads_count(workload, counts) == 1
		       ? RELATION_BIT(RELATION_ALONE)
		       : RELATION_BIT(RELATION_COMPACT) | RELATION_BIT(RELATION_SPREAD);
}

static bool workload_make(struct measured_process *process, size_t row, struct problem *problem)
{
	const unsigned *counts = process->options->counts[row];
	unsigned relations = relations_of(workload_table[row], counts);

	for (enum relation relation = 0; relation < RELATION_COUNT; relation++)
		if (relations & RELATION_BIT(relation) &&
			!benchmark_make(process, row, counts, relation, problem))
			return false;
	return true;
}

bool measured_benchmarks_make(struct measured_process *process, struct problem *problem)
{
	process->benchmarks_count = 0;
	process->benchmarks = calloc(
		MEASURED_WORKLOADS_MAX * RELATION_COUNT, sizeof(struct measured_benchmark *));
	if (!process->benchmarks)
		return no_memory(problem, "the benchmarks");
	for (size_t row = 0; workload_table[row]; row++)
		if (!workload_make(process, row, problem))
			return false;
	return true;
}

static void benchmark_free(struct measured_benchmark *benchmark)
{
	if (benchmark->is_set_up)
		benchmark->workload->teardown(benchmark->contexts[0].shared);
	if (benchmark->reason[0] == '\0')
		pthread_barrier_destroy(&benchmark->barrier);
	loop_counts_free(&benchmark->loop);
	placement_free(&benchmark->placement);
	free(benchmark->contexts);
	free(benchmark->is_verified);
	free(benchmark);
}

void measured_benchmarks_free(struct measured_process *process)
{
	for (size_t i = 0; i < process->benchmarks_count; i++)
		benchmark_free(process->benchmarks[i]);
	free(process->benchmarks);
	process->benchmarks = NULL;
	process->benchmarks_count = 0;
}

// Whole runs; 0: as many as take the time that was asked for.
static int64_t iterations_fixed(const struct measured_benchmark *benchmark)
{
	int64_t a_run =
		workload_operations(benchmark->workload, benchmark->values, benchmark->counts);
	int64_t wanted = benchmark->process->options->simulated_operations;

	return is_simulated(benchmark) ? (wanted + a_run - 1) / a_run * a_run : 0;
}

bool measured_benchmarks_register(struct measured_process *process, struct problem *problem)
{
	for (size_t i = 0; i < process->benchmarks_count; i++) {
		struct measured_benchmark *benchmark = process->benchmarks[i];
		char own_part[sizeof(benchmark->name)];

		if (benchmark->reason[0] != '\0')
			continue;
		memcpy(own_part, benchmark->name, sizeof(own_part));
		*strstr(own_part, "/real_time") = '\0';
		if (!gbench_register(own_part, (int)benchmark->placement.threads_count,
			    iterations_fixed(benchmark), benchmark_body, benchmark))
			return no_memory(problem, benchmark->name);
	}
	return true;
}
