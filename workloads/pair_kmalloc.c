// SPDX-License-Identifier: GPL-2.0-or-later
// A pair of kmalloc and kfree of a size that no compiler knows. Beside `pair` it shows what it costs to
// find the cache twice: by the size, and by the address.
#include "pair.h"

static bool kmalloc_setup(struct workload_context *context)
{
	context->shared = NULL;
	return true;
}

static void kmalloc_teardown(void *shared)
{
	(void)shared;
}

static inline __attribute__((always_inline)) bool kmalloc_pairs(
	struct workload_context *context, int64_t count, const bool is_checked)
{
	size_t size = context->values[PAIR_SIZE];

	for (int64_t i = 0; i < count; i++) {
		void *object = kmalloc(size, GFP_KERNEL);

		if (!object)
			return workload_out_of_memory(context, size);
		*(volatile char *)object = 1;
		if (is_checked &&
			(!pattern_write(
				 context, object, size, ksize(object), pattern_tag(context, i)) ||
				!pattern_check(context, object, size, pattern_tag(context, i))))
			return false;
		kfree(object);
	}
	return true;
}

static bool pair_kmalloc_run(struct workload_context *context, int64_t count)
{
	return kmalloc_pairs(context, count, false);
}

static bool pair_kmalloc_verify(struct workload_context *context, int64_t count)
{
	return kmalloc_pairs(context, count, true);
}

static void kmalloc_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	pair_promise(values, counts, promise);
	promise->is_by_cache = false;
}

const struct workload workload_pair_kmalloc = {
	.name = "pair-kmalloc",
	.summary = "Each thread allocates an object by kmalloc() and frees it at once by kfree().",
	.stresses = "the way from a size to its cache, and from an address to it",
	.published = "slab_test.c by C. Lameter (kmalloc/kfree pairs)",
	.relations = RELATION_BIT(RELATION_ALONE),
	.roles = {ROLE_WORKERS(1)},
	.parameters = PAIR_PARAMETERS,
	.setup = kmalloc_setup,
	.run = pair_kmalloc_run,
	.verify = pair_kmalloc_verify,
	.teardown = kmalloc_teardown,
	.promise = kmalloc_promise,
};
