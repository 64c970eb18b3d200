// SPDX-License-Identifier: GPL-2.0-or-later
// An object's way out and back: from this CPU's array while it has any, else by a refill from the
// node's shared array or slabs, else from a new slab, else from another node; and back into this
// CPU's array, which is flushed when full. The first lines of cache_alloc() and cache_free() are
// the allocator's fast path.
//
// Debug, zeroing and messages are kept out of the paths below: debug_alloc() and debug_free() are
// empty in other configs.
#include <string.h>

#include "debug.h"
#include "internal.h"

// An untouched array takes this much at first: the CPU may never come back for more.
#define REFILL_UNTOUCHED_MAX 16

static bool has_shared_objects(const struct kmem_cache_node *node)
{
	const struct array_cache *shared =
		IS_ENABLED(CONFIG_SLAB_SHARED) ? __atomic_load_n(&node->shared, __ATOMIC_ACQUIRE)
					       : NULL;

	return shared && __atomic_load_n(&shared->avail, __ATOMIC_RELAXED) > 0;
}

// Whether a refill can skip the lists and grow at once. A guess without the lock.
static bool node_is_empty(const struct kmem_cache_node *node)
{
	return __atomic_load_n(&node->free_objects, __ATOMIC_RELAXED) == 0 &&
	       !has_shared_objects(node);
}

// Returns how many of the batch are still wanted.
static unsigned refill_from_slabs(struct kmem_cache *cache, struct kmem_cache_node *node,
	struct array_cache *array, unsigned batch)
{
	while (batch > 0) {
		struct slab *slab = node_first_slab(node);

		if (!slab)
			break;
		batch -= slab_take_block(cache, slab, array, batch);
		node_relink_slab(cache, node, slab);
	}
	node_add_free_objects(node, -(long)array->avail);
	return batch;
}

// Fills an empty array from the node's shared array or, where that has nothing, its slabs. Returns
// how many of the batch a new slab should still give.
static unsigned node_refill(struct kmem_cache *cache, struct kmem_cache_node *node,
	struct array_cache *array, unsigned batch)
{
	if (node_is_empty(node))
		return batch;
	lock_take(&node->list_lock);
	if (IS_ENABLED(CONFIG_SLAB_SHARED) && node->shared &&
		transfer_objects(array, node->shared, batch))
		node->shared->touched = 1;
	else
		batch = refill_from_slabs(cache, node, array, batch);
	lock_release(&node->list_lock);
	return batch;
}

static void *array_pop(struct array_cache *array)
{
	array->touched = 1;
	return array->entry[--array->avail];
}

// One object from the node's slabs, past all arrays; NULL when it has none.
static void *node_take_object(struct kmem_cache *cache, struct kmem_cache_node *node)
{
	struct slab *slab;
	void *object = NULL;

	lock_take(&node->list_lock);
	slab = node_first_slab(node);
	if (slab) {
		object = slab_get_object(cache, slab);
		node_add_free_objects(node, -1);
		node_relink_slab(cache, node, slab);
	}
	lock_release(&node->list_lock);
	return object;
}

// One object from a new slab on exactly this node.
static void *node_grow_for_object(struct kmem_cache *cache, gfp_t flags, unsigned node)
{
	struct slab *slab = cache_grow_begin(cache, flags, node);
	void *object;

	if (!slab)
		return NULL;
	object = slab_get_object(cache, slab);
	cache_grow_end(cache, slab);
	return object;
}

// The node has no memory left: what other nodes have free first, nearest first, then a new slab
// anywhere.
static void *fallback_alloc(struct kmem_cache *cache, gfp_t flags, unsigned from)
{
	void *object = NULL;

	if (flags & __GFP_THISNODE)
		return NULL;
	for (unsigned i = 0; i < topology.nr_nodes && !object; i++) {
		struct kmem_cache_node *node = cache->node[topology.zonelist[from][i]];

		if (__atomic_load_n(&node->free_objects, __ATOMIC_RELAXED) > 0)
			object = node_take_object(cache, node);
	}
	for (unsigned i = 0; i < topology.nr_nodes && !object; i++)
		object = node_grow_for_object(cache, flags, topology.zonelist[from][i]);
	return object;
}

static unsigned refill_batch(const struct array_cache *array)
{
	if (!array->touched && array->batchcount > REFILL_UNTOUCHED_MAX)
		return REFILL_UNTOUCHED_MAX;
	return array->batchcount;
}

// This CPU's array is empty. The slot is held, and left before a new slab is made; the thread may
// go on on another CPU then, and starts again there if the slab turns out to be another node's.
static __attribute__((noinline)) void *cache_alloc_refill(
	struct kmem_cache *cache, struct cpu_slot *slot, gfp_t flags)
{
	for (;;) {
		struct array_cache *array = cpu_array(cache, slot);
		unsigned batch = refill_batch(array), node = slot->node;
		struct slab *slab;

		if (array->avail == 0)
			batch = node_refill(cache, cache->node[node], array, batch);
		if (array->avail == 0) {
			cpu_leave(slot);
			slab = cache_grow_begin(cache, flags, node);
			if (!slab)
				return fallback_alloc(cache, flags, node);
			slot = cpu_enter();
			array = cpu_array(cache, slot);
			if (array->avail == 0 && slot->node == node)
				slab_take_block(cache, slab, array, batch);
			cache_grow_end(cache, slab);
		}
		if (likely(array->avail > 0)) {
			void *object = array_pop(array);

			cpu_leave(slot);
			return object;
		}
	}
}

static inline void *array_alloc_object(struct kmem_cache *cache, gfp_t flags)
{
	struct cpu_slot *slot = cpu_enter();
	struct array_cache *array = cpu_array(cache, slot);
	void *object;

	if (unlikely(array->avail == 0))
		return cache_alloc_refill(cache, slot, flags);
	object = array_pop(array);
	cpu_leave(slot);
	return object;
}

// What is owed to the user: checks, zeros. object: the stride's start, or NULL.
static inline void *object_hand_out(
	struct kmem_cache *cache, void *object, gfp_t flags, const void *caller)
{
	if (unlikely(!object))
		return NULL;
	object = debug_alloc(cache, object, caller);
	if (unlikely((flags & __GFP_ZERO) || cache->init_on_alloc))
		memset(object, 0, cache->object_size);
	return object;
}

void *cache_alloc(struct kmem_cache *cache, gfp_t flags, const void *caller)
{
	return object_hand_out(cache, array_alloc_object(cache, flags), flags, caller);
}

void *cache_alloc_node(struct kmem_cache *cache, gfp_t flags, unsigned node, const void *caller)
{
	void *object;

	if (node == cpu_slot(cpu_current())->node)
		return cache_alloc(cache, flags, caller);
	object = node_take_object(cache, cache->node[node]);
	if (!object)
		object = node_grow_for_object(cache, flags, node);
	if (!object)
		object = fallback_alloc(cache, flags, node);
	return object_hand_out(cache, object, flags, caller);
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	return object_hand_out(cache, array_alloc_object(cache, flags), flags, CALLER);
}

// This CPU's array is full: its oldest objects go to the shared array, or to the slabs where that
// is full or missing.
static void cache_flusharray(struct kmem_cache *cache, struct cpu_slot *slot,
	struct array_cache *array, struct cds_list_head *doomed)
{
	struct kmem_cache_node *node = cache->node[slot->node];
	struct array_cache *shared;
	unsigned count = array->batchcount;

	lock_take(&node->list_lock);
	shared = IS_ENABLED(CONFIG_SLAB_SHARED) ? node->shared : NULL;
	if (shared && shared->avail < shared->limit) {
		if (count > shared->limit - shared->avail)
			count = shared->limit - shared->avail;
		memcpy(shared->entry + shared->avail, array->entry, count * sizeof(void *));
		array_set_avail(shared, shared->avail + count);
	} else {
		free_block(cache, array->entry, count, node, doomed);
	}
	lock_release(&node->list_lock);
	array_shift(array, count);
}

// The array is full, or the object another node's. The slot is held.
static __attribute__((noinline)) void cache_free_slow(
	struct kmem_cache *cache, struct cpu_slot *slot, void *object)
{
	struct array_cache *array = cpu_array(cache, slot);
	CDS_LIST_HEAD(doomed);

	if (address_to_node(object) != slot->node) {
		cache_free_remote(cache, slot, object, &doomed);
	} else {
		cache_flusharray(cache, slot, array, &doomed);
		array->entry[array->avail++] = object;
	}
	cpu_leave(slot);
	slabs_destroy(cache, &doomed);
}

static inline void array_free_object(struct kmem_cache *cache, void *object)
{
	struct cpu_slot *slot;
	struct array_cache *array;

	if (unlikely(cache->init_on_free))
		memset((char *)object + cache->obj_offset, 0, cache->object_size);
	slot = cpu_enter();
	array = cpu_array(cache, slot);
	if (unlikely(array->avail >= array->limit || address_to_node(object) != slot->node)) {
		cache_free_slow(cache, slot, object);
		return;
	}
	array->entry[array->avail++] = object;
	cpu_leave(slot);
}

void cache_free(struct kmem_cache *cache, void *object, const void *caller)
{
	object = debug_free(cache, object, caller);
	if (likely(object))
		array_free_object(cache, object);
}

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	object = debug_free(cache, object, CALLER);
	if (likely(object))
		array_free_object(cache, object);
}
