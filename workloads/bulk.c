// SPDX-License-Identifier: GPL-2.0-or-later
// Many objects a call: each thread allocates a number of objects by one call and frees them by
// another. One operation is one object, so that the figure can be held against that of `pair`.
#include <slab/slab.h>

#include "objects.h"
#include "pattern.h"
#include "workload.h"

enum { SIZE = OBJECTS_SIZE, COUNT = OBJECTS_COUNT };

static bool bulk_setup(struct workload_context *context)
{
	return objects_setup(context, "slabmark-bulk");
}

static bool objects_write(struct workload_context *context, void **objects, int64_t count)
{
	size_t size = context->values[SIZE];

	for (int64_t i = 0; i < count; i++)
		if (!pattern_write(context, objects[i], size, kmem_cache_size(context->shared),
			    pattern_tag(context, i)))
			return false;
	return true;
}

static bool objects_check(struct workload_context *context, void **objects, int64_t count)
{
	for (int64_t i = 0; i < count; i++)
		if (!pattern_check(
			    context, objects[i], context->values[SIZE], pattern_tag(context, i)))
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

static void bulk_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = values[COUNT],
		.live_max = values[COUNT] * counts[0],
		.size_min = values[SIZE],
		.size_max = values[SIZE],
		.is_by_cache = true};
}

const struct workload workload_bulk = {
	.name = "bulk",
	.summary = "Each thread allocates many objects by one call and frees them by another.",
	.stresses =
		"moving many entries of the per-CPU array at once; refill and flush when larger",
	.published = "slab_bulk_test01 by J. D. Brouer (netoptimizer/prototype-kernel)",
	.relations = RELATION_BIT(RELATION_ALONE),
	.roles = {ROLE_WORKERS(1)},
	.parameters = {[SIZE] = PARAMETER_OBJECT_SIZE,
		[COUNT] = {.name = "count",
			.summary = "objects a call",
			.unit = "objects",
			.initial = 32,
			.minimum = 1,
			.maximum = 100000}},
	.operations = objects_operations,
	.setup = bulk_setup,
	.thread_start = objects_thread_start,
	.run = bulk_run,
	.verify = bulk_verify,
	.thread_end = objects_thread_end,
	.teardown = objects_teardown,
	.promise = bulk_promise,
};
