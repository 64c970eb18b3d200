// SPDX-License-Identifier: GPL-2.0-or-later
// Nodes by the operating system's numbers become nodes by the allocator's.
#include "object_policy.h"

#include <slab/slab.h>

#include "harness/place/nodes.h"

static unsigned long nodes_of(hwloc_const_bitmap_t nodes, hwloc_topology_t topology)
{
	unsigned long set = 0;
	hwloc_obj_t node = NULL;

	while ((node = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, node)))
		if (hwloc_bitmap_isset(nodes, node->os_index) && node_is_usable(topology, node))
			set |= 1UL << node_index(topology, node);
	return set;
}

void object_policy_set(const struct memory_policy *policy, hwloc_topology_t topology)
{
	static const enum slab_mempolicy modes[] = {
		[MEMORY_BIND] = SLAB_MPOL_BIND,
		[MEMORY_LOCAL] = SLAB_MPOL_DEFAULT,
		[MEMORY_INTERLEAVE] = SLAB_MPOL_INTERLEAVE,
		[MEMORY_PREFERRED] = SLAB_MPOL_PREFERRED,
	};

	// Without nodes, each thread's own are meant, which is what the allocator does by itself.
	if (policy->nodes)
		slab_set_mempolicy(modes[policy->kind], nodes_of(policy->nodes, topology));
}
