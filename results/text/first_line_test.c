// SPDX-License-Identifier: GPL-2.0-or-later
// The first line of a file, and what is said where there is none.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "first_line.h"

static char path[] = "first-line-XXXXXX";

static int write_file(const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0)
		return -1;
	return fclose(file);
}

static int make_file(void **state)
{
	(void)state;
	int file = mkstemp(path);

	return file < 0 ? -1 : close(file);
}

static int remove_file(void **state)
{
	(void)state;
	return remove(path);
}

static void the_line_ends_before_its_break(void **state)
{
	char line[16];

	(void)state;
	assert_int_equal(write_file("max 100000\nmore\n"), 0);
	assert_true(first_line(path, line, sizeof(line)));
	assert_string_equal(line, "max 100000");
	assert_int_equal(write_file("no break"), 0);
	assert_true(first_line(path, line, sizeof(line)));
	assert_string_equal(line, "no break");
}

static void a_long_line_is_cut(void **state)
{
	char line[5];

	(void)state;
	assert_int_equal(write_file("0123456789\n"), 0);
	assert_true(first_line(path, line, sizeof(line)));
	assert_string_equal(line, "0123");
}

static void an_empty_file_is_told_from_one_that_cannot_be_read(void **state)
{
	char line[16] = "before";

	(void)state;
	assert_int_equal(write_file(""), 0);
	assert_false(first_line(path, line, sizeof(line)));
	assert_int_equal(errno, 0);
	assert_string_equal(line, "");
	assert_false(first_line("/nonexistent/file", line, sizeof(line)));
	assert_int_equal(errno, ENOENT);
	assert_false(first_line("/", line, sizeof(line)));
	assert_int_equal(errno, EISDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_line_ends_before_its_break),
		cmocka_unit_test(a_long_line_is_cut),
		cmocka_unit_test(an_empty_file_is_told_from_one_that_cannot_be_read),
	};

	return cmocka_run_group_tests_name("first_line", tests, make_file, remove_file);
}
