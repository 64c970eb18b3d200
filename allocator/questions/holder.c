// SPDX-License-Identifier: GPL-2.0-or-later
// Who writes to a freed object? A slab's objects are filled, freed and sent back to the slab; then
// the bytes that changed are looked for. One object in use keeps the slab alive.
#include <slab/slab.h>
#include <stdio.h>
#include <string.h>

#define SIZE    64
#define OBJECTS 63
#define FILLING 0xee

static void construct(void *object)
{
	memset(object, FILLING, SIZE);
}

static unsigned changed_bytes(const unsigned char *object)
{
	unsigned count = 0;

	for (unsigned i = 0; i < SIZE; i++)
		count += object[i] != FILLING;
	return count;
}

static bool try(const char *name, slab_flags_t flags, void (*ctor)(void *object))
{
	struct kmem_cache *cache = kmem_cache_create(name, SIZE, 0, flags, ctor);
	void *objects[OBJECTS + 1];
	unsigned bytes = 0, written = 0;

	if (!cache || !kmem_cache_alloc_bulk(cache, GFP_KERNEL, OBJECTS + 1, objects))
		return false;
	for (unsigned i = 0; i <= OBJECTS; i++)
		memset(objects[i], FILLING, SIZE);
	kmem_cache_free_bulk(cache, OBJECTS, objects);
	kmem_cache_shrink(cache);
	for (unsigned i = 0; i < OBJECTS; i++) {
		written += changed_bytes(objects[i]) > 0;
		bytes += changed_bytes(objects[i]);
	}
	printf("%-15s %2u of %d freed objects were written to, %2u bytes\n", name, written, OBJECTS,
		bytes);
	kmem_cache_free(cache, objects[OBJECTS]);
	kmem_cache_destroy(cache);
	return true;
}

int main(void)
{
	struct slab_options options;
	bool is_good;

	if (slab_options_default(&options))
		return 2;
	options.topology = "node:1 core:1 pu:1";
	options.slab_nomerge = true;
	if (slab_init(&options))
		return 3;
	is_good = try("plain", 0, NULL);
	is_good = is_good && try("constructed", 0, construct);
	is_good = is_good && try("typesafe_by_rcu", SLAB_TYPESAFE_BY_RCU, NULL);
	return is_good ? 0 : 3;
}
