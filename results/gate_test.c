// SPDX-License-Identifier: GPL-2.0-or-later
// The gate on made-up stores: which sessions a baseline is, what each outcome takes, what is never green, exact metrics,
// accepted changes, the second set of rounds, and files that say the same.
#include "gate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "exact.h"
#include "made_results.h"

enum { PROCESSES = 10 };

static struct store *store;
static gsl_rng *noise;

// Each test has a store of its own.
static int set_up(void **state)
{
	static int number;
	char name[32];

	(void)state;
	snprintf(name, sizeof(name), "gate%d.db", number++);
	store = made_store(made_path(name));
	noise = gsl_rng_alloc(gsl_rng_mt19937);
	gsl_rng_set(noise, 11);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	store_close(store);
	gsl_rng_free(noise);
	return 0;
}

// ---- made-up sessions ----------------------------------------------------------------------------------------------

// What a session is to be like.
struct made {
	double pair_ns; // 0: pair was not measured
	double batch_ns;
	const char *counter; // an exact one, of pair; NULL: none
	double counter_value;
	const char *commit; // NULL: as made_document() has it
	const char *machine; // NULL: likewise
	const char *kernel; // NULL: likewise
	const char *plan; // NULL: {}
	const char *ended; // NULL: complete
	int processes; // 0: PROCESSES
};

static void made_one(int64_t session, int round, const struct made *made, const char *workload,
	double real_time_ns)
{
	json_t *document = made_document("default");
	json_t *context = json_object_get(document, "context");
	char name[64];

	if (made->commit)
		json_object_set_new(context, "commit", json_string(made->commit));
	if (made->machine)
		json_object_set_new(context, "machine", json_string(made->machine));
	if (made->kernel)
		json_object_set_new(context, "kernel", json_string(made->kernel));
	snprintf(name, sizeof(name), "%s/size:64", workload);
	made_sample(document, name, real_time_ns * exp(gsl_ran_gaussian(noise, 0.005)));
	if (made->counter && strcmp(workload, "pair") == 0)
		json_object_set_new(json_array_get(json_object_get(document, "benchmarks"), 0),
			made->counter, json_real(made->counter_value));
	made_process(store, session, round, "default", workload, document);
}

static int64_t made_of(struct made made)
{
	const struct store_session record = {
		.command = "test", .plan = made.plan ? made.plan : "{}", .started_unix_ns = 1000};
	int64_t session;

	assert_true(store_session_begin(store, &record, &session, NULL));
	for (int round = 0; round < (made.processes ? made.processes : PROCESSES); round++) {
		if (made.pair_ns > 0)
			made_one(session, round, &made, "pair", made.pair_ns);
		if (made.batch_ns > 0)
			made_one(session, round, &made, "batch", made.batch_ns);
	}
	assert_true(store_session_end(store, session, made.ended ? made.ended : "complete", NULL));
	return session;
}

static struct gate_options against(const char *baseline)
{
	return (struct gate_options){.baseline = baseline, .alpha = 0.05};
}

static struct gate *gate_of(const char *baseline)
{
	struct gate_options options = against(baseline);
	struct problem problem = {0};
	struct gate *gate;

	if (!gate_make(store, &options, &gate, &problem))
		fail_msg("%s", problem.text);
	return gate;
}

static const struct gate_row *row_of(
	const struct gate *gate, const char *series, const char *metric)
{
	for (size_t i = 0; i < gate->rows_count; i++) {
		if (strcmp(gate->rows[i].series, series) == 0 &&
			strcmp(gate->rows[i].metric, metric) == 0)
			return &gate->rows[i];
	}
	fail_msg("no row %s %s", series, metric);
	return NULL;
}

static void assert_outcome(
	const struct gate *gate, const char *series, const char *metric, enum gate_outcome outcome)
{
	assert_string_equal(gate_outcome_name(row_of(gate, series, metric)->outcome),
		gate_outcome_name(outcome));
}

static void assert_refused(const char *baseline, enum exit_status status, const char *part)
{
	struct gate_options options = against(baseline);
	struct problem problem = {0};
	struct gate *gate;

	assert_false(gate_make(store, &options, &gate, &problem));
	assert_null(gate);
	assert_int_equal(problem.status, status);
	if (!strstr(problem.text, part))
		fail_msg("'%s' is missing in: %s", part, problem.text);
}

// ---- outcomes ------------------------------------------------------------------------------------------------------

static void what_is_slower_is_a_regression_and_the_rest_passes(void **state)
{
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_of((struct made){.pair_ns = 10, .batch_ns = 20});
	made_of((struct made){.pair_ns = 11, .batch_ns = 20});
	gate = gate_of("session:1");
	assert_int_equal(gate->session, 2);
	assert_outcome(gate, "pair/size:64", "time", GATE_REGRESSION);
	assert_outcome(gate, "batch/size:64", "time", GATE_SAME);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_REGRESSION);
	assert_non_null(strstr(problem.text, "1 of 2"));
	assert_int_equal(gate_candidates(gate), 1);
	gate_free(gate);
}

static void what_is_faster_passes(void **state)
{
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_of((struct made){.pair_ns = 10});
	made_of((struct made){.pair_ns = 9});
	gate = gate_of("session:1");
	assert_outcome(gate, "pair/size:64", "time", GATE_FASTER);
	assert_int_equal(gate_status(gate, true, &problem), EXIT_GOOD);
	gate_free(gate);
}

static void undecided_passes_unless_strict(void **state)
{
	struct gate_options options = against("session:1");
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_of((struct made){.pair_ns = 10});
	made_of((struct made){.pair_ns = 10});
	options.margin = 0.0001; // nothing is as equal as that
	assert_true(gate_make(store, &options, &gate, &problem));
	assert_outcome(gate, "pair/size:64", "time", GATE_UNDECIDED);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_GOOD);
	assert_int_equal(gate_status(gate, true, &problem), EXIT_UNDECIDED);
	gate_free(gate);
}

// ---- never green ---------------------------------------------------------------------------------------------------

static void what_the_session_was_to_measure_and_did_not_is_not_green(void **state)
{
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_of((struct made){.pair_ns = 10, .batch_ns = 20});
	made_of((struct made){.pair_ns = 10,
		.plan = "{\"workloads\":[\"pair\",\"batch\"],\"configs\":[\"default\"]}"});
	gate = gate_of("session:1");
	assert_outcome(gate, "batch/size:64", "time", GATE_NOT_MEASURED);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_NOT_MEASURED);
	gate_free(gate);
	// What nobody asked for is not missing.
	made_of((struct made){
		.pair_ns = 10, .plan = "{\"workloads\":[\"pair\"],\"configs\":[\"default\"]}"});
	gate = gate_of("session:1");
	assert_int_equal(gate->rows_count, 1);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_GOOD);
	gate_free(gate);
}

static void an_interrupted_session_is_not_green(void **state)
{
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_of((struct made){.pair_ns = 10});
	made_of((struct made){.pair_ns = 10, .ended = "interrupted"});
	gate = gate_of("session:1");
	assert_int_equal(gate_status(gate, false, &problem), EXIT_NOT_MEASURED);
	assert_int_equal(json_array_size(gate->warnings), 1);
	gate_free(gate);
}

static void too_few_processes_are_not_green(void **state)
{
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_of((struct made){.pair_ns = 10, .processes = 3});
	made_of((struct made){.pair_ns = 20, .processes = 3});
	gate = gate_of("session:1");
	assert_true(row_of(gate, "pair/size:64", "time")->is_insufficient);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, "too few"));
	gate_free(gate);
}

static void sessions_that_share_nothing_are_not_green(void **state)
{
	(void)state;
	made_of((struct made){.pair_ns = 10});
	made_of((struct made){.batch_ns = 10});
	assert_refused("session:1", EXIT_NOT_MEASURED, "share no series");
}

static void an_empty_store_is_not_green(void **state)
{
	(void)state;
	assert_refused("last-good", EXIT_NOT_MEASURED, "no session to judge");
}

// ---- baselines -----------------------------------------------------------------------------------------------------

static void a_commit_is_its_newest_session(void **state)
{
	struct gate *gate;

	(void)state;
	made_of((struct made){.pair_ns = 10, .commit = "abcdef0123"});
	made_of((struct made){.pair_ns = 10, .commit = "abcdef0123"});
	made_of((struct made){.pair_ns = 10, .commit = "0123456789"});
	gate = gate_of("commit:abcdef");
	assert_int_equal(gate->baselines_count, 1);
	assert_int_equal(gate->baselines[0], 2);
	gate_free(gate);
	assert_refused("commit:abcdeg", EXIT_NOT_MEASURED, "no other session");
	assert_refused("commit:abc", EXIT_WRONG_USE, "at least 4");
}

static void the_last_good_one_passed_the_gate(void **state)
{
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	made_of((struct made){.pair_ns = 10});
	made_of((struct made){.pair_ns = 10});
	assert_refused("last-good", EXIT_NOT_MEASURED, "--set-baseline=last-good");
	assert_true(gate_baseline_set(store, "last-good", 1, NULL, 5, &problem));
	gate = gate_of("last-good");
	assert_int_equal(gate->baselines[0], 1);
	assert_true(gate_write(store, gate, EXIT_GOOD, 6, &problem));
	gate_free(gate);
	made_of((struct made){.pair_ns = 12});
	gate = gate_of("last-good");
	assert_int_equal(gate->baselines[0], 2);
	assert_true(gate_write(store, gate, EXIT_REGRESSION, 7, &problem));
	gate_free(gate);
	made_of((struct made){.pair_ns = 12});
	gate = gate_of("last-good"); // 3 did not pass
	assert_int_equal(gate->baselines[0], 2);
	gate_free(gate);
}

static void rolling_takes_the_sessions_before_and_no_calibration(void **state)
{
	struct gate_options options = against("rolling:3");
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	for (int i = 0; i < 4; i++)
		made_of((struct made){.pair_ns = 10});
	made_of((struct made){.pair_ns = 10, .plan = "{\"purpose\":\"calibration\"}"});
	made_of((struct made){.pair_ns = 10});
	made_of((struct made){.pair_ns = 10});
	options.session = 6;
	assert_true(gate_make(store, &options, &gate, &problem));
	assert_int_equal(gate->baselines_count, 3);
	assert_int_equal(gate->baselines[0], 4);
	assert_int_equal(gate->baselines[2], 2);
	gate_free(gate);
	assert_refused("rolling:0", EXIT_WRONG_USE, "from 1 to");
}

static void one_slow_day_of_several_makes_no_alarm(void **state)
{
	struct gate *gate;

	(void)state;
	made_of((struct made){.pair_ns = 10});
	made_of((struct made){.pair_ns = 11});
	made_of((struct made){.pair_ns = 10});
	made_of((struct made){.pair_ns = 10});
	made_of((struct made){.pair_ns = 10.9});
	gate = gate_of("rolling:4");
	assert_outcome(gate, "pair/size:64", "time", GATE_UNDECIDED);
	assert_non_null(strstr(row_of(gate, "pair/size:64", "time")->remark, "as slow"));
	gate_free(gate);
	made_of((struct made){.pair_ns = 12});
	gate = gate_of("rolling:4");
	assert_outcome(gate, "pair/size:64", "time", GATE_REGRESSION);
	gate_free(gate);
}

static void a_name_is_given_and_moved(void **state)
{
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	for (int i = 0; i < 3; i++)
		made_of((struct made){.pair_ns = 10});
	assert_true(gate_baseline_set(store, "v1.0", 1, "the first", 5, &problem));
	gate = gate_of("tag:v1.0");
	assert_int_equal(gate->baselines[0], 1);
	gate_free(gate);
	assert_true(gate_baseline_set(store, "v1.0", 2, NULL, 6, &problem));
	gate = gate_of("tag:v1.0");
	assert_int_equal(gate->baselines[0], 2);
	gate_free(gate);
	assert_refused("tag:v2", EXIT_NOT_MEASURED, "--set-baseline=v2");
	assert_false(gate_baseline_set(store, "a b", 1, NULL, 7, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_false(gate_baseline_set(store, "x", 99, NULL, 7, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
}

static void other_machines_and_wrong_words_are_refused(void **state)
{
	(void)state;
	made_of((struct made){.pair_ns = 10, .machine = "elsewhere"});
	made_of((struct made){.pair_ns = 10});
	assert_refused("session:1", EXIT_WRONG_USE, "only results of one machine");
	assert_refused("rolling:5", EXIT_NOT_MEASURED, "no other session");
	assert_refused("session:2", EXIT_WRONG_USE, "its own baseline");
	assert_refused("session:7", EXIT_NOT_MEASURED, "no session 7");
	assert_refused("session:x", EXIT_WRONG_USE, "number of a session");
	assert_refused("main", EXIT_WRONG_USE, "expected commit:PREFIX");
}

static void another_kernel_is_told(void **state)
{
	struct gate *gate;

	(void)state;
	made_of((struct made){.pair_ns = 10, .kernel = "Linux 5.10"});
	made_of((struct made){.pair_ns = 10, .kernel = "Linux 6.1"});
	gate = gate_of("session:1");
	assert_int_equal(json_array_size(gate->warnings), 1);
	assert_non_null(strstr(json_string_value(json_array_get(gate->warnings, 0)),
		"kernel is another than in session 1: 'Linux 6.1', it was 'Linux 5.10'"));
	gate_free(gate);
}

// ---- exact metrics -------------------------------------------------------------------------------------------------

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
	int64_t session =
		made_of((struct made){.pair_ns = 10, .counter = counter, .counter_value = before});

	made_of((struct made){.pair_ns = 10, .counter = counter, .counter_value = after});
	snprintf(baseline, sizeof(baseline), "session:%lld", (long long)session);
	gate = gate_of(baseline);
	outcome = row_of(gate, "pair/size:64", counter)->outcome;
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
	made_of((struct made){.pair_ns = 10, .counter = "code_bytes", .counter_value = 900});
	made_of((struct made){.pair_ns = 10});
	gate = gate_of("session:1");
	assert_outcome(gate, "pair/size:64", "code_bytes", GATE_NOT_MEASURED);
	assert_int_equal(gate_status(gate, false, &problem), EXIT_NOT_MEASURED);
	gate_free(gate);
}

// ---- accepted changes ----------------------------------------------------------------------------------------------

static void an_accepted_change_passes_until_it_gets_worse(void **state)
{
	struct problem problem = {0};
	size_t count = 0;
	struct gate *gate;

	(void)state;
	made_of((struct made){.pair_ns = 10});
	made_of((struct made){.pair_ns = 11});
	gate = gate_of("session:1");
	assert_true(gate_accept(
		store, gate, "default:pair/size:64", "worth it", 2000, &count, &problem));
	assert_int_equal(count, 1);
	assert_false(gate_accept(store, gate, "default:pairs", "x", 2000, &count, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_non_null(strstr(problem.text, "default:pair/size:64"));
	gate_free(gate);
	gate = gate_of("session:1");
	assert_outcome(gate, "pair/size:64", "time", GATE_ACCEPTED);
	assert_non_null(strstr(row_of(gate, "pair/size:64", "time")->remark, "worth it"));
	assert_int_equal(gate_status(gate, true, &problem), EXIT_GOOD);
	gate_free(gate);
	made_of((struct made){.pair_ns = 12});
	gate = gate_of("session:1");
	assert_outcome(gate, "pair/size:64", "time", GATE_REGRESSION);
	gate_free(gate);
}

static void what_was_accepted_before_the_baseline_is_no_excuse(void **state)
{
	struct problem problem = {0};
	size_t count = 0;
	struct gate *gate;

	(void)state;
	made_of((struct made){.pair_ns = 10});
	made_of((struct made){.pair_ns = 11});
	gate = gate_of("session:1");
	// Sessions of this test begin at 1000 ns.
	assert_true(gate_accept(
		store, gate, "default:pair/size:64", "worth it", 900, &count, &problem));
	gate_free(gate);
	gate = gate_of("session:1");
	assert_outcome(gate, "pair/size:64", "time", GATE_REGRESSION);
	gate_free(gate);
}

// ---- the second set of rounds --------------------------------------------------------------------------------------

static void fresh_rounds_confirm_or_not(void **state)
{
	struct gate_options options = against("session:1");
	struct problem problem = {0};
	struct gate *gate;

	(void)state;
	options.session = 2;
	made_of((struct made){.pair_ns = 10, .batch_ns = 20});
	made_of((struct made){.pair_ns = 11, .batch_ns = 22});
	made_of((struct made){.pair_ns = 10, .batch_ns = 22});
	made_of((struct made){.pair_ns = 11, .commit = "other"});
	assert_true(gate_make(store, &options, &gate, &problem));
	assert_int_equal(gate_candidates(gate), 2);
	assert_false(gate_confirm(store, &options, gate, 4, &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, "commit other"));
	assert_true(gate_confirm(store, &options, gate, 3, &problem));
	assert_outcome(gate, "pair/size:64", "time", GATE_UNCONFIRMED);
	assert_outcome(gate, "batch/size:64", "time", GATE_REGRESSION);
	assert_int_equal(gate->confirmed_by, 3);
	gate_free(gate);
}

// ---- showing -------------------------------------------------------------------------------------------------------

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
	made_of((struct made){.pair_ns = 10, .batch_ns = 20});
	made_of((struct made){.pair_ns = 11, .batch_ns = 20});
	gate = gate_of("session:1");
	assert_prints(gate, gate_text, "found     1 regression, 1 same\n");
	assert_prints(gate, gate_text, "regression  default:pair/size:64\n");
	assert_prints(gate, gate_markdown, "1 regression, 1 same.\n");
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
#define GATE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	static const struct CMUnitTest TESTS[] = {
		GATE_TEST(what_is_slower_is_a_regression_and_the_rest_passes),
		GATE_TEST(what_is_faster_passes),
		GATE_TEST(undecided_passes_unless_strict),
		GATE_TEST(what_the_session_was_to_measure_and_did_not_is_not_green),
		GATE_TEST(an_interrupted_session_is_not_green),
		GATE_TEST(too_few_processes_are_not_green),
		GATE_TEST(sessions_that_share_nothing_are_not_green),
		GATE_TEST(an_empty_store_is_not_green),
		GATE_TEST(a_commit_is_its_newest_session),
		GATE_TEST(the_last_good_one_passed_the_gate),
		GATE_TEST(rolling_takes_the_sessions_before_and_no_calibration),
		GATE_TEST(one_slow_day_of_several_makes_no_alarm),
		GATE_TEST(a_name_is_given_and_moved),
		GATE_TEST(other_machines_and_wrong_words_are_refused),
		GATE_TEST(another_kernel_is_told),
		GATE_TEST(names_say_which_metrics_are_exact),
		GATE_TEST(any_difference_of_an_exact_metric_is_a_change),
		GATE_TEST(an_exact_metric_that_is_gone_is_not_green),
		GATE_TEST(an_accepted_change_passes_until_it_gets_worse),
		GATE_TEST(what_was_accepted_before_the_baseline_is_no_excuse),
		GATE_TEST(fresh_rounds_confirm_or_not),
		GATE_TEST(all_formats_say_the_same),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
