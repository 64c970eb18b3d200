// SPDX-License-Identifier: GPL-2.0-or-later
// CPUs as users of numactl and of hwloc name them.
#ifndef HARNESS_PLACE_CPU_LIST_H
#define HARNESS_PLACE_CPU_LIST_H

#include <hwloc.h>
#include <stdbool.h>

#include "results/text/problem.h"

// Leaves in the set those CPUs that the text names. Locations, with blanks between, are added up:
//
//	0-3,8               the operating system's numbers, as numactl takes them
//	+0-1                the first and second of the usable CPUs, as numactl has it
//	!0-1                all usable ones but these
//	0x0000ff00          a mask, as taskset and hwloc-calc have it
//	node:0.core:0-3     hwloc-calc's: types of objects inside each other, counted from 0 in hwloc's
//	                    logical order; also core:all, core:odd, core:even, core:2- and package:1
//	~core:0             takes these away again
//	all                 all usable CPUs
//
// False: the text cannot be read, names what there is not, or a CPU that this process may not use.
// The problem says which part; status EXIT_WRONG_USE.
bool cpu_list_choose(hwloc_topology_t topology, hwloc_bitmap_t usable, const char *text,
	struct problem *problem);

#endif
