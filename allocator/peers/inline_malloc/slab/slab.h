// SPDX-License-Identifier: GPL-2.0-or-later
// <slab/slab.h> as the workloads of a malloc peer see it: what they call is malloc and free, inline, as
// in any C program, with no function of ours between. Everything else is the same as in the other
// <slab/slab.h>, which comes first.
#ifndef SLAB_PEERS_INLINE_MALLOC_H
#define SLAB_PEERS_INLINE_MALLOC_H

#include_next <slab/slab.h>

#include <malloc.h>
#include <stdlib.h>

#include "peers/malloc_cache.h"

// What the results say of it.
#define SLAB_CALLS "inline malloc"

static inline void *peer_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	if (__builtin_expect(cache->is_special || (flags & __GFP_ZERO), 0))
		return kmem_cache_alloc(cache, flags);
	return malloc(cache->size);
}

static inline void peer_cache_free(struct kmem_cache *cache, void *object)
{
	(void)cache;
	free(object);
}

static inline int peer_cache_alloc_bulk(
	struct kmem_cache *cache, gfp_t flags, size_t count, void **objects)
{
	for (size_t i = 0; i < count; i++) {
		objects[i] = peer_cache_alloc(cache, flags);
		if (objects[i])
			continue;
		while (i > 0)
			free(objects[--i]);
		return 0;
	}
	return (int)count;
}

// Takes no notice of the cache, which may be NULL.
static inline void peer_cache_free_bulk(struct kmem_cache *cache, size_t count, void **objects)
{
	for (size_t i = 0; i < count; i++)
		peer_cache_free(cache, objects[i]);
}

static inline void *peer_kmalloc(size_t size, gfp_t flags)
{
	return (flags & __GFP_ZERO) ? calloc(1, size) : malloc(size);
}

// ZERO_SIZE_PTR comes from functions that are not inline.
static inline void peer_kfree(const void *object)
{
	if (__builtin_expect(object != ZERO_SIZE_PTR, 1))
		free((void *)object);
}

static inline size_t peer_ksize(const void *object)
{
	return ZERO_OR_NULL_PTR(object) ? 0 : malloc_usable_size((void *)object);
}

#define kmem_cache_alloc(cache, flags) peer_cache_alloc(cache, flags)
// A peer places memory as it does; the node is a wish.
#define kmem_cache_alloc_node(cache, flags, node) ((void)(node), peer_cache_alloc(cache, flags))
#define kmem_cache_free(cache, object)            peer_cache_free(cache, object)
#define kmem_cache_alloc_bulk(cache, flags, count, objects)                                        \
	peer_cache_alloc_bulk(cache, flags, count, objects)
#define kmem_cache_free_bulk(cache, count, objects) peer_cache_free_bulk(cache, count, objects)
#define kfree_bulk(count, objects)                  peer_cache_free_bulk(NULL, count, objects)
#define kmalloc(size, flags)                        peer_kmalloc(size, flags)
#define kfree(object)                               peer_kfree(object)
#define ksize(object)                               peer_ksize(object)

#endif
