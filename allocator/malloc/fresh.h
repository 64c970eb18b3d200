// SPDX-License-Identifier: GPL-2.0-or-later
// Objects that nobody has written to since their memory came from the system: calloc() leaves their
// zeros, and so their pages, untouched. Of each object of a page and more a bit in its slab's
// descriptor says so, until the object is handed out for the first time. One that was in an array and
// has gone back may have held its slab's freelist, in its first bytes.
#ifndef SLAB_MALLOC_FRESH_H
#define SLAB_MALLOC_FRESH_H

#include <stdbool.h>
#include <string.h>

#include "host/pages.h"
#include "slab.h"
#include "types.h"

#define FRESH_BYTES_MIN PAGE_SIZE
#define FRESH_BITS      16 // slabs of such objects have no more of them

// An object that is handed out. *is_zeroed, unless NULL: becomes true if it is all zeros.
static inline void fresh_take(const struct kmem_cache *cache, void *object, bool *is_zeroed)
{
	struct slab *slab = address_to_slab(object);
	struct page *page = slab_page(slab);
	unsigned index = object_index(cache, slab, object);
	uint16_t bit = index < FRESH_BITS ? (uint16_t)(1u << index) : 0;

	if (!(__atomic_load_n(&page->fresh, __ATOMIC_RELAXED) & bit))
		return;
	__atomic_fetch_and(&page->fresh, (uint16_t)~bit, __ATOMIC_RELAXED);
	if (!is_zeroed)
		return;
	memset(object, 0, cache->num);
	*is_zeroed = true;
}

#endif
