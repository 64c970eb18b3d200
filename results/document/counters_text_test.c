// SPDX-License-Identifier: GPL-2.0-or-later
// The quick way of writing counters gives the very text that Jansson gives.
#include "counters_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_same_text(const json_t *counters)
{
	char *expected = json_dumps(counters, JSON_COMPACT | JSON_REAL_PRECISION(17));
	char *text = counters_text(counters);

	assert_non_null(text);
	assert_string_equal(text, expected);
	free(expected);
	free(text);
}

static void every_kind_of_number_is_written_as_jansson_does(void **state)
{
	static const double REALS[] = {0, -0.0, 1, -1, 12, 0.1, -0.5, 999999999999999.0, 1e15,
		-1e15, 1e16, 123456789012345678.0, 1e300, -1e300, 5e-324, 1.5, 1e14 + 0.5, 3.0e-7};
	static const json_int_t INTEGERS[] = {
		0, 1, -1, 9, 10, -10, 4294967296, INT64_MAX, INT64_MIN};

	(void)state;
	for (size_t i = 0; i < sizeof(REALS) / sizeof(REALS[0]); i++) {
		json_t *counters = json_pack("{s:f}", "x", REALS[i]);

		assert_same_text(counters);
		json_decref(counters);
	}
	for (size_t i = 0; i < sizeof(INTEGERS) / sizeof(INTEGERS[0]); i++) {
		json_t *counters = json_pack("{s:I}", "x", INTEGERS[i]);

		assert_same_text(counters);
		json_decref(counters);
	}
}

static void every_name_is_written_as_jansson_does(void **state)
{
	static const char *const NAMES[] = {"", "a", "a b", "quote\"", "back\\slash", "line\n",
		"\x7f", "\xc3\xa9", "'; DROP TABLE samples; --"};
	json_t *counters = json_object();

	(void)state;
	assert_same_text(counters);
	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		json_object_set_new(counters, NAMES[i], json_real((double)i));
		assert_same_text(counters);
	}
	json_decref(counters);
}

// Around the length at which the quick way has no room any more.
static void any_length_is_written_as_jansson_does(void **state)
{
	json_t *counters = json_object();

	(void)state;
	for (int i = 0; i < 200; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "%d", i);
		json_object_set_new(counters, name, i % 3 ? json_real(i) : json_real(i / 7.0));
		assert_same_text(counters);
	}
	json_decref(counters);
	for (size_t length = 900; length < 1100; length++) {
		char *name = malloc(length + 1);

		assert_non_null(name);
		memset(name, 'n', length);
		name[length] = '\0';
		counters = json_pack("{s:f, s:i}", name, 2.0, "last", 1);
		assert_same_text(counters);
		json_decref(counters);
		free(name);
	}
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(every_kind_of_number_is_written_as_jansson_does),
		cmocka_unit_test(every_name_is_written_as_jansson_does),
		cmocka_unit_test(any_length_is_written_as_jansson_does),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
