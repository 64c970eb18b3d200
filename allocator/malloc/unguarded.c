// SPDX-License-Identifier: GPL-2.0-or-later
// Objects straight from the slabs and back, under the node's lock alone.
#include "malloc/unguarded.h"

#include "host/pages.h"
#include "node.h"
#include "slab.h"

static void *take_object(struct kmem_cache *cache, struct kmem_cache_node *node)
{
	struct slab *slab;
	void *object = NULL;

	list_lock_take(node);
	slab = node_first_slab(node);
	if (slab) {
		object = slab_get_object(cache, slab);
		node_add_free_objects(node, -1);
		node_relink_slab(cache, node, slab);
	}
	lock_release(&node->list_lock);
	return object;
}

void *unguarded_alloc(struct kmem_cache *cache)
{
	unsigned node = cpu_slot(cpu_current())->node;
	void *object = take_object(cache, cache->node[node]);
	struct slab *slab;

	if (object)
		return object;
	slab = cache_grow_begin(cache, GFP_KERNEL, node);
	if (!slab)
		return NULL;
	object = slab_get_object(cache, slab);
	cache_grow_end(cache, slab);
	return object;
}

void unguarded_free(struct kmem_cache *cache, void *object)
{
	struct kmem_cache_node *node = cache->node[address_to_node(object)];
	CDS_LIST_HEAD(doomed);

	list_lock_take(node);
	free_block(cache, &object, 1, node, &doomed);
	lock_release(&node->list_lock);
	slabs_destroy(cache, &doomed);
}
