// SPDX-License-Identifier: GPL-2.0-or-later
// A cache's slabs on one node: three lists and the counts that go with them. Objects leave from the
// head of partial, then from free slabs; they come back in blocks. free_limit bounds how many
// the slabs keep.
#include "node.h"

#include "array/array_cache.h"
#include "debug/debug.h"
#include "host/topology.h"
#include "probe.h"
#include "slab.h"

void kmem_cache_node_init(struct kmem_cache_node *node, unsigned number)
{
	*node = (struct kmem_cache_node){.number = (unsigned char)number};
	lock_init(&node->list_lock, LOCK_OF_LIST);
	CDS_INIT_LIST_HEAD(&node->slabs_partial);
	CDS_INIT_LIST_HEAD(&node->slabs_full);
	CDS_INIT_LIST_HEAD(&node->slabs_free);
}

unsigned node_free_limit(const struct kmem_cache *cache, unsigned node)
{
	return (1 + topology.node_cpus[node]) * cache->batchcount + cache->num;
}

struct slab *node_first_slab(struct kmem_cache_node *node)
{
	if (!cds_list_empty(&node->slabs_partial))
		return cds_list_first_entry(&node->slabs_partial, struct slab, list);
	node->free_touched = true;
	if (cds_list_empty(&node->slabs_free))
		return NULL;
	node->free_slabs--;
	return cds_list_first_entry(&node->slabs_free, struct slab, list);
}

unsigned slab_take_block(
	struct kmem_cache *cache, struct slab *slab, struct array_cache *array, unsigned max)
{
	unsigned left = slab->active < cache->num ? cache->num - slab->active : 0;
	unsigned count = left < max ? left : max;
	void **entry = array->entry + array->avail;

	// SLAB hands out what a slab gave last, first. Under malloc programs get ascending addresses, which
	// processors fetch ahead best.
	for (unsigned i = 0; i < count; i++)
		entry[IS_ENABLED(CONFIG_SLAB_UNDER_MALLOC) ? count - 1 - i : i] =
			slab_get_object(cache, slab);
	array_set_avail(array, array->avail + count);
	STATS_ADD(cache, num_allocations, count);
	STATS_ACTIVE(cache, count);
	return count;
}

void node_relink_slab(struct kmem_cache *cache, struct kmem_cache_node *node, struct slab *slab)
{
	cds_list_del(&slab->list);
	if (slab->active < cache->num) {
		cds_list_add(&slab->list, &node->slabs_partial);
		return;
	}
	cds_list_add(&slab->list, &node->slabs_full);
	if (cache->flags & CFLGS_OBJFREELIST_SLAB) {
		debug_freelist_gone(cache, slab);
		slab->freelist = NULL; // it lay in the object that went last
	}
}

void cache_grow_end(struct kmem_cache *cache, struct slab *slab)
{
	struct kmem_cache_node *node;

	if (!slab)
		return;
	node = cache->node[slab_node(slab)];
	list_lock_take(node);
	node->total_slabs++;
	STATS_INC(cache, grown);
	count_add(&node->counts->grown, 1);
	slab_name_arrays(cache, slab);
	CDS_INIT_LIST_HEAD(&slab->list);
	if (slab->active == 0) {
		cds_list_add_tail(&slab->list, &node->slabs_free);
		node->free_slabs++;
	} else {
		node_relink_slab(cache, node, slab);
	}
	node_add_free_objects(node, cache->num - slab->active);
	lock_release(&node->list_lock);
	PROBE(grow, cache, node->number, cache->num);
}

static void node_put_object(struct kmem_cache *cache, struct kmem_cache_node *node, void *object)
{
	struct slab *slab = address_to_slab(object);

	cds_list_del(&slab->list);
	slab_put_object(cache, slab, object);
	if (slab->active == 0) {
		cds_list_add(&slab->list, &node->slabs_free);
		node->free_slabs++;
	} else {
		cds_list_add_tail(&slab->list, &node->slabs_partial);
	}
}

static struct slab *node_drop_last_free_slab(struct kmem_cache *cache, struct kmem_cache_node *node)
{
	struct slab *slab = cds_list_entry(node->slabs_free.prev, struct slab, list);

	cds_list_del(&slab->list);
	node->total_slabs--;
	node->free_slabs--;
	node_add_free_objects(node, -(long)cache->num);
	return slab;
}

void free_block(struct kmem_cache *cache, void **objects, unsigned count,
	struct kmem_cache_node *node, struct cds_list_head *doomed)
{
	node_add_free_objects(node, count);
	STATS_ADD(cache, num_active, -(unsigned long)count);
	for (unsigned i = 0; i < count; i++)
		node_put_object(cache, node, objects[i]);
	while (node->free_objects > node->free_limit && !cds_list_empty(&node->slabs_free)) {
		struct slab *slab = node_drop_last_free_slab(cache, node);

		cds_list_add(&slab->list, doomed); // the last to leave goes first
	}
}

unsigned long node_destroy_free_slabs(
	struct kmem_cache *cache, struct kmem_cache_node *node, unsigned long max)
{
	unsigned long count = 0;
	CDS_LIST_HEAD(doomed);

	list_lock_take(node);
	for (; count < max && !cds_list_empty(&node->slabs_free); count++) {
		struct slab *slab = node_drop_last_free_slab(cache, node);

		cds_list_add_tail(&slab->list, &doomed);
	}
	lock_release(&node->list_lock);
	slabs_destroy(cache, &doomed);
	return count;
}

void drain_array(struct kmem_cache *cache, struct array_cache *array, struct kmem_cache_node *node,
	struct cds_list_head *doomed)
{
	list_lock_take(node);
	PROBE(drain, cache, node->number, array->avail);
	free_block(cache, array->entry, array->avail, node, doomed);
	array_set_avail(array, 0);
	lock_release(&node->list_lock);
}
