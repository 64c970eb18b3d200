// SPDX-License-Identifier: GPL-2.0-or-later
// The tests' allocator, on malloc().
#include "fake_slab.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct fake_slab fake;

struct kmem_cache {
	size_t size;
	void (*ctor)(void *object);
};

// An object's memory: a header before it, so that sizes are known and misalignment can be played.
struct header {
	void *memory;
	size_t size;
	const void *maker; // a thread, by the address of a variable of its own
	long node_bytes;
};

static __thread char own_variable;

void fake_reset(void)
{
	memset(&fake, 0, sizeof(fake));
	fake.limit = -1;
	fake_counts_begin();
}

void fake_counts_begin(void)
{
	fake.allocated = fake.freed = fake.remote = fake.by_cache = fake.size_max = 0;
	fake.size_min = LONG_MAX;
	fake.live_max = atomic_load(&fake.live);
}

static struct header *header_of(const void *object)
{
	return (struct header *)((uintptr_t)object / 16 * 16) - 1;
}

void *fake_memory_of(const void *object)
{
	return header_of(object)->memory;
}

static void raise_to(atomic_long *most, long value)
{
	long seen = atomic_load(most);

	while (value > seen && !atomic_compare_exchange_weak(most, &seen, value))
		continue;
}

static void lower_to(atomic_long *least, long value)
{
	long seen = atomic_load(least);

	while (value < seen && !atomic_compare_exchange_weak(least, &seen, value))
		continue;
}

static void fake_count(size_t size, const struct kmem_cache *cache)
{
	raise_to(&fake.live_max, atomic_fetch_add(&fake.live, 1) + 1);
	raise_to(&fake.size_max, (long)size);
	lower_to(&fake.size_min, (long)size);
	if (cache)
		atomic_fetch_add(&fake.by_cache, 1);
}

static void *fake_alloc(size_t size, const struct kmem_cache *cache)
{
	long index = atomic_fetch_add(&fake.allocated, 1);

	if (fake.limit >= 0 && index >= fake.limit) {
		atomic_fetch_sub(&fake.allocated, 1);
		return NULL;
	}
	if (fake.hands_out_twice && index % 2 == 1)
		return fake.last;
	char *memory = malloc(sizeof(struct header) + size + 16);
	struct header *header = (struct header *)memory;
	*header = (struct header){.memory = memory, .size = size, .maker = &own_variable};
	void *object = memory + sizeof(*header) + fake.shift;
	fake_count(size, cache);
	if (cache && cache->ctor)
		cache->ctor(object);
	if (index < FAKE_LOG_MAX) {
		fake.last = object;
		fake.allocation_log[index] = object;
		fake.size_log[index] = size;
	}
	return object;
}

static void fake_free(const void *object)
{
	long index = atomic_fetch_add(&fake.freed, 1);
	const struct header *header = header_of(object);

	atomic_fetch_sub(&fake.live, 1);
	atomic_fetch_sub(&fake.node_bytes, header->node_bytes);
	if (header->maker != &own_variable)
		atomic_fetch_add(&fake.remote, 1);
	if (index < FAKE_LOG_MAX)
		fake.free_log[index] = (void *)object;
	free(header->memory);
}

// ---- caches

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
	slab_flags_t flags, void (*ctor)(void *object))
{
	struct kmem_cache *cache = malloc(sizeof(*cache));

	(void)name;
	(void)align;
	(void)flags;
	*cache = (struct kmem_cache){size, ctor};
	atomic_fetch_add(&fake.caches, 1);
	return cache;
}

struct kmem_cache *kmem_cache_create_usercopy(const char *name, unsigned int size,
	unsigned int align, slab_flags_t flags, unsigned int useroffset, unsigned int usersize,
	void (*ctor)(void *object))
{
	(void)useroffset;
	(void)usersize;
	return kmem_cache_create(name, size, align, flags, ctor);
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	if (cache)
		atomic_fetch_sub(&fake.caches, 1);
	free(cache);
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	(void)flags;
	return fake_alloc(cache->size, cache);
}

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	(void)cache;
	if (object)
		fake_free(object);
}

int kmem_cache_alloc_bulk(struct kmem_cache *cache, gfp_t flags, size_t count, void **objects)
{
	for (size_t i = 0; i < count; i++) {
		objects[i] = kmem_cache_alloc(cache, flags);
		if (!objects[i]) {
			kmem_cache_free_bulk(cache, i, objects);
			return 0;
		}
	}
	return (int)count;
}

void kmem_cache_free_bulk(struct kmem_cache *cache, size_t count, void **objects)
{
	for (size_t i = 0; i < count; i++)
		kmem_cache_free(cache, objects[i]);
}

void *kmem_cache_alloc_node(struct kmem_cache *cache, gfp_t flags, int node)
{
	(void)node;
	return kmem_cache_alloc(cache, flags);
}

unsigned int kmem_cache_size(struct kmem_cache *cache)
{
	return (unsigned)cache->size;
}

int kmem_cache_shrink(struct kmem_cache *cache)
{
	(void)cache;
	return 0;
}

void slab_reap(void)
{
}

ssize_t slabinfo_write(const char *text, size_t bytes)
{
	(void)text;
	return (ssize_t)bytes;
}

// ---- sizes

void *__kmalloc(size_t size, gfp_t flags)
{
	(void)flags;
	return fake_alloc(size, NULL);
}

void *kmalloc_node(size_t size, gfp_t flags, int node)
{
	long bytes = flags & __GFP_THISNODE ? (long)size : 0;
	void *object = NULL;

	(void)node;
	if (atomic_fetch_add(&fake.node_bytes, bytes) + bytes <= FAKE_NODE_BYTES)
		object = fake_alloc(size, NULL);
	if (object)
		header_of(object)->node_bytes = bytes;
	else
		atomic_fetch_sub(&fake.node_bytes, bytes);
	return object;
}

void kfree(const void *object)
{
	if (!ZERO_OR_NULL_PTR(object))
		fake_free(object);
}

void kfree_bulk(size_t count, void **objects)
{
	for (size_t i = 0; i < count; i++)
		kfree(objects[i]);
}

void *krealloc(const void *object, size_t size, gfp_t flags)
{
	void *moved = __kmalloc(size, flags);

	if (moved && object) {
		size_t held = header_of(object)->size;

		memcpy(moved, object, held < size ? held : size);
		kfree(object);
	}
	return moved;
}

size_t ksize(const void *object)
{
	return header_of(object)->size - fake.lacking;
}

// ---- what it says of itself

int slab_counts(struct slab_counts *counts)
{
	*counts = (struct slab_counts){.memory_used = (size_t)atomic_load(&fake.live) * 64};
	return 0;
}

int slab_nodes(void)
{
	return 1;
}

int slab_options_default(struct slab_options *options)
{
	*options = (struct slab_options){.arena_size = FAKE_NODE_BYTES};
	return 0;
}
