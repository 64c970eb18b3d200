// SPDX-License-Identifier: GPL-2.0-or-later
// What merging does: objects of many equal caches in turn. Merged, one cache serves them all, with one
// array a CPU; apart, each has arrays and partly full slabs of its own. A region that may be copied to
// user space keeps a cache apart. One operation is one object.
#include <stdio.h>

#include "workloads/parts/parameter.h"
#include "workloads/parts/rows.h"

enum { SIZE, CACHES, MERGED };

static int64_t merge_operations(const int64_t *values)
{
	int64_t times = OPERATIONS_PER_RUN / values[CACHES];

	return values[CACHES] * (times > 0 ? times : 1);
}

struct merge {
	struct kmem_cache **caches;
	struct item *items; // one a cache
	int64_t count;
};

static struct kmem_cache *cache_make(const struct workload_context *context, int64_t number)
{
	unsigned size = (unsigned)context->values[SIZE];
	char name[32];

	snprintf(name, sizeof(name), "slabmark-merge-%u", (unsigned)number);
	return context->values[MERGED]
		       ? kmem_cache_create(name, size, 0, 0, NULL)
		       : kmem_cache_create_usercopy(name, size, 0, 0, 0, size, NULL);
}

static bool merge_setup(struct workload_context *context)
{
	struct merge *merge = calloc(1, sizeof(*merge));
	int64_t count = context->values[CACHES];

	context->shared = merge;
	if (!merge)
		return workload_fail(context, "no memory for the workload's state");
	merge->count = count;
	merge->caches = (struct kmem_cache **)calloc((size_t)count, sizeof(void *));
	merge->items = calloc((size_t)count, sizeof(merge->items[0]));
	if (!merge->caches || !merge->items)
		return workload_fail(context, "no memory for the caches' list");
	for (int64_t i = 0; i < count; i++) {
		merge->caches[i] = cache_make(context, i);
		if (!merge->caches[i])
			return workload_out_of_memory(context, (size_t)context->values[SIZE]);
	}
	return true;
}

BODY merge(struct workload_context *context, int64_t count, const bool is_checked)
{
	struct merge *merge = context->shared;
	bool is_good = true;

	for (int64_t done = 0; is_good && done < count; done += merge->count) {
		for (int64_t i = 0; is_good && i < merge->count; i++)
			is_good = item_make(context, merge->caches[i], &merge->items[i],
				(size_t)context->values[SIZE], is_checked);
		for (int64_t i = 0; is_good && i < merge->count; i++)
			is_good =
				item_free(context, merge->caches[i], &merge->items[i], is_checked);
	}
	return is_good;
}
WORKLOAD_BODIES(merge)

static void merge_teardown(void *shared)
{
	struct merge *merge = shared;

	if (!merge)
		return;
	for (int64_t i = 0; merge->caches && merge->items && i < merge->count; i++) {
		if (merge->items[i].object)
			kmem_cache_free(merge->caches[i], merge->items[i].object);
		kmem_cache_destroy(merge->caches[i]);
	}
	free((void *)merge->caches);
	free(merge->items);
	free(merge);
}

static void merge_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	(void)counts;
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = values[CACHES],
		.live_max = values[CACHES],
		.size_min = values[SIZE],
		.size_max = values[SIZE],
		.is_by_cache = true};
}

static const char *const switches[] = {"no", "yes", NULL};

const struct workload workload_merge = {
	.name = "merge",
	.summary = "One thread allocates an object of each of many equal caches, then frees them.",
	.stresses = "many caches' arrays, or one array where equal caches are merged",
	.published = "Linux mm/slab_common.c: slab_nomerge in "
		     "Documentation/admin-guide/kernel-parameters.txt",
	.relations = RELATIONS_ALONE,
	.roles = {ROLE_ALONE},
	.parameters = {[SIZE] = PARAMETER_OBJECT_SIZE,
		[CACHES] = PARAMETER_QUIET("caches", "equal ones", "caches", 16, 1, 1000),
		[MERGED] = PARAMETER_WORD("merged", "whether they may be merged", switches, 1, 1)},
	.operations = merge_operations,
	.setup = merge_setup,
	.run = merge_run,
	.verify = merge_verify,
	.teardown = merge_teardown,
	.promise = merge_promise,
};
