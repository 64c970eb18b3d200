// SPDX-License-Identifier: GPL-2.0-or-later
// Producer and consumer: one thread allocates objects and hands them through a ring to another,
// which frees them. Each freed object comes from another CPU, and at some relations from another
// node: a slab allocator has its alien and shared arrays for that. One operation is one object.
#include <slab/slab.h>
#include <stdlib.h>

#include "pattern.h"
#include "ring.h"
#include "workload.h"

enum { SIZE, RING };
enum { PRODUCER, CONSUMER };

struct handover {
	struct ring ring;
	struct kmem_cache *cache;
	// Objects ever put in and taken out, tags of the pattern; each is its own side's, and
	// touched too seldom for their common line to matter.
	uint64_t produced;
	uint64_t consumed;
};

static bool handover_check(const int64_t *values, const char **why)
{
	*why = "ring must be a power of two";
	return (values[RING] & (values[RING] - 1)) == 0;
}

static void handover_teardown(void *shared)
{
	struct handover *handover = shared;
	void *object;

	if (!handover)
		return;
	while (handover->ring.consumer.entries && (object = ring_try_pop(&handover->ring)))
		kmem_cache_free(handover->cache, object);
	kmem_cache_destroy(handover->cache);
	ring_free(&handover->ring);
	free(handover);
}

static bool handover_setup(struct workload_context *context)
{
	struct handover *handover = aligned_alloc(RING_LINE, sizeof(*handover));

	if (!handover)
		return workload_fail(context, "no memory for the ring");
	*handover = (struct handover){.cache = NULL};
	context->shared = handover;
	if (!ring_open(&handover->ring, context->values[RING], context->shares_cpu))
		return workload_fail(
			context, "no memory for a ring of %jd", (intmax_t)context->values[RING]);
	handover->cache = context->cache =
		kmem_cache_create("slabmark-handover", (unsigned)context->values[SIZE], 0, 0, NULL);
	return handover->cache || workload_out_of_memory(context, context->values[SIZE]);
}

static bool other_side_ended(struct workload_context *context)
{
	return workload_fail(context, "the other thread of the hand-over has ended");
}

static inline __attribute__((always_inline)) bool produce(
	struct workload_context *context, int64_t count, const bool is_checked)
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
				handover->produced + (uint64_t)i))
			return false;
		if (!ring_push(&handover->ring, object)) {
			kmem_cache_free(handover->cache, object);
			return other_side_ended(context);
		}
	}
	handover->produced += (uint64_t)count;
	return true;
}

static inline __attribute__((always_inline)) bool consume(
	struct workload_context *context, int64_t count, const bool is_checked)
{
	struct handover *handover = context->shared;
	size_t size = context->values[SIZE];

	for (int64_t i = 0; i < count; i++) {
		void *object = ring_pop(&handover->ring);

		if (!object)
			return other_side_ended(context);
		if (is_checked &&
			!pattern_check(context, object, size, handover->consumed + (uint64_t)i))
			return false;
		kmem_cache_free(handover->cache, object);
	}
	handover->consumed += (uint64_t)count;
	return true;
}

static bool handover_run(struct workload_context *context, int64_t count)
{
	return context->role == PRODUCER ? produce(context, count, false)
					 : consume(context, count, false);
}

static bool handover_verify(struct workload_context *context, int64_t count)
{
	return context->role == PRODUCER ? produce(context, count, true)
					 : consume(context, count, true);
}

// Both sides do the same number of operations, so the ring is empty here unless one has failed;
// then the other must not wait for it.
static void handover_thread_end(struct workload_context *context)
{
	struct handover *handover = context->shared;

	if (handover && context->failure[0] != '\0')
		ring_close(&handover->ring);
}

const struct workload workload_handover = {
	.name = "handover",
	.summary = "One thread allocates objects, another frees them.",
	.stresses = "remote frees: shared and alien arrays, list locks, cache lines that travel",
	.published = "xmalloc-test (Lever and Boreham); slab_test.c (N*remote free); larson",
	.relations = RELATION_BIT(RELATION_SAME_CPU) | RELATION_BIT(RELATION_SMT_SIBLING) |
		     RELATION_BIT(RELATION_SAME_CACHE) | RELATION_BIT(RELATION_SAME_NODE) |
		     RELATION_BIT(RELATION_NODE_NEAR) | RELATION_BIT(RELATION_NODE_FAR),
	.threads_per_operation = 2,
	.roles = {[PRODUCER] = {"producer", 1}, [CONSUMER] = {"consumer", 1}},
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
	.run = handover_run,
	.verify = handover_verify,
	.thread_end = handover_thread_end,
	.teardown = handover_teardown,
};
