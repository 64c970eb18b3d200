// SPDX-License-Identifier: GPL-2.0-or-later
// The debug config: an object carries its state (object.c), and a record beside the arenas
// knows who holds it (record.c). This file is what happens on an object's way out and back.
//
// An alignment above eight leaves no room for the red zones, so a second free is not looked for in
// the object: the record has a bit for each object that a user holds. Handing out sets it, a free
// clears it, both in one atomic step; a free that finds it clear is a second one, whatever array,
// list or slab the object waits in, and from whichever CPU it comes.
#include "debug/debug.h"

#if CONFIG_DEBUG_SLAB

#include "debug/object.h"
#include "debug/record.h"
#include "host/report.h"
#include "slab.h"

void *debug_alloc(struct kmem_cache *cache, void *object, const void *caller)
{
	if (record_exists() && record_set(RECORD_IN_USE, object))
		report("cache '%s': object %p (index %u) is handed out a second time: an array of "
		       "free objects was overwritten; last user %s",
			cache->name, (void *)content(cache, object), index_of(cache, object),
			last_user(cache, object).text);
	else
		check_free(cache, object, 0, "when handed out");
	paint_in_use(cache, object);
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
	if (!pages_contain(address))
		return false;
	slab = address_to_slab(address);
	return slab && slab->cache == kmem_cache &&
	       (uintptr_t)(address - slab->s_mem) % kmem_cache->size == kmem_cache->obj_offset &&
	       record_has(RECORD_IN_USE, address - kmem_cache->obj_offset);
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

	if (!pages_contain(pointer)) {
		report("kmem_cache_free('%s', %p): no memory of this allocator", name_of(cache),
			pointer);
		return NULL;
	}
	slab = address_to_slab(pointer);
	if (!slab) {
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

// Each without a record: the red zones must do.
static bool is_free_already(const struct kmem_cache *cache, void *object)
{
	return record_exists() ? !record_clear(RECORD_IN_USE, object)
			       : red_zones_say_free(cache, object);
}

static bool is_free(const struct kmem_cache *cache, const void *object)
{
	return record_exists() ? !record_has(RECORD_IN_USE, object)
			       : red_zones_say_free(cache, object);
}

bool debug_is_held(const struct kmem_cache *cache, const void *pointer, const char *function)
{
	const void *object = (const char *)pointer - cache->obj_offset;

	if (!is_free(cache, object))
		return true;
	report("cache '%s': %s of object %p (index %u), which was freed, or never handed out; last "
	       "user %s",
		cache->name, function, pointer, index_of(cache, object),
		last_user(cache, object).text);
	return false;
}

void debug_describe(const struct kmem_cache *cache, const void *pointer)
{
	const void *object = (const char *)pointer - cache->obj_offset;

	report("object %p is %s; last user %s", pointer, is_free(cache, object) ? "free" : "in use",
		last_user(cache, object).text);
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
	paint_free(cache, object);
	return object;
}

#endif
