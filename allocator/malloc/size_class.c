// SPDX-License-Identifier: GPL-2.0-or-later
// The classes. kmalloc's are powers of two, 96 and 192: up to half of an object is waste, and the
// first bytes of all larger ones lie in the same few sets of a processor's cache, which costs a
// program with thousands of live blocks of mixed sizes more than the allocator itself does. So
// malloc has caches for sizes between, each where a slab holds more objects of it than of the next
// power of two.
#include "malloc/size_class.h"

#include "kmalloc.h"
#include "malloc/block_map.h"

struct size_classes size_classes;

static const struct {
	unsigned size;
	const char *name;
} between[] = {
	{16, "malloc-16"},
	{48, "malloc-48"},
	{80, "malloc-80"},
	{96, "malloc-96"}, // kmalloc's own takes 128 bytes
	{112, "malloc-112"},
	{160, "malloc-160"},
	{224, "malloc-224"},
	{320, "malloc-320"},
	{384, "malloc-384"},
	{448, "malloc-448"},
	{640, "malloc-640"},
	{768, "malloc-768"},
	{896, "malloc-896"},
	{1280, "malloc-1280"},
	{1536, "malloc-1536"},
	{1792, "malloc-1792"},
	{2560, "malloc-2560"},
};

#define BETWEEN_COUNT (sizeof(between) / sizeof(*between))

// The cache of the smallest class that holds `size` bytes: made if it is none of kmalloc's, and
// kmalloc's where it cannot be made.
static struct kmem_cache *class_make(size_t size)
{
	static struct kmem_cache *made[BETWEEN_COUNT];
	struct kmem_cache *cache = kmalloc_slab(size ? size : 1, GFP_KERNEL);
	size_t i = 0;

	while (i < BETWEEN_COUNT && between[i].size < size)
		i++;
	if (i == BETWEEN_COUNT || between[i].size >= cache->size)
		return cache;
	if (!made[i])
		made[i] = kmem_cache_create(between[i].name, between[i].size, SMALL_STEP, 0, NULL);
	return made[i] ? made[i] : cache;
}

static struct kmem_cache *known(struct kmem_cache *cache)
{
	block_map_add(cache);
	return cache;
}

void size_classes_init(void)
{
	for (unsigned order = 0; order <= ORDER_MAX; order++)
		size_classes.big[order] = known(kmalloc_slab((size_t)1 << order, GFP_KERNEL));
	known(kmalloc_slab(96, GFP_KERNEL)); // of aligned blocks
	known(kmalloc_slab(192, GFP_KERNEL));
	for (size_t i = 1; i <= MIDDLE_BYTES_MAX / MIDDLE_STEP; i++)
		size_classes.middle[i] = known(class_make(i * MIDDLE_STEP));
	for (size_t i = 0; i <= SMALL_BYTES_MAX / SMALL_STEP; i++) {
		size_classes.small[i] = known(class_make(i * SMALL_STEP));
		size_classes.small_quick[i] = size_classes.small[i]->cpu_quick;
	}
	__atomic_store_n(&size_classes.small_end, SMALL_BYTES_MAX + 1, __ATOMIC_RELEASE);
}
