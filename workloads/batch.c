// SPDX-License-Identifier: GPL-2.0-or-later
// Bursts: each thread allocates a number of objects, then frees all of them. A burst larger than the
// per-CPU array makes it refill and flush, which a pair never does.
#include <slab/slab.h>

#include "objects.h"
#include "pattern.h"
#include "workload.h"

enum { SIZE = OBJECTS_SIZE, BATCH = OBJECTS_COUNT, ORDER };
enum { LIFO, FIFO };

static const char *const order_names[] = {[LIFO] = "lifo", [FIFO] = "fifo", NULL};

static bool batch_setup(struct workload_context *context)
{
	return objects_setup(context, "slabmark-batch");
}

// Frees what a failed burst still holds, so that the cache can go.
static bool give_back(struct workload_context *context, void **objects, int64_t count)
{
	for (int64_t i = 0; i < count; i++)
		kmem_cache_free(context->shared, objects[i]);
	return false;
}

static inline __attribute__((always_inline)) bool burst(
	struct workload_context *context, int64_t batch, int64_t order, const bool is_checked)
{
	struct kmem_cache *cache = context->shared;
	size_t size = context->values[SIZE];
	void **objects = context->own;

	for (int64_t i = 0; i < batch; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		if (!objects[i]) {
			workload_out_of_memory(context, size);
			return give_back(context, objects, i);
		}
		*(volatile char *)objects[i] = 1;
		if (is_checked && !pattern_write(context, objects[i], size, kmem_cache_size(cache),
					  pattern_tag(context, i)))
			return false;
	}
	for (int64_t i = 0; i < batch; i++) {
		int64_t next = order == LIFO ? batch - 1 - i : i;

		if (is_checked &&
			!pattern_check(context, objects[next], size, pattern_tag(context, next)))
			return false;
		kmem_cache_free(cache, objects[next]);
	}
	return true;
}

static bool batch_run(struct workload_context *context, int64_t count)
{
	int64_t batch = context->values[BATCH];

	for (int64_t done = 0; done < count; done += batch)
		if (!burst(context, batch, context->values[ORDER], false))
			return false;
	return true;
}

static bool batch_verify(struct workload_context *context, int64_t count)
{
	int64_t batch = context->values[BATCH];

	for (int64_t done = 0; done < count; done += batch)
		if (!burst(context, batch, context->values[ORDER], true))
			return false;
	return true;
}

static void batch_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = values[BATCH],
		.live_max = values[BATCH] * counts[0],
		.size_min = values[SIZE],
		.size_max = values[SIZE],
		.is_by_cache = true};
}

const struct workload workload_batch = {
	.name = "batch",
	.summary = "Each thread allocates a batch of objects, then frees them all.",
	.stresses = "refill and flush of the per-CPU array, partial slabs behind it",
	.published = "slab_test.c by C. Lameter (N kmallocs then N kfrees); slab_bulk_test01",
	.relations = RELATION_BIT(RELATION_ALONE),
	.roles = {ROLE_WORKERS(1)},
	.parameters = {[SIZE] = PARAMETER_OBJECT_SIZE,
		[BATCH] = {.name = "batch",
			.summary = "objects allocated before the first is freed",
			.unit = "objects",
			.initial = 40,
			.minimum = 1,
			.maximum = 100000},
		[ORDER] = {.name = "order",
			.summary = "which object of a batch is freed first",
			.unit = "",
			.initial = LIFO,
			.minimum = LIFO,
			.maximum = FIFO,
			.value_names = order_names,
			.is_named_if_changed = true}},
	.operations = objects_operations,
	.setup = batch_setup,
	.thread_start = objects_thread_start,
	.run = batch_run,
	.verify = batch_verify,
	.thread_end = objects_thread_end,
	.teardown = objects_teardown,
	.promise = batch_promise,
};
