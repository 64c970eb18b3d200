// SPDX-License-Identifier: GPL-2.0-or-later
// Side by side: other builds in the same rounds, as the baseline or to confirm.
#include "gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results/made/gate.h"

// A session with the build of commit "old0" beside the config's own, of commit "new0".
static int64_t session_beside(struct made_session_like old, struct made_session_like own)
{
	old.side = "default@old0";
	old.commit = "old0";
	own.commit = "new0";
	old.session = made_session_of(own);
	return made_session_of(old);
}

static struct gate *made_of(int64_t session, const char *baseline)
{
	struct gate_options options = made_gate_options(baseline);
	struct problem problem = {0};
	struct gate *gate;

	options.session = session;
	if (!gate_make(made_gate_store, &options, &gate, &problem))
		fail_msg("%s", problem.text);
	return gate;
}

static void fresh_rounds_confirm_or_not(void **state)
{
	const struct gate_options options = made_gate_options("session:1");
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_session_of(
		(struct made_session_like){.pair_ns = 10, .batch_ns = 20, .commit = "old0"});
	made_session_of(
		(struct made_session_like){.pair_ns = 11, .batch_ns = 22, .commit = "new0"});
	session_beside((struct made_session_like){.pair_ns = 13, .batch_ns = 26},
		(struct made_session_like){.pair_ns = 13, .batch_ns = 28.6});
	gate = made_of(2, "session:1");
	assert_string_equal(gate->baseline_commit, "old0");
	assert_int_equal(gate_candidates(gate, false), 2);
	assert_true(gate_confirm(made_gate_store, &options, gate, 3, &problem));
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_UNCONFIRMED);
	assert_gate_outcome(gate, "batch/size:64", "time", GATE_REGRESSION);
	assert_non_null(
		strstr(made_gate_row(gate, "batch/size:64", "time")->remark, "side by side"));
	assert_int_equal(gate->confirmed_by, 3);
	gate_free(gate);
}

static void assert_confirms_nothing(int64_t session, const char *part)
{
	const struct gate_options options = made_gate_options("session:1");
	struct gate *gate = made_of(2, "session:1");
	struct problem problem = {0};

	assert_false(gate_confirm(made_gate_store, &options, gate, session, &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	if (!strstr(problem.text, part))
		fail_msg("'%s' is missing in: %s", part, problem.text);
	gate_free(gate);
}

static void what_lacks_one_of_the_builds_confirms_nothing(void **state)
{
	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10, .commit = "old0"});
	made_session_of((struct made_session_like){.pair_ns = 11, .commit = "new0"});
	made_session_of((struct made_session_like){.pair_ns = 11, .commit = "new0"});
	assert_confirms_nothing(3, "did not measure default of commit old0");
	made_session_of((struct made_session_like){
		.pair_ns = 10, .side = "default@old1", .commit = "old1", .session = 3});
	assert_confirms_nothing(3, "did not measure default of commit old0");
	made_session_of((struct made_session_like){.pair_ns = 11, .commit = "new1"});
	made_session_of((struct made_session_like){
		.pair_ns = 10, .side = "default@old0", .commit = "old0", .session = 4});
	assert_confirms_nothing(4, "beside that of commit new0");
	made_session_of((struct made_session_like){.pair_ns = 11, .machine = "other"});
	assert_confirms_nothing(5, "ran on machine other");
}

static void both_builds_may_be_named_by_their_commits(void **state)
{
	const struct gate_options options = made_gate_options("session:1");
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10, .commit = "old0"});
	made_session_of((struct made_session_like){.pair_ns = 11, .commit = "new0"});
	made_session_of((struct made_session_like){
		.pair_ns = 10, .commit = "new0", .side = "default@new0"});
	made_session_of((struct made_session_like){
		.pair_ns = 10, .commit = "old0", .side = "default=old/build", .session = 3});
	gate = made_of(2, "session:1");
	assert_true(gate_confirm(made_gate_store, &options, gate, 3, &problem));
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_UNCONFIRMED);
	gate_free(gate);
}

// What the night hides from the first comparison shows there.
static void all_series_may_be_judged_so(void **state)
{
	struct gate_options options = made_gate_options("session:1");
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	options.is_beside = true;
	made_session_of(
		(struct made_session_like){.pair_ns = 10, .batch_ns = 20, .commit = "old0"});
	made_session_of(
		(struct made_session_like){.pair_ns = 10, .batch_ns = 24, .commit = "new0"});
	session_beside((struct made_session_like){.pair_ns = 9, .batch_ns = 18},
		(struct made_session_like){.pair_ns = 10, .batch_ns = 18});
	gate = made_of(2, "session:1");
	assert_int_equal(gate_candidates(gate, false), 1);
	assert_int_equal(gate_candidates(gate, true), 2);
	assert_true(gate_confirm(made_gate_store, &options, gate, 3, &problem));
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_REGRESSION);
	assert_gate_outcome(gate, "batch/size:64", "time", GATE_SAME);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_REGRESSION);
	gate_free(gate);
}

static void a_session_is_judged_against_a_build_of_its_own(void **state)
{
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	session_beside((struct made_session_like){.pair_ns = 10,
			       .batch_ns = 20,
			       .counter = "code_bytes",
			       .counter_value = 900},
		(struct made_session_like){.pair_ns = 11,
			.batch_ns = 20,
			.counter = "code_bytes",
			.counter_value = 901});
	gate = made_of(1, "side:default@old0");
	assert_int_equal(gate->rows_count, 3);
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_REGRESSION);
	assert_gate_outcome(gate, "batch/size:64", "time", GATE_SAME);
	assert_gate_outcome(gate, GATE_BUILD, "code_bytes", GATE_WARNED);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_REGRESSION);
	gate_free(gate);
	gate = made_of(1, "side:@old0");
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_REGRESSION);
	gate_free(gate);
	gate = made_of(1, "commit:old0"); // no other session has it
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_REGRESSION);
	gate_free(gate);
	assert_gate_refused("side:default@feed", EXIT_NOT_MEASURED, "measured no such build");
	assert_gate_refused("commit:feed", EXIT_NOT_MEASURED, "no other session");
}

// A build that was measured beside its config is none of the results that nights are made of.
static void builds_beside_are_no_baseline(void **state)
{
	struct gate *gate;

	(void)state;
	session_beside((struct made_session_like){.pair_ns = 10},
		(struct made_session_like){.pair_ns = 10});
	session_beside((struct made_session_like){.pair_ns = 20},
		(struct made_session_like){.pair_ns = 10});
	gate = made_gate("session:1");
	assert_int_equal(gate->rows_count, 1);
	assert_gate_outcome(gate, "pair/size:64", "time", GATE_SAME);
	assert_string_equal(gate->baseline_commit, "new0");
	gate_free(gate);
}

// Against the anchor's build, too, where steps have added up.
static void an_anchor_is_confirmed_by_its_own_build(void **state)
{
	const struct gate_options options = made_gate_options("last-good");
	struct problem problem = {0};
	struct gate *gate;
	int64_t beside;

	(void)state;
	made_session_of((struct made_session_like){.pair_ns = 10, .commit = "old0"});
	made_session_of((struct made_session_like){.pair_ns = 10.3, .commit = "mid0"});
	assert_true(gate_baseline_set(made_gate_store, "last-good", 1, NULL, 5, &problem));
	gate = made_of(2, "session:1");
	assert_true(gate_write(made_gate_store, gate, EXIT_GOOD, 6, &problem)); // it passed somehow
	gate_free(gate);
	made_session_of((struct made_session_like){.pair_ns = 10.45, .commit = "new0"});
	gate = made_of(3, "last-good");
	assert_int_equal(gate->baselines[0], 2);
	assert_string_equal(gate->anchor_commit, "old0");
	assert_int_equal(gate_candidates(gate, false), 1); // since the anchor
	beside = made_session_of((struct made_session_like){.pair_ns = 10.4, .commit = "new0"});
	made_session_of((struct made_session_like){
		.pair_ns = 10.3, .commit = "mid0", .side = "default@mid0", .session = beside});
	assert_false(gate_confirm(made_gate_store, &options, gate, beside, &problem));
	assert_non_null(strstr(problem.text, "of commit old0"));
	made_session_of((struct made_session_like){
		.pair_ns = 9.9, .commit = "old0", .side = "default@old0", .session = beside});
	assert_true(gate_confirm(made_gate_store, &options, gate, beside, &problem));
	assert_int_equal(gate->rows_count, 2);
	assert_int_equal(gate->rows[1].anchor, 1);
	assert_int_equal(gate->rows[1].outcome, GATE_REGRESSION);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_REGRESSION);
	gate_free(gate);
}

int main(void)
{
#define GATE_TEST(name) cmocka_unit_test_setup_teardown(name, made_gate_set_up, made_gate_tear_down)
	static const struct CMUnitTest TESTS[] = {
		GATE_TEST(fresh_rounds_confirm_or_not),
		GATE_TEST(what_lacks_one_of_the_builds_confirms_nothing),
		GATE_TEST(both_builds_may_be_named_by_their_commits),
		GATE_TEST(all_series_may_be_judged_so),
		GATE_TEST(a_session_is_judged_against_a_build_of_its_own),
		GATE_TEST(builds_beside_are_no_baseline),
		GATE_TEST(an_anchor_is_confirmed_by_its_own_build),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
