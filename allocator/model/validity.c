// SPDX-License-Identifier: GPL-2.0-or-later
// An independent count of a cache: every slab is walked, every free object marked, every array
// looked through. An object that is named twice, or that a slab and an array both hold, has been
// lost track of.
#include "model/validity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array/array_cache.h"
#include "host/report.h"
#include "host/topology.h"
#include "kmalloc.h"
#include "slab.h"

#define PROBLEM_BYTES 160

static __thread char problem_text[PROBLEM_BYTES];

static const char *problem(const char *what, unsigned node, unsigned long number)
{
	snprintf(problem_text, sizeof(problem_text), "node %u: %s (%lu)", node, what, number);
	return problem_text;
}

// Marks of one slab's objects: free by its freelist, or in an array.
struct marks {
	const struct slab *slab;
	bool is_free[SLAB_OBJECTS_MAX];
	struct marks *next;
};

static const char *mark_free(struct kmem_cache *cache, struct slab *slab, struct marks *marks)
{
	if (slab->active > cache->num)
		return problem("a slab has more objects handed out than it holds", slab_node(slab),
			slab->active);
	if (slab->active == cache->num)
		return NULL;
	if (!slab->freelist)
		return problem(
			"a slab with free objects has no freelist", slab_node(slab), slab->number);
	for (unsigned i = slab->active; i < cache->num; i++) {
		unsigned index = slab->freelist[i];

		if (index >= cache->num || marks->is_free[index])
			return problem("a freelist names an object twice, or none", slab_node(slab),
				index);
		marks->is_free[index] = true;
	}
	return NULL;
}

static const char *check_array(
	struct kmem_cache *cache, const struct array_cache *array, unsigned node, struct marks *all)
{
	if (array->avail > array->limit)
		return problem("an array holds more than its limit", node, array->avail);
	for (unsigned i = 0; i < array->avail; i++) {
		void *object = array->entry[i];
		struct slab *slab = pages_contain(object) ? address_to_slab(object) : NULL;
		struct marks *marks = all;
		unsigned index;

		if (!slab || slab->cache != cache)
			return problem(
				"an array holds something that is no object of the cache", node, i);
		if (slab_node(slab) != node)
			return problem(
				"an array holds another node's object", node, slab_node(slab));
		index = object_index(cache, slab, object);
		if (index_to_object(cache, slab, index) != object)
			return problem("an array entry is not the start of an object", node, i);
		while (marks && marks->slab != slab)
			marks = marks->next;
		if (!marks)
			return problem(
				"an array holds an object of a slab that is on no list", node, i);
		if (marks->is_free[index])
			return problem("an object is in two places", node, index);
		marks->is_free[index] = true;
	}
	return NULL;
}

enum list_kind { LIST_PARTIAL, LIST_FULL, LIST_FREE };

// kfree() goes by what is kept of a page.
static bool pages_name_it(const struct kmem_cache *cache, struct slab *slab)
{
	const struct page *page = slab_page(slab);

	for (unsigned i = 0; i < 1u << cache->gfporder; i++)
		if (page_place(page)[i] != cache->cpu_quick || page[i].slab.cache != cache ||
			page[i].slab.s_mem != slab->s_mem || page[i].head != slab)
			return false;
	return true;
}

static bool belongs(const struct kmem_cache *cache, const struct slab *slab, enum list_kind kind)
{
	if (slab->active == 0)
		return kind == LIST_FREE;
	return kind == (slab->active == cache->num ? LIST_FULL : LIST_PARTIAL);
}

static const char *walk_list(struct kmem_cache *cache, unsigned node, struct cds_list_head *list,
	enum list_kind kind, struct census *census, struct marks **all)
{
	struct slab *slab;

	cds_list_for_each_entry(slab, list, list) {
		struct marks *marks = calloc(1, sizeof(*marks));
		const char *error;

		if (!marks)
			return problem("no memory to check", node, 0);
		marks->slab = slab;
		marks->next = *all;
		*all = marks;
		if (slab->cache != cache || slab_node(slab) != node)
			return problem(
				"a slab is on another cache's or node's list", node, slab->number);
		if (!belongs(cache, slab, kind))
			return problem("a slab is on the wrong list", node, slab->number);
		if (!pages_name_it(cache, slab))
			return problem(
				"a slab's page names another cache, first object or place of "
				"the arrays",
				node, slab->number);
		error = mark_free(cache, slab, marks);
		if (error)
			return error;
		census->slabs++;
		census->in_slabs += cache->num - slab->active;
	}
	return NULL;
}

static unsigned long list_length(const struct cds_list_head *list)
{
	unsigned long length = 0;

	for (const struct cds_list_head *at = list->next; at != list; at = at->next)
		length++;
	return length;
}

static const char *walk_node(
	struct kmem_cache *cache, unsigned number, struct census *census, struct marks **all)
{
	struct kmem_cache_node *node = cache->node[number];
	struct census before = *census;
	const char *error =
		walk_list(cache, number, &node->slabs_partial, LIST_PARTIAL, census, all);

	if (!error)
		error = walk_list(cache, number, &node->slabs_full, LIST_FULL, census, all);
	if (!error)
		error = walk_list(cache, number, &node->slabs_free, LIST_FREE, census, all);
	if (error)
		return error;
	if (node->total_slabs != census->slabs - before.slabs)
		return problem("total_slabs is wrong", number, node->total_slabs);
	if (node->free_slabs != list_length(&node->slabs_free))
		return problem("free_slabs is wrong", number, node->free_slabs);
	if (node->free_objects != census->in_slabs - before.in_slabs)
		return problem("free_objects is wrong", number, node->free_objects);
	return NULL;
}

static const char *check_node_arrays(
	struct kmem_cache *cache, unsigned number, struct census *census, struct marks *all)
{
	struct kmem_cache_node *node = cache->node[number];
	const char *error = NULL;

	if (node->shared) {
		error = check_array(cache, node->shared, number, all);
		census->in_arrays += node->shared->avail;
	}
	for (unsigned home = 0; node->alien && home < topology.nr_nodes && !error; home++) {
		if (!node->alien[home])
			continue;
		error = check_array(cache, &node->alien[home]->array, home, all);
		census->in_arrays += node->alien[home]->array.avail;
	}
	return error;
}

static const char *check_cpu_arrays(
	struct kmem_cache *cache, struct census *census, struct marks *all)
{
	for_each_cpu(cpu) {
		struct cpu_slot *slot = cpu_slot(cpu);
		const char *error = check_array(cache, cpu_array(cache, slot), slot->node, all);

		if (error)
			return error;
		census->in_arrays += cpu_array(cache, slot)->avail;
	}
	return NULL;
}

// kmalloc() goes by what is kept of a size.
static const char *check_sizes(const struct kmem_cache *cache)
{
	for (size_t step = 0; step < KMALLOC_STEPS && kmalloc_place[step]; step++)
		if (kmalloc_slab((step + 1) * KMALLOC_STEP, GFP_KERNEL) == cache &&
			kmalloc_place[step] != cache->cpu_quick)
			return problem("kmalloc looks for a size's arrays elsewhere", 0,
				(step + 1) * KMALLOC_STEP);
	return NULL;
}

const char *cache_check(struct kmem_cache *cache, struct census *census)
{
	struct marks *all = NULL;
	const char *error = NULL;

	memset(census, 0, sizeof(*census));
	for (unsigned node = 0; node < topology.nr_nodes && !error; node++)
		error = walk_node(cache, node, census, &all);
	if (!error)
		error = check_cpu_arrays(cache, census, all);
	if (!error)
		error = check_sizes(cache);
	for (unsigned node = 0; node < topology.nr_nodes && !error; node++)
		error = check_node_arrays(cache, node, census, all);
	census->handed_out = census->slabs * cache->num - census->in_slabs - census->in_arrays;
	while (all) {
		struct marks *next = all->next;

		free(all);
		all = next;
	}
	return error;
}

unsigned long handed_out_everywhere(void)
{
	unsigned long sum = 0;
	struct kmem_cache *cache;

	cds_list_for_each_entry(cache, &slab_caches, list) {
		struct census census;
		const char *error = cache_check(cache, &census);

		if (error)
			report_fatal("cache '%s': %s", cache->name, error);
		sum += census.handed_out;
		if (cache->flags & CFLGS_OFF_SLAB)
			sum -= census.slabs;
	}
	return sum;
}
