// SPDX-License-Identifier: GPL-2.0-or-later
// Tests on a real PMU, real or emulated (ci/pmu-guest): counts are those of known work. Skipped where
// there is no PMU. On an emulated one, which SLABMARK_PMU=qemu says, what it lacks is known, too.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "counters.h"
#include "exercise.h"
#include "thread.h"

// What counts instructions, as a raw code.
#ifdef __aarch64__
#define INSTRUCTIONS_CODE 0x08
#else
#define INSTRUCTIONS_CODE 0xc0
#endif

enum { ROUNDS = 5000000, LONG_ROUNDS = 500000000, EVENTS = 12, EXIT_SKIPPED = 77 };

static const struct exercise_places PLACES = {EXERCISE_NOWHERE, EXERCISE_NOWHERE, EXERCISE_NOWHERE};

static struct counters probed(const char *list)
{
	struct counters counters;
	struct problem problem;

	if (!counters_choose(&counters, list, &problem))
		fail_msg("%s", problem.text);
	counters_probe(&counters, &system_calls_real, &PLACES);
	return counters;
}

static void work_count(struct counted_thread *thread, const struct counters *counters,
	uint64_t rounds, struct count *counts)
{
	char reason[COUNTER_REASON_SIZE];
	int lost;

	counted_thread_open(thread, counters, &lost, reason, sizeof(reason));
	assert_int_equal(lost, -1);
	counted_thread_start(thread);
	exercise_instructions(rounds);
	counted_thread_stop(thread, counts);
	counted_thread_close(thread);
}

static double error_of(double found, double expected)
{
	return fabs(found / expected - 1);
}

static void a_loop_of_known_instructions_counts_them(void **state)
{
	struct counters counters = probed("instructions");
	struct counted_thread thread;
	struct count counts[COUNTERS_MAX];

	(void)state;
	work_count(&thread, &counters, ROUNDS, counts);
	print_message("%d instructions: counted %.0f%s\n", 2 * ROUNDS, counts[0].events,
		thread.is_seen[0] ? ", in user space" : "");
	assert_true(error_of(counts[0].events, 2.0 * ROUNDS) < 0.0001);
	assert_true(counts[0].share == 1);
}

// Twelve spellings of one code are twelve events.
static void names_write(char *names, size_t size)
{
	size_t used = 0;

	for (int i = 0; i < EVENTS; i++)
		used += (size_t)snprintf(names + used, size - used, "%sr%0*x", i > 0 ? "," : "",
			i + 2, INSTRUCTIONS_CODE);
}

static void more_events_than_counters_take_turns_and_are_scaled(void **state)
{
	char names[EVENTS * 20];
	struct counted_thread thread;
	struct count counts[COUNTERS_MAX];

	(void)state;
	names_write(names, sizeof(names));
	struct counters counters = probed(names);
	if (counters.hardware_groups < 2) {
		print_message("%d events fit into this PMU at once\n", EVENTS);
		skip();
	}
	work_count(&thread, &counters, LONG_ROUNDS, counts);
	for (size_t i = 0; i < EVENTS; i++) {
		print_message("%s: %.0f of %.0f, counted %.0f %% of the time\n",
			counters.items[i].name, counts[i].events, 2.0 * LONG_ROUNDS,
			100 * counts[i].share);
		assert_true(counts[i].share > 0 && counts[i].share < 1);
		assert_true(error_of(counts[i].events, 2.0 * LONG_ROUNDS) < 0.01);
	}
}

static void every_unavailable_counter_has_a_reason(void **state)
{
	struct counters counters = probed("core,cache,tlb,numa,front,software");

	(void)state;
	for (size_t i = 0; i < counters.count; i++) {
		const struct counter *counter = &counters.items[i];
		bool is_there = counter->state != COUNTER_UNAVAILABLE;

		print_message("%s: %s\n", counter->name,
			is_there ? counter_taken(counter) : counter->reason);
		assert_true(is_there || counter->reason[0] != '\0');
	}
}

static const struct counter *counter_of(const struct counters *counters, const char *name)
{
	return &counters->items[counters_index(counters, name)];
}

// QEMU's PMU knows the events of caches and never counts them; the kernel has no generic events for
// what it lacks.
static void what_opens_and_reads_0_is_not_believed(void **state)
{
	const char *pmu = getenv("SLABMARK_PMU");

	(void)state;
	if (!pmu || strcmp(pmu, "qemu") != 0)
		skip();
	struct counters counters = probed("L1D_CACHE_REFILL,cache-misses,stalled-cycles-frontend");
	assert_non_null(strstr(counter_of(&counters, "L1D_CACHE_REFILL")->reason, "read 0"));
	assert_non_null(strstr(counter_of(&counters, "cache-misses")->reason, "no such event"));
	assert_int_equal(
		counter_of(&counters, "stalled-cycles-frontend")->state, COUNTER_UNAVAILABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_loop_of_known_instructions_counts_them),
		cmocka_unit_test(more_events_than_counters_take_turns_and_are_scaled),
		cmocka_unit_test(every_unavailable_counter_has_a_reason),
		cmocka_unit_test(what_opens_and_reads_0_is_not_believed),
	};
	struct counters counters = probed("instructions");

	if (counters.items[0].state != COUNTER_AVAILABLE) {
		printf("skipped: instructions: %s\n", counters.items[0].reason);
		return EXIT_SKIPPED;
	}
	return cmocka_run_group_tests_name("pmu", tests, NULL, NULL);
}
