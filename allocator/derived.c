// SPDX-License-Identifier: GPL-2.0-or-later
// The calls that are made of other public calls alone, and are therefore the same for the allocator and for the peers:
// bulk, arrays, zeroed and resized memory.
#include "derived.h"

#include <limits.h>
#include <slab/slab.h>
#include <string.h>

int kmem_cache_alloc_bulk(struct kmem_cache *cache, gfp_t flags, size_t count, void **objects)
{
	if (count > INT_MAX)
		return 0;
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
	for (size_t i = 0; i < count; i++) {
		if (cache)
			kmem_cache_free(cache, objects[i]);
		else
			kfree(objects[i]);
	}
}

void kfree_bulk(size_t count, void **objects)
{
	kmem_cache_free_bulk(NULL, count, objects);
}

void *kzalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags | __GFP_ZERO);
}

void *kzalloc_node(size_t size, gfp_t flags, int node)
{
	return kmalloc_node(size, flags | __GFP_ZERO, node);
}

void *kmalloc_array(size_t count, size_t size, gfp_t flags)
{
	size_t bytes;

	return __builtin_mul_overflow(count, size, &bytes) ? NULL : kmalloc(bytes, flags);
}

void *kmalloc_array_node(size_t count, size_t size, gfp_t flags, int node)
{
	size_t bytes;

	return __builtin_mul_overflow(count, size, &bytes) ? NULL
							   : kmalloc_node(bytes, flags, node);
}

void *kcalloc(size_t count, size_t size, gfp_t flags)
{
	return kmalloc_array(count, size, flags | __GFP_ZERO);
}

void *kcalloc_node(size_t count, size_t size, gfp_t flags, int node)
{
	return kmalloc_array_node(count, size, flags | __GFP_ZERO, node);
}

void *krealloc(const void *object, size_t size, gfp_t flags)
{
	size_t old = 0;
	void *made;

	if (size == 0) {
		kfree(object);
		return ZERO_SIZE_PTR;
	}
	if (!ZERO_OR_NULL_PTR(object) && !object_room(object, "krealloc", &old))
		return NULL;
	if (old >= size)
		return (void *)object;
	made = kmalloc(size, flags);
	if (made && old > 0)
		memcpy(made, object, old);
	if (made)
		kfree(object);
	return made;
}
