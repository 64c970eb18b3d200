// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of the ring between two threads: order, bounds, and that a side which ends never leaves the
// other waiting.
#include "ring.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { ENTRIES = 8, MANY = 100000 };

static void *nth(uintptr_t n)
{
	return (void *)(n + 1);
}

static void pointers_come_out_in_the_order_they_went_in(void **state)
{
	struct ring ring;

	(void)state;
	assert_true(ring_open(&ring, ENTRIES, false));
	for (uintptr_t round = 0; round < 5; round++) {
		for (uintptr_t i = 0; i < ENTRIES - 1; i++)
			assert_true(ring_try_push(&ring, nth(i)));
		for (uintptr_t i = 0; i < ENTRIES - 1; i++)
			assert_ptr_equal(ring_try_pop(&ring), nth(i));
	}
	ring_free(&ring);
}

static void a_full_ring_takes_no_more_and_an_empty_one_gives_nothing(void **state)
{
	struct ring ring;

	(void)state;
	assert_true(ring_open(&ring, ENTRIES, false));
	assert_null(ring_try_pop(&ring));
	for (uintptr_t i = 0; i < ENTRIES; i++)
		assert_true(ring_try_push(&ring, nth(i)));
	assert_false(ring_try_push(&ring, nth(ENTRIES)));
	assert_ptr_equal(ring_try_pop(&ring), nth(0));
	assert_true(ring_try_push(&ring, nth(ENTRIES)));
	assert_false(ring_try_push(&ring, nth(ENTRIES + 1)));
	ring_free(&ring);
}

static void what_was_pushed_before_the_end_is_still_delivered(void **state)
{
	struct ring ring;

	(void)state;
	assert_true(ring_open(&ring, ENTRIES, false));
	assert_true(ring_push(&ring, nth(0)));
	assert_true(ring_push(&ring, nth(1)));
	ring_close(&ring);
	assert_ptr_equal(ring_pop(&ring), nth(0));
	assert_ptr_equal(ring_pop(&ring), nth(1));
	assert_null(ring_pop(&ring));
	ring_free(&ring);
}

static void *push_many(void *argument)
{
	for (uintptr_t i = 0; i < MANY; i++)
		if (!ring_push(argument, nth(i)))
			return nth(i);
	return NULL;
}

// A ring of one entry makes the two sides wait for each other at every pointer.
static void two_threads_lose_and_repeat_nothing(void **state)
{
	static const size_t sizes[] = {1, 2, 1024, 1, 2, 1024};

	(void)state;
	for (size_t size = 0; size < sizeof(sizes) / sizeof(sizes[0]); size++) {
		struct ring ring;
		pthread_t producer;
		void *failed_at = NULL;

		assert_true(ring_open(&ring, sizes[size], size < 3));
		assert_int_equal(pthread_create(&producer, NULL, push_many, &ring), 0);
		for (uintptr_t i = 0; i < MANY; i++)
			assert_ptr_equal(ring_pop(&ring), nth(i));
		pthread_join(producer, &failed_at);
		assert_null(failed_at);
		assert_null(ring_try_pop(&ring));
		ring_free(&ring);
	}
}

static void a_producer_that_waits_for_room_is_released_by_the_end(void **state)
{
	struct ring ring;
	pthread_t producer;
	void *failed_at = NULL;

	(void)state;
	assert_true(ring_open(&ring, ENTRIES, false));
	assert_int_equal(pthread_create(&producer, NULL, push_many, &ring), 0);
	assert_ptr_equal(ring_pop(&ring), nth(0));
	ring_close(&ring);
	pthread_join(producer, &failed_at);
	assert_non_null(failed_at);
	ring_free(&ring);
}

static void *pop_until_the_end(void *argument)
{
	uintptr_t count = 0;

	while (ring_pop(argument))
		count++;
	return (void *)count;
}

static void a_consumer_that_waits_for_more_is_released_by_the_end(void **state)
{
	struct ring ring;
	pthread_t consumer;
	void *count = NULL;

	(void)state;
	assert_true(ring_open(&ring, ENTRIES, false));
	assert_int_equal(pthread_create(&consumer, NULL, pop_until_the_end, &ring), 0);
	for (uintptr_t i = 0; i < 3 * ENTRIES; i++)
		assert_true(ring_push(&ring, nth(i)));
	ring_close(&ring);
	pthread_join(consumer, &count);
	assert_int_equal((uintptr_t)count, 3 * ENTRIES);
	ring_free(&ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pointers_come_out_in_the_order_they_went_in),
		cmocka_unit_test(a_full_ring_takes_no_more_and_an_empty_one_gives_nothing),
		cmocka_unit_test(what_was_pushed_before_the_end_is_still_delivered),
		cmocka_unit_test(two_threads_lose_and_repeat_nothing),
		cmocka_unit_test(a_producer_that_waits_for_room_is_released_by_the_end),
		cmocka_unit_test(a_consumer_that_waits_for_more_is_released_by_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
