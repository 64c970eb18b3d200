// SPDX-License-Identifier: GPL-2.0-or-later
// A working set of live objects of one cache a thread: each operation frees a random one and allocates
// another in its place. The order is drawn before the timed loop.
#include <slab/slab.h>
#include <stdlib.h>

#include "pattern.h"
#include "workload.h"

enum { SIZE, LIVE };
enum { ORDER_COUNT = 16384 }; // a power of two: after so many, the order repeats

struct churn {
	struct kmem_cache *cache;
	uint32_t order[ORDER_COUNT];
};

// A thread's own.
struct live_set {
	unsigned next;
	uint64_t operations; // ever checked; tags of the pattern
	struct live_object {
		void *object;
		uint64_t tag;
	} live[];
};

static bool churn_setup(struct workload_context *context)
{
	struct churn *churn = calloc(1, sizeof(*churn));

	context->shared = churn;
	if (!churn)
		return workload_fail(context, "no memory for the order of frees");
	churn->cache = context->cache =
		kmem_cache_create("slabmark-churn", (unsigned)context->values[SIZE], 0, 0, NULL);
	for (size_t i = 0; i < ORDER_COUNT; i++)
		churn->order[i] =
			(uint32_t)(erand48(context->random) * (double)context->values[LIVE]);
	return churn->cache || workload_out_of_memory(context, context->values[SIZE]);
}

static void churn_thread_end(struct workload_context *context)
{
	struct churn *churn = context->shared;
	struct live_set *set = context->own;

	for (int64_t i = 0; set && i < context->values[LIVE]; i++)
		kmem_cache_free(churn->cache, set->live[i].object);
	free(set);
	context->own = NULL;
}

static bool churn_thread_start(struct workload_context *context)
{
	struct churn *churn = context->shared;
	size_t live = context->values[LIVE];
	struct live_set *set = calloc(1, sizeof(*set) + live * sizeof(set->live[0]));

	context->own = set;
	if (!set)
		return workload_fail(context, "no memory for %zu objects", live);
	set->next = (unsigned)((uint64_t)ORDER_COUNT * context->thread / context->threads);
	for (size_t i = 0; i < live; i++) {
		set->live[i].object = kmem_cache_alloc(churn->cache, GFP_KERNEL);
		if (!set->live[i].object)
			return workload_out_of_memory(context, context->values[SIZE]);
	}
	return true;
}

static inline __attribute__((always_inline)) bool churn(
	struct workload_context *context, int64_t count, const bool is_checked)
{
	const struct churn *shared = context->shared;
	struct live_set *set = context->own;
	struct kmem_cache *cache = shared->cache;
	size_t size = context->values[SIZE];
	unsigned next = set->next;

	for (int64_t i = 0; i < count; i++) {
		struct live_object *at = &set->live[shared->order[next++ % ORDER_COUNT]];

		if (is_checked && at->tag != 0 &&
			!pattern_check(context, at->object, size, at->tag))
			return false;
		kmem_cache_free(cache, at->object);
		at->object = kmem_cache_alloc(cache, GFP_KERNEL);
		if (!at->object)
			return workload_out_of_memory(context, size);
		*(volatile char *)at->object = 1;
		if (!is_checked)
			continue;
		at->tag = pattern_tag(context, ++set->operations);
		if (!pattern_write(context, at->object, size, kmem_cache_size(cache), at->tag))
			return false;
	}
	set->next = next;
	return true;
}

static bool churn_run(struct workload_context *context, int64_t count)
{
	return churn(context, count, false);
}

static bool churn_verify(struct workload_context *context, int64_t count)
{
	return churn(context, count, true);
}

static void churn_teardown(void *shared)
{
	struct churn *churn = shared;

	if (churn)
		kmem_cache_destroy(churn->cache);
	free(churn);
}

static void churn_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = values[LIVE] * counts[0] - counts[0],
		.live_max = values[LIVE] * counts[0],
		.size_min = values[SIZE],
		.size_max = values[SIZE],
		.is_by_cache = true};
}

const struct workload workload_churn = {
	.name = "churn",
	.summary =
		"Each thread keeps a working set of objects of one cache and replaces random ones.",
	.stresses = "random order of frees in one cache: the objects' own lines, not the array's",
	.published = "mimalloc-bench alloc-test (there of many sizes)",
	.relations = RELATION_BIT(RELATION_ALONE),
	.roles = {ROLE_WORKERS(1)},
	.parameters = {[SIZE] = PARAMETER_OBJECT_SIZE,
		[LIVE] = {.name = "live",
			.summary = "objects alive at a time",
			.unit = "objects",
			.initial = 1000,
			.minimum = 1,
			.maximum = 1000000}},
	.setup = churn_setup,
	.thread_start = churn_thread_start,
	.run = churn_run,
	.verify = churn_verify,
	.thread_end = churn_thread_end,
	.teardown = churn_teardown,
	.promise = churn_promise,
};
