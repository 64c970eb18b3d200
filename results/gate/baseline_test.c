// SPDX-License-Identifier: GPL-2.0-or-later
// Which sessions a baseline is: by commit, by name, the last that passed, the last few; and what is
// refused.
#include "gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results/made/gate.h"

// ---- baselines

static void a_commit_is_its_newest_session(void **state)
{
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10, .commit = "abcdef0123"});
	made_session_of((struct made_session_like){.pair_ns = 10, .commit = "abcdef0123"});
	made_session_of((struct made_session_like){.pair_ns = 10, .commit = "0123456789"});
	gate = made_gate("commit:abcdef");
	assert_int_equal(gate->baselines_count, 1);
	assert_int_equal(gate->baselines[0], 2);
	gate_free(gate);
	assert_gate_refused("commit:abcdeg", EXIT_NOT_MEASURED, "no other session");
	assert_gate_refused("commit:abc", EXIT_WRONG_USE, "at least 4");
}

static void changes_on_top_of_a_commit_must_be_asked_for(void **state)
{
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10, .commit = "abcdef0123"});
	made_session_of((struct made_session_like){.pair_ns = 10, .commit = "abcdef0123-dirty"});
	made_session_of((struct made_session_like){.pair_ns = 10, .commit = "abcdef01"});
	made_session_of((struct made_session_like){.pair_ns = 10, .commit = "0123456789"});
	gate = made_gate("commit:abcdef0123");
	assert_int_equal(gate->baselines[0], 1);
	gate_free(gate);
	gate = made_gate("commit:abcdef012-dirty");
	assert_int_equal(gate->baselines[0], 2);
	gate_free(gate);
	gate = made_gate("commit:abcdef01"); // in full
	assert_int_equal(gate->baselines[0], 3);
	gate_free(gate);
	assert_gate_refused(
		"commit:abcdef", EXIT_WRONG_USE, "begins several commits: abcdef01, abcdef0123");
	assert_gate_refused("commit:0123-dirty", EXIT_NOT_MEASURED, "commit:PREFIX-dirty");
}

static void the_last_good_one_passed_the_gate(void **state)
{
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10});
	made_session_of((struct made_session_like){.pair_ns = 10});
	assert_gate_refused("last-good", EXIT_NOT_MEASURED, "--set-baseline=last-good");
	assert_true(gate_baseline_set(made_gate_store, "last-good", 1, NULL, 5, &problem));
	gate = made_gate("last-good");
	assert_int_equal(gate->baselines[0], 1);
	assert_true(gate_write(made_gate_store, gate, EXIT_GOOD, 6, &problem));
	gate_free(gate);
	made_session_of((struct made_session_like){.pair_ns = 12});
	gate = made_gate("last-good");
	assert_int_equal(gate->baselines[0], 2);
	assert_true(gate_write(made_gate_store, gate, EXIT_REGRESSION, 7, &problem));
	gate_free(gate);
	made_session_of((struct made_session_like){.pair_ns = 12});
	gate = made_gate("last-good"); // 3 did not pass
	assert_int_equal(gate->baselines[0], 2);
	gate_free(gate);
}

static void rolling_takes_the_sessions_before_and_no_calibration(void **state)
{
	struct gate_options options = made_gate_options("rolling:3");
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	for (int i = 0; i < 4; i++)
		made_session_of((struct made_session_like){.pair_ns = 10});
	made_session_of(
		(struct made_session_like){.pair_ns = 10, .plan = "{\"purpose\":\"calibration\"}"});
	made_session_of((struct made_session_like){.pair_ns = 10});
	made_session_of((struct made_session_like){.pair_ns = 10});
	options.session = 6;
	assert_true(gate_make(made_gate_store, &options, &gate, &problem));
	assert_int_equal(gate->baselines_count, 3);
	assert_int_equal(gate->baselines[0], 4);
	assert_int_equal(gate->baselines[2], 2);
	gate_free(gate);
	assert_gate_refused("rolling:0", EXIT_WRONG_USE, "from 1 to");
}

static void one_slow_day_of_several_makes_no_alarm(void **state)
{
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10});
	made_session_of((struct made_session_like){.pair_ns = 11});
	made_session_of((struct made_session_like){.pair_ns = 10});
	made_session_of((struct made_session_like){.pair_ns = 10});
	made_session_of((struct made_session_like){.pair_ns = 10.9});
	gate = made_gate("rolling:4");
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_UNDECIDED);
	assert_non_null(strstr(made_gate_row(gate, "pair/size:64", "time")->remark, "as slow"));
	gate_free(gate);
	made_session_of((struct made_session_like){.pair_ns = 12});
	gate = made_gate("rolling:4");
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_REGRESSION);
	gate_free(gate);
}

// The slow day had one fast process, with many samples: it still was a slow day.
static void a_slow_day_counts_processes_however_many_samples_they_have(void **state)
{
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10});
	made_session_of(
		(struct made_session_like){.pair_ns = 11, .first_samples = 40, .first_ns = 9});
	made_session_of((struct made_session_like){.pair_ns = 10});
	made_session_of((struct made_session_like){.pair_ns = 10});
	made_session_of((struct made_session_like){.pair_ns = 10.5});
	gate = made_gate("rolling:4");
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_UNDECIDED);
	assert_non_null(strstr(made_gate_row(gate, "pair/size:64", "time")->remark, "as slow"));
	gate_free(gate);
}

static void a_name_is_given_and_moved(void **state)
{
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	for (int i = 0; i < 3; i++)
		made_session_of((struct made_session_like){.pair_ns = 10});
	assert_true(gate_baseline_set(made_gate_store, "v1.0", 1, "the first", 5, &problem));
	gate = made_gate("tag:v1.0");
	assert_int_equal(gate->baselines[0], 1);
	gate_free(gate);
	assert_true(gate_baseline_set(made_gate_store, "v1.0", 2, NULL, 6, &problem));
	gate = made_gate("tag:v1.0");
	assert_int_equal(gate->baselines[0], 2);
	gate_free(gate);
	assert_gate_refused("tag:v2", EXIT_NOT_MEASURED, "--set-baseline=v2");
	assert_false(gate_baseline_set(made_gate_store, "a b", 1, NULL, 7, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_false(gate_baseline_set(made_gate_store, "x", 99, NULL, 7, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
}

static void other_machines_and_wrong_words_are_refused(void **state)
{
	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10, .machine = "elsewhere"});
	made_session_of((struct made_session_like){.pair_ns = 10});
	assert_gate_refused("session:1", EXIT_WRONG_USE, "only results of one machine");
	assert_gate_refused("rolling:5", EXIT_NOT_MEASURED, "no other session");
	assert_gate_refused("session:2", EXIT_WRONG_USE, "its own baseline");
	assert_gate_refused("session:7", EXIT_NOT_MEASURED, "no session 7");
	assert_gate_refused("session:x", EXIT_WRONG_USE, "number of a session");
	assert_gate_refused("main", EXIT_WRONG_USE, "expected commit:PREFIX");
}

static void another_kernel_is_told(void **state)
{
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10, .kernel = "Linux 5.10"});
	made_session_of((struct made_session_like){.pair_ns = 10, .kernel = "Linux 6.1"});
	gate = made_gate("session:1");
	assert_int_equal(json_array_size(gate->warnings), 1);
	assert_non_null(strstr(json_string_value(json_array_get(gate->warnings, 0)),
		"kernel is another than in session 1: 'Linux 6.1', it was 'Linux 5.10'"));
	gate_free(gate);
}

// The machine is the same, so that the baseline is found.
static void other_memory_is_told_and_judged(void **state)
{
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10, .memory = "node 0: 3 GiB"});
	made_session_of((struct made_session_like){.pair_ns = 10, .memory = "node 0: 6 GiB"});
	gate = made_gate("session:1");
	assert_int_equal(json_array_size(gate->warnings), 1);
	assert_non_null(strstr(json_string_value(json_array_get(gate->warnings, 0)),
		"'node 0: 3 GiB', then 'node 0: 6 GiB'"));
	gate_free(gate);
}

static void other_options_of_the_allocator_are_told(void **state)
{
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10});
	made_session_of((struct made_session_like){.pair_ns = 10, .options = "backing=4k"});
	gate = made_gate("session:1");
	assert_int_equal(json_array_size(gate->warnings), 1);
	assert_non_null(strstr(json_string_value(json_array_get(gate->warnings, 0)),
		"slab_options is another than in session 1: 'backing=4k', it was 'none'"));
	gate_free(gate);
}

int main(void)
{
#define GATE_TEST(name) cmocka_unit_test_setup_teardown(name, made_gate_set_up, made_gate_tear_down)
	static const struct CMUnitTest TESTS[] = {
		GATE_TEST(a_commit_is_its_newest_session),
		GATE_TEST(changes_on_top_of_a_commit_must_be_asked_for),
		GATE_TEST(the_last_good_one_passed_the_gate),
		GATE_TEST(rolling_takes_the_sessions_before_and_no_calibration),
		GATE_TEST(one_slow_day_of_several_makes_no_alarm),
		GATE_TEST(a_slow_day_counts_processes_however_many_samples_they_have),
		GATE_TEST(a_name_is_given_and_moved),
		GATE_TEST(other_machines_and_wrong_words_are_refused),
		GATE_TEST(another_kernel_is_told),
		GATE_TEST(other_options_of_the_allocator_are_told),
		GATE_TEST(other_memory_is_told_and_judged),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
