// SPDX-License-Identifier: GPL-2.0-or-later
// Reclaim under load: all threads allocate and free bursts; after every `period` bursts the first
// thread calls slab_reap() (reap), or kmem_cache_shrink() for the cache (shrink), while the others
// go on. One operation is one object. The calls' own time is told beside it.
#include "burst.h"
#include "workloads/clock.h"

enum { SIZE = BURST_SIZE, OBJECTS = BURST_OBJECTS, PERIOD };
enum { TICKS, CALLS }; // tallies

struct reclaimer {
	int64_t bursts; // since the last call
};

static bool reap_setup(struct workload_context *context)
{
	return rows_setup(context, "slabmark-reap", (size_t)context->values[SIZE],
		(size_t)context->values[OBJECTS]);
}

static bool shrink_setup(struct workload_context *context)
{
	return rows_setup(context, "slabmark-shrink", (size_t)context->values[SIZE],
		(size_t)context->values[OBJECTS]);
}

static bool reclaim_thread_start(struct workload_context *context)
{
	context->own = calloc(1, sizeof(struct reclaimer));
	return context->own ? rows_thread_start(context)
			    : workload_fail(context, "no memory for the thread's state");
}

static inline void reclaim(struct workload_context *context, const bool shrinks)
{
	struct reclaimer *reclaimer = context->own;
	uint64_t begin;

	if (context->thread != 0 || ++reclaimer->bursts < context->values[PERIOD])
		return;
	reclaimer->bursts = 0;
	begin = clock_ticks(context->clock);
	if (shrinks)
		kmem_cache_shrink(rows_of(context)->cache);
	else
		slab_reap();
	context->tallies[TICKS] += (double)(clock_ticks(context->clock) - begin);
	context->tallies[CALLS]++;
}

BODY bursts(
	struct workload_context *context, int64_t count, const bool shrinks, const bool is_checked)
{
	for (int64_t done = 0; done < count; done += context->values[OBJECTS]) {
		if (!burst_do(context, is_checked))
			return false;
		reclaim(context, shrinks);
	}
	return true;
}

BODY reap(struct workload_context *context, int64_t count, const bool is_checked)
{
	return bursts(context, count, false, is_checked);
}
WORKLOAD_BODIES(reap)

BODY shrink(struct workload_context *context, int64_t count, const bool is_checked)
{
	return bursts(context, count, true, is_checked);
}
WORKLOAD_BODIES(shrink)

static void reclaim_thread_end(struct workload_context *context)
{
	free(context->own);
	context->own = NULL;
	rows_thread_end(context);
}

static void reclaim_report(const struct workload_context *contexts, struct workload_report *report)
{
	const double *tallies = contexts->tallies;

	report->tell(report, "reclaim_calls", tallies[CALLS]);
	if (tallies[CALLS] > 0)
		report->tell(report, "reclaim_call_ns",
			clock_ns(contexts->clock, (uint64_t)tallies[TICKS]) / tallies[CALLS]);
}

#define RECLAIM_PARAMETERS                                                                         \
	{                                                                                          \
		[SIZE] = PARAMETER_OBJECT_SIZE,                                                    \
		[OBJECTS] = PARAMETER_QUIET("objects", "allocated before the first is freed",      \
			"objects", 1000, 1, 1000000),                                              \
		[PERIOD] = PARAMETER("period", "bursts of the first thread between two calls",     \
			"bursts", 10, 1, 1000000)                                                  \
	}

const struct workload workload_reap = {
	.name = "reap",
	.summary = "Threads allocate and free bursts while one of them reaps again and again.",
	.stresses = "slab_reap() under load: arrays of other CPUs drained, free slabs given back",
	.published = "M. Gorman, \"Understanding the Linux Virtual Memory Manager\" (2004), 8.1.6: "
		     "cache reaping",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = RECLAIM_PARAMETERS,
	.operations = burst_operations,
	.setup = reap_setup,
	.thread_start = reclaim_thread_start,
	.run = reap_run,
	.verify = reap_verify,
	.thread_end = reclaim_thread_end,
	.teardown = rows_teardown,
	.report = reclaim_report,
	.promise = burst_promise,
};

const struct workload workload_shrink = {
	.name = "shrink",
	.summary = "Threads allocate and free bursts while one of them shrinks the cache.",
	.stresses = "kmem_cache_shrink() under load: all arrays drained, all free slabs given back",
	.published = "M. Gorman, \"Understanding the Linux Virtual Memory Manager\" (2004), 8.1.7: "
		     "cache shrinking",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = RECLAIM_PARAMETERS,
	.operations = burst_operations,
	.setup = shrink_setup,
	.thread_start = reclaim_thread_start,
	.run = shrink_run,
	.verify = shrink_verify,
	.thread_end = reclaim_thread_end,
	.teardown = rows_teardown,
	.report = reclaim_report,
	.promise = burst_promise,
};
