// SPDX-License-Identifier: GPL-2.0-or-later
// Memory for whoever calls malloc() while malloc itself is starting: the C library's
// pthread_atfork(), for one. A heap that only grows; what is freed in it stays.
#ifndef SLAB_MALLOC_EARLY_H
#define SLAB_MALLOC_EARLY_H

#include <stdbool.h>
#include <stddef.h>

// Memory for `size` bytes at a multiple of `align` (a power of two), zero-filled; NULL when there
// is none. One thread at a time: the one that starts the allocator.
void *early_alloc(size_t size, size_t align);

// Whether the address is one of early_alloc()'s, and the bytes that may be used there.
bool early_contains(const void *address);
size_t early_size(const void *address);

#endif
