// SPDX-License-Identifier: GPL-2.0-or-later
// Counters beside times: what both sides counted, what is absent, what was simulated.
#include "counters.h"

#include <math.h>
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
	assert_float_equal(json_number_value(json_object_get(misses, "ratio")), 3, 1e-12);
	assert_string_equal(json_string_value(json_object_get(misses, "kind")), "ratio");
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
		"\npair          cycles                                20          30     1.500    "
		"    1.500 to 1.500");
	assert_shown(show_text, comparison,
		"\npair          lock_contended                       0.2        0.72     3.600");
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
	assert_non_null(
		strstr(text, "code_bytes_alloc                     118         120     1.017       "
			     "          exact         -  changed, more [exact]"));
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
		"\npair          cache-misses                         1.5         4.5     3.000");
	assert_shown(show_text, comparison, " [simulated]\n"); // migrations: all 0
	assert_shown(show_text, comparison,
		"\npair                   -           -        -                  -         -      "
		" 6  no "
		"verdict\n");
	assert_shown(compare_markdown, comparison,
		"| pair | cache-misses | 1.5 | 4.5 | 3.000 | 3.000 to 3.000 |");
	assert_shown(compare_csv, comparison,
		",warnings,cache-misses_base,cache-misses_config,cache-misses_ratio,"
		"cache-misses_difference,cache-misses_low,cache-misses_high,cache-misses_q,"
		"cache-misses_verdict,migrations_base");
	assert_shown(
		compare_csv, comparison, "migrations_verdict,counters_simulated,explanation\r\n");
	assert_shown(compare_csv, comparison, ",1.5,4.5,2.99");
	json = compare_json(comparison);
	assert_int_equal(json_array_size(json_object_get(
				 json_array_get(json_object_get(json, "rows"), 0), "counters")),
		2);
	json_decref(json);
	comparison_free(comparison);
}

// ---- verdicts

enum { ROUNDS = 12 };

static const char *const EVERYTHING[] = {"all"};

// What side `side` counts in a round.
typedef void count_round(json_t *sample, int side, int round);

// A session of default and noalien, which is 1.3 times as slow.
static struct comparison *compare_rounds(struct store *store, count_round *count)
{
	int64_t session = made_session(store);

	for (int round = 0; round < ROUNDS; round++) {
		for (int side = 0; side < 2; side++) {
			json_t *document = made_document(side ? "noalien" : "default");

			made_sample(document, "pair", (side ? 13 : 10) * (1 + 0.001 * (round % 3)));
			count(json_array_get(json_object_get(document, "benchmarks"), 0), side,
				round);
			made_process(store, session, round, side ? "noalien" : "default", "pair",
				document);
		}
	}
	return compare_counted(store, EVERYTHING, 1);
}

static const json_t *counter_named(const struct comparison *comparison, const char *name)
{
	size_t i;
	json_t *counter;

	json_array_foreach(comparison->rows[0].counters, i, counter)
	{
		if (strcmp(counter_string(counter, "name"), name) == 0)
			return counter;
	}
	fail_msg("no counter %s", name);
	return NULL;
}

static void number_set(json_t *sample, const char *name, double number)
{
	json_object_set_new(sample, name, json_real(number));
}

static void count_everything(json_t *sample, int side, int round)
{
	double noise = 1 + 0.002 * (round % 5);

	number_set(sample, "remote_frees", (side ? 0.21 : 0.1) * noise);
	number_set(sample, "LLC-load-misses", (side ? 1.9 : 1) * noise);
	number_set(sample, "LLC-load-misses.running", 0.8);
	number_set(sample, "dTLB-load-misses", (side ? 9 : 1) * noise);
	number_set(sample, "dTLB-load-misses.running", 0.05);
	number_set(sample, "instructions", 120 * noise);
	number_set(sample, "branches", (side ? 8 : 10) * noise);
	number_set(sample, "refills", side ? 0.025 * noise : 0);
	number_set(sample, "noise", 10 + (round * 7 + side * 5) % 11);
	number_set(sample, "shares.node0", side ? 7 : 1);
	number_set(sample, "IPC", side ? 1 : 2);
}

static void an_explanation_is_made_of_what_changed(void **state)
{
	struct comparison *comparison = compare_rounds(*state, count_everything);
	char *explanation = row_explanation(&comparison->rows[0]);

	assert_string_equal(explanation,
		"1.3 x slower: refills 0 to 0.0251, 2.1 x remote_frees, 1.9 x LLC-load-misses; the "
		"other way: 0.8 x branches; the same: instructions");
	free(explanation);
	assert_shown(show_text, comparison, "  = 1.3 x slower: refills 0 to 0.0251, 2.1 x");
	comparison_free(comparison);
}

static void a_counter_has_a_verdict_as_a_time_has(void **state)
{
	struct comparison *comparison = compare_rounds(*state, count_everything);
	const json_t *frees = counter_named(comparison, "remote_frees");

	assert_float_equal(counter_real(frees, "ratio"), 2.1, 1e-9);
	assert_true(counter_real(frees, "low") <= counter_real(frees, "ratio"));
	assert_true(counter_real(frees, "q") <= 0.05);
	assert_string_equal(counter_string(frees, "verdict"), "changed");
	assert_string_equal(
		counter_string(counter_named(comparison, "instructions"), "verdict"), "equivalent");
	assert_string_equal(
		counter_string(counter_named(comparison, "noise"), "verdict"), "undecided");
	comparison_free(comparison);
}

static void a_count_of_0_is_compared_by_its_difference(void **state)
{
	struct comparison *comparison = compare_rounds(*state, count_everything);
	const json_t *refills = counter_named(comparison, "refills");

	assert_string_equal(counter_string(refills, "kind"), "difference");
	assert_true(isnan(counter_real(refills, "ratio")));
	assert_float_equal(counter_real(refills, "difference"), 0.0251, 0.0002);
	assert_true(counter_real(refills, "low") > 0);
	assert_string_equal(counter_string(refills, "verdict"), "changed");
	comparison_free(comparison);
}

static void a_low_share_of_the_time_is_shown_and_doubted(void **state)
{
	struct comparison *comparison = compare_rounds(*state, count_everything);
	const json_t *misses = counter_named(comparison, "dTLB-load-misses");

	assert_float_equal(counter_real(misses, "running"), 0.05, 0);
	assert_string_equal(counter_string(misses, "doubt"), "counted for only 5 % of the time");
	assert_string_equal(counter_string(misses, "verdict"), "changed");
	assert_shown(show_text, comparison,
		"changed, more [doubtful: counted for only 5 % of the time]\n");
	assert_shown(show_text, comparison, "changed, more [counted for 80 % of the time]\n");
	comparison_free(comparison);
}

static void count_exactly(json_t *sample, int side, int round)
{
	(void)round;
	number_set(sample, "simulated_d1_misses", side ? 1.0625 : 0.0125);
	number_set(sample, "simulated_instructions", 42);
}

static void exact_counters_are_compared_exactly(void **state)
{
	struct comparison *comparison = compare_rounds(*state, count_exactly);
	const json_t *misses = counter_named(comparison, "simulated_d1_misses");

	assert_string_equal(counter_string(misses, "kind"), "exact");
	assert_true(isnan(counter_real(misses, "p")));
	assert_string_equal(counter_string(misses, "verdict"), "changed");
	assert_string_equal(
		counter_string(counter_named(comparison, "simulated_instructions"), "verdict"),
		"equivalent");
	comparison_free(comparison);
}

// Ten counters that only waver must not make a time's change less sure, and have a family of their own.
static void count_noise(json_t *sample, int side, int round)
{
	for (int i = 0; i < 10; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "noise%d", i);
		number_set(sample, name, 10 + (round * (3 + i) + side * (5 + 3 * i)) % 13);
	}
	number_set(sample, "changed", side ? 2 : 1);
}

static void counters_are_a_family_of_their_own(void **state)
{
	struct comparison *comparison = compare_rounds(*state, count_noise);
	const struct compare_row *row = &comparison->rows[0];
	const json_t *changed = counter_named(comparison, "changed");

	assert_true(row->q == row->p);
	assert_true(counter_real(changed, "q") > counter_real(changed, "p"));
	assert_string_equal(counter_string(changed, "verdict"), "changed");
	comparison_free(comparison);
}

static void add_one(struct store *store, int64_t session, const char *config, const char *simulated)
{
	json_t *document = made_document(config);

	json_object_set_new(
		json_object_get(document, "context"), "simulated", json_string(simulated));
	made_sample(document, "pair", 10);
	made_process(store, session, 0, config, "pair", document);
}

static void simulated_and_measured_figures_are_never_compared(void **state)
{
	int64_t session = made_session(*state);
	struct compare_options options = made_options("*", NULL, NULL);
	struct comparison *comparison;
	struct problem problem;

	add_one(*state, session, "default", "callgrind D1 32768,8,64");
	add_one(*state, session, "noalien", "no");
	assert_false(compare_make(*state, &options, &comparison, &problem));
	assert_non_null(
		strstr(problem.text, "pair: simulated and measured figures are never compared"));
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
		WITH_STORE(an_explanation_is_made_of_what_changed),
		WITH_STORE(a_counter_has_a_verdict_as_a_time_has),
		WITH_STORE(a_count_of_0_is_compared_by_its_difference),
		WITH_STORE(a_low_share_of_the_time_is_shown_and_doubted),
		WITH_STORE(exact_counters_are_compared_exactly),
		WITH_STORE(counters_are_a_family_of_their_own),
		WITH_STORE(simulated_and_measured_figures_are_never_compared),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
