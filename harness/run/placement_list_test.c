// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of the drawing: what a map looks like, and that no line is wider than a terminal.
#include "placement_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// A machine: nodes of shared caches of cores of hardware threads; CPUs are numbered through.
static json_t *machine(int nodes, int caches, int cores, int threads)
{
	json_t *cpus = json_array();
	int cpu = 0;

	for (int node = 0; node < nodes; node++)
		for (int i = 0; i < caches * cores * threads; i++, cpu++)
			json_array_append_new(
				cpus, json_pack("{si si si si}", "cpu", cpu, "node", node, "core",
					      cpu / threads, "cache",
					      caches > 1 ? cpu / (threads * cores) : -1));
	return cpus;
}

// Takes over both. The caller frees the text.
static char *drawn(json_t *cpus, json_t *placements)
{
	json_t *list =
		json_pack("{si so so}", "threads", 2, "cpus", cpus, "placements", placements);
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	placement_list_show(stream, list);
	fclose(stream);
	json_decref(list);
	return text;
}

static void expect_narrow(const char *text)
{
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		assert_in_range(strcspn(line, "\n"), 0, 79);
}

static void threads_stand_on_the_map_of_cores_and_caches(void **state)
{
	char *text = drawn(
		machine(2, 2, 2, 2), json_pack("[{ss s[ii]}]", "name", "spread", "cpus", 6, 9));

	(void)state;
	assert_non_null(strstr(text, "  spread\n"
				     "      CPUs     6 9\n"
				     "      node 0   [.. ..] [.. 1.]\n"
				     "      node 1   [.2 ..] [.. ..]\n"));
	expect_narrow(text);
	free(text);
}

static void cores_without_a_shared_cache_stand_alone(void **state)
{
	char *text = drawn(machine(1, 1, 3, 1),
		json_pack("[{ss s[iiii]}]", "name", "compact", "cpus", 2, 1, 0, 0));

	(void)state;
	assert_non_null(strstr(text, "      node 0   3 2 1\n"));
	free(text);
}

static void what_is_not_here_says_why_and_the_matrix_how_many(void **state)
{
	char *text = drawn(machine(1, 1, 1, 1),
		json_pack("[{ss ss}, {ss s[ii]}]", "name", "node-far", "reason",
			"needs CPUs of two nodes; the 256 CPUs that this process may use have none "
			"and that is a long story",
			"name", "matrix", "nodes", 0, 1));

	(void)state;
	assert_non_null(strstr(text, "not here: needs CPUs of two nodes"));
	assert_non_null(strstr(text, "from each of 2 nodes to each, itself too: 4 pairs"));
	expect_narrow(text);
	free(text);
}

static void two_hundred_and_fifty_six_cpus_fit_a_terminal(void **state)
{
	json_t *cpus = json_array();
	char *text;

	(void)state;
	for (int cpu = 0; cpu < 256; cpu++)
		json_array_append_new(cpus, json_integer(cpu));
	text = drawn(machine(2, 8, 8, 2), json_pack("[{ss so}]", "name", "compact", "cpus", cpus));
	expect_narrow(text);
	assert_non_null(strstr(text, "[12 34 56 78 9A BC DE FG]"));
	free(text);
	expect_narrow(text = drawn(machine(1, 1, 200, 2), json_array()));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_stand_on_the_map_of_cores_and_caches),
		cmocka_unit_test(cores_without_a_shared_cache_stand_alone),
		cmocka_unit_test(what_is_not_here_says_why_and_the_matrix_how_many),
		cmocka_unit_test(two_hundred_and_fifty_six_cpus_fit_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
