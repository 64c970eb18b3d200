// SPDX-License-Identifier: GPL-2.0-or-later
// The caches behind kmalloc.
#ifndef SLAB_KMALLOC_H
#define SLAB_KMALLOC_H

#include "types.h"

// What __kmalloc() looks up: where the arrays for each size up to KMALLOC_STEPS_MAX lie, by steps of
// KMALLOC_STEP bytes, of the normal type. It is the cpu_quick of the size's cache, so that no cache is
// waited for; whoever moves a cache's arrays says so here (tune.c). No branch depends on the size,
// because with mixed sizes each would be guessed wrong often.
#define KMALLOC_STEP      8
#define KMALLOC_STEPS_MAX 4096
#define KMALLOC_STEPS     (KMALLOC_STEPS_MAX / KMALLOC_STEP)
extern size_t kmalloc_place[KMALLOC_STEPS] SLAB_OWN;

// 0 until kmalloc_place is filled, which must be seen with it. An x86 processor keeps loads in order,
// and of a plain load the compiler makes the comparison's operand.
static inline size_t kmalloc_limit(void)
{
#if defined(__x86_64__) && !HAS_THREAD_SANITIZER
	return slab_gates.kmalloc_limit;
#else
	return __atomic_load_n(&slab_gates.kmalloc_limit, __ATOMIC_ACQUIRE);
#endif
}

// Whether kmalloc_place has the answer, and nothing but an object is owed to the user. It has none for
// size 0.
static inline bool kmalloc_is_quick(size_t size, gfp_t flags)
{
	return likely(size - 1 < kmalloc_limit() &&
		      !(flags & (__GFP_DMA | __GFP_RECLAIMABLE | __GFP_ZERO)));
}

static inline const size_t *kmalloc_quick_place(size_t size)
{
	return &kmalloc_place[(size - 1) / KMALLOC_STEP];
}

// The cache that serves `size` bytes, NULL where there is none (yet). size is not 0.
struct kmem_cache *kmalloc_slab(size_t size, gfp_t flags);

// Creates the kmalloc cache that serves `size` bytes, then all that are missing. Bootstrap only.
int kmalloc_create_for(size_t size);
int kmalloc_create_all(void);

// Lets users have them. When the start is over.
void kmalloc_publish(void);

#endif
