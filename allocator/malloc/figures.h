// SPDX-License-Identifier: GPL-2.0-or-later
// What the heap holds: counted when asked for, cache by cache; other threads may go on meanwhile.
#ifndef SLAB_MALLOC_FIGURES_H
#define SLAB_MALLOC_FIGURES_H

#include <stddef.h>

#include "malloc/large.h"

// Of one size of objects.
struct class_figures {
	size_t size; // bytes of an object
	size_t in_use; // objects that the program holds
	size_t in_arrays; // free, ready for a CPU
	size_t in_slabs; // free otherwise
	size_t slab_bytes; // memory of all its slabs
};

struct heap_figures {
	size_t used_bytes; // of objects that the program holds
	size_t array_bytes, slab_bytes; // of free objects
	size_t free_objects;
	size_t page_bytes; // of all slabs, the allocator's own too
	size_t idle_bytes; // free memory that could be given back
	struct large_figures large;
};

struct kmem_cache;

// Both inside the gate.
void class_count(struct kmem_cache *cache, struct class_figures *figures);
void heap_count(struct heap_figures *figures);

#endif
