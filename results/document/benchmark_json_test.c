// SPDX-License-Identifier: GPL-2.0-or-later
// Google Benchmark's output with and without numbers that are none.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

static void words_of_old_versions_are_no_numbers(void **state)
{
	static const char *const WORDS[] = {"nan", "-nan", "inf", "-inf", "+inf", "NaN", "-NaN",
		"INF", "Infinity", "-Infinity", "infinity"};
	static const char *const FORMATS[] = {"{\"benchmarks\":[{\"a\":%s,\"e\":1.5}]}",
		"{\"benchmarks\": [{\"e\": 1.5, \"a\": %s}]}",
		"{\"benchmarks\": [{\"e\": 1.5,\n\"a\":\n%s\n}]}"};

	(void)state;
	for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]) * 3; i++) {
		char text[128];
		json_t *document;

		(void)snprintf(text, sizeof(text), FORMATS[i % 3], WORDS[i / 3]);
		document = read_text(text);
		if (!document)
			fail_msg("%s", text);
		assert_int_equal(json_object_size(first_benchmark(document)), 1);
		assert_true(
			json_real_value(json_object_get(first_benchmark(document), "e")) == 1.5);
		json_decref(document);
	}
}

static void a_counter_may_have_any_name(void **state)
{
	json_t *document =
		read_text("{\"context\": {}, \"benchmarks\": [{\"name\": \"x\", \"iterations\": 7, "
			  "\"threads\": 1, \"iterations\": 2.5, \"threads\":-3, \"label\": 4, "
			  "\"label\": \"of it\"}]}");
	const json_t *row = first_benchmark(document);

	(void)state;
	assert_non_null(row);
	assert_int_equal(json_integer_value(json_object_get(row, "iterations")), 7);
	assert_true(json_real_value(json_object_get(row, "Iterations")) == 2.5);
	assert_int_equal(json_integer_value(json_object_get(row, "threads")), 1);
	assert_int_equal(json_integer_value(json_object_get(row, "Threads")), -3);
	assert_string_equal(json_string_value(json_object_get(row, "label")), "of it");
	assert_int_equal(json_integer_value(json_object_get(row, "Label")), 4);
	json_decref(document);
}

static void other_twins_stay_an_error(void **state)
{
	static const char *const TEXTS[] = {
		"{\"benchmarks\": [{\"name\": \"x\", \"name\": \"y\"}]}",
		"{\"benchmarks\": [{\"real_time\": 1, \"real_time\": 2}]}",
		"{\"benchmarks\": [], \"benchmarks\": []}",
		"{\"context\": {\"a\": 1, \"a\": 2}, \"benchmarks\": []}",
		"{\"slabmark_process\": 1, \"slabmark_process\": 1}"};

	(void)state;
	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++)
		assert_null(read_text(TEXTS[i]));
}

static void every_row_knows_its_line(void **state)
{
	json_t *document = read_text(
		"{\"context\": {\"x\": [{}]},\n\"benchmarks\": [\n{\"a\": 1},\n\n{\"b\": \"\\n\",\n"
		"\"c\": [{}]}, {}]}");
	const json_t *lines = json_object_get(document, BENCHMARK_JSON_LINES);

	(void)state;
	assert_int_equal(json_array_size(lines), 3);
	assert_int_equal(json_integer_value(json_array_get(lines, 0)), 3);
	assert_int_equal(json_integer_value(json_array_get(lines, 1)), 5);
	assert_int_equal(json_integer_value(json_array_get(lines, 2)), 6);
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
		cmocka_unit_test(words_of_old_versions_are_no_numbers),
		cmocka_unit_test(a_counter_may_have_any_name),
		cmocka_unit_test(other_twins_stay_an_error),
		cmocka_unit_test(every_row_knows_its_line),
		cmocka_unit_test(texts_keep_their_words),
		cmocka_unit_test(what_is_no_json_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
