// SPDX-License-Identifier: GPL-2.0-or-later
// slabinfo's statistics, in the kernel's own definitions, quirks included. In configs without them
// every function is an empty stand-in and a cache has no room for them.
#ifndef SLAB_STATS_H
#define SLAB_STATS_H

#include <limits.h>
#include <stdbool.h>

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

// Hits are counted where they happen, in the CPU's array, so that CPUs share nothing: a sequence
// ends in one store, of the number of objects and of the pops in one word. Pushes need no count of
// their own, because they are what is left over:
//
//     avail = base + pushes - pops         so     pushes = avail - base + pops
//
// base takes up what slow paths move in and out (array_set_avail()). All of it is modulo 2^32, so
// now and then the slot's holder carries it over into the cache's figures (cpu_array_carry_hits()):
// at each flush and drain, and when `pops` has come to POPS_MAX; no sequence brings it there.
#define POPS_MAX (1u << 31)

#if CONFIG_SLAB_STATS

#define STATS_FIELD      struct cache_stats stats;
#define STATS_POPS_FIELD unsigned pops; // hits; with avail before it one word
#define STATS_BASE_FIELD unsigned base;

static inline void stats_add(unsigned long *figure, unsigned long count)
{
	__atomic_fetch_add(figure, count, __ATOMIC_RELAXED);
}

static inline void stats_raise(unsigned long *mark, unsigned long value)
{
	if (value > __atomic_load_n(mark, __ATOMIC_RELAXED))
		__atomic_store_n(mark, value, __ATOMIC_RELAXED);
}

// Objects have left the slabs: as if they were counted one by one, also where the figure comes from
// below zero and passes the highest number on its way.
static inline void stats_raise_active(struct cache_stats *stats, unsigned long count)
{
	unsigned long before = __atomic_fetch_add(&stats->num_active, count, __ATOMIC_RELAXED);
	bool passes_highest = before + 1 > before + count && count > 0;

	stats_raise(&stats->high_mark, passes_highest ? ULONG_MAX : before + count);
}

#define STATS_ADD(cache, figure, count) stats_add(&(cache)->stats.figure, count)
#define STATS_RAISE(cache, mark, value) stats_raise(&(cache)->stats.mark, value)
#define STATS_ACTIVE(cache, count)      stats_raise_active(&(cache)->stats, count)

#else

#define STATS_FIELD
#define STATS_POPS_FIELD
#define STATS_BASE_FIELD
#define STATS_ADD(cache, figure, count) ((void)(cache), (void)(count))
#define STATS_RAISE(cache, mark, value) ((void)(cache), (void)(value))
#define STATS_ACTIVE(cache, count)      ((void)(cache), (void)(count))

#endif
#define STATS_INC(cache, figure) STATS_ADD(cache, figure, 1)

#endif
