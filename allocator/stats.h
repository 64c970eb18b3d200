// SPDX-License-Identifier: GPL-2.0-or-later
// slabinfo's statistics, in the kernel's own definitions, quirks included. In configs without them
// every function is an empty stand-in and a cache has no room for them.
#ifndef SLAB_STATS_H
#define SLAB_STATS_H

#include "config.h"

// Figures, never decisions: updated by relaxed atomics, whatever lock is held.
struct cache_stats {
	// Objects out of the slabs. One that alloc_node takes from a fresh slab is not counted, so
	// that the figure can pass below zero.
	unsigned long num_active;
	unsigned long high_mark; // of num_active
	unsigned long num_allocations; // objects ever taken from slabs into arrays
	unsigned long grown; // slabs made
	unsigned long reaped; // slabs destroyed by reap passes
	unsigned long errors; // slabinfo's column; nothing has counted here for long
	unsigned long max_freeable; // free slabs on a node, at most, as flushes found them
	unsigned long node_allocs; // objects straight from a node's slabs
	unsigned long node_frees; // frees of another node's objects
	unsigned long node_overflow; // alien arrays found full
	unsigned long allochit;
	unsigned long allocmiss;
	unsigned long freehit;
	unsigned long freemiss;
};

#if CONFIG_SLAB_STATS

#define STATS_FIELD struct cache_stats stats;

static inline void stats_add(unsigned long *figure, unsigned long count)
{
	__atomic_fetch_add(figure, count, __ATOMIC_RELAXED);
}

static inline void stats_raise(unsigned long *mark, unsigned long value)
{
	if (value > __atomic_load_n(mark, __ATOMIC_RELAXED))
		__atomic_store_n(mark, value, __ATOMIC_RELAXED);
}

// One object has left the slabs.
static inline void stats_raise_active(struct cache_stats *stats)
{
	stats_add(&stats->num_active, 1);
	stats_raise(&stats->high_mark, __atomic_load_n(&stats->num_active, __ATOMIC_RELAXED));
}

#define STATS_ADD(cache, figure, count) stats_add(&(cache)->stats.figure, count)
#define STATS_RAISE(cache, mark, value) stats_raise(&(cache)->stats.mark, value)
#define STATS_ACTIVE(cache)             stats_raise_active(&(cache)->stats)

#else

#define STATS_FIELD
#define STATS_ADD(cache, figure, count) ((void)(cache), (void)(count))
#define STATS_RAISE(cache, mark, value) ((void)(cache), (void)(value))
#define STATS_ACTIVE(cache)             ((void)(cache))

#endif
#define STATS_INC(cache, figure) STATS_ADD(cache, figure, 1)

#endif
