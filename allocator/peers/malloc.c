// SPDX-License-Identifier: GPL-2.0-or-later
// A peer: the same interface on malloc, so that the same workloads measure another allocator: the C
// library's, or the one that is linked in its place (jemalloc, mimalloc, tcmalloc). A cache is a
// size and an alignment; a constructor runs at each allocation, because malloc keeps no constructed
// state.
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "peers/malloc_cache.h"
#include "peers/peer.h"

// What malloc aligns to by itself.
#define MALLOC_ALIGN 16

struct kmem_cache *kmem_cache_create(const char *name, unsigned size, unsigned align,
	slab_flags_t flags, void (*ctor)(void *object))
{
	struct kmem_cache *cache;
	size_t line = (flags & SLAB_HWCACHE_ALIGN) ? peer_line_align(size) : 0;

	if (!name || (align & (align - 1))) {
		errno = EINVAL;
		return NULL;
	}
	cache = malloc(sizeof(*cache));
	if (!cache)
		return NULL;
	cache->size = size ? size : 1;
	cache->align = align > line ? align : line;
	if (cache->align <= MALLOC_ALIGN)
		cache->align = 0;
	cache->ctor = ctor;
	cache->is_special = cache->align || ctor;
	return cache;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	free(cache);
}

static __attribute__((noinline)) void *alloc_special(struct kmem_cache *cache, gfp_t flags)
{
	size_t align = cache->align ? cache->align : MALLOC_ALIGN;
	size_t size = (cache->size + align - 1) & ~(align - 1);
	void *object = aligned_alloc(align, size);

	if (!object)
		return NULL;
	if (flags & __GFP_ZERO)
		memset(object, 0, cache->size);
	if (cache->ctor)
		cache->ctor(object);
	return object;
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	if (cache->is_special || (flags & __GFP_ZERO))
		return alloc_special(cache, flags);
	return malloc(cache->size);
}

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	(void)cache;
	free(object);
}

unsigned int kmem_cache_size(struct kmem_cache *cache)
{
	return (unsigned)cache->size;
}

void *__kmalloc(size_t size, gfp_t flags)
{
	if (size == 0)
		return ZERO_SIZE_PTR;
	if (size > KMALLOC_MAX_SIZE)
		return NULL;
	return (flags & __GFP_ZERO) ? calloc(1, size) : malloc(size);
}

void kfree(const void *object)
{
	if (!ZERO_OR_NULL_PTR(object))
		free((void *)object);
}

size_t ksize(const void *object)
{
	return ZERO_OR_NULL_PTR(object) ? 0 : malloc_usable_size((void *)object);
}
