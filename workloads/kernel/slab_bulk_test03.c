// SPDX-License-Identifier: GPL-2.0-or-later
// slab_bulk_test03: objects are freed by one call in runs of `nmatch` from one page each, and as many
// are allocated. The setup arranges prefilled objects by page; the loop frees a piece of them and
// allocates into it. One operation is one object.
#include <stdlib.h>

#include "bulk_test.h"

enum { SIZE = BULK_SIZE, BULK = BULK_COUNT, PREFILL, MATCH };

static bool test03_check(const int64_t *values, const char **why)
{
	*why = "prefill must be a multiple of bulk";
	return values[PREFILL] % values[BULK] == 0;
}

static int by_address(const void *a, const void *b)
{
	uintptr_t one = (uintptr_t) * (void *const *)a;
	uintptr_t other = (uintptr_t) * (void *const *)b;

	return (one > other) - (one < other);
}

static int64_t greatest_divisor(int64_t left, int64_t right)
{
	return right == 0 ? left : greatest_divisor(right, left % right);
}

// About half of a number, without a common divisor with it.
static int64_t stride_of(int64_t runs)
{
	int64_t stride = runs > 2 ? runs / 2 : 1;

	while (greatest_divisor(runs, stride) != 1)
		stride--;
	return stride;
}

// Moves the objects, sorted by address, so that runs of `match` from one place are followed by runs
// from far away: each run comes from about half of the list further on than the one before it.
static bool arrange(void **objects, int64_t count, int64_t match)
{
	int64_t runs = count / match;
	void **sorted = (void **)calloc((size_t)count, sizeof(void *));

	if (!sorted)
		return false;
	qsort((void *)objects, (size_t)count, sizeof(void *), by_address);
	for (int64_t i = 0; i < count; i++)
		sorted[i] = objects[i];
	int64_t stride = stride_of(runs);
	for (int64_t i = 0; i < runs; i++)
		for (int64_t j = 0; j < match; j++)
			objects[i * match + j] = sorted[(i * stride % runs) * match + j];
	free((void *)sorted);
	return true;
}

static bool test03_setup(struct workload_context *context)
{
	int64_t prefill = context->values[PREFILL];
	struct bulk_test *test;

	if (!bulk_setup(context, "slabmark-bulk-test03", (size_t)prefill))
		return false;
	test = context->shared;
	return bulk_singles(context, test->held, prefill) &&
	       (arrange(test->held, prefill, context->values[MATCH]) ||
		       workload_fail(context, "no memory to arrange the objects"));
}

// The piece that is next; each piece of the row has its turn.
static inline void **piece_next(const struct workload_context *context, struct bulk_test *test)
{
	size_t at = test->at;

	test->at += (size_t)context->values[BULK];
	if (test->at == test->held_count)
		test->at = 0;
	return &test->held[at];
}

BODY test03(struct workload_context *context, int64_t count, const bool is_checked)
{
	struct bulk_test *test = context->shared;
	int64_t bulk = context->values[BULK];

	for (int64_t done = 0; done < count; done += bulk) {
		void **piece = piece_next(context, test);

		kmem_cache_free_bulk(test->cache, (size_t)bulk, piece);
		if (!kmem_cache_alloc_bulk(test->cache, GFP_KERNEL, (size_t)bulk, piece)) {
			for (int64_t i = 0; i < bulk; i++)
				piece[i] = NULL;
			return workload_out_of_memory(context, context->values[SIZE]);
		}
		bulk_touch(piece, bulk);
		if (is_checked && !bulk_check(context, piece, bulk))
			return false;
	}
	return true;
}
WORKLOAD_BODIES(test03)

static void test03_report(const struct workload_context *contexts, struct workload_report *report)
{
	bulk_classic(contexts, report, "kmem bulk page match", contexts->values[BULK]);
}

static void test03_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	(void)counts;
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = values[PREFILL],
		.live_max = values[PREFILL],
		.size_min = values[SIZE],
		.size_max = values[SIZE],
		.is_by_cache = true};
}

const struct workload workload_slab_bulk_test03 = {
	.name = "slab-bulk-test03",
	.summary = "One thread frees many objects a call, in runs from one page, and allocates as "
		   "many.",
	.stresses = "returning objects of several slabs by one call",
	.published = "slab_bulk_test03 by J. D. Brouer (netoptimizer/prototype-kernel kernel/mm)",
	.relations = RELATIONS_ALONE,
	.roles = {ROLE_ALONE},
	.parameters = {[SIZE] = BULK_PARAMETER_SIZE,
		[BULK] = BULK_PARAMETER_COUNT,
		[PREFILL] = PARAMETER_QUIET("prefill", "objects alive, a multiple of bulk",
			"objects", 4096, 1, 10000000),
		[MATCH] = PARAMETER_QUIET(
			"nmatch", "objects from one page in a row", "objects", 4, 1, 4096)},
	.check = test03_check,
	.operations = bulk_operations,
	.setup = test03_setup,
	.run = test03_run,
	.verify = test03_verify,
	.teardown = bulk_teardown,
	.report = test03_report,
	.promise = test03_promise,
};
