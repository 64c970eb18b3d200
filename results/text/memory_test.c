// SPDX-License-Identifier: GPL-2.0-or-later
// What is said when memory runs out, and that a growing array keeps what is in it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "memory.h"

static void no_memory_says_for_what_and_fails(void **state)
{
	struct problem problem;

	(void)state;
	assert_false(no_memory(&problem, "the comparison"));
	assert_string_equal(problem.text, "no memory left for the comparison");
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
}

static void a_growing_array_keeps_its_elements(void **state)
{
	int *items = NULL;

	(void)state;
	for (size_t count = 0; count < 100; count++) {
		items = array_grown(items, count, sizeof(*items));
		assert_non_null(items);
		items[count] = (int)count;
	}
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(items[i], i);
	free(items);
}

static void an_array_may_shrink_and_grow_again(void **state)
{
	int *items = NULL;

	(void)state;
	for (size_t count = 0; count < 7; count++) {
		items = array_grown(items, count, sizeof(*items));
		items[count] = (int)count;
	}
	for (size_t count = 4; count < 9; count++) {
		items = array_grown(items, count, sizeof(*items));
		items[count] = -1;
	}
	assert_int_equal(items[3], 3);
	assert_int_equal(items[8], -1);
	free(items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_memory_says_for_what_and_fails),
		cmocka_unit_test(a_growing_array_keeps_its_elements),
		cmocka_unit_test(an_array_may_shrink_and_grow_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
