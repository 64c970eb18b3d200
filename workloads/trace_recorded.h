// SPDX-License-Identifier: GPL-2.0-or-later
// A recording as it is played: trace_load.c fills it, trace.c plays it.
#ifndef WORKLOADS_TRACE_RECORDED_H
#define WORKLOADS_TRACE_RECORDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CACHES_MAX = 256 };
#define NO_OBJECT UINT32_MAX
#define NO_CACHE  UINT16_MAX

// An event as it is played.
struct step {
	uint64_t time_ns;
	uint32_t size;
	uint32_t made; // NO_OBJECT: none
	uint32_t taken;
	uint32_t thread;
	uint32_t cpu;
	int16_t node;
	uint16_t cache; // of the object that is made; NO_CACHE: kmalloc
	bool is_zeroed;
};

// What the process has loaded; written by trace_load() alone.
extern struct recorded {
	struct step *steps;
	size_t count;
	size_t room;
	uint32_t objects;
	uint16_t *object_caches; // of each object
	uint32_t *object_sizes; // bytes asked for
	uint32_t cache_sizes[CACHES_MAX];
	unsigned caches;
	uint64_t left_out; // allocations too large for any slab
	int64_t digest;
} recorded;

#endif
