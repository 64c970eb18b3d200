// SPDX-License-Identifier: GPL-2.0-or-later
// Merging: a request that an existing cache serves as well gets that cache. Saves half-filled slabs
// where many caches have objects of nearly one size.
#include "merge.h"

// Caches that must be told apart, or whose objects carry more than their bytes.
#define SLAB_NEVER_MERGE                                                                           \
	(SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER | SLAB_TRACE | SLAB_TYPESAFE_BY_RCU |       \
		SLAB_NOLEAKTRACE)

// Must be equal on both sides: they decide which pages a slab gets.
#define SLAB_MERGE_SAME (SLAB_RECLAIM_ACCOUNT | SLAB_CACHE_DMA | SLAB_CACHE_DMA32)

#define WORD 8

static bool slab_unmergeable(const struct kmem_cache *cache)
{
	return cache->is_unmergeable || cache->refcount < 0 || cache->ctor || cache->usersize ||
	       (cache->flags & SLAB_NEVER_MERGE);
}

// Whether objects of `size` (rounded up) at `align` live well in the cache. A difference of a word
// or more would waste what the merge is meant to save.
static bool serves(
	const struct kmem_cache *cache, unsigned size, unsigned align, slab_flags_t flags)
{
	if (slab_unmergeable(cache) || size > cache->size)
		return false;
	if ((flags & SLAB_MERGE_SAME) != (cache->flags & SLAB_MERGE_SAME))
		return false;
	if (cache->size % align != 0 || cache->size - size >= WORD)
		return false;
	return cache->align >= align && cache->align % align == 0;
}

struct kmem_cache *find_mergeable(
	unsigned size, unsigned align, slab_flags_t flags, void (*ctor)(void *object))
{
	struct kmem_cache *cache;

	if (IS_ENABLED(CONFIG_DEBUG_SLAB) || slab_options.slab_nomerge || ctor ||
		(flags & SLAB_NEVER_MERGE))
		return NULL;
	if (size > KMALLOC_MAX_SIZE || align > KMALLOC_MAX_SIZE)
		return NULL; // the sums below stay within 32 bits
	size = (size + WORD - 1) / WORD * WORD;
	align = calculate_alignment(flags, align, size, slab_rules.cache_line);
	size = (size + align - 1) / align * align;
	cds_list_for_each_entry_reverse(
		cache, &slab_caches, list) if (serves(cache, size, align, flags)) return cache;
	return NULL;
}
