// SPDX-License-Identifier: GPL-2.0-or-later
// What the allocator tells of itself beside slabinfo: contended locks, memory and what that is made
// of, caches' layout.
#include "host/backing.h"
#include "host/topology.h"
#include "types.h"

int slab_counts(struct slab_counts *counts)
{
	*counts = (struct slab_counts){
		.contended_cpu = lock_contended(LOCK_OF_CPU),
		.contended_list = lock_contended(LOCK_OF_LIST),
		.contended_alien = lock_contended(LOCK_OF_ALIEN),
		.contended_arena = lock_contended(LOCK_OF_ARENA),
		.sequences_aborted = __atomic_load_n(&cpu_sequences_lost, __ATOMIC_RELAXED),
	};
	for (unsigned node = 0; node < topology.nr_nodes; node++) {
		counts->memory_used += pages_used(node) << PAGE_SHIFT;
		counts->memory_committed += pages_committed(node) << PAGE_SHIFT;
		counts->memory_returned += pages_returned(node) << PAGE_SHIFT;
	}
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
