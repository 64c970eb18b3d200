// SPDX-License-Identifier: GPL-2.0-or-later
// Caches: set up, created, shared and destroyed.
#ifndef SLAB_CACHE_H
#define SLAB_CACHE_H

#include "types.h"

// Fills in a zeroed cache whose name, object_size, ctor and usercopy region are set: geometry,
// arrays, node structures as slab_state allows. slab_mutex held, or bootstrap. Returns 0 or a
// negative errno after giving back what it had taken.
int cache_set_up(struct kmem_cache *cache, unsigned align, slab_flags_t flags);

// Sets a cache's limit, batchcount and shared by the size of its objects.
void choose_limits(struct kmem_cache *cache);

struct cache_request {
	const char *name; // copied
	unsigned size;
	unsigned align;
	slab_flags_t flags;
	unsigned useroffset;
	unsigned usersize;
	void (*ctor)(void *object);
};

// kmem_cache_create_usercopy() without the start and the message of a failure. slab_mutex held.
// *error is a negative errno where NULL is returned.
struct kmem_cache *cache_create(const struct cache_request *wish, int *error);

// kmem_cache_destroy() without the messages. slab_mutex held. Returns 0 when the cache is gone,
// -EBUSY when objects remain, 1 when another reference does or it had been refused before.
int cache_destroy(struct kmem_cache *cache);

#endif
