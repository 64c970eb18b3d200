// SPDX-License-Identifier: GPL-2.0-or-later
// Filling and clearing of the block map.
#include "malloc/block_map.h"

#include <errno.h>
#include <sys/mman.h>

_Static_assert((PAGE_SIZE << MAX_ORDER) + BLOCK_OFFSET_ZERO <= 1u << BLOCK_CLASS_SHIFT,
	"an entry's offset has no room for every page of the largest slab");

static const struct kmem_cache no_cache;

struct block_map block_map = {.cache = {&no_cache}};

// The number of a cache; 0 for one that malloc does not use.
static uint32_t class_of(const struct kmem_cache *cache)
{
	for (uint32_t i = 1; i < BLOCK_CLASSES_MAX && block_map.cache[i]; i++)
		if (block_map.cache[i] == cache)
			return i;
	return 0;
}

void block_map_add(const struct kmem_cache *cache)
{
	for (uint32_t i = 1; i < BLOCK_CLASSES_MAX; i++) {
		if (block_map.cache[i] == cache)
			return;
		if (!block_map.cache[i]) {
			block_map.cache[i] = cache;
			return;
		}
	}
	report_fatal("libslabmalloc has more than %d caches", BLOCK_CLASSES_MAX - 1);
}

int block_map_init(void)
{
	size_t bytes = (page_map.bytes >> PAGE_SHIFT) * sizeof(*block_map.entry);
	void *entries = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (entries == MAP_FAILED)
		return -ENOMEM;
	block_map.entry = entries;
	block_map.base = page_map.base;
	block_map.bytes = page_map.bytes;
	return 0;
}

static uint32_t *first_entry(struct slab *slab)
{
	return &block_map.entry[(size_t)(slab_address(slab) - block_map.base) >> PAGE_SHIFT];
}

bool block_map_enter(struct slab *slab)
{
	uint32_t class = class_of(slab->cache), *entry = first_entry(slab);
	uint32_t colour = (uint32_t)(slab->s_mem - slab_address(slab));

	if (!class)
		return false;
	for (uint32_t page = 0; page < 1u << slab->cache->gfporder; page++)
		__atomic_store_n(&entry[page],
			class << BLOCK_CLASS_SHIFT |
				(BLOCK_OFFSET_ZERO + (page << PAGE_SHIFT) - colour),
			__ATOMIC_RELAXED);
	return true;
}

static void slab_leave(struct kmem_cache *cache, struct slab *slab)
{
	uint32_t *entry;

	if (!block_map.entry)
		return; // still starting
	entry = first_entry(slab);
	for (uint32_t page = 0; page < 1u << cache->gfporder; page++)
		__atomic_store_n(&entry[page], 0, __ATOMIC_RELAXED);
}

void block_map_observe(void)
{
	slab_observer.destroyed = slab_leave;
}
