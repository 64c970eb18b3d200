// SPDX-License-Identifier: GPL-2.0-or-later
// Many objects at once, one by one: no peer's interface has more.
#include <limits.h>
#include <slab/slab.h>

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
	if (!cache) {
		kfree_bulk(count, objects);
		return;
	}
	for (size_t i = 0; i < count; i++)
		kmem_cache_free(cache, objects[i]);
}

void kfree_bulk(size_t count, void **objects)
{
	for (size_t i = 0; i < count; i++)
		kfree(objects[i]);
}
