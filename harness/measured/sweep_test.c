// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of sweeps: which values a text stands for, and what a wrong one is told.
#include "sweep.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *const orders[] = {"lifo", "fifo", NULL};
static const struct sweep_range sizes = {
	.option = "--size", .unit = "bytes", .minimum = 8, .maximum = 65536};
static const struct sweep_range threads = {
	.option = "--threads", .unit = "threads", .minimum = 1, .maximum = 8192, .all = 12};
static const struct sweep_range shares = {
	.option = "--remote", .unit = "", .minimum = 0, .maximum = 1000, .scale = 1000};
static const struct sweep_range words = {.option = "--order", .maximum = 1, .words = orders};

static void expect(const struct sweep_range *range, const char *text, const char *expected)
{
	struct sweep sweep = {.values = NULL};
	struct problem problem;
	char got[4096] = "";

	if (!sweep_read(&sweep, text, range, &problem))
		fail_msg("%s", problem.text);
	for (size_t i = 0; i < sweep.count; i++)
		sprintf(got + strlen(got), "%s%" PRId64, i > 0 ? " " : "", sweep.values[i]);
	assert_string_equal(got, expected);
	sweep_free(&sweep);
}

static void expect_refused(const struct sweep_range *range, const char *text, const char *message)
{
	struct sweep sweep = {.values = NULL};
	struct problem problem;

	assert_false(sweep_read(&sweep, text, range, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_null(sweep.values);
	if (!strstr(problem.text, message))
		fail_msg("'%s' is told '%s', which lacks '%s'", text, problem.text, message);
}

static void lists_and_steps_become_values(void **state)
{
	(void)state;
	expect(&sizes, "64", "64");
	expect(&sizes, "64,192,64", "64 192");
	expect(&sizes, "64..4096*2", "64 128 256 512 1024 2048 4096");
	expect(&sizes, "100..1000*3", "100 300 900 1000");
	expect(&sizes, "10..50+20", "10 30 50");
	expect(&sizes, "8..11", "8 9 10 11");
	expect(&sizes, "8,64..128*2,1000", "8 64 128 1000");
	expect(&sizes, "9..9", "9");
}

static void threads_double_up_to_all(void **state)
{
	(void)state;
	expect(&threads, "1..all", "1 2 4 8 12");
	expect(&threads, "all", "12");
	expect(&threads, "1..all+4", "1 5 9 12");
	expect(&threads, "1..4+1", "1 2 3 4");
	expect(&threads, "3..6", "3 6");
}

static void fractions_are_parts_and_words_are_places(void **state)
{
	(void)state;
	expect(&shares, "0,0.1,0.5,1", "0 100 500 1000");
	expect(&shares, "0..1+0.25", "0 250 500 750 1000");
	expect(&shares, "0.125..1*2", "125 250 500 1000");
	expect(&words, "fifo,lifo", "1 0");
}

static void what_is_wrong_is_told_with_what_would_be_right(void **state)
{
	(void)state;
	expect_refused(&sizes, "7", "--size=7: must be a whole number of bytes from 8 to 65536");
	expect_refused(&sizes, "64,", "from 8 to 65536");
	expect_refused(&sizes, "", "from 8 to 65536");
	expect_refused(&sizes, "64k", "whole number of bytes");
	expect_refused(&sizes, "64..8", "64..8");
	expect_refused(&sizes, "64..128*1", "whole number");
	expect_refused(&sizes, "64..128*2x", "whole number");
	expect_refused(&sizes, "64..65537*2", "to 65536");
	expect_refused(&sizes, "all", "to 65536");
	expect_refused(&sizes, "0.5", "whole number");
	expect_refused(&sizes, "8..65536", "more than 1024 values");
	expect_refused(&sizes, "99999999999999999999", "to 65536");
	expect_refused(&threads, "0", "from 1 to 8192, or all");
	expect_refused(&shares, "1.5", "fraction from 0 to 1");
	expect_refused(&shares, "0.0001", "fraction from 0 to 1");
	expect_refused(&words, "fifi", "'fifo'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_and_steps_become_values),
		cmocka_unit_test(threads_double_up_to_all),
		cmocka_unit_test(fractions_are_parts_and_words_are_places),
		cmocka_unit_test(what_is_wrong_is_told_with_what_would_be_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
