// SPDX-License-Identifier: GPL-2.0-or-later
// All at once: everything that a cache holds back is returned.
#ifndef SLAB_RECLAIM_SHRINK_H
#define SLAB_RECLAIM_SHRINK_H

#include "types.h"

// Returns every array's objects to their slabs, then destroys every free slab. slab_mutex held.
// Returns true when no slab is left.
bool cache_shrink(struct kmem_cache *cache);

// Gives back what a CPU's array holds; nobody else uses it. An online CPU's array counts even when
// it is empty: giving nothing back still trims free slabs above free_limit, as it does in the
// kernel. Of a CPU that is down only what a thread left there counts. Takes list_lock.
void drain_cpu_array(struct kmem_cache *cache, const struct cpu_slot *slot,
	struct array_cache *array, struct cds_list_head *doomed);

#endif
