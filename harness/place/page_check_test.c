// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of what is said of pages that lie elsewhere, with a kernel that is made up.
#include "page_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "page_nodes.h"

// ---- the kernel

static int fresh_node; // of every page that is no object
static int object_nodes[PAGE_CHECK_OBJECTS];
static char objects[PAGE_CHECK_OBJECTS];

int page_node(const void *address)
{
	const char *object = address;

	return object >= objects && object < objects + PAGE_CHECK_OBJECTS
		       ? object_nodes[object - objects]
		       : fresh_node;
}

// ---- threads on nodes 0 and 2

static const struct memory_policy bound = {.kind = MEMORY_BIND};
static struct placement placement;
static void *looked_at[PAGE_CHECK_OBJECTS];

static int start(void **state)
{
	(void)state;
	placement.nodes = hwloc_bitmap_alloc();
	hwloc_bitmap_list_sscanf(placement.nodes, "0,2");
	fresh_node = 0;
	for (int i = 0; i < PAGE_CHECK_OBJECTS; i++) {
		looked_at[i] = &objects[i];
		object_nodes[i] = i % 2 == 0 ? 0 : 2;
	}
	return 0;
}

static int end(void **state)
{
	(void)state;
	hwloc_bitmap_free(placement.nodes);
	return 0;
}

static bool fresh_is_good(const struct memory_policy *policy, unsigned node, char reason[256])
{
	const struct site site = {.cpu = 7, .node = node};

	return page_check_fresh(policy, &site, reason, 256);
}

static bool objects_are_good(const struct memory_policy *policy, char reason[256])
{
	return page_check_objects(policy, &placement, looked_at, PAGE_CHECK_OBJECTS, reason, 256);
}

static void a_page_on_another_node_is_told(void **state)
{
	char reason[256] = "";

	(void)state;
	assert_true(fresh_is_good(&bound, 0, reason));
	fresh_node = 1;
	assert_false(fresh_is_good(&bound, 0, reason));
	assert_string_equal(reason,
		"a page of the thread on CPU 7 lies on node 1, which its memory policy (bind) "
		"forbids");
}

static void what_the_kernel_does_not_tell_is_no_violation(void **state)
{
	char reason[256] = "";

	(void)state;
	fresh_node = -1;
	object_nodes[0] = object_nodes[7] = -1;
	assert_true(fresh_is_good(&bound, 0, reason));
	assert_true(objects_are_good(&bound, reason));
}

static void an_object_may_lie_on_the_node_of_any_thread_and_on_no_other(void **state)
{
	char reason[256] = "";

	(void)state;
	assert_true(objects_are_good(&bound, reason));
	object_nodes[5] = 1;
	assert_false(objects_are_good(&bound, reason));
	assert_non_null(strstr(reason, "lies on node 1"));
}

static void the_policy_says_where_pages_may_lie(void **state)
{
	struct memory_policy policy = {.kind = MEMORY_INTERLEAVE, .nodes = hwloc_bitmap_alloc()};
	char reason[256] = "";

	(void)state;
	hwloc_bitmap_list_sscanf(policy.nodes, "1-2");
	fresh_node = 1;
	assert_true(fresh_is_good(&policy, 0, reason));
	assert_false(objects_are_good(&policy, reason));
	policy.kind = MEMORY_PREFERRED; // a wish
	fresh_node = 0;
	assert_true(fresh_is_good(&policy, 3, reason));
	assert_true(objects_are_good(&policy, reason));
	hwloc_bitmap_free(policy.nodes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_page_on_another_node_is_told, start, end),
		cmocka_unit_test_setup_teardown(
			what_the_kernel_does_not_tell_is_no_violation, start, end),
		cmocka_unit_test_setup_teardown(
			an_object_may_lie_on_the_node_of_any_thread_and_on_no_other, start, end),
		cmocka_unit_test_setup_teardown(the_policy_says_where_pages_may_lie, start, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
