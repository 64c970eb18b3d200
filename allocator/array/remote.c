// SPDX-License-Identifier: GPL-2.0-or-later
// Frees of another node's objects. With alien arrays they wait in one for their home and travel in
// blocks; without, each goes straight to its slab under the home node's list_lock.
#include "array/remote.h"

#include "array/array_cache.h"
#include "host/topology.h"
#include "node.h"
#include "own.h"
#include "probe.h"
#include "slab.h"

// Entries of an alien array; fixed when it is made.
#define ALIEN_LIMIT 12

// Alien lock held. First what fits into the home's shared array, so that its CPUs find it; the rest
// to the slabs.
static void alien_send_home(struct kmem_cache *cache, struct array_cache *array, unsigned home,
	struct cds_list_head *doomed)
{
	struct kmem_cache_node *node = cache->node[home];

	if (array->avail == 0)
		return;
	list_lock_take(node);
	count_add(&node->counts->alien_drains, 1);
	PROBE(alien_drain, cache, home, array->avail);
	if (IS_ENABLED(CONFIG_SLAB_SHARED) && node->shared)
		transfer_objects(node->shared, array, node->shared->limit);
	free_block(cache, array->entry, array->avail, node, doomed);
	array_set_avail(array, 0);
	lock_release(&node->list_lock);
}

void drain_alien_cache(struct kmem_cache *cache, struct alien_cache *alien, unsigned home,
	struct cds_list_head *doomed)
{
	lock_take(&alien->lock);
	alien_send_home(cache, &alien->array, home, doomed);
	lock_release(&alien->lock);
}

void drain_aliens(struct kmem_cache *cache, struct alien_cache **alien)
{
	for (unsigned home = 0; alien && home < topology.nr_nodes; home++) {
		CDS_LIST_HEAD(doomed);

		if (!alien[home])
			continue;
		drain_alien_cache(cache, alien[home], home, &doomed);
		slabs_destroy(cache, &doomed);
	}
}

static void alien_push(struct kmem_cache *cache, struct cpu_slot *slot, struct alien_cache *alien,
	void *object, struct cds_list_head *doomed)
{
	unsigned home = address_to_node(object);
	struct array_cache *array = &alien->array;

	lock_take(&alien->lock);
	if (array->avail == array->limit) {
		STATS_INC(cache, node_overflow);
		count_add(&cpu_counts(slot)->alien_overflows, 1);
		PROBE_ALIEN(alien_overflow, cache, slot->node, home, array->avail);
		alien_send_home(cache, array, home, doomed);
	}
	array_push(array, object);
	lock_release(&alien->lock);
}

// The slot that the caller holds keeps them from being freed.
static struct alien_cache **aliens_of(struct kmem_cache_node *node)
{
	return IS_ENABLED(CONFIG_SLAB_ALIEN) ? __atomic_load_n(&node->alien, __ATOMIC_ACQUIRE)
					     : NULL;
}

void remote_free(
	struct kmem_cache *cache, struct cpu_slot *slot, void *object, struct cds_list_head *doomed)
{
	unsigned home = address_to_node(object);
	struct alien_cache **alien = aliens_of(cache->node[slot->node]);
	struct kmem_cache_node *node = cache->node[home];

	STATS_INC(cache, node_frees);
	count_add(&cpu_counts(slot)->remote_frees[home], 1);
	if (alien && alien[home]) {
		alien_push(cache, slot, alien[home], object, doomed);
		return;
	}
	list_lock_take(node);
	free_block(cache, &object, 1, node, doomed);
	lock_release(&node->list_lock);
}

static struct alien_cache *alien_alloc(unsigned node, unsigned limit)
{
	struct alien_cache *alien = own_alloc(sizeof(*alien) + limit * sizeof(void *), node);

	if (!alien)
		return NULL;
	lock_init(&alien->lock, LOCK_OF_ALIEN);
	array_init(&alien->array, limit, 0);
	return alien;
}

struct alien_cache **aliens_alloc(unsigned node, unsigned cache_limit)
{
	struct alien_cache **alien =
		own_alloc(topology.nr_nodes * sizeof(struct alien_cache *), node);

	if (!alien)
		return NULL;
	for (unsigned home = 0; home < topology.nr_nodes; home++) {
		if (home == node)
			continue;
		alien[home] = alien_alloc(node, cache_limit > 1 ? ALIEN_LIMIT : 1);
		if (!alien[home]) {
			aliens_free(alien);
			return NULL;
		}
	}
	return alien;
}

void aliens_free(struct alien_cache **alien)
{
	if (!alien)
		return;
	for (unsigned home = 0; home < topology.nr_nodes; home++)
		own_free(alien[home]);
	own_free(alien);
}
