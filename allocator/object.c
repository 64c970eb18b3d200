// SPDX-License-Identifier: GPL-2.0-or-later
// An object's way out and back: from this CPU's array while it has any, else by a refill from the
// node's shared array or slabs, else from a new slab, else from another node; and back into this
// CPU's array, which is flushed when full. The fast path is in object_fast.h.
//
// Debug, zeroing and messages are kept out of the paths below: debug_alloc() and debug_free() are
// empty in other configs.
#include "object.h"

#include <string.h>

#include "array/array_cache.h"
#include "array/remote.h"
#include "debug/debug.h"
#include "host/report.h"
#include "host/topology.h"
#include "node.h"
#include "object_fast.h"
#include "policy.h"
#include "slab.h"

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

static void refill_from_slabs(struct kmem_cache *cache, struct kmem_cache_node *node,
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
}

// Fills an empty array from the node's shared array or, where that has nothing, its slabs.
static void node_refill(struct kmem_cache *cache, struct kmem_cache_node *node,
	struct array_cache *array, unsigned batch)
{
	if (node_is_empty(node))
		return;
	lock_take(&node->list_lock);
	if (IS_ENABLED(CONFIG_SLAB_SHARED) && node->shared &&
		transfer_objects(array, node->shared, batch))
		node->shared->touched = 1;
	else
		refill_from_slabs(cache, node, array, batch);
	lock_release(&node->list_lock);
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
		STATS_INC(cache, node_allocs);
		STATS_ACTIVE(cache);
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

// From exactly this node, past all arrays: its slabs, else a new one.
static void *node_alloc_object(struct kmem_cache *cache, gfp_t flags, unsigned node)
{
	void *object = node_take_object(cache, cache->node[node]);

	return object ? object : node_grow_for_object(cache, flags, node);
}

// A free slab on the first node of the list that can give one. Returns the node, or -1.
static int grow_anywhere(struct kmem_cache *cache, gfp_t flags, unsigned from)
{
	for (unsigned i = 0; i < topology.nr_nodes; i++) {
		unsigned node = topology.zonelist[from][i];
		struct slab *slab = cache_grow_begin(cache, flags, node);

		if (!slab)
			continue;
		cache_grow_end(cache, slab);
		return (int)node;
	}
	return -1;
}

// The node has no memory left: what nodes have free in their slabs first, nearest first (or from
// where the thread's policy says), then a new slab, the nearest to this CPU. Never another CPU's
// arrays.
static void *fallback_alloc(struct kmem_cache *cache, gfp_t flags)
{
	unsigned here = cpu_slot(cpu_current())->node, from;
	void *object = NULL;

	if (flags & __GFP_THISNODE)
		return NULL;
	from = policy_fallback_node(here);
	while (!object) {
		int grown;

		for (unsigned i = 0; i < topology.nr_nodes && !object; i++) {
			struct kmem_cache_node *node = cache->node[topology.zonelist[from][i]];

			if (__atomic_load_n(&node->free_objects, __ATOMIC_RELAXED) > 0)
				object = node_take_object(cache, node);
		}
		if (object)
			break;
		grown = grow_anywhere(cache, flags, here);
		if (grown < 0)
			return NULL;
		object =
			node_take_object(cache, cache->node[grown]); // or another thread was faster
	}
	return object;
}

static void *alloc_from_node(struct kmem_cache *cache, gfp_t flags, unsigned node)
{
	void *object = node_alloc_object(cache, flags, node);

	return object ? object : fallback_alloc(cache, flags);
}

static unsigned refill_batch(const struct array_cache *array)
{
	if (!array->touched && array->batchcount > REFILL_UNTOUCHED_MAX)
		return REFILL_UNTOUCHED_MAX;
	return array->batchcount;
}

// This CPU's array is empty. The slot is held, and left before a new slab is made; the thread may
// go on on another CPU then, and starts again there if the slab turns out to be another node's. The
// array may be another one then, too, and a smaller one: its batch is asked for anew.
static __attribute__((noinline)) void *cache_alloc_refill(
	struct kmem_cache *cache, struct cpu_slot *slot, gfp_t flags)
{
	for (;;) {
		struct array_cache *array = cpu_array(cache, slot);
		unsigned batch = refill_batch(array), node = slot->node;
		struct slab *slab;

		if (array->avail == 0)
			node_refill(cache, cache->node[node], array, batch);
		if (array->avail == 0) {
			cpu_leave(slot);
			slab = cache_grow_begin(cache, flags, node);
			if (!slab)
				return alloc_from_node(cache, flags, node);
			slot = cpu_enter();
			array = cpu_array(cache, slot);
			if (array->avail == 0 && slot->node == node)
				slab_take_block(cache, slab, array, refill_batch(array));
			cache_grow_end(cache, slab);
		}
		if (likely(array->avail > 0)) {
			void *object = array_pop(array);

			cpu_leave(slot);
			return object;
		}
	}
}

// The way that always works.
static inline void *array_alloc_locked(struct kmem_cache *cache, gfp_t flags)
{
	struct cpu_slot *slot = cpu_enter();
	struct array_cache *array = cpu_array(cache, slot);
	void *object;

	if (unlikely(array->avail == 0)) {
		STATS_INC(cache, allocmiss);
		return cache_alloc_refill(cache, slot, flags);
	}
	STATS_INC(cache, allochit);
	object = array_pop(array);
	cpu_leave(slot);
	return object;
}

static inline void *array_alloc_object(struct kmem_cache *cache, gfp_t flags)
{
	void *object;

	if (!percpu_pop_one(&cache->cpu_cache, &object))
		return array_alloc_locked(cache, flags);
	SEQUENCES_ACQUIRE();
	STATS_INC(cache, allochit);
	return object;
}

// A thread with a memory policy: the policy says where from, object by object. Where its node and
// that node's fallback have nothing, the object is asked for as if there were no policy: this CPU's
// array may still hold one.
static __attribute__((noinline)) void *policy_alloc_object(struct kmem_cache *cache, gfp_t flags)
{
	unsigned here = cpu_slot(cpu_current())->node;
	int node = (flags & __GFP_THISNODE) ? POLICY_NONE : policy_node(cache, here);
	void *object = NULL;

	if (node != POLICY_NONE && (unsigned)node != here)
		object = alloc_from_node(cache, flags, (unsigned)node);
	return object ? object : array_alloc_object(cache, flags);
}

static inline void *alloc_object(struct kmem_cache *cache, gfp_t flags)
{
	if (unlikely(policy_is_set))
		return policy_alloc_object(cache, flags);
	return array_alloc_object(cache, flags);
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

void *cache_alloc_slow(struct kmem_cache *cache, gfp_t flags, const void *caller)
{
	return object_hand_out(cache, alloc_object(cache, flags), flags, caller);
}

void *cache_alloc(struct kmem_cache *cache, gfp_t flags, const void *caller)
{
	return cache_alloc_fast(cache, flags, caller);
}

void *cache_alloc_here(struct kmem_cache *cache, gfp_t flags, const void *caller)
{
	return object_hand_out(cache, array_alloc_object(cache, flags), flags, caller);
}

void *cache_alloc_node(struct kmem_cache *cache, gfp_t flags, unsigned node, const void *caller)
{
	void *object;

	if (node == cpu_slot(cpu_current())->node)
		object = array_alloc_object(cache, flags);
	else
		object = alloc_from_node(cache, flags, node);
	return object_hand_out(cache, object, flags, caller);
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	return cache_alloc_fast(cache, flags, CALLER);
}

void *kmem_cache_alloc_node(struct kmem_cache *cache, gfp_t flags, int node)
{
	if (node < 0)
		return cache_alloc_here(cache, flags, CALLER);
	if ((unsigned)node >= topology.nr_nodes)
		return NULL;
	return cache_alloc_node(cache, flags, (unsigned)node, CALLER);
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
	STATS_RAISE(cache, max_freeable, node->free_slabs);
	lock_release(&node->list_lock);
	array_shift(array, count);
}

// Whether the object is the array's newest entry: freed twice in a row. Costs a compare.
static bool is_newest_entry(const struct array_cache *array, const void *object)
{
	return IS_ENABLED(CONFIG_SLAB_FREELIST_HARDENED) && array->avail > 0 &&
	       array->entry[array->avail - 1] == object;
}

static __attribute__((noinline, cold)) void report_double_free(
	const struct kmem_cache *cache, const void *object)
{
	report("cache '%s': object %p freed twice", cache->name, object);
}

// The array is full, or the object another node's. The slot is held.
static __attribute__((noinline)) void array_free_slow(
	struct kmem_cache *cache, struct cpu_slot *slot, void *object)
{
	struct array_cache *array = cpu_array(cache, slot);
	CDS_LIST_HEAD(doomed);

	if (address_to_node(object) != slot->node) {
		cache_free_remote(cache, slot, object, &doomed);
	} else {
		STATS_INC(cache, freemiss);
		cache_flusharray(cache, slot, array, &doomed);
		array_push(array, object);
	}
	cpu_leave(slot);
	slabs_destroy(cache, &doomed);
}

// The way that always works.
static inline void array_free_locked(struct kmem_cache *cache, void *object)
{
	struct cpu_slot *slot = cpu_enter();
	struct array_cache *array = cpu_array(cache, slot);

	if (unlikely(is_newest_entry(array, object))) {
		cpu_leave(slot);
		report_double_free(cache, object);
		return;
	}
	if (unlikely(array->avail >= array->limit || address_to_node(object) != slot->node)) {
		array_free_slow(cache, slot, object);
		return;
	}
	STATS_INC(cache, freehit);
	array_push(array, object);
	cpu_leave(slot);
}

static inline void array_free_object(struct kmem_cache *cache, void *object)
{
	if (unlikely(cache->init_on_free))
		memset((char *)object + cache->obj_offset, 0, cache->object_size);
	if (!array_free_by_sequence(cache, &cache->cpu_cache, object))
		array_free_locked(cache, object);
}

void cache_free_slow(struct kmem_cache *cache, void *object, const void *caller)
{
	object = debug_free(cache, object, caller);
	if (likely(object))
		array_free_object(cache, object);
}

void cache_free(struct kmem_cache *cache, void *object, const void *caller)
{
	cache_free_fast(cache, object, caller);
}

// Whether a hardened build sees that the pointer is no object of this cache; says so.
static bool is_wrong_cache(const struct kmem_cache *cache, const void *object)
{
	const struct kmem_cache *found;
	const struct slab *slab;

	if (!IS_ENABLED(CONFIG_SLAB_FREELIST_HARDENED) || !object)
		return false;
	slab = pages_contain(object) ? address_to_slab(object) : NULL;
	found = slab ? slab->cache : NULL;
	if (likely(found == cache))
		return false;
	report("kmem_cache_free('%s', %p): an object of %s%s", cache->name, object,
		found ? "cache " : "no cache", found ? found->name : "");
	return true;
}

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	if (unlikely(is_wrong_cache(cache, object)))
		return;
	cache_free_fast(cache, object, CALLER);
}
