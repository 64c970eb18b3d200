// SPDX-License-Identifier: GPL-2.0-or-later
// What the allocator tells of itself beside slabinfo: what it has counted, in total and by node,
// memory and what that is made of, caches' layout. Counts are added up when somebody asks: those of
// CPUs lie behind their slots, those of nodes in every cache (counts.h).
#include <errno.h>
#include <string.h>

#include "bootstrap.h"
#include "host/backing.h"
#include "host/topology.h"
#include "types.h"

static void add_caches(unsigned node, struct slab_node_counts *counts)
{
	struct node_counts sum = *counts_retired(node);
	struct kmem_cache *cache;

	cds_list_for_each_entry(cache, &slab_caches, list)
		counts_add(&sum, cache->node[node]->counts);
	counts->shared_hits = sum.shared_hits;
	counts->flushes = sum.flushes;
	counts->alien_drains = sum.alien_drains;
	counts->fallbacks = sum.fallbacks;
	counts->grown = sum.grown;
	counts->reaped = sum.reaped;
	counts->list_lock_takes = sum.list_lock_takes;
	counts->list_lock_contended = sum.list_lock_contended;
}

static void add_cpus(unsigned node, struct slab_node_counts *counts)
{
	for_each_cpu(cpu) {
		const struct cpu_counts *own = cpu_counts(cpu_slot(cpu));

		if (cpu_slot(cpu)->node != node)
			continue;
		counts->refills += count_read(&own->refills);
		counts->alien_overflows += count_read(&own->alien_overflows);
	}
}

// slab_mutex held.
static void node_sum(unsigned node, struct slab_node_counts *counts)
{
	*counts = (struct slab_node_counts){.refills = 0};
	add_caches(node, counts);
	add_cpus(node, counts);
}

static unsigned long remote_frees_of(unsigned cpu, unsigned home)
{
	return count_read(&cpu_counts(cpu_slot(cpu))->remote_frees[home]);
}

static void add_node(unsigned node, struct slab_counts *counts)
{
	struct slab_node_counts of_node;

	node_sum(node, &of_node);
	counts->refills += of_node.refills;
	counts->shared_hits += of_node.shared_hits;
	counts->flushes += of_node.flushes;
	counts->alien_overflows += of_node.alien_overflows;
	counts->alien_drains += of_node.alien_drains;
	counts->fallbacks += of_node.fallbacks;
	counts->grown += of_node.grown;
	counts->reaped += of_node.reaped;
	counts->list_lock_takes += of_node.list_lock_takes;
	for_each_cpu(cpu)
		counts->remote_frees += remote_frees_of(cpu, node);
}

static void add_memory(unsigned node, struct slab_counts *counts)
{
	counts->memory_used += pages_used(node) << PAGE_SHIFT;
	counts->memory_committed += pages_committed(node) << PAGE_SHIFT;
	counts->memory_returned += pages_returned(node) << PAGE_SHIFT;
}

int slab_counts(struct slab_counts *counts)
{
	*counts = (struct slab_counts){
		.contended_cpu = lock_contended(LOCK_OF_CPU),
		.contended_list = lock_contended(LOCK_OF_LIST),
		.contended_alien = lock_contended(LOCK_OF_ALIEN),
		.contended_arena = lock_contended(LOCK_OF_ARENA),
		.sequences_aborted = __atomic_load_n(&cpu_sequences_lost, __ATOMIC_RELAXED),
	};
	pthread_mutex_lock(&slab_mutex);
	for (unsigned node = 0; node < topology.nr_nodes; node++) {
		add_memory(node, counts);
		add_node(node, counts);
	}
	pthread_mutex_unlock(&slab_mutex);
	return 0;
}

int slab_node_counts(unsigned node, struct slab_node_counts *counts)
{
	*counts = (struct slab_node_counts){.refills = 0};
	if (!slab_start())
		return -errno;
	if (node >= topology.nr_nodes)
		return -EINVAL;
	pthread_mutex_lock(&slab_mutex);
	node_sum(node, counts);
	pthread_mutex_unlock(&slab_mutex);
	return 0;
}

int slab_nodes(void)
{
	return slab_start() ? (int)topology.nr_nodes : -errno;
}

int slab_remote_frees(unsigned long *matrix, unsigned nodes)
{
	if (!slab_start())
		return -errno;
	if (!matrix || nodes != topology.nr_nodes)
		return -EINVAL;
	memset(matrix, 0, (size_t)nodes * nodes * sizeof(*matrix));
	for_each_cpu(cpu)
		for (unsigned home = 0; home < nodes; home++)
			matrix[cpu_slot(cpu)->node * nodes + home] += remote_frees_of(cpu, home);
	return 0;
}

int slab_geometry(const struct kmem_cache *cache, struct slab_geometry *geometry)
{
	*geometry = (struct slab_geometry){
		.slab_bytes = PAGE_SIZE << cache->gfporder,
		.objects_per_slab = cache->num,
	};
	return 0;
}

const char *slab_backing(void)
{
	return backing_name();
}
