// SPDX-License-Identifier: GPL-2.0-or-later
// The machine as hwloc sees it, or the one that hwloc's environment variables put in its place.
#ifndef HARNESS_PLACE_TOPOLOGY_H
#define HARNESS_PLACE_TOPOLOGY_H

#include <hwloc.h>
#include <stdbool.h>

#include "results/text/problem.h"

// Loads this machine's topology with all of its CPUs, or what HWLOC_FSROOT, HWLOC_SYNTHETIC or
// HWLOC_XMLFILE (in this order; an empty one is none) give in its place. hwloc itself goes on with
// this machine where that cannot be read; here it is an error, because its figures would be called
// another machine's. The caller destroys the topology.
bool machine_topology_load(hwloc_topology_t *topology, struct problem *problem);

// The variable that another machine's topology comes from; NULL: it is this machine's.
const char *machine_topology_variable(void);

#endif
