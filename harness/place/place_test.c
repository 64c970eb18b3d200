// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of placements as users type them, on four made-up nodes of two CPUs each.
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static hwloc_topology_t topology;
static hwloc_bitmap_t usable;
static struct sites sites;

static int start(void **state)
{
	(void)state;
	hwloc_topology_init(&topology);
	hwloc_topology_set_synthetic(topology, "numa:4 core:2 pu:1");
	hwloc_topology_load(topology);
	usable = sites_usable_cpus(topology);
	return sites_find(&sites, topology, usable, NULL, NULL) ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	sites_free(&sites);
	hwloc_bitmap_free(usable);
	hwloc_topology_destroy(topology);
	return 0;
}

// As "compact spread cpus=0-3"; of the matrix its pairs.
static void expect(const char *text, const char *expected)
{
	struct places places = {.items = NULL};
	struct problem problem;
	char got[1024] = "";

	assert_true(places_read(&places, text, &sites, &problem));
	for (size_t i = 0; i < places.count; i++) {
		const struct place *place = &places.items[i];
		char *cpus = NULL;
		char *at = got + strlen(got);

		if (place->cpus)
			hwloc_bitmap_list_asprintf(&cpus, place->cpus);
		if (place->relation == RELATION_MATRIX)
			sprintf(at, "%s%u-%u", i > 0 ? " " : "", place->from, place->to);
		else
			sprintf(at, "%s%s%s%s", i > 0 ? " " : "", relation_name(place->relation),
				cpus ? "=" : "", cpus ? cpus : "");
		free(cpus);
	}
	assert_string_equal(got, expected);
	places_free(&places);
}

static void expect_refused(const char *text, const char *message)
{
	struct places places = {.items = NULL};
	struct problem problem;

	assert_false(places_read(&places, text, &sites, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	if (!strstr(problem.text, message))
		fail_msg("'%s' is told '%s', which lacks '%s'", text, problem.text, message);
	places_free(&places);
}

static void names_and_lists_may_be_mixed(void **state)
{
	(void)state;
	expect("compact", "compact");
	expect("spread,compact,spread", "spread compact");
	expect("smt", "smt-sibling");
	expect("0-3", "cpus=0-3");
	expect("0-1,4,compact,7", "cpus=0-1,4 compact cpus=7");
	expect("node:1.core:0-1", "cpus=2-3");
	expect("0x0f", "cpus=0-3");
	expect("!0-1", "cpus=2-7");
}

static void all_is_every_relation_and_the_matrix_every_pair(void **state)
{
	(void)state;
	expect("all", "same-cpu smt-sibling same-cache same-node node-near node-far compact "
		      "spread");
	expect("matrix", "0-0 0-1 0-2 0-3 1-0 1-1 1-2 1-3 2-0 2-1 2-2 2-3 3-0 3-1 3-2 3-3");
}

static void what_is_wrong_is_told(void **state)
{
	(void)state;
	expect_refused("comapct", "'compact'");
	expect_refused("8", "8");
	expect_refused("node:9", "node:9");
	expect_refused("", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_lists_may_be_mixed),
		cmocka_unit_test(all_is_every_relation_and_the_matrix_every_pair),
		cmocka_unit_test(what_is_wrong_is_told),
	};

	return cmocka_run_group_tests(tests, start, end);
}
