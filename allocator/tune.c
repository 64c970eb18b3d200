// SPDX-License-Identifier: GPL-2.0-or-later
// Changing the sizes of a live cache's arrays. The new per-CPU arrays are published, in the cache, in
// its slabs' pages and for its sizes of kmalloc, while every CPU's slot is held, so that no thread is
// between reading their place and using it; from then on nobody but this thread sees the old ones.
#include "tune.h"

#include <errno.h>

#include "array/array_cache.h"
#include "cache_nodes.h"
#include "host/topology.h"
#include "kmalloc.h"
#include "node.h"
#include "nonshared/copy.h"
#include "reclaim/shrink.h"
#include "slab.h"

static void drain_old_array(struct kmem_cache *cache, size_t offset, unsigned cpu)
{
	struct cpu_slot *slot = cpu_slot(cpu);
	CDS_LIST_HEAD(doomed);

	drain_cpu_array(cache, slot, (struct array_cache *)((char *)slot + offset), &doomed);
	slabs_destroy(cache, &doomed);
}

static void retire_arrays(struct kmem_cache *cache, size_t offset, unsigned limit)
{
	for_each_cpu(cpu)
		drain_old_array(cache, offset, cpu);
	cpu_arrays_free(offset, limit);
}

static void name_arrays_of_list(struct kmem_cache *cache, struct cds_list_head *list)
{
	struct slab *slab;

	cds_list_for_each_entry(slab, list, list)
		slab_name_arrays(cache, slab);
}

// The pages of all slabs name the arrays' new place. A slab that is being made is on no list yet, and
// gets it when it is linked. Every slot is held.
static void name_arrays(struct kmem_cache *cache)
{
	for (unsigned i = 0; i < topology.nr_nodes; i++) {
		struct kmem_cache_node *node = cache->node[i];

		list_lock_take(node);
		name_arrays_of_list(cache, &node->slabs_partial);
		name_arrays_of_list(cache, &node->slabs_full);
		name_arrays_of_list(cache, &node->slabs_free);
		lock_release(&node->list_lock);
	}
}

// A size of kmalloc names them, too, in the library and in each program's copy. Every slot is held.
static void name_arrays_of_sizes(size_t from, size_t to)
{
	for (size_t step = 0; step < KMALLOC_STEPS; step++) {
		if (kmalloc_place[step] != from)
			continue;
		kmalloc_place[step] = to;
		for_each_fast_copy(copy)
			copy->kmalloc_place[step] = to;
	}
}

static void move_arrays(struct kmem_cache *cache, size_t offset)
{
	size_t before = cache->cpu_quick;

	cpus_enter_all();
	cache_use_arrays(cache, offset);
	name_arrays(cache);
	name_arrays_of_sizes(before, cache->cpu_quick);
	cpus_leave_all();
}

int do_tune_cpucache(struct kmem_cache *cache, unsigned limit, unsigned batchcount, unsigned shared)
{
	size_t made = cpu_arrays_alloc(limit, batchcount), old = cache->cpu_cache;
	unsigned old_limit = cache->limit;

	if (!made)
		return -ENOMEM;
	if (old)
		move_arrays(cache, made);
	else
		cache_use_arrays(cache, made); // nobody uses the cache yet
	cache->limit = limit;
	cache->batchcount = batchcount;
	cache->shared = shared;
	if (old)
		retire_arrays(cache, old, old_limit);
	return cache_set_up_nodes(cache);
}

int cache_tune(struct kmem_cache *cache, int limit, int batchcount, int shared)
{
	if (limit < 1 || batchcount < 1 || batchcount > limit || shared < 0)
		return 1;
	if (!IS_ENABLED(CONFIG_SLAB_SHARED))
		shared = 0; // such a build has none
	return do_tune_cpucache(cache, (unsigned)limit, (unsigned)batchcount, (unsigned)shared);
}
