// SPDX-License-Identifier: GPL-2.0-or-later
// Blocks that are no objects of a cache: each a mapping of its own, and a table of them beside. Some
// that come back are kept for the next.
//
// All calls but large_size() are made inside the gate (gate.h).
#ifndef SLAB_MALLOC_LARGE_H
#define SLAB_MALLOC_LARGE_H

#include <stdbool.h>
#include <stddef.h>

// Memory for `size` bytes at a multiple of `align`, a power of two. *is_zeroed: whether it is all
// zeros. NULL when the system refuses; errno is ENOMEM then.
void *large_alloc(size_t size, size_t align, bool *is_zeroed);

// The bytes that may be used at this address; 0 when no block starts there. Inside the gate or not.
size_t large_size(const void *address);

// Gives a block back. false when none starts there. errno is kept.
bool large_free(void *address);

// Gives a block another size (not 0), in place or elsewhere, its contents kept. NULL when the system
// refuses; the block is as it was then, and errno is ENOMEM. The block is the caller's.
void *large_resize(void *address, size_t size);

// Gives kept blocks back to the system: those that nobody has wanted for a second, or all. Returns
// their bytes.
size_t large_age(void);
size_t large_trim(void);

struct large_figures {
	size_t blocks, bytes; // in use
	size_t kept_blocks, kept_bytes;
};

void large_count(struct large_figures *figures);

#endif
