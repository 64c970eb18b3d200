// SPDX-License-Identifier: GPL-2.0-or-later
// Which cache serves a size: kmalloc's, and some between them that only malloc has.
#ifndef SLAB_MALLOC_SIZE_CLASS_H
#define SLAB_MALLOC_SIZE_CLASS_H

#include "types.h"

#define SMALL_BYTES_MAX  1024
#define SMALL_STEP       16 // what any type that C knows of itself is aligned to
#define MIDDLE_BYTES_MAX 4096
#define MIDDLE_STEP      256
#define ORDER_MAX        22 // KMALLOC_MAX_SIZE

// By steps, rounded up; above MIDDLE_BYTES_MAX by log2. All zero until the allocator has started.
struct size_classes {
	size_t small_end; // SMALL_BYTES_MAX + 1
	size_t small_quick[SMALL_BYTES_MAX / SMALL_STEP +
			   1]; // the caches' cpu_quick, all that a hit needs
	struct kmem_cache *small[SMALL_BYTES_MAX / SMALL_STEP + 1];
	struct kmem_cache *middle[MIDDLE_BYTES_MAX / MIDDLE_STEP + 1];
	struct kmem_cache *big[ORDER_MAX + 1];
};

extern struct size_classes size_classes SLAB_OWN;

// Makes the caches and fills the tables. The allocator has started; one thread at a time.
void size_classes_init(void);

// Whether that has been done.
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

// The cache of the smallest class that holds `size` bytes; NULL before the start and above
// KMALLOC_MAX_SIZE.
static inline struct kmem_cache *size_class_cache(size_t size)
{
	if (size <= SMALL_BYTES_MAX)
		return size_classes.small[small_index(size)];
	if (size <= MIDDLE_BYTES_MAX)
		return size_classes.middle[(size + MIDDLE_STEP - 1) / MIDDLE_STEP];
	return size <= KMALLOC_MAX_SIZE ? size_classes.big[log2_up(size)] : NULL;
}

#endif
