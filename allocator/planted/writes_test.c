// SPDX-License-Identifier: GPL-2.0-or-later
// Planted bugs: writes beyond an object, into a free one and after a free.
#include "planted/planted_test.h"

static int room_behind(const struct kmem_cache *cache)
{
	unsigned end = cache->size;

	if (cache->redzone2 >= 0)
		end = (unsigned)cache->redzone2 + sizeof(uint64_t);
	return (int)(end - cache->obj_offset - cache->object_size);
}

static bool is_poisoned(const struct kmem_cache *cache)
{
	return cache->flags & SLAB_POISON;
}

// A byte of the misused object, counted from its start.
static void spoil(long offset)
{
	describe("byte %ld spoilt; ", offset);
	((volatile unsigned char *)attempt.object)[offset] ^= 0x21;
}

static bool write_behind(void)
{
	const struct shape *shape = &shapes[pick(SHAPES)];
	unsigned kind = pick(4);
	const struct call *call = &calls[pick(CALLS_THAT_FREE)];
	int room;

	take_shape(shape);
	room = room_behind(attempt.cache);
	if (room == 0)
		return false;
	take_objects();
	spoil((long)shape->size +
		(const int[]){0, room / 2, room - 1, room > 8 ? room - 8 : 0}[kind]);
	meet(call, attempt.object);
	free_others();
	return true;
}

static bool write_before(void)
{
	const struct shape *shape = &shapes[pick(SHAPES)];
	long offset = -1 - (long)pick(8);
	const struct call *call = &calls[pick(CALLS_THAT_FREE)];

	take_shape(shape);
	if (attempt.cache->redzone1 < 0)
		return false;
	take_objects();
	spoil(offset);
	meet(call, attempt.object);
	free_others();
	return true;
}

static bool write_around(void)
{
	const struct shape *shape = &shapes[pick(SHAPES)];
	const struct call *call = &calls[pick(CALLS_THAT_FREE)];

	take_shape(shape);
	if (attempt.cache->redzone1 < 0)
		return false;
	take_objects();
	spoil(-1);
	spoil((long)shape->size);
	meet(call, attempt.object);
	free_others();
	return true;
}

// Takes the object right behind this one out of the list; NULL when it is not among the others.
static void *take_neighbour(const void *object)
{
	void *victim = (char *)object + attempt.cache->size;

	for (unsigned i = 0; i < OTHERS; i++)
		if (attempt.objects[i] == victim) {
			attempt.objects[i] = NULL;
			return victim;
		}
	return NULL;
}

// Where a cache has no room for guards, the neighbour must be free to notice. Some of kmalloc's
// objects lie apart, so one is looked for whose neighbour is here.
static bool write_into_neighbour(void)
{
	const struct shape *shape = &shapes[pick(SHAPES)];
	long offset = (const long[]){0, 1, 7, 8, 15, 16, 30, 31}[pick(8)];
	void *victim = NULL;

	take_shape(shape);
	if (!is_poisoned(attempt.cache) || attempt.cache->num == 1 ||
		room_behind(attempt.cache) > 0)
		return false;
	take_objects();
	for (unsigned i = 0; i < OTHERS && !victim; i++) {
		attempt.object = attempt.objects[i];
		victim = take_neighbour(attempt.object);
	}
	if (!victim)
		return false; // they all lie apart
	kmem_cache_free(attempt.cache, victim);
	spoil((long)attempt.cache->object_size + offset);
	assert_ptr_equal(kmem_cache_alloc(attempt.cache, GFP_KERNEL), victim);
	kmem_cache_free(attempt.cache, victim);
	kmem_cache_free(attempt.cache, attempt.object);
	free_others();
	return true;
}

static void found_when_handed_out(void)
{
	assert_ptr_equal(kmem_cache_alloc(attempt.cache, GFP_KERNEL), attempt.object);
	kmem_cache_free(attempt.cache, attempt.object);
}

static void found_with_its_slab(void)
{
	free_others();
	kmem_cache_shrink(attempt.cache);
}

// Sent home by the reaping of CPU 5's alien arrays, and found with its slab.
static void found_after_reaping(void)
{
	reap();
	free_others();
	kmem_cache_shrink(attempt.cache);
}

static void found_on_its_node(void)
{
	void *object;

	kmem_cache_shrink(attempt.cache);
	slab_set_cpu(6);
	object = kmem_cache_alloc_node(
		attempt.cache, GFP_KERNEL, (int)address_to_node(attempt.object));
	assert_ptr_equal(object, attempt.object); // the only one of a partial slab's to come back
	slab_set_cpu(0);
	kmem_cache_free(attempt.cache, object);
}

// The object comes back to a full slab and holds its freelist until it is handed out again: what
// the freelist does not cover must be poison still.
static void found_when_freelist_left(void)
{
	void *taken[OTHERS];
	unsigned count = 0;

	kmem_cache_shrink(attempt.cache);
	do
		taken[count] = kmem_cache_alloc(attempt.cache, GFP_KERNEL);
	while (taken[count++] != attempt.object && count < OTHERS);
	kmem_cache_free_bulk(attempt.cache, count, taken);
}

static const struct finding {
	const char *name;
	unsigned from; // CPU of the free
	void (*find)(void);
} findings[] = {
	{"handed out again", 0, found_when_handed_out},
	{"slab given back", 0, found_with_its_slab},
	{"handed out by its slab", 0, found_when_freelist_left},
	{"reaped and given back", 5, found_after_reaping},
	{"handed out to another node", 0, found_on_its_node},
};

// Whether take_objects() may have taken every object of a slab.
static bool is_filled(const struct kmem_cache *cache)
{
	return cache->num <= OTHERS + cache->limit;
}

// Whether the freelist would be written over it, by right.
static bool may_hold_freelist(const struct kmem_cache *cache, long offset)
{
	return (cache->flags & CFLGS_OBJFREELIST_SLAB) && is_filled(cache) && offset >= 0 &&
	       offset < (long)cache->freelist_size;
}

static bool write_after_free(void)
{
	const struct shape *shape = &shapes[pick(SHAPES)];
	unsigned kind = pick(5);
	const struct finding *finding = &findings[pick(COUNT_OF(findings))];
	long size = (long)shape->size;
	long offset = (const long[]){0, size / 2, size - 1, -1, size}[kind];

	take_shape(shape);
	if (kind < 3 && !is_poisoned(attempt.cache))
		return false; // readers under RCU may look, so nothing is written there
	if ((kind == 3 && attempt.cache->redzone1 < 0) ||
		(kind == 4 && room_behind(attempt.cache) == 0))
		return false;
	if (finding->find != found_when_handed_out && may_hold_freelist(attempt.cache, offset))
		return false;
	if (attempt.is_kmalloc && finding->find != found_when_handed_out)
		return false; // its slabs have objects of the allocator's own
	if (finding->find == found_on_its_node && is_filled(attempt.cache))
		return false; // other slabs are partial too
	describe("%s; ", finding->name);
	take_objects();
	slab_set_cpu(finding->from);
	kmem_cache_free(attempt.cache, attempt.object);
	spoil(offset);
	slab_set_cpu(0);
	finding->find();
	free_others();
	kmem_cache_shrink(attempt.cache);
	wait_for_slabs();
	return true;
}

const struct kind kinds_of_writes[] = {
	{"write beyond the end", "beyond its end", write_behind,
		(size_t)SHAPES * 4 * CALLS_THAT_FREE},
	{"write before the start", "beyond its start", write_before,
		(size_t)SHAPES * 8 * CALLS_THAT_FREE},
	{"write beyond both", "beyond its start and its end", write_around,
		(size_t)SHAPES *CALLS_THAT_FREE},
	{"write into a free neighbour", "was written after free", write_into_neighbour,
		(size_t)SHAPES * 8},
	{"write after free", "was written after free", write_after_free,
		(size_t)SHAPES * 5 * COUNT_OF(findings)},
	{0},
};
