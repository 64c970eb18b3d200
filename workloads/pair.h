// SPDX-License-Identifier: GPL-2.0-or-later
// What the workloads of pairs share: the shortest life of an object, allocated and freed at once,
// again and again.
#ifndef WORKLOADS_PAIR_H
#define WORKLOADS_PAIR_H

#include <slab/slab.h>

#include "pattern.h"
#include "workload.h"

enum { PAIR_SIZE }; // the parameters

#define PAIR_PARAMETERS                                                                            \
	{                                                                                          \
		[PAIR_SIZE] = PARAMETER_OBJECT_SIZE                                                \
	}

static inline bool pair_setup(struct workload_context *context)
{
	context->shared = context->cache = kmem_cache_create(
		"slabmark-pair", (unsigned)context->values[PAIR_SIZE], 0, 0, NULL);
	return context->shared || workload_out_of_memory(context, context->values[PAIR_SIZE]);
}

static inline void pair_teardown(void *shared)
{
	kmem_cache_destroy(shared);
}

// The arguments after count are constants, so that each workload's loop has its own call and no
// trace of the checks.
static inline __attribute__((always_inline)) bool pairs(struct workload_context *context,
	int64_t count, const bool frees_by_address, const bool is_checked)
{
	struct kmem_cache *cache = context->shared;
	size_t size = context->values[PAIR_SIZE];

	for (int64_t i = 0; i < count; i++) {
		void *object = kmem_cache_alloc(cache, GFP_KERNEL);

		if (!object)
			return workload_out_of_memory(context, size);
		// One write, as a user does it: a compiler can fold a pair that touches nothing.
		*(volatile char *)object = 1;
		if (is_checked &&
			(!pattern_write(context, object, size, kmem_cache_size(cache),
				 pattern_tag(context, i)) ||
				!pattern_check(context, object, size, pattern_tag(context, i))))
			return false;
		if (frees_by_address)
			kfree(object);
		else
			kmem_cache_free(cache, object);
	}
	return true;
}

static inline void pair_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = 1,
		.live_max = counts[0],
		.size_min = values[PAIR_SIZE],
		.size_max = values[PAIR_SIZE],
		.is_by_cache = true};
}

#endif
