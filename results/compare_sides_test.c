// SPDX-License-Identifier: GPL-2.0-or-later
// Projections: which sides and sessions of a made-up store are compared, when rounds pair them, and what is refused or doubted.
#include "compare.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "made_results.h"
#include "sequential_session.h"

// ---- made-up sessions ----------------------------------------------------------------------------------------------

// What a session measures: every config once a round, each in a process of its own.
struct plan {
	const char *commit;
	const char *machine;
	const char *configs[4];
	const char *benchmarks[4];
	double ns; // of the first config and benchmark; each further one takes 10 % longer than the one before
	int rounds;
};

static json_t *document_of(const struct plan *plan, const char *config)
{
	json_t *document = made_document(config);
	json_t *context = json_object_get(document, "context");

	if (plan->commit)
		json_object_set_new(context, "commit", json_string(plan->commit));
	if (plan->machine)
		json_object_set_new(context, "machine", json_string(plan->machine));
	return document;
}

static int64_t add_session(struct store *store, const struct plan *plan)
{
	int64_t session = made_session(store);

	for (int round = 0; round < plan->rounds; round++) {
		for (size_t i = 0; i < 4 && plan->configs[i]; i++) {
			json_t *document = document_of(plan, plan->configs[i]);
			double ns = plan->ns * pow(1.1, (double)i) * (1 + 0.001 * (round % 5));

			for (size_t k = 0; k < 4 && plan->benchmarks[k]; k++)
				made_sample(
					document, plan->benchmarks[k], ns * pow(1.1, (double)k));
			made_process(store, session, round, plan->configs[i], "pair", document);
		}
	}
	assert_true(store_session_end(store, session, "complete", NULL));
	return session;
}

static struct compare_options options_of(const char *filter, const char *rows, const char *columns)
{
	return (struct compare_options){.filter = filter,
		.rows = rows,
		.columns = columns,
		.margin = COMPARE_MARGIN_DEFAULT,
		.alpha = COMPARE_ALPHA_DEFAULT};
}

static struct comparison *compare(struct store *store, const struct compare_options *options)
{
	struct comparison *comparison;
	struct problem problem;

	if (!compare_make(store, options, &comparison, &problem))
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
	if (!strstr(problem.text, expected))
		fail_msg("'%s' lacks '%s'", problem.text, expected);
	assert_int_equal(problem.status, status);
}

static bool warns_of(const struct comparison *comparison, const char *words)
{
	for (size_t i = 0; i < json_array_size(comparison->warnings); i++) {
		if (strstr(json_string_value(json_array_get(comparison->warnings, i)), words))
			return true;
	}
	return false;
}

// The sessions of a side as "1 2".
static const char *sessions_of(const struct comparison *comparison, size_t side)
{
	static char text[128];
	const json_t *sessions = json_object_get(
		json_array_get(json_object_get(comparison->sides, "sides"), side), "sessions");
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < json_array_size(sessions); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", i > 0 ? " " : "",
			json_string_value(json_array_get(sessions, i)));
	return text;
}

static void assert_ratio(const struct compare_row *row, double expected)
{
	if (!(fabs(row->ratio / expected - 1) < 1e-9))
		fail_msg("%s: ratio %.10f, expected %.10f", row->name, row->ratio, expected);
}

// ---- sides ---------------------------------------------------------------------------------------------------------

static const struct plan PLAN = {.configs = {"default", "noalien", "minimal"},
	.benchmarks = {"pair/size:64", "pair/size:192"},
	.ns = 10,
	.rounds = 8};

static struct plan plan_with(const char *commit, const char *machine, double ns)
{
	struct plan plan = PLAN;

	plan.commit = commit;
	plan.machine = machine;
	plan.ns = ns;
	return plan;
}

static void a_filter_takes_configs_and_benchmarks_of_the_newest_session(void **state)
{
	struct compare_options options =
		options_of("config:(default OR minimal) /size:192", NULL, NULL);
	struct comparison *comparison;

	add_session(*state, &PLAN);
	add_session(*state, &PLAN);
	comparison = compare(*state, &options);
	assert_int_equal(comparison->rows_count, 1);
	assert_string_equal(comparison->rows[0].name, "pair/size:192");
	assert_string_equal(comparison->rows[0].base, "default");
	assert_string_equal(comparison->rows[0].config, "minimal");
	assert_ratio(&comparison->rows[0], 1.21);
	assert_int_equal(comparison->rows[0].rounds, 8);
	assert_false(comparison->is_independent);
	assert_string_equal(sessions_of(comparison, 0), "2");
	assert_true(json_is_false(json_object_get(comparison->sides, "across")));
	comparison_free(comparison);
}

static void sessions_are_independent_sides(void **state)
{
	struct compare_options options = options_of("config:default", NULL, "session");
	struct plan slower = plan_with(NULL, NULL, 12);
	struct comparison *comparison;

	slower.rounds = 6;
	add_session(*state, &PLAN);
	add_session(*state, &slower);
	comparison = compare(*state, &options);
	assert_true(comparison->is_independent);
	assert_int_equal(comparison->rows_count, 2);
	assert_string_equal(comparison->rows[0].base, "1");
	assert_string_equal(comparison->rows[0].config, "2");
	assert_int_equal(comparison->rows[0].rounds, 0);
	assert_int_equal(comparison->rows[0].base_count, 8);
	assert_int_equal(comparison->rows[0].config_count, 6);
	assert_true(comparison->rows[0].ratio > 1.19 && comparison->rows[0].ratio < 1.21);
	assert_int_equal(comparison->rows[0].verdict, VERDICT_CHANGED);
	assert_true(warns_of(comparison, "the sides ran in different sessions"));
	comparison_free(comparison);
}

static void commits_are_named_by_their_beginning_and_take_their_newest_session(void **state)
{
	static const char *const COMMITS[] = {"bbbb", "aaaa"};
	struct compare_options options = options_of(NULL, NULL, "commit");
	struct plan plans[] = {plan_with("aaaa11", NULL, 99), plan_with("aaaa11", NULL, 10),
		plan_with("bbbb22", NULL, 20), plan_with("cccc33", NULL, 30)};
	struct comparison *comparison;

	for (size_t i = 0; i < 4; i++)
		add_session(*state, &plans[i]);
	options.configs = COMMITS;
	options.configs_count = 2;
	comparison = compare(*state, &options);
	assert_string_equal(comparison->configs[0], "bbbb22");
	assert_string_equal(comparison->configs[1], "aaaa11");
	assert_string_equal(sessions_of(comparison, 0), "3");
	assert_string_equal(sessions_of(comparison, 1), "2");
	assert_int_equal(comparison->rows_count, 6); // two benchmarks, three configs
	assert_string_equal(comparison->rows[0].name, "pair/size:192 config:default");
	assert_ratio(&comparison->rows[0], 0.5);
	assert_false(warns_of(comparison, "the commits differ"));
	comparison_free(comparison);
}

static void a_side_measured_config_by_config_is_put_together(void **state)
{
	struct compare_options options = options_of(NULL, NULL, "commit");
	struct plan only_default = plan_with("aaaa11", NULL, 10);
	struct plan only_noalien = plan_with("aaaa11", NULL, 10);
	struct plan both = plan_with("bbbb22", NULL, 10);
	struct comparison *comparison;

	only_default.configs[1] = only_default.configs[2] = NULL;
	only_noalien.configs[0] = "noalien";
	only_noalien.configs[1] = only_noalien.configs[2] = NULL;
	add_session(*state, &only_default);
	add_session(*state, &only_noalien);
	add_session(*state, &both);
	comparison = compare(*state, &options);
	assert_int_equal(comparison->rows_count, 4);
	assert_string_equal(sessions_of(comparison, 0), "1 2");
	assert_true(warns_of(comparison, "aaaa11 pools 2 sessions"));
	comparison_free(comparison);
}

static void named_sessions_are_pooled_and_still_paired(void **state)
{
	struct compare_options options =
		options_of("session:(1 OR 3) config:(default OR noalien) /size:64", NULL, NULL);
	struct comparison *comparison;

	for (int i = 0; i < 3; i++)
		add_session(*state, &PLAN);
	comparison = compare(*state, &options);
	assert_int_equal(comparison->rows_count, 1);
	assert_int_equal(comparison->rows[0].rounds, 16);
	assert_ratio(&comparison->rows[0], 1.1);
	assert_string_equal(sessions_of(comparison, 1), "1 3");
	comparison_free(comparison);
}

static void sides_that_mix_commits_are_doubted_once_each(void **state)
{
	struct compare_options options =
		options_of("session:(1 OR 2) config:(default OR noalien)", NULL, NULL);
	struct plan plans[] = {plan_with("aaaa11", NULL, 10), plan_with("bbbb22", NULL, 20)};
	struct comparison *comparison;

	add_session(*state, &plans[0]);
	add_session(*state, &plans[1]);
	comparison = compare(*state, &options);
	assert_true(warns_of(
		comparison, "default mixes results of different commits (aaaa11, bbbb22)"));
	assert_true(warns_of(comparison, "noalien mixes results of different commits"));
	assert_false(warns_of(comparison, "the commits differ"));
	assert_int_equal(comparison->rows[0].rounds, 16);
	comparison_free(comparison);
}

static void parameters_of_the_name_can_be_compared(void **state)
{
	struct compare_options options = options_of("config:(default OR minimal)", NULL, "/size");
	struct comparison *comparison;

	add_session(*state, &PLAN);
	comparison = compare(*state, &options);
	assert_string_equal(comparison->configs[0], "64"); // numbers in their order
	assert_string_equal(comparison->configs[1], "192");
	assert_int_equal(comparison->rows_count, 2);
	assert_string_equal(comparison->rows[0].name, "pair config:default");
	assert_ratio(&comparison->rows[0], 1.1);
	assert_int_equal(comparison->rows[0].rounds, 8);
	comparison_free(comparison);
}

static void sides_of_several_keys_are_spelt_out(void **state)
{
	struct compare_options options =
		options_of("-config:minimal -(/size:192 config:noalien)", NULL, "config,/size");
	struct comparison *comparison;

	add_session(*state, &PLAN);
	comparison = compare(*state, &options);
	assert_int_equal(comparison->configs_count, 3);
	assert_string_equal(comparison->configs[0], "config:default /size:64");
	assert_string_equal(comparison->rows[0].name, "pair");
	comparison_free(comparison);
}

static void cells_that_mix_configs_are_doubted(void **state)
{
	struct compare_options options = options_of(NULL, "name", "session");
	struct comparison *comparison;

	add_session(*state, &PLAN);
	add_session(*state, &PLAN);
	comparison = compare(*state, &options);
	assert_int_equal(comparison->rows_count, 2);
	assert_true(warns_of(
		comparison, "1 mixes results of different configs (default, noalien, minimal)"));
	comparison_free(comparison);
}

// ---- machines ------------------------------------------------------------------------------------------------------

static void add_two_machines(struct store *store)
{
	struct plan old = plan_with("aaaa11", "0123feed", 10);
	struct plan new = plan_with("bbbb22", "4567beef", 20);

	add_session(store, &old);
	add_session(store, &new);
}

static void unequal_machines_are_refused(void **state)
{
	struct compare_options options = options_of("config:default", NULL, "commit");

	add_two_machines(*state);
	assert_refused(*state, &options, EXIT_WRONG_USE,
		"session 1 ran on machine 0123feed and session 2 on machine 4567beef");
	options.filter = "config:default machine:4567";
	assert_refused(
		*state, &options, EXIT_NOT_MEASURED, "bbbb22 is all that there is to compare");
}

static void across_machines_is_labelled(void **state)
{
	struct compare_options options = options_of("config:default", NULL, "machine");
	struct comparison *comparison;
	char *text;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	add_two_machines(*state);
	options.is_across = true;
	comparison = compare(*state, &options);
	assert_string_equal(comparison->rows[0].config, "4567beef");
	assert_ratio(&comparison->rows[0], 2);
	assert_true(warns_of(comparison, "compared across machines (0123feed, 4567beef)"));
	assert_true(json_is_true(json_object_get(comparison->sides, "across")));
	compare_text(comparison, output, false);
	assert_int_equal(fclose(output), 0);
	assert_non_null(strstr(text, "compared across machines\n"));
	assert_non_null(strstr(text, "against   4567beef: config default, commit bbbb22"));
	free(text);
	comparison_free(comparison);
}

static void rows_can_keep_machines_apart(void **state)
{
	struct compare_options options = options_of("/size:64", "name,machine", "config");
	struct comparison *comparison;

	add_two_machines(*state);
	comparison = compare(*state, &options);
	assert_int_equal(comparison->rows_count, 4);
	assert_string_equal(comparison->rows[0].name, "pair/size:64 machine:0123feed");
	assert_string_equal(comparison->rows[1].name, "pair/size:64 machine:4567beef");
	assert_int_equal(comparison->rows[0].rounds, 8);
	assert_ratio(&comparison->rows[1], 1.1);
	assert_false(warns_of(comparison, "machines"));
	comparison_free(comparison);
}

// ---- refusals ------------------------------------------------------------------------------------------------------

static void what_cannot_be_compared_is_said(void **state)
{
	static const char *const VALUES[] = {"aaaa11", "ffff"};
	struct compare_options options = options_of("config:", NULL, NULL);
	struct plan plan = plan_with("aaaa11", NULL, 10);

	assert_refused(*state, &options, EXIT_WRONG_USE, "column 8");
	options = options_of(NULL, NULL, "session");
	assert_refused(*state, &options, EXIT_NOT_MEASURED, "nothing is stored yet");
	add_session(*state, &plan);
	assert_refused(*state, &options, EXIT_NOT_MEASURED, "1 is all that there is to compare");
	options = options_of("config:none", NULL, NULL);
	assert_refused(
		*state, &options, EXIT_NOT_MEASURED, "nothing that is stored passes the filter");
	options = options_of("name:none", NULL, NULL);
	assert_refused(*state, &options, EXIT_NOT_MEASURED, "nothing is all that there is");
	options = options_of(NULL, NULL, "colour");
	assert_refused(*state, &options, EXIT_WRONG_USE, "--col: there is no key 'colour'");
	options = options_of(NULL, NULL, "");
	assert_refused(*state, &options, EXIT_WRONG_USE, "there is no key ''");
	options = options_of(NULL, NULL, "config");
	options.session = 99;
	assert_refused(*state, &options, EXIT_WRONG_USE, "there is no session 99");
	options = options_of(NULL, "name,config", NULL);
	assert_refused(*state, &options, EXIT_WRONG_USE, "in --row and in --col");
	options = options_of(NULL, "workload", NULL);
	assert_refused(*state, &options, EXIT_WRONG_USE, "'name' is missing");
	options = options_of(NULL, "name,name", NULL);
	assert_refused(*state, &options, EXIT_WRONG_USE, "named twice");
	options = options_of(NULL, NULL, "commit");
	options.configs = VALUES;
	options.configs_count = 2;
	assert_refused(*state, &options, EXIT_WRONG_USE, "the store holds no commit 'ffff'");
	options.configs_count = 1;
	assert_refused(*state, &options, EXIT_WRONG_USE, "'aaaa11' is alone");
	options = options_of(NULL, NULL, "config,commit");
	options.configs = VALUES;
	options.configs_count = 2;
	assert_refused(*state, &options, EXIT_WRONG_USE, "several keys in --col");
}

static void a_beginning_of_several_commits_is_refused(void **state)
{
	static const char *const VALUES[] = {"aaaa", "bbbb22"};
	struct compare_options options = options_of(NULL, NULL, "commit");
	struct plan plans[] = {plan_with("aaaa11", NULL, 10), plan_with("aaaa99", NULL, 10),
		plan_with("bbbb22", NULL, 10)};

	for (size_t i = 0; i < 3; i++)
		add_session(*state, &plans[i]);
	options.configs = VALUES;
	options.configs_count = 2;
	assert_refused(
		*state, &options, EXIT_WRONG_USE, "'aaaa' begins several commits: aaaa11, aaaa99");
}

// ---- looks ---------------------------------------------------------------------------------------------------------

// Ten rounds of a session that would have looked at its results, of default and of noalien, which differ a little.
static int64_t add_looking(struct store *store)
{
	struct sequential *looks = malloc(sizeof(*looks));
	struct store_session session = {.command = "slabmark run (made)"};
	json_t *plan;
	int64_t id;

	assert_non_null(looks);
	assert_true(sequential_make(looks, 10, 2, COMPARE_ALPHA_DEFAULT));
	plan = json_pack("{s:o}", "until", sequential_json(looks));
	session.plan = json_dumps(plan, 0);
	assert_true(store_session_begin(store, &session, &id, NULL));
	for (int round = 0; round < 10; round++) {
		for (int side = 0; side < 2; side++) {
			json_t *document = made_document(side ? "noalien" : "default");

			made_sample(document, "pair", 10 + 0.1 * (round * 3 % 10) * side);
			made_process(
				store, id, round, side ? "noalien" : "default", "pair", document);
		}
	}
	assert_true(store_session_end(store, id, "complete", NULL));
	json_decref(plan);
	free((char *)session.plan);
	free(looks);
	return id;
}

static void a_session_that_looked_is_judged_by_its_looks(void **state)
{
	static const char *const CONFIGS[] = {"default", "noalien"};
	struct compare_options options = options_of(NULL, NULL, NULL);
	struct comparison *usual;
	struct comparison *projected;

	add_looking(*state);
	options.configs = CONFIGS;
	options.configs_count = 2;
	usual = compare(*state, &options);
	assert_non_null(usual->looks);
	options.filter = "workload:pair";
	projected = compare(*state, &options);
	assert_non_null(projected->looks);
	assert_true(projected->rows[0].p == usual->rows[0].p);
	assert_true(projected->rows[0].ratio_low == usual->rows[0].ratio_low);
	comparison_free(usual);
	comparison_free(projected);
	add_looking(*state);
	options.filter = "session:(1 OR 2)";
	projected = compare(*state, &options);
	assert_null(projected->looks);
	assert_true(warns_of(projected, "session 1 stopped when its own verdicts stood"));
	comparison_free(projected);
}

// ---- margins -------------------------------------------------------------------------------------------------------

static void the_machines_own_margin_is_the_default(void **state)
{
	struct calibration known = {.machine = (char *)"feedfacecafebeef",
		.series = (char *)"pair/size:64",
		.config = (char *)"default",
		.rounds = 10,
		.layout = NAN,
		.margin = 0.15};
	struct calibrations calibrations = {.items = &known, .count = 1};
	struct compare_options options =
		options_of("config:(default OR noalien)", "name,workload", NULL);
	struct comparison *comparison;
	char *text;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	known.session = add_session(*state, &PLAN);
	assert_true(calibrations_write(*state, &calibrations, 1, NULL));
	options.margin = 0;
	comparison = compare(*state, &options);
	assert_string_equal(comparison->rows[0].name, "pair/size:192");
	assert_true(comparison->rows[0].margin == COMPARE_MARGIN_DEFAULT);
	assert_int_equal(comparison->rows[0].verdict, VERDICT_CHANGED);
	assert_true(comparison->rows[1].margin == 0.15); // of pair/size:64
	assert_int_equal(comparison->rows[1].verdict, VERDICT_EQUIVALENT);
	compare_text(comparison, output, false);
	assert_int_equal(fclose(output), 0);
	assert_non_null(strstr(text, "within 2 to 15 % (this machine's own) of 1"));
	free(text);
	comparison_free(comparison);
	options.margin = 0.01;
	comparison = compare(*state, &options);
	assert_int_equal(comparison->rows[1].verdict, VERDICT_CHANGED);
	comparison_free(comparison);
}

// ---- counters ------------------------------------------------------------------------------------------------------

// A session of default and noalien whose samples count: noalien misses the cache three times as often as default.
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
	struct compare_options options = options_of("*", NULL, NULL);

	options.counters = counters;
	options.counters_count = count;
	return compare(store, &options);
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

static void absent_counters_are_said_to_be(void **state)
{
	static const char *const NAMES[] = {"only-default", "cache-misses"};
	struct comparison *comparison;

	add_counted(*state, "no");
	comparison = compare_counted(*state, NAMES, 2);
	assert_int_equal(json_array_size(comparison->rows[0].counters), 1);
	assert_true(
		warns_of(comparison, "no benchmark has the counter 'only-default' on both sides"));
	comparison_free(comparison);
	comparison = compare_counted(*state, NULL, 0);
	assert_null(comparison->rows[0].counters);
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

// ---- doubts --------------------------------------------------------------------------------------------------------

// Twelve rounds of default and noalien, whose times are what these say.
static struct comparison *compare_made(
	struct store *store, double (*default_ns)(int round), double (*noalien_ns)(int round))
{
	struct compare_options options = options_of("*", NULL, NULL);
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
	return compare(store, &options);
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
	assert_true(warns_of(comparison, "the times of noalien rose by 1"));
	assert_false(warns_of(comparison, "the times of default"));
	comparison_free(comparison);
}

static void a_machine_that_drifts_is_doubted_and_not_the_ratio(void **state)
{
	struct comparison *comparison = compare_made(*state, rising, rising);

	assert_false(row_warns_of(comparison, "the ratio itself"));
	assert_true(warns_of(comparison, "the times of default rose"));
	assert_true(warns_of(comparison, "the times of noalien rose"));
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
	struct compare_options options = options_of("*", NULL, NULL);
	struct comparison *comparison;

	add_loaded(*state, 2.9);
	comparison = compare(*state, &options);
	assert_false(warns_of(comparison, "load"));
	comparison_free(comparison);
	add_loaded(*state, 7.25);
	comparison = compare(*state, &options);
	assert_true(warns_of(comparison,
		"session 2: at the start of 2 of 12 processes the load was more than the session "
		"makes for (up to 7.2, where it runs 2 threads)"));
	comparison_free(comparison);
	options = options_of(NULL, NULL, NULL);
	options.configs = CONFIGS;
	options.configs_count = 2;
	comparison = compare(*state, &options);
	assert_true(warns_of(comparison, "session 2: at the start of 2 of 12 processes"));
	comparison_free(comparison);
}

int main(void)
{
#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, made_store_open, made_store_close)
	const struct CMUnitTest tests[] = {
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
		WITH_STORE(counters_of_both_sides_explain_a_row),
		WITH_STORE(absent_counters_are_said_to_be),
		WITH_STORE(every_output_shows_counters_and_labels_simulated_ones),
		WITH_STORE(steady_times_are_not_doubted),
		WITH_STORE(processes_of_two_kinds_are_doubted),
		WITH_STORE(a_ratio_that_drifts_is_doubted),
		WITH_STORE(a_machine_that_drifts_is_doubted_and_not_the_ratio),
		WITH_STORE(load_of_other_programs_is_doubted),
		WITH_STORE(a_session_that_looked_is_judged_by_its_looks),
		WITH_STORE(the_machines_own_margin_is_the_default),
		WITH_STORE(a_beginning_of_several_commits_is_refused),
	};

	return cmocka_run_group_tests(tests, made_folder_create, made_folder_remove);
}
