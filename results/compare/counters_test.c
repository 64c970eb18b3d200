// SPDX-License-Identifier: GPL-2.0-or-later
// Counters beside times: what both sides counted, what is absent, what was simulated.
#include "compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results/made/sides.h"

// ---- counters

// A session of default and noalien whose samples count: noalien misses the cache three times as
// often as default.
static void add_counted(struct store *store, const char *simulated)
{
	int64_t session = made_session(store);

	for (int round = 0; round < 6; round++) {
		for (int side = 0; side < 2; side++) {
			json_t *document = made_document(side ? "noalien" : "default");
			json_t *sample;

			json_object_set_new(json_object_get(document, "context"), "simulated",
				json_string(simulated));
			made_sample(document, "pair", 10 + round + side);
			sample = json_array_get(json_object_get(document, "benchmarks"), 0);
			json_object_set_new(sample, "cache-misses",
				json_real((side ? 3 : 1) * (1 + round % 2)));
			json_object_set_new(
				sample, side ? "only-noalien" : "only-default", json_real(1));
			made_process(store, session, round, side ? "noalien" : "default", "pair",
				document);
		}
	}
	assert_true(store_session_end(store, session, "complete", NULL));
}

static struct comparison *compare_counted(
	struct store *store, const char *const *counters, size_t count)
{
	struct compare_options options = made_options("*", NULL, NULL);

	options.counters = counters;
	options.counters_count = count;
	return made_compare(store, &options);
}

static void counters_of_both_sides_explain_a_row(void **state)
{
	static const char *const ALL[] = {"all"};
	struct comparison *comparison;
	const json_t *counters;
	const json_t *misses;

	add_counted(*state, "no");
	comparison = compare_counted(*state, ALL, 1);
	counters = comparison->rows[0].counters;
	assert_int_equal(
		json_array_size(counters), 2); // and migrations, which every made sample has
	misses = json_array_get(counters, 0);
	assert_string_equal(json_string_value(json_object_get(misses, "name")), "cache-misses");
	assert_true(json_number_value(json_object_get(misses, "base")) == 1.5);
	assert_true(json_number_value(json_object_get(misses, "config")) == 4.5);
	assert_true(json_number_value(json_object_get(misses, "ratio")) == 3);
	assert_true(json_is_false(json_object_get(misses, "simulated")));
	assert_true(json_is_null(json_object_get(json_array_get(counters, 1), "ratio")));
	comparison_free(comparison);
}

static void assert_shown(void (*show)(const struct comparison *comparison, FILE *output),
	const struct comparison *comparison, const char *expected)
{
	char *text;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	show(comparison, output);
	assert_int_equal(fclose(output), 0);
	if (!strstr(text, expected))
		fail_msg("'%s' lacks '%s'", text, expected);
	free(text);
}

static void show_text(const struct comparison *comparison, FILE *output)
{
	compare_text(comparison, output, false);
}

// 3.6 times more an operation, and fewer in all: the slower side ran its loop less often.
static void totals_are_compared_an_operation(void **state)
{
	static const char *const ALL[] = {"all"};
	int64_t session = made_session(*state);
	struct comparison *comparison;
	const json_t *contended;

	for (int round = 0; round < 6; round++) {
		for (int side = 0; side < 2; side++) {
			json_t *document = made_document(side ? "noalien" : "default");
			json_t *sample;

			made_sample(document, "pair", 10);
			sample = json_array_get(json_object_get(document, "benchmarks"), 0);
			json_object_set_new(sample, "iterations", json_integer(side ? 1000 : 4000));
			json_object_set_new(sample, "lock_contended", json_real(side ? 720 : 800));
			json_object_set_new(sample, "cycles", json_real(side ? 30 : 20));
			json_object_set_new(sample, "cycles.raw", json_real(side ? 30000 : 80000));
			made_process(*state, session, round, side ? "noalien" : "default", "pair",
				document);
		}
	}
	comparison = compare_counted(*state, ALL, 1);
	contended = json_array_get(comparison->rows[0].counters, 1);
	assert_string_equal(
		json_string_value(json_object_get(contended, "name")), "lock_contended");
	assert_float_equal(json_number_value(json_object_get(contended, "base")), 0.2, 1e-12);
	assert_float_equal(json_number_value(json_object_get(contended, "config")), 0.72, 1e-12);
	assert_true(json_is_true(json_object_get(contended, "per_operation")));
	assert_shown(show_text, comparison,
		"\n  = cycles 20 to 30 an operation (1.500 times), lock_contended 0.2 to 0.72 an "
		"operation (3.600 times)\n");
	comparison_free(comparison);
}

static void what_every_row_says_is_said_once(void **state)
{
	static const char *const ALL[] = {"all"};
	int64_t session = made_session(*state);
	struct comparison *comparison;
	char *text;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	for (int side = 0; side < 2; side++) {
		json_t *document = made_document(side ? "noalien" : "default");

		for (int i = 0; i < 2; i++) {
			made_sample(document, i ? "pair/size:64" : "pair/size:128", 10);
			json_object_set_new(
				json_array_get(json_object_get(document, "benchmarks"), (size_t)i),
				"code_bytes_alloc", json_real(118 + 2 * side));
		}
		made_process(*state, session, 0, side ? "noalien" : "default", "pair", document);
	}
	comparison = compare_counted(*state, ALL, 1);
	compare_text(comparison, output, false);
	assert_int_equal(fclose(output), 0);
	assert_non_null(strstr(text, "code_bytes_alloc 118 to 120 (1.017 times) [exact]"));
	assert_null(strstr(strstr(text, "code_bytes_alloc") + 1, "code_bytes_alloc"));
	assert_non_null(strstr(text, "\n! 2 of 2 benchmarks: too few rounds for a verdict"));
	assert_null(strstr(text, "  ! "));
	free(text);
	comparison_free(comparison);
}

static void absent_counters_are_said_to_be(void **state)
{
	static const char *const NAMES[] = {"only-default", "cache-misses"};
	struct comparison *comparison;

	add_counted(*state, "no");
	comparison = compare_counted(*state, NAMES, 2);
	assert_int_equal(json_array_size(comparison->rows[0].counters), 1);
	assert_true(comparison_warns_of(
		comparison, "no benchmark has the counter 'only-default' on both sides"));
	comparison_free(comparison);
	comparison = compare_counted(*state, NULL, 0);
	assert_null(comparison->rows[0].counters);
	comparison_free(comparison);
}

static void every_output_shows_counters_and_labels_simulated_ones(void **state)
{
	static const char *const NAMES[] = {"all"};
	struct comparison *comparison;
	json_t *json;

	add_counted(*state, "callgrind");
	comparison = compare_counted(*state, NAMES, 1);
	assert_shown(show_text, comparison,
		"\n  = cache-misses 1.5 to 4.5 (3.000 times) [simulated]\n"); // migrations: all 0
	assert_shown(compare_markdown, comparison,
		"- pair, cache-misses: 1.5 to 4.5 (3.000 times) [simulated]\n");
	assert_shown(compare_csv, comparison,
		",warnings,cache-misses_base,cache-misses_config,migrations_base,"
		"migrations_config,counters_simulated\r\n");
	assert_shown(compare_csv, comparison, ",1.5,4.5,0,0,yes\r\n");
	json = compare_json(comparison);
	assert_int_equal(json_array_size(json_object_get(
				 json_array_get(json_object_get(json, "rows"), 0), "counters")),
		2);
	json_decref(json);
	comparison_free(comparison);
}

int main(void)
{
#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, made_store_open, made_store_close)
	static const struct CMUnitTest TESTS[] = {
		WITH_STORE(counters_of_both_sides_explain_a_row),
		WITH_STORE(totals_are_compared_an_operation),
		WITH_STORE(what_every_row_says_is_said_once),
		WITH_STORE(absent_counters_are_said_to_be),
		WITH_STORE(every_output_shows_counters_and_labels_simulated_ones),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
