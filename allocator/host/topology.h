// SPDX-License-Identifier: GPL-2.0-or-later
// Which NUMA nodes and CPUs there are: this machine, or a virtual topology given by an hwloc
// synthetic description or XML file, in which a thread says which CPU it is. Written once at start,
// read-only afterwards. Two sources, of which a library is linked with one: topology_hwloc.c, and
// topology_sysfs.c for libslabmalloc, which may not ask a library for memory.
#ifndef SLAB_HOST_TOPOLOGY_H
#define SLAB_HOST_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>

#define NODES_MAX 64 // as a default 5.10 build for NUMA machines allows
#define CPUS_MAX  8192 // the most that a 5.10 kernel can be built for on x86

struct topology {
	bool is_virtual;
	unsigned nr_nodes;
	unsigned nr_cpus; // highest CPU number + 1; the numbers may be sparse
	unsigned nr_possible_cpus; // CPUs that exist
	unsigned cache_line; // bytes, of the first-level data cache; 64 where unknown
	size_t memory; // bytes of all nodes; 0 where unknown

	// The nearest node with memory; NODE_NONE where there is no such CPU.
	unsigned char cpu_node[CPUS_MAX];
	// Online CPUs whose node this is. Written under slab_mutex, as is the next.
	unsigned node_cpus[NODES_MAX];
	// Whether the node gives memory.
	bool node_is_online[NODES_MAX];
	// [node]: all nodes, nearest first.
	unsigned char zonelist[NODES_MAX][NODES_MAX];
};

#define NODE_NONE          0xff
#define CACHE_LINE_DEFAULT 64

extern struct topology topology; // written by topology_init() alone

static inline bool topology_has_cpu(unsigned cpu)
{
	return cpu < topology.nr_cpus && topology.cpu_node[cpu] != NODE_NONE;
}

// Every CPU that exists, by its number; the numbers may be sparse.
#define for_each_cpu(cpu)                                                                          \
	for (unsigned cpu = 0; cpu < topology.nr_cpus; cpu++)                                      \
		if (!topology_has_cpu(cpu))                                                        \
			continue;                                                                  \
		else

// description: as struct slab_options' topology. Returns 0, -EINVAL when it cannot be read or has
// more than NODES_MAX nodes or CPUS_MAX CPU numbers (said on standard error), -ENOMEM.
int topology_init(const char *description);

// Binds [start, start + bytes) to a node's memory; on a virtual topology or a machine of one node
// it does nothing. Best effort: a kernel that refuses leaves the memory where first touch puts it.
void topology_bind(void *start, size_t bytes, unsigned node);

// ---- for the sources alone

// Forgets everything: no node, no CPU.
void topology_clear(void);

// One CPU more; its number is below CPUS_MAX.
void topology_add_cpu(unsigned cpu, unsigned node);

// Fills the zone lists.
typedef unsigned long node_distance(unsigned from, unsigned to);
void topology_order_nodes(node_distance *distance);

#endif
