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

const char *slab_config_name(void)
{
	return "broken";
}

const char *slab_config_description(void)
{
	return "hands out one object again and again";
}

int slab_set_mempolicy(enum slab_mempolicy mode, unsigned long nodes)
{
	(void)mode;
	(void)nodes;
	return 0;
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

unsigned int kmem_cache_size(struct kmem_cache *cache)
{
	(void)cache;
	return sizeof(the_object);
}

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

void *krealloc(const void *object, size_t size, gfp_t flags)
{
	(void)object;
	return kmalloc(size, flags);
}
