// SPDX-License-Identifier: GPL-2.0-or-later
// What the workloads of many objects at a time share: their first two parameters, and an array of
// pointers a thread.
#ifndef WORKLOADS_OBJECTS_H
#define WORKLOADS_OBJECTS_H

#include <slab/slab.h>
#include <stdlib.h>

#include "workload.h"

enum { OBJECTS_SIZE, OBJECTS_COUNT }; // the parameters: bytes of each, and how many at a time

// A multiple of the objects at a time, so that no batch is cut.
static inline int64_t objects_operations(const int64_t *values)
{
	int64_t times = OPERATIONS_PER_RUN / values[OBJECTS_COUNT];

	return values[OBJECTS_COUNT] * (times > 0 ? times : 1);
}

static inline bool objects_setup(struct workload_context *context, const char *cache)
{
	context->shared = context->cache =
		kmem_cache_create(cache, (unsigned)context->values[OBJECTS_SIZE], 0, 0, NULL);
	return context->shared || workload_out_of_memory(context, context->values[OBJECTS_SIZE]);
}

static inline bool objects_thread_start(struct workload_context *context)
{
	context->own = calloc(context->values[OBJECTS_COUNT], sizeof(void *));
	return context->own || workload_fail(context, "no memory for the objects' pointers");
}

static inline void objects_thread_end(struct workload_context *context)
{
	free(context->own);
	context->own = NULL;
}

static inline void objects_teardown(void *shared)
{
	kmem_cache_destroy(shared);
}

#endif
