// SPDX-License-Identifier: GPL-2.0-or-later
// An object that a workload holds, with what is needed to check and to free it, and rows of them, one
// a thread. `is_checked` is a constant wherever these functions are called, so that the timed code
// has no trace of the checks.
#ifndef WORKLOADS_PARTS_ITEM_H
#define WORKLOADS_PARTS_ITEM_H

#include <slab/slab.h>
#include <stdlib.h>

#include "workloads/pattern.h"
#include "workloads/workload.h"

struct item {
	void *object; // NULL: none
	uint32_t size;
	uint64_t tag; // of the pattern; 0: nothing was written
};

// Makes an object that was just allocated the item's. NULL: there was no memory.
static inline __attribute__((always_inline)) bool item_adopt(struct workload_context *context,
	struct kmem_cache *cache, struct item *item, void *object, size_t size,
	const bool is_checked)
{
	item->object = object;
	if (!object)
		return workload_out_of_memory(context, size);
	item->size = (uint32_t)size;
	item->tag = 0;
	*(volatile char *)item->object = 1;
	if (!is_checked)
		return true;
	item->tag = pattern_tag(context, ++context->checked);
	return pattern_write(context, item->object, size,
		cache ? kmem_cache_size(cache) : ksize(item->object), item->tag);
}

// Makes the item's object: of the cache, or by kmalloc() where that is NULL.
static inline __attribute__((always_inline)) bool item_make(struct workload_context *context,
	struct kmem_cache *cache, struct item *item, size_t size, const bool is_checked)
{
	return item_adopt(context, cache, item,
		cache ? kmem_cache_alloc(cache, GFP_KERNEL) : kmalloc(size, GFP_KERNEL), size,
		is_checked);
}

// Frees the item's object. False: its memory was overwritten; it is freed all the same.
static inline __attribute__((always_inline)) bool item_free(struct workload_context *context,
	struct kmem_cache *cache, struct item *item, const bool is_checked)
{
	void *object = item->object;
	bool is_good = !is_checked || !object || item->tag == 0 ||
		       pattern_check(context, object, item->size, item->tag);

	item->object = NULL;
	if (cache)
		kmem_cache_free(cache, object);
	else
		kfree(object);
	return is_good;
}

// Frees what a row holds, in order.
static inline void items_free(struct kmem_cache *cache, struct item *items, size_t count)
{
	for (size_t i = 0; items && i < count; i++) {
		if (cache && items[i].object)
			kmem_cache_free(cache, items[i].object);
		else
			kfree(items[i].object);
		items[i].object = NULL;
	}
}

#endif
