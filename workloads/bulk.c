// SPDX-License-Identifier: GPL-2.0-or-later
// Many objects a call: a number of them is allocated by one call and freed by another, by one thread. One operation is
// one object, so that the figure is to be held against that of `pair`.
#include <slab/slab.h>
#include <stdlib.h>

#include "pattern.h"
#include "workload.h"

enum { SIZE, COUNT };

// A call is never cut: the count of operations is a multiple of its objects.
static int64_t bulk_operations(const int64_t *values)
{
	int64_t calls = OPERATIONS_PER_RUN / values[COUNT];
	return values[COUNT] * (calls > 0 ? calls : 1);
}

static bool bulk_setup(struct workload_context *context)
{
	context->shared = context->cache =
		kmem_cache_create("slabmark-bulk", (unsigned)context->values[SIZE], 0, 0, NULL);
	return context->shared || workload_out_of_memory(context, context->values[SIZE]);
}

static bool bulk_thread_start(struct workload_context *context)
{
	context->own = calloc(context->values[COUNT], sizeof(void *));
	return context->own || workload_fail(context, "no memory for a call's pointers");
}

static void bulk_thread_end(struct workload_context *context)
{
	free(context->own);
	context->own = NULL;
}

static bool objects_write(struct workload_context *context, void **objects, int64_t count)
{
	size_t size = context->values[SIZE];
	for (int64_t i = 0; i < count; i++)
		if (!pattern_write(context, objects[i], size, kmem_cache_size(context->shared), i))
			return false;
	return true;
}

static bool objects_check(struct workload_context *context, void **objects, int64_t count)
{
	for (int64_t i = 0; i < count; i++)
		if (!pattern_check(context, objects[i], context->values[SIZE], i))
			return false;
	return true;
}

static inline __attribute__((always_inline)) bool bulk(
	struct workload_context *context, int64_t count, const bool is_checked)
{
	void **objects = context->own;
	if (!kmem_cache_alloc_bulk(context->shared, GFP_KERNEL, count, objects))
		return workload_out_of_memory(context, context->values[SIZE]);
	for (int64_t i = 0; i < count; i++)
		*(volatile char *)objects[i] = 1; // as in a pair
	if (is_checked && (!objects_write(context, objects, count) ||
				  !objects_check(context, objects, count)))
		return false;
	kmem_cache_free_bulk(context->shared, count, objects);
	return true;
}

static bool bulk_run(struct workload_context *context, int64_t count)
{
	int64_t each = context->values[COUNT];
	for (int64_t done = 0; done < count; done += each)
		if (!bulk(context, each, false))
			return false;
	return true;
}

static bool bulk_verify(struct workload_context *context, int64_t count)
{
	int64_t each = context->values[COUNT];
	for (int64_t done = 0; done < count; done += each)
		if (!bulk(context, each, true))
			return false;
	return true;
}

static void bulk_teardown(void *shared)
{
	kmem_cache_destroy(shared);
}

const struct workload workload_bulk = {
	.name = "bulk",
	.summary = "One thread allocates many objects by one call and frees them by another.",
	.stresses =
		"moving many entries of the per-CPU array at once; refill and flush when larger",
	.published = "slab_bulk_test01 by J. D. Brouer (netoptimizer/prototype-kernel)",
	.relations = RELATION_BIT(RELATION_ALONE),
	.threads_per_operation = 1,
	.roles = {{"worker", 1}},
	.parameters = {[SIZE] = {.name = "size",
			       .summary = "size of an object",
			       .unit = "bytes",
			       .initial = 192,
			       .minimum = 8,
			       .maximum = 65536},
		[COUNT] = {.name = "count",
			.summary = "objects a call",
			.unit = "objects",
			.initial = 32,
			.minimum = 1,
			.maximum = 100000}},
	.operations = bulk_operations,
	.setup = bulk_setup,
	.thread_start = bulk_thread_start,
	.run = bulk_run,
	.verify = bulk_verify,
	.thread_end = bulk_thread_end,
	.teardown = bulk_teardown,
};
