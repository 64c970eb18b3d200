// SPDX-License-Identifier: GPL-2.0-or-later
// Address space first, memory later: a range is reserved without access, and parts of it are
// committed as they come into use. Zero-filled by the kernel at first touch.
#ifndef SLAB_HOST_RESERVE_H
#define SLAB_HOST_RESERVE_H

#include <stdbool.h>
#include <stddef.h>

// Reserves `bytes` at a multiple of `align` (both multiples of the page size; align a power of
// two). NULL when the system refuses.
void *reserve(size_t bytes, size_t align);

// Makes a part of a reserved range what it was at first, whatever it has become since. false when
// the system refuses; the part is unusable then.
bool reserve_again(void *start, size_t bytes);

// Makes a reserved range readable, all zeros. It costs no memory nor a promise of any. false when
// the system refuses.
bool reserve_read(void *start, size_t bytes);

// Gives a reserved range back.
void reserve_release(void *start, size_t bytes);

// Makes the system's pages that hold these bytes of a reserved range readable and writable. Those that are it
// already stay so. false when the system has no memory to promise.
bool reserve_commit(void *start, size_t bytes);

#endif
