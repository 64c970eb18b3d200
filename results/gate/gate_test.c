// SPDX-License-Identifier: GPL-2.0-or-later
// The gate on made-up stores: what each outcome takes, what is never green, accepted changes, and
// files that say the same.
#include "gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results/made/gate.h"

// ---- outcomes

static void what_is_slower_is_a_regression_and_the_rest_passes(void **state)
{
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10, .batch_ns = 20});
	made_session_of((struct made_session_like){.pair_ns = 11, .batch_ns = 20});
	gate = made_gate("session:1");
	assert_int_equal(gate->session, 2);
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_REGRESSION);
	assert_gate_outcome(gate, "batch/size:64", "time", GATE_SAME);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_REGRESSION);
	assert_non_null(strstr(problem.text, "1 of 2"));
	assert_int_equal(gate_candidates(gate, false), 1);
	gate_free(gate);
}

// ---- counters

static char *printed(const struct gate *gate, void (*print)(const struct gate *, FILE *))
{
	char *text = NULL;
	size_t size = 0;
	FILE *output = open_memstream(&text, &size);

	assert_non_null(output);
	print(gate, output);
	fclose(output);
	return text;
}

static void assert_says(const struct gate *gate,
	void (*show)(const struct gate *gate, FILE *output), const char *part)
{
	char *text = printed(gate, show);

	if (!strstr(text, part))
		fail_msg("'%s' lacks '%s'", text, part);
	free(text);
}

static struct gate *gate_of_counted(double pair_ns, double counted)
{
	const struct gate_options options = made_gate_options("session:1");
	struct problem problem = {0};
	struct gate *gate;

	made_session_of((struct made_session_like){.pair_ns = 10,
		.batch_ns = 20,
		.counter = "refills",
		.counter_value = 0.025,
		.is_of_all = true});
	made_session_of((struct made_session_like){.pair_ns = pair_ns,
		.batch_ns = 20,
		.counter = "refills",
		.counter_value = counted,
		.is_of_all = true});
	gate = made_gate("session:1");
	assert_true(gate_explain(made_gate_store, &options, gate, &problem));
	return gate;
}

static void a_changed_time_is_explained_by_counters(void **state)
{
	struct gate *gate = gate_of_counted(12, 0.1);
	json_t *json = gate_json(gate);
	const json_t *explained = json_array_get(json_object_get(json, "counters"), 0);

	(void)state;
	assert_says(gate, gate_text, "= default:pair/size:64: 1.2 x slower: 4 x refills\n");
	assert_says(gate, gate_text, "refills ");
	assert_says(gate, gate_markdown, "- default:pair/size:64: 1.2 x slower: 4 x refills\n");
	assert_says(
		gate, gate_markdown, "| default:pair/size:64 | refills | 0.025 | 0.1 | 4.000 |");
	assert_int_equal(
		json_array_size(json_object_get(json, "counters")), 1); // batch is the same
	assert_string_equal(
		json_string_value(json_object_get(explained, "series")), "pair/size:64");
	assert_string_equal(json_string_value(json_object_get(explained, "explanation")),
		"1.2 x slower: 4 x refills");
	json_decref(json);
	gate_free(gate);
}

// A counter decides nothing.
static void a_changed_counter_alone_is_no_finding(void **state)
{
	struct gate *gate = gate_of_counted(10, 0.1);
	struct problem problem = {0};

	(void)state;
	assert_null(gate->counters);
	assert_int_equal(gate_status(gate, true, &problem), EXIT_GOOD);
	gate_free(gate);
}

// ---- margins

// Slower for certain, by 2 to 4 %: beyond a margin of 1 %, but not of 3 %.
static void a_regression_lies_beyond_the_margin_with_its_whole_interval(void **state)
{
	struct gate_options options = made_gate_options("session:1");
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10, .batch_ns = 20});
	made_session_of((struct made_session_like){.pair_ns = 10.3, .batch_ns = 20});
	options.margin = 0.03;
	assert_true(gate_make(made_gate_store, &options, &gate, &problem));
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_SLOWER);
	assert_int_equal(gate_candidates(gate, false), 0);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_GOOD);
	assert_int_equal(gate_status(gate, true, &problem), EXIT_UNDECIDED);
	gate_free(gate);
	options.margin = 0.01;
	assert_true(gate_make(made_gate_store, &options, &gate, &problem));
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_REGRESSION);
	gate_free(gate);
}

static void a_config_may_have_a_blank_in_its_name(void **state)
{
	const struct gate_row *row;
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10, .config = "my build"});
	made_session_of((struct made_session_like){.pair_ns = 11, .config = "my build"});
	gate = made_gate("session:1");
	assert_int_equal(gate->rows_count, 1);
	row = made_gate_row(gate, "pair/size:64", "time");
	assert_string_equal(row->config, "my build");
	assert_int_equal(row->outcome, GATE_REGRESSION);
	gate_free(gate);
}

static void what_is_faster_passes(void **state)
{
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10});
	made_session_of((struct made_session_like){.pair_ns = 9});
	gate = made_gate("session:1");
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_FASTER);
	assert_int_equal(gate_status(gate, true, &problem), EXIT_GOOD);
	gate_free(gate);
}

static void undecided_passes_unless_strict(void **state)
{
	struct gate_options options = made_gate_options("session:1");
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10});
	made_session_of((struct made_session_like){.pair_ns = 10});
	options.margin = 0.0001; // nothing is as equal as that
	assert_true(gate_make(made_gate_store, &options, &gate, &problem));
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_UNDECIDED);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_GOOD);
	assert_int_equal(gate_status(gate, true, &problem), EXIT_UNDECIDED);
	gate_free(gate);
}

// ---- never green

static void what_the_session_was_to_measure_and_did_not_is_not_green(void **state)
{
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10, .batch_ns = 20});
	made_session_of((struct made_session_like){.pair_ns = 10,
		.plan = "{\"workloads\":[\"pair\",\"batch\"],\"configs\":[\"default\"]}"});
	gate = made_gate("session:1");
	assert_gate_outcome(gate, "batch/size:64", "time", GATE_NOT_MEASURED);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_NOT_MEASURED);
	gate_free(gate);
	// What nobody asked for is not missing.
	made_session_of((struct made_session_like){
		.pair_ns = 10, .plan = "{\"workloads\":[\"pair\"],\"configs\":[\"default\"]}"});
	gate = made_gate("session:1");
	assert_int_equal(gate->rows_count, 1);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_GOOD);
	gate_free(gate);
}

static void an_interrupted_session_is_not_green(void **state)
{
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10});
	made_session_of((struct made_session_like){.pair_ns = 10, .ended = "interrupted"});
	gate = made_gate("session:1");
	assert_int_equal(gate_status(gate, false, &problem), EXIT_NOT_MEASURED);
	assert_int_equal(json_array_size(gate->warnings), 1);
	gate_free(gate);
}

// The time was up, and what was to be measured has its figures.
static void a_budget_that_ran_out_is_no_failure_where_all_was_measured(void **state)
{
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10, .batch_ns = 20});
	made_session_of(
		(struct made_session_like){.pair_ns = 10, .batch_ns = 20, .ended = "out of time"});
	gate = made_gate("session:1");
	assert_int_equal(gate_status(gate, false, &problem), EXIT_GOOD);
	assert_int_equal(json_array_size(gate->warnings), 1);
	gate_free(gate);
	made_session_of((struct made_session_like){.pair_ns = 10,
		.ended = "out of time",
		.plan = "{\"workloads\":[\"pair\",\"batch\"],\"configs\":[\"default\"]}"});
	gate = made_gate("session:1");
	assert_int_equal(gate_status(gate, false, &problem), EXIT_NOT_MEASURED);
	gate_free(gate);
}

static void a_machine_that_nobody_recorded_is_warned_of(void **state)
{
	const json_t *warning;
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10, .machine = ""});
	made_session_of((struct made_session_like){.pair_ns = 12, .machine = ""});
	gate = made_gate("session:1");
	warning = json_array_get(gate->warnings, 0);
	assert_non_null(strstr(json_string_value(warning), "recorded no machine"));
	gate_free(gate);
	made_session_of((struct made_session_like){.pair_ns = 12, .machine = "beef"});
	assert_gate_refused("session:1", EXIT_WRONG_USE, "only results of one machine");
}

static void too_few_processes_are_not_green(void **state)
{
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10, .processes = 3});
	made_session_of((struct made_session_like){.pair_ns = 20, .processes = 3});
	gate = made_gate("session:1");
	assert_true(made_gate_row(gate, "pair/size:64", "time")->is_insufficient);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, "too few"));
	gate_free(gate);
}

// What never has noise is judged all the same, and says nothing of the times.
static void exact_metrics_do_not_make_up_for_too_few_processes(void **state)
{
	const struct made_session_like few = {
		.pair_ns = 10, .counter = "code_bytes", .counter_value = 900, .processes = 3};
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_session_of(few);
	made_session_of(few);
	gate = made_gate("session:1");
	assert_gate_outcome(gate, GATE_BUILD, "code_bytes", GATE_SAME);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, "too few"));
	gate_free(gate);
}

static void sessions_that_share_nothing_are_not_green(void **state)
{
	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10});
	made_session_of((struct made_session_like){.batch_ns = 10});
	assert_gate_refused("session:1", EXIT_NOT_MEASURED, "share no series");
}

static void an_empty_store_is_not_green(void **state)
{
	(void)state;
	assert_gate_refused("last-good", EXIT_NOT_MEASURED, "no session to judge");
}

// ---- accepted changes

static void an_accepted_change_passes_until_it_gets_worse(void **state)
{
	struct problem problem = {0};
	size_t count = 0;
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10});
	made_session_of((struct made_session_like){.pair_ns = 11});
	gate = made_gate("session:1");
	assert_true(gate_accept(
		made_gate_store, gate, "default:pair/size:64", "worth it", 2000, &count, &problem));
	assert_int_equal(count, 1);
	assert_false(
		gate_accept(made_gate_store, gate, "default:pairs", "x", 2000, &count, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_non_null(strstr(problem.text, "default:pair/size:64"));
	gate_free(gate);
	gate = made_gate("session:1");
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_ACCEPTED);
	assert_non_null(strstr(made_gate_row(gate, "pair/size:64", "time")->remark, "worth it"));
	assert_int_equal(gate_status(gate, true, &problem), EXIT_GOOD);
	gate_free(gate);
	made_session_of((struct made_session_like){.pair_ns = 12});
	gate = made_gate("session:1");
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_REGRESSION);
	gate_free(gate);
}

// A change of the compiler changes the size of the code in every series.
static void a_pattern_accepts_what_it_fits(void **state)
{
	struct problem problem = {0};
	size_t count = 0;
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){
		.pair_ns = 10, .batch_ns = 10, .counter = "code_bytes", .counter_value = 900});
	made_session_of((struct made_session_like){
		.pair_ns = 10, .batch_ns = 12, .counter = "code_bytes", .counter_value = 901});
	gate = made_gate("session:1");
	assert_true(gate_accept(
		made_gate_store, gate, "default:b*:code_*", "gcc 13", 2000, &count, &problem));
	assert_int_equal(count, 1);
	assert_false(gate_accept(
		made_gate_store, gate, "default:*:simulated_*", "x", 2000, &count, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	gate_free(gate);
	gate = made_gate("session:1");
	assert_gate_outcome(gate, GATE_BUILD, "code_bytes", GATE_ACCEPTED);
	assert_int_equal(gate_status(gate, true, &problem), EXIT_REGRESSION);
	assert_true(gate_accept(made_gate_store, gate, "*", "all of it", 2000, &count, &problem));
	assert_int_equal(count, 1);
	gate_free(gate);
}

static void what_was_accepted_before_the_baseline_is_no_excuse(void **state)
{
	struct problem problem = {0};
	size_t count = 0;
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10});
	made_session_of((struct made_session_like){.pair_ns = 11});
	gate = made_gate("session:1");
	// Sessions of this test begin at 1000 ns.
	assert_true(gate_accept(
		made_gate_store, gate, "default:pair/size:64", "worth it", 900, &count, &problem));
	gate_free(gate);
	gate = made_gate("session:1");
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_REGRESSION);
	gate_free(gate);
}

// ---- showing

static void assert_prints(
	const struct gate *gate, void (*print)(const struct gate *, FILE *), const char *part)
{
	char *text = printed(gate, print);

	if (!strstr(text, part))
		fail_msg("'%s' is missing in:\n%s", part, text);
	free(text);
}

static void all_formats_say_the_same(void **state)
{
	struct gate *gate;
	json_t *json;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10, .batch_ns = 20});
	made_session_of((struct made_session_like){.pair_ns = 11, .batch_ns = 20});
	gate = made_gate("session:1");
	assert_prints(gate, gate_text, "found     1 regression, 1 equivalent\n");
	assert_prints(gate, gate_text, "regression  default:pair/size:64\n");
	assert_prints(gate, gate_markdown, "1 regression, 1 equivalent; margin 2 % (");
	assert_prints(gate, gate_text, "margin    2 % (the default: ");
	assert_prints(gate, gate_markdown, "| **regression** | default | pair/size:64 |");
	assert_prints(gate, gate_junit, "tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\"");
	assert_prints(gate, gate_junit, "<failure type=\"regression\" message=\"regression: 1.");
	json = gate_json(gate);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(json, "counts"), "regression")),
		1);
	assert_int_equal(json_array_size(json_object_get(json, "rows")), 2);
	json_decref(json);
	gate_free(gate);
}

int main(void)
{
#define GATE_TEST(name) cmocka_unit_test_setup_teardown(name, made_gate_set_up, made_gate_tear_down)
	static const struct CMUnitTest TESTS[] = {
		GATE_TEST(a_changed_time_is_explained_by_counters),
		GATE_TEST(a_changed_counter_alone_is_no_finding),
		GATE_TEST(what_is_slower_is_a_regression_and_the_rest_passes),
		GATE_TEST(a_config_may_have_a_blank_in_its_name),
		GATE_TEST(a_regression_lies_beyond_the_margin_with_its_whole_interval),
		GATE_TEST(what_is_faster_passes),
		GATE_TEST(undecided_passes_unless_strict),
		GATE_TEST(what_the_session_was_to_measure_and_did_not_is_not_green),
		GATE_TEST(an_interrupted_session_is_not_green),
		GATE_TEST(a_budget_that_ran_out_is_no_failure_where_all_was_measured),
		GATE_TEST(a_machine_that_nobody_recorded_is_warned_of),
		GATE_TEST(too_few_processes_are_not_green),
		GATE_TEST(exact_metrics_do_not_make_up_for_too_few_processes),
		GATE_TEST(sessions_that_share_nothing_are_not_green),
		GATE_TEST(an_empty_store_is_not_green),
		GATE_TEST(an_accepted_change_passes_until_it_gets_worse),
		GATE_TEST(a_pattern_accepts_what_it_fits),
		GATE_TEST(what_was_accepted_before_the_baseline_is_no_excuse),
		GATE_TEST(all_formats_say_the_same),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
