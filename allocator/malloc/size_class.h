// SPDX-License-Identifier: GPL-2.0-or-later
// Which cache serves a size: kmalloc's, and some between them that only malloc has.
#ifndef SLAB_MALLOC_SIZE_CLASS_H
#define SLAB_MALLOC_SIZE_CLASS_H

#include "types.h"

#define SMALL_BYTES_MAX 1024
#define SMALL_STEP      16 // what any type that C knows of itself is aligned to
#define CLASS_BYTES_MAX ((size_t)128 << 10) // the largest block that is an object
#define SMALL_LOG2      10
#define CLASS_LOG2_MAX  17
#define EIGHTHS         8 // steps from a power of two to the next
#define BIG_SIZES       ((CLASS_LOG2_MAX - SMALL_LOG2) * EIGHTHS)

// By steps, rounded up. All zero until the allocator has started.
struct size_classes {
	size_t small_end; // SMALL_BYTES_MAX + 1
	size_t small_quick[SMALL_BYTES_MAX / SMALL_STEP +
			   1]; // the caches' cpu_quick, all that a hit needs
	struct kmem_cache *small[SMALL_BYTES_MAX / SMALL_STEP + 1];
	struct kmem_cache *big[BIG_SIZES];
};

extern struct size_classes size_classes SLAB_OWN;

// Makes the caches and fills the tables. The allocator has started; one thread at a time.
void size_classes_init(void);

// The smallest class that holds `size` bytes and whose objects all lie at multiples of `align`, a
// power of two. NULL: none does.
struct kmem_cache *size_class_aligned(size_t size, size_t align);

// The classes in ascending order of size, from 0 on; NULL behind the last.
struct kmem_cache *size_class_number(unsigned number);

// Whether the classes are there.
static inline bool size_classes_are_there(void)
{
	return __atomic_load_n(&size_classes.small_end, __ATOMIC_ACQUIRE) > 0;
}

static inline unsigned log2_up(size_t size)
{
	return size > 1 ? 64 - (unsigned)__builtin_clzl(size - 1) : 0;
}

// The index of a size up to SMALL_BYTES_MAX.
static inline size_t small_index(size_t size)
{
	return (size + SMALL_STEP - 1) / SMALL_STEP;
}

// The index of a larger one: which eighth of the way from a power of two to the next it lies in.
static inline size_t big_index(size_t size)
{
	unsigned log2 = 63 - (unsigned)__builtin_clzl(size - 1);

	return (size_t)(log2 - SMALL_LOG2) * EIGHTHS + (((size - 1) >> (log2 - 3)) & (EIGHTHS - 1));
}

// The cache of the smallest class that holds `size` bytes; NULL before the start and above
// CLASS_BYTES_MAX.
static inline struct kmem_cache *size_class_cache(size_t size)
{
	if (size <= SMALL_BYTES_MAX)
		return size_classes.small[small_index(size)];
	return size <= CLASS_BYTES_MAX ? size_classes.big[big_index(size)] : NULL;
}

#endif
