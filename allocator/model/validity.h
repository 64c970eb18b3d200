// SPDX-License-Identifier: GPL-2.0-or-later
// What must hold of a cache at any moment when no thread is inside it. For tests.
#ifndef SLAB_VALIDITY_H
#define SLAB_VALIDITY_H

#include "types.h"

// Where a cache's objects are.
struct census {
	unsigned long slabs;
	unsigned long in_slabs; // free, named by their slabs' freelists
	unsigned long in_arrays; // in CPUs', shared and alien arrays
	unsigned long handed_out;
};

// Counts every object of the cache. Returns NULL when all is sound, else a sentence on the first
// thing that is not: lists, counts and freelists agree, each free object is in exactly one place,
// arrays hold nothing foreign.
const char *cache_check(struct kmem_cache *cache, struct census *census);

// Objects with users, over all caches: the allocator's own structures are among them, but for the
// freelists that lie off their slabs: those come and go with the slabs. Aborts when a cache is not
// sound.
unsigned long handed_out_everywhere(void);

#endif
