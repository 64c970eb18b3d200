// SPDX-License-Identifier: GPL-2.0-or-later
// Filling and clearing of the block map.
#include "malloc/block_map.h"

#include <errno.h>
#include <string.h>

#include "host/pages.h"
#include "host/report.h"
#include "host/reserve.h"
#include "host/topology.h"

_Static_assert((uint64_t)2 * (PAGE_SIZE << MAX_ORDER) <= UINT32_MAX >> BLOCK_CLASS_BITS &&
		       BLOCK_CLASSES_MAX <= 1 << BLOCK_CLASS_BITS,
	"an entry has no room for every page of the largest slab, or every class");

struct block_map block_map;

// The number of a cache's class; 0 for one that malloc does not use.
static uint32_t class_of(const struct kmem_cache *cache)
{
	for (uint32_t i = 1; i < BLOCK_CLASSES_MAX && block_map.class[i].cache; i++)
		if (block_map.class[i].cache == cache)
			return i;
	return 0;
}

void block_map_add(struct kmem_cache *cache)
{
	uint32_t i = 1;

	while (i < BLOCK_CLASSES_MAX && block_map.class[i].cache &&
		block_map.class[i].cache != cache)
		i++;
	if (i == BLOCK_CLASSES_MAX)
		report_fatal("libslabmalloc has more than %d caches", BLOCK_CLASSES_MAX - 1);
	block_map.class[i] =
		(struct block_class){.size_divisor = cache->size_divisor, .cache = cache};
}

// Gives entries memory as their pages come into use: a map for all addresses at once would count
// against limits, and be locked with the rest by mlockall(2).
static bool commit(size_t from, size_t count)
{
	if (!reserve_commit(&block_map.entry[from], count * sizeof(*block_map.entry)))
		return false;
	if (topology.nr_nodes == 1)
		__atomic_store_n(&block_map.bytes, (from + count) << PAGE_SHIFT, __ATOMIC_RELEASE);
	return true;
}

static bool commit_what_is_used(void)
{
	size_t pages_a_node = (size_t)1 << (page_map.node_shift - PAGE_SHIFT);

	for (unsigned node = 0; node < topology.nr_nodes; node++)
		if (pages_committed(node) && !commit(node * pages_a_node, pages_committed(node)))
			return false;
	return true;
}

// On a machine of several nodes the map has holes between their memory, which can be read.
static bool fill_holes(void *entries, size_t bytes)
{
	return topology.nr_nodes == 1 || reserve_read(entries, bytes);
}

int block_map_init(void)
{
	size_t arenas = (size_t)topology.nr_nodes << page_map.node_shift;
	size_t bytes = (arenas >> PAGE_SHIFT) * sizeof(*block_map.entry);
	struct block_entry *entries = reserve(bytes, PAGE_SIZE);

	if (!entries)
		return -ENOMEM;
	block_map.entry = entries;
	block_map.base = page_map.base;
	if (!fill_holes(entries, bytes) || !commit_what_is_used()) {
		reserve_release(entries, bytes);
		block_map.entry = NULL;
		return -ENOMEM;
	}
	block_map.bytes = page_map.bytes;
	block_map.entry_of_zero =
		(uintptr_t)block_map.entry -
		((uintptr_t)page_map.base >> PAGE_SHIFT) * sizeof(*block_map.entry);
	pages_prepare = commit;
	return 0;
}

static struct block_entry *first_entry(struct slab *slab)
{
	return &block_map.entry[(size_t)(slab_address(slab) - block_map.base) >> PAGE_SHIFT];
}

bool block_map_enter(struct slab *slab)
{
	const struct kmem_cache *cache = slab->cache;
	uint32_t colour = (uint32_t)(slab->s_mem - slab_address(slab));
	uint32_t from = (colour + cache->size - 1) / cache->size * cache->size - colour;
	uint32_t class = class_of(cache);
	struct block_entry *entry = first_entry(slab);

	if (!class)
		return false;
	for (uint32_t page = 0; page < 1u << cache->gfporder; page++)
		entry[page] = (struct block_entry){.cpu_quick = (uint32_t)cache->cpu_quick,
			.place = (from + (page << PAGE_SHIFT)) << BLOCK_CLASS_BITS | class};
	return true;
}

static void slab_leave(struct kmem_cache *cache, struct slab *slab)
{
	if (block_map.entry) // else still starting
		memset(first_entry(slab), 0, sizeof(struct block_entry) << cache->gfporder);
}

void block_map_observe(void)
{
	slab_observer.destroyed = slab_leave;
}
