// SPDX-License-Identifier: GPL-2.0-or-later
// Google Benchmark's output with and without numbers that are none.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "benchmark_json.h"

// Reads a copy that has no byte to spare, so that a sanitizer sees a step beyond its end.
static json_t *read_text(const char *text)
{
	json_error_t error;
	size_t size = strlen(text);
	char *copy = malloc(size > 0 ? size : 1);

	assert_non_null(copy);
	for (size_t i = 0; i < size; i++)
		copy[i] = text[i];
	json_t *document = benchmark_json_read(copy, size, &error);
	free(copy);
	return document;
}

static json_t *first_benchmark(const json_t *document)
{
	return json_array_get(json_object_get(document, "benchmarks"), 0);
}

static void numbers_that_are_none_are_left_out(void **state)
{
	json_t *document = read_text(
		"{\n \"benchmarks\": [\n {\"a\": NaN, \"b\": Infinity, \"c\": -Infinity,\n"
		" \"d\": -NaN, \"e\": 1.5}]}");

	(void)state;
	assert_non_null(document);
	assert_int_equal(json_object_size(first_benchmark(document)), 1);
	assert_true(json_real_value(json_object_get(first_benchmark(document), "e")) == 1.5);
	json_decref(document);
}

static void texts_keep_their_words(void **state)
{
	json_t *document = read_text(
		"{\"benchmarks\": [{\"name\": \"a NaN \\\" NaN\", \"label\": \" Infinity\"}]}");

	(void)state;
	assert_non_null(document);
	const json_t *benchmark = first_benchmark(document);
	assert_string_equal(json_string_value(json_object_get(benchmark, "name")), "a NaN \" NaN");
	assert_string_equal(json_string_value(json_object_get(benchmark, "label")), " Infinity");
	json_decref(document);
}

static void what_is_no_json_is_refused(void **state)
{
	static const char *const texts[] = {"", " ", "Killed", "{\"benchmarks\": [",
		"{\"a\": NaNs}", "{\"a\": \"", "{\"a\": \"\\", "{\"a\": Na", "{\"a\": NaN"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_null(read_text(texts[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_that_are_none_are_left_out),
		cmocka_unit_test(texts_keep_their_words),
		cmocka_unit_test(what_is_no_json_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
