// SPDX-License-Identifier: GPL-2.0-or-later
// Bursts on one cache: a thread allocates its row of objects, then frees it in a drawn order. What the
// workloads here differ in is the cache, and what is done between bursts.
#ifndef WORKLOADS_SLAB_BURST_H
#define WORKLOADS_SLAB_BURST_H

#include "workloads/parts/parameter.h"
#include "workloads/parts/rows.h"

enum { BURST_SIZE, BURST_OBJECTS }; // the parameters that they begin with

static inline int64_t burst_operations(const int64_t *values)
{
	return values[BURST_OBJECTS];
}

BODY burst_make(struct workload_context *context, struct kmem_cache *cache, const bool is_checked)
{
	struct item *row = row_of(context);

	for (int64_t i = 0; i < context->values[BURST_OBJECTS]; i++)
		if (!item_make(context, cache, &row[i], (size_t)context->values[BURST_SIZE],
			    is_checked))
			return false;
	return true;
}

BODY burst_free(struct workload_context *context, struct kmem_cache *cache, const bool is_checked)
{
	struct item *row = row_of(context);
	bool is_good = true;

	for (int64_t i = 0; i < context->values[BURST_OBJECTS]; i++)
		is_good = item_free(context, cache, &row[i], is_checked) && is_good;
	return is_good;
}

// One burst of the rows' cache.
BODY burst_do(struct workload_context *context, const bool is_checked)
{
	struct kmem_cache *cache = rows_of(context)->cache;

	return burst_make(context, cache, is_checked) && burst_free(context, cache, is_checked);
}

static inline void burst_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = values[BURST_OBJECTS],
		.live_max = values[BURST_OBJECTS] * counts[0],
		.size_min = values[BURST_SIZE],
		.size_max = values[BURST_SIZE],
		.is_by_cache = true};
}

#endif
