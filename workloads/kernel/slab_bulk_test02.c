// SPDX-License-Identifier: GPL-2.0-or-later
// slab_bulk_test02: calls for many objects while others of the cache are alive. Every second one of
// the prefilled objects is freed again before the loop, so that slabs are partly full. One operation
// is one object.
#include "bulk_test.h"

enum { SIZE = BULK_SIZE, BULK = BULK_COUNT, PREFILL };

static bool test02_setup(struct workload_context *context)
{
	int64_t prefill = context->values[PREFILL];
	struct bulk_test *test;

	if (!bulk_setup(context, "slabmark-bulk-test02", (size_t)prefill))
		return false;
	test = context->shared;
	if (!bulk_singles(context, test->held, prefill))
		return false;
	for (int64_t i = 0; i < prefill; i += 2) {
		kmem_cache_free(test->cache, test->held[i]);
		test->held[i] = NULL;
	}
	return true;
}

BODY test02(struct workload_context *context, int64_t count, const bool is_checked)
{
	struct bulk_test *test = context->shared;
	int64_t bulk = context->values[BULK];
	bool is_good = true;

	for (int64_t done = 0; is_good && done < count; done += bulk) {
		if (!kmem_cache_alloc_bulk(test->cache, GFP_KERNEL, (size_t)bulk, test->objects))
			return workload_out_of_memory(context, context->values[SIZE]);
		bulk_touch(test->objects, bulk);
		is_good = !is_checked || bulk_check(context, test->objects, bulk);
		kmem_cache_free_bulk(test->cache, (size_t)bulk, test->objects);
	}
	return is_good;
}
WORKLOAD_BODIES(test02)

static void test02_report(const struct workload_context *contexts, struct workload_report *report)
{
	bulk_classic(contexts, report, "kmem bulk prefill", contexts->values[BULK]);
}

static void test02_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	int64_t bulk = values[BULK];
	int64_t left = values[PREFILL] / 2;

	(void)counts;
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = left + bulk,
		.live_max = left + bulk,
		.size_min = values[SIZE],
		.size_max = values[SIZE],
		.is_by_cache = true};
}

const struct workload workload_slab_bulk_test02 = {
	.name = "slab-bulk-test02",
	.summary = "One thread allocates and frees many objects a call while slabs are half full.",
	.stresses = "refill from partly full slabs; the prefilled objects keep them",
	.published = "slab_bulk_test02 by J. D. Brouer (netoptimizer/prototype-kernel kernel/mm)",
	.relations = RELATIONS_ALONE,
	.roles = {ROLE_ALONE},
	.parameters = {[SIZE] = BULK_PARAMETER_SIZE,
		[BULK] = BULK_PARAMETER_COUNT,
		[PREFILL] = PARAMETER_QUIET("prefill",
			"objects made before the loop; every second one is freed again", "objects",
			4096, 0, 10000000)},
	.operations = bulk_operations,
	.setup = test02_setup,
	.run = test02_run,
	.verify = test02_verify,
	.teardown = bulk_teardown,
	.report = test02_report,
	.promise = test02_promise,
};
