// SPDX-License-Identifier: GPL-2.0-or-later
// A trace: what to do to the allocator, on which CPU, in which order. Text is read whole and
// checked whole; what can be known to be wrong before anything runs is an error with its line and
// column.
#ifndef SLAB_INSPECT_TRACE_H
#define SLAB_INSPECT_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <slab/slab.h>

#define TRACE_NODES_MAX   64
#define TRACE_CPUS_MAX    1024
#define TRACE_BULK_MAX    65536
#define TRACE_OBJECTS_MAX (16u << 20) // of a whole trace

#define TRACE_NO_CACHE (-1)

enum trace_verb {
	// On a CPU.
	TRACE_ALLOC,
	TRACE_ALLOC_NODE,
	TRACE_FREE,
	TRACE_KFREE,
	TRACE_ALLOC_BULK,
	TRACE_FREE_BULK,
	TRACE_KMALLOC,
	TRACE_KMALLOC_NODE,
	TRACE_SHRINK,
	TRACE_REAP,
	TRACE_REAP_EARLY,
	TRACE_TUNE,
	TRACE_DESTROY,
	// On CPU 0.
	TRACE_CACHE,
	TRACE_DUMP,
	TRACE_CPU_DOWN,
	TRACE_CPU_UP,
	TRACE_NOMEM,
	TRACE_POLICY,
	// Settings, without a result.
	TRACE_OPTION_ALIEN,
	TRACE_OPTION_MERGE,
	TRACE_VERBS,
};

enum trace_policy {
	TRACE_POLICY_NONE,
	TRACE_POLICY_PREFERRED,
	TRACE_POLICY_BIND,
	TRACE_POLICY_INTERLEAVE
};

// Objects with consecutive indices.
struct trace_range {
	unsigned first;
	unsigned count;
};

// A line that does something. Fields that the verb does not have are 0.
struct trace_operation {
	enum trace_verb verb;
	unsigned line;
	unsigned cpu; // that it runs on; of cpu_down and cpu_up: that goes or comes
	int cache; // index; TRACE_NO_CACHE where it names none
	const char *label; // of the objects that it makes; the trace owns it
	struct trace_range *ranges; // the objects that it makes (one range) or frees
	size_t ranges_count;
	// What the new label named before, which must hold nothing by now.
	int cache_before;
	struct trace_range objects_before;
	// cache, kmalloc
	uint64_t size;
	unsigned align;
	slab_flags_t flags;
	bool has_ctor;
	int node; // -1: no preference
	gfp_t gfp; // beside GFP_KERNEL
	// tune
	int limit;
	int batchcount;
	int shared;
	// nomem, policy: bit n is node n
	uint64_t nodes;
	enum trace_policy policy;
	bool is_on; // options
};

struct trace {
	unsigned nodes;
	unsigned cpus_per_node; // CPU c is on node c / cpus_per_node
	struct trace_operation *operations;
	size_t operations_count;
	char **caches; // labels, by index
	unsigned caches_count;
	unsigned objects_count;
	char **lines; // as they were written, line 1 first
	unsigned lines_count;
	char **labels; // of objects, for freeing
	size_t labels_count;
};

struct trace_problem {
	unsigned line; // 0: the file as a whole
	unsigned column; // in bytes, from 1
	char text[400]; // what is wrong, and what would be right
};

// Reads a whole trace. On failure *problem is filled and nothing needs to be freed.
bool trace_read(struct trace *trace, FILE *input, struct trace_problem *problem);
void trace_free(struct trace *trace);

#endif
