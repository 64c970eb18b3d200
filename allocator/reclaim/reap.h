// SPDX-License-Identifier: GPL-2.0-or-later
// A little at a time: what was not used since the last look is given back.
#ifndef SLAB_RECLAIM_REAP_H
#define SLAB_RECLAIM_REAP_H

#include "types.h"

// One reap pass of a CPU over every cache, newest first. is_due: the node's shared arrays and free
// slabs are looked at whether their time has come or not; otherwise not at all.
void cache_reap_now(unsigned cpu, bool is_due);

// When a node of a new cache is looked at first: a period from now, and a part of one that depends
// on the cache's address, so that not all caches' turns come in the same pass.
uint64_t first_reap_ns(const struct kmem_cache *cache);

#endif
