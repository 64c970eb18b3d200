// SPDX-License-Identifier: GPL-2.0-or-later
// A peer's cache: a size and an alignment, for peers/malloc.c and for callers that have its functions
// inline (peers/inline_malloc).
#ifndef SLAB_PEERS_MALLOC_CACHE_H
#define SLAB_PEERS_MALLOC_CACHE_H

#include <stdbool.h>
#include <stddef.h>

struct kmem_cache {
	size_t size;
	bool is_special; // its objects are aligned or constructed: malloc alone does not do
	size_t align; // 0: malloc's own
	void (*ctor)(void *object);
};

#endif
