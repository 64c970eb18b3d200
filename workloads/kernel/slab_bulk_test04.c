// SPDX-License-Identifier: GPL-2.0-or-later
// slab_bulk_test04 and 05. 04 exhausts: calls for many objects until far more are alive than arrays
// and partly full slabs hold, then calls that free them all. 05: objects of kmalloc(), freed by
// kfree_bulk(), which finds each one's cache. One operation is one object.
#include "bulk_test.h"

enum { SIZE = BULK_SIZE, BULK = BULK_COUNT, EXHAUST };

// ---- 04

static bool test04_check(const int64_t *values, const char **why)
{
	*why = "exhaust must be a multiple of bulk";
	return values[EXHAUST] % values[BULK] == 0;
}

static int64_t test04_operations(const int64_t *values)
{
	return values[EXHAUST];
}

static bool test04_setup(struct workload_context *context)
{
	return bulk_setup(context, "slabmark-bulk-test04", (size_t)context->values[EXHAUST]);
}

BODY exhaust(struct workload_context *context, const bool is_checked)
{
	struct bulk_test *test = context->shared;
	int64_t bulk = context->values[BULK];
	int64_t made = 0;
	bool is_good = true;

	for (; is_good && made < context->values[EXHAUST]; made += is_good ? bulk : 0) {
		void **piece = &test->held[made];

		is_good = kmem_cache_alloc_bulk(test->cache, GFP_KERNEL, (size_t)bulk, piece) ||
			  workload_out_of_memory(context, context->values[SIZE]);
		if (is_good)
			bulk_touch(piece, bulk);
	}
	is_good = is_good && (!is_checked || bulk_check(context, test->held, made));
	for (int64_t i = 0; i < made; i += bulk)
		kmem_cache_free_bulk(test->cache, (size_t)bulk, &test->held[i]);
	for (int64_t i = 0; i < context->values[EXHAUST]; i++)
		test->held[i] = NULL;
	return is_good;
}

BODY test04(struct workload_context *context, int64_t count, const bool is_checked)
{
	for (int64_t done = 0; done < count; done += context->values[EXHAUST])
		if (!exhaust(context, is_checked))
			return false;
	return true;
}
WORKLOAD_BODIES(test04)

static void test04_report(const struct workload_context *contexts, struct workload_report *report)
{
	bulk_classic(contexts, report, "kmem bulk exhaust", contexts->values[BULK]);
}

static void test04_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	(void)counts;
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = values[EXHAUST],
		.live_max = values[EXHAUST],
		.size_min = values[SIZE],
		.size_max = values[SIZE],
		.is_by_cache = true};
}

const struct workload workload_slab_bulk_test04 = {
	.name = "slab-bulk-test04",
	.summary = "One thread allocates many objects a call until slabs are exhausted, then frees "
		   "all.",
	.stresses = "new slabs for calls for many objects, and slabs that become free",
	.published = "slab_bulk_test04_exhaust_mem by J. D. Brouer "
		     "(netoptimizer/prototype-kernel kernel/mm)",
	.relations = RELATIONS_ALONE,
	.roles = {ROLE_ALONE},
	.parameters = {[SIZE] = BULK_PARAMETER_SIZE,
		[BULK] = BULK_PARAMETER_COUNT,
		[EXHAUST] = PARAMETER_QUIET("exhaust",
			"objects before the first is freed, a multiple of bulk", "objects", 8192, 1,
			10000000)},
	.check = test04_check,
	.operations = test04_operations,
	.setup = test04_setup,
	.run = test04_run,
	.verify = test04_verify,
	.teardown = bulk_teardown,
	.report = test04_report,
	.promise = test04_promise,
};

// ---- 05

static bool test05_setup(struct workload_context *context)
{
	return bulk_setup(context, NULL, 0);
}

BODY kmallocs(struct workload_context *context, int64_t bulk, const bool is_checked)
{
	struct bulk_test *test = context->shared;
	int64_t made = 0;

	for (; made < bulk; made++) {
		test->objects[made] = kmalloc((size_t)context->values[SIZE], GFP_KERNEL);
		if (!test->objects[made])
			break;
	}
	bulk_touch(test->objects, made);
	bool is_good = made == bulk ? !is_checked || bulk_check(context, test->objects, bulk)
				    : workload_out_of_memory(context, context->values[SIZE]);
	kfree_bulk((size_t)made, test->objects);
	return is_good;
}

BODY test05(struct workload_context *context, int64_t count, const bool is_checked)
{
	int64_t bulk = context->values[BULK];

	for (int64_t done = 0; done < count; done += bulk)
		if (!kmallocs(context, bulk, is_checked))
			return false;
	return true;
}
WORKLOAD_BODIES(test05)

static void test05_report(const struct workload_context *contexts, struct workload_report *report)
{
	bulk_classic(contexts, report, "kfree_bulk", contexts->values[BULK]);
}

static void test05_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	(void)counts;
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = values[BULK],
		.live_max = values[BULK],
		.size_min = values[SIZE],
		.size_max = values[SIZE]};
}

const struct workload workload_slab_bulk_test05 = {
	.name = "slab-bulk-test05",
	.summary = "One thread allocates objects by kmalloc and frees many a call by kfree_bulk.",
	.stresses = "finding each object's cache within one call",
	.published = "slab_bulk_test05_kfree_bulk by J. D. Brouer "
		     "(netoptimizer/prototype-kernel kernel/mm)",
	.relations = RELATIONS_ALONE,
	.roles = {ROLE_ALONE},
	.parameters = {[SIZE] = BULK_PARAMETER_SIZE, [BULK] = BULK_PARAMETER_COUNT},
	.operations = bulk_operations,
	.setup = test05_setup,
	.run = test05_run,
	.verify = test05_verify,
	.teardown = bulk_teardown,
	.report = test05_report,
	.promise = test05_promise,
};
