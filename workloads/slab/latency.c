// SPDX-License-Identifier: GPL-2.0-or-later
// How long single calls take, to the rarest. Threads replace random objects of a working set of one
// cache; each kmem_cache_alloc() and each kmem_cache_free() is timed by itself and noted in a
// histogram. The time of reading the clock twice, the least there is, is taken off. One operation is
// one replacement; its own time holds the four readings of the clock.
#include <stdio.h>

#include "workloads/clock.h"
#include "workloads/parts/draws.h"
#include "workloads/parts/histogram.h"
#include "workloads/parts/parameter.h"
#include "workloads/parts/rows.h"

enum { SIZE, LIVE };

struct latency {
	struct draws *draws;
	struct histogram allocs;
	struct histogram frees;
};

// All threads' states, so that the report can read them.
static struct latency **latencies_of(const struct workload_context *context)
{
	return rows_of(context)->more;
}

static bool latency_setup(struct workload_context *context)
{
	if (!rows_setup(context, "slabmark-latency", (size_t)context->values[SIZE],
		    (size_t)context->values[LIVE]))
		return false;
	rows_of(context)->more = calloc(context->threads, sizeof(struct latency *));
	return rows_of(context)->more || workload_fail(context, "no memory for the histograms");
}

// The thread's state stays until the end: the report reads it when the thread may have gone.
static bool state_make(struct workload_context *context)
{
	struct latency **place = &latencies_of(context)[context->thread];

	if (!*place)
		*place = calloc(1, sizeof(**place));
	context->own = *place;
	if (!*place)
		return workload_fail(context, "no memory for the histograms");
	if (!(*place)->draws)
		(*place)->draws = draws_make(context, DRAWS_EVEN, 1, 1, context->values[LIVE]);
	return (*place)->draws != NULL;
}

static bool latency_thread_start(struct workload_context *context)
{
	size_t size = (size_t)context->values[SIZE];

	if (!state_make(context) || !rows_thread_start(context))
		return false;
	for (int64_t i = 0; i < context->values[LIVE]; i++)
		if (!item_make(context, rows_of(context)->cache, &row_of(context)[i], size, false))
			return false;
	return true;
}

static void latency_loop_begin(struct workload_context *context)
{
	struct latency *latency = context->own;

	latency->allocs = latency->frees = (struct histogram){0};
}

static inline void note(
	const struct workload_context *context, struct histogram *histogram, uint64_t begin)
{
	uint64_t ticks = clock_ticks(context->clock) - begin;
	uint64_t cost = context->clock->cost_ticks;

	histogram_add(histogram, ticks > cost ? ticks - cost : 0);
}

BODY latency(struct workload_context *context, int64_t count, const bool is_checked)
{
	struct kmem_cache *cache = rows_of(context)->cache;
	size_t size = (size_t)context->values[SIZE];
	struct latency *latency = context->own;
	struct item *row = row_of(context);

	for (int64_t i = 0; i < count; i++) {
		struct item *item = &row[draws_slot(latency->draws)];
		void *object = item->object;
		bool is_good = !is_checked || item->tag == 0 ||
			       pattern_check(context, object, size, item->tag);

		uint64_t begin = clock_ticks(context->clock);
		kmem_cache_free(cache, object);
		note(context, &latency->frees, begin);
		begin = clock_ticks(context->clock);
		object = kmem_cache_alloc(cache, GFP_KERNEL);
		note(context, &latency->allocs, begin);
		if (!item_adopt(context, cache, item, object, size, is_checked) || !is_good)
			return false;
	}
	return true;
}
WORKLOAD_BODIES(latency)

static void latency_thread_end(struct workload_context *context)
{
	if (context->shared && rows_of(context)->items && row_of(context))
		items_free(rows_of(context)->cache, row_of(context), (size_t)context->values[LIVE]);
	rows_thread_end(context);
}

static void latency_teardown(void *shared)
{
	struct rows *rows = shared;
	struct latency **latencies = rows ? rows->more : NULL;

	for (unsigned i = 0; latencies && i < rows->threads; i++) {
		if (latencies[i])
			free(latencies[i]->draws);
		free(latencies[i]);
	}
	free((void *)latencies);
	rows_teardown(shared);
}

// ---- the report

static void quantiles_tell(const struct workload_context *contexts, struct workload_report *report,
	const char *call, const struct histogram *histogram)
{
	static const struct {
		const char *name;
		double share;
	} quantiles[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999},
		{"p99.99", 0.9999}, {"max", 1}};
	char name[32];

	for (size_t i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++) {
		uint64_t ticks = i + 1 == sizeof(quantiles) / sizeof(quantiles[0])
					 ? histogram->largest
					 : histogram_quantile(histogram, quantiles[i].share);

		snprintf(name, sizeof(name), "%s_ns_%s", call, quantiles[i].name);
		report->tell(report, name, clock_ns(contexts->clock, ticks));
	}
}

static void latency_report(const struct workload_context *contexts, struct workload_report *report)
{
	struct histogram *sums = calloc(2, sizeof(*sums));

	for (unsigned i = 0; sums && i < contexts->threads; i++) {
		histogram_merge(&sums[0], &latencies_of(contexts)[i]->allocs);
		histogram_merge(&sums[1], &latencies_of(contexts)[i]->frees);
	}
	if (sums) {
		quantiles_tell(contexts, report, "alloc", &sums[0]);
		quantiles_tell(contexts, report, "free", &sums[1]);
	}
	free(sums);
}

static void latency_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = values[LIVE] * counts[0] - counts[0],
		.live_max = values[LIVE] * counts[0],
		.size_min = values[SIZE],
		.size_max = values[SIZE],
		.is_by_cache = true};
}

const struct workload workload_latency = {
	.name = "latency",
	.summary = "Threads replace random objects of a cache; each single call is timed.",
	.stresses = "the distribution of a call's time, to the slow paths that are rare",
	.published =
		"G. Tene, HdrHistogram and \"How NOT to Measure Latency\" (2013); gburd/libumem "
		"bench: p50 to p999",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = {[SIZE] = PARAMETER_OBJECT_SIZE,
		[LIVE] = PARAMETER_QUIET(
			"live", "objects alive a thread", "objects", 1024, 1, 1000000)},
	.setup = latency_setup,
	.thread_start = latency_thread_start,
	.run = latency_run,
	.verify = latency_verify,
	.thread_end = latency_thread_end,
	.teardown = latency_teardown,
	.loop_begin = latency_loop_begin,
	.report = latency_report,
	.promise = latency_promise,
};
