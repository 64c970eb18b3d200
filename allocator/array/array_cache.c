// SPDX-License-Identifier: GPL-2.0-or-later
// Array caches: stacks of free objects that need no slab to be touched. This file makes them and
// moves blocks between them; who may touch which is decided by the callers.
#include "array/array_cache.h"

#include <string.h>

#include "host/percpu.h"
#include "host/topology.h"
#include "own.h"

void array_init(struct array_cache *array, unsigned limit, unsigned batchcount)
{
	array->avail = 0;
	array->limit = limit;
	array->batchcount = batchcount;
	array->touched = 0;
	array_start_hits(array);
}

static size_t array_bytes(unsigned limit)
{
	return sizeof(struct array_cache) + (size_t)limit * sizeof(void *);
}

size_t cpu_arrays_alloc(unsigned limit, unsigned batchcount)
{
	size_t offset = own_allocation_fails() ? 0 : percpu_alloc(array_bytes(limit));

	if (!offset)
		return 0;
	for_each_cpu(cpu)
		array_init(
			(struct array_cache *)((char *)cpu_slot(cpu) + offset), limit, batchcount);
	return offset;
}

bool cache_is_quick(const struct kmem_cache *cache)
{
	if (IS_ENABLED(CONFIG_DEBUG_SLAB) || cache->init_on_alloc)
		return false;
	return !cache->init_on_free || IS_ENABLED(CONFIG_INIT_ON_FREE_DEFAULT_ON);
}

void cache_use_arrays(struct kmem_cache *cache, size_t offset)
{
	cache->cpu_cache = offset;
	cache->cpu_quick = cache_is_quick(cache) ? offset : offsetof(struct cpu_slot, never);
}

void cpu_arrays_free(size_t offset, unsigned limit)
{
	percpu_free(offset, array_bytes(limit));
}

struct array_cache *array_alloc(unsigned node, unsigned limit, unsigned batchcount)
{
	struct array_cache *array = own_alloc(array_bytes(limit), node);

	if (array)
		array_init(array, limit, batchcount);
	return array;
}

unsigned transfer_objects(struct array_cache *to, struct array_cache *from, unsigned max)
{
	unsigned count = to->limit - to->avail;

	if (count > from->avail)
		count = from->avail;
	if (count > max)
		count = max;
	array_set_avail(from, from->avail - count);
	memcpy(to->entry + to->avail, from->entry + from->avail, count * sizeof(void *));
	array_set_avail(to, to->avail + count);
	return count;
}

void array_shift(struct array_cache *array, unsigned count)
{
	array_set_avail(array, array->avail - count);
	memmove(array->entry, array->entry + count, array->avail * sizeof(void *));
}
