// SPDX-License-Identifier: GPL-2.0-or-later
// The two loops of slab_test: a number of items allocated by kmalloc(), and freed, each timed as a
// whole.
#ifndef WORKLOADS_KERNEL_PHASE_LOOPS_H
#define WORKLOADS_KERNEL_PHASE_LOOPS_H

#include "workloads/parts/item.h"
#include "workloads/parts/parameter.h"
#include "workloads/parts/phases.h"

// The parameters that all of them begin with.
enum { LOOPS_SIZE, LOOPS_COUNT };
#define LOOPS_PARAMETERS                                                                           \
	{                                                                                          \
		[LOOPS_SIZE] = PARAMETER("size", "size of an object", "bytes", 256, 1, 4194304),   \
		[LOOPS_COUNT] = PARAMETER_QUIET("count",                                           \
			"objects a thread makes before the first is freed", "objects", 10000, 1,   \
			1000000)                                                                   \
	}

static inline int64_t loops_operations(const int64_t *values)
{
	return values[LOOPS_COUNT];
}

BODY loop_allocate(
	struct workload_context *context, struct item *items, int64_t count, const bool is_checked)
{
	size_t size = (size_t)context->values[LOOPS_SIZE];
	uint64_t begin = phase_begin(context);

	for (int64_t i = 0; i < count; i++)
		if (!item_make(context, NULL, &items[i], size, is_checked))
			return false;
	phase_end(context, begin, PHASE_ALLOC_TICKS, count);
	return true;
}

BODY loop_free(
	struct workload_context *context, struct item *items, int64_t count, const bool is_checked)
{
	uint64_t begin = phase_begin(context);

	for (int64_t i = 0; i < count; i++)
		if (!item_free(context, NULL, &items[i], is_checked))
			return false;
	phase_end(context, begin, PHASE_FREE_TICKS, count);
	return true;
}

#endif
