// SPDX-License-Identifier: GPL-2.0-or-later
// Columns of texts, and that no character of a name turns a table's direction.
#include "width.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "escape.h"

static void a_text_takes_its_columns(void **state)
{
	static const struct {
		const char *text;
		int width;
	} CASES[] = {{"pair/size:64", 12}, {"", 0}, {"gr\u00f6\u00dfe", 5}, {"\u6e2c\u8a66", 4},
		{"\U0001f680", 2}, {"e\u0301", 1}, {"\x1b[1m", 4}, {"\xff\xfe", 2},
		{"\xe6\xb8", 2}};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		if (text_width(CASES[i].text) != CASES[i].width)
			fail_msg("case %zu: %d", i, text_width(CASES[i].text));
	}
}

static void assert_printed(const char *text, int width, const char *expected)
{
	char *printed;
	size_t size;
	FILE *output = open_memstream(&printed, &size);

	print_padded(output, text, width);
	assert_int_equal(fclose(output), 0);
	assert_string_equal(printed, expected);
	free(printed);
}

static void padding_fills_what_is_left(void **state)
{
	(void)state;
	assert_printed("ab", 4, "ab  ");
	assert_printed("\u6e2c\u8a66", 6, "\u6e2c\u8a66  ");
	assert_printed("too long", 3, "too long");
}

// As bytes: in a source such marks would mislead its readers.
static void direction_marks_come_out_as_question_marks(void **state)
{
	static const unsigned char MARKS[][4] = {{0xd8, 0x9c}, {0xe2, 0x80, 0x8e},
		{0xe2, 0x80, 0x8f}, {0xe2, 0x80, 0xaa}, {0xe2, 0x80, 0xab}, {0xe2, 0x80, 0xac},
		{0xe2, 0x80, 0xad}, {0xe2, 0x80, 0xae}, {0xe2, 0x81, 0xa6}, {0xe2, 0x81, 0xa7},
		{0xe2, 0x81, 0xa8}, {0xe2, 0x81, 0xa9}};

	(void)state;
	for (size_t i = 0; i < sizeof(MARKS) / sizeof(MARKS[0]); i++) {
		assert_int_equal(text_width((const char *)MARKS[i]), 1);
		assert_printed((const char *)MARKS[i], 2, "? ");
	}
	assert_printed("\u2065\u202f\u2013", 0, "\u2065\u202f\u2013"); // their neighbours are text
}

static void a_paragraph_keeps_to_the_lines(void **state)
{
	char *wrapped;
	size_t size;
	FILE *output = open_memstream(&wrapped, &size);

	(void)state;
	assert_non_null(output);
	print_wrapped(output, 71, "one two three", sizeof("one two three") - 1);
	print_wrapped(
		output, 76, "overlong  \u6e2c\u8a66 b", sizeof("overlong  \u6e2c\u8a66 b") - 1);
	print_wrapped(output, 4, "", sizeof("") - 1);
	assert_int_equal(fclose(output), 0);
	assert_string_equal(wrapped,
		"                                                                       one two\n"
		"                                                                       three\n"
		"                                                                            "
		"overlong\n"
		"                                                                            "
		"\u6e2c\u8a66\n"
		"                                                                            b\n"
		"\n");
	free(wrapped);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_text_takes_its_columns),
		cmocka_unit_test(padding_fills_what_is_left),
		cmocka_unit_test(direction_marks_come_out_as_question_marks),
		cmocka_unit_test(a_paragraph_keeps_to_the_lines),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
