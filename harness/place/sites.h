// SPDX-License-Identifier: GPL-2.0-or-later
// The hardware threads that this process may use (cgroup cpusets and taskset respected; numbers may
// be sparse), each with what it shares with others, by hwloc: what placements are chosen from.
#ifndef HARNESS_PLACE_SITES_H
#define HARNESS_PLACE_SITES_H

#include <hwloc.h>
#include <stdbool.h>
#include <stddef.h>

#include "results/text/problem.h"

// Where a hardware thread is. Numbers are the operating system's, except core, cache and kind, which
// only tell whether two are the same.
struct site {
	unsigned cpu;
	unsigned node; // whose memory is used: the own one, or the nearest that may be used
	int node_index; // that node's number to kmem_cache_alloc_node(): usable nodes are counted from 0
	unsigned home; // the node that the CPU belongs to, with memory or not; SITE_NONE: none
	unsigned core;
	unsigned cache; // the outermost cache that several cores share; SITE_NONE without one
	unsigned rank; // among the usable hardware threads of its core, from 0
};

#define SITE_NONE (~0u)

// Whether the CPU's node is its own. Two nodes that are only the nearest ones say nothing of how
// two CPUs lie.
static inline bool site_has_memory(const struct site *site)
{
	return site->node == site->home;
}

// What placements are chosen from: hardware threads of one kind, because a comparison between a
// performance core and an efficiency core compares the cores.
struct sites {
	hwloc_topology_t topology; // borrowed
	struct site *rows; // usable hardware threads, the preferred ones first
	size_t count;
	char kind[64]; // in words; empty where all CPUs of the machine are alike
};

// Whether the site of this index is the first of a node that has CPUs and memory: it stands for the
// node.
bool site_stands_for_node(const struct sites *sites, size_t index);

// The CPUs of the topology that this process may use, right now. NULL: no memory. The caller frees.
hwloc_bitmap_t sites_usable_cpus(hwloc_topology_t topology);

// Lists the hardware threads of `usable` that are of the named kind: "fastest" (NULL means that,
// too), a number from 0, the slowest, on, or a name that hwloc knows it by ("IntelAtom"). False when
// there are none, or no node has memory that this process may use; the problem says which kinds
// there are.
bool sites_find(struct sites *sites, hwloc_topology_t topology, hwloc_const_bitmap_t usable,
	const char *kind, struct problem *problem);
void sites_free(struct sites *sites);

#endif
