// SPDX-License-Identifier: GPL-2.0-or-later
// The model: who holds which object, and what its owner wrote into it. Too simple to be wrong.
#ifndef SLAB_FUZZ_HOLDINGS_H
#define SLAB_FUZZ_HOLDINGS_H

#include "types.h"

struct holding {
	unsigned char *object; // NULL: nothing
	struct kmem_cache *cache;
	size_t size; // bytes that are the owner's
	unsigned char fill; // what the owner wrote into them
};

struct holdings {
	struct holding *holding; // by the trace's index of the object
	size_t count;
};

// false when memory has run out.
bool holdings_make(struct holdings *holdings, size_t count);
void holdings_free(struct holdings *holdings);

// An object that was just handed out: checks that it may be, and writes into it.
void holding_take(struct holdings *holdings, size_t index, void *object);

// Before it is freed: its owner finds what it wrote.
void holding_verify(const struct holding *holding);

// Verifies all.
void holdings_verify(const struct holdings *holdings);

// How many objects of a cache are held.
unsigned long holdings_of(const struct holdings *holdings, const struct kmem_cache *cache);

#endif
