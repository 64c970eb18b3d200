// SPDX-License-Identifier: GPL-2.0-or-later
// Memory straight from the system: whole pages, zero-filled, at any alignment.
#ifndef SLAB_MALLOC_MAPPING_H
#define SLAB_MALLOC_MAPPING_H

#include <stddef.h>

// A size in whole pages, at least one; 0 when there are not so many addresses.
size_t mapping_bytes(size_t size);

// A mapping of `bytes`, of which mapping_bytes() is one, at a multiple of `align`, a power of two;
// their sum is no more than PTRDIFF_MAX. NULL when the system refuses.
void *mapping_make(size_t bytes, size_t align);

#endif
