// SPDX-License-Identifier: GPL-2.0-or-later
// Where a thread wants its objects from.
#ifndef SLAB_POLICY_H
#define SLAB_POLICY_H

#include "host/hidden.h"
#include "types.h"

// The calling thread's wish for its next object: a node, or POLICY_NONE. cpu_node: where it runs.
#define POLICY_NONE -1
int policy_node(const struct kmem_cache *cache, unsigned cpu_node);
// Where the thread's fallback starts to look.
unsigned policy_fallback_node(unsigned cpu_node);

// A thread's own; everything zero is no policy.
struct policy {
	enum slab_mempolicy mode;
	unsigned long nodes;
	unsigned
		next; // interleave: where the next object comes from, or the first member from here on
	bool is_spreading; // SLAB_MEM_SPREAD caches go round the nodes
	unsigned spread_next;
};

// The calling thread's as it is now: for tests that say beforehand what will happen.
struct policy policy_now(void);

// Whether the calling thread has one.
extern __thread bool policy_is_set SLAB_OWN_TLS;

// So that programs without policies pay for one comparison.
static inline bool has_policy(void)
{
	return unlikely(slab_gates.has_policies) && policy_is_set;
}

#endif
