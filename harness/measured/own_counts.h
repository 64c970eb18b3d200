// SPDX-License-Identifier: GPL-2.0-or-later
// What a measured program writes of the allocator it is linked with, as counters of a benchmark:
// what the allocator counted during the timed loop, and what has no noise at all, the layout of the
// cache that was measured and the size of the fast path's code.
#ifndef HARNESS_MEASURED_OWN_COUNTS_H
#define HARNESS_MEASURED_OWN_COUNTS_H

#include <stdbool.h>

#include "gbench.h"

struct kmem_cache;

struct own_counts {
	bool is_ours; // false in a peer, which counts nothing
	bool has_sequences;
	double lock_contended;
	double sequences_aborted;
};

// What the allocator has counted so far, for all threads.
struct own_counts own_counts_now(void);

// Sets what was counted since `before` and the exact counters. Leaves out what this allocator, or
// this program, cannot say; it is never 0. cache: the one that all objects came from; NULL where
// there is no such.
void own_counts_report(struct gbench_state *state, const struct own_counts *before,
	const struct kmem_cache *cache);

#endif
