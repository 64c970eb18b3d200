// SPDX-License-Identifier: GPL-2.0-or-later
// Which node's memory a CPU uses. Machines have CPUs without memory of their own: nodes that are
// only CPUs, nodes that the firmware left out, nodes that a cpuset forbids (cpuset.mems). Such a CPU
// uses the nearest node that has memory and is allowed; nothing is bound to any other.
#ifndef HARNESS_PLACE_NODES_H
#define HARNESS_PLACE_NODES_H

#include <hwloc.h>
#include <stdbool.h>
#include <stdint.h>

#include "results/text/problem.h"

// Whether there is a node that has memory and that this process may use.
bool nodes_have_memory(hwloc_topology_t topology, struct problem *problem);

// Whether the node has memory that this process may use.
bool node_is_usable(hwloc_topology_t topology, hwloc_obj_t node);

// A usable node's number among the usable ones, from 0: as the allocator counts them.
int node_index(hwloc_topology_t topology, hwloc_obj_t node);

// The node that a hardware thread belongs to, with memory or without; NULL: none.
hwloc_obj_t nodes_home(hwloc_topology_t topology, hwloc_obj_t pu);

// The usable node whose memory is nearest to a hardware thread: its own; else by the firmware's
// distances from its own; else by how much of the machine contains both; of several the first.
// There is one (nodes_have_memory()).
hwloc_obj_t nodes_nearest(hwloc_topology_t topology, hwloc_obj_t pu);

// How far two nodes are, by the operating system's numbers: the firmware's distance, or, where there
// is none, how many levels of the topology lie above both, upside down.
uint64_t nodes_distance(hwloc_topology_t topology, unsigned left, unsigned right);

#endif
