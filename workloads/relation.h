// SPDX-License-Identifier: GPL-2.0-or-later
// How the CPUs of threads lie to each other, and what that is called.
#ifndef WORKLOADS_RELATION_H
#define WORKLOADS_RELATION_H

// How the CPUs of a benchmark's threads lie to each other. harness/place/placement.h finds CPUs
// for it. Partners are the threads of the same index in their roles (producer 3 and consumer 3); of
// a single role, each thread of an even number and the next one.
enum relation {
	RELATION_ALONE, // one thread: no other CPU matters
	RELATION_SAME_CPU, // all threads take turns on one CPU
	RELATION_SMT_SIBLING, // partners on two hardware threads of one core
	RELATION_SAME_CACHE, // cores behind one shared cache
	RELATION_SAME_NODE, // cores of one node, two of them where possible without a shared cache
	RELATION_NODE_NEAR, // partners on two nodes, the nearest to each other
	RELATION_NODE_FAR, // partners on two nodes, the farthest from each other
	RELATION_COMPACT, // as near to each other as there is room
	RELATION_SPREAD, // as far apart as there is room: over nodes, caches, cores
	RELATION_MATRIX, // the first role on one node, the others on one: a pair of nodes at a time
	RELATION_CPUS, // on CPUs that the user names
	RELATION_COUNT
};

#define RELATION_BIT(relation) (1u << (relation))

// "same-node" and so on; "alone" for RELATION_ALONE.
static inline const char *relation_name(enum relation relation)
{
	static const char *const names[RELATION_COUNT] = {
		[RELATION_ALONE] = "alone",
		[RELATION_SAME_CPU] = "same-cpu",
		[RELATION_SMT_SIBLING] = "smt-sibling",
		[RELATION_SAME_CACHE] = "same-cache",
		[RELATION_SAME_NODE] = "same-node",
		[RELATION_NODE_NEAR] = "node-near",
		[RELATION_NODE_FAR] = "node-far",
		[RELATION_COMPACT] = "compact",
		[RELATION_SPREAD] = "spread",
		[RELATION_MATRIX] = "matrix",
		[RELATION_CPUS] = "cpus",
	};

	return names[relation];
}

#endif
