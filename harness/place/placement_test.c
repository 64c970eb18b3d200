// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of which CPUs a relation gets, on topologies that hwloc makes up, and of binding on this
// machine.
#include "placement.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "binding.h"
#include "topology.h"

#define FOUR_NODES_OF_TWO "numa:4 core:2 pu:1"
// CPUs 0…15: a package's hardware threads, then the other's; a core's are neighbours.
#define TWO_PACKAGES_WITH_SMT     "pack:2 [numa] l3:2 core:2 pu:2"
#define ONE_CPU                   "core:1 pu:1"
#define TWO_PACKAGES_OF_TWO_NODES "pack:2 [numa] die:2 [numa] core:2 pu:1"

static const struct memory_policy bound = {.kind = MEMORY_BIND};

static hwloc_topology_t make(const char *description)
{
	hwloc_topology_t topology = NULL;

	assert_int_equal(hwloc_topology_init(&topology), 0);
	assert_int_equal(hwloc_topology_set_synthetic(topology, description), 0);
	assert_int_equal(hwloc_topology_load(topology), 0);
	return topology;
}

// One thread alone, or one of each of two roles.
static struct placement_request usual(enum relation relation)
{
	static const unsigned ones[] = {1, 1};

	return (struct placement_request){.relation = relation,
		.counts = ones,
		.roles_count = relation == RELATION_ALONE ? 1 : 2};
}

// Finds the relation's CPUs with all CPUs usable, or those of `list`.
static bool choose_for(const char *description, const char *list, struct placement_request request,
	struct placement *placement, char *reason)
{
	hwloc_topology_t topology = make(description);
	hwloc_bitmap_t usable = sites_usable_cpus(topology);
	struct sites sites;

	if (list)
		assert_int_equal(hwloc_bitmap_list_sscanf(usable, list), 0);
	assert_true(sites_find(&sites, topology, usable, NULL, NULL));
	bool is_found = placement_choose(placement, &sites, &request, reason, 256);
	sites_free(&sites);
	hwloc_bitmap_free(usable);
	hwloc_topology_destroy(topology);
	return is_found;
}

static bool choose(const char *description, const char *list, enum relation relation,
	struct placement *placement, char *reason)
{
	return choose_for(description, list, usual(relation), placement, reason);
}

static void expect_pair(const char *description, const char *list, enum relation relation,
	unsigned first, unsigned second)
{
	struct placement placement;
	char reason[256] = "";

	assert_true(choose(description, list, relation, &placement, reason));
	assert_int_equal(placement.threads_count, 2);
	assert_int_equal(placement.threads[0].cpu, first);
	assert_int_equal(placement.threads[1].cpu, second);
	placement_free(&placement);
}

static void expect_none(
	const char *description, const char *list, enum relation relation, const char *why)
{
	struct placement placement;
	char reason[256] = "";

	assert_false(choose(description, list, relation, &placement, reason));
	assert_non_null(strstr(reason, why));
	placement_free(&placement);
}

// Whether threads of these roles get these CPUs; "" for none.
static void expect_cpus(const char *description, enum relation relation, const unsigned *counts,
	size_t roles_count, const char *cpus)
{
	const struct placement_request request = {
		.relation = relation, .counts = counts, .roles_count = roles_count};
	struct placement placement;
	char reason[256] = "";
	char text[256] = "";

	if (choose_for(description, NULL, request, &placement, reason))
		for (unsigned i = 0; i < placement.threads_count; i++)
			sprintf(text + strlen(text), "%s%u", i > 0 ? " " : "",
				placement.threads[i].cpu);
	else
		assert_string_not_equal(reason, "");
	assert_string_equal(text, cpus);
	placement_free(&placement);
}

// Into a placement that may hold another.
static bool choose_again(struct placement *placement, const struct sites *sites,
	enum relation relation, char *reason)
{
	const struct placement_request request = usual(relation);

	placement_free(placement);
	return placement_choose(placement, sites, &request, reason, 256);
}

static void one_thread_gets_the_last_core_of_the_first_node(void **state)
{
	struct placement placement;
	char reason[256] = "";

	(void)state;
	assert_true(choose(FOUR_NODES_OF_TWO, NULL, RELATION_ALONE, &placement, reason));
	assert_int_equal(placement.threads_count, 1);
	assert_int_equal(placement.threads[0].cpu, 1);
	assert_int_equal(placement.threads[0].node, 0);
	placement_free(&placement);
	assert_true(choose(TWO_PACKAGES_WITH_SMT, NULL, RELATION_ALONE, &placement, reason));
	assert_int_equal(placement.threads[0].cpu, 6);
	placement_free(&placement);
}

static void each_relation_gets_its_cpus_on_four_nodes(void **state)
{
	(void)state;
	expect_pair(FOUR_NODES_OF_TWO, NULL, RELATION_SAME_CPU, 1, 1);
	expect_pair(FOUR_NODES_OF_TWO, NULL, RELATION_SAME_NODE, 1, 0);
	expect_pair(FOUR_NODES_OF_TWO, NULL, RELATION_NODE_NEAR, 1, 3);
	expect_none(FOUR_NODES_OF_TWO, NULL, RELATION_SMT_SIBLING, "two hardware threads");
	expect_none(FOUR_NODES_OF_TWO, NULL, RELATION_SAME_CACHE, "shared cache");
	expect_none(FOUR_NODES_OF_TWO, NULL, RELATION_NODE_FAR, "equally far");
}

static void cores_of_one_node_avoid_a_shared_cache_where_they_can(void **state)
{
	(void)state;
	expect_pair(TWO_PACKAGES_WITH_SMT, NULL, RELATION_SMT_SIBLING, 6, 7);
	expect_pair(TWO_PACKAGES_WITH_SMT, NULL, RELATION_SAME_CACHE, 6, 4);
	expect_pair(TWO_PACKAGES_WITH_SMT, NULL, RELATION_SAME_NODE, 6, 2);
	expect_pair(TWO_PACKAGES_WITH_SMT, NULL, RELATION_NODE_NEAR, 6, 14);
	expect_pair("numa:2 l3:1 core:2 pu:1", NULL, RELATION_SAME_NODE, 1, 0);
}

static void far_is_the_other_package_where_no_distances_are_known(void **state)
{
	(void)state;
	expect_pair("pack:2 die:2 [numa] core:2 pu:1", NULL, RELATION_NODE_NEAR, 1, 3);
	expect_pair("pack:2 die:2 [numa] core:2 pu:1", NULL, RELATION_NODE_FAR, 1, 5);
}

static void the_firmware_s_distances_decide_where_they_are_known(void **state)
{
	static const hwloc_uint64_t values[] = {
		10, 30, 20, 30, 30, 10, 30, 20, 20, 30, 10, 30, 30, 20, 30, 10};
	hwloc_topology_t topology = make(FOUR_NODES_OF_TWO);
	hwloc_bitmap_t usable = sites_usable_cpus(topology);
	hwloc_obj_t nodes[4];
	struct placement placement = {.threads = NULL};
	struct sites sites;
	char reason[256] = "";

	(void)state;
	for (int i = 0; i < 4; i++)
		nodes[i] = hwloc_get_obj_by_type(topology, HWLOC_OBJ_NUMANODE, i);
	hwloc_distances_add_handle_t handle = hwloc_distances_add_create(topology, NULL,
		HWLOC_DISTANCES_KIND_MEANS_LATENCY | HWLOC_DISTANCES_KIND_FROM_USER, 0);
	assert_int_equal(
		hwloc_distances_add_values(topology, handle, 4, nodes, (hwloc_uint64_t *)values, 0),
		0);
	assert_int_equal(hwloc_distances_add_commit(topology, handle, 0), 0);
	assert_true(sites_find(&sites, topology, usable, NULL, NULL));
	assert_true(choose_again(&placement, &sites, RELATION_NODE_NEAR, reason));
	assert_int_equal(placement.threads[1].node, 2);
	assert_true(choose_again(&placement, &sites, RELATION_NODE_FAR, reason));
	assert_int_equal(placement.threads[1].node, 1);
	placement_free(&placement);
	sites_free(&sites);
	hwloc_bitmap_free(usable);
	hwloc_topology_destroy(topology);
}

static void only_usable_cpus_are_taken_and_their_ids_may_be_sparse(void **state)
{
	(void)state;
	expect_pair(TWO_PACKAGES_WITH_SMT, "0,3,9,12", RELATION_SAME_CACHE, 3, 0);
	expect_pair(TWO_PACKAGES_WITH_SMT, "0,3,9,12", RELATION_NODE_NEAR, 3, 12);
	expect_none(TWO_PACKAGES_WITH_SMT, "0,3,9,12", RELATION_SMT_SIBLING, "have none");
	expect_pair(TWO_PACKAGES_WITH_SMT, "3,14-15", RELATION_SMT_SIBLING, 14, 15);
	expect_none(TWO_PACKAGES_WITH_SMT, "1,5", RELATION_NODE_NEAR, "two nodes");
	// hwloc sorts by number: 4 and 10 are the first node's.
	expect_pair("numa:2 core:2 pu:1(indexes=10,4,7,22)", NULL, RELATION_NODE_NEAR, 10, 22);
}

static void one_cpu_serves_one_thread_and_two_that_take_turns(void **state)
{
	(void)state;
	expect_pair(ONE_CPU, NULL, RELATION_SAME_CPU, 0, 0);
	for (enum relation relation = RELATION_SMT_SIBLING; relation <= RELATION_NODE_FAR;
		relation++)
		expect_none(ONE_CPU, NULL, relation, "this process may use CPU 0 only");
	expect_none(TWO_PACKAGES_WITH_SMT, "5", RELATION_SAME_NODE, "may use CPU 5 only");
}

// Two nodes of memory beside the first package's cores: the one nearer to its cores, by hwloc's
// order, is theirs; the node without CPUs is no other node to run on.
static void a_node_of_memory_only_gets_no_thread(void **state)
{
	struct placement placement;
	char reason[256] = "";

	(void)state;
	expect_none("[numa] pack:1 [numa] core:2 pu:1", NULL, RELATION_NODE_NEAR, "two nodes");
	expect_none("[numa] pack:1 [numa] core:2 pu:1", NULL, RELATION_NODE_FAR, "two nodes");
	assert_true(
		choose(TWO_PACKAGES_OF_TWO_NODES, NULL, RELATION_NODE_NEAR, &placement, reason));
	assert_int_not_equal(placement.threads[0].node, placement.threads[1].node);
	placement_free(&placement);
}

static void more_threads_get_what_two_of_them_get(void **state)
{
	static const unsigned four[] = {4};
	static const unsigned two_and_two[] = {2, 2};
	static const unsigned one_and_three[] = {1, 3};

	(void)state;
	expect_cpus(ONE_CPU, RELATION_SAME_CPU, four, 1, "0 0 0 0");
	expect_cpus(TWO_PACKAGES_WITH_SMT, RELATION_SMT_SIBLING, four, 1, "6 7 4 5");
	expect_cpus(TWO_PACKAGES_WITH_SMT, RELATION_SMT_SIBLING, two_and_two, 2, "6 4 7 5");
	expect_cpus(TWO_PACKAGES_WITH_SMT, RELATION_SAME_CACHE, two_and_two, 2, "");
	expect_cpus("numa:2 l3:1 core:4 pu:1", RELATION_SAME_CACHE, four, 1, "3 2 1 0");
	expect_cpus(TWO_PACKAGES_WITH_SMT, RELATION_SAME_NODE, four, 1, "6 4 2 0");
	expect_cpus(TWO_PACKAGES_WITH_SMT, RELATION_NODE_NEAR, four, 1, "6 14 4 12");
	expect_cpus(TWO_PACKAGES_WITH_SMT, RELATION_NODE_NEAR, one_and_three, 2, "6 14 12 10");
	expect_cpus(FOUR_NODES_OF_TWO, RELATION_NODE_NEAR, one_and_three, 2, "");
}

static void compact_fills_up_and_spread_goes_round(void **state)
{
	static const unsigned four[] = {4};
	static const unsigned eight[] = {8};
	static const unsigned nine[] = {9};
	static const unsigned two_and_two[] = {2, 2};

	(void)state;
	expect_cpus(TWO_PACKAGES_WITH_SMT, RELATION_COMPACT, four, 1, "6 7 4 5");
	expect_cpus(TWO_PACKAGES_WITH_SMT, RELATION_SPREAD, four, 1, "6 14 2 10");
	expect_cpus(TWO_PACKAGES_WITH_SMT, RELATION_SPREAD, two_and_two, 2, "6 2 14 10");
	expect_cpus(FOUR_NODES_OF_TWO, RELATION_COMPACT, eight, 1, "1 0 3 2 5 4 7 6");
	expect_cpus(FOUR_NODES_OF_TWO, RELATION_SPREAD, eight, 1, "1 3 5 7 0 2 4 6");
	expect_cpus(FOUR_NODES_OF_TWO, RELATION_SPREAD, nine, 1, "");
}

// Each CPU gets one thread, and consecutive threads lie on different nodes when they are spread.
static void two_hundred_and_fifty_six_cpus_get_as_many_threads(void **state)
{
	static const unsigned all[] = {256};
	static const enum relation relations[] = {RELATION_COMPACT, RELATION_SPREAD};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const struct placement_request request = {
			.relation = relations[i], .counts = all, .roles_count = 1};
		struct placement placement;
		char reason[256] = "";
		bool has[256] = {false};

		assert_true(choose_for("pack:2 [numa] die:4 [numa] l3:2 core:8 pu:2", NULL, request,
			&placement, reason));
		for (unsigned thread = 0; thread < 256; thread++) {
			assert_false(has[placement.threads[thread].cpu]);
			has[placement.threads[thread].cpu] = true;
			if (thread > 0 && relations[i] == RELATION_SPREAD)
				assert_int_not_equal(placement.threads[thread].node,
					placement.threads[thread - 1].node);
		}
		placement_free(&placement);
	}
}

static void no_usable_cpu_is_a_problem(void **state)
{
	hwloc_topology_t topology = make(ONE_CPU);
	hwloc_bitmap_t none = hwloc_bitmap_alloc();
	struct problem problem = {.status = EXIT_GOOD};
	struct sites sites;

	(void)state;
	assert_false(sites_find(&sites, topology, none, NULL, &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	hwloc_bitmap_free(none);
	hwloc_topology_destroy(topology);
}

static void a_bound_thread_runs_where_it_was_bound(void **state)
{
	hwloc_topology_t topology = NULL;
	struct placement placement = {.threads = NULL};
	struct sites sites;
	char reason[256] = "";

	(void)state;
	assert_true(machine_topology_load(&topology, NULL));
	hwloc_bitmap_t usable = sites_usable_cpus(topology);
	assert_true(sites_find(&sites, topology, usable, NULL, NULL));
	assert_true(choose_again(&placement, &sites, RELATION_ALONE, reason));
	assert_true(binding_make(topology, &placement.threads[0], &bound, reason, 256));
	assert_int_equal(sched_getcpu(), placement.threads[0].cpu);
	assert_true(binding_check(topology, &placement.threads[0], reason, 256));
	struct site elsewhere = placement.threads[0];
	elsewhere.cpu++;
	assert_false(binding_check(topology, &elsewhere, reason, 256));
	assert_non_null(strstr(reason, "runs on CPU"));
	binding_end(topology, usable);
	hwloc_bitmap_t after = sites_usable_cpus(topology);
	assert_true(hwloc_bitmap_isequal(usable, after));
	hwloc_bitmap_free(after);
	hwloc_bitmap_free(usable);
	placement_free(&placement);
	sites_free(&sites);
	hwloc_topology_destroy(topology);
}

static void a_cpu_that_the_machine_lacks_can_t_be_bound_to(void **state)
{
	hwloc_topology_t topology = NULL;
	struct site missing = {.cpu = 8191};
	char reason[256] = "";

	(void)state;
	assert_true(machine_topology_load(&topology, NULL));
	assert_false(binding_make(topology, &missing, &bound, reason, 256));
	assert_non_null(strstr(reason, "CPU 8191"));
	hwloc_topology_destroy(topology);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_thread_gets_the_last_core_of_the_first_node),
		cmocka_unit_test(each_relation_gets_its_cpus_on_four_nodes),
		cmocka_unit_test(cores_of_one_node_avoid_a_shared_cache_where_they_can),
		cmocka_unit_test(far_is_the_other_package_where_no_distances_are_known),
		cmocka_unit_test(the_firmware_s_distances_decide_where_they_are_known),
		cmocka_unit_test(only_usable_cpus_are_taken_and_their_ids_may_be_sparse),
		cmocka_unit_test(one_cpu_serves_one_thread_and_two_that_take_turns),
		cmocka_unit_test(a_node_of_memory_only_gets_no_thread),
		cmocka_unit_test(more_threads_get_what_two_of_them_get),
		cmocka_unit_test(compact_fills_up_and_spread_goes_round),
		cmocka_unit_test(two_hundred_and_fifty_six_cpus_get_as_many_threads),
		cmocka_unit_test(no_usable_cpu_is_a_problem),
		cmocka_unit_test(a_bound_thread_runs_where_it_was_bound),
		cmocka_unit_test(a_cpu_that_the_machine_lacks_can_t_be_bound_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
