// SPDX-License-Identifier: GPL-2.0-or-later
// The fast path: one sequence on this CPU's array, where nothing else is to be done; all the rest is
// object.c's. It is inlined into each public call, so that a hit costs no further one.
#ifndef SLAB_OBJECT_FAST_H
#define SLAB_OBJECT_FAST_H

#include <string.h>

#include "array_percpu.h"
#include "internal.h"

// The whole way, whatever it takes. Out of line.
void *cache_alloc_slow(struct kmem_cache *cache, gfp_t flags, const void *caller);
void cache_free_slow(struct kmem_cache *cache, void *object, const void *caller);

static inline __attribute__((always_inline)) void *cache_alloc_fast(
	struct kmem_cache *cache, gfp_t flags, const void *caller)
{
	void *object;

	if (unlikely((flags & __GFP_ZERO) || policy_is_set))
		return cache_alloc_slow(cache, flags, caller);
	if (unlikely(!percpu_pop_one(&cache->cpu_quick, &object)))
		return cache_alloc_slow(cache, flags, caller);
	PERCPU_ACQUIRE(cache);
	STATS_INC(cache, allochit);
	return object;
}

static inline __attribute__((always_inline)) bool array_free_by_sequence(
	struct kmem_cache *cache, const size_t *offset, void *object)
{
	PERCPU_RELEASE(cache);
	if (!percpu_push_one(offset, object))
		return false;
	STATS_INC(cache, freehit);
	return true;
}

static inline __attribute__((always_inline)) void cache_free_fast(
	struct kmem_cache *cache, void *object, const void *caller)
{
	if (IS_ENABLED(CONFIG_INIT_ON_FREE_DEFAULT_ON) && cache->init_on_free && object)
		memset(object, 0, cache->object_size);
	if (IS_ENABLED(CONFIG_DEBUG_SLAB) || // the cache may be none, which is to be reported
		unlikely(!array_free_by_sequence(cache, &cache->cpu_quick, object)))
		cache_free_slow(cache, object, caller);
}

// The slab that the address is the start of an object of, as users see it; NULL when it is none. An
// address outside the objects gives an index or a product that is not its own.
static inline struct slab *object_slab(const void *object)
{
	struct slab *slab = pages_contain(object) ? address_to_slab(object) : NULL;
	const struct kmem_cache *cache;
	uint64_t offset;
	unsigned index;

	if (unlikely(!slab))
		return NULL;
	cache = slab->cache;
	offset = (uint64_t)((const char *)object - slab->s_mem);
	if (IS_ENABLED(CONFIG_DEBUG_SLAB))
		offset -= cache->obj_offset;
	index = (unsigned)((offset * cache->reciprocal_size) >> 32);
	if (unlikely(index >= cache->num || (uint64_t)index * cache->size != offset))
		return NULL;
	return slab;
}

#endif
