// SPDX-License-Identifier: GPL-2.0-or-later
// An object from a given node, past all arrays.
#ifndef SLAB_FALLBACK_H
#define SLAB_FALLBACK_H

#include "types.h"

// The node's slabs give the object, else a new slab there, else another node unless flags forbid
// it. Returns the stride's start; NULL when there is no memory. No lock and no slot held.
void *alloc_from_node(struct kmem_cache *cache, gfp_t flags, unsigned node);

#endif
