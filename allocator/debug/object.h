// SPDX-License-Identifier: GPL-2.0-or-later
// What an object carries in the debug config, for debug.c and slab.c: poison, red zones, last
// user. An object is named by the start of its stride here; content() is what the user sees.
#ifndef SLAB_DEBUG_OBJECT_H
#define SLAB_DEBUG_OBJECT_H

#include "slab.h"

// The object's first byte for the user.
static inline unsigned char *content(const struct kmem_cache *cache, const void *object)
{
	return (unsigned char *)object + cache->obj_offset;
}

static inline unsigned index_of(const struct kmem_cache *cache, const void *object)
{
	return object_index(cache, address_to_slab(object), object);
}

struct user_text {
	char text[32];
};

// Who had the object last, for messages; "unknown" where nobody had or the cache keeps no such
// word.
struct user_text last_user(const struct kmem_cache *cache, const void *object);

// caller: an address in the user's code; NULL for nobody.
void set_user(const struct kmem_cache *cache, void *object, const void *caller);

// The looks of a free object and of one on its way out.
void paint_free(const struct kmem_cache *cache, void *object);
void paint_in_use(const struct kmem_cache *cache, void *object);

// Whether the red zones, where there are any, say that the object is free.
bool red_zones_say_free(const struct kmem_cache *cache, const void *object);

// Reports the first byte of a free object that was written to. from: the object's bytes before it
// are the freelist's. when: ends the sentence "found …".
void check_free(const struct kmem_cache *cache, void *object, unsigned from, const char *when);

// Reports the first byte beyond an object in use that was written to.
void check_in_use(const struct kmem_cache *cache, void *object);

#endif
