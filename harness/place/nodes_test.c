// SPDX-License-Identifier: GPL-2.0-or-later
// Whose memory a CPU uses, on machines that hwloc makes up: nodes without memory, CPUs that no node
// claims, nodes that a cpuset forbids.
#include "nodes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "placement.h"

static hwloc_topology_t topology;

static void make(const char *description)
{
	assert_int_equal(hwloc_topology_init(&topology), 0);
	hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
	assert_int_equal(hwloc_topology_set_synthetic(topology, description), 0);
	assert_int_equal(hwloc_topology_load(topology), 0);
}

static int tear_down(void **state)
{
	(void)state;
	hwloc_topology_destroy(topology);
	return 0;
}

static void take_memory(unsigned node)
{
	hwloc_get_numanode_obj_by_os_index(topology, node)->attr->numanode.local_memory = 0;
}

// The node is no more; its CPUs are.
static void remove_node(unsigned node)
{
	hwloc_bitmap_t rest = hwloc_bitmap_dup(hwloc_topology_get_topology_nodeset(topology));

	hwloc_bitmap_clr(rest, node);
	assert_int_equal(hwloc_topology_restrict(topology, rest, HWLOC_RESTRICT_FLAG_BYNODESET), 0);
	hwloc_bitmap_free(rest);
}

static void allow_node(unsigned node)
{
	hwloc_bitmap_t only = hwloc_bitmap_alloc();

	hwloc_bitmap_only(only, node);
	assert_int_equal(hwloc_topology_allow(topology, NULL, only, HWLOC_ALLOW_FLAG_CUSTOM), 0);
	hwloc_bitmap_free(only);
}

static unsigned memory_of(unsigned cpu)
{
	return nodes_nearest(topology, hwloc_get_pu_obj_by_os_index(topology, cpu))->os_index;
}

static bool choose(enum relation relation, struct placement *placement, char *reason)
{
	hwloc_bitmap_t usable = sites_usable_cpus(topology);
	static const unsigned ones[] = {1, 1};
	const struct placement_request request = {.relation = relation,
		.counts = ones,
		.roles_count = relation == RELATION_ALONE ? 1 : 2};
	struct sites sites;
	bool is_found;

	placement_free(placement);
	assert_true(sites_find(&sites, topology, usable, NULL, NULL));
	is_found = placement_choose(placement, &sites, &request, reason, 256);
	sites_free(&sites);
	hwloc_bitmap_free(usable);
	return is_found;
}

static void a_cpu_uses_the_memory_of_its_own_node(void **state)
{
	(void)state;
	make("node:3 core:2 pu:1");
	for (unsigned cpu = 0; cpu < 6; cpu++)
		assert_int_equal(memory_of(cpu), cpu / 2);
}

static void cpus_of_a_node_without_memory_use_the_nearest_by_distance(void **state)
{
	static hwloc_uint64_t values[] = {10, 20, 30, 20, 10, 15, 30, 15, 10};
	hwloc_distances_add_handle_t handle;
	hwloc_obj_t nodes[3];

	(void)state;
	make("node:3 core:2 pu:1");
	for (int i = 0; i < 3; i++)
		nodes[i] = hwloc_get_obj_by_type(topology, HWLOC_OBJ_NUMANODE, i);
	handle = hwloc_distances_add_create(topology, NULL,
		HWLOC_DISTANCES_KIND_MEANS_LATENCY | HWLOC_DISTANCES_KIND_FROM_USER, 0);
	assert_int_equal(hwloc_distances_add_values(topology, handle, 3, nodes, values, 0), 0);
	assert_int_equal(hwloc_distances_add_commit(topology, handle, 0), 0);
	take_memory(1);
	assert_int_equal(memory_of(2), 2);
	assert_int_equal(memory_of(0), 0);
}

static void without_distances_the_package_decides(void **state)
{
	(void)state;
	make("pack:2 die:2 [numa(memory=1GB)] core:1 pu:1");
	take_memory(2);
	assert_int_equal(memory_of(2), 3);
	assert_int_equal(memory_of(1), 1);
}

static void cpus_that_no_node_claims_invent_no_node(void **state)
{
	struct placement placement = {.threads = NULL};
	char reason[256] = "";

	(void)state;
	make("pack:3 [numa] core:2 pu:1");
	remove_node(0);
	remove_node(1);
	assert_int_equal(memory_of(0), 2);
	assert_null(nodes_home(topology, hwloc_get_pu_obj_by_os_index(topology, 0)));
	assert_true(choose(RELATION_ALONE, &placement, reason));
	assert_int_equal(placement.threads[0].cpu, 5);
	assert_true(choose(RELATION_SAME_NODE, &placement, reason));
	assert_int_equal(placement.threads[1].cpu, 4);
	assert_false(choose(RELATION_NODE_NEAR, &placement, reason));
	assert_non_null(strstr(reason, "two nodes"));
	placement_free(&placement);
}

static void nodes_without_memory_are_no_other_node(void **state)
{
	struct placement placement = {.threads = NULL};
	char reason[256] = "";

	(void)state;
	make("node:2 core:2 pu:1");
	take_memory(0);
	assert_true(choose(RELATION_ALONE, &placement, reason));
	assert_int_equal(placement.threads[0].node, 1);
	assert_false(choose(RELATION_NODE_NEAR, &placement, reason));
	assert_true(choose(RELATION_SAME_NODE, &placement, reason));
	placement_free(&placement);
}

static void a_forbidden_node_is_not_used(void **state)
{
	struct placement placement = {.threads = NULL};
	char reason[256] = "";

	(void)state;
	make("node:2 core:2 pu:1");
	allow_node(1);
	assert_int_equal(memory_of(0), 1);
	assert_false(choose(RELATION_NODE_NEAR, &placement, reason));
	placement_free(&placement);
}

static void a_description_without_amounts_has_memory_everywhere(void **state)
{
	(void)state;
	make("node:2(memory=0) core:2 pu:1");
	hwloc_get_root_obj(topology)->total_memory = 0;
	take_memory(0);
	take_memory(1);
	assert_true(nodes_have_memory(topology, NULL));
	assert_int_equal(memory_of(0), 0);
	assert_int_equal(memory_of(2), 1);
}

static void no_memory_that_may_be_used_is_a_problem(void **state)
{
	struct problem problem = {0};

	(void)state;
	make("node:2 core:2 pu:1");
	take_memory(1);
	allow_node(1);
	assert_false(nodes_have_memory(topology, &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_cpu_uses_the_memory_of_its_own_node, tear_down),
		cmocka_unit_test_teardown(
			cpus_of_a_node_without_memory_use_the_nearest_by_distance, tear_down),
		cmocka_unit_test_teardown(without_distances_the_package_decides, tear_down),
		cmocka_unit_test_teardown(cpus_that_no_node_claims_invent_no_node, tear_down),
		cmocka_unit_test_teardown(nodes_without_memory_are_no_other_node, tear_down),
		cmocka_unit_test_teardown(a_forbidden_node_is_not_used, tear_down),
		cmocka_unit_test_teardown(
			a_description_without_amounts_has_memory_everywhere, tear_down),
		cmocka_unit_test_teardown(no_memory_that_may_be_used_is_a_problem, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
