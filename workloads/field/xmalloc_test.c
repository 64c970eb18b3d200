// SPDX-License-Identifier: GPL-2.0-or-later
// Producers and consumers without anything else. xmalloc-test: producers allocate batches, consumers
// free them; prodcons: the same object by object, of random sizes. One operation is one object.
//
// Sizes follow a table by the object's number on its way, so that both sides know them.
#include <stdio.h>
#include <stdlib.h>

#include "workloads/lanes.h"
#include "workloads/parts/draws.h"
#include "workloads/parts/item.h"
#include "workloads/parts/parameter.h"

enum { PRODUCER, CONSUMER };

struct way {
	struct lanes lanes;
	struct draws *draws; // sizes
	int64_t batch; // objects that are made before the first is handed over
};

struct side {
	struct lane_side lanes;
	void **batch;
};

static bool way_open(struct workload_context *context, int64_t minimum, int64_t maximum,
	int64_t batch, size_t ring)
{
	struct way *way = calloc(1, sizeof(*way));
	const unsigned *counts = context->counts;

	context->shared = way;
	if (!way || !lanes_open(&way->lanes, counts[PRODUCER], counts[CONSUMER], ring,
			    context->shares_cpu))
		return workload_fail(context, "no memory for rings of %zu", ring);
	way->batch = batch;
	way->draws = draws_make(context, DRAWS_EVEN, minimum, maximum, 1);
	return way->draws != NULL;
}

static void way_teardown(void *shared)
{
	struct way *way = shared;
	void *object;

	if (!way)
		return;
	for (unsigned i = 0; i < way->lanes.count; i++)
		while (way->lanes.lanes[i].ring.consumer.entries &&
			(object = ring_try_pop(&way->lanes.lanes[i].ring)))
			kfree(object);
	lanes_free(&way->lanes);
	free(way->draws);
	free(way);
}

static bool side_start(struct workload_context *context)
{
	const struct way *way = context->shared;
	struct side *side = calloc(1, sizeof(*side));

	context->own = side;
	if (!side)
		return workload_fail(context, "no memory for a thread's lanes");
	side->lanes = lane_side_of(&way->lanes, context->role == PRODUCER, context->index);
	side->batch = (void **)calloc((size_t)way->batch, sizeof(void *));
	return side->batch || workload_fail(context, "no memory for a batch");
}

static void side_end(struct workload_context *context)
{
	struct side *side = context->own;
	struct way *way = context->shared;

	if (side)
		free((void *)side->batch);
	free(side);
	context->own = NULL;
	if (way && context->failure[0] != '\0')
		lanes_close(&way->lanes);
}

static inline size_t size_of(const struct way *way, uint64_t number)
{
	return way->draws->sizes[number % DRAWS_SIZES];
}

static uint64_t tag_of(const struct way *way, const struct lane *lane, uint64_t number)
{
	return number * way->lanes.count + (uint64_t)(lane - way->lanes.lanes);
}

static void batch_free(void **batch, int64_t count)
{
	for (int64_t i = 0; i < count; i++)
		kfree(batch[i]);
}

// Makes a batch; on failure nothing is left of it.
BODY make(struct workload_context *context, const struct lane *lane, int64_t count,
	const bool is_checked)
{
	const struct way *way = context->shared;
	void **batch = ((struct side *)context->own)->batch;

	for (int64_t i = 0; i < count; i++) {
		uint64_t number = lane->pushed + (uint64_t)i;
		size_t size = size_of(way, number);

		batch[i] = kmalloc(size, GFP_KERNEL);
		if (!batch[i]) {
			batch_free(batch, i);
			workload_out_of_memory(context, size);
			return false;
		}
		*(volatile char *)batch[i] = 1;
		if (is_checked && !pattern_write(context, batch[i], size, ksize(batch[i]),
					  tag_of(way, lane, number)))
			return false;
	}
	return true;
}

BODY produce(
	struct workload_context *context, struct lane *lane, int64_t count, const bool is_checked)
{
	void **batch = ((struct side *)context->own)->batch;

	if (!make(context, lane, count, is_checked))
		return false;
	lane->pushed += (uint64_t)count;
	for (int64_t i = 0; i < count; i++) {
		if (ring_push(&lane->ring, batch[i]))
			continue;
		batch_free(batch + i, count - i);
		return workload_fail(context, "another thread of this benchmark has failed");
	}
	return true;
}

BODY consume(
	struct workload_context *context, struct lane *lane, int64_t count, const bool is_checked)
{
	const struct way *way = context->shared;

	for (int64_t i = 0; i < count; i++) {
		uint64_t number = lane->popped++;
		void *object = ring_pop(&lane->ring);
		bool is_good = object &&
			       (!is_checked || pattern_check(context, object, size_of(way, number),
						       tag_of(way, lane, number)));

		kfree(object);
		if (!is_good)
			return workload_fail(
				context, "another thread of this benchmark has failed");
	}
	return true;
}

BODY hand_on(struct workload_context *context, int64_t count, const bool is_checked)
{
	const struct way *way = context->shared;
	struct side *side = context->own;
	bool is_good = true;

	while (is_good && count > 0) {
		struct lane *lane;
		int64_t wanted = count < way->batch ? count : way->batch;
		int64_t objects = lane_side_next(&side->lanes, wanted, &lane);

		is_good = context->role == PRODUCER ? produce(context, lane, objects, is_checked)
						    : consume(context, lane, objects, is_checked);
		count -= objects;
	}
	return is_good;
}
WORKLOAD_BODIES(hand_on)

#define ROLES_OF_THE_WAY                                                                           \
	{                                                                                          \
		[PRODUCER] = {.name = "producer", .plural = "producers", .threads = 1},            \
		[CONSUMER] = {                                                                     \
			.name = "consumer",                                                        \
			.plural = "consumers",                                                     \
			.threads = 1                                                               \
		}                                                                                  \
	}

// What is under way: the rings, a batch of each producer, an object of each consumer.
static int64_t way_live_max(const unsigned *counts, int64_t batch, int64_t ring)
{
	return (ring + batch) * (counts[PRODUCER] + counts[CONSUMER]);
}

// ---- xmalloc-test

enum { XMALLOC_SIZE, XMALLOC_BATCH };
enum { XMALLOC_MIXED = -1, XMALLOC_MIXED_MAX = 1000, XMALLOC_RING = 16384 };

static int64_t xmalloc_operations(const int64_t *values)
{
	return values[XMALLOC_BATCH];
}

static bool xmalloc_check(const int64_t *values, const char **why)
{
	*why = "size must be -1 (mixed) or 1 and more";
	return values[XMALLOC_SIZE] != 0;
}

static int64_t xmalloc_min(const int64_t *values)
{
	return values[XMALLOC_SIZE] == XMALLOC_MIXED ? 1 : values[XMALLOC_SIZE];
}

static int64_t xmalloc_max(const int64_t *values)
{
	return values[XMALLOC_SIZE] == XMALLOC_MIXED ? XMALLOC_MIXED_MAX : values[XMALLOC_SIZE];
}

static bool xmalloc_setup(struct workload_context *context)
{
	const int64_t *values = context->values;

	return way_open(context, xmalloc_min(values), xmalloc_max(values), values[XMALLOC_BATCH],
		XMALLOC_RING);
}

static void xmalloc_report(const struct workload_context *contexts, struct workload_report *report)
{
	double rate = (double)report->operations / report->seconds / 1e6;
	char line[96];

	(void)contexts;
	report->tell(report, "free_per_second", rate * 1e6);
	snprintf(line, sizeof(line), "rtime: %.3f, free/sec: %.3f M", report->seconds, rate);
	report->classic(report, line);
}

static void xmalloc_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.remote_min = 1,
		.remote_max = 1,
		.live_min = 1,
		.live_max = way_live_max(counts, values[XMALLOC_BATCH], XMALLOC_RING),
		.size_min = xmalloc_min(values),
		.size_max = xmalloc_max(values)};
}

const struct workload workload_xmalloc_test = {
	.name = "xmalloc-test",
	.summary = "Threads allocate batches of objects, others free them.",
	.stresses = "remote frees and nothing else: alien and shared arrays, list locks",
	.published = "Lever and Boreham, \"malloc() Performance in a Multithreaded Linux "
		     "Environment\" (USENIX 2000); mimalloc-bench xmalloc-test -w N -t 5 -s 64",
	.relations = RELATIONS_OF_WORKERS,
	.is_handed_on = true,
	.roles = ROLES_OF_THE_WAY,
	.parameters = {[XMALLOC_SIZE] = PARAMETER("size", "size of an object; -1: mixed, 1 to 1000",
			       "bytes", 64, -1, 4194304),
		[XMALLOC_BATCH] =
			PARAMETER_QUIET("batch", "objects made before the first is handed over",
				"objects", 4096, 1, 1000000)},
	.check = xmalloc_check,
	.operations = xmalloc_operations,
	.setup = xmalloc_setup,
	.thread_start = side_start,
	.run = hand_on_run,
	.verify = hand_on_verify,
	.thread_end = side_end,
	.teardown = way_teardown,
	.report = xmalloc_report,
	.promise = xmalloc_promise,
};

// ---- prodcons

enum { PRODCONS_MIN, PRODCONS_MAX };
enum { PRODCONS_RING = 1024 };

static bool prodcons_check(const int64_t *values, const char **why)
{
	return draws_check(values[PRODCONS_MIN], values[PRODCONS_MAX], why);
}

static bool prodcons_setup(struct workload_context *context)
{
	return way_open(context, context->values[PRODCONS_MIN], context->values[PRODCONS_MAX], 1,
		PRODCONS_RING);
}

static void prodcons_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.remote_min = 1,
		.remote_max = 1,
		.live_min = 1,
		.live_max = way_live_max(counts, 1, PRODCONS_RING),
		.size_min = values[PRODCONS_MIN],
		.size_max = values[PRODCONS_MAX]};
}

const struct workload workload_prodcons = {
	.name = "prodcons",
	.summary = "Threads allocate objects of random sizes one by one, others free them.",
	.stresses = "remote frees of many sizes",
	.published = "gburd/libumem bench prodcons min:max",
	.relations = RELATIONS_OF_WORKERS,
	.is_handed_on = true,
	.roles = ROLES_OF_THE_WAY,
	.parameters = {[PRODCONS_MIN] = PARAMETER_MIN(16), [PRODCONS_MAX] = PARAMETER_MAX(512)},
	.check = prodcons_check,
	.setup = prodcons_setup,
	.thread_start = side_start,
	.run = hand_on_run,
	.verify = hand_on_verify,
	.thread_end = side_end,
	.teardown = way_teardown,
	.promise = prodcons_promise,
};
