// SPDX-License-Identifier: GPL-2.0-or-later
// Reaping gives back, a little at a time, what nobody has used since the last look. A pass is one
// CPU's: its alien array for one other node (they take turns), its own array, and, when the
// node's time has come, the node's shared array and some of its free slabs.
#include "reclaim/reap.h"

#include <time.h>

#include "array/array_cache.h"
#include "array/remote.h"
#include "bootstrap.h"
#include "host/topology.h"
#include "node.h"
#include "probe.h"
#include "slab.h"

// A node's shared array and free slabs are looked at every four seconds.
#define REAP_NODE_PERIOD_MS UINT64_C(4000)
#define REAP_NODE_PERIOD_NS (REAP_NODE_PERIOD_MS * 1000000)

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static unsigned part_of(const struct array_cache *array)
{
	unsigned count = (array->limit + 4) / 5;

	return count > array->avail ? (array->avail + 1) / 2 : count;
}

// Gives an array's objects back partly, by what was used of late; all of this node. Takes
// list_lock.
static void drain_array_partly(struct kmem_cache *cache, struct array_cache *array,
	struct kmem_cache_node *node, struct cds_list_head *doomed)
{
	if (!array)
		return;
	list_lock_take(node);
	if (array->avail > 0 && array->touched) {
		array->touched = 0;
	} else if (array->avail > 0) {
		unsigned count = part_of(array);

		free_block(cache, array->entry, count, node, doomed);
		array_shift(array, count);
		PROBE(drain, cache, node->number, count);
	}
	lock_release(&node->list_lock);
}

static void reap_alien(
	struct kmem_cache *cache, const struct cpu_slot *slot, struct cds_list_head *doomed)
{
	struct alien_cache **alien = cache->node[slot->node]->alien;
	unsigned home = slot->reap_node;

	if (alien && alien[home])
		drain_alien_cache(cache, alien[home], home, doomed);
}

// An empty array's CPU is left in peace: to reach it may cost it an interrupt.
static void reap_array(
	struct kmem_cache *cache, struct cpu_slot *slot, struct cds_list_head *doomed)
{
	if (__atomic_load_n(&cpu_array(cache, slot)->avail, __ATOMIC_RELAXED) == 0)
		return;
	cpu_enter_other(slot);
	cpu_array_carry_hits(cache, cpu_array(cache, slot));
	drain_array_partly(cache, cpu_array(cache, slot), cache->node[slot->node], doomed);
	cpu_leave(slot);
}

// A fifth of what the node may keep, in slabs, unless a free slab was used since the last look.
static void reap_free_slabs(struct kmem_cache *cache, struct kmem_cache_node *node)
{
	unsigned long max = (node->free_limit + 5 * cache->num - 1) / (5 * cache->num);
	unsigned long count;
	bool was_touched;

	list_lock_take(node);
	was_touched = node->free_touched;
	node->free_touched = false;
	lock_release(&node->list_lock);
	if (was_touched)
		return;
	count = node_destroy_free_slabs(cache, node, max);
	STATS_ADD(cache, reaped, count);
	count_add(&node->counts->reaped, count);
	PROBE(reap, cache, node->number, count);
}

// Whether the node's turn has come; then its next one is set.
static bool node_is_due(struct kmem_cache_node *node, bool is_forced)
{
	uint64_t now = now_ns();

	if (!is_forced && node->next_reap_ns > now)
		return false;
	node->next_reap_ns = now + REAP_NODE_PERIOD_NS;
	return true;
}

enum reap_kind { REAP_BY_TIME, REAP_DUE, REAP_EARLY };

static void reap_cache(struct kmem_cache *cache, struct cpu_slot *slot, enum reap_kind kind)
{
	struct kmem_cache_node *node = cache->node[slot->node];
	CDS_LIST_HEAD(doomed);

	reap_alien(cache, slot, &doomed);
	slabs_destroy(cache, &doomed);
	reap_array(cache, slot, &doomed);
	slabs_destroy(cache, &doomed);
	if (kind == REAP_EARLY || !node_is_due(node, kind == REAP_DUE))
		return;
	drain_array_partly(cache, node->shared, node, &doomed);
	slabs_destroy(cache, &doomed);
	reap_free_slabs(cache, node);
}

static void reap_pass(unsigned cpu, enum reap_kind kind)
{
	struct cpu_slot *slot = cpu_slot(cpu);
	struct kmem_cache *cache;

	pthread_mutex_lock(&slab_mutex);
	cds_list_for_each_entry(cache, &slab_caches, list)
		if (!slab_observer.is_reaped || slab_observer.is_reaped(cache))
			reap_cache(cache, slot, kind);
	slot->reap_node = (slot->reap_node + 1) % topology.nr_nodes;
	pthread_mutex_unlock(&slab_mutex);
}

void cache_reap_now(unsigned cpu, bool is_due)
{
	reap_pass(cpu, is_due ? REAP_DUE : REAP_EARLY);
}

uint64_t first_reap_ns(const struct kmem_cache *cache)
{
	return now_ns() + REAP_NODE_PERIOD_NS + (uintptr_t)cache % REAP_NODE_PERIOD_MS * 1000000;
}

void slab_reap(void)
{
	if (!slab_start())
		return;
	for_each_cpu(cpu)
		if (cpu_is_online(cpu))
			reap_pass(cpu, REAP_BY_TIME);
	pages_return();
}
