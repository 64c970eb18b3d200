// SPDX-License-Identifier: GPL-2.0-or-later
// The model's table. An object's bytes are written and read back: all of a small one; of a large
// one the ends, where neighbours and debug words lie, and a byte here and there.
#include "fuzz/holdings.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/target.h"
#include "slab.h"

#define WHOLE_BYTES 256 // up to this size every byte is looked at
#define END_BYTES   64
#define STRIDE      509 // prime, so that it meets every place of a page in the end

bool holdings_make(struct holdings *holdings, size_t count)
{
	holdings->count = count;
	holdings->holding = calloc(count + 1, sizeof(*holdings->holding));
	return holdings->holding != NULL;
}

void holdings_free(struct holdings *holdings)
{
	free(holdings->holding);
}

// The next byte to look at after `at`.
static size_t next_byte(size_t at, size_t size)
{
	if (size <= WHOLE_BYTES || at + 1 < END_BYTES || at + END_BYTES >= size)
		return at + 1;
	return at + STRIDE < size - END_BYTES ? at + STRIDE : size - END_BYTES;
}

static void write_fill(const struct holding *holding)
{
	for (size_t at = 0; at < holding->size; at = next_byte(at, holding->size))
		holding->object[at] = holding->fill;
}

void holding_verify(const struct holding *holding)
{
	if (!holding->object)
		return;
	for (size_t at = 0; at < holding->size; at = next_byte(at, holding->size))
		if (holding->object[at] != holding->fill)
			fuzz_fail("cache %s: byte %zu of a held object was 0x%02x and is 0x%02x",
				holding->cache->name, at, holding->fill, holding->object[at]);
}

void holdings_verify(const struct holdings *holdings)
{
	for (size_t i = 0; i < holdings->count; i++)
		holding_verify(&holdings->holding[i]);
}

// Where the object lies: in a slab of its cache, at the start of an object, aligned.
static void check_place(const struct holding *holding)
{
	const struct kmem_cache *cache = holding->cache;
	struct slab *slab = address_to_slab(holding->object);
	char *start = (char *)holding->object - cache->obj_offset;
	unsigned index = object_index(cache, slab, start);
	size_t align = cache->align & -cache->align; // the power of two in it

	if (index >= cache->num || index_to_object(cache, slab, index) != start)
		fuzz_fail(
			"cache %s: what was handed out is not the start of an object", cache->name);
	if (start + cache->size > slab_address(slab) + (PAGE_SIZE << cache->gfporder))
		fuzz_fail("cache %s: an object ends behind its slab", cache->name);
	if ((size_t)(start - slab_address(slab)) % align)
		fuzz_fail("cache %s: an object is not aligned to %zu in its slab", cache->name,
			align);
}

void holding_take(struct holdings *holdings, size_t index, void *object)
{
	struct holding *holding = &holdings->holding[index];

	if (holding->object)
		fuzz_fail("object %zu of the trace is handed out twice", index);
	if (!pages_contain(object) || !address_to_slab(object))
		fuzz_fail("an object is handed out that lies in no slab");
	*holding = (struct holding){.object = object,
		.cache = address_to_slab(object)->cache,
		.size = ksize(object),
		.fill = (unsigned char)(index * 167 + 1)};
	if (holding->size > holding->cache->object_size)
		holding->size = holding->cache->object_size;
	check_place(holding);
	write_fill(holding);
}

unsigned long holdings_of(const struct holdings *holdings, const struct kmem_cache *cache)
{
	unsigned long count = 0;

	for (size_t i = 0; i < holdings->count; i++)
		count += holdings->holding[i].object && holdings->holding[i].cache == cache;
	return count;
}
