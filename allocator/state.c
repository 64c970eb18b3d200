// SPDX-License-Identifier: GPL-2.0-or-later
// The allocator's state: how far the start has come, what it was started with, the list of all
// caches and its mutex. types.h says who may write what.
#include "kmalloc.h"
#include "nonshared/copy.h"
#include "types.h"

enum slab_state slab_state = DOWN;
struct slab_options slab_options;
struct geometry_rules slab_rules;

pthread_mutex_t slab_mutex = PTHREAD_MUTEX_INITIALIZER;
CDS_LIST_HEAD(slab_caches);
struct kmem_cache *kmem_cache;

struct slab_gates slab_gates;
struct slab_observer slab_observer;
struct fast_copy *fast_copies;

// It begins with a line, so that the places of most sizes do not lie where objects do (HOT_PLACE).
size_t kmalloc_place[KMALLOC_STEPS] __attribute__((aligned(64)));
