// SPDX-License-Identifier: GPL-2.0-or-later
// The verbs of a trace that are about objects: allocating and freeing, one or many.
#include "inspect/verbs.h"

#include <stdlib.h>

#include "types.h"

#define GFP_TRACE (GFP_KERNEL | __GFP_NOWARN)

// ---- allocating

static void keep_object(
	struct run *run, const struct trace_operation *operation, unsigned index, void *object)
{
	run->objects[operation->ranges[0].first + index] = object;
}

static bool keep_and_print(struct run *run, const struct trace_operation *operation, void *object)
{
	keep_object(run, operation, 0, object);
	fprintf(run->output, "%s=", operation->label);
	if (object)
		state_print_place(run->output, object);
	else
		fputs("null", run->output);
	return true;
}

bool run_alloc(struct run *run, const struct trace_operation *operation)
{
	return keep_and_print(run, operation,
		kmem_cache_alloc(run_cache_of(run, operation)->cache, GFP_TRACE | operation->gfp));
}

bool run_alloc_node(struct run *run, const struct trace_operation *operation)
{
	return keep_and_print(run, operation,
		kmem_cache_alloc_node(run_cache_of(run, operation)->cache,
			GFP_TRACE | operation->gfp, operation->node));
}

bool run_alloc_bulk(struct run *run, const struct trace_operation *operation)
{
	void **objects = &run->objects[operation->ranges[0].first];
	unsigned wanted = operation->ranges[0].count;
	int count = wanted ? kmem_cache_alloc_bulk(run_cache_of(run, operation)->cache,
				     GFP_TRACE | operation->gfp, wanted, objects)
			   : 0;

	fprintf(run->output, "%s*%d", operation->label, count);
	for (int i = 0; i < count; i++) {
		fputs(" ", run->output);
		state_print_place(run->output, objects[i]);
	}
	for (unsigned i = (unsigned)count; i < wanted; i++)
		objects[i] = NULL;
	return true;
}

static bool keep_and_print_kmalloc(
	struct run *run, const struct trace_operation *operation, void *object)
{
	keep_object(run, operation, 0, object);
	fprintf(run->output, "%s=", operation->label);
	if (ZERO_OR_NULL_PTR(object))
		fputs(object ? "zero" : "null", run->output);
	else
		fprintf(run->output, "%s ksize=%zu node=%u", address_to_slab(object)->cache->name,
			ksize(object), address_to_node(object));
	return true;
}

bool run_kmalloc(struct run *run, const struct trace_operation *operation)
{
	return keep_and_print_kmalloc(
		run, operation, kmalloc(operation->size, GFP_TRACE | operation->gfp));
}

bool run_kmalloc_node(struct run *run, const struct trace_operation *operation)
{
	return keep_and_print_kmalloc(run, operation,
		kmalloc_node(operation->size, GFP_TRACE | operation->gfp, operation->node));
}

// ---- freeing

// What a label holds, and no longer does.
static void *take_object(struct run *run, unsigned index)
{
	void *object = run->objects[index];

	run->objects[index] = NULL;
	return object;
}

bool run_free(struct run *run, const struct trace_operation *operation)
{
	void *object = take_object(run, operation->ranges[0].first);

	if (!ZERO_OR_NULL_PTR(object))
		kmem_cache_free(address_to_slab(object)->cache, object);
	fputs(object ? "free" : "skip", run->output);
	return true;
}

bool run_kfree(struct run *run, const struct trace_operation *operation)
{
	void *object = take_object(run, operation->ranges[0].first);

	if (object)
		kfree(object);
	fputs(object ? "kfree" : "skip", run->output);
	return true;
}

static size_t objects_named(const struct trace_operation *operation)
{
	size_t count = 0;

	for (size_t i = 0; i < operation->ranges_count; i++)
		count += operation->ranges[i].count;
	return count;
}

// Gathers what the labels hold. kmalloc(0)'s pointer is no object.
static size_t take_objects(struct run *run, const struct trace_operation *operation, void **objects)
{
	size_t count = 0;

	for (size_t i = 0; i < operation->ranges_count; i++)
		for (unsigned j = 0; j < operation->ranges[i].count; j++) {
			void *object = take_object(run, operation->ranges[i].first + j);

			if (!ZERO_OR_NULL_PTR(object))
				objects[count++] = object;
		}
	return count;
}

static bool objects_belong(struct run *run, const struct trace_operation *operation,
	struct kmem_cache *cache, void **objects, size_t count)
{
	for (size_t i = 0; i < count && cache; i++)
		if (address_to_slab(objects[i])->cache != cache)
			return run_complain(run, operation,
				"object %zu of the list is of the cache %s, not of %s; free_bulk - "
				"takes objects of any",
				i + 1, address_to_slab(objects[i])->cache->name,
				run_cache_of(run, operation)->label);
	return true;
}

bool run_free_bulk(struct run *run, const struct trace_operation *operation)
{
	bool names_cache = operation->cache != TRACE_NO_CACHE;
	struct kmem_cache *cache = names_cache ? run_cache_of(run, operation)->cache : NULL;
	void **objects = malloc((objects_named(operation) + 1) * sizeof(*objects));
	bool is_good;
	size_t count;

	if (!objects)
		return run_complain(run, operation, "no memory left for the list of objects");
	count = take_objects(run, operation, objects);
	is_good = objects_belong(run, operation, cache, objects, count);
	if (is_good && count)
		kmem_cache_free_bulk(cache, count, objects);
	fprintf(run->output, "free_bulk %zu", count);
	free(objects);
	return is_good;
}
