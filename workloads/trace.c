// SPDX-License-Identifier: GPL-2.0-or-later
// Plays a recording: the calls of a real program, or of a kernel, with its threads, or its CPUs, and
// its order. One operation is one event of the recording; a pass plays all of them, and objects that
// the program left are freed at a pass's end.
//
// Order. An event waits until the object that it takes is made (order=causal), or until every event
// before it has been played (order=total). A worker plays its events in their order, so the first
// event that is not played yet never waits, and nobody waits for ever.
#include "trace.h"

#include <inttypes.h>
#include <slab/slab.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "parts/parameter.h"
#include "pattern.h"
#include "relax.h"
#include "trace_recorded.h"

enum { RECORDING, BY, ORDER, SPEED };
enum { BY_THREAD, BY_CPU };
enum { CAUSAL, TOTAL };
enum { TURNS_MAX = 1024 };

// ---- one benchmark

struct part {
	uint32_t *steps; // the worker's, in order
	size_t count;
};

struct trace {
	unsigned workers;
	int nodes; // of the allocator; a node that it lacks is not asked for
	struct part *parts;
	struct kmem_cache **caches;
	_Atomic(void *) *objects;
	_Alignas(BARRIER_LINE) atomic_size_t played; // order=total: steps so far in this pass
};

static unsigned worker_of(const struct step *step, int64_t by, unsigned workers)
{
	return (by == BY_CPU ? step->cpu : step->thread) % workers;
}

static bool trace_is_possible(char *reason, size_t size)
{
	if (recorded.count > 0)
		return true;
	snprintf(reason, size,
		"needs a recording, which 'slabmark record' makes: --slabmark_recording=FILE, of "
		"slabmark run --recording=FILE");
	return false;
}

static bool trace_check(const int64_t *values, const char **why)
{
	*why = "recording is set by --slabmark_recording=FILE alone";
	return values[RECORDING] == recorded.digest;
}

static int64_t trace_operations(const int64_t *values)
{
	(void)values;
	return recorded.count > 0 ? (int64_t)recorded.count : 1;
}

static bool parts_make(struct trace *trace, int64_t by)
{
	for (size_t i = 0; i < recorded.count; i++)
		trace->parts[worker_of(&recorded.steps[i], by, trace->workers)].count++;
	for (unsigned i = 0; i < trace->workers; i++) {
		struct part *part = &trace->parts[i];

		part->steps = calloc(part->count + 1, sizeof(*part->steps));
		part->count = 0;
		if (!part->steps)
			return false;
	}
	for (size_t i = 0; i < recorded.count; i++) {
		struct part *part =
			&trace->parts[worker_of(&recorded.steps[i], by, trace->workers)];

		part->steps[part->count++] = (uint32_t)i;
	}
	return true;
}

static bool caches_make(struct workload_context *context, struct trace *trace)
{
	for (unsigned i = 0; i < recorded.caches; i++) {
		unsigned size = recorded.cache_sizes[i];
		char name[40];

		snprintf(name, sizeof(name), "slabmark-trace-%u", size);
		trace->caches[i] = kmem_cache_create(name, size < 8 ? 8 : size, 0, 0, NULL);
		if (!trace->caches[i])
			return workload_out_of_memory(context, size);
	}
	return true;
}

static bool trace_setup(struct workload_context *context)
{
	struct trace *trace = aligned_alloc(BARRIER_LINE, sizeof(*trace));

	if (!trace)
		return workload_fail(context, "no memory for the trace's state");
	*trace = (struct trace){.workers = context->threads,
		.nodes = slab_nodes(),
		.parts = calloc(context->threads, sizeof(struct part)),
		.caches = (struct kmem_cache **)calloc(recorded.caches + 1, sizeof(void *)),
		.objects = calloc(recorded.objects + (size_t)1, sizeof(trace->objects[0]))};
	context->shared = trace;
	if (!trace->parts || !trace->caches || !trace->objects ||
		!parts_make(trace, context->values[BY]))
		return workload_fail(context, "no memory for %u objects", recorded.objects);
	return caches_make(context, trace);
}

static void object_free(const struct trace *trace, uint32_t object, void *address)
{
	uint16_t cache = recorded.object_caches[object];

	if (cache == NO_CACHE)
		kfree(address);
	else
		kmem_cache_free(trace->caches[cache], address);
}

static void trace_teardown(void *shared)
{
	struct trace *trace = shared;

	if (!trace)
		return;
	for (uint32_t i = 0; trace->objects && i < recorded.objects; i++)
		if (atomic_load(&trace->objects[i]))
			object_free(trace, i, atomic_load(&trace->objects[i]));
	for (unsigned i = 0; trace->caches && i < recorded.caches; i++)
		kmem_cache_destroy(trace->caches[i]);
	for (unsigned i = 0; trace->parts && i < trace->workers; i++)
		free(trace->parts[i].steps);
	free(trace->parts);
	free((void *)trace->caches);
	free((void *)trace->objects);
	free(trace);
}

// ---- playing

// One turn of waiting. False: another thread has failed.
static bool wait_turn(struct workload_context *context, unsigned *turns)
{
	if (atomic_load_explicit(&context->barrier->is_closed, memory_order_acquire))
		return workload_fail(context, "another thread of this benchmark has failed");
	relax(context->shares_cpu || ++*turns > TURNS_MAX);
	return true;
}

static inline bool wait_order(struct workload_context *context, struct trace *trace, size_t number)
{
	unsigned turns = 0;

	while (context->values[ORDER] == TOTAL &&
		atomic_load_explicit(&trace->played, memory_order_acquire) != number)
		if (!wait_turn(context, &turns))
			return false;
	return true;
}

// The recording's time, faster or slower.
static inline bool wait_time(
	struct workload_context *context, const struct step *step, uint64_t began_ns)
{
	int64_t speed = context->values[SPEED];
	unsigned turns = 0;

	while (speed > 0 && (double)(clock_system_ns() - began_ns) * (double)speed / 100 <
				    (double)step->time_ns)
		if (!wait_turn(context, &turns))
			return false;
	return true;
}

// Takes the object's address, once it is there. NULL: another thread has failed.
static inline void *object_take(
	struct workload_context *context, struct trace *trace, uint32_t object)
{
	unsigned turns = 0;
	void *address;

	while (!(address = atomic_load_explicit(&trace->objects[object], memory_order_acquire)))
		if (!wait_turn(context, &turns))
			return NULL;
	atomic_store_explicit(&trace->objects[object], NULL, memory_order_relaxed);
	return address;
}

static inline void *object_make(const struct trace *trace, const struct step *step, void *taken)
{
	gfp_t flags = GFP_KERNEL | (step->is_zeroed ? __GFP_ZERO : 0);

	int node = step->node < trace->nodes ? step->node : -1;

	if (taken)
		return krealloc(taken, step->size, flags);
	if (step->cache != NO_CACHE)
		return node < 0 ? kmem_cache_alloc(trace->caches[step->cache], flags)
				: kmem_cache_alloc_node(trace->caches[step->cache], flags, node);
	return node < 0 ? kmalloc(step->size, flags) : kmalloc_node(step->size, flags, node);
}

// What is checked of an object: from its making to its end, or its next resize.
static bool object_check(struct workload_context *context, uint32_t object, const void *address)
{
	uint32_t size = recorded.object_sizes[object];

	return ZERO_OR_NULL_PTR(address) || pattern_check(context, address, size, object);
}

BODY step_play(struct workload_context *context, struct trace *trace, const struct step *step,
	const bool is_checked)
{
	void *taken = NULL;
	void *made;

	if (step->taken != NO_OBJECT) {
		taken = object_take(context, trace, step->taken);
		if (!taken || (is_checked && !object_check(context, step->taken, taken)))
			return false;
	}
	if (step->made == NO_OBJECT) {
		object_free(trace, step->taken, taken);
		return true;
	}
	made = object_make(trace, step, taken);
	if (!made) {
		if (taken)
			atomic_store(&trace->objects[step->taken], taken);
		return workload_out_of_memory(context, step->size);
	}
	if (step->size > 0)
		*(volatile char *)made = 1;
	if (is_checked && step->size > 0 &&
		!pattern_write(context, made, step->size, ksize(made), step->made))
		return false;
	atomic_store_explicit(&trace->objects[step->made], made, memory_order_release);
	return true;
}

BODY pass_play(struct workload_context *context, const bool is_checked)
{
	struct trace *trace = context->shared;
	const struct part *part = &trace->parts[context->thread];
	uint64_t began_ns;

	if (context->thread == 0)
		atomic_store(&trace->played, 0);
	if (!workload_meet(context))
		return false;
	began_ns = context->values[SPEED] > 0 ? clock_system_ns() : 0;
	for (size_t i = 0; i < part->count; i++) {
		const struct step *step = &recorded.steps[part->steps[i]];

		if (!wait_time(context, step, began_ns) ||
			!wait_order(context, trace, part->steps[i]) ||
			!step_play(context, trace, step, is_checked))
			return false;
		if (context->values[ORDER] == TOTAL)
			atomic_store_explicit(
				&trace->played, part->steps[i] + (size_t)1, memory_order_release);
	}
	return workload_meet(context);
}

// Each thread is counted an operation for each event: so many passes as there are threads.
BODY trace(struct workload_context *context, int64_t count, const bool is_checked)
{
	int64_t passes = count / (int64_t)recorded.count * context->threads;

	for (int64_t i = 0; i < passes; i++)
		if (!pass_play(context, is_checked))
			return false;
	return true;
}
WORKLOAD_BODIES(trace)

static void trace_report(const struct workload_context *contexts, struct workload_report *report)
{
	(void)contexts;
	report->tell(report, "recorded_events", (double)recorded.count);
	report->tell(report, "recorded_objects", (double)recorded.objects);
	report->tell(report, "recorded_left_out", (double)recorded.left_out);
}

static void trace_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	unsigned *makers = calloc(recorded.objects + (size_t)1, sizeof(*makers));
	double freed = 0;
	double remote = 0;

	*promise = (struct workload_promise){
		.live_min = 1, .live_max = recorded.objects, .is_mixed = true};
	promise->size_min = INT64_MAX;
	for (size_t i = 0; makers && i < recorded.count; i++) {
		const struct step *step = &recorded.steps[i];
		unsigned worker = worker_of(step, values[BY], counts[0]);

		freed += step->taken != NO_OBJECT;
		remote += step->taken != NO_OBJECT && makers[step->taken] != worker;
		if (step->made == NO_OBJECT)
			continue;
		makers[step->made] = worker;
		promise->allocations += 1.0 / (double)recorded.count;
		if (step->size < promise->size_min)
			promise->size_min = step->size;
		if (step->size > promise->size_max)
			promise->size_max = step->size;
	}
	promise->remote_min = promise->remote_max = freed > 0 ? remote / freed : 0;
	free(makers);
}

static const char *const bys[] = {"thread", "cpu", NULL};
static const char *const orders[] = {"causal", "total", NULL};

const struct workload workload_trace = {
	.name = "trace",
	.summary = "Threads play a recording of a program, or of a kernel, in its order.",
	.stresses = "whatever the recorded program asks of its allocator",
	.published = "trace replay: R. Jones and others' allocation traces; Linux "
		     "Documentation/trace/events-kmem.rst",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = {[RECORDING] = PARAMETER("recording",
			       "a number for the recording, which --slabmark_recording sets", "", 0,
			       0, UINT32_MAX),
		[BY] = {.name = "by",
			.summary = "what a worker plays: some of the recording's threads, or CPUs",
			.unit = "",
			.initial = BY_THREAD,
			.maximum = BY_CPU,
			.value_names = bys,
			.is_named_if_changed = true},
		[ORDER] = {.name = "order",
			.summary = "causal: an object is made before it is freed; total: one event "
				   "after the other",
			.unit = "",
			.initial = CAUSAL,
			.maximum = TOTAL,
			.value_names = orders,
			.is_named_if_changed = true},
		[SPEED] = PARAMETER_QUIET("speed", "of the recorded speed; 0: as fast as possible",
			"percent", 0, 0, 1000000)},
	.check = trace_check,
	.operations = trace_operations,
	.setup = trace_setup,
	.run = trace_run,
	.verify = trace_verify,
	.teardown = trace_teardown,
	.is_possible = trace_is_possible,
	.report = trace_report,
	.promise = trace_promise,
};
