// SPDX-License-Identifier: GPL-2.0-or-later
// slab_bulk_test01: the calls for many objects beside single calls, and beside a loop that does
// nothing. One operation is one object.
#include "bulk_test.h"

enum { SIZE = BULK_SIZE, BULK = BULK_COUNT, ARM };
enum arm { FOR_LOOP, FASTPATH_REUSE, BULK_FALLBACK, BULK_QUICK_REUSE };

static const char *const arms[] = {[FOR_LOOP] = "for_loop",
	[FASTPATH_REUSE] = "fastpath_reuse",
	[BULK_FALLBACK] = "bulk_fallback",
	[BULK_QUICK_REUSE] = "bulk_quick_reuse",
	NULL};
static const char *const arm_titles[] = {[FOR_LOOP] = "for_loop",
	[FASTPATH_REUSE] = "kmem fastpath reuse",
	[BULK_FALLBACK] = "kmem bulk_fallback",
	[BULK_QUICK_REUSE] = "kmem bulk_quick_reuse"};

static bool test01_setup(struct workload_context *context)
{
	return bulk_setup(context, "slabmark-bulk-test01", 0);
}

// What the loops themselves cost: the compiler may not leave the loop out.
BODY for_loop(int64_t count)
{
	for (int64_t i = 0; i < count; i++)
		__asm__ volatile("" : : "r"(i) : "memory");
	return true;
}

BODY fastpath_reuse(struct workload_context *context, int64_t count, const bool is_checked)
{
	struct bulk_test *test = context->shared;

	for (int64_t i = 0; i < count; i++) {
		void *object = kmem_cache_alloc(test->cache, GFP_KERNEL);
		bool is_good = object && (!is_checked || bulk_check(context, &object, 1));

		if (!object)
			return workload_out_of_memory(context, context->values[SIZE]);
		*(volatile char *)object = 1;
		kmem_cache_free(test->cache, object);
		if (!is_good)
			return false;
	}
	return true;
}

BODY bulk_fallback(struct workload_context *context, int64_t bulk, const bool is_checked)
{
	struct bulk_test *test = context->shared;

	if (!bulk_singles(context, test->objects, bulk))
		return false;
	bulk_touch(test->objects, bulk);
	bool is_good = !is_checked || bulk_check(context, test->objects, bulk);
	for (int64_t i = 0; i < bulk; i++)
		kmem_cache_free(test->cache, test->objects[i]);
	return is_good;
}

BODY bulk_quick_reuse(struct workload_context *context, int64_t bulk, const bool is_checked)
{
	struct bulk_test *test = context->shared;

	if (!kmem_cache_alloc_bulk(test->cache, GFP_KERNEL, (size_t)bulk, test->objects))
		return workload_out_of_memory(context, context->values[SIZE]);
	bulk_touch(test->objects, bulk);
	bool is_good = !is_checked || bulk_check(context, test->objects, bulk);
	kmem_cache_free_bulk(test->cache, (size_t)bulk, test->objects);
	return is_good;
}

BODY test01(struct workload_context *context, int64_t count, const bool is_checked)
{
	int64_t bulk = context->values[BULK];
	int64_t arm = context->values[ARM];
	bool is_good = true;

	if (arm == FOR_LOOP)
		return for_loop(count);
	if (arm == FASTPATH_REUSE)
		return fastpath_reuse(context, count, is_checked);
	for (int64_t done = 0; is_good && done < count; done += bulk)
		is_good = arm == BULK_FALLBACK ? bulk_fallback(context, bulk, is_checked)
					       : bulk_quick_reuse(context, bulk, is_checked);
	return is_good;
}
WORKLOAD_BODIES(test01)

static void test01_report(const struct workload_context *contexts, struct workload_report *report)
{
	int64_t arm = contexts->values[ARM];

	bulk_classic(contexts, report, arm_titles[arm],
		arm == BULK_FALLBACK || arm == BULK_QUICK_REUSE ? contexts->values[BULK] : 0);
}

static void test01_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	int64_t live = values[ARM] == FOR_LOOP         ? 0
		       : values[ARM] == FASTPATH_REUSE ? 1
						       : values[BULK];

	(void)counts;
	*promise = (struct workload_promise){.allocations = values[ARM] == FOR_LOOP ? 0 : 1,
		.live_min = live,
		.live_max = live,
		.size_min = values[SIZE],
		.size_max = values[SIZE],
		.is_by_cache = true};
}

const struct workload workload_slab_bulk_test01 = {
	.name = "slab-bulk-test01",
	.summary = "One thread allocates and frees objects by one call for many, or one by one.",
	.stresses = "the calls for many objects, beside single calls and a loop of nothing",
	.published = "slab_bulk_test01 by J. D. Brouer (netoptimizer/prototype-kernel kernel/mm); "
		     "there 256 bytes",
	.relations = RELATIONS_ALONE,
	.roles = {ROLE_ALONE},
	.parameters = {[SIZE] = BULK_PARAMETER_SIZE,
		[BULK] = BULK_PARAMETER_COUNT,
		[ARM] = PARAMETER_WORD("arm", "what is measured, by the original's names", arms,
			BULK_QUICK_REUSE, BULK_QUICK_REUSE)},
	.operations = bulk_operations,
	.setup = test01_setup,
	.run = test01_run,
	.verify = test01_verify,
	.teardown = bulk_teardown,
	.report = test01_report,
	.promise = test01_promise,
};
