// SPDX-License-Identifier: GPL-2.0-or-later
// What an address is: in no slab, in one, an object's or inside of it. Entries: kmem_valid_obj,
// kmem_dump_obj. For people who look at a pointer that surprises them; nothing is changed.
#include "debug/debug.h"
#include "host/report.h"
#include "types.h"

static const struct slab *slab_of(const void *address)
{
	return pages_contain(address) ? address_to_slab(address) : NULL;
}

bool kmem_valid_obj(void *object)
{
	return slab_of(object) != NULL;
}

static void dump_in_slab(const struct slab *slab, const char *address)
{
	const struct kmem_cache *cache = slab->cache;
	size_t offset = (size_t)(address - slab->s_mem); // huge before the first object
	const char *object;

	if (offset / cache->size >= cache->num) {
		report("%p: in a slab of cache '%s', but in none of its objects",
			(const void *)address, cache->name);
		return;
	}
	object = slab->s_mem + offset / cache->size * cache->size + cache->obj_offset;
	report("%p: byte %td of object %p of cache '%s', which has %u bytes; node %u",
		(const void *)address, address - object, (const void *)object, cache->name,
		cache->object_size, address_to_node(address));
	debug_describe(cache, object);
}

void kmem_dump_obj(void *object)
{
	const struct slab *slab = slab_of(object);

	if (object == ZERO_SIZE_PTR || !object)
		report("%p: %s", object, object ? "what kmalloc(0) returns" : "NULL");
	else if (slab)
		dump_in_slab(slab, object);
	else if (pages_contain(object))
		report("%p: in no slab; freed with its slab already, or never handed out", object);
	else
		report("%p: no memory of this allocator", object);
}
