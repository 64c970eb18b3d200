// SPDX-License-Identifier: GPL-2.0-or-later
// What is read as a file of text, and what is refused with advice.
#include "benchmark_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

// The text as it comes back from a file of these bytes; the caller's. NULL: refused.
static char *through_a_file(const void *bytes, size_t size, size_t *read, struct problem *problem)
{
	char path[] = "/tmp/slabmark-benchmark-file-test-XXXXXX";
	int file = mkstemp(path);
	char *text;

	assert_true(file >= 0);
	assert_int_equal(write(file, bytes, size), size);
	close(file);
	text = benchmark_file_text(path, read, problem);
	unlink(path);
	return text;
}

static void expect_text(const char *bytes, const char *expected)
{
	struct problem problem = {0};
	size_t size = 0;
	char *text = through_a_file(bytes, strlen(bytes), &size, &problem);

	assert_non_null(text);
	assert_string_equal(text, expected);
	assert_int_equal(size, strlen(expected));
	free(text);
}

static void a_text_comes_back_whole(void **state)
{
	static const char *const TEXTS[] = {
		"", "{}", "P", "\x1f", "\xff", "\xef\xbb", "{\xef\xbb\xbf}"};

	(void)state;
	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++)
		expect_text(TEXTS[i], TEXTS[i]);
}

static void a_mark_of_the_byte_order_is_no_part_of_it(void **state)
{
	(void)state;
	expect_text("\xef\xbb\xbf", "");
	expect_text("\xef\xbb\xbf{}", "{}");
	expect_text("\xef\xbb\xbf\xef\xbb\xbf{}", "\xef\xbb\xbf{}");
}

static void what_is_no_text_is_refused_with_what_makes_one_of_it(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *advice;
	} CASES[] = {
		{"\x1f\x8b\x08\x00rest", 8, "'gzip -d'"},
		{"\xfd\x37zXZ\0rest", 10, "'xz -d'"},
		{"\x28\xb5\x2f\xfd", 4, "'zstd -d'"},
		{"PK\x03\x04rest", 8, "'unzip'"},
		{"\xff\xfe{\0}\0", 6, "'iconv -f UTF-16 -t UTF-8'"},
		{"\xfe\xff\0{\0}", 6, "'iconv -f UTF-16 -t UTF-8'"},
		{"SQLite format 3\0rest", 20, "'slabmark export --db=FILE --format=jsonl'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct problem problem = {0};
		size_t read = 0;

		assert_null(through_a_file(CASES[i].bytes, CASES[i].size, &read, &problem));
		assert_int_equal(problem.status, EXIT_WRONG_USE);
		if (!strstr(problem.text, CASES[i].advice))
			fail_msg("'%s' lacks \"%s\"", problem.text, CASES[i].advice);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_comes_back_whole),
		cmocka_unit_test(a_mark_of_the_byte_order_is_no_part_of_it),
		cmocka_unit_test(what_is_no_text_is_refused_with_what_makes_one_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
