// SPDX-License-Identifier: GPL-2.0-or-later
// New array sizes on a live cache.
#ifndef SLAB_TUNE_H
#define SLAB_TUNE_H

#include "types.h"

// Gives a cache new arrays: CPUs' arrays first, then the nodes'. The old ones' objects go to the
// slabs. slab_mutex held. Returns 0, or -ENOMEM with the old CPU arrays in force.
int do_tune_cpucache(
	struct kmem_cache *cache, unsigned limit, unsigned batchcount, unsigned shared);

// What writing "name limit batchcount shared" to /proc/slabinfo does. slab_mutex held. Returns 0, 1
// for values that are accepted and ignored, or -ENOMEM.
int cache_tune(struct kmem_cache *cache, int limit, int batchcount, int shared);

#endif
