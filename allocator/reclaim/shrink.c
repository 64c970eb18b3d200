// SPDX-License-Identifier: GPL-2.0-or-later
// Everything a cache holds back is returned: CPUs' arrays, aliens, shared arrays, then the free
// slabs.
#include "reclaim/shrink.h"

#include <limits.h>

#include "array/array_cache.h"
#include "array/remote.h"
#include "host/topology.h"
#include "node.h"
#include "slab.h"

void drain_cpu_array(struct kmem_cache *cache, const struct cpu_slot *slot,
	struct array_cache *array, struct cds_list_head *doomed)
{
	cpu_array_carry_hits(cache, array);
	if (slot->is_online || array->avail > 0)
		drain_array(cache, array, cache->node[slot->node], doomed);
}

static void drain_cpu(struct kmem_cache *cache, unsigned cpu)
{
	struct cpu_slot *slot = cpu_slot(cpu);
	CDS_LIST_HEAD(doomed);

	cpu_enter_other(slot);
	drain_cpu_array(cache, slot, cpu_array(cache, slot), &doomed);
	cpu_leave(slot);
	slabs_destroy(cache, &doomed);
}

// An empty shared array is passed over: giving nothing back must not trim the node's free slabs,
// which leave later and in another order.
static void drain_node_shared(struct kmem_cache *cache, struct kmem_cache_node *node)
{
	CDS_LIST_HEAD(doomed);

	if (!node->shared || __atomic_load_n(&node->shared->avail, __ATOMIC_RELAXED) == 0)
		return;
	drain_array(cache, node->shared, node, &doomed);
	slabs_destroy(cache, &doomed);
}

static void drain_cpu_caches(struct kmem_cache *cache)
{
	for_each_cpu(cpu)
		drain_cpu(cache, cpu);
	for (unsigned node = 0; node < topology.nr_nodes; node++)
		drain_aliens(cache, cache->node[node]->alien);
	for (unsigned node = 0; node < topology.nr_nodes; node++)
		drain_node_shared(cache, cache->node[node]);
}

static bool node_has_slabs(struct kmem_cache_node *node)
{
	bool has;

	list_lock_take(node);
	has = !cds_list_empty(&node->slabs_partial) || !cds_list_empty(&node->slabs_full);
	lock_release(&node->list_lock);
	return has;
}

int kmem_cache_shrink(struct kmem_cache *cache)
{
	bool is_empty;

	pthread_mutex_lock(&slab_mutex);
	is_empty = cache_shrink(cache);
	pthread_mutex_unlock(&slab_mutex);
	pages_return();
	return is_empty ? 0 : 1;
}

bool cache_shrink(struct kmem_cache *cache)
{
	bool is_empty = true;

	drain_cpu_caches(cache);
	for (unsigned node = 0; node < topology.nr_nodes; node++) {
		node_destroy_free_slabs(cache, cache->node[node], ULONG_MAX);
		is_empty = is_empty && !node_has_slabs(cache->node[node]);
	}
	return is_empty;
}
