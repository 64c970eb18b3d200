// SPDX-License-Identifier: GPL-2.0-or-later
// Callgrind's files, written here line by line: whose instructions are whose, and what differs.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "functions.h"

#define HEAD "# callgrind format\nversion: 1\n\npositions: line\nevents: Ir Dr\nsummary: 1 1\n\n\n"

static bool add_text(struct functions *functions, const char *text, struct problem *problem)
{
	char path[] = "/tmp/functions-XXXXXX";
	int file = mkstemp(path);
	bool is_good;

	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
	close(file);
	is_good = functions_add(functions, path, problem);
	unlink(path);
	return is_good;
}

static const char BASE[] = HEAD "ob=(1) /a/program\nfl=(1) loop.c\nfn=(1) loop\n10 100 5\n+1 20\n"
				"cfn=(2) allocate\ncalls=3 20 \n* 5000 1\n* 7\n\n"
				"fn=(2)\n20 300\n-2 40\n\nfn=(1)\n12 1\n\nfn=(3) refill\n30 9\n"
				"totals: 477 5\n";
static const char OTHER[] =
	HEAD "fn=(1) allocate\n20 345\n\nfn=(2) loop\n10 128\n\nfn=(3) check\n1 2\n";

static void a_function_has_its_own_instructions_alone(void **state)
{
	struct functions functions = {0};
	struct problem problem;

	(void)state;
	assert_true(add_text(&functions, BASE, &problem));
	assert_int_equal(functions.count, 3);
	assert_string_equal(functions.items[0].name, "loop");
	assert_int_equal(functions.items[0].instructions, 128);
	assert_string_equal(functions.items[1].name, "allocate");
	assert_int_equal(functions.items[1].instructions, 340);
	assert_int_equal(functions.items[2].instructions, 9);
	assert_true(add_text(&functions, OTHER, &problem)); // a second part, with other numbers
	assert_int_equal(functions.count, 4);
	assert_int_equal(functions.items[0].instructions, 256);
	assert_int_equal(functions.items[1].instructions, 685);
	functions_free(&functions);
}

static void what_differs_is_a_table(void **state)
{
	struct functions base = {0}, other = {0};
	struct problem problem;
	char *text;
	size_t size;
	FILE *output = open_memstream(&text, &size);

	(void)state;
	assert_true(add_text(&base, BASE, &problem));
	assert_true(add_text(&other, OTHER, &problem));
	functions_compare(&base, &other, output);
	assert_int_equal(fclose(output), 0);
	assert_string_equal(text, "  function                                       before        "
				  "after   difference\n"
				  "  refill                                              9         "
				  "   0           -9\n"
				  "  allocate                                          340         "
				  " 345           +5\n"
				  "  check                                               0         "
				  "   2           +2\n"
				  "  all                                               477         "
				  " 475           -2\n");
	free(text);
	functions_free(&base);
	functions_free(&other);
}

static void other_files_are_refused(void **state)
{
	struct functions functions = {0};
	struct problem problem;

	(void)state;
	assert_false(
		add_text(&functions, "version: 1\nevents: Dr Ir\nfn=(1) a\n1 2 3\n", &problem));
	assert_non_null(strstr(problem.text, "does not count instructions first"));
	assert_false(functions_add(&functions, "/nowhere/at/all", &problem));
	assert_non_null(strstr(problem.text, "callgrind wrote no /nowhere/at/all: "));
	functions_free(&functions);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_function_has_its_own_instructions_alone),
		cmocka_unit_test(what_differs_is_a_table),
		cmocka_unit_test(other_files_are_refused),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
