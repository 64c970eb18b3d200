// SPDX-License-Identifier: GPL-2.0-or-later
// What the specification says of the next operation, from the state before it: where an object must
// come from, and in which order a node's free slabs must go. For tests that draw their operations:
// the random model and the fuzzer. It reads the same structures as the allocator and decides anew.
// Also counts which rules the operations met, so that a test can say that it reached them.
#ifndef SLAB_EXPECTATION_H
#define SLAB_EXPECTATION_H

#include <stdio.h>

#include "policy.h"

enum origin {
	ORIGIN_NONE, // NULL
	ORIGIN_ARRAY, // the top of this CPU's array
	ORIGIN_SHARED, // the top of its node's shared array
	ORIGIN_REFILL, // the node's slabs, through this CPU's array
	ORIGIN_NODE, // a node's slabs, past all arrays
};

// What allocations met, each by how often.
enum rule {
	PAST_POLICY_TO_ARRAY, // the policy's node and its fallback had nothing, this CPU's array had
	PAST_POLICY_TO_SHARED, // nor had that, but the shared array
	PAST_POLICY_TO_NOTHING, // nobody had anything: the policy was asked twice or thrice
	INTERLEAVE_THRICE, // of these, by an interleaving thread
	SPREAD_PAST_POLICY, // as the first three, for a spreading thread
	POLICY_FALLBACK, // the policy's node had nothing, another node had
	SHORTAGE_FALLBACK, // without a policy: this node had nothing, another node had
	SHORTAGE_NOTHING, // without a policy: nobody had anything
	EXACT_BESIDE_POLICY, // __GFP_THISNODE, a policy, and this node had nothing
	NODE_FALLBACK, // the node asked for had nothing
	NODE_EXACT_NOTHING, // and nothing else was wanted
	DRAIN_BEYOND_LIMIT, // all was drained while a node had slabs beyond its limit, but no array
	RULES
};

struct expected_object {
	enum origin origin;
	unsigned node; // of the object
	const void *object; // of ORIGIN_ARRAY and ORIGIN_SHARED: this one, its stride's start
	struct policy policy; // after the allocation
	bool rules[RULES]; // which it meets
};

// kmem_cache_alloc() and kmem_cache_alloc_node() by this thread, where it runs now. A node without
// pages left counts as one that has some: only slab_observer takes them away.
struct expected_object expect_alloc(struct kmem_cache *cache, gfp_t flags);
struct expected_object expect_alloc_node(struct kmem_cache *cache, gfp_t flags, int node);

// Whether the allocation came out as expected: object is its result. Counts the rules met. Returns
// NULL, or a sentence on what differs.
const char *expectation_met(
	struct kmem_cache *cache, const struct expected_object *expected, const void *object);

// Everything of the cache is about to be drained: remembers the order in which free slabs must go
// on nodes that have no CPU and whose objects are in no array.
void expect_drain(struct kmem_cache *cache);

// slab_observer.destroyed: a slab of such a node. Returns NULL, or a sentence when it is another's
// turn.
const char *expectation_destroyed(struct kmem_cache *cache, struct slab *slab);

// The draining is over. Returns NULL, or a sentence when a slab that had to go is still there.
const char *expectation_drained(void);

// Whether a rule can be met at all on this machine and by this config.
bool rule_can_be_met(enum rule rule);

// How often a rule was met since the start, and all of them, a line each.
unsigned long rule_count(enum rule rule);
const char *rule_name(enum rule rule);
void rules_print(FILE *output);

#endif
