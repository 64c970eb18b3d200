// SPDX-License-Identifier: GPL-2.0-or-later
// Array caches: pushed to and popped from, made, and moved from one to another.
#ifndef SLAB_ARRAY_CACHE_H
#define SLAB_ARRAY_CACHE_H

#include "array/hits.h"
#include "types.h"

static inline struct array_cache *cpu_array(const struct kmem_cache *cache, struct cpu_slot *slot)
{
	return (struct array_cache *)((char *)slot + cache->cpu_cache);
}

// Not a hit; see array/hits.h.
static inline void array_set_avail(struct array_cache *array, unsigned avail)
{
	array_move_base(array, avail - array->avail);
	__atomic_store_n(&array->avail, avail, __ATOMIC_RELAXED);
}

// The caller has seen that there is one, or room for one.
static inline void *array_pop(struct array_cache *array)
{
	array->touched = 1;
	array_set_avail(array, array->avail - 1);
	return array->entry[array->avail];
}

static inline void array_push(struct array_cache *array, void *object)
{
	array->entry[array->avail] = object;
	array_set_avail(array, array->avail + 1);
}

// Whether objects of the cache need nothing but to leave and enter an array. Work at every object
// for which a build is not made keeps the fast path from the array.
bool cache_is_quick(const struct kmem_cache *cache);

// Makes the arrays at this offset the cache's. The caller holds every slot, or nobody uses the
// cache yet.
void cache_use_arrays(struct kmem_cache *cache, size_t offset);

// Makes a cache's per-CPU arrays, empty. Returns the offset in each slot, 0 when they can't be had.
// slab_mutex held.
size_t cpu_arrays_alloc(unsigned limit, unsigned batchcount);
void cpu_arrays_free(size_t offset, unsigned limit);

void array_init(struct array_cache *array, unsigned limit, unsigned batchcount);

// An array in an object of kmalloc, on this node's memory. NULL when memory has run out.
struct array_cache *array_alloc(unsigned node, unsigned limit, unsigned batchcount);

// Moves min(from's avail, room in `to`, max) objects from from's top, their order kept. Returns how
// many.
unsigned transfer_objects(struct array_cache *to, struct array_cache *from, unsigned max);

// Drops the `count` oldest entries.
void array_shift(struct array_cache *array, unsigned count);

#endif
