// SPDX-License-Identifier: GPL-2.0-or-later
// Blocks above what kmalloc serves: each a mapping of its own, and a table of them beside.
#ifndef SLAB_MALLOC_LARGE_H
#define SLAB_MALLOC_LARGE_H

#include <stdbool.h>
#include <stddef.h>

// Zero-filled memory for `size` bytes (not 0) at a multiple of `align`, a power of two. NULL when
// the system refuses; errno is ENOMEM then.
void *large_alloc(size_t size, size_t align);

// The bytes that may be used at this address; 0 when no block starts there.
size_t large_size(const void *address);

// Gives a block back. false when none starts there. errno is kept.
bool large_free(void *address);

// Gives a block another size (not 0), in place or elsewhere, its contents kept, what it grows by
// zero-filled. NULL when the system refuses; the block is as it was then, and errno is ENOMEM. The
// block is the caller's.
void *large_resize(void *address, size_t size);

// Around a fork().
void large_lock(void);
void large_unlock(void);

#endif
