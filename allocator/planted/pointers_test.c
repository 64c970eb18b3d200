// SPDX-License-Identifier: GPL-2.0-or-later
// Planted bugs: pointers that are no objects, or not the cache's.
#include "kmalloc.h"
#include "planted/planted_test.h"
#include "slab.h"

#include <stdlib.h>

enum wrong_cache { WRONG_EQUAL, WRONG_OTHER, WRONG_KMALLOC, WRONG_GONE, WRONG_NONE, WRONG_CACHES };

static struct kmem_cache *make_wrong_cache(enum wrong_cache kind, const struct shape *shape)
{
	struct kmem_cache *gone;

	switch (kind) {
	case WRONG_EQUAL:
		return kmem_cache_create(
			"wrong", shape->size, shape->align, shape->flags, shape->ctor);
	case WRONG_OTHER:
		return kmem_cache_create("wrong", 333, 0, 0, NULL);
	case WRONG_KMALLOC:
		return kmalloc_slab(128, 0);
	case WRONG_GONE:
		gone = kmem_cache_create("wrong", 55, 0, 0, NULL);
		kmem_cache_destroy(gone);
		return gone;
	default:
		return NULL;
	}
}

static bool wrong_cache(void)
{
	const struct shape *shape = &shapes[pick(SHAPES)];
	enum wrong_cache kind = (enum wrong_cache)pick(WRONG_CACHES);
	const struct call *call = &calls[pick(CALLS_WITH_CACHE)];
	struct kmem_cache *wrong;

	if (kind == WRONG_NONE && call != &calls[0])
		return false; // without a cache a bulk is kfree's
	take_shape(shape);
	take_objects();
	wrong = make_wrong_cache(kind, shape);
	describe("to wrong cache %d by %s", (int)kind, call->name);
	call->meet(wrong, attempt.object);
	kmem_cache_free(attempt.cache, attempt.object);
	free_others();
	if (kind == WRONG_EQUAL || kind == WRONG_OTHER)
		kmem_cache_destroy(wrong);
	return true;
}

enum foreign {
	FOREIGN_STACK,
	FOREIGN_STATIC,
	FOREIGN_CODE,
	FOREIGN_LOW,
	FOREIGN_HIGH,
	FOREIGN_BEFORE_ARENAS,
	FOREIGN_BEHIND_ARENAS,
	FOREIGN_DESCRIPTOR,
	FOREIGNS
};

// The pointer is not to be followed.
static void *foreign_pointer(enum foreign foreign)
{
	static char fixed;
	char *base = page_map.base;
	void *pointers[FOREIGNS] = {
		[FOREIGN_STACK] = &base,
		[FOREIGN_STATIC] = &fixed,
		[FOREIGN_CODE] = (void *)(uintptr_t)foreign_pointer,
		[FOREIGN_LOW] = (void *)17,
		[FOREIGN_HIGH] = (void *)UINTPTR_MAX,
		[FOREIGN_BEFORE_ARENAS] = base - 1,
		[FOREIGN_BEHIND_ARENAS] = base + page_map.bytes,
		[FOREIGN_DESCRIPTOR] = page_map.page,
	};

	return pointers[foreign];
}

static bool foreign(void)
{
	unsigned foreign = pick(FOREIGNS);
	const struct call *call = &calls[pick(CALLS)];

	take_shape(&shapes[pick(2)]);
	describe("foreign pointer %u to ", foreign);
	meet(call, foreign_pointer((enum foreign)foreign));
	return true;
}

// Addresses of an arena that were never used.
static bool unused_page(void)
{
	const size_t offsets[] = {((size_t)1 << page_map.node_shift) - PAGE_SIZE,
		((size_t)1 << page_map.node_shift) - 1, page_map.bytes - PAGE_SIZE,
		page_map.bytes - 1};
	char *pointer = page_map.base + offsets[pick(COUNT_OF(offsets))];
	const struct call *call = &calls[pick(CALLS)];

	take_shape(&shapes[pick(2)]);
	describe("an unused page's pointer to ");
	meet(call, pointer);
	return true;
}

static bool heap(void)
{
	static const size_t sizes[] = {1, 64, 4096, 1 << 20};
	char *pointer = malloc(sizes[pick(COUNT_OF(sizes))]);

	assert_non_null(pointer);
	take_shape(&shapes[0]);
	describe("malloc's pointer to ");
	meet(&calls[pick(CALLS)], pointer);
	free(pointer);
	return true;
}

// Pages that are committed, and free.
static bool free_page(void)
{
	static const unsigned offsets[] = {0, 8, 100, PAGE_SIZE - 1};
	struct page *page = pages_alloc(pick(4), 0);
	char *pointer = page_address(page) + offsets[pick(COUNT_OF(offsets))];

	pages_free(page);
	take_shape(&shapes[0]);
	describe("a free page's pointer to ");
	meet(&calls[pick(CALLS)], pointer);
	return true;
}

static bool interior(void)
{
	const struct shape *shape = &shapes[pick(SHAPES)];
	unsigned kind = pick(6);
	const struct call *call = &calls[pick(CALLS)];
	long stride;

	take_shape(shape);
	stride = attempt.cache->size;
	if (attempt.cache->num == 1)
		return false; // nothing but colour and end around it
	take_objects();
	for (unsigned i = 0; object_index(attempt.cache, address_to_slab(attempt.object),
				     (char *)attempt.object - attempt.cache->obj_offset) == 0;
		i++)
		attempt.object = attempt.objects[i]; // the byte before it is another object's
	describe("interior %u by ", kind);
	meet(call,
		(char *)attempt.object + (const long[]){1, 3, 8, stride / 2, stride - 1, -1}[kind]);
	kmem_cache_free(attempt.cache, attempt.object);
	free_others();
	return true;
}

const struct kind kinds_of_pointers[] = {
	{"free to the wrong cache", "an object of cache", wrong_cache,
		(size_t)SHAPES *WRONG_CACHES *CALLS_WITH_CACHE},
	{"foreign pointer", "no memory of this allocator", foreign, (size_t)FOREIGNS *CALLS * 2},
	{"heap pointer", "no memory of this allocator", heap, (size_t)4 * CALLS},
	{"unused page", "in no slab", unused_page, (size_t)4 * CALLS * 2},
	{"free page", "in no slab", free_page, (size_t)4 * 4 * CALLS},
	{"interior pointer", "not the start of an object", interior, (size_t)SHAPES * 6 * CALLS},
	{0},
};
