// SPDX-License-Identifier: GPL-2.0-or-later
// An object's way out and back, for the allocator's other files. Those that are to have the fast
// path inlined include object_fast.h.
#ifndef SLAB_OBJECT_H
#define SLAB_OBJECT_H

#include "types.h"

// Where a user's call came from, for the debug config's reports.
#define CALLER (IS_ENABLED(CONFIG_DEBUG_SLAB) ? __builtin_return_address(0) : NULL)

// The public calls' bodies, out of line. caller: for the debug config's reports.
void *cache_alloc(struct kmem_cache *cache, gfp_t flags, const void *caller);

// The same without a look at the thread's policy, and from a given node.
void *cache_alloc_local(struct kmem_cache *cache, gfp_t flags, const void *caller);
void *cache_alloc_node(struct kmem_cache *cache, gfp_t flags, unsigned node, const void *caller);

#endif
