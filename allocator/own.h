// SPDX-License-Identifier: GPL-2.0-or-later
// The door to the allocator's own memory: what it needs for its own structures it takes from its
// own caches, through these calls alone.
//
// The door breaks a circle. A cache needs arrays and node structures, which are objects of kmalloc,
// whose caches need a cache's set-up. So the files below (array/, slab.c, cache_nodes.c, cache.c)
// know this header and nothing of what lies behind it; own.c knows kmalloc.c and object.c, above
// them. Each call may come back into the allocator: the caller holds no lock but slab_mutex.
#ifndef SLAB_OWN_H
#define SLAB_OWN_H

#include "types.h"

// Asked before each allocation that the allocator makes for its own use.
static inline bool own_allocation_fails(void)
{
	return slab_observer.may_allocate && !slab_observer.may_allocate();
}

// Memory from this node, zeroed. NULL when memory has run out, or no cache serves the size yet.
void *own_alloc(size_t size, unsigned node);

// Gives back what own_alloc() gave. NULL does nothing.
void own_free(const void *memory);

// The structure of a cache, zeroed, with room for all nodes. NULL when memory has run out.
struct kmem_cache *own_cache_alloc(void);
void own_cache_free(struct kmem_cache *cache);

// The cache that freelists of so many bytes come from, NULL where there is none yet; and the size
// of its objects, 0 where there is none or its own freelists lie off their slabs.
struct kmem_cache *own_freelist_cache(unsigned bytes);
unsigned own_freelist_cache_size(unsigned bytes);

// A freelist off its slab. From the node if it can be had there, else from another. NULL when
// memory has run out.
unsigned char *own_freelist_alloc(struct kmem_cache *freelist_cache, unsigned node);
void own_freelist_free(struct kmem_cache *freelist_cache, unsigned char *freelist);

#endif
