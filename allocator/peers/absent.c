// SPDX-License-Identifier: GPL-2.0-or-later
// What an allocator that is no SLAB answers for what it lacks: nothing to do, -ENOTSUP, or the same
// without the wish. For peers, and for allocators that tests make up.
#include <errno.h>
#include <slab/slab.h>
#include <string.h>

// No caches of sizes: kmalloc() asks __kmalloc() for every size.
struct kmem_cache *slab_kmalloc_caches[NR_KMALLOC_TYPES][KMALLOC_SHIFT_HIGH + 1];

int slab_set_cpu(unsigned cpu)
{
	(void)cpu;
	return -ENOTSUP;
}

const char *slab_cpu_mode(void)
{
	return "none";
}

const char *slab_backing(void)
{
	return "none";
}

struct kmem_cache *kmem_cache_create_usercopy(const char *name, unsigned size, unsigned align,
	slab_flags_t flags, unsigned useroffset, unsigned usersize, void (*ctor)(void *object))
{
	(void)useroffset;
	(void)usersize;
	return kmem_cache_create(name, size, align, flags, ctor);
}

// A peer places memory as it does; the node is a wish.
void *kmem_cache_alloc_node(struct kmem_cache *cache, gfp_t flags, int node)
{
	(void)node;
	return kmem_cache_alloc(cache, flags);
}

void *kmalloc_node(size_t size, gfp_t flags, int node)
{
	(void)node;
	return kmalloc(size, flags);
}

int kmem_cache_shrink(struct kmem_cache *cache)
{
	(void)cache;
	return 1;
}

void slab_reap(void)
{
}

int slab_counts(struct slab_counts *counts)
{
	memset(counts, 0, sizeof(*counts));
	return -ENOTSUP;
}

int slab_node_counts(unsigned node, struct slab_node_counts *counts)
{
	(void)node;
	memset(counts, 0, sizeof(*counts));
	return -ENOTSUP;
}

int slab_nodes(void)
{
	return -ENOTSUP;
}

int slab_remote_frees(unsigned long *matrix, unsigned nodes)
{
	(void)matrix;
	(void)nodes;
	return -ENOTSUP;
}

int slab_geometry(const struct kmem_cache *cache, struct slab_geometry *geometry)
{
	(void)cache;
	memset(geometry, 0, sizeof(*geometry));
	return -ENOTSUP;
}

ssize_t slabinfo_write(const char *text, size_t bytes)
{
	(void)text;
	(void)bytes;
	return -ENOTSUP;
}

int slab_cpu_down(unsigned cpu)
{
	(void)cpu;
	return -ENOTSUP;
}

int slab_cpu_up(unsigned cpu)
{
	(void)cpu;
	return -ENOTSUP;
}

int slab_node_offline(unsigned node)
{
	(void)node;
	return -ENOTSUP;
}

int slab_node_online(unsigned node)
{
	(void)node;
	return -ENOTSUP;
}

int slab_reaper_start(void)
{
	return -ENOTSUP;
}

void slab_reaper_stop(void)
{
}

void slab_set_mem_spread(bool is_on)
{
	(void)is_on;
}

int slabinfo_show(FILE *output)
{
	(void)output;
	return -ENOTSUP;
}
