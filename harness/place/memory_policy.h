// SPDX-License-Identifier: GPL-2.0-or-later
// Where the threads' memory comes from, in numactl's words.
//
//	bind            each thread's from its own node alone, or from :NODES alone
//	local           from where the thread runs, and from elsewhere when that is full
//	interleave      from all usable nodes, or :NODES, in turn
//	preferred       from the thread's own node, or :NODE, and from elsewhere when that is full
#ifndef HARNESS_PLACE_MEMORY_POLICY_H
#define HARNESS_PLACE_MEMORY_POLICY_H

#include <hwloc.h>
#include <stdbool.h>

#include "results/text/problem.h"

enum memory_kind { MEMORY_BIND, MEMORY_LOCAL, MEMORY_INTERLEAVE, MEMORY_PREFERRED };

struct memory_policy {
	enum memory_kind kind;
	hwloc_bitmap_t nodes; // by the operating system's numbers; NULL: each thread's own
	char name[64]; // as benchmarks are called; empty: bind, which is usual
};

// text: "bind", "interleave:0-1"; NULL: bind. False: no such policy, or a node that has no memory for
// this process; memory_policy_free() all the same.
bool memory_policy_read(struct memory_policy *policy, const char *text, hwloc_topology_t topology,
	struct problem *problem);
void memory_policy_free(struct memory_policy *policy);

// Whether a page of a thread on `node` may lie on `page_node`: it must, where the policy says so, and
// may lie anywhere where the policy is a wish.
bool memory_policy_allows(const struct memory_policy *policy, unsigned node, unsigned page_node);

#endif
