// SPDX-License-Identifier: GPL-2.0-or-later
// CPUs that go and come back. A CPU that goes leaves its objects to its node's slabs; the last CPU
// of a node takes the node's shared and alien arrays along. A CPU that is down has its slot and
// empty arrays still, so that a thread which the kernel has left there for a moment does no harm.
#include <errno.h>
#include <limits.h>

#include "array/array_cache.h"
#include "array/remote.h"
#include "bootstrap.h"
#include "cache_nodes.h"
#include "host/topology.h"
#include "node.h"
#include "own.h"
#include "probe.h"
#include "slab.h"
#include "types.h"

// The arrays of a node that has lost its last CPU.
struct orphans {
	struct array_cache *shared;
	struct alien_cache **alien;
};

static struct orphans node_drop_arrays(
	struct kmem_cache *cache, struct kmem_cache_node *node, struct cds_list_head *doomed)
{
	struct orphans orphans = {.shared = node->shared, .alien = node->alien};

	if (node->shared)
		free_block(cache, node->shared->entry, node->shared->avail, node, doomed);
	__atomic_store_n(&node->shared, NULL, __ATOMIC_RELEASE);
	__atomic_store_n(&node->alien, NULL, __ATOMIC_RELEASE);
	return orphans;
}

static void cpu_leave_cache(struct kmem_cache *cache, struct cpu_slot *slot, bool was_last)
{
	struct kmem_cache_node *node = cache->node[slot->node];
	struct array_cache *array = cpu_array(cache, slot);
	struct orphans orphans = {NULL, NULL};
	CDS_LIST_HEAD(doomed);

	cpu_enter_other(slot);
	cpu_array_carry_hits(cache, array);
	list_lock_take(node);
	node->free_limit -= cache->batchcount;
	PROBE(drain, cache, slot->node, array->avail);
	free_block(cache, array->entry, array->avail, node, &doomed);
	array_set_avail(array, 0);
	if (was_last)
		orphans = node_drop_arrays(cache, node, &doomed);
	lock_release(&node->list_lock);
	cpu_leave(slot);
	if (was_last)
		cpu_slots_wait(); // a thread left on another of the node's CPUs may be using them still
	drain_aliens(cache, orphans.alien);
	slabs_destroy(cache, &doomed);
	own_free(orphans.shared);
	aliens_free(orphans.alien);
}

static void cpu_leave_all(struct cpu_slot *slot)
{
	bool was_last = topology.node_cpus[slot->node] == 0;
	struct kmem_cache *cache;

	cds_list_for_each_entry(cache, &slab_caches, list)
		cpu_leave_cache(cache, slot, was_last);
	cds_list_for_each_entry(cache, &slab_caches, list)
		node_destroy_free_slabs(cache, cache->node[slot->node], ULONG_MAX);
}

int slab_cpu_down(unsigned cpu)
{
	int error = -EINVAL;

	if (!slab_start())
		return -errno;
	pthread_mutex_lock(&slab_mutex);
	if (topology_has_cpu(cpu) && cpu_slot(cpu)->is_online) {
		cpu_slot(cpu)->is_online = false;
		topology.node_cpus[topology.cpu_node[cpu]]--;
		cpu_leave_all(cpu_slot(cpu));
		error = 0;
	}
	pthread_mutex_unlock(&slab_mutex);
	return error;
}

// The arrays are made before the CPU counts as online, so free_limit does not know of it yet.
static int cpu_join_all(unsigned node)
{
	struct kmem_cache *cache;
	int error = 0;

	cds_list_for_each_entry(cache, &slab_caches, list)
		if (!error)
			error = cache_set_up_node(cache, node, false);
	return error;
}

int slab_cpu_up(unsigned cpu)
{
	int error = -EINVAL;

	if (!slab_start())
		return -errno;
	pthread_mutex_lock(&slab_mutex);
	if (topology_has_cpu(cpu) && !cpu_slot(cpu)->is_online) {
		error = cpu_join_all(topology.cpu_node[cpu]);
		if (!error) {
			cpu_slot_start(cpu);
			topology.node_cpus[topology.cpu_node[cpu]]++;
		}
	}
	pthread_mutex_unlock(&slab_mutex);
	return error;
}

// ---- nodes

static bool node_has_objects(struct kmem_cache_node *node)
{
	bool has;

	list_lock_take(node);
	has = node->total_slabs > node->free_slabs;
	lock_release(&node->list_lock);
	return has;
}

// Takes the node's free slabs from every cache. false when a cache has others there.
static bool node_empty(unsigned number)
{
	struct kmem_cache *cache;

	cds_list_for_each_entry(cache, &slab_caches, list) {
		node_destroy_free_slabs(cache, cache->node[number], ULONG_MAX);
		if (node_has_objects(cache->node[number]))
			return false;
	}
	return true;
}

static void node_set_online(unsigned node, bool is_online)
{
	__atomic_store_n(&topology.node_is_online[node], is_online, __ATOMIC_RELAXED);
}

int slab_node_offline(unsigned node)
{
	int error = -EINVAL;

	if (!slab_start())
		return -errno;
	pthread_mutex_lock(&slab_mutex);
	if (node < topology.nr_nodes && topology.node_is_online[node]) {
		node_set_online(node, false);
		error = node_empty(node) ? 0 : -EBUSY;
		if (error)
			node_set_online(node, true);
	}
	pthread_mutex_unlock(&slab_mutex);
	return error;
}

int slab_node_online(unsigned node)
{
	int error = -EINVAL;

	if (!slab_start())
		return -errno;
	pthread_mutex_lock(&slab_mutex);
	if (node < topology.nr_nodes && !topology.node_is_online[node]) {
		node_set_online(node, true);
		error = 0;
	}
	pthread_mutex_unlock(&slab_mutex);
	return error;
}
