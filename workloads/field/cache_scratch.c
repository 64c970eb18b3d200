// SPDX-License-Identifier: GPL-2.0-or-later
// Hoard's cache-scratch and cache-thrash: threads that write to small objects of their own, again
// and again. Where an allocator gives objects of one line to several threads, they slow each other
// down. thrash: the allocator does so by itself (active false sharing). scratch: the first thread
// made an object for each, which the others free before they begin, so that an allocator that uses
// them again hands one line to all (passive). One operation is an object made, written to and freed.
#include <stdlib.h>

#include "workloads/parts/parameter.h"
#include "workloads/parts/rows.h"

enum { SIZE, REPETITIONS };

struct scratch {
	struct kmem_cache *cache;
	void **first; // scratch: made by the first thread, for each
	unsigned threads;
};

static int64_t one_at_a_time(const int64_t *values)
{
	(void)values;
	return 1;
}

static bool state_make(struct workload_context *context, const char *name)
{
	struct scratch *scratch = calloc(1, sizeof(*scratch));

	context->shared = scratch;
	if (!scratch)
		return workload_fail(context, "no memory for the workload's state");
	scratch->threads = context->threads;
	scratch->first = (void **)calloc(context->threads, sizeof(void *));
	scratch->cache = context->cache =
		kmem_cache_create(name, (unsigned)context->values[SIZE], 0, 0, NULL);
	return scratch->first && scratch->cache
		       ? true
		       : workload_out_of_memory(context, (size_t)context->values[SIZE]);
}

static bool thrash_setup(struct workload_context *context)
{
	return state_make(context, "slabmark-cache-thrash");
}

static bool scratch_setup(struct workload_context *context)
{
	struct scratch *scratch;

	if (!state_make(context, "slabmark-cache-scratch"))
		return false;
	scratch = context->shared;
	for (unsigned i = 0; i < context->threads; i++) {
		scratch->first[i] = kmem_cache_alloc(scratch->cache, GFP_KERNEL);
		if (!scratch->first[i])
			return workload_out_of_memory(context, (size_t)context->values[SIZE]);
	}
	return true;
}

// The thread frees the object that was made for it. Only the first loop has one.
static bool scratch_thread_start(struct workload_context *context)
{
	struct scratch *scratch = context->shared;
	void **first = &scratch->first[context->thread];

	if (*first)
		kmem_cache_free(scratch->cache, *first);
	*first = NULL;
	return true;
}

static void state_teardown(void *shared)
{
	struct scratch *scratch = shared;

	if (!scratch)
		return;
	for (unsigned i = 0; scratch->first && i < scratch->threads; i++)
		if (scratch->first[i])
			kmem_cache_free(scratch->cache, scratch->first[i]);
	kmem_cache_destroy(scratch->cache);
	free((void *)scratch->first);
	free(scratch);
}

// So many writes, to one byte after the other.
static inline void scribble(char *object, int64_t size, int64_t writes)
{
	for (int64_t i = 0; i < writes; i += size)
		for (int64_t j = 0; j < size; j++) {
			volatile char *byte = &object[j];

			*byte = (char)(*byte + 1);
		}
}

BODY scratch(struct workload_context *context, int64_t count, const bool is_checked)
{
	struct kmem_cache *cache = ((struct scratch *)context->shared)->cache;
	int64_t size = context->values[SIZE];
	int64_t writes = context->values[REPETITIONS] / context->threads;

	for (int64_t i = 0; i < count; i++) {
		struct item item;

		if (!item_make(context, cache, &item, (size_t)size, is_checked))
			return false;
		if (!is_checked)
			scribble(item.object, size, writes);
		if (!item_free(context, cache, &item, is_checked))
			return false;
	}
	return true;
}
WORKLOAD_BODIES(scratch)

static void scratch_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = 1,
		.live_max = counts[0],
		.size_min = values[SIZE],
		.size_max = values[SIZE],
		.is_by_cache = true};
}

#define SCRATCH_PARAMETERS                                                                         \
	{                                                                                          \
		[SIZE] = PARAMETER("size", "size of an object", "bytes", 8, 8, 65536),             \
		[REPETITIONS] =                                                                    \
			PARAMETER_QUIET("repetitions", "writes to an object, times the threads",   \
				"writes", 2000000, 1, 1000000000)                                  \
	}

const struct workload workload_cache_scratch = {
	.name = "cache-scratch",
	.summary = "Threads write to small objects that the first thread made beside each other.",
	.stresses = "passive false sharing: objects of one line that were freed by several threads",
	.published =
		"Berger et al., \"Hoard\" (ASPLOS 2000); mimalloc-bench cache-scratch N 1000 1 "
		"2000000 N (there objects of 1 byte)",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = SCRATCH_PARAMETERS,
	.operations = one_at_a_time,
	.setup = scratch_setup,
	.thread_start = scratch_thread_start,
	.run = scratch_run,
	.verify = scratch_verify,
	.teardown = state_teardown,
	.promise = scratch_promise,
};

const struct workload workload_cache_thrash = {
	.name = "cache-thrash",
	.summary = "Threads allocate small objects, write to them and free them.",
	.stresses = "active false sharing: objects of one line handed to several threads",
	.published = "Berger et al., \"Hoard\" (ASPLOS 2000); mimalloc-bench cache-thrash N 1000 1 "
		     "2000000 N (there objects of 1 byte)",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = SCRATCH_PARAMETERS,
	.operations = one_at_a_time,
	.setup = thrash_setup,
	.run = scratch_run,
	.verify = scratch_verify,
	.teardown = state_teardown,
	.promise = scratch_promise,
};
