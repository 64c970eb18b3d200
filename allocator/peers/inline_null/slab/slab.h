// SPDX-License-Identifier: GPL-2.0-or-later
// <slab/slab.h> as the workloads of null see it: a pop and a push on a stack, inline, so that nothing is
// left but what the workload itself costs.
#ifndef SLAB_PEERS_INLINE_NULL_H
#define SLAB_PEERS_INLINE_NULL_H

#include_next <slab/slab.h>

#include <string.h>

#include "peers/null_stack.h"

// What the results say of it.
#define SLAB_CALLS "inline stacks"

// Inline, because a call of memcpy would be a part of the floor.
static inline void null_copy(void **to, void **from, size_t count)
{
	for (; count >= 4; count -= 4, to += 4, from += 4)
		memcpy(to, from, 4 * sizeof(*to));
	for (; count > 0; count--)
		*to++ = *from++;
}

static inline int null_alloc_bulk(
	struct kmem_cache *cache, gfp_t flags, size_t count, void **objects)
{
	struct null_stack *stack = &null_stacks[cache->index];

	if (stack->generation != cache->generation || stack->avail < count || (flags & __GFP_ZERO))
		return (kmem_cache_alloc_bulk)(cache, flags, count, objects);
	stack->avail -= count;
	null_copy(objects, stack->entry + stack->avail, count);
	return (int)count;
}

// cache NULL: they may be of several.
static inline void null_free_bulk(struct kmem_cache *cache, size_t count, void **objects)
{
	struct null_stack *stack = cache ? &null_stacks[cache->index] : NULL;

	if (!cache || stack->generation != cache->generation ||
		stack->avail + count > stack->limit) {
		(kmem_cache_free_bulk)(cache, count, objects);
		return;
	}
	null_copy(stack->entry + stack->avail, objects, count);
	stack->avail += count;
}

#define kmem_cache_alloc(cache, flags)            null_alloc(cache, flags)
#define kmem_cache_alloc_node(cache, flags, node) ((void)(node), null_alloc(cache, flags))
#define kmem_cache_free(cache, object)            null_free(cache, object)
#define kmem_cache_alloc_bulk(cache, flags, count, objects)                                        \
	null_alloc_bulk(cache, flags, count, objects)
#define kmem_cache_free_bulk(cache, count, objects) null_free_bulk(cache, count, objects)
#define kmalloc(size, flags)                        null_kmalloc(size, flags)
#define kfree(object)                               null_kfree(object)

#endif
