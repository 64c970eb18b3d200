// SPDX-License-Identifier: GPL-2.0-or-later
// What an object carries in the debug config. Free ones are filled with poison and have inactive
// red zones, those in use active ones; the last word names who had it last. A mismatch is reported
// with cache, object, offset and last user, and mended, so that it is reported once.
//
//   stride   | red zone 1 | object (object_size bytes) | padding | red zone 2 | last user |
#include "debug/object.h"

#if CONFIG_DEBUG_SLAB

#include <stdio.h>
#include <string.h>

#include "host/report.h"

#define POISON_INUSE 0x5a // handed out, not yet written
#define POISON_FREE  0x6b // freed
#define POISON_END   0xa5 // last byte of a poisoned object
#define PADDING      0xbb // between the object and what follows it

// Any two values that are no likely data and differ in every byte.
#define RED_INACTIVE UINT64_C(0x09f911029d74e35b)
#define RED_ACTIVE   UINT64_C(0xd84156c5635688c0)

static uint64_t *word_at(const void *object, int offset)
{
	return (uint64_t *)((uintptr_t)object + (uintptr_t)offset);
}

// Bytes from the object's start to the first debug word behind it, or to the stride's end.
static int room_of(const struct kmem_cache *cache)
{
	int end = (int)cache->size;

	if (cache->redzone2 >= 0)
		end = cache->redzone2;
	else if (cache->userword >= 0)
		end = cache->userword;
	return end - (int)cache->obj_offset;
}

struct user_text last_user(const struct kmem_cache *cache, const void *object)
{
	struct user_text user = {"unknown"};
	uint64_t caller = cache->userword < 0 ? 0 : *word_at(object, cache->userword);

	if (caller)
		snprintf(user.text, sizeof(user.text), "%p", (void *)(uintptr_t)caller);
	return user;
}

void set_user(const struct kmem_cache *cache, void *object, const void *caller)
{
	if (cache->userword >= 0)
		*word_at(object, cache->userword) = (uintptr_t)caller;
}

static void poison_object(const struct kmem_cache *cache, void *object, int value)
{
	if (!(cache->flags & SLAB_POISON) || cache->object_size == 0)
		return;
	memset(content(cache, object), value, cache->object_size);
	content(cache, object)[cache->object_size - 1] = POISON_END;
}

static void paint(const struct kmem_cache *cache, void *object, uint64_t red_zone, int poison)
{
	int size = (int)cache->object_size;

	if (cache->redzone1 >= 0) {
		*word_at(object, cache->redzone1) = red_zone;
		*word_at(object, cache->redzone2) = red_zone;
	}
	memset(content(cache, object) + size, PADDING, (size_t)(room_of(cache) - size));
	poison_object(cache, object, poison);
}

void paint_free(const struct kmem_cache *cache, void *object)
{
	paint(cache, object, RED_INACTIVE, POISON_FREE);
}

void paint_in_use(const struct kmem_cache *cache, void *object)
{
	paint(cache, object, RED_ACTIVE, POISON_INUSE);
}

bool red_zones_say_free(const struct kmem_cache *cache, const void *object)
{
	return cache->redzone1 >= 0 && *word_at(object, cache->redzone1) == RED_INACTIVE &&
	       *word_at(object, cache->redzone2) == RED_INACTIVE;
}

// ---- damage

#define INTACT INT32_MIN

// Offset from the object's start of the first byte that differs, INTACT when none does.
static int red_zone_damage(
	const struct kmem_cache *cache, void *object, int red_zone, uint64_t expected)
{
	uint64_t difference;

	if (red_zone < 0)
		return INTACT;
	difference = *word_at(object, red_zone) ^ expected;
	if (!difference)
		return INTACT;
	return red_zone - (int)cache->obj_offset + __builtin_ctzll(difference) / 8;
}

// Index of the first byte that has another value; count when none has. Comparing the bytes with
// themselves, one further on, is what the C library does many at a time.
static unsigned find_other(const unsigned char *bytes, unsigned count, unsigned char value)
{
	unsigned i = 0;

	if (count == 0 || (bytes[0] == value && memcmp(bytes, bytes + 1, count - 1) == 0))
		return count;
	while (bytes[i] == value)
		i++;
	return i;
}

static int padding_damage(const struct kmem_cache *cache, void *object)
{
	unsigned start = cache->object_size, end = (unsigned)room_of(cache);
	unsigned other = find_other(content(cache, object) + start, end - start, PADDING);

	return start + other < end ? (int)(start + other) : INTACT;
}

// from: bytes before it are the freelist's.
static int poison_damage(const struct kmem_cache *cache, void *object, unsigned from)
{
	const unsigned char *bytes = content(cache, object);
	unsigned last, other;

	if (!(cache->flags & SLAB_POISON))
		return INTACT;
	if (from >= cache->object_size)
		return INTACT;
	last = cache->object_size - 1;
	other = from + find_other(bytes + from, last - from, POISON_FREE);
	return other < last || bytes[last] != POISON_END ? (int)other : INTACT;
}

static int end_damage(const struct kmem_cache *cache, void *object, uint64_t red_zone)
{
	int offset = padding_damage(cache, object);

	return offset != INTACT ? offset
				: red_zone_damage(cache, object, cache->redzone2, red_zone);
}

static int free_damage(const struct kmem_cache *cache, void *object, unsigned from)
{
	int offset = red_zone_damage(cache, object, cache->redzone1, RED_INACTIVE);

	if (offset == INTACT)
		offset = poison_damage(cache, object, from);
	return offset != INTACT ? offset : end_damage(cache, object, RED_INACTIVE);
}

void check_free(const struct kmem_cache *cache, void *object, unsigned from, const char *when)
{
	int offset = free_damage(cache, object, from);

	if (offset == INTACT)
		return;
	report("cache '%s': object %p (index %u) was written after free: byte %d is 0x%02x; found "
	       "%s; last user %s",
		cache->name, (void *)content(cache, object), index_of(cache, object), offset,
		content(cache, object)[offset], when, last_user(cache, object).text);
}

void check_in_use(const struct kmem_cache *cache, void *object)
{
	int before = red_zone_damage(cache, object, cache->redzone1, RED_ACTIVE);
	int behind = end_damage(cache, object, RED_ACTIVE);
	int first = before != INTACT ? before : behind;

	if (first == INTACT)
		return;
	report("cache '%s': object %p (index %u) of %u bytes: written beyond its %s%s: byte %d is "
	       "0x%02x; last user %s",
		cache->name, (void *)content(cache, object), index_of(cache, object),
		cache->object_size, before != INTACT ? "start" : "end",
		before != INTACT && behind != INTACT ? " and its end" : "", first,
		content(cache, object)[first], last_user(cache, object).text);
}

#endif
