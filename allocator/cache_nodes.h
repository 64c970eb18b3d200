// SPDX-License-Identifier: GPL-2.0-or-later
// A cache's nodes: their structures and their arrays, made, renewed and given back.
#ifndef SLAB_CACHE_NODES_H
#define SLAB_CACHE_NODES_H

#include "types.h"

// Node structures without arrays, as every cache has them from its first moment. Returns 0, or
// -ENOMEM with what was made in place.
int cache_alloc_nodes(struct kmem_cache *cache);

// Gives back every node structure with its arrays, as far as there are any. The cache has no slabs.
void cache_free_nodes(struct kmem_cache *cache);

// Makes the arrays that a node of a cache lacks, with `force_shared` the shared one anew, and sets
// its free_limit. slab_mutex held. Returns 0 or -ENOMEM.
int cache_set_up_node(struct kmem_cache *cache, unsigned number, bool force_shared);

// Online nodes' set-up of a cache: shared and alien arrays as its numbers ask for, free_limit. The
// old shared arrays' objects go to the slabs. Returns 0 or -ENOMEM.
int cache_set_up_nodes(struct kmem_cache *cache);

#endif
