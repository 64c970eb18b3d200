// SPDX-License-Identifier: GPL-2.0-or-later
// The topology through hwloc. CPUs carry the operating system's numbers, which may be sparse, in a
// virtual topology too: whoever reads the same description counts alike. Our nodes are those that
// have memory which this process may use, in hwloc's logical order. A CPU without such a node of
// its own belongs to the nearest one.
#include "host/topology.h"

#include <errno.h>
#include <hwloc.h>
#include <string.h>

#include "host/report.h"

static hwloc_topology_t handle; // kept for binding
static hwloc_obj_t nodes[NODES_MAX]; // ours, of the handle

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
	// CPUs that this process, or whoever wrote the file, may not run on now count as well: a
	// cgroup can be changed. And nobody's thread is sent round the CPUs to ask them what they
	// are.
	if (hwloc_topology_set_flags(hwloc, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED |
						    HWLOC_TOPOLOGY_FLAG_DONT_CHANGE_BINDING))
		return -1;
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
	report("topology '%s': hwloc %u reads it neither as a synthetic description nor as an "
	       "XML file",
		description ? description : "machine", HWLOC_API_VERSION >> 16);
	hwloc_topology_destroy(handle);
	handle = NULL;
	return -EINVAL;
}

// ---- nodes

static bool is_allowed(hwloc_obj_t node)
{
	return hwloc_bitmap_isset(hwloc_topology_get_allowed_nodeset(handle), node->os_index);
}

// Descriptions that are written by hand may leave the amounts out; then every node has memory.
static bool has_memory(hwloc_obj_t node)
{
	return node->attr->numanode.local_memory > 0 ||
	       hwloc_get_root_obj(handle)->total_memory == 0;
}

static int read_nodes(void)
{
	hwloc_obj_t node = NULL;

	while ((node = hwloc_get_next_obj_by_type(handle, HWLOC_OBJ_NUMANODE, node))) {
		if (!has_memory(node) || !is_allowed(node))
			continue;
		if (topology.nr_nodes == NODES_MAX) {
			report("topology: more than %d NUMA nodes with memory", NODES_MAX);
			return -EINVAL;
		}
		topology.node_is_online[topology.nr_nodes] = true;
		nodes[topology.nr_nodes++] = node;
	}
	if (topology.nr_nodes > 0)
		return 0;
	report("topology: no NUMA node has memory that this process may use");
	return -EINVAL;
}

// ---- distances

static struct hwloc_distances_s *matrix; // NULL: none is known

static void matrix_get(void)
{
	unsigned count = 1;

	if (hwloc_distances_get_by_name(handle, "NUMALatency", &count, &matrix, 0) || count == 0)
		matrix = NULL;
}

static void matrix_release(void)
{
	if (matrix)
		hwloc_distances_release(handle, matrix);
	matrix = NULL;
}

static unsigned long object_distance(hwloc_obj_t from, hwloc_obj_t to)
{
	hwloc_uint64_t there, back;

	if (matrix && hwloc_distances_obj_pair_values(matrix, from, to, &there, &back) == 0)
		return there;
	return from == to ? 10 : 20; // as firmware tables count
}

static unsigned long distance(unsigned from, unsigned to)
{
	return object_distance(nodes[from], nodes[to]);
}

// ---- CPUs

// The node that a CPU belongs to, with memory or without; NULL: none.
static hwloc_obj_t own_node(hwloc_obj_t pu)
{
	hwloc_obj_t node = NULL;

	while ((node = hwloc_get_next_obj_by_type(handle, HWLOC_OBJ_NUMANODE, node)))
		if (node->cpuset && hwloc_bitmap_isset(node->cpuset, pu->os_index))
			return node;
	return NULL;
}

// How far a CPU is from a node: by the distances of its own node, and where these say nothing by
// how much of the machine contains both.
static unsigned long cpu_distance(hwloc_obj_t pu, hwloc_obj_t own, hwloc_obj_t node)
{
	int depth = hwloc_get_common_ancestor_obj(handle, pu, node->parent)->depth;
	unsigned long levels = (unsigned long)(hwloc_topology_get_depth(handle) - depth);

	return (own ? object_distance(own, node) : 0) * 100 + levels;
}

static unsigned node_of(hwloc_obj_t pu)
{
	hwloc_obj_t own = own_node(pu);
	unsigned nearest = 0;

	for (unsigned node = 0; node < topology.nr_nodes; node++) {
		if (hwloc_bitmap_isset(nodes[node]->cpuset, pu->os_index))
			return node;
		if (cpu_distance(pu, own, nodes[node]) < cpu_distance(pu, own, nodes[nearest]))
			nearest = node;
	}
	return nearest;
}

static int read_cpus(void)
{
	hwloc_obj_t pu = NULL;

	while ((pu = hwloc_get_next_obj_by_type(handle, HWLOC_OBJ_PU, pu))) {
		if (pu->os_index >= CPUS_MAX) {
			report("topology: a CPU of number %u; up to %d are supported", pu->os_index,
				CPUS_MAX - 1);
			return -EINVAL;
		}
		topology_add_cpu(pu->os_index, node_of(pu));
	}
	return 0;
}

// ---- all

static void read_memory(void)
{
	hwloc_obj_t cache;

	for (unsigned node = 0; node < topology.nr_nodes; node++)
		topology.memory += nodes[node]->attr->numanode.local_memory;
	cache = hwloc_get_obj_by_type(handle, HWLOC_OBJ_L1CACHE, 0);
	topology.cache_line = cache ? cache->attr->cache.linesize : 0;
	if (topology.cache_line == 0)
		topology.cache_line = CACHE_LINE_DEFAULT;
}

static int read_all(void)
{
	int error = read_nodes();

	if (error)
		return error;
	matrix_get();
	error = read_cpus();
	topology_order_nodes(distance);
	matrix_release();
	read_memory();
	return error;
}

int topology_init(const char *description)
{
	int error = load(description);

	if (error)
		return error;
	topology_clear();
	topology.is_virtual = !wants_machine(description);
	error = read_all();
	if (error) {
		hwloc_topology_destroy(handle);
		handle = NULL;
	}
	return error;
}

void topology_bind(void *start, size_t bytes, unsigned node)
{
	if (topology.is_virtual || topology.nr_nodes == 1)
		return;
	hwloc_set_area_membind(handle, start, bytes, nodes[node]->nodeset, HWLOC_MEMBIND_BIND,
		HWLOC_MEMBIND_BYNODESET | HWLOC_MEMBIND_STRICT);
}
