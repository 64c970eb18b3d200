// SPDX-License-Identifier: GPL-2.0-or-later
// Which cache a block is of, from its address: eight bytes for each page of the arenas, beside the
// page descriptors of 64 bytes, so that those of a large heap stay in the processor's caches.
//
// An entry is filled in when the first block of a slab comes back, and cleared when the slab is
// destroyed. A live block keeps its slab alive, so a correct program never races with either.
#ifndef SLAB_MALLOC_BLOCK_MAP_H
#define SLAB_MALLOC_BLOCK_MAP_H

#include "types.h"

#define BLOCK_CLASSES_MAX 96
#define BLOCK_CLASS_BITS  8

// A page's. Which array its blocks go to is said right here, because everything that free() does
// waits for it; whether a block starts at the pointer is found out beside that.
struct block_entry {
	uint32_t cpu_quick; // the cache's
	// 0, or the number of its class in the lowest bits, and above them how far behind the
	// slab's first object the page begins; where it begins before that, a multiple of the size
	// is added.
	uint32_t place;
};

// Nobody tunes malloc's caches, so that none of this changes.
struct block_class {
	struct kmem_cache *cache;
	uint64_t size_divisor; // the cache's
};

struct block_map {
	const char *base; // page_map's
	size_t bytes; // page_map's; it may grow
	struct block_entry
		*entry; // [arenas' bytes / PAGE_SIZE]; those beyond `bytes` have no memory
	uintptr_t entry_of_zero; // where page 0 of the address space would have its entry
	struct block_class class[BLOCK_CLASSES_MAX]; // [0] is no class
};

extern struct block_map block_map SLAB_OWN;

// Makes the map of the arenas. After the allocator's start, and again after a failure. Returns 0 or
// -ENOMEM.
int block_map_init(void);

// Has slab_observer clear the entries of destroyed slabs. Before the allocator's start.
void block_map_observe(void);

// From now on the cache's blocks can be found. Twice does nothing. At the start, by one thread.
void block_map_add(struct kmem_cache *cache);

// Fills in a slab's entries. false when it is no slab of a known cache.
bool block_map_enter(struct slab *slab);

// Whether an address lies in the arenas.
static inline bool block_map_contains(const void *address)
{
	return (uintptr_t)address - (uintptr_t)block_map.base <
	       __atomic_load_n(&block_map.bytes, __ATOMIC_RELAXED);
}

static inline struct block_entry block_map_entry(const void *block)
{
	size_t page = (uintptr_t)block >> PAGE_SHIFT;

	return *(const struct block_entry *)(block_map.entry_of_zero +
					     page * sizeof(struct block_entry));
}

// The class of a block inside the arenas, by its page's entry; NULL when the map does not know a
// block that starts there.
static inline const struct block_class *block_map_class(struct block_entry entry, const void *block)
{
	const struct block_class *class =
		&block_map.class[entry.place & ((1u << BLOCK_CLASS_BITS) - 1)];
	uint64_t offset = (entry.place >> BLOCK_CLASS_BITS) + ((uintptr_t)block & (PAGE_SIZE - 1));

	// Whether it is a multiple of the size: what it comes to then is far below the divisor. A
	// divisor of 0 has none.
	return likely(offset * class->size_divisor < class->size_divisor) ? class : NULL;
}

#endif
