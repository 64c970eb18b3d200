// SPDX-License-Identifier: GPL-2.0-or-later
// What a measured program writes of the allocator it is linked with, as counters of a benchmark:
// what the allocator counted during the timed loop, and what has no noise at all, the layout of the
// cache that was measured and the size of the fast path's code.
#ifndef HARNESS_MEASURED_OWN_COUNTS_H
#define HARNESS_MEASURED_OWN_COUNTS_H

#include "gbench.h"

struct kmem_cache;

// Around the timed loop, once in each of its threads: begin before the loop, when the thread has
// done everything else, and end right behind it. The last thread to begin and the first to end take
// the counts, so that they are those of the loop alone, exactly: Google Benchmark lets no thread
// into the loop before all are there, nor out of it.
void own_counts_expect(unsigned threads); // before any of them
void own_counts_begin(void);
void own_counts_end(void);

// One thread, after the loop: sets what was counted in it and the exact counters. Leaves out what
// this allocator, or this program, cannot say; it is never 0. operations: of all threads. cache: the
// one that all objects came from; NULL where there is no such.
void own_counts_report(
	struct gbench_state *state, double operations, const struct kmem_cache *cache);

#endif
