// SPDX-License-Identifier: GPL-2.0-or-later
// Blocks beside the heap, for whoever may not enter it (gate.h): each a mapping of its own, noted in
// a table without locks. What a vanished thread of a fork's parent was doing there costs its child a
// place in the table, nothing else.
#ifndef SLAB_MALLOC_ASIDE_H
#define SLAB_MALLOC_ASIDE_H

#include <stdbool.h>
#include <stddef.h>

// Zero-filled memory for `size` bytes at a multiple of `align`, a power of two. NULL when the system
// refuses or the table is full; errno is ENOMEM then.
void *aside_alloc(size_t size, size_t align);

// The bytes that may be used at this address; 0 when no such block starts there.
size_t aside_size(const void *address);

// Gives a block back. false when none starts there.
bool aside_free(void *address);

#endif
