// SPDX-License-Identifier: GPL-2.0-or-later
// The calls that are made of other public calls alone, and are therefore the same for the allocator
// and for the peers: arrays, zeroed, resized and wiped memory.
#include "derived.h"

#include <slab/slab.h>
#include <string.h>

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

// As of a password: a compiler must not see that nobody reads the zeros.
void kfree_sensitive(const void *object)
{
	size_t bytes;

	if (ZERO_OR_NULL_PTR(object) || !object_room(object, "kfree_sensitive", &bytes))
		return;
	explicit_bzero((void *)object, bytes);
	kfree(object);
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
