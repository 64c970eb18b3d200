// SPDX-License-Identifier: GPL-2.0-or-later
// On a real machine of several NUMA nodes: an object's page lies on the node that its address says,
// whichever thread touched it first, and so does each CPU's own memory; a node that is full falls
// back to the others by distance. Skips on a machine of one node.
#include <hwloc.h>
#include <string.h>

#include "host/topology.h"
#include "slab_test.h"

static hwloc_topology_t machine;

// The node that the kernel says a touched address lies on, in hwloc's logical order.
static unsigned node_of_page(const void *address)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	hwloc_obj_t node;

	assert_int_equal(
		hwloc_get_area_memlocation(machine, address, 1, set, HWLOC_MEMBIND_BYNODESET), 0);
	node = hwloc_get_numanode_obj_by_os_index(machine, (unsigned)hwloc_bitmap_first(set));
	assert_non_null(node);
	hwloc_bitmap_free(set);
	return node->logical_index;
}

static void pages_lie_on_their_node(void **state)
{
	struct kmem_cache *cache = kmem_cache_create("nodes", 700, 0, SLAB_NOLEAKTRACE, NULL);

	(void)state;
	for (unsigned node = 0; node < topology.nr_nodes; node++)
		for (unsigned i = 0; i < 50; i++) {
			char *object = kmem_cache_alloc_node(
				cache, GFP_KERNEL | __GFP_THISNODE, (int)node);

			assert_non_null(object);
			memset(object, 1, 700);
			assert_int_equal(address_to_node(object), node);
			assert_int_equal(node_of_page(object), node);
			assert_int_equal(node_of_page(address_to_page(object)), node);
		}
}

static void a_cpus_own_memory_lies_on_its_node(void **state)
{
	(void)state;
	for_each_cpu(cpu)
		assert_int_equal(node_of_page(cpu_slot(cpu)), topology.cpu_node[cpu]);
}

// ---- a full node

enum { LARGE_BYTES = 1 << 16 };

static unsigned long long distance(unsigned from, unsigned to)
{
	struct hwloc_distances_s *matrix = NULL;
	unsigned count = 1;
	hwloc_uint64_t there = 0;
	hwloc_uint64_t back;

	assert_int_equal(
		hwloc_distances_get_by_name(machine, "NUMALatency", &count, &matrix, 0), 0);
	assert_int_equal(count, 1);
	assert_int_equal(
		hwloc_distances_obj_pair_values(matrix,
			hwloc_get_obj_by_type(machine, HWLOC_OBJ_NUMANODE, from),
			hwloc_get_obj_by_type(machine, HWLOC_OBJ_NUMANODE, to), &there, &back),
		0);
	hwloc_distances_release(machine, matrix);
	return there;
}

// The node of the CPU that the thread is bound to from now on.
static unsigned bind_to_first_cpu(void)
{
	hwloc_obj_t pu = hwloc_get_obj_by_type(machine, HWLOC_OBJ_PU, 0);

	assert_int_equal(hwloc_set_cpubind(machine, pu->cpuset, HWLOC_CPUBIND_THREAD), 0);
	hwloc_obj_t node = hwloc_get_next_obj_covering_cpuset_by_type(
		machine, pu->cpuset, HWLOC_OBJ_NUMANODE, NULL);
	assert_non_null(node);
	return node->logical_index;
}

// Takes memory until there is none, and holds each object's page against the kernel's word.
static void a_full_node_falls_back_by_distance(void **state)
{
	struct kmem_cache *cache = kmem_cache_create("full", LARGE_BYTES, 0, 0, NULL);
	unsigned home = bind_to_first_cpu();
	unsigned last = home;
	unsigned seen = 1;
	void *chain = NULL;
	char *object;

	(void)state;
	while ((object = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN))) {
		unsigned node = address_to_node(object);

		*(void **)object = chain;
		chain = object;
		memset(object + sizeof(chain), 1, LARGE_BYTES - sizeof(chain));
		assert_int_equal(node_of_page(object), node);
		assert_true(distance(home, node) >= distance(home, last));
		seen += node != last;
		last = node;
	}
	assert_int_equal(seen, topology.nr_nodes);
	while (chain) {
		void *next = *(void **)chain;

		kmem_cache_free(cache, chain);
		chain = next;
	}
	kmem_cache_destroy(cache);
}

int main(void)
{
	struct slab_options options;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_lie_on_their_node),
		cmocka_unit_test(a_cpus_own_memory_lies_on_its_node),
		cmocka_unit_test(a_full_node_falls_back_by_distance),
	};

	hwloc_topology_init(&machine);
	hwloc_topology_load(machine);
	if (hwloc_get_nbobjs_by_type(machine, HWLOC_OBJ_NUMANODE) < 2) {
		puts("skipped: this machine has one NUMA node");
		hwloc_topology_destroy(machine);
		return TEST_SKIPPED;
	}
	// Small nodes are soon full.
	if (slab_options_default(&options) != 0)
		return 1;
	options.arena_size = (size_t)64 << 20;
	if (slab_init(&options) != 0)
		return 1;
	return cmocka_run_group_tests_name("nodes", tests, NULL, NULL);
}
