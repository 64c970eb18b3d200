// SPDX-License-Identifier: GPL-2.0-or-later
// Which large blocks are worth keeping when they come back. Numbers in, numbers out: no clock, no
// lock; the caller holds large.c's.
//
// A block of a size that nobody asks for again, such as those of an array that grows, is best given
// back at once. Where a size is wanted again within a second of its return, the return was a mistake,
// and the next of that size is kept: a program that allocates and frees the same blocks over and over
// pays the page faults of each size twice. What was kept and stays unwanted for a second ends that.
#ifndef SLAB_MALLOC_REGRET_H
#define SLAB_MALLOC_REGRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REGRET_SIZES 64 // remembered; the one that came back the longest ago makes room
#define REGRET_NS    UINT64_C(1000000000)

// All zero at first.
struct regret {
	struct regret_size {
		size_t bytes; // 0: none
		uint64_t returned_ns; // when a block of this size came back last
		bool is_regretted;
	} size[REGRET_SIZES];
};

// A block of so many bytes comes back now. Returns whether it is worth keeping.
bool regret_note_return(struct regret *regret, size_t bytes, uint64_t now_ns);

// A block that any of `bytes` to `most` bytes would serve is mapped anew now.
void regret_note_use(struct regret *regret, size_t bytes, size_t most, uint64_t now_ns);

// Nobody wanted a kept block of so many bytes.
void regret_end(struct regret *regret, size_t bytes);

#endif
