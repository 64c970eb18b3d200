// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of what becomes of the threads' counts, with a report that only remembers what is set.
#include "loop_counts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { SET_MAX = 64 };

static struct {
	char names[SET_MAX][64];
	double values[SET_MAX];
	size_t count;
	char label[1024];
} report;

// ---- the report

void gbench_set_counter(struct gbench_state *state, const char *name, double value)
{
	size_t i = 0;

	(void)state;
	while (i < report.count && strcmp(report.names[i], name) != 0)
		i++;
	report.count += i == report.count;
	assert_true(report.count <= SET_MAX);
	snprintf(report.names[i], sizeof(report.names[i]), "%s", name);
	report.values[i] = value;
}

void gbench_set_label(struct gbench_state *state, const char *text)
{
	(void)state;
	snprintf(report.label, sizeof(report.label), "%s", text);
}

static void expect(const char *name, double value)
{
	for (size_t i = 0; i < report.count; i++)
		if (strcmp(report.names[i], name) == 0) {
			if (fabs(report.values[i] - value) > 1e-12)
				fail_msg("%s is %g, not %g", name, report.values[i], value);
			return;
		}
	fail_msg("%s is not set", name);
}

static void expect_absent(const char *prefix)
{
	for (size_t i = 0; i < report.count; i++)
		if (strncmp(report.names[i], prefix, strlen(prefix)) == 0)
			fail_msg("%s is set", report.names[i]);
}

// ---- two threads on two nodes

static struct counters counters;
static struct loop_counts loop;

static void thread_ends(unsigned thread, double instructions, double cycles, double migrations)
{
	struct loop_part *part = &loop.parts[thread];

	part->counts[0] = (struct count){cycles, 0.5};
	part->counts[1] = (struct count){instructions, 1};
	part->operations = 50;
	part->migrations = migrations;
	part->node = thread * 3;
	loop_counts_end(&loop, NULL, "somewhere");
}

static int start(void **state)
{
	struct problem problem;

	(void)state;
	memset(&report, 0, sizeof(report));
	if (!counters_choose(&counters, "cycles,instructions,IPC", &problem))
		return -1;
	for (size_t i = 0; i < counters.count; i++) {
		counters.items[i].state = COUNTER_AVAILABLE;
		counters.items[i].group = i < 2 ? 0 : -1;
	}
	loop_counts_free(&loop);
	assert_true(loop_counts_make(&loop, 2));
	loop_counts_begin(&loop, &counters);
	loop.parts[0].lost = loop.parts[1].lost = -1;
	return 0;
}

static void the_last_thread_writes_sums_by_node_thread_and_operation(void **state)
{
	(void)state;
	thread_ends(0, 600, 100, 0);
	assert_int_equal(report.count, 0);
	thread_ends(1, 200, 300, 0);
	expect("cycles", 4);
	expect("cycles.raw", 400);
	expect("cycles.thread0", 1);
	expect("cycles.thread1", 3);
	expect("cycles.node0", 1);
	expect("cycles.node3", 3);
	expect("cycles.running", 0.5);
	expect("instructions.running", 1);
	expect("IPC", 2);
	assert_string_equal(report.label, "somewhere");
}

static void a_counter_that_one_thread_missed_is_absent_and_told(void **state)
{
	(void)state;
	thread_ends(0, 600, 100, 0);
	loop.parts[1].lost = 0;
	strcpy(loop.parts[1].reason, "too many open files");
	thread_ends(1, 200, NAN, 0);
	expect_absent("cycles");
	expect_absent("IPC");
	expect("instructions", 8);
	assert_string_equal(report.label, "somewhere; cycles not counted: too many open files");
}

static void migrations_mark_the_sample(void **state)
{
	(void)state;
	thread_ends(1, 200, 300, 2);
	thread_ends(0, 600, 100, 1);
	assert_string_equal(report.label, "somewhere; migrations: 3");
	start(state);
	thread_ends(0, 600, 100, NAN);
	thread_ends(1, 200, 300, NAN);
	assert_string_equal(report.label, "somewhere");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			the_last_thread_writes_sums_by_node_thread_and_operation, start),
		cmocka_unit_test_setup(a_counter_that_one_thread_missed_is_absent_and_told, start),
		cmocka_unit_test_setup(migrations_mark_the_sample, start),
	};

	return cmocka_run_group_tests_name("loop_counts", tests, NULL, NULL);
}
