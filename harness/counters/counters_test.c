// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of names, probing, groups and counting on a fake kernel: what no machine shows at will.
#include "counters.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fake.h"
#include "thread.h"

static const struct exercise_places PLACES = {.here = -1, .beside = -1, .remote = -1};
#define TWELVE "r1,r2,r3,r4,r5,r6,r7,r8,r9,ra,rb,rc"

static int start(void **state)
{
	(void)state;
	fake_reset();
	return 0;
}

static struct counters probed(const char *list)
{
	struct counters counters;
	struct problem problem;

	if (!counters_choose(&counters, list, &problem))
		fail_msg("%s", problem.text);
	counters_probe(&counters, &fake_calls, &PLACES);
	assert_int_equal(fake.opened, 0);
	return counters;
}

static void expect_reason(const struct counters *counters, const char *name, const char *words)
{
	const struct counter *counter = &counters->items[counters_index(counters, name)];

	if (counter->state != COUNTER_UNAVAILABLE || !strstr(counter->reason, words))
		fail_msg("%s: state %d, '%s' instead of '%s'", name, counter->state,
			counter->reason, words);
}

static void expect_available(const struct counters *counters, const char *name)
{
	const struct counter *counter = &counters->items[counters_index(counters, name)];

	if (counter->state != COUNTER_AVAILABLE)
		fail_msg("%s: %s", name, counter->reason);
}

// ---- names

static void expect_refused(const char *list, const char *words)
{
	struct counters counters;
	struct problem problem;

	assert_false(counters_choose(&counters, list, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	if (!strstr(problem.text, words))
		fail_msg("'%s' is not in: %s", words, problem.text);
}

static void a_wrong_name_is_refused_with_the_nearest_right_one(void **state)
{
	(void)state;
	expect_refused("cycels", "did you mean 'cycles'");
	expect_refused("cycles,numma", "did you mean 'numa'");
	expect_refused("nope", "no counter is called 'nope'");
	expect_refused("cpu/r1a8", "no counter is called 'cpu/r1a8'");
	expect_refused("r", "no counter is called 'r'");
	expect_refused("", "no counter is named");
	expect_refused("cycles,,instructions", "no counter is called ''");
}

static void presets_figures_and_events_may_be_mixed_and_named_twice(void **state)
{
	struct counters counters;
	struct problem problem;

	(void)state;
	assert_true(counters_choose(&counters, "core,cycles,page-faults,core", &problem));
	assert_int_equal(counters.count, 6);
	assert_string_equal(counters.items[0].name, "cycles");
	assert_string_equal(counters.items[5].name, "page-faults");
}

static void raw_codes_are_taken_in_perfs_forms(void **state)
{
	static const char *const forms[] = {
		"r1a8", "0x1a8", "cpu/r1a8/", "cpu/config=0x1a8/", "cpu/config=0x1a8,config1=0x3/"};

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct counters counters;
		struct problem problem;

		assert_true(counters_choose(&counters, forms[i], &problem));
		assert_int_equal(counters.count, 1);
		assert_int_equal(counters.items[0].event.attributes.type, PERF_TYPE_RAW);
		assert_int_equal(counters.items[0].event.attributes.config, 0x1a8);
		assert_int_equal(counters.items[0].event.attributes.exclude_kernel, 1);
		assert_int_equal(counters.items[0].event.attributes.inherit, 0);
	}
}

// ---- what is unavailable says why

static void every_refusal_of_the_kernel_becomes_a_reason(void **state)
{
	static const struct {
		int error;
		bool has_pmu;
		int paranoid;
		const char *words;
	} cases[] = {
		{ENOENT, false, 2, "no PMU"},
		{EOPNOTSUPP, false, 2, "no PMU"},
		{ENOENT, true, 2, "no such event"},
		{EOPNOTSUPP, true, 2, "no such event"},
		{EACCES, true, 3, "sysctl kernel.perf_event_paranoid=2"},
		{EPERM, true, 4, "kernel.perf_event_paranoid is 4"},
		{EPERM, true, 1, "seccomp"},
		{ENOSYS, true, 2, "without perf events"},
		{EBUSY, true, 2, "somebody else"},
		{EMFILE, true, 2, "ulimit -n"},
		{EINVAL, true, 2, "single thread"},
		{ENOMEM, true, 2, "Cannot allocate memory"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		start(state);
		fake.refusal = cases[i].error;
		fake.has_pmu = cases[i].has_pmu;
		fake.paranoid = cases[i].paranoid;
		struct counters counters = probed("cycles,r1a8,page-faults");

		expect_reason(&counters, "cycles", cases[i].words);
		expect_reason(&counters, "r1a8", cases[i].words);
		expect_available(&counters, "page-faults");
	}
}

static void software_events_need_no_pmu_and_can_be_refused_too(void **state)
{
	(void)state;
	fake.software_refusal = EACCES;
	fake.paranoid = 3;
	struct counters counters = probed("page-faults,context-switches");

	expect_reason(&counters, "page-faults", "sysctl kernel.perf_event_paranoid=2");
	assert_int_equal(counters.items[1].state, COUNTER_EMULATED);
	assert_non_null(strstr(counter_taken(&counters.items[1]), "getrusage"));
}

static void a_counter_that_opens_and_stays_0_is_not_believed(void **state)
{
	(void)state;
	fake.silent_config = 5;
	struct counters counters = probed("r4,r5,r6");

	expect_available(&counters, "r4");
	expect_reason(&counters, "r5", "read 0 where the self-test made it happen");
	assert_int_equal(counters.items[1].group, -1);
	expect_available(&counters, "r6");
}

static void a_counter_that_misses_known_work_is_not_believed(void **state)
{
	(void)state;
	fake.events = 1000;
	struct counters counters = probed("instructions,cycles");

	expect_reason(&counters, "instructions", "read 1000");
	expect_available(&counters, "cycles");
}

static void what_cannot_happen_here_is_not_believed(void **state)
{
	(void)state;
	struct counters counters = probed("cpu-migrations,node-load-misses");

	expect_reason(&counters, "cpu-migrations", "one CPU");
	expect_reason(&counters, "node-load-misses", "one NUMA node");
}

static void a_ratio_needs_both_of_its_figures(void **state)
{
	(void)state;
	struct counters counters = probed("IPC,instructions");

	expect_reason(&counters, "IPC", "cycles, which is not asked for");
	fake.events = 1000;
	counters = probed("core");
	expect_reason(&counters, "IPC", "instructions, which is not counted");
}

// ---- groups

static void more_events_than_counters_become_groups(void **state)
{
	(void)state;
	struct counters counters = probed(TWELVE ",page-faults,task-clock");

	assert_int_equal(counters.hardware_groups, 2);
	assert_int_equal(counters.groups, 3);
	assert_int_equal(counters.items[6].group, 0);
	assert_int_equal(counters.items[7].group, 1);
	assert_int_equal(counters.items[12].group, 2);
	assert_int_equal(counters.items[13].group, 2);
	assert_int_equal(fake.groups_max, 7);
}

// The kernel takes a group by the PMU's size, and does not ask who holds a counter of it.
static void a_group_that_is_taken_but_never_runs_is_made_smaller(void **state)
{
	(void)state;
	fake.counters_taken = 1;
	struct counters counters = probed("r1,r2,r3,r4,r5,r6,r7");

	assert_int_equal(counters.hardware_groups, 2); // of 6 and 1
	assert_int_equal(counters.items[5].group, 0);
	for (size_t i = 0; i < counters.count; i++)
		expect_available(&counters, counters.items[i].name);
}

static void a_counter_that_never_runs_is_not_believed(void **state)
{
	(void)state;
	fake.counters_taken = 7;
	struct counters counters = probed("cycles,r2");

	expect_reason(&counters, "cycles", "the PMU never ran it");
	expect_reason(&counters, "r2", "the PMU never ran it");
	assert_int_equal(counters.groups, 0);
}

// ---- counting

static void count_once(const struct counters *counters, struct count *counts)
{
	struct counted_thread thread;
	char reason[COUNTER_REASON_SIZE];
	int lost;

	counted_thread_open(&thread, counters, &lost, reason, sizeof(reason));
	assert_int_equal(lost, -1);
	counted_thread_start(&thread);
	counted_thread_stop(&thread, counts);
	counted_thread_close(&thread);
	assert_int_equal(fake.opened, 0);
}

static void a_count_is_what_happened_between_start_and_stop(void **state)
{
	struct count counts[COUNTERS_MAX];
	struct counters counters = probed(TWELVE ",page-faults,context-switches");

	(void)state;
	fake.events = 12345;
	count_once(&counters, counts);
	for (size_t i = 0; i < 13; i++) {
		assert_true(counts[i].events == 12345);
		assert_true(counts[i].share == 1);
	}
	assert_true(counts[13].events >= 0);
}

static void a_count_of_a_share_of_the_time_is_scaled(void **state)
{
	struct count counts[COUNTERS_MAX];
	struct counters counters = probed(TWELVE);

	(void)state;
	fake.events = 300;
	fake.enabled_ns = 3000;
	fake.running_ns = 1000;
	count_once(&counters, counts);
	assert_true(fabs(counts[11].events - 900) < 1e-9);
	assert_true(fabs(counts[11].share - 1.0 / 3) < 1e-12);
}

static void a_group_that_did_not_run_was_not_counted(void **state)
{
	struct count counts[COUNTERS_MAX];
	struct counters counters = probed("cycles");

	(void)state;
	fake.counters_taken = 7;
	count_once(&counters, counts);
	assert_true(isnan(counts[0].events));
	assert_true(counts[0].share == 0);
}

static void a_counter_that_wraps_counts_on(void **state)
{
	struct count counts[COUNTERS_MAX];
	struct counters counters = probed("cycles");

	(void)state;
	fake.events = 1000;
	fake.first_value = UINT64_MAX - 1500; // it is past 0 at the second read
	count_once(&counters, counts);
	assert_true(counts[0].events == 1000);
}

static void a_page_is_read_in_user_space_unless_it_was_interrupted(void **state)
{
	struct count counts[COUNTERS_MAX];
	struct counters counters = probed("cycles");

	(void)state;
	fake.has_pages = true;
	fake.events = 200; // the first read of the register is below 0, the second is not
	count_once(&counters, counts);
	assert_true(counts[0].events == 200);
	fake.is_interrupted = true;
	fake.running_ns = 500;
	count_once(&counters, counts);
	assert_true(counts[0].events == 400); // the system call's, scaled
	assert_true(counts[0].share == 0.5);
}

static void a_thread_without_files_left_says_so_and_counts_the_rest(void **state)
{
	struct counted_thread thread;
	struct count counts[COUNTERS_MAX];
	char reason[COUNTER_REASON_SIZE];
	struct counters counters = probed("r1,r2,r3");
	int lost;

	(void)state;
	fake.files_max = 2;
	counted_thread_open(&thread, &counters, &lost, reason, sizeof(reason));
	assert_int_equal(lost, 2);
	assert_non_null(strstr(reason, "ulimit -n"));
	counted_thread_start(&thread);
	counted_thread_stop(&thread, counts);
	counted_thread_close(&thread);
	assert_true(counts[1].events == 1000000);
	assert_true(isnan(counts[2].events));
	assert_int_equal(fake.opened, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_wrong_name_is_refused_with_the_nearest_right_one, start),
		cmocka_unit_test_setup(
			presets_figures_and_events_may_be_mixed_and_named_twice, start),
		cmocka_unit_test_setup(raw_codes_are_taken_in_perfs_forms, start),
		cmocka_unit_test_setup(every_refusal_of_the_kernel_becomes_a_reason, start),
		cmocka_unit_test_setup(software_events_need_no_pmu_and_can_be_refused_too, start),
		cmocka_unit_test_setup(a_counter_that_opens_and_stays_0_is_not_believed, start),
		cmocka_unit_test_setup(a_counter_that_misses_known_work_is_not_believed, start),
		cmocka_unit_test_setup(what_cannot_happen_here_is_not_believed, start),
		cmocka_unit_test_setup(a_ratio_needs_both_of_its_figures, start),
		cmocka_unit_test_setup(more_events_than_counters_become_groups, start),
		cmocka_unit_test_setup(a_group_that_is_taken_but_never_runs_is_made_smaller, start),
		cmocka_unit_test_setup(a_counter_that_never_runs_is_not_believed, start),
		cmocka_unit_test_setup(a_count_is_what_happened_between_start_and_stop, start),
		cmocka_unit_test_setup(a_count_of_a_share_of_the_time_is_scaled, start),
		cmocka_unit_test_setup(a_group_that_did_not_run_was_not_counted, start),
		cmocka_unit_test_setup(a_counter_that_wraps_counts_on, start),
		cmocka_unit_test_setup(
			a_page_is_read_in_user_space_unless_it_was_interrupted, start),
		cmocka_unit_test_setup(
			a_thread_without_files_left_says_so_and_counts_the_rest, start),
	};

	return cmocka_run_group_tests_name("counters", tests, NULL, NULL);
}
