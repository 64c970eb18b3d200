// SPDX-License-Identifier: GPL-2.0-or-later
// Kinds of CPUs on a made-up hybrid processor: CPUs 0 to 3 are fast, 4 to 7 are not.
#include "cpu_kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static hwloc_topology_t make(bool is_hybrid)
{
	static struct hwloc_info_s fast = {"CoreType", "IntelCore"};
	static struct hwloc_info_s slow = {"CoreType", "IntelAtom"};
	hwloc_topology_t topology;
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();

	assert_int_equal(hwloc_topology_init(&topology), 0);
	assert_int_equal(hwloc_topology_set_synthetic(topology, "core:8 pu:1"), 0);
	assert_int_equal(hwloc_topology_load(topology), 0);
	if (is_hybrid) {
		hwloc_bitmap_set_range(cpus, 0, 3);
		assert_int_equal(hwloc_cpukinds_register(topology, cpus, 2, 1, &fast, 0), 0);
		hwloc_bitmap_zero(cpus);
		hwloc_bitmap_set_range(cpus, 4, 7);
		assert_int_equal(hwloc_cpukinds_register(topology, cpus, 1, 1, &slow, 0), 0);
	}
	hwloc_bitmap_free(cpus);
	return topology;
}

static void expect(const char *usable, const char *kind, const char *chosen, const char *words)
{
	hwloc_topology_t topology = make(true);
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();
	struct problem problem = {0};
	char found[64];
	char list[64];

	assert_int_equal(hwloc_bitmap_list_sscanf(cpus, usable), 0);
	if (!cpu_kind_choose(topology, cpus, kind, found, sizeof(found), &problem))
		fail_msg("%s of %s: %s", kind, usable, problem.text);
	hwloc_bitmap_list_snprintf(list, sizeof(list), cpus);
	assert_string_equal(list, chosen);
	assert_string_equal(found, words);
	hwloc_bitmap_free(cpus);
	hwloc_topology_destroy(topology);
}

static void the_fastest_kind_that_may_be_used_is_taken_and_never_mixed(void **state)
{
	(void)state;
	expect("0-7", NULL, "0-3", "IntelCore kind 1 of 0 to 1");
	expect("2-5", "fastest", "2-3", "IntelCore kind 1 of 0 to 1");
	expect("4-7", NULL, "4-7", "IntelAtom kind 0 of 0 to 1");
}

static void a_kind_is_named_by_number_or_by_name(void **state)
{
	(void)state;
	expect("0-7", "0", "4-7", "IntelAtom kind 0 of 0 to 1");
	expect("0-7", "intelatom", "4-7", "IntelAtom kind 0 of 0 to 1");
	expect("3-7", "1", "3", "IntelCore kind 1 of 0 to 1");
}

static void expect_refused(bool is_hybrid, const char *usable, const char *kind, const char *part)
{
	hwloc_topology_t topology = make(is_hybrid);
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();
	struct problem problem = {0};
	char words[64];

	assert_int_equal(hwloc_bitmap_list_sscanf(cpus, usable), 0);
	assert_false(cpu_kind_choose(topology, cpus, kind, words, sizeof(words), &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_non_null(strstr(problem.text, part));
	hwloc_bitmap_free(cpus);
	hwloc_topology_destroy(topology);
}

static void a_kind_that_is_not_there_is_refused_with_those_that_are(void **state)
{
	(void)state;
	expect_refused(true, "0-7", "2", "IntelAtom, kind 0 of 0 to 1, CPUs 4-7");
	expect_refused(true, "0-7", "cheap", "IntelCore, kind 1 of 0 to 1, CPUs 0-3");
	expect_refused(true, "0-3", "IntelAtom", "no CPU that this process may use");
	expect_refused(false, "0-7", "IntelAtom", "one kind");
}

static void cpus_that_are_alike_need_no_words(void **state)
{
	hwloc_topology_t topology = make(false);
	hwloc_bitmap_t cpus = hwloc_bitmap_dup(hwloc_topology_get_topology_cpuset(topology));
	char words[64] = "not touched";

	(void)state;
	assert_true(cpu_kind_choose(topology, cpus, NULL, words, sizeof(words), NULL));
	assert_string_equal(words, "");
	assert_int_equal(hwloc_bitmap_weight(cpus), 8);
	hwloc_bitmap_free(cpus);
	hwloc_topology_destroy(topology);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_fastest_kind_that_may_be_used_is_taken_and_never_mixed),
		cmocka_unit_test(a_kind_is_named_by_number_or_by_name),
		cmocka_unit_test(a_kind_that_is_not_there_is_refused_with_those_that_are),
		cmocka_unit_test(cpus_that_are_alike_need_no_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
