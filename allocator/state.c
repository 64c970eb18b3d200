// SPDX-License-Identifier: GPL-2.0-or-later
// The allocator's state, as types.h declares it: how far the start has come, what it was started
// with, the list of all caches and its mutex. Who writes what is said there.
#include "types.h"

enum slab_state slab_state = DOWN;
struct slab_options slab_options;
struct geometry_rules slab_rules;

pthread_mutex_t slab_mutex = PTHREAD_MUTEX_INITIALIZER;
CDS_LIST_HEAD(slab_caches);
struct kmem_cache *kmem_cache;

struct slab_observer slab_observer;
