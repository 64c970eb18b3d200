// SPDX-License-Identifier: GPL-2.0-or-later
// An object's way out and back. Both ways are ladders: each rung is tried when the one above it
// has nothing, or no room.
//
// The way out:
//
//   kmem_cache_alloc, kmalloc    a user's call
//     cache_alloc_fast           inlined: pop_by_sequence(), where nothing else is owed to the user
//     cache_alloc_slow           everything else: the thread's policy; then debug's checks, zeros
//       local_alloc              this CPU's array:
//         pop_by_sequence          again, for objects that are owed more than the pop
//         pop_under_lock           the sequence gave up: under the slot's lock
//         cache_alloc_refill       the array is empty: a batch from the node's shared array, its
//                                  slabs, or a new slab
//       alloc_from_node          past all arrays: a given node, then the others (fallback.c)
//
// The way back:
//
//   kmem_cache_free, kfree       a user's call
//     cache_free_fast            inlined: push_by_sequence(), where nothing else is to be done
//     cache_free_slow            everything else: debug's checks
//       local_free               zeros; this CPU's array:
//         push_by_sequence         again, for objects that needed more than the push
//         push_under_lock          the sequence gave up: under the slot's lock
//         free_without_room        the array is full, or the object another node's:
//           cache_flusharray         full: its oldest go to the shared array, or to the slabs
//           remote_free              another node's: to an alien array, or home (array/remote.c)
//
// The sequences are in object_fast.h and array/percpu.h; kmem_cache_alloc_node and kmalloc_node
// enter at local_alloc or alloc_from_node. Debug, zeroing and messages stay out of the lower rungs:
// debug_alloc() and debug_free() are empty in other configs.
#include "object.h"

#include <string.h>

#include "array/array_cache.h"
#include "array/remote.h"
#include "debug/debug.h"
#include "fallback.h"
#include "host/report.h"
#include "host/topology.h"
#include "node.h"
#include "nonshared/copy.h"
#include "object_fast.h"
#include "policy.h"
#include "probe.h"
#include "slab.h"

// ---- refilling

// An untouched array takes this much at first: the CPU may never come back for more.
#define REFILL_UNTOUCHED_MAX 16

// Whether a refill can skip the lists and grow at once. A guess without the lock.
static bool node_is_empty(const struct kmem_cache_node *node)
{
	const struct array_cache *shared =
		IS_ENABLED(CONFIG_SLAB_SHARED) ? __atomic_load_n(&node->shared, __ATOMIC_ACQUIRE)
					       : NULL;

	return __atomic_load_n(&node->free_objects, __ATOMIC_RELAXED) == 0 &&
	       (!shared || __atomic_load_n(&shared->avail, __ATOMIC_RELAXED) == 0);
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
	list_lock_take(node);
	if (IS_ENABLED(CONFIG_SLAB_SHARED) && node->shared &&
		transfer_objects(array, node->shared, batch)) {
		node->shared->touched = 1;
		count_add(&node->counts->shared_hits, 1);
	} else {
		refill_from_slabs(cache, node, array, batch);
	}
	lock_release(&node->list_lock);
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
			void *object;

			PROBE(refill, cache, slot->node, array->avail);
			object = array_pop(array);
			cpu_leave(slot);
			return object;
		}
	}
}

// ---- the way out

// The way that always works.
static inline void *pop_under_lock(struct kmem_cache *cache, gfp_t flags)
{
	struct cpu_slot *slot = cpu_enter();
	struct array_cache *array = cpu_array(cache, slot);
	void *object;

	if (unlikely(array->avail == 0)) {
		STATS_INC(cache, allocmiss);
		count_add(&cpu_counts(slot)->refills, 1);
		return cache_alloc_refill(cache, slot, flags);
	}
	object = array_pop(array);
	cpu_array_count_pops(cache, array, 1);
	cpu_leave(slot);
	return object;
}

static inline void *local_alloc(struct kmem_cache *cache, gfp_t flags)
{
	void *object;

	if (pop_by_sequence(&cache->cpu_cache, &object))
		return object;
	return pop_under_lock(cache, flags);
}

// A thread with a memory policy: the policy says where from, object by object. Where its node and
// that node's fallback have nothing, the object is asked for as if there were no policy: this CPU's
// array may still hold one.
static __attribute__((noinline)) void *policy_alloc(struct kmem_cache *cache, gfp_t flags)
{
	unsigned here = cpu_slot(cpu_current())->node;
	int node = (flags & __GFP_THISNODE) ? POLICY_NONE : policy_node(cache, here);
	void *object = NULL;

	if (node != POLICY_NONE && (unsigned)node != here)
		object = alloc_from_node(cache, flags, (unsigned)node);
	return object ? object : local_alloc(cache, flags);
}

// A caller of __GFP_NOFAIL does not look at the result. The kernel would wait until somebody frees
// memory; nobody may, here.
static __attribute__((noinline, cold)) void *out_of_memory(
	const struct kmem_cache *cache, gfp_t flags)
{
	if (flags & __GFP_NOFAIL)
		report_fatal("no memory for an object of cache '%s', asked for with __GFP_NOFAIL",
			cache->name);
	return NULL;
}

// Under init_on_alloc a constructor's work stays even where zeros are asked for, as in the kernel.
static bool is_zero_wanted(const struct kmem_cache *cache, gfp_t flags)
{
	if (flags & __GFP_ZERO)
		return !cache->ctor || !slab_options.init_on_alloc;
	return cache->init_on_alloc;
}

// What is owed to the user: checks, zeros. object: the stride's start, or NULL.
static inline void *object_hand_out(
	struct kmem_cache *cache, void *object, gfp_t flags, const void *caller)
{
	if (unlikely(!object))
		return out_of_memory(cache, flags);
	object = debug_alloc(cache, object, caller);
	if (unlikely(is_zero_wanted(cache, flags)))
		memset(object, 0, cache->object_size);
	return object;
}

void *cache_alloc_slow(struct kmem_cache *cache, gfp_t flags, const void *caller)
{
	void *object =
		unlikely(has_policy()) ? policy_alloc(cache, flags) : local_alloc(cache, flags);

	return object_hand_out(cache, object, flags, caller);
}

void *cache_alloc(struct kmem_cache *cache, gfp_t flags, const void *caller)
{
	return cache_alloc_fast(cache, flags, caller);
}

void *cache_alloc_local(struct kmem_cache *cache, gfp_t flags, const void *caller)
{
	return object_hand_out(cache, local_alloc(cache, flags), flags, caller);
}

void *cache_alloc_node(struct kmem_cache *cache, gfp_t flags, unsigned node, const void *caller)
{
	void *object;

	if (node == cpu_slot(cpu_current())->node)
		object = local_alloc(cache, flags);
	else
		object = alloc_from_node(cache, flags, node);
	return object_hand_out(cache, object, flags, caller);
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	return cache_alloc_fast(cache, flags, CALLER);
}
FOR_PROGRAMS(kmem_cache_alloc);

void *kmem_cache_alloc_node(struct kmem_cache *cache, gfp_t flags, int node)
{
	if (node < 0)
		return cache_alloc_local(cache, flags, CALLER);
	if ((unsigned)node >= topology.nr_nodes)
		return NULL;
	return cache_alloc_node(cache, flags, (unsigned)node, CALLER);
}

// ---- the way back

// This CPU's array is full: its oldest objects go to the shared array, or to the slabs where that
// is full or missing.
static void cache_flusharray(struct kmem_cache *cache, struct cpu_slot *slot,
	struct array_cache *array, struct cds_list_head *doomed)
{
	struct kmem_cache_node *node = cache->node[slot->node];
	struct array_cache *shared;
	unsigned count = array->batchcount;

	list_lock_take(node);
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
	count_add(&node->counts->flushes, 1);
	lock_release(&node->list_lock);
	array_shift(array, count);
	PROBE(flush, cache, slot->node, count);
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
static __attribute__((noinline)) void free_without_room(
	struct kmem_cache *cache, struct cpu_slot *slot, void *object)
{
	struct array_cache *array = cpu_array(cache, slot);
	CDS_LIST_HEAD(doomed);

	if (address_to_node(object) != slot->node) {
		remote_free(cache, slot, object, &doomed);
	} else {
		STATS_INC(cache, freemiss);
		cpu_array_carry_hits(cache, array);
		cache_flusharray(cache, slot, array, &doomed);
		array_push(array, object);
	}
	cpu_leave(slot);
	slabs_destroy(cache, &doomed);
}

// The way that always works.
static inline void push_under_lock(struct kmem_cache *cache, void *object)
{
	struct cpu_slot *slot = cpu_enter();
	struct array_cache *array = cpu_array(cache, slot);

	if (unlikely(is_newest_entry(array, object))) {
		cpu_leave(slot);
		report_double_free(cache, object);
		return;
	}
	if (unlikely(array->avail >= array->limit || address_to_node(object) != slot->node)) {
		free_without_room(cache, slot, object);
		return;
	}
	array_push(array, object);
	cpu_array_count_pushes(array, 1);
	cpu_leave(slot);
}

static inline void local_free(struct kmem_cache *cache, void *object)
{
	if (unlikely(cache->init_on_free))
		memset((char *)object + cache->obj_offset, 0, cache->object_size);
	if (!push_by_sequence(&cache->cpu_cache, object))
		push_under_lock(cache, object);
}

void cache_free_slow(struct kmem_cache *cache, void *object, const void *caller)
{
	object = debug_free(cache, object, caller);
	if (likely(object))
		local_free(cache, object);
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
FOR_PROGRAMS(kmem_cache_free);
