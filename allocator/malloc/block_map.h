// SPDX-License-Identifier: GPL-2.0-or-later
// Which cache a block is of, from its address: a word for each page of the arenas, beside the page
// descriptors. free() would otherwise touch two descriptors of 64 bytes for every page of a large heap,
// this one's and the slab's first; these words are so dense that they stay in the processor's caches.
//
// An entry is filled in when the first block of a slab comes back, and cleared when the slab is
// destroyed. A live block keeps its slab alive, so a correct program never races with either.
#ifndef SLAB_MALLOC_BLOCK_MAP_H
#define SLAB_MALLOC_BLOCK_MAP_H

#include "internal.h"

#define BLOCK_CLASSES_MAX 64
#define BLOCK_CLASS_SHIFT 24
#define BLOCK_OFFSET_ZERO                                                                          \
	(1u << 20) // what stands for an offset of 0: a slab's colour makes it negative

struct block_map {
	const char *base; // page_map's
	size_t bytes;
	// [bytes / PAGE_SIZE]: 0, or the number of the cache, and how far behind the slab's first object
	// the page begins.
	uint32_t *entry;
	// By number; [0] has no objects, so that an entry of 0 needs no question of its own.
	const struct kmem_cache *cache[BLOCK_CLASSES_MAX];
};

extern struct block_map block_map SLAB_OWN;

// Makes the map of the arenas. After the allocator's start. Returns 0 or -ENOMEM.
int block_map_init(void);

// Has slab_observer clear the entries of destroyed slabs. Before the allocator's start.
void block_map_observe(void);

// From now on the cache's blocks can be found. Twice does nothing. At the start, by one thread.
void block_map_add(const struct kmem_cache *cache);

// Fills in a slab's entries. false when it is no slab of a known cache.
bool block_map_enter(struct slab *slab);

// Whether an address lies in the arenas.
static inline bool block_map_contains(const void *address)
{
	return (uintptr_t)address - (uintptr_t)block_map.base < block_map.bytes;
}

// The cache of a block inside the arenas; NULL when the map does not know a block that starts there.
static inline struct kmem_cache *block_map_cache(const void *block)
{
	size_t offset = (uintptr_t)block - (uintptr_t)block_map.base;
	uint32_t entry = __atomic_load_n(&block_map.entry[offset >> PAGE_SHIFT], __ATOMIC_RELAXED);
	const struct kmem_cache *cache = block_map.cache[entry >> BLOCK_CLASS_SHIFT];
	uint32_t from_first = (entry & ((1u << BLOCK_CLASS_SHIFT) - 1)) - BLOCK_OFFSET_ZERO +
			      (uint32_t)(offset & (PAGE_SIZE - 1));
	uint32_t index = (uint32_t)(((uint64_t)from_first * cache->reciprocal_size) >> 32);

	if (unlikely(index >= cache->num || index * cache->size != from_first))
		return NULL;
	return (struct kmem_cache *)cache;
}

#endif
