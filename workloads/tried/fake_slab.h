// SPDX-License-Identifier: GPL-2.0-or-later
// An allocator of the tests' own: it counts what it is asked for, by whom, and runs out of memory or
// breaks its promises on demand. Only tests are linked with it.
#ifndef WORKLOADS_TRIED_FAKE_SLAB_H
#define WORKLOADS_TRIED_FAKE_SLAB_H

#include <slab/slab.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { FAKE_LOG_MAX = 4096 };
#define FAKE_NODE_BYTES (64L << 20) // of a node, asked with __GFP_THISNODE

struct fake_slab {
	atomic_long allocated; // objects
	atomic_long freed;
	atomic_long remote; // of these, by another thread than the one that made the object
	atomic_long by_cache; // objects of caches
	atomic_long live;
	atomic_long live_max;
	atomic_long size_min;
	atomic_long size_max;
	atomic_long caches; // that exist
	atomic_long node_bytes; // asked with __GFP_THISNODE and not freed
	long limit; // this many allocations succeed; -1: all
	size_t shift; // objects lie so many bytes off their alignment
	size_t lacking; // ksize() says so many bytes less
	bool hands_out_twice; // every second allocation repeats the one before
	_Atomic(void *) last;
	void *allocation_log[FAKE_LOG_MAX]; // of single-threaded runs
	void *free_log[FAKE_LOG_MAX];
	size_t size_log[FAKE_LOG_MAX];
};

extern struct fake_slab fake;

// Forgets everything. No object may be alive.
void fake_reset(void);
// Begins to count anew; objects stay.
void fake_counts_begin(void);
// What malloc() gave for an object.
void *fake_memory_of(const void *object);

#endif
