// SPDX-License-Identifier: GPL-2.0-or-later
// A cache's slabs on one node: which one is next, where one belongs, and blocks of objects that
// come back.
#ifndef SLAB_NODE_H
#define SLAB_NODE_H

#include "types.h"

void kmem_cache_node_init(struct kmem_cache_node *node, unsigned number);

static inline void list_lock_take(struct kmem_cache_node *node)
{
	bool was_taken = !lock_try(&node->list_lock);

	if (unlikely(was_taken))
		lock_take_slow(&node->list_lock);
	count_add(&node->counts->list_lock_takes, 1);
	count_add(&node->counts->list_lock_contended, was_taken);
}

// list_lock held; a refill reads the count without it, as a hint.
static inline void node_add_free_objects(struct kmem_cache_node *node, long count)
{
	__atomic_store_n(
		&node->free_objects, node->free_objects + (unsigned long)count, __ATOMIC_RELAXED);
}

// How many free objects a node may keep in its slabs: a batch for each CPU and one more, and a
// slab.
unsigned node_free_limit(const struct kmem_cache *cache, unsigned node);

// The slab to take objects from next: the first partial, else the first free one; NULL. list_lock
// held.
struct slab *node_first_slab(struct kmem_cache_node *node);

// Moves up to `max` objects from the slab's freelist to the array's top. Returns how many.
// list_lock held, or the slab is on no list.
unsigned slab_take_block(
	struct kmem_cache *cache, struct slab *slab, struct array_cache *array, unsigned max);

// Accounts and links a slab that cache_grow_begin() made. Takes list_lock. NULL does nothing.
void cache_grow_end(struct kmem_cache *cache, struct slab *slab);

// Puts a slab that objects were taken from where it belongs: head of partial or of full. list_lock
// held.
void node_relink_slab(struct kmem_cache *cache, struct kmem_cache_node *node, struct slab *slab);

// Gives `count` objects of this node back to their slabs; slabs beyond free_limit go to *doomed.
// list_lock held.
void free_block(struct kmem_cache *cache, void **objects, unsigned count,
	struct kmem_cache_node *node, struct cds_list_head *doomed);

// Destroys up to `max` free slabs of the node, those from the list's tail first. Takes list_lock;
// no other lock held but slab_mutex. Returns how many.
unsigned long node_destroy_free_slabs(
	struct kmem_cache *cache, struct kmem_cache_node *node, unsigned long max);

// Gives a whole array's objects, all of this node, back to the slabs. Takes list_lock.
void drain_array(struct kmem_cache *cache, struct array_cache *array, struct kmem_cache_node *node,
	struct cds_list_head *doomed);

#endif
