// SPDX-License-Identifier: GPL-2.0-or-later
// Exact metrics before the gate: which they are, and that any difference of one is a change.
#include "gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results/compare/exact.h"
#include "results/made/gate.h"

// ---- exact metrics

static void names_say_which_metrics_are_exact(void **state)
{
	(void)state;
	assert_int_equal(exact_kind_of("simulated_instructions", NULL), EXACT_LESS_IS_BETTER);
	assert_int_equal(exact_kind_of("code_bytes", NULL), EXACT_LESS_IS_BETTER);
	assert_int_equal(exact_kind_of("geometry_colours", NULL), EXACT_NEITHER);
	assert_int_equal(exact_kind_of("migrations", NULL), EXACT_NOT);
	assert_int_equal(exact_kind_of("refills", "flushes,refills"), EXACT_LESS_IS_BETTER);
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
	assert_gate_outcome(gate, "pair/size:64", "code_bytes", GATE_NOT_MEASURED);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_NOT_MEASURED);
	gate_free(gate);
}

int main(void)
{
#define GATE_TEST(name) cmocka_unit_test_setup_teardown(name, made_gate_set_up, made_gate_tear_down)
	static const struct CMUnitTest TESTS[] = {
		GATE_TEST(names_say_which_metrics_are_exact),
		GATE_TEST(any_difference_of_an_exact_metric_is_a_change),
		GATE_TEST(an_exact_metric_that_is_gone_is_not_green),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
