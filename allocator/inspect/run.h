// SPDX-License-Identifier: GPL-2.0-or-later
// A trace that is being carried out: what its labels name by now, and where the results go.
#ifndef SLAB_INSPECT_RUN_H
#define SLAB_INSPECT_RUN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "inspect/state.h"
#include "inspect/trace.h"

struct run {
	const struct trace *trace;
	struct state state;
	void **objects; // by index; NULL: holds nothing
	uint64_t nomem; // bit n: node n has no page for the trace's caches
	FILE *output;
	struct trace_problem *problem;
};

// Makes room for what the trace's labels name, and has the allocator tell the run of its slabs.
// trace, output and problem are set. One run at a time. may_allocate: of struct slab_observer, or
// NULL. Returns false without memory; run_end() follows in any case.
bool run_begin(struct run *run, bool has_statistics, bool (*may_allocate)(void));
void run_end(struct run *run);

// Says what is wrong with an operation. Returns false.
__attribute__((format(printf, 3, 4))) bool run_complain(
	struct run *run, const struct trace_operation *operation, const char *format, ...);

// The label that the operation names.
struct state_cache *run_cache_of(struct run *run, const struct trace_operation *operation);

// A cache is gone since this line of the trace: every label of it loses it.
void run_forget_cache(struct run *run, const struct kmem_cache *cache, unsigned line);

// The constructor of the trace's caches: counts its calls at the cache's label.
void run_count_ctor(void *object);

#endif
