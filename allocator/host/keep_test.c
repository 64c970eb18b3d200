// SPDX-License-Identifier: GPL-2.0-or-later
// How the reserve of free memory grows by regret and shrinks by time.
#include "host/keep.h"

#include "slab_test.h"

#define SECOND UINT64_C(1000000000)

static void little_is_kept_and_more_of_what_is_used(void **state)
{
	struct keep keep = {0};

	(void)state;
	assert_int_equal(keep_reserve(&keep, 0), KEEP_PAGES_LEAST);
	assert_int_equal(keep_reserve(&keep, KEEP_PAGES_LEAST * 160), KEEP_PAGES_LEAST * 10);
	assert_false(keep_is_exceeded(&keep, 0, 2 * KEEP_PAGES_LEAST));
	assert_true(keep_is_exceeded(&keep, 0, 2 * KEEP_PAGES_LEAST + 1));
}

static void a_regret_doubles_the_reserve_once_a_return(void **state)
{
	struct keep keep = {0};

	(void)state;
	keep_note_return(&keep, 100 * SECOND);
	keep_note_use(&keep, KEEP_PAGES_LEAST, 100 * SECOND + 1);
	assert_int_equal(keep_reserve(&keep, 0), 2 * KEEP_PAGES_LEAST);
	assert_int_equal(keep.returned_ns, 0); // so that nobody asks again
	keep_note_return(&keep, 101 * SECOND);
	keep_note_use(&keep, KEEP_PAGES_LEAST, 103 * SECOND); // too late for a regret
	keep_note_use(&keep, 1, 101 * SECOND + 1); // too little
	assert_int_equal(keep_reserve(&keep, 0), 2 * KEEP_PAGES_LEAST);
}

static void the_reserve_has_bounds_and_shrinks_when_calm(void **state)
{
	struct keep keep = {0};
	uint64_t now = 100 * SECOND;

	(void)state;
	for (unsigned i = 0; i < 30; i++, now += SECOND) {
		keep_note_return(&keep, now);
		keep_note_use(&keep, KEEP_PAGES_MOST, now);
	}
	assert_int_equal(keep_reserve(&keep, 0), KEEP_PAGES_MOST);
	for (unsigned i = 0; i < 30; i++, now += 11 * SECOND)
		keep_note_return(&keep, now);
	assert_int_equal(keep_reserve(&keep, 0), KEEP_PAGES_LEAST);
	keep.least = 1;
	assert_int_equal(keep_reserve(&keep, 0), KEEP_PAGES_LEAST);
	keep.pages = 0;
	assert_int_equal(keep_reserve(&keep, 0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(little_is_kept_and_more_of_what_is_used),
		cmocka_unit_test(a_regret_doubles_the_reserve_once_a_return),
		cmocka_unit_test(the_reserve_has_bounds_and_shrinks_when_calm),
	};

	return cmocka_run_group_tests_name("keep", tests, NULL, NULL);
}
