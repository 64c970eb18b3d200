// SPDX-License-Identifier: GPL-2.0-or-later
// An allocator that breaks its promises, for the tests of the measured program: every object of a
// cache is the same one, and kmalloc never has memory.
#include <errno.h>
#include <slab/slab.h>
#include <string.h>

// Large enough for the workloads' default size.
static _Alignas(64) char the_object[4096];

int slab_options_default(struct slab_options *options)
{
	memset(options, 0, sizeof(*options));
	return 0;
}

int slab_init(const struct slab_options *options)
{
	(void)options;
	return 0;
}

int slab_set_cpu(unsigned cpu)
{
	(void)cpu;
	return -ENOTSUP;
}

const char *slab_config_name(void)
{
	return "broken";
}

const char *slab_config_description(void)
{
	return "hands out one object again and again";
}

const char *slab_cpu_mode(void)
{
	return "none";
}

const char *slab_backing(void)
{
	return "none";
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

int slab_set_mempolicy(enum slab_mempolicy mode, unsigned long nodes)
{
	(void)mode;
	(void)nodes;
	return 0;
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

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
	slab_flags_t flags, void (*ctor)(void *object))
{
	(void)name;
	(void)align;
	(void)flags;
	(void)ctor;
	return size <= sizeof(the_object) ? (struct kmem_cache *)the_object : NULL;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	(void)cache;
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	(void)cache;
	(void)flags;
	return the_object;
}

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	(void)cache;
	(void)object;
}

int kmem_cache_alloc_bulk(struct kmem_cache *cache, gfp_t flags, size_t count, void **objects)
{
	for (size_t i = 0; i < count; i++)
		objects[i] = kmem_cache_alloc(cache, flags);
	return (int)count;
}

void kmem_cache_free_bulk(struct kmem_cache *cache, size_t count, void **objects)
{
	for (size_t i = 0; i < count; i++)
		kmem_cache_free(cache, objects[i]);
}

unsigned int kmem_cache_size(struct kmem_cache *cache)
{
	(void)cache;
	return sizeof(the_object);
}

// None: kmalloc() asks __kmalloc() for every size.
struct kmem_cache *slab_kmalloc_caches[NR_KMALLOC_TYPES][KMALLOC_SHIFT_HIGH + 1];

void *__kmalloc(size_t size, gfp_t flags)
{
	(void)size;
	(void)flags;
	return NULL;
}

void kfree(const void *object)
{
	(void)object;
}

size_t ksize(const void *object)
{
	(void)object;
	return 0;
}

// ---- what workloads ask for besides

struct kmem_cache *kmem_cache_create_usercopy(const char *name, unsigned int size,
	unsigned int align, slab_flags_t flags, unsigned int useroffset, unsigned int usersize,
	void (*ctor)(void *object))
{
	(void)useroffset;
	(void)usersize;
	return kmem_cache_create(name, size, align, flags, ctor);
}

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

void *krealloc(const void *object, size_t size, gfp_t flags)
{
	(void)object;
	return kmalloc(size, flags);
}

void kfree_bulk(size_t count, void **objects)
{
	(void)count;
	(void)objects;
}

int kmem_cache_shrink(struct kmem_cache *cache)
{
	(void)cache;
	return 1;
}

void slab_reap(void)
{
}

ssize_t slabinfo_write(const char *text, size_t bytes)
{
	(void)text;
	(void)bytes;
	return -ENOTSUP;
}
