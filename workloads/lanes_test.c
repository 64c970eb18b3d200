// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of the lanes: how many there are and how wide, that each thread does its part, and that
// threads with bounded rings between them never stop for good.
#include "lanes.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ENTRIES = 2, TURNS = 40, THREADS_MAX = 32 };

static unsigned divisor_of(unsigned left, unsigned right)
{
	return right == 0 ? left : divisor_of(right, left % right);
}

static void expect_even(unsigned producers, unsigned consumers)
{
	unsigned divisor = divisor_of(producers, consumers);
	unsigned *made = calloc(producers, sizeof(*made));
	unsigned *taken = calloc(consumers, sizeof(*taken));
	struct lanes lanes = {.lanes = NULL};

	assert_true(made && taken && lanes_open(&lanes, producers, consumers, ENTRIES, true));
	assert_int_equal(lanes.count, producers + consumers - divisor);
	for (unsigned i = 0; i < lanes.count; i++) {
		made[lanes.lanes[i].producer] += lanes.lanes[i].width;
		taken[lanes.lanes[i].consumer] += lanes.lanes[i].width;
	}
	for (unsigned i = 0; i < producers; i++)
		assert_int_equal(made[i], consumers / divisor);
	for (unsigned i = 0; i < consumers; i++)
		assert_int_equal(taken[i], producers / divisor);
	lanes_free(&lanes);
	free(made);
	free(taken);
}

static void every_thread_has_an_equal_part_and_lanes_are_few(void **state)
{
	(void)state;
	expect_even(1, 1);
	expect_even(2, 3);
	expect_even(1, 255);
	expect_even(255, 1);
	expect_even(128, 128);
	expect_even(127, 129);
	for (unsigned producers = 1; producers <= 12; producers++)
		for (unsigned consumers = 1; consumers <= 12; consumers++)
			expect_even(producers, consumers);
}

static void a_side_goes_over_its_lanes_in_turn(void **state)
{
	struct lanes lanes;
	struct lane *lane;

	(void)state;
	assert_true(lanes_open(&lanes, 2, 3, ENTRIES, true));
	struct lane_side producer = lane_side_of(&lanes, true, 1);
	assert_int_equal(lane_side_next(&producer, 100, &lane), 1);
	assert_int_equal(lane->consumer, 1);
	assert_int_equal(lane_side_next(&producer, 1, &lane), 1);
	assert_int_equal(lane->consumer, 2);
	assert_int_equal(lane_side_next(&producer, 100, &lane), 1);
	assert_int_equal(lane->consumer, 2);
	assert_int_equal(lane_side_next(&producer, 100, &lane), 1);
	assert_int_equal(lane->consumer, 1);
	lanes_free(&lanes);
}

// ---- with threads

struct walker {
	struct lanes *lanes;
	bool is_producer;
	unsigned index;
	int64_t count;
	uint64_t sum; // of what went through its hands
	bool was_stopped;
};

static void *walk(void *argument)
{
	struct walker *walker = argument;
	struct lane_side side = lane_side_of(walker->lanes, walker->is_producer, walker->index);

	for (int64_t done = 0, part; done < walker->count && !walker->was_stopped; done += part) {
		struct lane *lane;

		part = lane_side_next(&side, walker->count - done, &lane);
		for (int64_t i = 0; i < part && !walker->was_stopped; i++) {
			uintptr_t number = (uintptr_t)(done + i + 1);
			void *taken = walker->is_producer ? NULL : ring_pop(&lane->ring);

			walker->was_stopped = walker->is_producer
						      ? !ring_push(&lane->ring, (void *)number)
						      : !taken;
			walker->sum += walker->is_producer ? number : (uintptr_t)taken;
		}
	}
	return NULL;
}

// Starts all threads but `missing` of the producers, which are failures; lets the others go then.
static void hand_over(unsigned producers, unsigned consumers, unsigned missing)
{
	unsigned divisor = divisor_of(producers, consumers);
	struct walker walkers[THREADS_MAX];
	pthread_t ids[THREADS_MAX];
	struct lanes lanes;
	uint64_t made = 0;
	uint64_t taken = 0;

	assert_true(lanes_open(&lanes, producers, consumers, ENTRIES, true));
	for (unsigned i = missing; i < producers + consumers; i++) {
		bool is_producer = i < producers;

		walkers[i] = (struct walker){&lanes, is_producer, is_producer ? i : i - producers,
			(int64_t)TURNS * (is_producer ? consumers : producers) / divisor, 0, false};
		pthread_create(&ids[i], NULL, walk, &walkers[i]);
	}
	if (missing > 0)
		lanes_close(&lanes);
	for (unsigned i = missing; i < producers + consumers; i++) {
		pthread_join(ids[i], NULL);
		made += walkers[i].is_producer ? walkers[i].sum : 0;
		taken += walkers[i].is_producer ? 0 : walkers[i].sum;
		assert_true(missing > 0 || !walkers[i].was_stopped);
	}
	assert_true(missing > 0 || made == taken);
	lanes_free(&lanes);
}

static void whatever_the_numbers_all_objects_arrive(void **state)
{
	static const unsigned numbers[][2] = {{1, 1}, {1, 4}, {4, 1}, {2, 3}, {5, 3}, {7, 11}};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		hand_over(numbers[i][0], numbers[i][1], 0);
}

static void nobody_waits_for_a_side_that_failed(void **state)
{
	(void)state;
	hand_over(3, 2, 1);
	hand_over(1, 5, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_thread_has_an_equal_part_and_lanes_are_few),
		cmocka_unit_test(a_side_goes_over_its_lanes_in_turn),
		cmocka_unit_test(whatever_the_numbers_all_objects_arrive),
		cmocka_unit_test(nobody_waits_for_a_side_that_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
