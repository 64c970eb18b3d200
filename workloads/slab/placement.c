// SPDX-License-Identifier: GPL-2.0-or-later
// Where a slab keeps its list of free objects: in a free object, before the objects, or elsewhere. A
// burst is larger than the arrays, and objects are freed in random order, so that the lists of many
// slabs are read and written. Compare the configs objfreelist, offslab and onslab, at sizes for which
// they differ. One operation is one object.
#include "burst.h"

static bool placement_setup(struct workload_context *context)
{
	return rows_setup(context, "slabmark-placement", (size_t)context->values[BURST_SIZE],
		(size_t)context->values[BURST_OBJECTS]);
}

// The order in which the row's objects are freed, drawn once.
static bool placement_thread_start(struct workload_context *context)
{
	int64_t count = context->values[BURST_OBJECTS];
	uint32_t *order = calloc((size_t)count, sizeof(*order));

	context->own = order;
	if (!order)
		return workload_fail(context, "no memory for the order of frees");
	for (int64_t i = 0; i < count; i++) {
		int64_t other = (int64_t)(erand48(context->random) * (double)(i + 1));

		order[i] = order[other];
		order[other] = (uint32_t)i;
	}
	return rows_thread_start(context);
}

BODY placement(struct workload_context *context, int64_t count, const bool is_checked)
{
	struct kmem_cache *cache = rows_of(context)->cache;
	int64_t objects = context->values[BURST_OBJECTS];
	const uint32_t *order = context->own;
	struct item *row = row_of(context);

	for (int64_t done = 0; done < count; done += objects) {
		if (!burst_make(context, cache, is_checked))
			return false;
		for (int64_t i = 0; i < objects; i++)
			if (!item_free(context, cache, &row[order[i]], is_checked))
				return false;
	}
	return true;
}
WORKLOAD_BODIES(placement)

static void placement_thread_end(struct workload_context *context)
{
	free(context->own);
	context->own = NULL;
	rows_thread_end(context);
}

const struct workload workload_placement = {
	.name = "placement",
	.summary = "One thread allocates more objects than arrays hold and frees them at random.",
	.stresses = "the lists of free objects of many slabs, wherever the config keeps them",
	.published = "J. Bonwick, \"The Slab Allocator\" (USENIX 1994), section 3.2: small and "
		     "large slabs",
	.relations = RELATIONS_ALONE,
	.roles = {ROLE_WORKERS(1)},
	.parameters = {[BURST_SIZE] = PARAMETER("size",
			       "size of an object; 512 on, lists may lie elsewhere", "bytes", 640,
			       8, 65536),
		[BURST_OBJECTS] = PARAMETER_QUIET("objects", "allocated before the first is freed",
			"objects", 2000, 1, 1000000)},
	.operations = burst_operations,
	.setup = placement_setup,
	.thread_start = placement_thread_start,
	.run = placement_run,
	.verify = placement_verify,
	.thread_end = placement_thread_end,
	.teardown = rows_teardown,
	.promise = burst_promise,
};
