// SPDX-License-Identifier: GPL-2.0-or-later
// The topology through hwloc. Nodes are numbered in hwloc's logical order; CPUs carry their OS
// numbers on the real machine (they may be sparse) and hwloc's logical ones in a virtual topology.
#include "host/topology.h"

#include <errno.h>
#include <hwloc.h>
#include <string.h>

#include "host/report.h"

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
	// CPUs that this process may not run on now count as well: its cgroup can be changed. And
	// nobody's thread is sent round the CPUs to ask them what they are.
	if (wants_machine(description))
		return hwloc_topology_set_flags(
			hwloc, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED |
				       HWLOC_TOPOLOGY_FLAG_DONT_CHANGE_BINDING);
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

	while ((pu = hwloc_get_next_obj_by_type(handle, HWLOC_OBJ_PU, pu))) {
		if (cpu_number(pu) >= CPUS_MAX) {
			report("topology: a CPU of number %u; up to %d are supported",
				cpu_number(pu), CPUS_MAX - 1);
			return -EINVAL;
		}
		topology_add_cpu(cpu_number(pu), node_of(pu));
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

static struct hwloc_distances_s *matrix; // while the distances are read

static unsigned long distance(unsigned from, unsigned to)
{
	if (!matrix || matrix->nbobjs != topology.nr_nodes)
		return from == to ? 10 : 20;
	return matrix->values[(size_t)from * matrix->nbobjs + to];
}

static void read_distances(void)
{
	unsigned count = 1;

	if (hwloc_distances_get_by_name(handle, "NUMALatency", &count, &matrix, 0) || count == 0)
		matrix = NULL;
	topology_order_nodes(distance);
	if (matrix)
		hwloc_distances_release(handle, matrix);
	matrix = NULL;
}

int topology_init(const char *description)
{
	int error = load(description), nodes;

	if (error)
		return error;
	topology_clear();
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
