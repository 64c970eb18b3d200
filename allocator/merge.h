// SPDX-License-Identifier: GPL-2.0-or-later
// Sharing: which cache could serve a request.
#ifndef SLAB_MERGE_H
#define SLAB_MERGE_H

#include "types.h"

// The oldest cache that a request could share, NULL without one. slab_mutex held.
struct kmem_cache *find_mergeable(
	unsigned size, unsigned align, slab_flags_t flags, void (*ctor)(void *object));

#endif
