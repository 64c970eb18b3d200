// SPDX-License-Identifier: GPL-2.0-or-later
// Nights as the unit: what is believed of how far they differ, and what last-good's anchor finds.
#include "gate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results/made/gate.h"

static struct gate *made_of_nights(const char *baseline)
{
	struct gate_options options = made_gate_options(baseline);
	struct problem problem = {0};
	struct gate *gate;

	options.nights = GATE_NIGHTS_HISTORY;
	if (!gate_make(made_gate_store, &options, &gate, &problem))
		fail_msg("%s", problem.text);
	return gate;
}

// Nights from number `first` on whose figures lie on both sides of 10 ns by a share.
static void nights_make(int first, int count, double share)
{
	for (int i = first; i < first + count; i++)
		made_session_of((struct made_session_like){
			.pair_ns = 10 * (1 + (i % 2 ? share : -share)), .night = i});
}

static void too_few_nights_tell_nothing(void **state)
{
	struct problem problem = {0};
	const struct gate_row *row;
	struct gate *gate;

	(void)state;
	nights_make(0, 4, 0);
	made_session_of((struct made_session_like){.pair_ns = 12, .night = 4});
	gate = made_of_nights("session:4");
	row = made_gate_row(gate, "pair/size:64", "time");
	assert_int_equal(row->outcome, GATE_UNDECIDED);
	assert_int_equal(row->nights, 4);
	assert_true(row->is_candidate);
	assert_non_null(strstr(row->remark, "4 earlier nights"));
	assert_int_equal(gate_candidates(gate, false), 1);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_GOOD);
	assert_int_equal(gate_status(gate, true, &problem), EXIT_UNDECIDED);
	gate_free(gate);
}

static void sessions_of_one_night_are_one(void **state)
{
	struct gate *gate;

	(void)state;
	for (int i = 0; i < 8; i++)
		nights_make(0, 1, 0);
	made_session_of((struct made_session_like){.pair_ns = 12, .night = 1});
	gate = made_of_nights("session:8");
	assert_int_equal(made_gate_row(gate, "pair/size:64", "time")->nights, 1);
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_UNDECIDED);
	gate_free(gate);
}

static void what_nights_differ_by_is_no_regression(void **state)
{
	const struct gate_row *row;
	struct gate *gate;

	(void)state;
	nights_make(0, 10, 0.02);
	made_session_of((struct made_session_like){.pair_ns = 10.6, .night = 10});
	gate = made_of_nights("session:9");
	row = made_gate_row(gate, "pair/size:64", "time");
	assert_int_equal(row->outcome, GATE_UNDECIDED);
	assert_true(row->is_candidate);
	assert_int_equal(row->nights, 10);
	// Each night lies 4 % from the one before: the standard deviation is that by the root of 2.
	assert_true(fabs(row->night_spread - 0.04 / sqrt(2)) < 0.003);
	assert_non_null(strstr(row->remark, "of 10 nights"));
	gate_free(gate);
	made_session_of((struct made_session_like){.pair_ns = 13, .night = 11});
	gate = made_of_nights("session:9");
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_REGRESSION);
	gate_free(gate);
}

// Successive differences: what changed once does not pass for what nights differ by.
static void a_step_of_long_ago_widens_little(void **state)
{
	struct gate *gate;

	(void)state;
	for (int i = 0; i < 30; i++)
		made_session_of((struct made_session_like){.pair_ns = i < 8 ? 8 : 10, .night = i});
	made_session_of((struct made_session_like){.pair_ns = 12, .night = 30});
	gate = made_of_nights("session:30");
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_REGRESSION);
	gate_free(gate);
}

static void what_is_faster_asks_no_nights(void **state)
{
	struct gate *gate;

	(void)state;
	nights_make(0, 1, 0);
	made_session_of((struct made_session_like){.pair_ns = 9, .night = 1});
	gate = made_of_nights("session:1");
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_FASTER);
	gate_free(gate);
}

// ---- the anchor

// Gates the newest session against the last good one, as a nightly job does.
static int night_gate(void)
{
	struct gate *gate = made_of_nights("last-good");
	struct problem problem = {0};
	int status = gate_status(gate, false, &problem);

	assert_true(gate_write(made_gate_store, gate, status, 5, &problem));
	gate_free(gate);
	return status;
}

static void small_steps_do_not_pass_for_ever(void **state)
{
	struct problem problem = {0};
	double ns = 10;
	int night = 1;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = ns});
	assert_true(gate_baseline_set(made_gate_store, "last-good", 1, NULL, 5, &problem));
	for (int status = EXIT_GOOD; status == EXIT_GOOD; night++) {
		assert_true(night < 20);
		ns *= 1.008;
		made_session_of((struct made_session_like){.pair_ns = ns, .night = night});
		status = night_gate();
		assert_true(status == EXIT_GOOD || status == EXIT_REGRESSION);
	}
	assert_true(night > 3); // no step by itself
}

static void the_row_says_since_when(void **state)
{
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 9});
	assert_true(gate_baseline_set(made_gate_store, "last-good", 1, NULL, 5, &problem));
	for (int i = 1; i < 8; i++)
		made_session_of((struct made_session_like){.pair_ns = 10, .night = i});
	gate = made_of_nights("session:1");
	assert_true(gate_write(made_gate_store, gate, EXIT_GOOD, 6, &problem)); // 8 passed somehow
	gate_free(gate);
	made_session_of((struct made_session_like){.pair_ns = 10, .night = 8});
	gate = made_of_nights("last-good");
	assert_int_equal(gate->baselines[0], 8);
	assert_int_equal(gate->anchor, 1);
	assert_int_equal(gate->rows_count, 2);
	assert_int_equal(gate->rows[0].outcome, GATE_SAME);
	assert_int_equal(gate->rows[1].anchor, 1);
	assert_true(gate->rows[1].is_candidate);
	gate_free(gate);
}

int main(void)
{
#define GATE_TEST(name) cmocka_unit_test_setup_teardown(name, made_gate_set_up, made_gate_tear_down)
	static const struct CMUnitTest TESTS[] = {
		GATE_TEST(too_few_nights_tell_nothing),
		GATE_TEST(sessions_of_one_night_are_one),
		GATE_TEST(what_nights_differ_by_is_no_regression),
		GATE_TEST(a_step_of_long_ago_widens_little),
		GATE_TEST(what_is_faster_asks_no_nights),
		GATE_TEST(small_steps_do_not_pass_for_ever),
		GATE_TEST(the_row_says_since_when),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
