// SPDX-License-Identifier: GPL-2.0-or-later
// Puts the calling thread on the CPU, and its memory on the node, that a placement chose for it, and
// looks afterwards whether it is still there.
#ifndef HARNESS_PLACE_BINDING_H
#define HARNESS_PLACE_BINDING_H

#include <hwloc.h>
#include <stdbool.h>
#include <stddef.h>

#include "memory_policy.h"
#include "sites.h"

// Binds the calling thread to the site's CPU and, where there are several nodes, its memory as the
// policy says, and checks that it runs there. On a topology that isn't this machine's nothing is
// bound. False: reason says what failed.
bool binding_make(hwloc_topology_t topology, const struct site *site,
	const struct memory_policy *policy, char *reason, size_t reason_size);
// Whether the calling thread still runs where it was bound.
bool binding_check(
	hwloc_topology_t topology, const struct site *site, char *reason, size_t reason_size);
// Lets the calling thread run on all usable CPUs again.
void binding_end(hwloc_topology_t topology, hwloc_const_bitmap_t usable);

#endif
