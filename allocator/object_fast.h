// SPDX-License-Identifier: GPL-2.0-or-later
// The fast path: one sequence on this CPU's array, where nothing else is to be done; all the rest
// is object.c's. It is inlined into each public call, so that a hit costs no further one.
#ifndef SLAB_OBJECT_FAST_H
#define SLAB_OBJECT_FAST_H

#include <string.h>

#include "array/percpu.h"
#include "object.h"
#include "policy.h"
#include "types.h"

// Whether a build leaves objects as they are when they come back.
#define IS_FREE_QUICK                                                                              \
	(!IS_ENABLED(CONFIG_DEBUG_SLAB) && !IS_ENABLED(CONFIG_INIT_ON_FREE_DEFAULT_ON))

// The whole way, whatever it takes. Out of line.
__attribute__((noinline)) void *cache_alloc_slow(
	struct kmem_cache *cache, gfp_t flags, const void *caller);
__attribute__((noinline)) void cache_free_slow(
	struct kmem_cache *cache, void *object, const void *caller);

// One sequence on the array that `offset` names, a cache's cpu_cache or cpu_quick. false when it
// gave up: nothing has happened.
static inline __attribute__((always_inline)) bool pop_by_sequence(
	const size_t *offset, void **object)
{
	if (!percpu_pop_one(offset, object))
		return false;
	SEQUENCES_ACQUIRE();
	return true;
}

static inline __attribute__((always_inline)) bool push_by_sequence(
	const size_t *offset, void *object)
{
	SEQUENCES_RELEASE();
	return percpu_push_one(offset, object);
}

static inline __attribute__((always_inline)) void *cache_alloc_fast(
	struct kmem_cache *cache, gfp_t flags, const void *caller)
{
	void *object;

	if (unlikely((flags & __GFP_ZERO) || has_policy()))
		return cache_alloc_slow(cache, flags, caller);
	if (unlikely(!pop_by_sequence(&cache->cpu_quick, &object)))
		return cache_alloc_slow(cache, flags, caller);
	return object;
}

static inline __attribute__((always_inline)) void cache_free_fast(
	struct kmem_cache *cache, void *object, const void *caller)
{
	if (IS_ENABLED(CONFIG_INIT_ON_FREE_DEFAULT_ON) && cache->init_on_free && object)
		memset(object, 0, cache->object_size);
	if (IS_ENABLED(CONFIG_DEBUG_SLAB) || // the cache may be none, which is to be reported
		unlikely(!push_by_sequence(&cache->cpu_quick, object)))
		cache_free_slow(cache, object, caller);
}

// The same for an object of which only the address is known. false as well where it is none. Before
// the start, when there is no area to begin a sequence in, nothing is an object.
static inline __attribute__((always_inline)) bool push_found_by_sequence(const void *object)
{
	if (unlikely(!cpu_sequences.rseq))
		return false;
	if (IS_ENABLED(CONFIG_SLAB_UNDER_MALLOC) && !pages_contain(object))
		return false; // not every page of a node has a descriptor there
	SEQUENCES_RELEASE();
	return percpu_push_found(object);
}

// The cache that the address is the start of an object of, as users see it; NULL when it is none.
static inline struct kmem_cache *object_cache(const void *object)
{
	const struct page *page;
	struct kmem_cache *cache;
	uint64_t offset;

	if (unlikely(!pages_contain(object)))
		return NULL;
	page = address_to_page(object);
	if (unlikely(!page->head))
		return NULL;
	cache = page->slab.cache;
	offset = (uint64_t)((const char *)object - page->slab.s_mem);
	if (IS_ENABLED(CONFIG_DEBUG_SLAB))
		offset -= cache->obj_offset;
	if (unlikely(offset * cache->size_divisor >= cache->object_limit))
		return NULL;
	return cache;
}

// Its slab; NULL when it is none.
static inline struct slab *object_slab(const void *object)
{
	return likely(object_cache(object)) ? address_to_slab(object) : NULL;
}

#endif
