// SPDX-License-Identifier: GPL-2.0-or-later
// Names of sides.
#include "side.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void a_name_says_what_its_config_comes_from(void **state)
{
	(void)state;
	assert_int_equal(side_kind("default"), 0);
	assert_int_equal(side_kind("default@4d5f347"), SIDE_OF_COMMIT);
	assert_int_equal(side_kind("default=../old/build@2"), SIDE_OF_FOLDER);
	assert_int_equal(side_kind("default@"), 0);
	assert_int_equal(side_kind("@4d5f347"), 0);
	assert_int_equal(side_config_length("default@4d5f347"), 7);
	assert_true(side_is_build_of("default@4d5f347", "default"));
	assert_false(side_is_build_of("default@4d5f347", "defaul"));
	assert_false(side_is_build_of("default", "default"));
}

static void a_commit_may_be_shortened_and_nothing_else(void **state)
{
	(void)state;
	assert_true(side_is_named("default@4d5f347a81b2", "default@4d5f"));
	assert_true(side_is_named(
		"default@4d5f347a81b2", "default@4d5f347a81b2c05ad0f0e0b0c0d0e0f0a1b2c3d4"));
	assert_false(side_is_named("default@4d5f347a81b2", "default@4d5"));
	assert_false(side_is_named("default@4d5f347a81b2", "default@4d5e"));
	assert_false(side_is_named("default@4d5f347a81b2", "default"));
	assert_false(side_is_named("default=old/build", "default=old/b"));
	assert_true(side_is_named("my@build", "my@build"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_says_what_its_config_comes_from),
		cmocka_unit_test(a_commit_may_be_shortened_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
