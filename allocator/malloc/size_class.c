// SPDX-License-Identifier: GPL-2.0-or-later
// The classes. kmalloc's are powers of two, 96 and 192: up to half of an object is waste, and the
// first bytes of all larger ones lie in the same few sets of a processor's cache, which costs a
// program with thousands of live blocks of mixed sizes more than the allocator itself does. So
// malloc has caches between, from 256 bytes on at 9, 10, 11, 12 and 14 eighths of a power of two.
//
// With slabs of which no more than a sixteenth is left over, a block takes at most 1.19 times what
// was asked for: a size just above 9 eighths of b bytes takes a sixth of 8 b, or 1.33 b.
// 9 eighths stand 7 to 8 b, 10 eighths 6, 11 eighths 11 to 16 b, 12 eighths 5 to 8 b, 14 eighths 9
// to 16 b. All of them from 512 bytes on are multiples of 64, from 32 KiB on of a page: aligned
// blocks find their class among them.
#include "malloc/size_class.h"

#include <stdio.h>

#include "bootstrap.h"
#include "host/pages.h"
#include "kmalloc.h"
#include "malloc/block_map.h"
#include "malloc/fresh.h"

#define LEFT_OVER_PART 16 // of a slab
#define ODD_ALIGN_MAX  256 // beyond it the alignment would cost slabs their colours
#define EVEN_FROM      256 // five classes between powers of two from here on

struct size_classes size_classes;

static struct kmem_cache *class_cache[BLOCK_CLASSES_MAX]; // ascending; written at the start alone
static unsigned classes_count;

static const unsigned small_sizes[] = {16, 32, 48, 64, 80, 96, 112, 128, 160, 192, 224};
static const unsigned eighths[] = {8, 9, 10, 11, 12, 14};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

// kmalloc's own 96 takes 128 bytes, and it has no 16. From a page on malloc's objects are not the
// allocator's own, because each is handed out through fresh.h.
static bool kmalloc_has(unsigned size)
{
	return size == 192 || (size >= 32 && size < FRESH_BYTES_MIN && (size & (size - 1)) == 0);
}

// What divides the size, so that aligned blocks find classes without holes.
static unsigned align_of(unsigned size)
{
	unsigned align = size & -size, most = size % PAGE_SIZE ? ODD_ALIGN_MAX : PAGE_SIZE;

	return align < most ? align : most;
}

// A class that cannot be made is left out: the next one serves its sizes.
static void class_add(unsigned size)
{
	struct kmem_cache *cache;
	char name[24];

	if (kmalloc_has(size)) {
		cache = kmalloc_slab(size, GFP_KERNEL);
	} else {
		snprintf(name, sizeof(name), "malloc-%u", size);
		cache = kmem_cache_create(name, size, align_of(size), 0, NULL);
	}
	if (!cache)
		return;
	block_map_add(cache);
	class_cache[classes_count++] = cache;
}

static void classes_make(void)
{
	for (size_t i = 0; i < COUNT(small_sizes); i++)
		class_add(small_sizes[i]);
	for (unsigned power = EVEN_FROM; power < CLASS_BYTES_MAX; power *= 2)
		for (size_t i = 0; i < COUNT(eighths); i++)
			class_add(power / EIGHTHS * eighths[i]);
	class_add(CLASS_BYTES_MAX);
}

// The cache of the smallest class that holds so many bytes; there is one.
static struct kmem_cache *smallest_for(size_t size)
{
	unsigned i = 0;

	while (class_cache[i]->object_size < size)
		i++;
	return class_cache[i];
}

struct kmem_cache *size_class_number(unsigned number)
{
	return number < classes_count ? class_cache[number] : NULL;
}

// Objects lie at a slab's start, moved by a colour, and at multiples of their size from there.
static bool is_aligned(const struct kmem_cache *cache, size_t align)
{
	bool is_coloured = cache->colour > 1 && cache->colour_off % align;

	return cache->align >= align || (cache->size % align == 0 && !is_coloured);
}

struct kmem_cache *size_class_aligned(size_t size, size_t align)
{
	for (unsigned i = 0; align <= PAGE_SIZE && i < classes_count; i++)
		if (class_cache[i]->object_size >= size && is_aligned(class_cache[i], align))
			return class_cache[i];
	return NULL;
}

// The largest size of an entry of the table of big ones.
static size_t big_size(size_t index)
{
	size_t power = (size_t)1 << (SMALL_LOG2 + index / EIGHTHS);

	return power + power / EIGHTHS * (index % EIGHTHS + 1);
}

static void tables_fill(void)
{
	for (size_t i = 0; i < BIG_SIZES; i++)
		size_classes.big[i] = smallest_for(big_size(i));
	for (size_t i = 0; i <= SMALL_BYTES_MAX / SMALL_STEP; i++) {
		size_classes.small[i] = smallest_for(i * SMALL_STEP);
		size_classes.small_quick[i] = size_classes.small[i]->cpu_quick;
	}
	__atomic_store_n(&size_classes.small_end, SMALL_BYTES_MAX + 1, __ATOMIC_RELEASE);
}

void size_classes_init(void)
{
	struct geometry_rules usual = slab_rules;

	slab_rules.left_over_part = LEFT_OVER_PART;
	if (slab_options.slab_max_order < 0)
		slab_rules.slab_max_order = MAX_ORDER;
	classes_make();
	slab_rules = usual;
	tables_fill();
}
