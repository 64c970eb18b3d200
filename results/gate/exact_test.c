// SPDX-License-Identifier: GPL-2.0-or-later
// Exact metrics before the gate: which they are, and that any difference of one is a change.
#include "gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results/compare/counters/exact.h"
#include "results/made/gate.h"

// ---- exact metrics

static void names_say_which_metrics_are_exact(void **state)
{
	(void)state;
	assert_int_equal(exact_kind_of("simulated_instructions", NULL), EXACT_COUNT);
	assert_int_equal(exact_kind_of("code_bytes", NULL), EXACT_CODE);
	assert_int_equal(exact_kind_of("geometry_colours", NULL), EXACT_GEOMETRY);
	assert_int_equal(exact_kind_of("migrations", NULL), EXACT_NOT);
	assert_int_equal(exact_kind_of("refills", "flushes,refills"), EXACT_COUNT);
	assert_int_equal(exact_kind_of("refill", "flushes,refills"), EXACT_NOT);
}

static enum gate_outcome exact_outcome(const char *counter, double before, double after)
{
	enum gate_outcome outcome;
	struct gate *gate;
	char baseline[32];
	int64_t session = made_session_of((struct made_session_like){
		.pair_ns = 10, .counter = counter, .counter_value = before});

	made_session_of((struct made_session_like){
		.pair_ns = 10, .counter = counter, .counter_value = after});
	snprintf(baseline, sizeof(baseline), "session:%lld", (long long)session);
	gate = made_gate(baseline);
	outcome = made_gate_row(gate, "pair/size:64", counter)->outcome;
	gate_free(gate);
	return outcome;
}

static void any_difference_of_an_exact_metric_is_a_change(void **state)
{
	(void)state;
	assert_int_equal(exact_outcome("simulated_instructions", 1000, 1000), GATE_SAME);
	assert_int_equal(exact_outcome("simulated_instructions", 1000, 1001), GATE_REGRESSION);
	assert_int_equal(exact_outcome("simulated_instructions", 1000, 999), GATE_FASTER);
	assert_int_equal(exact_outcome("geometry_objects", 30, 31), GATE_REGRESSION);
	assert_int_equal(exact_outcome("geometry_objects", 30, 29), GATE_REGRESSION);
}

static void an_exact_metric_that_is_gone_is_not_green(void **state)
{
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){
		.pair_ns = 10, .counter = "code_bytes", .counter_value = 900});
	made_session_of((struct made_session_like){.pair_ns = 10});
	gate = made_gate("session:1");
	assert_gate_outcome(gate, GATE_BUILD, "code_bytes", GATE_NOT_MEASURED);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_NOT_MEASURED);
	gate_free(gate);
}

// Of code_bytes_alloc as every benchmark of the config tells it.
static struct gate *code_gate(double before, double after, enum gate_exact how)
{
	struct gate_options options = made_gate_options("session:1");
	struct problem problem = {0};
	struct gate *gate;
	struct made_session_like like = {
		.pair_ns = 10, .batch_ns = 20, .counter = "code_bytes_alloc", .is_of_all = true};

	like.counter_value = before;
	made_session_of(like);
	like.counter_value = after;
	made_session_of(like);
	options.exact[EXACT_CODE] = how;
	assert_true(gate_make(made_gate_store, &options, &gate, &problem));
	return gate;
}

static void a_builds_own_metric_is_one_row_and_warned_of(void **state)
{
	struct problem problem = {0};
	struct gate *gate = code_gate(118, 120, GATE_EXACT_USUAL);

	(void)state;
	assert_int_equal(gate->rows_count, 3); // two times
	assert_gate_outcome(gate, GATE_BUILD, "code_bytes_alloc", GATE_WARNED);
	assert_int_equal(made_gate_row(gate, GATE_BUILD, "code_bytes_alloc")->count,
		2 * MADE_GATE_PROCESSES);
	assert_int_equal(gate_status(gate, true, &problem), EXIT_GOOD);
	gate_free(gate);
}

static void each_kind_fails_warns_or_is_left_out_as_asked(void **state)
{
	struct problem problem = {0};
	struct gate *gate = code_gate(118, 120, GATE_EXACT_FAIL);

	(void)state;
	assert_gate_outcome(gate, GATE_BUILD, "code_bytes_alloc", GATE_REGRESSION);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_REGRESSION);
	gate_free(gate);
	gate = code_gate(118, 120, GATE_EXACT_OFF);
	assert_int_equal(gate->rows_count, 2);
	gate_free(gate);
}

static void what_benchmarks_do_not_agree_on_is_theirs(void **state)
{
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10,
		.batch_ns = 20,
		.counter = "code_bytes",
		.counter_value = 900,
		.is_of_all = true,
		.batch_more = 5});
	made_session_of((struct made_session_like){.pair_ns = 10,
		.batch_ns = 20,
		.counter = "code_bytes",
		.counter_value = 901,
		.is_of_all = true,
		.batch_more = 5});
	gate = made_gate("session:1");
	assert_gate_outcome(gate, "pair/size:64", "code_bytes", GATE_WARNED);
	assert_gate_outcome(gate, "batch/size:64", "code_bytes", GATE_WARNED);
	gate_free(gate);
}

int main(void)
{
#define GATE_TEST(name) cmocka_unit_test_setup_teardown(name, made_gate_set_up, made_gate_tear_down)
	static const struct CMUnitTest TESTS[] = {
		GATE_TEST(names_say_which_metrics_are_exact),
		GATE_TEST(any_difference_of_an_exact_metric_is_a_change),
		GATE_TEST(an_exact_metric_that_is_gone_is_not_green),
		GATE_TEST(a_builds_own_metric_is_one_row_and_warned_of),
		GATE_TEST(each_kind_fails_warns_or_is_left_out_as_asked),
		GATE_TEST(what_benchmarks_do_not_agree_on_is_theirs),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
