// SPDX-License-Identifier: GPL-2.0-or-later
// From hwloc's objects to memory that may be used. The header says by which rules.
#include "nodes.h"

bool node_is_usable(hwloc_topology_t topology, hwloc_obj_t node)
{
	// Descriptions that are written by hand may leave the amounts out; then every node has
	// memory.
	bool has_memory = node->attr->numanode.local_memory > 0 ||
			  hwloc_get_root_obj(topology)->total_memory == 0;

	return has_memory &&
	       hwloc_bitmap_isset(hwloc_topology_get_allowed_nodeset(topology), node->os_index);
}

bool nodes_have_memory(hwloc_topology_t topology, struct problem *problem)
{
	hwloc_obj_t node = NULL;

	while ((node = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, node)))
		if (node_is_usable(topology, node))
			return true;
	return problem_set(problem, EXIT_NOT_MEASURED,
		"hwloc finds no NUMA node whose memory this process may use");
}

int node_index(hwloc_topology_t topology, hwloc_obj_t node)
{
	hwloc_obj_t other = NULL;
	int index = 0;

	while ((other = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, other)) &&
		other != node)
		index += node_is_usable(topology, other);
	return index;
}

hwloc_obj_t nodes_home(hwloc_topology_t topology, hwloc_obj_t pu)
{
	hwloc_obj_t home = NULL;
	hwloc_obj_t node = NULL;

	while ((node = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, node))) {
		if (!node->cpuset || !hwloc_bitmap_isset(node->cpuset, pu->os_index))
			continue;
		// Of several kinds of memory the first that can be used (DRAM).
		if (node_is_usable(topology, node))
			return node;
		home = home ? home : node;
	}
	return home;
}

// ---- distances

static bool distance_by_matrix(
	hwloc_topology_t topology, hwloc_obj_t left, hwloc_obj_t right, uint64_t *distance)
{
	struct hwloc_distances_s *matrix = NULL;
	hwloc_uint64_t there = 0;
	hwloc_uint64_t back = 0;
	unsigned count = 1;
	int status = hwloc_distances_get_by_type(topology, HWLOC_OBJ_NUMANODE, &count, &matrix,
		HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0);

	if (status != 0 || count == 0)
		return false;
	status = hwloc_distances_obj_pair_values(matrix, left, right, &there, &back);
	hwloc_distances_release(topology, matrix);
	*distance = there;
	return status == 0;
}

static uint64_t distance_by_ancestor(hwloc_topology_t topology, hwloc_obj_t left, hwloc_obj_t right)
{
	hwloc_obj_t ancestor = hwloc_get_common_ancestor_obj(topology, left, right);

	return (uint64_t)(hwloc_topology_get_depth(topology) - ancestor->depth);
}

uint64_t nodes_distance(hwloc_topology_t topology, unsigned left, unsigned right)
{
	hwloc_obj_t left_node = hwloc_get_numanode_obj_by_os_index(topology, left);
	hwloc_obj_t right_node = hwloc_get_numanode_obj_by_os_index(topology, right);
	uint64_t distance = 0;

	if (!left_node || !right_node)
		return 0;
	if (distance_by_matrix(topology, left_node, right_node, &distance))
		return distance;
	return distance_by_ancestor(topology, left_node->parent, right_node->parent);
}

// How near a node is to a hardware thread whose own node (NULL: none) has no memory. Equally far
// nodes by the matrix are told apart by the topology.
static uint64_t pu_distance(
	hwloc_topology_t topology, hwloc_obj_t pu, hwloc_obj_t home, hwloc_obj_t node)
{
	uint64_t distance = 0;

	if (home)
		distance_by_matrix(topology, home, node, &distance);
	return (distance << 16) + distance_by_ancestor(topology, pu, node->parent);
}

hwloc_obj_t nodes_nearest(hwloc_topology_t topology, hwloc_obj_t pu)
{
	hwloc_obj_t home = nodes_home(topology, pu);
	hwloc_obj_t nearest = NULL;
	hwloc_obj_t node = NULL;

	if (home && node_is_usable(topology, home))
		return home;
	while ((node = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, node))) {
		if (!node_is_usable(topology, node))
			continue;
		if (!nearest || pu_distance(topology, pu, home, node) <
					pu_distance(topology, pu, home, nearest))
			nearest = node;
	}
	return nearest;
}
