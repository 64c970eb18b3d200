// SPDX-License-Identifier: GPL-2.0-or-later
// An object from a given node, past all arrays, and from the other nodes when that one has nothing
// left. Threads come here that have a policy or name a node, and those whose own node is out of
// memory.
#include "fallback.h"

#include "host/topology.h"
#include "node.h"
#include "policy.h"
#include "slab.h"

// One object from the node's slabs; NULL when it has none. is_fallback: another node was asked
// first.
static void *node_take_object(
	struct kmem_cache *cache, struct kmem_cache_node *node, bool is_fallback)
{
	struct slab *slab;
	void *object = NULL;

	list_lock_take(node);
	slab = node_first_slab(node);
	if (slab) {
		object = slab_get_object(cache, slab);
		node_add_free_objects(node, -1);
		STATS_INC(cache, node_allocs);
		count_add(&node->counts->fallbacks, is_fallback);
		STATS_ACTIVE(cache, 1);
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

// What nodes have free in their slabs, nearest to `from` first.
static void *take_anywhere(struct kmem_cache *cache, unsigned from)
{
	for (unsigned i = 0; i < topology.nr_nodes; i++) {
		struct kmem_cache_node *node = cache->node[topology.zonelist[from][i]];
		void *object = NULL;

		if (__atomic_load_n(&node->free_objects, __ATOMIC_RELAXED) > 0)
			object = node_take_object(cache, node, true);
		if (object)
			return object;
	}
	return NULL;
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

// The node has no memory left. Nodes give first what they have free in their slabs, the nearest
// node first, or the one that the thread's policy names. Then the node nearest to this CPU that has
// memory makes a new slab. Other CPUs' arrays are left alone.
static void *fallback_alloc(struct kmem_cache *cache, gfp_t flags)
{
	unsigned here = cpu_slot(cpu_current())->node, from;
	void *object;

	if (flags & __GFP_THISNODE)
		return NULL;
	from = policy_fallback_node(here);
	do {
		int grown;

		object = take_anywhere(cache, from);
		if (object)
			break;
		grown = grow_anywhere(cache, flags, here);
		if (grown < 0)
			return NULL;
		object = node_take_object(cache, cache->node[grown], true);
	} while (!object); // another thread was faster
	return object;
}

void *alloc_from_node(struct kmem_cache *cache, gfp_t flags, unsigned node)
{
	void *object = node_take_object(cache, cache->node[node], false);

	if (!object)
		object = node_grow_for_object(cache, flags, node);
	return object ? object : fallback_alloc(cache, flags);
}
