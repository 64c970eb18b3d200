// SPDX-License-Identifier: GPL-2.0-or-later
// The start, slab by slab: which cache gets its first one in which state, and how many entries its
// arrays have at that moment.
#include <stdio.h>

#include "host/topology.h"
#include "kmalloc.h"
#include "types.h"

static const char *const states[] = {"DOWN", "PARTIAL", "PARTIAL_NODE", "UP", "FULL"};

static void grown(struct kmem_cache *cache, struct slab *slab)
{
	if (slab_state < FULL && slab->number == 0)
		printf("%-12s %-12s arrays of %u\n", states[slab_state], cache->name, cache->limit);
}

int main(void)
{
	struct slab_options options;
	struct kmem_cache *cache;

	if (slab_options_default(&options))
		return 2;
	options.topology = "node:1 core:2 pu:1";
	options.cache_line = 64;
	slab_observer.grown = grown;
	if (slab_init(&options))
		return 3;
	cds_list_for_each_entry_reverse(cache, &slab_caches, list)
	{
		if (cache == kmem_cache || cache == kmalloc_slab(sizeof(struct kmem_cache_node), 0))
			printf("%-12s %-12s arrays of %u\n", states[slab_state], cache->name,
				cache->limit);
	}
	return 0;
}
