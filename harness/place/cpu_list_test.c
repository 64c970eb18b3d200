// SPDX-License-Identifier: GPL-2.0-or-later
// Lists of CPUs in the notations of numactl, taskset and hwloc-calc, on a machine that hwloc makes
// up: two nodes of two cores with two hardware threads each, CPUs 0 to 7.
#include "cpu_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static hwloc_topology_t topology;

static int set_up(void **state)
{
	(void)state;
	return hwloc_topology_init(&topology) ||
	       hwloc_topology_set_synthetic(topology, "pack:2 [numa] core:2 pu:2") ||
	       hwloc_topology_load(topology);
}

static int tear_down(void **state)
{
	(void)state;
	hwloc_topology_destroy(topology);
	return 0;
}

static bool choose(
	const char *usable, const char *text, char *chosen, size_t size, struct problem *problem)
{
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();
	bool is_good;

	assert_int_equal(hwloc_bitmap_list_sscanf(cpus, usable), 0);
	is_good = cpu_list_choose(topology, cpus, text, problem);
	hwloc_bitmap_list_snprintf(chosen, size, cpus);
	hwloc_bitmap_free(cpus);
	return is_good;
}

static void each_notation_names_its_cpus(void **state)
{
	static const struct {
		const char *usable, *text, *chosen;
	} examples[] = {
		{"0-7", "0-3,6", "0-3,6"},
		{"0-7", "5", "5"},
		{"0-7", "all", "0-7"},
		{"2-7", "+0-1", "2-3"},
		{"1,3,5,7", "+3", "7"},
		{"0-7", "!0-1", "2-7"},
		{"0-7", "0x0f", "0-3"},
		{"0-7", "0x00000030", "4-5"},
		{"0-7", "node:1", "4-7"},
		{"0-7", "numa:0", "0-3"},
		{"0-7", "node:1.core:0", "4-5"},
		{"0-7", "package:0.core:all.pu:0", "0"},
		{"0-7", "core:odd", "2-3,6-7"},
		{"0-7", "core:even", "0-1,4-5"},
		{"0-7", "core:2-", "4-7"},
		{"0-7", "pu:1-2", "1-2"},
		{"0-7", "node:0 7", "0-3,7"},
		{"0-7", "all ~core:0", "2-7"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct problem problem = {0};
		char chosen[64];

		if (!choose(examples[i].usable, examples[i].text, chosen, sizeof(chosen), &problem))
			fail_msg("%s: %s", examples[i].text, problem.text);
		assert_string_equal(chosen, examples[i].chosen);
	}
}

static void what_is_wrong_is_said_and_leaves_the_cpus_alone(void **state)
{
	static const struct {
		const char *usable, *text, *part;
	} examples[] = {
		{"0-7", "", "nothing is left"},
		{"0-7", "fast", "'fast'"},
		{"0-7", "3-1", "'3-1'"},
		{"0-7", "1,", "'1,'"},
		{"0-7", "-1", "'-1'"},
		{"0-7", "core:9", "'core:9'"},
		{"0-7", "core:1-9", "'core:1-9'"},
		{"0-7", "core:", "'core:'"},
		{"0-7", "coat:1", "'coat:1'"},
		{"0-7", "node:0.core:3", "'node:0.core:3'"},
		{"0-7", "0xfoo", "'0xfoo'"},
		{"0-7", "all ~all", "nothing is left"},
		{"0-1", "+2", "'+2'"},
		{"0-1", "0-3", "holds CPU 2"},
		{"0-7", "8", "holds CPU 8"},
		{"4-7", "node:0", "it may use 4-7"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct problem problem = {0};
		char chosen[64];

		assert_false(choose(
			examples[i].usable, examples[i].text, chosen, sizeof(chosen), &problem));
		assert_int_equal(problem.status, EXIT_WRONG_USE);
		if (!strstr(problem.text, examples[i].part))
			fail_msg("'%s': %s", examples[i].text, problem.text);
		assert_string_equal(chosen, examples[i].usable);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_notation_names_its_cpus),
		cmocka_unit_test(what_is_wrong_is_said_and_leaves_the_cpus_alone),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
