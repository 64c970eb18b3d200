// SPDX-License-Identifier: GPL-2.0-or-later
// null's stacks and the plain pop and push on them, for peers/null.c and for callers that have them
// inline (peers/inline_null). Whatever more there is to do is null.c's.
#ifndef SLAB_PEERS_NULL_STACK_H
#define SLAB_PEERS_NULL_STACK_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include <slab/slab.h>

#include "host/hidden.h"

// Caches and sizes together; each has a stack in each thread.
#define NULL_STACKS_MAX 128

// Sizes up to here find their cache by steps, as kmalloc's do.
#define NULL_STEP_BYTES 8
#define NULL_STEPS_MAX  4096

struct null_stack {
	size_t avail;
	size_t limit;
	void **entry;
	unsigned generation; // of the cache the entries belong to
};

struct kmem_cache {
	unsigned index; // of its stack in every thread, and of its range of addresses
	unsigned generation;
	size_t size;
	size_t stride;
	void (*ctor)(void *object);
	pthread_mutex_t lock; // guards what follows
	size_t used; // bytes of the range that objects have been cut from
	struct null_block *depot; // what long stacks gave away
};

// All objects lie in one range of addresses, those of a cache in its part: so that an object's stack
// is found by arithmetic.
#define NULL_PART_SHIFT 32
struct null_ranges {
	uintptr_t base;
	unsigned generation[NULL_STACKS_MAX]; // of the cache whose part it is
	struct kmem_cache *cache[NULL_STACKS_MAX];
	struct kmem_cache
		*step[NULL_STEPS_MAX / NULL_STEP_BYTES]; // by size; NULL until it is wanted
};

extern struct null_ranges null_ranges SLAB_OWN;
extern __thread struct null_stack null_stacks[NULL_STACKS_MAX] SLAB_OWN_TLS;

// Whatever is not a plain pop or push. Called last, so that no call saves registers for them.
void *null_alloc_slow(struct kmem_cache *cache, gfp_t flags) SLAB_OWN;
void null_free_slow(struct kmem_cache *cache, void *object) SLAB_OWN;
void *null_kmalloc_slow(size_t size, gfp_t flags) SLAB_OWN;

static inline void *null_alloc(struct kmem_cache *cache, gfp_t flags)
{
	struct null_stack *stack = &null_stacks[cache->index];

	if (stack->generation == cache->generation && stack->avail > 0 && !(flags & __GFP_ZERO))
		return stack->entry[--stack->avail];
	return null_alloc_slow(cache, flags);
}

static inline void null_free(struct kmem_cache *cache, void *object)
{
	struct null_stack *stack = &null_stacks[cache->index];

	if (object && stack->generation == cache->generation && stack->avail < stack->limit)
		stack->entry[stack->avail++] = object;
	else
		null_free_slow(cache, object);
}

static inline void *null_kmalloc(size_t size, gfp_t flags)
{
	struct kmem_cache *cache = NULL;

	if (size - 1 < NULL_STEPS_MAX)
		cache = __atomic_load_n(
			&null_ranges.step[(size - 1) / NULL_STEP_BYTES], __ATOMIC_ACQUIRE);
	return cache ? null_alloc(cache, flags) : null_kmalloc_slow(size, flags);
}

static inline size_t null_part(const void *object)
{
	return ((uintptr_t)object - null_ranges.base) >> NULL_PART_SHIFT;
}

static inline struct kmem_cache *null_object_cache(const void *object)
{
	return null_ranges.cache[null_part(object)];
}

static inline void null_kfree(const void *object)
{
	size_t part = null_part(object); // huge for what is no object
	struct null_stack *stack = &null_stacks[part % NULL_STACKS_MAX];

	if (part < NULL_STACKS_MAX && stack->generation == null_ranges.generation[part] &&
		stack->avail < stack->limit)
		stack->entry[stack->avail++] = (void *)object;
	else if (!ZERO_OR_NULL_PTR(object))
		null_free_slow(null_object_cache(object), (void *)object);
}

#endif
