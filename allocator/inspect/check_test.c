// SPDX-License-Identifier: GPL-2.0-or-later
// The comparison of results: equal ones are equal, and of others the first difference is named.
#include "inspect/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char results[] = "slabexpect 1\n"
			      "3 cache A ok\n"
			      "4 x=0:1:64:0 ev A+0@0 A-7\n"
			      "5 dump A\n"
			      " cache object_size=8 limit=120\n"
			      " stats num_active=1 grown=1\n"
			      " node 1 partial=0 free_limit=99\n"
			      " shared 1 avail=2 limit=8 touched=0 : 0:1 0:2\n"
			      "end\n"
			      "6 free\n";

// The results with one text, which occurs once, put in another's place.
static char *changed(const char *from, const char *to)
{
	const char *at = strstr(results, from);
	char *text = malloc(sizeof(results) + strlen(to));

	assert_non_null(at);
	assert_non_null(text);
	sprintf(text, "%.*s%s%s", (int)(at - results), results, to, at + strlen(from));
	return text;
}

static void differs(const char *from, const char *to, unsigned line, const char *row,
	const char *field, const char *ours, const char *theirs)
{
	struct check_difference difference;
	char *text = changed(from, to);

	assert_false(check_compare(text, results, false, &difference));
	assert_int_equal(difference.line, line);
	assert_string_equal(difference.row, row);
	assert_string_equal(difference.field, field);
	assert_string_equal(difference.ours, ours);
	assert_string_equal(difference.theirs, theirs);
	free(text);
}

static void equal_results_are_identical(void **state)
{
	struct check_difference difference;

	(void)state;
	assert_true(check_compare(results, results, false, &difference));
	assert_true(check_compare(results, results, true, &difference));
	assert_true(check_compare("", "", false, &difference));
}

static void the_field_that_differs_is_named_with_both_values(void **state)
{
	(void)state;
	differs("free_limit=99", "free_limit=98", 5, "node 1", "free_limit", "98", "99");
	differs("touched=0 : 0:1 0:2", "touched=0 : 0:1 0:3", 5, "shared 1", "entry 2", "0:3",
		"0:2");
	differs("limit=120", "limit=12", 5, "cache", "limit", "12", "120");
	differs("A+0@0 A-7", "A+0@0 A-6", 4, "", "event 2", "A-6", "A-7");
	differs(" A-7", "", 4, "", "event 2", "nothing", "A-7");
	differs("x=0:1:64:0", "x=null", 4, "", "x", "null", "0:1:64:0");
	differs("cache A ok", "cache A alias=B", 3, "", "word 4", "alias=B", "ok");
	differs("6 free", "6 skip", 6, "", "word 2", "skip", "free");
	differs(" node 1 partial", " node 2 partial", 5, "node 1", "word 2", "2", "1");
	differs("6 free", "6 free ", 6, "", "blanks", "", "");
}

static void a_line_too_few_or_too_many_is_a_difference(void **state)
{
	(void)state;
	differs("6 free\n", "", 6, "", "line", "nothing", "one more");
	differs("6 free\n", "6 free\n7 free\n", 7, "", "line", "one more", "nothing");
	differs("slabexpect 1\n3 cache A ok\n4 x=0:1:64:0 ev A+0@0 A-7\n5 dump A\n", "", 0, "",
		"word 1", "cache", "slabexpect");
}

static void statistics_are_passed_over_where_asked(void **state)
{
	struct check_difference difference;
	char *other = changed("num_active=1", "num_active=2");
	char *none = changed(" stats num_active=1 grown=1\n", "");

	(void)state;
	assert_true(check_compare(other, results, true, &difference));
	assert_false(check_compare(other, results, false, &difference));
	assert_string_equal(difference.row, "stats");
	assert_true(check_compare(none, results, true, &difference));
	assert_true(check_compare(results, none, true, &difference));
	assert_false(check_compare(none, results, false, &difference));
	free(other);
	free(none);
}

static void every_single_changed_byte_is_found(void **state)
{
	struct check_difference difference;
	char *text = strdup(results);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof(results) - 1; i++) {
		text[i] ^= 1;
		assert_false(check_compare(text, results, false, &difference));
		text[i] ^= 1;
	}
	free(text);
}

static void a_difference_is_said_with_the_operations_before_it(void **state)
{
	static char *lines[] = {"slabtrace 1", "topology nodes=2 cpus_per_node=2",
		"cache A size=8 align=0 flags=0 ctor=0", "on 0 alloc A x", "dump A", "on 0 free x"};
	const struct trace trace = {.lines = lines, .lines_count = 6};
	struct check_difference difference;
	char *text = changed("free_limit=99", "free_limit=98"), *said = NULL;
	size_t size;
	FILE *output = open_memstream(&said, &size);

	(void)state;
	assert_non_null(output);
	assert_false(check_compare(text, results, false, &difference));
	check_print(output, "a.trace", &trace, &difference);
	fclose(output);
	assert_non_null(
		strstr(said, "a.trace:5: dump A: node 1: free_limit: ours 98, expected 99\n"));
	assert_non_null(strstr(said, "       4: on 0 alloc A x\n"));
	assert_non_null(strstr(said, ">    5: dump A\n"));
	assert_null(strstr(said, "on 0 free x"));
	assert_non_null(strstr(said, "ours:      node 1 partial=0 free_limit=98\n"));
	assert_non_null(strstr(said, "expected:  node 1 partial=0 free_limit=99\n"));
	free(said);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_results_are_identical),
		cmocka_unit_test(the_field_that_differs_is_named_with_both_values),
		cmocka_unit_test(a_line_too_few_or_too_many_is_a_difference),
		cmocka_unit_test(statistics_are_passed_over_where_asked),
		cmocka_unit_test(every_single_changed_byte_is_found),
		cmocka_unit_test(a_difference_is_said_with_the_operations_before_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
