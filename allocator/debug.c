// SPDX-License-Identifier: GPL-2.0-or-later
// The debug config: an object carries its state. Free ones are filled with poison and have inactive
// red zones, those in use active ones; the last word names who had it last. A mismatch is reported
// with cache, object, offset and last user, and mended, so that it is reported once.
//
//   stride   | red zone 1 | object (object_size bytes), padding | red zone 2 | last user |
#include "debug.h"

#if CONFIG_DEBUG_SLAB

#include <string.h>

#define POISON_INUSE 0x5a // handed out, not yet written
#define POISON_FREE  0x6b // freed
#define POISON_END   0xa5 // last byte of a poisoned object

// Any two values that are no likely data and differ in every byte.
#define RED_INACTIVE UINT64_C(0x09f911029d74e35b)
#define RED_ACTIVE   UINT64_C(0xd84156c5635688c0)

static uint64_t *word_at(void *object, int offset)
{
	return (uint64_t *)((char *)object + offset);
}

static unsigned char *content(const struct kmem_cache *cache, void *object)
{
	return (unsigned char *)object + cache->obj_offset;
}

static const void *last_user(const struct kmem_cache *cache, void *object)
{
	return cache->userword < 0 ? NULL : (const void *)*word_at(object, cache->userword);
}

static void set_user(const struct kmem_cache *cache, void *object, const void *caller)
{
	if (cache->userword >= 0)
		*word_at(object, cache->userword) = (uintptr_t)caller;
}

static void set_red_zones(const struct kmem_cache *cache, void *object, uint64_t value)
{
	if (cache->redzone1 < 0)
		return;
	*word_at(object, cache->redzone1) = value;
	*word_at(object, cache->redzone2) = value;
}

static void poison_object(const struct kmem_cache *cache, void *object, int value)
{
	if (!(cache->flags & SLAB_POISON) || cache->object_size == 0)
		return;
	memset(content(cache, object), value, cache->object_size);
	content(cache, object)[cache->object_size - 1] = POISON_END;
}

// Offset of the first byte that is no poison, -1 when all are.
static int poison_damage(const struct kmem_cache *cache, void *object)
{
	const unsigned char *bytes = content(cache, object);

	if (!(cache->flags & SLAB_POISON))
		return -1;
	for (unsigned i = 0; i < cache->object_size; i++)
		if (bytes[i] != (i + 1 == cache->object_size ? POISON_END : POISON_FREE))
			return (int)i;
	return -1;
}

static unsigned index_of(const struct kmem_cache *cache, void *object)
{
	return object_index(cache, address_to_slab(object), object);
}

static void check_poison(const struct kmem_cache *cache, void *object, const char *when)
{
	int offset = poison_damage(cache, object);

	if (offset < 0)
		return;
	report("cache '%s': object %p (index %u) was written after free: byte %d is 0x%02x; found "
	       "%s; last user %p",
		cache->name, (void *)content(cache, object), index_of(cache, object), offset,
		content(cache, object)[offset], when, last_user(cache, object));
}

void debug_object_new(struct kmem_cache *cache, void *object)
{
	set_user(cache, object, NULL);
	set_red_zones(cache, object, RED_INACTIVE);
	poison_object(cache, object, POISON_FREE);
}

void *debug_alloc(struct kmem_cache *cache, void *object, const void *caller)
{
	check_poison(cache, object, "when handed out");
	if (cache->redzone1 >= 0 && (*word_at(object, cache->redzone1) != RED_INACTIVE ||
					    *word_at(object, cache->redzone2) != RED_INACTIVE))
		report("cache '%s': object %p (index %u): a red zone was overwritten while it was "
		       "free; last user %p",
			cache->name, (void *)content(cache, object), index_of(cache, object),
			last_user(cache, object));
	poison_object(cache, object, POISON_INUSE);
	set_red_zones(cache, object, RED_ACTIVE);
	set_user(cache, object, caller);
	if (cache->ctor && (cache->flags & SLAB_POISON))
		cache->ctor(content(cache, object));
	return content(cache, object);
}

// The start of the stride of a pointer that is an object of this cache; NULL after a report.
static void *find_object(struct kmem_cache *cache, void *pointer)
{
	char *object = (char *)pointer - cache->obj_offset;
	struct slab *slab;

	if (!pages_contain(pointer) || !pages_are_committed(pointer)) {
		report("kmem_cache_free('%s', %p): no memory of this allocator", cache->name,
			pointer);
		return NULL;
	}
	slab = address_to_slab(pointer);
	if (slab_page(slab)->kind != PAGE_SLAB) {
		report("kmem_cache_free('%s', %p): in no slab; freed with its slab already, or "
		       "never handed out",
			cache->name, pointer);
		return NULL;
	}
	if (slab->cache != cache) {
		report("kmem_cache_free('%s', %p): an object of cache '%s'", cache->name, pointer,
			slab->cache->name);
		return NULL;
	}
	if (object < slab->s_mem || object_index(cache, slab, object) >= cache->num ||
		index_to_object(cache, slab, object_index(cache, slab, object)) != object) {
		report("kmem_cache_free('%s', %p): not the start of an object", cache->name,
			pointer);
		return NULL;
	}
	return object;
}

// false when the object is free already.
static bool check_red_zones(const struct kmem_cache *cache, void *object)
{
	uint64_t before, after;

	if (cache->redzone1 < 0)
		return true;
	before = *word_at(object, cache->redzone1);
	after = *word_at(object, cache->redzone2);
	if (before == RED_ACTIVE && after == RED_ACTIVE)
		return true;
	if (before == RED_INACTIVE && after == RED_INACTIVE) {
		report("cache '%s': object %p (index %u) freed twice; last user %p", cache->name,
			(void *)content(cache, object), index_of(cache, object),
			last_user(cache, object));
		return false;
	}
	report("cache '%s': object %p (index %u): written beyond its %s; last user %p", cache->name,
		(void *)content(cache, object), index_of(cache, object),
		before == RED_ACTIVE ? "end" : "start", last_user(cache, object));
	return true;
}

void *debug_free(struct kmem_cache *cache, void *pointer, const void *caller)
{
	void *object = pointer ? find_object(cache, pointer) : NULL;

	if (!object || !check_red_zones(cache, object))
		return NULL;
	set_user(cache, object, caller);
	set_red_zones(cache, object, RED_INACTIVE);
	poison_object(cache, object, POISON_FREE);
	return object;
}

void debug_freelist_gone(struct kmem_cache *cache, struct slab *slab)
{
	poison_object(cache, slab->freelist - cache->obj_offset, POISON_FREE);
}

void debug_slab_check(struct kmem_cache *cache, struct slab *slab)
{
	for (unsigned i = 0; i < cache->num; i++) {
		void *object = index_to_object(cache, slab, i);

		if ((void *)content(cache, object) == (void *)slab->freelist)
			continue; // holds the freelist, not poison
		check_poison(cache, object, "when its slab was given back");
	}
}

#endif
