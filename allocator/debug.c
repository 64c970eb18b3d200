// SPDX-License-Identifier: GPL-2.0-or-later
// The debug config: an object carries its state. Free ones are filled with poison and have inactive
// red zones, those in use active ones; the last word names who had it last. A mismatch is reported
// with cache, object, offset and last user, and mended, so that it is reported once.
//
//   stride   | red zone 1 | object (object_size bytes) | padding | red zone 2 | last user |
//
// An alignment above eight leaves no room for the red zones, so a second free is not looked for in
// the object: a record beside the arenas has a bit for each object that a user holds. Handing out
// sets it, a free clears it, both in one atomic step; a free that finds it clear is a second one,
// whatever array, list or slab the object waits in, and from whichever CPU it comes.
#include "debug.h"

#if CONFIG_DEBUG_SLAB

#include <stdio.h>
#include <string.h>

#include "host/reserve.h"

#define POISON_INUSE 0x5a // handed out, not yet written
#define POISON_FREE  0x6b // freed
#define POISON_END   0xa5 // last byte of a poisoned object
#define PADDING      0xbb // between the object and what follows it

// Any two values that are no likely data and differ in every byte.
#define RED_INACTIVE UINT64_C(0x09f911029d74e35b)
#define RED_ACTIVE   UINT64_C(0xd84156c5635688c0)

// ---- the record of objects in use ---------------------------------------------------------------

// No two strides begin within the same sixteen bytes.
#define RECORD_BYTES_A_BIT OBJECT_SIZE_MIN
#define RECORD_BITS_A_WORD 64

// Made for the first slab of all, which the start makes alone; the bits are atomic.
static struct {
	const char *base; // of the arenas it was made for
	uint64_t *word; // NULL where the system gave no room
} record;

static void record_start(void)
{
	size_t bytes = page_map.bytes / (RECORD_BYTES_A_BIT * 8);

	record.base = page_map.base;
	record.word = reserve(bytes, PAGE_SIZE);
	if (record.word && reserve_commit(record.word, bytes))
		return;
	if (record.word)
		reserve_release(record.word, bytes);
	record.word = NULL;
	report("no %zu bytes of address space for the record of objects in use; a second free of "
	       "an object without red zones will not be seen",
		bytes);
}

// A bit of the record.
struct mark {
	uint64_t *word;
	uint64_t bit;
};

static struct mark mark_of(const void *object)
{
	size_t number = (size_t)((const char *)object - page_map.base) / RECORD_BYTES_A_BIT;

	return (struct mark){&record.word[number / RECORD_BITS_A_WORD],
		UINT64_C(1) << number % RECORD_BITS_A_WORD};
}

static bool mark_is_set(struct mark mark)
{
	return __atomic_load_n(mark.word, __ATOMIC_RELAXED) & mark.bit;
}

// Each returns whether it was set before.
static bool mark_set(struct mark mark)
{
	return __atomic_fetch_or(mark.word, mark.bit, __ATOMIC_RELAXED) & mark.bit;
}

static bool mark_clear(struct mark mark)
{
	return __atomic_fetch_and(mark.word, ~mark.bit, __ATOMIC_RELAXED) & mark.bit;
}

static bool is_in_use(const void *object)
{
	return record.word && mark_is_set(mark_of(object));
}

// ---- what an object carries ---------------------------------------------------------------------

static uint64_t *word_at(void *object, int offset)
{
	return (uint64_t *)((char *)object + offset);
}

static unsigned char *content(const struct kmem_cache *cache, void *object)
{
	return (unsigned char *)object + cache->obj_offset;
}

static unsigned index_of(const struct kmem_cache *cache, void *object)
{
	return object_index(cache, address_to_slab(object), object);
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

struct user_text {
	char text[32];
};

static struct user_text last_user(const struct kmem_cache *cache, void *object)
{
	struct user_text user = {"unknown"};
	uint64_t caller = cache->userword < 0 ? 0 : *word_at(object, cache->userword);

	if (caller)
		snprintf(user.text, sizeof(user.text), "%p", (void *)(uintptr_t)caller);
	return user;
}

static void set_user(const struct kmem_cache *cache, void *object, const void *caller)
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

// ---- damage -------------------------------------------------------------------------------------

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

static int padding_damage(const struct kmem_cache *cache, void *object)
{
	int end = room_of(cache);

	for (int i = (int)cache->object_size; i < end; i++)
		if (content(cache, object)[i] != PADDING)
			return i;
	return INTACT;
}

// from: bytes before it are the freelist's.
static int poison_damage(const struct kmem_cache *cache, void *object, unsigned from)
{
	const unsigned char *bytes = content(cache, object);

	if (!(cache->flags & SLAB_POISON))
		return INTACT;
	for (unsigned i = from; i < cache->object_size; i++)
		if (bytes[i] != (i + 1 == cache->object_size ? POISON_END : POISON_FREE))
			return (int)i;
	return INTACT;
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

static void check_free(
	const struct kmem_cache *cache, void *object, unsigned from, const char *when)
{
	int offset = free_damage(cache, object, from);

	if (offset == INTACT)
		return;
	report("cache '%s': object %p (index %u) was written after free: byte %d is 0x%02x; found "
	       "%s; last user %s",
		cache->name, (void *)content(cache, object), index_of(cache, object), offset,
		content(cache, object)[offset], when, last_user(cache, object).text);
}

static void check_in_use(const struct kmem_cache *cache, void *object)
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

// ---- out and back -------------------------------------------------------------------------------

void debug_object_new(struct kmem_cache *cache, void *object)
{
	if (record.base != page_map.base)
		record_start();
	if (record.word)
		mark_clear(mark_of(object));
	set_user(cache, object, NULL);
	paint(cache, object, RED_INACTIVE, POISON_FREE);
}

void *debug_alloc(struct kmem_cache *cache, void *object, const void *caller)
{
	if (record.word && mark_set(mark_of(object)))
		report("cache '%s': object %p (index %u) is handed out a second time: the freelist "
		       "of its slab was overwritten; last user %s",
			cache->name, (void *)content(cache, object), index_of(cache, object),
			last_user(cache, object).text);
	else
		check_free(cache, object, 0, "when handed out");
	paint(cache, object, RED_ACTIVE, POISON_INUSE);
	set_user(cache, object, caller);
	if (cache->ctor && (cache->flags & SLAB_POISON))
		cache->ctor(content(cache, object));
	return content(cache, object);
}

// Whether the cache exists: its name must not be read where it was destroyed or never was one.
static bool is_cache(const struct kmem_cache *cache)
{
	const char *address = (const char *)cache;
	struct slab *slab;

	if (cache == kmem_cache)
		return true;
	if (!pages_contain(address) || !pages_are_committed(address))
		return false;
	slab = address_to_slab(address);
	return slab_page(slab)->kind == PAGE_SLAB && slab->cache == kmem_cache &&
	       (uintptr_t)(address - slab->s_mem) % kmem_cache->size == kmem_cache->obj_offset &&
	       is_in_use(address - kmem_cache->obj_offset);
}

static const char *name_of(const struct kmem_cache *cache)
{
	return is_cache(cache) ? cache->name : "(no cache)";
}

// Where the pointer's bytes lie: between two strides' starts, in the colour or in the rest.
static void report_interior(
	const struct kmem_cache *cache, const struct slab *slab, const char *pointer)
{
	long offset = pointer - slab->s_mem;
	unsigned index = (unsigned)(offset / (long)cache->size);
	void *object;

	if (offset < 0 || index >= cache->num) {
		report("kmem_cache_free('%s', %p): not the start of an object, nor inside one",
			cache->name, (const void *)pointer);
		return;
	}
	object = index_to_object(cache, slab, index);
	report("kmem_cache_free('%s', %p): not the start of an object: byte %ld of object %p "
	       "(index %u); last user %s",
		cache->name, (const void *)pointer,
		(long)(pointer - (char *)content(cache, object)), (void *)content(cache, object),
		index, last_user(cache, object).text);
}

// The start of the stride of a pointer that is an object of this cache; NULL after a report. The
// cache is read only once a slab has named it.
static void *find_object(struct kmem_cache *cache, void *pointer)
{
	struct slab *slab;
	char *object;

	if (!pages_contain(pointer) || !pages_are_committed(pointer)) {
		report("kmem_cache_free('%s', %p): no memory of this allocator", name_of(cache),
			pointer);
		return NULL;
	}
	slab = address_to_slab(pointer);
	if (slab_page(slab)->kind != PAGE_SLAB) {
		report("kmem_cache_free('%s', %p): in no slab; freed with its slab already, or "
		       "never handed out",
			name_of(cache), pointer);
		return NULL;
	}
	if (slab->cache != cache) {
		report("kmem_cache_free('%s', %p): an object of cache '%s'", name_of(cache),
			pointer, slab->cache->name);
		return NULL;
	}
	object = (char *)pointer - cache->obj_offset;
	if (object < slab->s_mem || object_index(cache, slab, object) >= cache->num ||
		index_to_object(cache, slab, object_index(cache, slab, object)) != object) {
		report_interior(cache, slab, pointer);
		return NULL;
	}
	return object;
}

// Without a record the red zones must do.
static bool is_free_already(const struct kmem_cache *cache, void *object)
{
	if (record.word)
		return !mark_clear(mark_of(object));
	return cache->redzone1 >= 0 && *word_at(object, cache->redzone1) == RED_INACTIVE &&
	       *word_at(object, cache->redzone2) == RED_INACTIVE;
}

void *debug_free(struct kmem_cache *cache, void *pointer, const void *caller)
{
	void *object = pointer ? find_object(cache, pointer) : NULL;

	if (!object)
		return NULL;
	if (is_free_already(cache, object)) {
		report("cache '%s': object %p (index %u) freed twice, or never handed out; last "
		       "user %s",
			cache->name, pointer, index_of(cache, object),
			last_user(cache, object).text);
		return NULL;
	}
	check_in_use(cache, object);
	set_user(cache, object, caller);
	paint(cache, object, RED_INACTIVE, POISON_FREE);
	return object;
}

// ---- slabs --------------------------------------------------------------------------------------

void debug_freelist_gone(struct kmem_cache *cache, struct slab *slab)
{
	void *object = slab->freelist - cache->obj_offset;

	check_free(cache, object, cache->freelist_size, "when the freelist left it");
	paint(cache, object, RED_INACTIVE, POISON_FREE);
}

void debug_slab_check(struct kmem_cache *cache, struct slab *slab)
{
	for (unsigned i = 0; i < cache->num; i++) {
		void *object = index_to_object(cache, slab, i);
		bool is_holder = (void *)content(cache, object) == (void *)slab->freelist;

		check_free(cache, object, is_holder ? cache->freelist_size : 0,
			"when its slab was given back");
	}
}

// ---- leaks --------------------------------------------------------------------------------------

#define LEAKS_NAMED_MAX 8

struct leaks {
	unsigned long count;
	void *named[LEAKS_NAMED_MAX]; // starts of strides
};

static void find_leaks(
	struct kmem_cache *cache, const struct cds_list_head *list, struct leaks *leaks)
{
	struct slab *slab;

	cds_list_for_each_entry(slab, list, list)
	{
		for (unsigned i = 0; i < cache->num; i++) {
			void *object = index_to_object(cache, slab, i);

			if (!is_in_use(object))
				continue;
			if (leaks->count < LEAKS_NAMED_MAX)
				leaks->named[leaks->count] = object;
			leaks->count++;
		}
	}
}

unsigned long debug_report_leaks(struct kmem_cache *cache)
{
	struct leaks leaks = {.count = 0};

	for (unsigned i = 0; i < topology.nr_nodes; i++) {
		struct kmem_cache_node *node = cache->node[i];

		lock_take(&node->list_lock);
		find_leaks(cache, &node->slabs_full, &leaks);
		find_leaks(cache, &node->slabs_partial, &leaks);
		lock_release(&node->list_lock);
	}
	for (unsigned i = 0; i < leaks.count && i < LEAKS_NAMED_MAX; i++)
		report("cache '%s': object %p (index %u) was never freed; last user %s",
			cache->name, (void *)content(cache, leaks.named[i]),
			index_of(cache, leaks.named[i]), last_user(cache, leaks.named[i]).text);
	if (leaks.count > LEAKS_NAMED_MAX)
		report("cache '%s': %lu more objects were never freed", cache->name,
			leaks.count - LEAKS_NAMED_MAX);
	return leaks.count;
}

#endif
