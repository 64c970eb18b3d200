// SPDX-License-Identifier: GPL-2.0-or-later
// What makes a comparison doubtful: processes of two kinds, ratios and machines that drift, other
// programs' load.
#include "compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results/made/sides.h"

// ---- doubts

// Twelve rounds of default and noalien, whose times are what these say.
static struct comparison *compare_made(
	struct store *store, double (*default_ns)(int round), double (*noalien_ns)(int round))
{
	struct compare_options options = made_options("*", NULL, NULL);
	int64_t session = made_session(store);

	for (int round = 0; round < 12; round++) {
		for (int side = 0; side < 2; side++) {
			json_t *document = made_document(side ? "noalien" : "default");

			made_sample(document, "pair", (side ? noalien_ns : default_ns)(round));
			made_process(store, session, round, side ? "noalien" : "default", "pair",
				document);
		}
	}
	assert_true(store_session_end(store, session, "complete", NULL));
	return made_compare(store, &options);
}

static bool row_warns_of(const struct comparison *comparison, const char *words)
{
	const json_t *warnings = comparison->rows[0].warnings;

	for (size_t i = 0; i < json_array_size(warnings); i++) {
		if (strstr(json_string_value(json_array_get(warnings, i)), words))
			return true;
	}
	return false;
}

static double steady(int round)
{
	return 10 + 0.01 * (round * 5 % 12);
}

static double of_two_kinds(int round)
{
	return steady(round) * (round * 7 % 12 < 5 ? 1.25 : 1);
}

static double rising(int round)
{
	return steady(round) * (1 + 0.01 * round);
}

static void steady_times_are_not_doubted(void **state)
{
	struct comparison *comparison = compare_made(*state, steady, steady);

	assert_int_equal(json_array_size(comparison->warnings), 0);
	assert_int_equal(json_array_size(comparison->rows[0].warnings), 0);
	comparison_free(comparison);
}

static void processes_of_two_kinds_are_doubted(void **state)
{
	struct comparison *comparison = compare_made(*state, steady, of_two_kinds);

	assert_true(row_warns_of(
		comparison, "the processes of noalien fall into two groups, 7 and 5, 1.2"));
	assert_false(row_warns_of(comparison, "the processes of default fall"));
	comparison_free(comparison);
}

static void a_ratio_that_drifts_is_doubted(void **state)
{
	struct comparison *comparison = compare_made(*state, steady, rising);

	assert_true(row_warns_of(comparison, "the ratio itself rose by 1"));
	assert_true(comparison_warns_of(comparison, "the times of noalien rose by 1"));
	assert_false(comparison_warns_of(comparison, "the times of default"));
	comparison_free(comparison);
}

static void a_machine_that_drifts_is_doubted_and_not_the_ratio(void **state)
{
	struct comparison *comparison = compare_made(*state, rising, rising);

	assert_false(row_warns_of(comparison, "the ratio itself"));
	assert_true(comparison_warns_of(comparison, "the times of default rose"));
	assert_true(comparison_warns_of(comparison, "the times of noalien rose"));
	comparison_free(comparison);
}

// Two threads; the load is what it is while Google Benchmark starts.
static void add_loaded(struct store *store, double load)
{
	int64_t session = made_session(store);

	for (int round = 0; round < 6; round++) {
		for (int side = 0; side < 2; side++) {
			json_t *document = made_document(side ? "noalien" : "default");

			made_sample(document, "pair", 10 + round);
			json_object_set_new(
				json_array_get(json_object_get(document, "benchmarks"), 0),
				"threads", json_integer(2));
			json_object_set_new(json_object_get(document, "context"), "load_avg",
				json_pack("[f, f, f]", round == 5 ? load : 1.5, 9.0, 9.0));
			made_process(store, session, round, side ? "noalien" : "default", "pair",
				document);
		}
	}
	assert_true(store_session_end(store, session, "complete", NULL));
}

static void load_of_other_programs_is_doubted(void **state)
{
	static const char *const CONFIGS[] = {"default", "noalien"};
	struct compare_options options = made_options("*", NULL, NULL);
	struct comparison *comparison;

	add_loaded(*state, 2.9);
	comparison = made_compare(*state, &options);
	assert_false(comparison_warns_of(comparison, "load"));
	comparison_free(comparison);
	add_loaded(*state, 7.25);
	comparison = made_compare(*state, &options);
	assert_true(comparison_warns_of(comparison,
		"session 2: other programs were running when 2 of 12 processes began: the load was "
		"up to 7.2, and the session itself runs 2 threads"));
	comparison_free(comparison);
	options = made_options(NULL, NULL, NULL);
	options.sides = CONFIGS;
	options.sides_count = 2;
	comparison = made_compare(*state, &options);
	assert_true(comparison_warns_of(comparison, "session 2: other programs were running"));
	comparison_free(comparison);
}

// Six rounds, during which the machine gets more memory; from so many GiB on.
static void add_growing(struct store *store, int gib)
{
	int64_t session = made_session(store);
	char memory[64];

	for (int round = 0; round < 6; round++) {
		for (int side = 0; side < 2; side++) {
			json_t *document = made_document(side ? "noalien" : "default");

			made_sample(document, "pair", 10 + round);
			(void)snprintf(memory, sizeof(memory), "node 0: %d GiB", gib + round / 3);
			json_object_set_new(json_object_get(document, "context"), "memory_per_node",
				json_string(memory));
			made_process(store, session, round, side ? "noalien" : "default", "pair",
				document);
		}
	}
	assert_true(store_session_end(store, session, "complete", NULL));
}

static size_t memory_warnings(const struct comparison *comparison)
{
	size_t count = 0;
	const json_t *warning;
	size_t i;

	json_array_foreach(comparison->warnings, i, warning)
	{
		count += strstr(json_string_value(warning), "memory") != NULL;
	}
	return count;
}

static void memory_that_changed_meanwhile_is_said_once(void **state)
{
	static const char *const CONFIGS[] = {"default", "noalien"};
	struct compare_options options = made_options(NULL, NULL, NULL);
	struct comparison *comparison;

	options.sides = CONFIGS;
	options.sides_count = 2;
	add_growing(*state, 3);
	comparison = made_compare(*state, &options);
	assert_true(comparison_warns_of(comparison,
		"the machine did not have the same memory all the time: 'node 0: 3 GiB', then "
		"'node 0: 4 GiB'"));
	assert_int_equal(memory_warnings(comparison), 1);
	comparison_free(comparison);

	add_growing(*state, 4);
	options = made_options("config:default", NULL, "session");
	comparison = made_compare(*state, &options);
	assert_true(comparison_warns_of(
		comparison, "'node 0: 3 GiB', then 'node 0: 4 GiB', and 1 more"));
	assert_int_equal(memory_warnings(comparison), 1);
	comparison_free(comparison);
}

int main(void)
{
#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, made_store_open, made_store_close)
	static const struct CMUnitTest TESTS[] = {
		WITH_STORE(steady_times_are_not_doubted),
		WITH_STORE(processes_of_two_kinds_are_doubted),
		WITH_STORE(a_ratio_that_drifts_is_doubted),
		WITH_STORE(a_machine_that_drifts_is_doubted_and_not_the_ratio),
		WITH_STORE(load_of_other_programs_is_doubted),
		WITH_STORE(memory_that_changed_meanwhile_is_said_once),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
