// SPDX-License-Identifier: GPL-2.0-or-later
// What the calls of derived.c need beyond the public ones, from the allocator and from each peer.
#ifndef SLAB_DERIVED_H
#define SLAB_DERIVED_H

#include <stdbool.h>
#include <stddef.h>

// ksize() on behalf of `function`, which a report names. object is neither NULL nor ZERO_SIZE_PTR.
// Returns false where it is no object, or in the debug config a free one, after a report; else sets
// *bytes, which may be 0.
bool object_room(const void *object, const char *function, size_t *bytes);

#endif
