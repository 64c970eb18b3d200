// SPDX-License-Identifier: GPL-2.0-or-later
// Changing the sizes of a live cache's arrays. The new per-CPU arrays are published while every
// CPU's slot is held, so that no thread is between reading their place and using it; from then on
// nobody but this thread sees the old ones.
#include "tune.h"

#include <errno.h>

#include "array/array_cache.h"
#include "cache_nodes.h"
#include "host/topology.h"
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

int do_tune_cpucache(struct kmem_cache *cache, unsigned limit, unsigned batchcount, unsigned shared)
{
	size_t made = cpu_arrays_alloc(limit, batchcount), old = cache->cpu_cache;
	unsigned old_limit = cache->limit;

	if (!made)
		return -ENOMEM;
	cpus_enter_all();
	cache_use_arrays(cache, made);
	cpus_leave_all();
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
