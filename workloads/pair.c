// SPDX-License-Identifier: GPL-2.0-or-later
// The shortest life of an object: allocated and freed at once, by one thread, again and again. The
// per-CPU array serves every call, so this is the fast path and nothing else.
#include <slab/slab.h>

#include "pattern.h"
#include "workload.h"

enum { SIZE };

static bool pair_setup(struct workload_context *context)
{
	context->shared =
		kmem_cache_create("slabmark-pair", (unsigned)context->values[SIZE], 0, 0, NULL);
	return context->shared || workload_out_of_memory(context, context->values[SIZE]);
}

static inline __attribute__((always_inline)) bool pairs(
	struct workload_context *context, int64_t count, const bool is_checked)
{
	struct kmem_cache *cache = context->shared;
	size_t size = context->values[SIZE];
	for (int64_t i = 0; i < count; i++) {
		void *object = kmem_cache_alloc(cache, GFP_KERNEL);
		if (!object)
			return workload_out_of_memory(context, size);
		// One write, as its user would: a pair that touches nothing can be folded away.
		*(volatile char *)object = 1;
		if (is_checked &&
			(!pattern_write(context, object, size, kmem_cache_size(cache), i) ||
				!pattern_check(context, object, size, i)))
			return false;
		kmem_cache_free(cache, object);
	}
	return true;
}

static bool pair_run(struct workload_context *context, int64_t count)
{
	return pairs(context, count, false);
}

static bool pair_verify(struct workload_context *context, int64_t count)
{
	return pairs(context, count, true);
}

static void pair_teardown(void *shared)
{
	kmem_cache_destroy(shared);
}

const struct workload workload_pair = {
	.name = "pair",
	.summary = "One thread allocates an object and frees it at once.",
	.stresses = "the fast path: one entry of the per-CPU array, back and forth",
	.published =
		"slab_test.c by C. Lameter (kmalloc/kfree pairs); netoptimizer/prototype-kernel",
	.relations = RELATION_BIT(RELATION_ALONE),
	.threads_per_operation = 1,
	.roles = {{"worker", 1}},
	.parameters = {[SIZE] = {.name = "size",
			       .summary = "size of an object",
			       .unit = "bytes",
			       .initial = 192,
			       .minimum = 8,
			       .maximum = 65536}},
	.setup = pair_setup,
	.run = pair_run,
	.verify = pair_verify,
	.teardown = pair_teardown,
};
