// SPDX-License-Identifier: GPL-2.0-or-later
// The caches behind kmalloc.
#ifndef SLAB_KMALLOC_H
#define SLAB_KMALLOC_H

#include "types.h"

// The cache that serves `size` bytes, NULL where there is none (yet). size is not 0.
struct kmem_cache *kmalloc_slab(size_t size, gfp_t flags);

// Creates the kmalloc cache that serves `size` bytes, then all that are missing. Bootstrap only.
int kmalloc_create_for(size_t size);
int kmalloc_create_all(void);

// Lets users have them. When the start is over.
void kmalloc_publish(void);

#endif
