// SPDX-License-Identifier: GPL-2.0-or-later
// A slab's own life. This header is the allocator's; users include <slab/slab.h>.
#ifndef SLAB_SLAB_LIFE_H
#define SLAB_SLAB_LIFE_H

#include "types.h"

// Makes a slab on exactly this node, on no list yet; NULL when the node has no memory or the
// freelist's cache none.
struct slab *cache_grow_begin(struct kmem_cache *cache, gfp_t flags, unsigned node);

// The next free object of a slab that has one, and an object back into its slab. list_lock held or
// the slab unlisted.
void *slab_get_object(struct kmem_cache *cache, struct slab *slab);
void slab_put_object(struct kmem_cache *cache, struct slab *slab, void *object);

// Gives the slabs' memory back; no lock held but slab_mutex.
void slabs_destroy(struct kmem_cache *cache, struct cds_list_head *doomed);

// Writes for each page of the slab where its cache's arrays lie: under the node's list_lock as it is
// linked, and again where the arrays have moved. No object is with a user before the first time.
static inline void slab_name_arrays(const struct kmem_cache *cache, struct slab *slab)
{
	uint32_t *place = page_place(slab_page(slab));

	for (unsigned i = 0; i < 1u << cache->gfporder; i++)
		place[i] = (uint32_t)cache->cpu_quick;
}

// Index of an object from its stride's start; exact for every offset inside a slab that is a
// multiple of size.
static inline unsigned object_index(
	const struct kmem_cache *cache, const struct slab *slab, const void *object)
{
	uint64_t offset = (uint64_t)((const char *)object - slab->s_mem);

	return (unsigned)((offset * cache->reciprocal_size) >> 32);
}

static inline void *index_to_object(
	const struct kmem_cache *cache, const struct slab *slab, unsigned index)
{
	return slab->s_mem + (size_t)index * cache->size;
}

#endif
