// SPDX-License-Identifier: GPL-2.0-or-later
// How often a CPU's array had what was wanted: counted in the array itself, as stats.h says. In
// configs without statistics every function is an empty stand-in. The slot is held in all of them,
// or nobody uses the array yet.
#ifndef SLAB_ARRAY_HITS_H
#define SLAB_ARRAY_HITS_H

#include "types.h"

#if CONFIG_SLAB_STATS

static inline void array_start_hits(struct array_cache *array)
{
	array->pops = 0;
	array->base = 0;
}

// A slow path has moved so many objects into the array; out of it, where it is below 0.
static inline void array_move_base(struct array_cache *array, unsigned count)
{
	array->base += count;
}

// Hits since they were carried over last.
static inline unsigned array_pops(const struct array_cache *array)
{
	return array->pops;
}

static inline unsigned array_pushes(const struct array_cache *array)
{
	return array->avail - array->base + array->pops;
}

static inline void cpu_array_carry_hits(struct kmem_cache *cache, struct array_cache *array)
{
	stats_add(&cache->stats.allochit, array_pops(array));
	stats_add(&cache->stats.freehit, array_pushes(array));
	array->pops = 0;
	array->base = array->avail;
}

// What array_pop() and array_push() have moved were hits.
static inline void cpu_array_count_pops(
	struct kmem_cache *cache, struct array_cache *array, unsigned count)
{
	array->base += count;
	array->pops += count;
	if (unlikely(array->pops >= POPS_MAX))
		cpu_array_carry_hits(cache, array);
}

static inline void cpu_array_count_pushes(struct array_cache *array, unsigned count)
{
	array->base -= count;
}

#else

static inline void array_start_hits(struct array_cache *array)
{
	(void)array;
}

static inline void array_move_base(struct array_cache *array, unsigned count)
{
	(void)array;
	(void)count;
}

static inline void cpu_array_carry_hits(struct kmem_cache *cache, struct array_cache *array)
{
	(void)cache;
	(void)array;
}

static inline void cpu_array_count_pops(
	struct kmem_cache *cache, struct array_cache *array, unsigned count)
{
	(void)cache;
	(void)array;
	(void)count;
}

static inline void cpu_array_count_pushes(struct array_cache *array, unsigned count)
{
	(void)array;
	(void)count;
}

#endif

#endif
