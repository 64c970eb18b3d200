// SPDX-License-Identifier: GPL-2.0-or-later
// What a comparison concludes from made-up processes, what it refuses, and what its two printers
// show.
#include "compare.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results/made/results.h"

// A process with `repetitions` samples of the benchmark "pair", all of this time.
static void add_process(struct store *store, int64_t session, int round, const char *config,
	double ns, int repetitions)
{
	json_t *document = made_document(config);

	for (int i = 0; i < repetitions; i++)
		made_sample(document, "pair", ns);
	made_process(store, session, round, config, "pair", document);
}

// Rounds in which `other` takes `ratio` times as long as `base`, give or take `spread`, evenly and
// in both directions.
static int64_t add_rounds(struct store *store, int rounds, double ratio, double spread)
{
	int64_t session = made_session(store);

	for (int round = 0; round < rounds; round++) {
		int step = round % 2 ? rounds - 1 - round / 2 : round / 2; // to and fro: no drift
		double wobble = spread * (step - (rounds - 1) / 2.0) / rounds;

		add_process(store, session, round, "base", 10 + step, 3);
		add_process(store, session, round, "other", (10 + step) * ratio * (1 + wobble), 3);
	}
	assert_true(store_session_end(store, session, "complete", NULL));
	return session;
}

static const char *const CONFIGS[] = {"base", "other"};

static struct compare_options defaults(void)
{
	return (struct compare_options){.sides = CONFIGS,
		.sides_count = 2,
		.margin = COMPARE_MARGIN_DEFAULT,
		.alpha = COMPARE_ALPHA_DEFAULT};
}

static struct comparison *compare(struct store *store)
{
	struct compare_options options = defaults();
	struct comparison *comparison;
	struct problem problem;

	if (!compare_make(store, &options, &comparison, &problem))
		fail_msg("%s", problem.text);
	return comparison;
}

static void assert_refused(struct store *store, const struct compare_options *options,
	enum exit_status status, const char *expected)
{
	struct comparison *comparison;
	struct problem problem = {0};

	assert_false(compare_make(store, options, &comparison, &problem));
	assert_null(comparison);
	assert_int_equal(problem.status, status);
	if (!strstr(problem.text, expected))
		fail_msg("'%s' lacks '%s'", problem.text, expected);
}

static bool warns_of(const json_t *warnings, const char *words)
{
	for (size_t i = 0; i < json_array_size(warnings); i++) {
		if (strstr(json_string_value(json_array_get(warnings, i)), words))
			return true;
	}
	return false;
}

static void verdicts_follow_from_interval_margin_and_q(void **state)
{
	static const struct {
		double low, high;
		double q;
		enum verdict verdict;
		bool is_reached;
	} CASES[] = {
		{1.10, 1.20, 0.01, VERDICT_CHANGED, true},
		{0.80, 0.90, 0.05, VERDICT_CHANGED, true},
		{1.10, 1.20, 0.06, VERDICT_UNDECIDED, true},
		{0.99, 1.20, 0.01, VERDICT_UNDECIDED, true},
		{1.10, 1.20, 0.01, VERDICT_UNDECIDED, false},
		{0.99, 1.01, 0.90, VERDICT_EQUIVALENT, true},
		{1.001, 1.019, 0.001, VERDICT_EQUIVALENT, true},
		{1.001, 1.021, 0.001, VERDICT_CHANGED, true},
		{0.9805, 1.0, 0.9, VERDICT_EQUIVALENT, true},
		{0.9799, 1.0, 0.9, VERDICT_UNDECIDED, true},
		{0.99, 1.01, 0.90, VERDICT_UNDECIDED, false},
		{NAN, NAN, 1, VERDICT_UNDECIDED, false},
	};
	struct compare_options options = defaults();

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		assert_int_equal(verdict_of(CASES[i].low, CASES[i].high, CASES[i].is_reached,
					 CASES[i].q, &options),
			CASES[i].verdict);
}

static void a_clear_difference_is_changed_and_slower(void **state)
{
	struct comparison *comparison;
	struct compare_row *row;

	add_rounds(*state, 8, 1.2, 0.01);
	comparison = compare(*state);
	row = &comparison->rows[0];
	assert_int_equal(comparison->rows_count, 1);
	assert_int_equal(row->verdict, VERDICT_CHANGED);
	assert_string_equal(compare_direction(row), "slower");
	assert_float_equal(row->ratio, 1.2, 1e-4);
	assert_true(row->ratio_low > 1.19 && row->ratio_low <= row->ratio);
	assert_true(row->ratio_high < 1.21 && row->ratio_high >= row->ratio);
	assert_float_equal(row->p, 2.0 / 256, 1e-12);
	assert_int_equal(row->rounds, 8);
	assert_float_equal(row->other_ns / row->base_ns, 1.2, 1e-4);
	assert_int_equal(json_array_size(row->warnings), 0);
	assert_int_equal(json_array_size(comparison->warnings), 0);
	assert_float_equal(comparison->means[0].ratio, row->ratio, 1e-12);
	comparison_free(comparison);
}

// Base 10, other 10.13, and its interval crosses 2 %.
static void a_change_that_may_lie_within_the_margin_says_so(void **state)
{
	struct compare_row row = {.verdict = VERDICT_CHANGED,
		.ratio = 1.013,
		.ratio_low = 1.001,
		.ratio_high = 1.024,
		.margin = 0.02};
	char words[80];

	(void)state;
	assert_string_equal(verdict_words(&row, words, sizeof(words)),
		"changed, slower, perhaps by less than 2 %");
	row.ratio_low = 1.021;
	assert_string_equal(verdict_words(&row, words, sizeof(words)), "changed, slower");
	row.ratio = 0.99;
	row.ratio_low = 0.975;
	row.ratio_high = 0.999;
	assert_string_equal(verdict_words(&row, words, sizeof(words)),
		"changed, faster, perhaps by less than 2 %");
	row.verdict = VERDICT_UNDECIDED;
	assert_string_equal(verdict_words(&row, words, sizeof(words)), "undecided");
}

// One process of the base took four times as long: the mean of the base would be above the other
// side's, though every other round says that this is slower.
static void the_times_shown_have_the_ratio_shown(void **state)
{
	int64_t session = made_session(*state);

	for (int round = 0; round < 12; round++) {
		add_process(*state, session, round, "base", round == 5 ? 40 : 10, 3);
		add_process(*state, session, round, "other", 10.5 + 0.01 * round, 3);
	}
	assert_true(store_session_end(*state, session, "complete", NULL));
	struct comparison *comparison = compare(*state);
	const struct compare_row *row = &comparison->rows[0];

	assert_true(fabs(row->base_ns - 10) < 1e-9);
	assert_true(fabs(row->other_ns / row->base_ns - row->ratio) < 1e-12);
	assert_true(row->ratio > 1.05 && row->ratio < 1.07);
	assert_int_equal(row->verdict, VERDICT_CHANGED);
	assert_true(isfinite(row->ratio_unselected));
	assert_true(row->ratio_unselected <= row->ratio);
	comparison_free(comparison);
}

static bool row_warns_of(const struct compare_row *row, const char *what)
{
	for (size_t i = 0; i < json_array_size(row->warnings); i++) {
		if (strstr(json_string_value(json_array_get(row->warnings, i)), what))
			return true;
	}
	return false;
}

static void times_of_a_coarse_clock_are_said_to_make_the_test_careful(void **state)
{
	int64_t session = made_session(*state);

	for (int round = 0; round < 12; round++) {
		add_process(*state, session, round, "base", 10 + round % 3, 3);
		add_process(*state, session, round, "other", 12 + 0.1 * round, 3);
	}
	assert_true(store_session_end(*state, session, "complete", NULL));
	struct comparison *comparison = compare(*state);

	assert_true(row_warns_of(
		&comparison->rows[0], "the 12 processes of base have only 3 different times"));
	assert_false(row_warns_of(&comparison->rows[0], "processes of other have only"));
	comparison_free(comparison);
}

static void swapping_the_sides_inverts_the_ratio_and_keeps_the_verdict(void **state)
{
	static const char *const SWAPPED[] = {"other", "base"};
	struct compare_options options = defaults();
	struct comparison *forward;
	struct comparison *backward;

	add_rounds(*state, 8, 1.2, 0.05);
	forward = compare(*state);
	options.sides = SWAPPED;
	assert_true(compare_make(*state, &options, &backward, NULL));
	assert_float_equal(forward->rows[0].ratio * backward->rows[0].ratio, 1, 1e-12);
	assert_float_equal(forward->rows[0].ratio_low * backward->rows[0].ratio_high, 1, 1e-12);
	assert_float_equal(forward->rows[0].p, backward->rows[0].p, 1e-12);
	assert_int_equal(backward->rows[0].verdict, VERDICT_CHANGED);
	assert_string_equal(compare_direction(&backward->rows[0]), "faster");
	comparison_free(forward);
	comparison_free(backward);
}

static void a_certain_difference_within_the_margin_is_equivalent(void **state)
{
	struct comparison *comparison;

	add_rounds(*state, 10, 1.005, 0.001);
	comparison = compare(*state);
	assert_true(comparison->rows[0].q < 0.01);
	assert_int_equal(comparison->rows[0].verdict, VERDICT_EQUIVALENT);
	comparison_free(comparison);
}

static void a_wide_interval_around_one_is_undecided(void **state)
{
	struct comparison *comparison;

	add_rounds(*state, 10, 1, 0.4);
	comparison = compare(*state);
	assert_int_equal(comparison->rows[0].verdict, VERDICT_UNDECIDED);
	comparison_free(comparison);
}

static void repetitions_within_a_process_are_no_further_evidence(void **state)
{
	int64_t session = made_session(*state);
	struct comparison *comparison;

	for (int round = 0; round < 3; round++) {
		add_process(*state, session, round, "base", 10, 200);
		add_process(*state, session, round, "other", 20, 200);
	}
	comparison = compare(*state);
	assert_int_equal(comparison->rows[0].rounds, 3);
	assert_float_equal(comparison->rows[0].p, 0.25, 1e-12);
	assert_int_equal(comparison->rows[0].verdict, VERDICT_UNDECIDED);
	assert_true(warns_of(comparison->rows[0].warnings, "too few rounds"));
	comparison_free(comparison);
}

static void a_lone_change_among_many_rows_needs_more_rounds(void **state)
{
	int64_t session = made_session(*state);
	struct comparison *comparison;

	for (int round = 0; round < 6; round++) {
		for (int side = 0; side < 2; side++) {
			json_t *document = made_document(CONFIGS[side]);

			made_sample(document, "changed", side ? 15 : 10);
			for (int i = 0; i < 9; i++) {
				char name[16];

				(void)snprintf(name, sizeof(name), "same/%d", i);
				// Up in half of the rounds and down in the others, so that its p is
				// 1.
				made_sample(document, name,
					side ? (round % 2 ? 10 * 1.1 : 10 / 1.1) : 10);
			}
			made_process(*state, session, round, CONFIGS[side], "pair", document);
		}
	}
	comparison = compare(*state);
	assert_int_equal(comparison->rows_count, 10);
	assert_string_equal(comparison->rows[0].name, "changed");
	assert_float_equal(comparison->rows[0].p, 2.0 / 64, 1e-12);
	assert_float_equal(comparison->rows[0].q, 20.0 / 64, 1e-12);
	assert_int_equal(comparison->rows[0].verdict, VERDICT_UNDECIDED);
	assert_true(warns_of(comparison->warnings, "a lone change among"));
	comparison_free(comparison);
}

static void only_rounds_with_both_sides_are_paired(void **state)
{
	int64_t session = add_rounds(*state, 8, 1.2, 0.01);
	struct comparison *comparison;

	add_process(*state, session, 8, "base", 1000, 3);
	add_process(*state, session, 9, "base", 1000, 3);
	comparison = compare(*state);
	assert_int_equal(comparison->rows[0].rounds, 8);
	assert_float_equal(comparison->rows[0].ratio, 1.2, 1e-4);
	assert_true(comparison->rows[0].base_ns < 20);
	assert_true(warns_of(comparison->rows[0].warnings, "only 8 of 10 rounds"));
	comparison_free(comparison);
}

static json_t *failed_document(const char *config)
{
	json_t *document = made_document(config);

	json_array_append_new(json_object_get(document, "benchmarks"),
		json_pack("{s:s, s:b, s:s, s:f, s:s}", "name", "pair", "error_occurred", 1,
			"error_message", "no second CPU", "real_time", 1.0, "time_unit", "ns"));
	return document;
}

static void failed_samples_never_count(void **state)
{
	int64_t session = add_rounds(*state, 8, 1.2, 0.01);
	struct comparison *comparison;

	made_process(*state, session, 0, "other", "pair", failed_document("other"));
	comparison = compare(*state);
	assert_float_equal(comparison->rows[0].ratio, 1.2, 1e-4);
	assert_int_equal(comparison->rows[0].rounds, 8);
	assert_true(warns_of(
		comparison->rows[0].warnings, "1 of 25 samples of other failed: no second CPU"));
	comparison_free(comparison);
}

static void a_benchmark_that_only_failed_is_no_row(void **state)
{
	struct compare_options options = defaults();
	int64_t session = made_session(*state);

	add_process(*state, session, 0, "base", 10, 3);
	made_process(*state, session, 0, "other", "pair", failed_document("other"));
	assert_refused(
		*state, &options, EXIT_NOT_MEASURED, "every sample of other failed: no second CPU");
}

static void migrations_are_warned_of(void **state)
{
	int64_t session = add_rounds(*state, 8, 1.2, 0.01);
	json_t *document = made_document("base");
	struct comparison *comparison;

	made_sample(document, "pair", 10);
	json_object_set_new(json_array_get(json_object_get(document, "benchmarks"), 0),
		"migrations", json_integer(3));
	made_process(*state, session, 0, "base", "pair", document);
	comparison = compare(*state);
	assert_true(warns_of(
		comparison->rows[0].warnings, "changed their CPU in 1 of 25 samples of base"));
	comparison_free(comparison);
}

static void add_process_with_fact(struct store *store, int64_t session, const char *config,
	const char *fact, const char *value)
{
	json_t *document = made_document(config);

	json_object_set_new(json_object_get(document, "context"), fact, json_string(value));
	made_sample(document, "pair", 10);
	made_process(store, session, 0, config, "pair", document);
}

static void unequal_machines_are_refused_by_both_names(void **state)
{
	struct compare_options options = defaults();
	int64_t session = made_session(*state);

	add_process_with_fact(*state, session, "base", "machine", "aaaa");
	add_process_with_fact(*state, session, "other", "machine", "bbbb");
	assert_refused(*state, &options, EXIT_WRONG_USE, "aaaa");
	assert_refused(*state, &options, EXIT_WRONG_USE, "bbbb");
}

static void different_commits_are_warned_of(void **state)
{
	int64_t session = made_session(*state);
	struct comparison *comparison;

	add_process_with_fact(*state, session, "base", "commit", "aaaa");
	add_process_with_fact(*state, session, "other", "commit", "bbbb");
	comparison = compare(*state);
	assert_true(
		warns_of(comparison->warnings, "the commits differ: aaaa of base, bbbb of other"));
	assert_true(warns_of(comparison->warnings, "has not ended"));
	comparison_free(comparison);
}

static void debug_builds_are_warned_of(void **state)
{
	int64_t session = made_session(*state);
	struct comparison *comparison;

	add_process_with_fact(*state, session, "base", "build_type", "Release");
	add_process_with_fact(*state, session, "other", "build_type", "Debug");
	comparison = compare(*state);
	assert_true(warns_of(comparison->warnings, "1 of 2 configs are Debug builds"));
	comparison_free(comparison);
}

static void an_unknown_config_is_answered_with_the_known_ones(void **state)
{
	static const char *const WRONG[] = {"base", "otter"};
	struct compare_options options = defaults();

	options.sides = WRONG;
	assert_refused(*state, &options, EXIT_NOT_MEASURED, "nothing is stored yet");
	add_rounds(*state, 2, 1, 0);
	assert_refused(*state, &options, EXIT_WRONG_USE, "no config 'otter'; it holds base, other");
}

static void configs_of_different_sessions_are_not_compared(void **state)
{
	struct compare_options options = defaults();
	int64_t first = made_session(*state);
	int64_t second = made_session(*state);

	add_process(*state, first, 0, "base", 10, 1);
	add_process(*state, second, 0, "other", 10, 1);
	assert_refused(*state, &options, EXIT_NOT_MEASURED, "no session measured all");
	options.session = first;
	assert_refused(*state, &options, EXIT_NOT_MEASURED, "did not measure config 'other'");
	options.session = second + 1;
	assert_refused(*state, &options, EXIT_WRONG_USE, "no session");
}

static void a_config_named_twice_is_refused(void **state)
{
	static const char *const TWICE[] = {"base", "base"};
	struct compare_options options = defaults();

	add_rounds(*state, 2, 1, 0);
	options.sides = TWICE;
	assert_refused(*state, &options, EXIT_WRONG_USE, "named twice");
}

static void the_session_asked_for_is_the_one_compared(void **state)
{
	struct compare_options options = defaults();
	struct comparison *comparison;

	options.session = add_rounds(*state, 8, 1.5, 0.01);
	add_rounds(*state, 8, 1, 0.01);
	assert_true(compare_make(*state, &options, &comparison, NULL));
	assert_float_equal(comparison->rows[0].ratio, 1.5, 1e-3);
	comparison_free(comparison);
	comparison = compare(*state);
	assert_float_equal(comparison->rows[0].ratio, 1, 1e-3);
	comparison_free(comparison);
}

static char *text_of(const struct comparison *comparison, bool with_colour)
{
	size_t length;
	char *text;
	FILE *output = open_memstream(&text, &length);

	compare_text(comparison, output, with_colour);
	(void)fclose(output);
	return text;
}

static void the_text_names_machine_configs_figures_and_verdict(void **state)
{
	static const char *const EXPECTED[] = {"EPYC", "0123456789abcdef", "feedfacecafebeef",
		"base: made up", "other: made up", "CLOCK_MONOTONIC", "2026-11-22",
		"other against base", "1.200", "changed, slower", "geometric mean",
		"undecided: more rounds would tell"};
	struct comparison *comparison;
	char *text;

	add_rounds(*state, 8, 1.2, 0.01);
	comparison = compare(*state);
	text = text_of(comparison, false);
	for (size_t i = 0; i < sizeof(EXPECTED) / sizeof(EXPECTED[0]); i++) {
		if (!strstr(text, EXPECTED[i]))
			fail_msg("'%s' is missing in:\n%s", EXPECTED[i], text);
	}
	assert_null(strchr(text, '\033'));
	free(text);
	text = text_of(comparison, true);
	assert_non_null(strchr(text, '\033'));
	free(text);
	comparison_free(comparison);
}

static void names_cannot_steer_the_terminal(void **state)
{
	int64_t session = made_session(*state);
	struct comparison *comparison;
	char *text;

	for (int side = 0; side < 2; side++) {
		json_t *document = made_document(CONFIGS[side]);

		made_sample(document, "pair\033[2J\n", 10);
		made_process(*state, session, 0, CONFIGS[side], "pair", document);
	}
	comparison = compare(*state);
	text = text_of(comparison, false);
	assert_null(strchr(text, '\033'));
	assert_non_null(strstr(text, "pair?[2J?"));
	free(text);
	comparison_free(comparison);
}

static void simulated_times_are_labelled(void **state)
{
	int64_t session = made_session(*state);
	struct comparison *comparison;
	char *text;

	add_process_with_fact(*state, session, "base", "simulated", "no");
	add_process_with_fact(*state, session, "other", "simulated", "topology from X");
	comparison = compare(*state);
	text = text_of(comparison, false);
	assert_non_null(strstr(text, "[simulated by topology from X]"));
	assert_true(warns_of(comparison->warnings, "measured and simulated times are mixed"));
	free(text);
	comparison_free(comparison);
}

static void the_json_has_what_programs_rely_on(void **state)
{
	static const char *const MEMBERS[] = {"name", "base", "config", "ratio", "ratio_low",
		"ratio_high", "p", "q", "superiority", "verdict", "direction", "n", "n_a", "n_b",
		"base_ns", "config_ns", "warnings"};
	struct comparison *comparison;
	json_t *json;
	json_t *row;

	add_rounds(*state, 8, 1.2, 0.01);
	comparison = compare(*state);
	json = compare_json(comparison);
	row = json_array_get(json_object_get(json, "rows"), 0);
	for (size_t i = 0; i < sizeof(MEMBERS) / sizeof(MEMBERS[0]); i++)
		assert_non_null(json_object_get(row, MEMBERS[i]));
	assert_string_equal(json_string_value(json_object_get(row, "verdict")), "changed");
	assert_int_equal(json_integer_value(json_object_get(row, "n")), 8);
	assert_int_equal(json_integer_value(json_object_get(row, "n_a")), 8);
	assert_int_equal(json_integer_value(json_object_get(row, "n_b")), 8);
	assert_float_equal(json_real_value(json_object_get(row, "superiority")), 1, 0);
	json_decref(json);
	comparison_free(comparison);
}

static void one_round_has_a_ratio_and_no_interval(void **state)
{
	struct comparison *comparison;
	json_t *json;
	json_t *row;

	add_rounds(*state, 1, 1.2, 0);
	comparison = compare(*state);
	json = compare_json(comparison);
	row = json_array_get(json_object_get(json, "rows"), 0);
	assert_float_equal(json_real_value(json_object_get(row, "ratio")), 1.2, 1e-9);
	assert_true(json_is_null(json_object_get(row, "ratio_low")));
	assert_string_equal(json_string_value(json_object_get(row, "verdict")), "undecided");
	json_decref(json);
	comparison_free(comparison);
}

// With a single row the mean is that row, and so is its interval.
static void the_geometric_mean_of_one_row_has_that_rows_interval(void **state)
{
	struct comparison *comparison;

	add_rounds(*state, 8, 1.2, 0.01);
	comparison = compare(*state);
	assert_float_equal(comparison->means[0].ratio, comparison->rows[0].ratio, 1e-12);
	assert_float_equal(comparison->means[0].ratio_low, comparison->rows[0].ratio_low, 1e-12);
	assert_float_equal(comparison->means[0].ratio_high, comparison->rows[0].ratio_high, 1e-12);
	comparison_free(comparison);
}

// Two rows whose rounds move together: averaging them makes nothing surer, which an interval over
// independent rows would claim.
static void rounds_that_move_all_rows_keep_the_means_interval_wide(void **state)
{
	int64_t session = made_session(*state);
	struct comparison *comparison;

	for (int round = 0; round < 8; round++) {
		double luck = 1 + 0.01 * (round % 4);

		for (int k = 0; k < 2; k++) {
			json_t *base = made_document("base");
			json_t *other = made_document("other");

			made_sample(base, k ? "batch" : "pair", 10);
			made_sample(other, k ? "batch" : "pair", 11 * luck);
			made_process(*state, session, round, "base", k ? "batch" : "pair", base);
			made_process(*state, session, round, "other", k ? "batch" : "pair", other);
		}
	}
	comparison = compare(*state);
	assert_int_equal(comparison->rows_count, 2);
	assert_float_equal(comparison->means[0].ratio_low, comparison->rows[0].ratio_low, 1e-12);
	assert_float_equal(comparison->means[0].ratio_high, comparison->rows[1].ratio_high, 1e-12);
	comparison_free(comparison);
}

#define COMPARE_TEST(name) cmocka_unit_test_setup_teardown(name, made_store_open, made_store_close)

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		COMPARE_TEST(verdicts_follow_from_interval_margin_and_q),
		COMPARE_TEST(a_clear_difference_is_changed_and_slower),
		COMPARE_TEST(a_change_that_may_lie_within_the_margin_says_so),
		COMPARE_TEST(the_times_shown_have_the_ratio_shown),
		COMPARE_TEST(times_of_a_coarse_clock_are_said_to_make_the_test_careful),
		COMPARE_TEST(swapping_the_sides_inverts_the_ratio_and_keeps_the_verdict),
		COMPARE_TEST(a_certain_difference_within_the_margin_is_equivalent),
		COMPARE_TEST(a_wide_interval_around_one_is_undecided),
		COMPARE_TEST(repetitions_within_a_process_are_no_further_evidence),
		COMPARE_TEST(a_lone_change_among_many_rows_needs_more_rounds),
		COMPARE_TEST(only_rounds_with_both_sides_are_paired),
		COMPARE_TEST(failed_samples_never_count),
		COMPARE_TEST(a_benchmark_that_only_failed_is_no_row),
		COMPARE_TEST(migrations_are_warned_of),
		COMPARE_TEST(unequal_machines_are_refused_by_both_names),
		COMPARE_TEST(different_commits_are_warned_of),
		COMPARE_TEST(debug_builds_are_warned_of),
		COMPARE_TEST(an_unknown_config_is_answered_with_the_known_ones),
		COMPARE_TEST(configs_of_different_sessions_are_not_compared),
		COMPARE_TEST(a_config_named_twice_is_refused),
		COMPARE_TEST(the_session_asked_for_is_the_one_compared),
		COMPARE_TEST(the_text_names_machine_configs_figures_and_verdict),
		COMPARE_TEST(names_cannot_steer_the_terminal),
		COMPARE_TEST(simulated_times_are_labelled),
		COMPARE_TEST(the_json_has_what_programs_rely_on),
		COMPARE_TEST(one_round_has_a_ratio_and_no_interval),
		COMPARE_TEST(the_geometric_mean_of_one_row_has_that_rows_interval),
		COMPARE_TEST(rounds_that_move_all_rows_keep_the_means_interval_wide),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
