// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of memory policies as users type them, on four made-up nodes of which number 1 is forbidden.
#include "memory_policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static hwloc_topology_t topology;

static int start(void **state)
{
	hwloc_bitmap_t allowed = hwloc_bitmap_alloc();

	(void)state;
	hwloc_bitmap_list_sscanf(allowed, "0,2-3");
	hwloc_topology_init(&topology);
	hwloc_topology_set_synthetic(topology, "numa:4 core:1 pu:1");
	hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
	int status = hwloc_topology_load(topology);
	hwloc_topology_allow(topology, NULL, allowed, HWLOC_ALLOW_FLAG_CUSTOM);
	hwloc_bitmap_free(allowed);
	return status;
}

static int end(void **state)
{
	(void)state;
	hwloc_topology_destroy(topology);
	return 0;
}

static void expect(const char *text, enum memory_kind kind, const char *nodes, const char *name)
{
	struct memory_policy policy;
	struct problem problem;
	char *list = NULL;

	assert_true(memory_policy_read(&policy, text, topology, &problem));
	assert_int_equal(policy.kind, kind);
	assert_string_equal(policy.name, name);
	assert_int_equal(policy.nodes != NULL, nodes != NULL);
	if (nodes) {
		hwloc_bitmap_list_asprintf(&list, policy.nodes);
		assert_string_equal(list, nodes);
	}
	free(list);
	memory_policy_free(&policy);
}

static void expect_refused(const char *text, const char *message)
{
	struct memory_policy policy;
	struct problem problem;

	assert_false(memory_policy_read(&policy, text, topology, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	if (!strstr(problem.text, message))
		fail_msg("'%s' is told '%s', which lacks '%s'", text, problem.text, message);
	memory_policy_free(&policy);
}

static void policies_are_read(void **state)
{
	(void)state;
	expect(NULL, MEMORY_BIND, NULL, "");
	expect("bind", MEMORY_BIND, NULL, "");
	expect("bind:2", MEMORY_BIND, "2", "bind=2");
	expect("local", MEMORY_LOCAL, NULL, "local");
	expect("interleave", MEMORY_INTERLEAVE, "0,2-3", "interleave");
	expect("interleave:2,3", MEMORY_INTERLEAVE, "2-3", "interleave=2,3");
	expect("preferred", MEMORY_PREFERRED, NULL, "preferred");
	expect("preferred:3", MEMORY_PREFERRED, "3", "preferred=3");
}

static void what_is_wrong_is_told(void **state)
{
	(void)state;
	expect_refused("interleaf", "'interleave'");
	expect_refused("local:0", "takes no nodes");
	expect_refused("bind:", "no list of nodes");
	expect_refused("bind:one", "no list of nodes");
	expect_refused("bind:1", "nodes 0,2-3 alone");
	expect_refused("interleave:0-9", "nodes 0,2-3 alone");
	expect_refused("preferred:0,2", "takes one node");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(policies_are_read),
		cmocka_unit_test(what_is_wrong_is_told),
	};

	return cmocka_run_group_tests(tests, start, end);
}
