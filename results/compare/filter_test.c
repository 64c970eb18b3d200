// SPDX-License-Identifier: GPL-2.0-or-later
// Filters: what they let pass, what they say while something is not known yet, and what they
// refuse, with its place.
#include "filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// A thing with two values; "late" is a key whose value is not known.
struct thing {
	const char *colour;
	const char *size;
};

static bool key_check(const char *key, struct problem *problem)
{
	return strcmp(key, "colour") == 0 || strcmp(key, "/size") == 0 ||
	       strcmp(key, "late") == 0 || problem_set(problem, EXIT_WRONG_USE, "no key '%s'", key);
}

static const char *value(const void *thing, const char *key, bool *is_known)
{
	const struct thing *asked = thing;

	*is_known = strcmp(key, "late") != 0;
	return strcmp(key, "colour") == 0 ? asked->colour : asked->size;
}

static const struct filter_keys KEYS = {.check = key_check, .value = value};

static enum filter_answer ask(const char *text, const struct thing *thing)
{
	struct filter *filter;
	struct problem problem;
	enum filter_answer answer;

	if (!filter_parse(text, &KEYS, &filter, &problem))
		fail_msg("%s", problem.text);
	answer = filter_match(filter, thing);
	filter_free(filter);
	return answer;
}

static void filters_let_pass_what_they_say(void **state)
{
	static const struct {
		const char *text;
		bool passes; // a red thing of size 64
	} CASES[] = {
		{"", true},
		{"  ", true},
		{"*", true},
		{"-*", false},
		{"colour:red", true},
		{"colour:re", false},
		{"colour:\"red\"", true},
		{"colour:/^r.d$/", true},
		{"colour:/e/", true},
		{"colour:/E/", false},
		{"colour:(blue OR red)", true},
		{"colour:(blue OR /^re/)", true},
		{"colour:( blue OR green )", false},
		{"/size:64 colour:red", true},
		{"/size:64 AND colour:red", true},
		{"/size:65 colour:red", false},
		{"/size:65 OR colour:red", true},
		{"colour:blue /size:64 OR colour:red", true}, // AND binds closer
		{"colour:blue (/size:64 OR colour:red)", false},
		{"-colour:blue", true},
		{"-(colour:red /size:64)", false},
		{"--colour:red", true},
		{"-colour:red OR /size:64", true}, // "not" binds closest
		{"colour:red OR colour:red AND /size:65", true},
	};
	const struct thing red = {"red", "64"};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		if (ask(CASES[i].text, &red) != (CASES[i].passes ? FILTER_YES : FILTER_NO))
			fail_msg("'%s' should have %s", CASES[i].text,
				CASES[i].passes ? "passed" : "failed");
	}
}

static void special_characters_can_be_written(void **state)
{
	(void)state;
	assert_int_equal(
		ask("colour:\"a \\\"b\\\\ (c)\"", &(struct thing){"a \"b\\ (c)", ""}), FILTER_YES);
	assert_int_equal(ask("colour:/a\\/b/", &(struct thing){"xa/by", ""}), FILTER_YES);
	assert_int_equal(ask("colour:/a\\.b/", &(struct thing){"a.b", ""}), FILTER_YES);
	assert_int_equal(ask("colour:/a\\.b/", &(struct thing){"axb", ""}), FILTER_NO);
	assert_int_equal(ask("colour:a:b/c-d", &(struct thing){"a:b/c-d", ""}), FILTER_YES);
}

static void a_missing_value_is_no_word(void **state)
{
	const struct thing nothing = {NULL, NULL};

	(void)state;
	assert_int_equal(ask("colour:red", &nothing), FILTER_NO);
	assert_int_equal(ask("-colour:red", &nothing), FILTER_YES);
	assert_int_equal(ask("colour:\"\"", &nothing), FILTER_YES);
}

static void what_is_not_known_yet_decides_nothing(void **state)
{
	const struct thing red = {"red", "64"};

	(void)state;
	assert_int_equal(ask("late:x", &red), FILTER_UNKNOWN);
	assert_int_equal(ask("-late:x", &red), FILTER_UNKNOWN);
	assert_int_equal(ask("late:x colour:red", &red), FILTER_UNKNOWN);
	assert_int_equal(ask("late:x colour:blue", &red), FILTER_NO);
	assert_int_equal(ask("late:x OR colour:red", &red), FILTER_YES);
	assert_int_equal(ask("late:x OR colour:blue", &red), FILTER_UNKNOWN);
}

static void a_filter_knows_its_keys(void **state)
{
	struct filter *filter;

	(void)state;
	assert_true(filter_parse("-(/size:1 OR colour:(a OR b))", &KEYS, &filter, NULL));
	assert_true(filter_mentions(filter, "/size"));
	assert_true(filter_mentions(filter, "colour"));
	assert_false(filter_mentions(filter, "late"));
	filter_free(filter);
}

static void assert_refused(const char *text, const char *expected)
{
	struct filter *filter;
	struct problem problem = {0};

	assert_false(filter_parse(text, &KEYS, &filter, &problem));
	assert_null(filter);
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	if (!strstr(problem.text, expected))
		fail_msg("'%s' lacks '%s'", problem.text, expected);
}

static void mistakes_are_refused_with_their_place(void **state)
{
	(void)state;
	assert_refused("taste:sweet", "no key 'taste'");
	assert_refused("colour", "column 1: expected KEY:VALUE");
	assert_refused("colour:", "column 8: expected a value behind the colon, found its end");
	assert_refused("colour: red", "column 8: expected a value");
	assert_refused("colour:red colour", "column 12");
	assert_refused("colour:(red blue)", "column 13: expected 'OR' or ')', found 'blue)'");
	assert_refused("colour:(red", "column 12: expected 'OR' or ')'");
	assert_refused("(colour:red", "column 12: expected ')'");
	assert_refused("colour:red)", "column 11");
	assert_refused("colour:red OR", "column 14: expected KEY:VALUE, found its end");
	assert_refused("AND colour:red", "column 1");
	assert_refused("colour:\"red", "column 8: expected a closing quote");
	assert_refused("colour:/red", "column 8: expected a closing slash");
	assert_refused("colour:/(/", "no regular expression");
}

static void nesting_and_length_are_bounded(void **state)
{
	enum { LENGTH = 200000 };
	char *text = calloc(LENGTH + 1, 1);

	(void)state;
	assert_non_null(text);
	memset(text, '(', LENGTH);
	assert_refused(text, "column 101: expected fewer or less deeply nested terms");
	memset(text, '-', LENGTH);
	assert_refused(text, "column 101");
	for (size_t i = 0; i < LENGTH; i++)
		text[i] = "* "[i % 2];
	assert_refused(text, "column 2001");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filters_let_pass_what_they_say),
		cmocka_unit_test(special_characters_can_be_written),
		cmocka_unit_test(a_missing_value_is_no_word),
		cmocka_unit_test(what_is_not_known_yet_decides_nothing),
		cmocka_unit_test(a_filter_knows_its_keys),
		cmocka_unit_test(mistakes_are_refused_with_their_place),
		cmocka_unit_test(nesting_and_length_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
