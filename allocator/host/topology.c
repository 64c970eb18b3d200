// SPDX-License-Identifier: GPL-2.0-or-later
// The topology, read through hwloc once at start. Nodes are numbered in hwloc's logical order; CPUs
// carry their OS numbers on the real machine (they may be sparse) and hwloc's logical ones in a
// virtual topology.
#include "host/topology.h"

#include <errno.h>
#include <hwloc.h>
#include <stdlib.h>
#include <string.h>

#include "host/report.h"

#define CACHE_LINE_DEFAULT 64

struct topology topology;

static hwloc_topology_t handle; // kept for binding

static bool wants_machine(const char *description)
{
	return !description || strcmp(description, "machine") == 0;
}

static bool names_a_file(const char *description)
{
	size_t length = strlen(description);

	return strchr(description, '/') ||
	       (length > 4 && strcmp(description + length - 4, ".xml") == 0);
}

static int describe(hwloc_topology_t hwloc, const char *description)
{
	if (wants_machine(description))
		return 0;
	if (names_a_file(description))
		return hwloc_topology_set_xml(hwloc, description);
	return hwloc_topology_set_synthetic(hwloc, description);
}

static int load(const char *description)
{
	if (hwloc_topology_init(&handle))
		return -ENOMEM;
	if (describe(handle, description) == 0 && hwloc_topology_load(handle) == 0)
		return 0;
	report("topology '%s': hwloc reads it neither as a synthetic description nor as an XML "
	       "file",
		description ? description : "machine");
	hwloc_topology_destroy(handle);
	handle = NULL;
	return -EINVAL;
}

static unsigned cpu_number(hwloc_obj_t pu)
{
	return topology.is_virtual ? pu->logical_index : pu->os_index;
}

static unsigned node_of(hwloc_obj_t pu)
{
	hwloc_obj_t node = NULL;

	while ((node = hwloc_get_next_obj_by_type(handle, HWLOC_OBJ_NUMANODE, node)))
		if (node->cpuset && hwloc_bitmap_isset(node->cpuset, pu->os_index))
			return node->logical_index;
	return 0;
}

static int read_cpus(void)
{
	hwloc_obj_t pu = NULL;

	while ((pu = hwloc_get_next_obj_by_type(handle, HWLOC_OBJ_PU, pu)))
		if (cpu_number(pu) >= topology.nr_cpus)
			topology.nr_cpus = cpu_number(pu) + 1;
	topology.cpu_node = malloc(topology.nr_cpus);
	if (!topology.cpu_node)
		return -ENOMEM;
	memset(topology.cpu_node, NODE_NONE, topology.nr_cpus);
	while ((pu = hwloc_get_next_obj_by_type(handle, HWLOC_OBJ_PU, pu))) {
		unsigned node = node_of(pu);

		topology.cpu_node[cpu_number(pu)] = (unsigned char)node;
		topology.node_cpus[node]++;
		topology.nr_possible_cpus++;
	}
	return 0;
}

static void read_memory(void)
{
	hwloc_obj_t node = NULL, cache;

	while ((node = hwloc_get_next_obj_by_type(handle, HWLOC_OBJ_NUMANODE, node)))
		topology.memory += node->attr->numanode.local_memory;
	cache = hwloc_get_obj_by_type(handle, HWLOC_OBJ_L1CACHE, 0);
	topology.cache_line = cache ? cache->attr->cache.linesize : 0;
	if (topology.cache_line == 0)
		topology.cache_line = CACHE_LINE_DEFAULT;
}

static hwloc_uint64_t distance(const struct hwloc_distances_s *matrix, unsigned from, unsigned to)
{
	if (!matrix || matrix->nbobjs != topology.nr_nodes)
		return from == to ? 10 : 20;
	return matrix->values[(size_t)from * matrix->nbobjs + to];
}

// A node's zone list: nearest first; of equally near ones the next higher number first, cyclically,
// so that the overflow of all nodes does not land on node 0.
static void order_nodes(const struct hwloc_distances_s *matrix, unsigned from)
{
	unsigned char *order = topology.zonelist[from];

	for (unsigned i = 0; i < topology.nr_nodes; i++) {
		unsigned node = (from + i) % topology.nr_nodes, place = i;

		for (; place > 0 &&
			distance(matrix, from, order[place - 1]) > distance(matrix, from, node);
			place--)
			order[place] = order[place - 1];
		order[place] = (unsigned char)node;
	}
}

static void read_distances(void)
{
	struct hwloc_distances_s *matrix = NULL;
	unsigned count = 1;

	if (hwloc_distances_get_by_name(handle, "NUMALatency", &count, &matrix, 0) || count == 0)
		matrix = NULL;
	for (unsigned node = 0; node < topology.nr_nodes; node++)
		order_nodes(matrix, node);
	if (matrix)
		hwloc_distances_release(handle, matrix);
}

int topology_init(const char *description)
{
	int error = load(description), nodes;

	if (error)
		return error;
	memset(&topology, 0, sizeof(topology));
	topology.is_virtual = !wants_machine(description);
	nodes = hwloc_get_nbobjs_by_type(handle, HWLOC_OBJ_NUMANODE);
	if (nodes < 1 || nodes > NODES_MAX) {
		report("topology: %d NUMA nodes; 1 to %d are supported", nodes, NODES_MAX);
		error = -EINVAL;
		goto fail;
	}
	topology.nr_nodes = (unsigned)nodes;
	for (unsigned node = 0; node < topology.nr_nodes; node++)
		topology.node_is_online[node] = true;
	error = read_cpus();
	if (error)
		goto fail;
	read_memory();
	read_distances();
	return 0;
fail:
	hwloc_topology_destroy(handle);
	handle = NULL;
	return error;
}

void topology_bind(void *start, size_t bytes, unsigned node)
{
	hwloc_obj_t object;

	if (topology.is_virtual || topology.nr_nodes == 1)
		return;
	object = hwloc_get_obj_by_type(handle, HWLOC_OBJ_NUMANODE, node);
	hwloc_set_area_membind(handle, start, bytes, object->nodeset, HWLOC_MEMBIND_BIND,
		HWLOC_MEMBIND_BYNODESET | HWLOC_MEMBIND_STRICT);
}
