// SPDX-License-Identifier: GPL-2.0-or-later
// What a constructor costs, and cold starts. Both make slabs anew in every round, for that is when
// constructors run: a round allocates objects, frees them and gives all slabs back (ctor), or makes
// the cache, allocates, frees and destroys the cache (cold-start). One operation is one object.
#include <string.h>

#include "burst.h"

enum { SIZE = BURST_SIZE, OBJECTS = BURST_OBJECTS, KIND };
enum kind { NO_CTOR, CTOR_WORD, CTOR_WHOLE };

static const char *const kinds[] = {"none", "word", "whole", NULL};

// A constructor is told the object alone: the size is that of the one benchmark that runs.
static size_t constructed_size; // written by the setups

static void word_construct(void *object)
{
	*(volatile char *)object = 0;
}

static void whole_construct(void *object)
{
	memset(object, 0, constructed_size);
}

static struct kmem_cache *cache_make(struct workload_context *context, const char *name)
{
	static void (*const ctors[])(void *) = {NULL, word_construct, whole_construct};
	unsigned size = (unsigned)context->values[SIZE];
	// Never merged, as rows_setup() does it.
	struct kmem_cache *cache =
		kmem_cache_create_usercopy(name, size, 0, 0, 0, size, ctors[context->values[KIND]]);

	if (!cache)
		workload_out_of_memory(context, (size_t)context->values[SIZE]);
	return cache;
}

static bool rows_make(struct workload_context *context)
{
	constructed_size = (size_t)context->values[SIZE];
	return rows_setup(context, NULL, 0, (size_t)context->values[OBJECTS]);
}

// ---- ctor

static bool ctor_setup(struct workload_context *context)
{
	if (!rows_make(context))
		return false;
	rows_of(context)->cache = context->cache = cache_make(context, "slabmark-ctor");
	return context->cache != NULL;
}

BODY ctor(struct workload_context *context, int64_t count, const bool is_checked)
{
	for (int64_t done = 0; done < count; done += context->values[OBJECTS]) {
		if (!burst_do(context, is_checked))
			return false;
		kmem_cache_shrink(rows_of(context)->cache);
	}
	return true;
}
WORKLOAD_BODIES(ctor)

const struct workload workload_ctor = {
	.name = "ctor",
	.summary = "One thread allocates objects of new slabs, whose constructor runs for each.",
	.stresses = "constructors: what they cost when slabs are made, beside none",
	.published = "J. Bonwick, \"The Slab Allocator\" (USENIX 1994), section 2: object caching",
	.relations = RELATIONS_ALONE,
	.roles = {ROLE_ALONE},
	.parameters = {[SIZE] = PARAMETER_OBJECT_SIZE,
		[OBJECTS] = PARAMETER_QUIET("objects", "of a round", "objects", 1000, 1, 1000000),
		[KIND] = PARAMETER_WORD("ctor",
			"what the constructor writes: nothing (there is "
			"none), a byte, or the whole object",
			kinds, CTOR_WORD, CTOR_WHOLE)},
	.operations = burst_operations,
	.setup = ctor_setup,
	.thread_start = rows_thread_start,
	.run = ctor_run,
	.verify = ctor_verify,
	.thread_end = rows_thread_end,
	.teardown = rows_teardown,
	.promise = burst_promise,
};

// ---- cold start

BODY life(struct workload_context *context, const bool is_checked)
{
	struct kmem_cache *cache = cache_make(context, "slabmark-cold-start");
	bool is_good = cache && burst_make(context, cache, is_checked);

	is_good = cache && burst_free(context, cache, is_checked) && is_good;
	kmem_cache_destroy(cache);
	return is_good;
}

BODY cold_start(struct workload_context *context, int64_t count, const bool is_checked)
{
	for (int64_t done = 0; done < count; done += context->values[OBJECTS])
		if (!life(context, is_checked))
			return false;
	return true;
}
WORKLOAD_BODIES(cold_start)

const struct workload workload_cold_start = {
	.name = "cold-start",
	.summary = "One thread makes a cache, allocates its first objects and destroys it.",
	.stresses = "a cache's first objects: its own making, first slabs, empty arrays",
	.published = "M. Gorman, \"Understanding the Linux Virtual Memory Manager\" (2004), 8.1.4: "
		     "cache creation",
	.relations = RELATIONS_ALONE,
	.roles = {ROLE_ALONE},
	.parameters = {[SIZE] = PARAMETER_OBJECT_SIZE,
		[OBJECTS] =
			PARAMETER_QUIET("objects", "of a cache's life", "objects", 100, 1, 1000000),
		[KIND] = {.name = "ctor",
			.summary = "what the constructor writes",
			.unit = "",
			.initial = NO_CTOR,
			.maximum = CTOR_WHOLE,
			.value_names = kinds,
			.is_named_if_changed = true}},
	.operations = burst_operations,
	.setup = rows_make,
	.thread_start = rows_thread_start,
	.run = cold_start_run,
	.verify = cold_start_verify,
	.thread_end = rows_thread_end,
	.teardown = rows_teardown,
	.promise = burst_promise,
};
