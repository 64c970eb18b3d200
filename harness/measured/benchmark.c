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
#include <inttypes.h>
#include <math.h>
#include <slab/slab.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gbench.h"
#include "own_counts.h"
#include "results/text/memory.h"
#include "thread_events.h"

// Calls of run() before the clock starts, with the smallest count each. They fill per-CPU arrays,
// slabs and processor caches, at a cost of microseconds.
enum { WARM_UP_RUNS = 8, VERIFY_RUNS = 16 };

// ---- the timed loop

// The first failure decides what the error says, the worst what the process exits with.
static void benchmark_fail(
	struct measured_benchmark *benchmark, struct gbench_state *state, const char *reason)
{
	const struct workload_context *context = &benchmark->contexts[gbench_thread(state)];

	atomic_store(&benchmark->has_failed, true);
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
}

static void thread_counts_close(struct thread_counts *thread)
{
	counted_thread_close(&thread->counted);
	thread_watch_close(&thread->watch);
}

static bool time_loop(struct measured_benchmark *benchmark, struct workload_context *context,
	struct thread_counts *thread, struct gbench_state *state)
{
	const struct workload *workload = benchmark->workload;
	int64_t operations = workload_operations(workload, benchmark->values);
	int64_t share = operations * workload->threads_per_operation;
	bool is_good = true;
	struct loop_part *part = &benchmark->loop.parts[context->thread];

	own_counts_begin();
	thread_watch_start(&thread->watch);
	counted_thread_start(&thread->counted);
	while (is_good && gbench_keep_running(state, operations))
		is_good = workload->run(context, share);
	counted_thread_stop(&thread->counted, part->counts);
	struct thread_events events = thread_watch_stop(&thread->watch);
	if (!is_good)
		return false;
	own_counts_end();
	gbench_set_items(state, gbench_iterations(state));
	set_counters(state, &events);
	part->operations = gbench_iterations(state);
	part->migrations = events.migrations;
	if (loop_counts_end(&benchmark->loop, state, benchmark->label))
		own_counts_report(state, loop_counts_operations(&benchmark->loop),
			benchmark->contexts[0].cache);
	return true;
}

static bool prepare(struct measured_benchmark *benchmark, struct workload_context *context)
{
	const struct workload *workload = benchmark->workload;
	int64_t share =
		workload_operations(workload, benchmark->values) * workload->threads_per_operation;
	bool *is_verified = &benchmark->is_verified[context->thread];

	if (benchmark->process->options->verifies && !*is_verified) {
		*is_verified = true;
		if (!workload->verify(context, share * VERIFY_RUNS))
			return false;
	}
	return workload->run(context, share * WARM_UP_RUNS);
}

// Binds the thread and, as the first, makes the shared state.
static bool enter(struct measured_benchmark *benchmark, struct workload_context *context)
{
	const struct site *site = &benchmark->placement.threads[context->thread];
	hwloc_topology_t topology = benchmark->process->topology;

	if (atomic_load(&benchmark->has_failed))
		return workload_fail(context, "failed before");
	if (!placement_bind(topology, site, context->failure, sizeof(context->failure)))
		return false;
	if (!hwloc_topology_is_thissystem(topology) && slab_set_cpu(site->cpu) == -EINVAL)
		return workload_fail(context,
			"the allocator's topology has no CPU %u: give it the same one by "
			"SLAB_OPTIONS",
			site->cpu);
	if (context->thread == 0) {
		loop_counts_begin(&benchmark->loop, &benchmark->process->counters,
			benchmark->placement.threads_count);
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
		atomic_store(&benchmark->has_failed, true);
	pthread_barrier_wait(&benchmark->barrier);
	return !atomic_load(&benchmark->has_failed);
}

static bool measure(struct measured_benchmark *benchmark, struct workload_context *context,
	struct gbench_state *state)
{
	const struct workload *workload = benchmark->workload;

	if (!meet(benchmark, enter(benchmark, context)))
		return workload_fail(context, "another thread of this benchmark has failed");
	if (context->thread != 0)
		context->shared = benchmark->contexts[0].shared;
	struct thread_counts thread;
	bool has_started = !workload->thread_start || workload->thread_start(context);
	thread_counts_open(&thread, benchmark, context);
	bool is_good = meet(benchmark, has_started) && prepare(benchmark, context) &&
		       time_loop(benchmark, context, &thread, state);
	thread_counts_close(&thread);
	if (!is_good)
		workload_fail(context, "another thread of this benchmark has failed");
	if (workload->thread_end)
		workload->thread_end(context);
	return is_good && placement_check(benchmark->process->topology,
				  &benchmark->placement.threads[context->thread], context->failure,
				  sizeof(context->failure));
}

// Google Benchmark calls it in each thread of each trial. The stack's offset within a few pages is
// part of what varies from seed to seed, since it decides which sets of the cache the stack shares.
static void benchmark_body(struct gbench_state *state, void *user)
{
	struct measured_benchmark *benchmark = user;
	struct workload_context *context = &benchmark->contexts[gbench_thread(state)];
	unsigned cpu = benchmark->placement.threads[context->thread].cpu;
	size_t offset = 16 * (size_t)(1 + (cpu ^ benchmark->process->options->seed) % 512);
	char *volatile padding = alloca(offset);

	padding[0] = 0;
	if (!measure(benchmark, context, state))
		benchmark_fail(benchmark, state, context->failure);
	placement_unbind(benchmark->process->topology, benchmark->process->usable);
}

// ---- the list

// What does not fit is cut off.
__attribute__((format(printf, 3, 4))) static void text_append(
	char *text, size_t size, const char *format, ...)
{
	size_t used = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text + used, size - used, format, arguments);
	va_end(arguments);
}

#define name_append(benchmark, ...)                                                                \
	text_append((benchmark)->name, sizeof((benchmark)->name), __VA_ARGS__)
#define label_append(benchmark, ...)                                                               \
	text_append((benchmark)->label, sizeof((benchmark)->label), __VA_ARGS__)

static void name_parameter(struct measured_benchmark *benchmark, size_t index)
{
	const struct workload_parameter *parameter = &benchmark->workload->parameters[index];
	int64_t value = benchmark->values[index];

	if (parameter->is_named_if_changed && value == parameter->initial)
		return;
	if (parameter->value_names)
		name_append(benchmark, "/%s:%s", parameter->name,
			parameter->value_names[value - parameter->minimum]);
	else
		name_append(benchmark, "/%s:%" PRId64, parameter->name, value);
}

// What we register; Google Benchmark adds to it how time is taken and the number of threads.
static void name_own_part(struct measured_benchmark *benchmark)
{
	name_append(benchmark, "%s", benchmark->workload->name);
	for (size_t i = 0; i < workload_parameters_count(benchmark->workload); i++)
		name_parameter(benchmark, i);
	if (benchmark->placement.relation != RELATION_ALONE)
		name_append(
			benchmark, "/relation:%s", relation_name(benchmark->placement.relation));
}

static void name_added_part(struct measured_benchmark *benchmark)
{
	unsigned threads = workload_threads_count(benchmark->workload);

	name_append(benchmark, "/real_time");
	if (threads > 1)
		name_append(benchmark, "/threads:%u", threads);
}

static void label_append_site(struct measured_benchmark *benchmark, const struct site *site)
{
	if (site_has_memory(site))
		label_append(benchmark, "CPU %u of node %u", site->cpu, site->node);
	else if (site->home == SITE_NONE)
		label_append(benchmark, "CPU %u of no node, nearest memory: node %u", site->cpu,
			site->node);
	else
		label_append(benchmark, "CPU %u of node %u without memory, nearest: node %u",
			site->cpu, site->home, site->node);
}

static void label_write(struct measured_benchmark *benchmark)
{
	const struct placement *placement = &benchmark->placement;
	const struct workload *workload = benchmark->workload;
	const char *kind = benchmark->process->sites.kind;

	for (unsigned i = 0; i < placement->threads_count; i++) {
		label_append(benchmark, "%s%s on ", i > 0 ? ", " : "",
			workload->roles[workload_role_of(workload, i)].name);
		label_append_site(benchmark, &placement->threads[i]);
	}
	if (kind[0] != '\0')
		label_append(benchmark, " (%s)", kind);
}

// Threads of one seed draw different numbers; the same benchmark draws the same ones again.
static void context_seed(struct workload_context *context, uint64_t seed)
{
	uint64_t mixed = (seed + context->thread + 1) * UINT64_C(0x9e3779b97f4a7c15);

	for (size_t i = 0; i < 3; i++)
		context->random[i] = (unsigned short)(mixed >> (16 * (i + 1)));
}

static void contexts_fill(struct measured_benchmark *benchmark)
{
	const struct placement *placement = &benchmark->placement;

	for (unsigned i = 0; i < placement->threads_count; i++) {
		struct workload_context *context = &benchmark->contexts[i];

		*context = (struct workload_context){
			.values = benchmark->values,
			.clock = &benchmark->process->clock,
			.thread = i,
			.role = workload_role_of(benchmark->workload, i),
			.shares_cpu = placement->relation == RELATION_SAME_CPU,
		};
		context_seed(context, benchmark->process->options->seed);
	}
}

static void benchmark_make(struct measured_benchmark *benchmark, struct measured_process *process,
	size_t row, enum relation relation)
{
	benchmark->process = process;
	benchmark->workload = workload_table[row];
	benchmark->values = process->options->values[row];
	placement_choose(&benchmark->placement, &process->sites, relation, benchmark->reason,
		sizeof(benchmark->reason));
	name_own_part(benchmark);
	name_added_part(benchmark);
	if (benchmark->reason[0] != '\0')
		return;
	label_write(benchmark);
	contexts_fill(benchmark);
	pthread_barrier_init(&benchmark->barrier, NULL, benchmark->placement.threads_count);
}

bool measured_benchmarks_make(struct measured_process *process, struct problem *problem)
{
	process->benchmarks_count = 0;
	process->benchmarks =
		calloc(MEASURED_WORKLOADS_MAX * RELATION_COUNT, sizeof(process->benchmarks[0]));
	if (!process->benchmarks)
		return no_memory(problem, "the benchmarks");
	for (size_t row = 0; workload_table[row]; row++)
		for (enum relation relation = 0; relation < RELATION_COUNT; relation++)
			if (workload_table[row]->relations & RELATION_BIT(relation))
				benchmark_make(&process->benchmarks[process->benchmarks_count++],
					process, row, relation);
	return true;
}

void measured_benchmarks_free(struct measured_process *process)
{
	for (size_t i = 0; i < process->benchmarks_count; i++) {
		struct measured_benchmark *benchmark = &process->benchmarks[i];

		if (benchmark->is_set_up)
			benchmark->workload->teardown(benchmark->contexts[0].shared);
		if (benchmark->reason[0] == '\0')
			pthread_barrier_destroy(&benchmark->barrier);
	}
	free(process->benchmarks);
	process->benchmarks = NULL;
	process->benchmarks_count = 0;
}

bool measured_benchmarks_register(struct measured_process *process, struct problem *problem)
{
	for (size_t i = 0; i < process->benchmarks_count; i++) {
		struct measured_benchmark *benchmark = &process->benchmarks[i];
		char own_part[sizeof(benchmark->name)];

		if (benchmark->reason[0] != '\0')
			continue;
		memcpy(own_part, benchmark->name, sizeof(own_part));
		*strstr(own_part, "/real_time") = '\0';
		if (!gbench_register(own_part, (int)benchmark->placement.threads_count,
			    benchmark_body, benchmark))
			return no_memory(problem, benchmark->name);
	}
	return true;
}
