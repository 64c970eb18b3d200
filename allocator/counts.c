// SPDX-License-Identifier: GPL-2.0-or-later
// Sums of counts, where those of caches lie, and what is left of them when a cache is gone.
#include "counts.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "host/topology.h"

#define POOL_BYTES ((size_t)64 << 10)

// A cache's counts, or a spare piece of a pool. Pools stay.
union block {
	struct node_counts counts; // [nr_nodes]
	union block *next;
};

// All under slab_mutex.
static union block *spare;
static struct node_counts retired[NODES_MAX];

void counts_add(struct node_counts *sum, const struct node_counts *counts)
{
	count_add(&sum->list_lock_takes, count_read(&counts->list_lock_takes));
	count_add(&sum->list_lock_contended, count_read(&counts->list_lock_contended));
	count_add(&sum->shared_hits, count_read(&counts->shared_hits));
	count_add(&sum->flushes, count_read(&counts->flushes));
	count_add(&sum->alien_drains, count_read(&counts->alien_drains));
	count_add(&sum->fallbacks, count_read(&counts->fallbacks));
	count_add(&sum->grown, count_read(&counts->grown));
	count_add(&sum->reaped, count_read(&counts->reaped));
}

static bool blocks_refill(void)
{
	size_t bytes = topology.nr_nodes * sizeof(struct node_counts);
	char *pool =
		mmap(NULL, POOL_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pool == MAP_FAILED)
		return false;
	for (size_t at = 0; at + bytes <= POOL_BYTES; at += bytes) {
		union block *block = (union block *)(pool + at);

		block->next = spare;
		spare = block;
	}
	return true;
}

struct node_counts *counts_alloc(void)
{
	union block *block;

	if (!spare && !blocks_refill())
		return NULL;
	block = spare;
	if (!block)
		return NULL; // a pool that has no room for one
	spare = block->next;
	memset(block, 0, topology.nr_nodes * sizeof(struct node_counts));
	return &block->counts;
}

void counts_free(struct node_counts *counts)
{
	union block *block = (union block *)counts;

	if (!counts)
		return;
	for (unsigned node = 0; node < topology.nr_nodes; node++)
		counts_add(&retired[node], &counts[node]);
	block->next = spare;
	spare = block;
}

const struct node_counts *counts_retired(unsigned node)
{
	return &retired[node];
}
