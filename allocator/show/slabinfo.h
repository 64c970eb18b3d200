// SPDX-License-Identifier: GPL-2.0-or-later
// A cache's line of slabinfo as numbers.
#ifndef SLAB_SHOW_SLABINFO_H
#define SLAB_SHOW_SLABINFO_H

#include "types.h"

// A line of slabinfo, counted.
struct slabinfo {
	unsigned long active_objs, num_objs, active_slabs, num_slabs, shared_avail;
	unsigned limit, batchcount, shared, objects_per_slab, cache_order;
};

void get_slabinfo(struct kmem_cache *cache, struct slabinfo *info);

#if CONFIG_SLAB_STATS
// The statistics with the hits that the CPUs' arrays hold still. Takes every slot, one after the
// other; slab_mutex held.
void get_cache_stats(struct kmem_cache *cache, struct cache_stats *stats);
#endif

#endif
