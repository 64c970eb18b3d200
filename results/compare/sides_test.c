// SPDX-License-Identifier: GPL-2.0-or-later
// Projections: which sides and sessions of a made-up store are compared, when rounds pair them, and
// what is refused.
#include "compare.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results/made/sides.h"

// ---- sides

static void a_filter_takes_configs_and_benchmarks_of_the_newest_session(void **state)
{
	struct compare_options options =
		made_options("config:(default OR minimal) /size:192", NULL, NULL);
	struct comparison *comparison;

	made_plan_session(*state, &MADE_PLAN);
	made_plan_session(*state, &MADE_PLAN);
	comparison = made_compare(*state, &options);
	assert_int_equal(comparison->rows_count, 1);
	assert_string_equal(comparison->rows[0].name, "pair/size:192");
	assert_string_equal(comparison->rows[0].base, "default");
	assert_string_equal(comparison->rows[0].other, "minimal");
	assert_ratio(&comparison->rows[0], 1.21);
	assert_int_equal(comparison->rows[0].rounds, 8);
	assert_false(comparison->is_independent);
	assert_string_equal(comparison_sessions_of(comparison, 0), "2");
	assert_true(json_is_false(json_object_get(comparison->projection, "across")));
	comparison_free(comparison);
}

static void sessions_are_independent_sides(void **state)
{
	struct compare_options options = made_options("config:default", NULL, "session");
	struct made_plan slower = made_plan_with(NULL, NULL, 12);
	struct comparison *comparison;

	slower.rounds = 6;
	made_plan_session(*state, &MADE_PLAN);
	made_plan_session(*state, &slower);
	comparison = made_compare(*state, &options);
	assert_true(comparison->is_independent);
	assert_int_equal(comparison->rows_count, 2);
	assert_string_equal(comparison->rows[0].base, "1");
	assert_string_equal(comparison->rows[0].other, "2");
	assert_int_equal(comparison->rows[0].rounds, 0);
	assert_int_equal(comparison->rows[0].base_count, 8);
	assert_int_equal(comparison->rows[0].other_count, 6);
	assert_true(comparison->rows[0].ratio > 1.19 && comparison->rows[0].ratio < 1.21);
	assert_int_equal(comparison->rows[0].verdict, VERDICT_CHANGED);
	assert_true(comparison_warns_of(comparison, "the sides ran in different sessions"));
	comparison_free(comparison);
}

static void commits_are_named_by_their_beginning_and_take_their_newest_session(void **state)
{
	static const char *const COMMITS[] = {"bbbb", "aaaa"};
	struct compare_options options = made_options(NULL, NULL, "commit");
	struct made_plan plans[] = {made_plan_with("aaaa11", NULL, 99),
		made_plan_with("aaaa11", NULL, 10), made_plan_with("bbbb22", NULL, 20),
		made_plan_with("cccc33", NULL, 30)};
	struct comparison *comparison;

	for (size_t i = 0; i < 4; i++)
		made_plan_session(*state, &plans[i]);
	options.sides = COMMITS;
	options.sides_count = 2;
	comparison = made_compare(*state, &options);
	assert_string_equal(comparison->sides[0], "bbbb22");
	assert_string_equal(comparison->sides[1], "aaaa11");
	assert_string_equal(comparison_sessions_of(comparison, 0), "3");
	assert_string_equal(comparison_sessions_of(comparison, 1), "2");
	assert_int_equal(comparison->rows_count, 6); // two benchmarks, three configs
	assert_string_equal(comparison->rows[0].name, "pair/size:192 config:default");
	assert_ratio(&comparison->rows[0], 0.5);
	assert_false(comparison_warns_of(comparison, "the commits differ"));
	comparison_free(comparison);
}

static void a_side_measured_config_by_config_is_put_together(void **state)
{
	struct compare_options options = made_options(NULL, NULL, "commit");
	struct made_plan only_default = made_plan_with("aaaa11", NULL, 10);
	struct made_plan only_noalien = made_plan_with("aaaa11", NULL, 10);
	struct made_plan both = made_plan_with("bbbb22", NULL, 10);
	struct comparison *comparison;

	only_default.configs[1] = only_default.configs[2] = NULL;
	only_noalien.configs[0] = "noalien";
	only_noalien.configs[1] = only_noalien.configs[2] = NULL;
	made_plan_session(*state, &only_default);
	made_plan_session(*state, &only_noalien);
	made_plan_session(*state, &both);
	comparison = made_compare(*state, &options);
	assert_int_equal(comparison->rows_count, 4);
	assert_string_equal(comparison_sessions_of(comparison, 0), "1 2");
	assert_true(comparison_warns_of(comparison, "aaaa11 takes 2 sessions together"));
	comparison_free(comparison);
}

static void named_sessions_are_pooled_and_still_paired(void **state)
{
	struct compare_options options =
		made_options("session:(1 OR 3) config:(default OR noalien) /size:64", NULL, NULL);
	struct comparison *comparison;

	for (int i = 0; i < 3; i++)
		made_plan_session(*state, &MADE_PLAN);
	comparison = made_compare(*state, &options);
	assert_int_equal(comparison->rows_count, 1);
	assert_int_equal(comparison->rows[0].rounds, 16);
	assert_ratio(&comparison->rows[0], 1.1);
	assert_string_equal(comparison_sessions_of(comparison, 1), "1 3");
	comparison_free(comparison);
}

static void sides_that_mix_commits_are_doubted_once_each(void **state)
{
	struct compare_options options =
		made_options("session:(1 OR 2) config:(default OR noalien)", NULL, NULL);
	struct made_plan plans[] = {
		made_plan_with("aaaa11", NULL, 10), made_plan_with("bbbb22", NULL, 20)};
	struct comparison *comparison;

	made_plan_session(*state, &plans[0]);
	made_plan_session(*state, &plans[1]);
	comparison = made_compare(*state, &options);
	assert_true(comparison_warns_of(
		comparison, "default mixes results of different commits (aaaa11, bbbb22)"));
	assert_true(comparison_warns_of(comparison, "noalien mixes results of different commits"));
	assert_false(comparison_warns_of(comparison, "the commits differ"));
	assert_int_equal(comparison->rows[0].rounds, 16);
	comparison_free(comparison);
}

static void parameters_of_the_name_can_be_compared(void **state)
{
	struct compare_options options = made_options("config:(default OR minimal)", NULL, "/size");
	struct comparison *comparison;

	made_plan_session(*state, &MADE_PLAN);
	comparison = made_compare(*state, &options);
	assert_string_equal(comparison->sides[0], "64"); // numbers in their order
	assert_string_equal(comparison->sides[1], "192");
	assert_int_equal(comparison->rows_count, 2);
	assert_string_equal(comparison->rows[0].name, "pair config:default");
	assert_ratio(&comparison->rows[0], 1.1);
	assert_int_equal(comparison->rows[0].rounds, 8);
	comparison_free(comparison);
}

static void sides_of_several_keys_are_spelt_out(void **state)
{
	struct compare_options options =
		made_options("-config:minimal -(/size:192 config:noalien)", NULL, "config,/size");
	struct comparison *comparison;

	made_plan_session(*state, &MADE_PLAN);
	comparison = made_compare(*state, &options);
	assert_int_equal(comparison->sides_count, 3);
	assert_string_equal(comparison->sides[0], "config:default /size:64");
	assert_string_equal(comparison->rows[0].name, "pair");
	comparison_free(comparison);
}

static void cells_that_mix_configs_are_doubted(void **state)
{
	struct compare_options options = made_options(NULL, "name", "session");
	struct comparison *comparison;

	made_plan_session(*state, &MADE_PLAN);
	made_plan_session(*state, &MADE_PLAN);
	comparison = made_compare(*state, &options);
	assert_int_equal(comparison->rows_count, 2);
	assert_true(comparison_warns_of(
		comparison, "1 mixes results of different configs (default, noalien, minimal)"));
	comparison_free(comparison);
}

// ---- machines

static void add_two_machines(struct store *store)
{
	struct made_plan old = made_plan_with("aaaa11", "0123feed", 10);
	struct made_plan new = made_plan_with("bbbb22", "4567beef", 20);

	made_plan_session(store, &old);
	made_plan_session(store, &new);
}

static void unequal_machines_are_refused(void **state)
{
	struct compare_options options = made_options("config:default", NULL, "commit");

	add_two_machines(*state);
	assert_comparison_refused(*state, &options, EXIT_WRONG_USE,
		"session 1 ran on machine 0123feed and session 2 on machine 4567beef");
	options.filter = "config:default machine:4567";
	assert_comparison_refused(
		*state, &options, EXIT_NOT_MEASURED, "bbbb22 is all that there is to compare");
}

static void across_machines_is_labelled(void **state)
{
	struct compare_options options = made_options("config:default", NULL, "machine");
	struct comparison *comparison;
	char *text;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	add_two_machines(*state);
	options.is_across = true;
	comparison = made_compare(*state, &options);
	assert_string_equal(comparison->rows[0].other, "4567beef");
	assert_ratio(&comparison->rows[0], 2);
	assert_true(
		comparison_warns_of(comparison, "compared across machines (0123feed, 4567beef)"));
	assert_true(json_is_true(json_object_get(comparison->projection, "across")));
	compare_text(comparison, output, false);
	assert_int_equal(fclose(output), 0);
	assert_non_null(strstr(text, "compared across machines\n"));
	assert_non_null(strstr(text, "against   4567beef: config default, commit bbbb22"));
	free(text);
	comparison_free(comparison);
}

static void rows_can_keep_machines_apart(void **state)
{
	struct compare_options options = made_options("/size:64", "name,machine", "config");
	struct comparison *comparison;

	add_two_machines(*state);
	comparison = made_compare(*state, &options);
	assert_int_equal(comparison->rows_count, 4);
	assert_string_equal(comparison->rows[0].name, "pair/size:64 machine:0123feed");
	assert_string_equal(comparison->rows[1].name, "pair/size:64 machine:4567beef");
	assert_int_equal(comparison->rows[0].rounds, 8);
	assert_ratio(&comparison->rows[1], 1.1);
	assert_false(comparison_warns_of(comparison, "machines"));
	comparison_free(comparison);
}

// ---- refusals

static void what_cannot_be_compared_is_said(void **state)
{
	static const char *const VALUES[] = {"aaaa11", "ffff"};
	struct compare_options options = made_options("config:", NULL, NULL);
	struct made_plan plan = made_plan_with("aaaa11", NULL, 10);

	assert_comparison_refused(*state, &options, EXIT_WRONG_USE, "column 8");
	options = made_options(NULL, NULL, "session");
	assert_comparison_refused(*state, &options, EXIT_NOT_MEASURED, "nothing is stored yet");
	made_plan_session(*state, &plan);
	assert_comparison_refused(
		*state, &options, EXIT_NOT_MEASURED, "1 is all that there is to compare");
	options = made_options("config:none", NULL, NULL);
	assert_comparison_refused(
		*state, &options, EXIT_NOT_MEASURED, "nothing that is stored passes the filter");
	options = made_options("name:none", NULL, NULL);
	assert_comparison_refused(
		*state, &options, EXIT_NOT_MEASURED, "nothing is all that there is");
	options = made_options(NULL, NULL, "colour");
	assert_comparison_refused(
		*state, &options, EXIT_WRONG_USE, "--col: there is no key 'colour'");
	options = made_options(NULL, NULL, "");
	assert_comparison_refused(*state, &options, EXIT_WRONG_USE, "there is no key ''");
	options = made_options(NULL, NULL, "config");
	options.session = 99;
	assert_comparison_refused(*state, &options, EXIT_WRONG_USE, "there is no session 99");
	options = made_options(NULL, "name,config", NULL);
	assert_comparison_refused(*state, &options, EXIT_WRONG_USE, "in --row and in --col");
	options = made_options(NULL, "workload", NULL);
	assert_comparison_refused(*state, &options, EXIT_WRONG_USE, "'name' is missing");
	options = made_options(NULL, "name,name", NULL);
	assert_comparison_refused(*state, &options, EXIT_WRONG_USE, "named twice");
	options = made_options(NULL, NULL, "commit");
	options.sides = VALUES;
	options.sides_count = 2;
	assert_comparison_refused(
		*state, &options, EXIT_WRONG_USE, "the store holds no commit 'ffff'");
	options.sides_count = 1;
	assert_comparison_refused(*state, &options, EXIT_WRONG_USE, "'aaaa11' is alone");
	options = made_options(NULL, NULL, "config,commit");
	options.sides = VALUES;
	options.sides_count = 2;
	assert_comparison_refused(*state, &options, EXIT_WRONG_USE, "several keys in --col");
}

static void a_beginning_of_several_commits_is_refused(void **state)
{
	static const char *const VALUES[] = {"aaaa", "bbbb22"};
	struct compare_options options = made_options(NULL, NULL, "commit");
	struct made_plan plans[] = {made_plan_with("aaaa11", NULL, 10),
		made_plan_with("aaaa99", NULL, 10), made_plan_with("bbbb22", NULL, 10)};

	for (size_t i = 0; i < 3; i++)
		made_plan_session(*state, &plans[i]);
	options.sides = VALUES;
	options.sides_count = 2;
	assert_comparison_refused(
		*state, &options, EXIT_WRONG_USE, "'aaaa' begins several commits: aaaa11, aaaa99");
}

static void changes_on_top_of_a_commit_do_not_hide_it(void **state)
{
	static const char *const VALUES[] = {"aaaa11", "aaaa-dirty"};
	struct compare_options options = made_options(NULL, NULL, "commit");
	struct made_plan plans[] = {made_plan_with("aaaa11", NULL, 10),
		made_plan_with("aaaa11-dirty", NULL, 10), made_plan_with("bbbb22", NULL, 10)};
	struct comparison *comparison;

	for (size_t i = 0; i < 3; i++)
		made_plan_session(*state, &plans[i]);
	options.sides = VALUES;
	options.sides_count = 2;
	comparison = made_compare(*state, &options);
	assert_string_equal(comparison_sessions_of(comparison, 0), "1");
	assert_string_equal(comparison_sessions_of(comparison, 1), "2");
	comparison_free(comparison);
	options.sides = NULL;
	options.sides_count = 0;
	options.filter = "commit:(aaaa OR bbbb)"; // the commits themselves
	comparison = made_compare(*state, &options);
	assert_string_equal(comparison->sides[1], "bbbb22");
	comparison_free(comparison);
}

int main(void)
{
#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, made_store_open, made_store_close)
	static const struct CMUnitTest TESTS[] = {
		WITH_STORE(a_filter_takes_configs_and_benchmarks_of_the_newest_session),
		WITH_STORE(sessions_are_independent_sides),
		WITH_STORE(commits_are_named_by_their_beginning_and_take_their_newest_session),
		WITH_STORE(a_side_measured_config_by_config_is_put_together),
		WITH_STORE(named_sessions_are_pooled_and_still_paired),
		WITH_STORE(sides_that_mix_commits_are_doubted_once_each),
		WITH_STORE(parameters_of_the_name_can_be_compared),
		WITH_STORE(sides_of_several_keys_are_spelt_out),
		WITH_STORE(cells_that_mix_configs_are_doubted),
		WITH_STORE(unequal_machines_are_refused),
		WITH_STORE(across_machines_is_labelled),
		WITH_STORE(rows_can_keep_machines_apart),
		WITH_STORE(what_cannot_be_compared_is_said),
		WITH_STORE(a_beginning_of_several_commits_is_refused),
		WITH_STORE(changes_on_top_of_a_commit_do_not_hide_it),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
