// SPDX-License-Identifier: GPL-2.0-or-later
// What an error message offers for a wrong name.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nearest.h"

static const char *const CONFIGS[] = {"default", "nocolour", "offslab", "onslab", "null"};
enum { CONFIGS_COUNT = sizeof(CONFIGS) / sizeof(CONFIGS[0]) };

static void the_distance_counts_slips(void **state)
{
	(void)state;
	assert_int_equal(edit_distance("", ""), 0);
	assert_int_equal(edit_distance("", "pair"), 4);
	assert_int_equal(edit_distance("pair", "pair"), 0);
	assert_int_equal(edit_distance("pair", "pairs"), 1);
	assert_int_equal(edit_distance("pair", "lair"), 1);
	assert_int_equal(edit_distance("pair", "piar"), 1);
	assert_int_equal(edit_distance("kitten", "sitting"), 3);
}

static void a_distance_is_the_same_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < CONFIGS_COUNT; i++)
		for (size_t j = 0; j < CONFIGS_COUNT; j++)
			assert_int_equal(edit_distance(CONFIGS[i], CONFIGS[j]),
				edit_distance(CONFIGS[j], CONFIGS[i]));
}

static void a_slip_is_offered_its_name(void **state)
{
	char offer[128];

	(void)state;
	nearest_offer(offer, sizeof(offer), "nocolor", CONFIGS, CONFIGS_COUNT);
	assert_string_equal(offer, "did you mean 'nocolour'?");
}

static void equally_near_names_are_offered_together(void **state)
{
	static const char *const workloads[] = {"batch", "pair", "kmalloc", "pairs"};
	char offer[128];

	(void)state;
	nearest_offer(offer, sizeof(offer), "pairx", workloads, 4);
	assert_string_equal(offer, "did you mean 'pair' or 'pairs'?");
}

static void only_the_nearest_are_offered(void **state)
{
	char offer[128];

	(void)state;
	nearest_offer(offer, sizeof(offer), "onslap", CONFIGS, CONFIGS_COUNT);
	assert_string_equal(offer, "did you mean 'onslab'?");
}

static void a_beginning_is_near(void **state)
{
	char offer[128];

	(void)state;
	nearest_offer(offer, sizeof(offer), "def", CONFIGS, CONFIGS_COUNT);
	assert_string_equal(offer, "did you mean 'default'?");
}

static void a_wild_name_is_offered_all(void **state)
{
	char offer[128];

	(void)state;
	nearest_offer(offer, sizeof(offer), "xyzzyx", CONFIGS, CONFIGS_COUNT);
	assert_string_equal(offer, "there are default, nocolour, offslab, onslab, null");
}

static void no_names_make_no_offer(void **state)
{
	char offer[8] = "before";

	(void)state;
	nearest_offer(offer, sizeof(offer), "x", CONFIGS, 0);
	assert_string_equal(offer, "");
}

static void an_offer_is_cut_to_its_room(void **state)
{
	char offer[10];

	(void)state;
	nearest_offer(offer, sizeof(offer), "xyzzyx", CONFIGS, CONFIGS_COUNT);
	assert_string_equal(offer, "there are");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_distance_counts_slips),
		cmocka_unit_test(a_distance_is_the_same_both_ways),
		cmocka_unit_test(a_slip_is_offered_its_name),
		cmocka_unit_test(equally_near_names_are_offered_together),
		cmocka_unit_test(only_the_nearest_are_offered),
		cmocka_unit_test(a_beginning_is_near),
		cmocka_unit_test(a_wild_name_is_offered_all),
		cmocka_unit_test(no_names_make_no_offer),
		cmocka_unit_test(an_offer_is_cut_to_its_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
