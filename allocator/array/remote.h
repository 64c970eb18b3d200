// SPDX-License-Identifier: GPL-2.0-or-later
// Frees of another node's objects, and the alien arrays in which they wait.
#ifndef SLAB_ARRAY_REMOTE_H
#define SLAB_ARRAY_REMOTE_H

#include "types.h"

// Takes an object home that this CPU's node is not the home of. The slot is held.
void remote_free(struct kmem_cache *cache, struct cpu_slot *slot, void *object,
	struct cds_list_head *doomed);

// The alien arrays of one node: NULL without memory. All empty when they are freed; NULL does
// nothing.
struct alien_cache **aliens_alloc(unsigned node, unsigned cache_limit);
void aliens_free(struct alien_cache **alien);

// Sends home what waits in an alien array of objects of node `home`. Takes its lock and the home's
// list_lock.
void drain_alien_cache(struct kmem_cache *cache, struct alien_cache *alien, unsigned home,
	struct cds_list_head *doomed);

// The same for all alien arrays of a node, NULL for none; destroys what falls due.
void drain_aliens(struct kmem_cache *cache, struct alien_cache **alien);

#endif
