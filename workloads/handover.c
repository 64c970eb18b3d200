// SPDX-License-Identifier: GPL-2.0-or-later
// Producers and consumers: threads allocate objects and hand them through rings to others, which
// free them. Each freed object comes from another CPU, and at some relations from another node: a
// slab allocator has its alien and shared arrays for that. One operation is one object.
#include <slab/slab.h>
#include <stdlib.h>

#include "lanes.h"
#include "pattern.h"
#include "workload.h"

enum { SIZE, RING };
enum { PRODUCER, CONSUMER };

struct handover {
	struct lanes lanes;
	struct kmem_cache *cache;
};

static bool handover_check(const int64_t *values, const char **why)
{
	*why = "ring must be a power of two";
	return (values[RING] & (values[RING] - 1)) == 0;
}

static void lane_empty(struct handover *handover, struct ring *ring)
{
	void *object;

	while (ring->consumer.entries && (object = ring_try_pop(ring)))
		kmem_cache_free(handover->cache, object);
}

static void handover_teardown(void *shared)
{
	struct handover *handover = shared;

	if (!handover)
		return;
	for (unsigned i = 0; i < handover->lanes.count; i++)
		lane_empty(handover, &handover->lanes.lanes[i].ring);
	kmem_cache_destroy(handover->cache);
	lanes_free(&handover->lanes);
	free(handover);
}

static bool handover_setup(struct workload_context *context)
{
	const unsigned *counts = context->counts;
	struct handover *handover = calloc(1, sizeof(*handover));

	context->shared = handover;
	if (!handover || !lanes_open(&handover->lanes, counts[PRODUCER], counts[CONSUMER],
				 context->values[RING], context->shares_cpu))
		return workload_fail(
			context, "no memory for rings of %jd", (intmax_t)context->values[RING]);
	handover->cache = context->cache =
		kmem_cache_create("slabmark-handover", (unsigned)context->values[SIZE], 0, 0, NULL);
	return handover->cache || workload_out_of_memory(context, context->values[SIZE]);
}

static bool handover_thread_start(struct workload_context *context)
{
	const struct handover *handover = context->shared;
	struct lane_side *side = malloc(sizeof(*side));

	context->own = side;
	if (!side)
		return workload_fail(context, "no memory for a thread's lanes");
	*side = lane_side_of(&handover->lanes, context->role == PRODUCER, context->index);
	return true;
}

static bool other_side_ended(struct workload_context *context)
{
	return workload_fail(context, "the other thread of the hand-over has ended");
}

// The tag of the pattern: the lane and the object's number in it.
static uint64_t tag_of(const struct handover *handover, const struct lane *lane, uint64_t number)
{
	return number * handover->lanes.count + (uint64_t)(lane - handover->lanes.lanes);
}

// The producer's part of a number of objects of one lane.
static inline __attribute__((always_inline)) bool produce(
	struct workload_context *context, struct lane *lane, int64_t count, const bool is_checked)
{
	struct handover *handover = context->shared;
	size_t size = context->values[SIZE];

	for (int64_t i = 0; i < count; i++) {
		void *object = kmem_cache_alloc(handover->cache, GFP_KERNEL);

		if (!object)
			return workload_out_of_memory(context, size);
		*(volatile char *)object = 1;
		if (is_checked &&
			!pattern_write(context, object, size, kmem_cache_size(handover->cache),
				tag_of(handover, lane, lane->pushed++)))
			return false;
		if (!ring_push(&lane->ring, object)) {
			kmem_cache_free(handover->cache, object);
			return other_side_ended(context);
		}
	}
	return true;
}

static inline __attribute__((always_inline)) bool consume(
	struct workload_context *context, struct lane *lane, int64_t count, const bool is_checked)
{
	struct handover *handover = context->shared;
	size_t size = context->values[SIZE];

	for (int64_t i = 0; i < count; i++) {
		void *object = ring_pop(&lane->ring);

		if (!object)
			return other_side_ended(context);
		if (is_checked && !pattern_check(context, object, size,
					  tag_of(handover, lane, lane->popped++)))
			return false;
		kmem_cache_free(handover->cache, object);
	}
	return true;
}

static inline __attribute__((always_inline)) bool hand_over(
	struct workload_context *context, int64_t count, const bool is_checked)
{
	bool is_good = true;

	while (is_good && count > 0) {
		struct lane *lane;
		int64_t objects = lane_side_next(context->own, count, &lane);

		is_good = context->role == PRODUCER ? produce(context, lane, objects, is_checked)
						    : consume(context, lane, objects, is_checked);
		count -= objects;
	}
	return is_good;
}

static bool handover_run(struct workload_context *context, int64_t count)
{
	return hand_over(context, count, false);
}

static bool handover_verify(struct workload_context *context, int64_t count)
{
	return hand_over(context, count, true);
}

// All sides do what their lanes hold, so the rings are empty here unless one has failed; then the
// others must not wait for it.
static void handover_thread_end(struct workload_context *context)
{
	struct handover *handover = context->shared;

	free(context->own);
	context->own = NULL;
	if (handover && context->failure[0] != '\0')
		lanes_close(&handover->lanes);
}

static void handover_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.remote_min = 1,
		.remote_max = 1,
		.live_min = 1,
		.live_max = (values[RING] + 1) * (counts[PRODUCER] + counts[CONSUMER]),
		.size_min = values[SIZE],
		.size_max = values[SIZE],
		.is_by_cache = true};
}

const struct workload workload_handover = {
	.name = "handover",
	.summary = "Threads allocate objects, others free them.",
	.stresses = "remote frees: shared and alien arrays, list locks, cache lines that travel",
	.published = "xmalloc-test (Lever and Boreham); slab_test.c (N*remote free); larson",
	.relations = RELATION_BIT(RELATION_SAME_CPU) | RELATION_BIT(RELATION_SMT_SIBLING) |
		     RELATION_BIT(RELATION_SAME_CACHE) | RELATION_BIT(RELATION_SAME_NODE) |
		     RELATION_BIT(RELATION_NODE_NEAR) | RELATION_BIT(RELATION_NODE_FAR),
	.is_handed_on = true,
	.roles = {[PRODUCER] = {.name = "producer", .plural = "producers", .threads = 1},
		[CONSUMER] = {.name = "consumer", .plural = "consumers", .threads = 1}},
	.parameters = {[SIZE] = PARAMETER_OBJECT_SIZE,
		[RING] = {.name = "ring",
			.summary = "objects that may be on their way, a power of two",
			.unit = "objects",
			.initial = 1024,
			.minimum = 1,
			.maximum = 1048576,
			.is_named_if_changed = true}},
	.check = handover_check,
	.setup = handover_setup,
	.thread_start = handover_thread_start,
	.run = handover_run,
	.verify = handover_verify,
	.thread_end = handover_thread_end,
	.teardown = handover_teardown,
	.promise = handover_promise,
};
