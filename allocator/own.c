// SPDX-License-Identifier: GPL-2.0-or-later
// The allocator's own memory: node structures, arrays, names and orders from kmalloc, caches'
// structures from kmem_cache, freelists from the kmalloc cache that each cache has chosen. own.h
// says why this is a file of its own.
#include "own.h"

#include "kmalloc.h"
#include "object_fast.h"

void *own_alloc(size_t size, unsigned node)
{
	struct kmem_cache *cache = size ? kmalloc_slab(size, 0) : NULL;

	if (own_allocation_fails() || !cache)
		return NULL;
	return cache_alloc_node(cache, GFP_KERNEL | __GFP_ZERO, node, CALLER);
}

void own_free(const void *memory)
{
	kfree(memory);
}

struct kmem_cache *own_cache_alloc(void)
{
	if (own_allocation_fails())
		return NULL;
	return cache_alloc(kmem_cache, GFP_KERNEL | __GFP_ZERO, CALLER);
}

void own_cache_free(struct kmem_cache *cache)
{
	cache_free_fast(kmem_cache, cache, CALLER);
}

struct kmem_cache *own_freelist_cache(unsigned bytes)
{
	return kmalloc_slab(bytes, 0);
}

unsigned own_freelist_cache_size(unsigned bytes)
{
	const struct kmem_cache *cache = own_freelist_cache(bytes);

	return cache && !(cache->flags & CFLGS_OFF_SLAB) ? cache->size : 0;
}

unsigned char *own_freelist_alloc(struct kmem_cache *freelist_cache, unsigned node)
{
	if (own_allocation_fails())
		return NULL;
	return cache_alloc_node(freelist_cache, GFP_KERNEL, node, CALLER);
}

void own_freelist_free(struct kmem_cache *freelist_cache, unsigned char *freelist)
{
	cache_free_fast(freelist_cache, freelist, CALLER);
}
