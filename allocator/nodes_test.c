// SPDX-License-Identifier: GPL-2.0-or-later
// On a real machine of several NUMA nodes: an object's page lies on the node that its address says,
// whichever thread touched it first, and so does each CPU's own memory. Skips on a machine of one
// node.
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_lie_on_their_node),
		cmocka_unit_test(a_cpus_own_memory_lies_on_its_node),
	};

	hwloc_topology_init(&machine);
	hwloc_topology_load(machine);
	if (hwloc_get_nbobjs_by_type(machine, HWLOC_OBJ_NUMANODE) < 2) {
		puts("skipped: this machine has one NUMA node");
		hwloc_topology_destroy(machine);
		return TEST_SKIPPED;
	}
	return cmocka_run_group_tests_name("nodes", tests, NULL, NULL);
}
