// SPDX-License-Identifier: GPL-2.0-or-later
// How much free memory an arena keeps under the policy "idle" (SLAB_RETURN_IDLE). Numbers in,
// numbers out: no clock, no lock; the caller holds the arena's.
//
// What is free beyond twice the reserve goes back, down to the reserve: so that a program which
// frees and allocates a little, over and over, causes no system call. Where memory is wanted again
// within a second of its return, the return was a mistake, and the reserve doubles, once a return;
// after ten seconds without such it halves.
#ifndef SLAB_HOST_KEEP_H
#define SLAB_HOST_KEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEEP_PAGES_LEAST ((size_t)2048) // 8 MiB
#define KEEP_PAGES_MOST  ((size_t)32768) // 128 MiB
#define KEEP_USED_PART   16 // of what is in use, which may be more

// All zero at first.
struct keep {
	size_t least; // pages; 0: KEEP_PAGES_LEAST
	size_t pages; // the reserve, without the part of what is in use; 0: the least
	size_t regretted; // pages that were wanted again soon, since the last change
	uint64_t returned_ns; // when memory went back last; 0: not since the reserve has doubled
	uint64_t changed_ns; // when the reserve changed last
};

// The pages that stay free when memory goes back.
size_t keep_reserve(const struct keep *keep, size_t used);

// Whether so many free pages are too many.
static inline bool keep_is_exceeded(const struct keep *keep, size_t used, size_t idle)
{
	return idle > KEEP_PAGES_LEAST && idle > 2 * keep_reserve(keep, used);
}

// Memory goes back now.
void keep_note_return(struct keep *keep, uint64_t now_ns);

// Pages without memory behind them are taken into use now. Nothing to note before the first return.
void keep_note_use(struct keep *keep, size_t pages, uint64_t now_ns);

#endif
