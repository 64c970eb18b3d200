// SPDX-License-Identifier: GPL-2.0-or-later
// A cache's nodes. A cache has a structure for each node from its first moment, and gets the
// node's shared and alien arrays later, when its limits are set. This file makes both, replaces
// them on a live cache, and gives them back.
#include "cache_nodes.h"

#include <errno.h>

#include "array/array_cache.h"
#include "array/remote.h"
#include "host/topology.h"
#include "node.h"
#include "own.h"
#include "reclaim/reap.h"
#include "slab.h"

// ---- structures

// Two caches are made before kmalloc serves node structures.
#define BOOT_CACHES 2

static struct kmem_cache_node boot_nodes[BOOT_CACHES][NODES_MAX];

// The node structures of the caches that kmalloc itself needs: static, until kmalloc can hand out
// better ones.
static struct kmem_cache_node *boot_node(unsigned node)
{
	struct kmem_cache_node *made = &boot_nodes[slab_state == DOWN ? 0 : 1][node];

	kmem_cache_node_init(made, node);
	return made;
}

static struct kmem_cache_node *node_alloc(
	struct kmem_cache *cache, unsigned node, struct node_counts *counts)
{
	struct kmem_cache_node *made;

	if (slab_state < PARTIAL_NODE) {
		made = boot_node(node);
	} else {
		made = own_alloc(sizeof(*made), node);
		if (!made)
			return NULL;
		kmem_cache_node_init(made, node);
	}
	made->counts = counts;
	made->free_limit = node_free_limit(cache, node);
	made->next_reap_ns = first_reap_ns(cache);
	return made;
}

int cache_alloc_nodes(struct kmem_cache *cache)
{
	struct node_counts *counts = counts_alloc();

	if (!counts)
		return -ENOMEM;
	for (unsigned node = 0; node < topology.nr_nodes; node++) {
		cache->node[node] = node_alloc(cache, node, &counts[node]);
		if (cache->node[node])
			continue;
		if (node == 0)
			counts_free(counts); // else the first node has them
		return -ENOMEM;
	}
	return 0;
}

static void node_release(struct kmem_cache_node *node)
{
	if (!node || !pages_contain(node))
		return;
	own_free(node->shared);
	aliens_free(node->alien);
	own_free(node);
}

void cache_free_nodes(struct kmem_cache *cache)
{
	struct node_counts *counts = cache->node[0] ? cache->node[0]->counts : NULL;

	for (unsigned node = 0; node < topology.nr_nodes; node++) {
		node_release(cache->node[node]);
		cache->node[node] = NULL;
	}
	counts_free(counts);
}

// ---- arrays

static bool uses_aliens(void)
{
	return IS_ENABLED(CONFIG_SLAB_ALIEN) && topology.nr_nodes > 1 && !slab_options.noaliencache;
}

// New arrays take the place of what is missing, and of the shared one if asked; what the old one
// held goes to the slabs. The caller gets back what is not needed any more.
static void node_replace_arrays(struct kmem_cache *cache, struct kmem_cache_node *node,
	bool force_shared, struct array_cache **shared, struct alien_cache ***alien)
{
	struct array_cache *old = node->shared;
	CDS_LIST_HEAD(doomed);

	list_lock_take(node);
	if (old && force_shared)
		free_block(cache, old->entry, old->avail, node, &doomed);
	if (!old || force_shared) {
		__atomic_store_n(&node->shared, *shared, __ATOMIC_RELEASE);
		*shared = old;
	}
	if (!node->alien) {
		__atomic_store_n(&node->alien, *alien, __ATOMIC_RELEASE);
		*alien = NULL;
	}
	lock_release(&node->list_lock);
	slabs_destroy(cache, &doomed);
}

int cache_set_up_node(struct kmem_cache *cache, unsigned number, bool force_shared)
{
	struct kmem_cache_node *node = cache->node[number];
	struct array_cache *shared = NULL;
	struct alien_cache **alien = NULL;
	int error = -ENOMEM;

	if (uses_aliens()) {
		alien = aliens_alloc(number, cache->limit);
		if (!alien)
			goto out;
	}
	if (cache->shared > 0) {
		shared = array_alloc(number, cache->shared * cache->batchcount, 0);
		if (!shared)
			goto out;
	}
	list_lock_take(node);
	node->free_limit = node_free_limit(cache, number);
	lock_release(&node->list_lock);
	node_replace_arrays(cache, node, force_shared, &shared, &alien);
	if (shared)
		cpu_slots_wait(); // a refill may still be looking at the old one
	error = 0;
out:
	own_free(shared);
	aliens_free(alien);
	return error;
}

int cache_set_up_nodes(struct kmem_cache *cache)
{
	for (unsigned node = 0; node < topology.nr_nodes; node++) {
		int error = cache_set_up_node(cache, node, true);

		if (error)
			return error;
	}
	return 0;
}
