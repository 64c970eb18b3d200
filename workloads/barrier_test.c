// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of the spin barrier: nobody passes before all are there, and nobody waits for one that
// has given up.
#include "barrier.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { THREADS = 5, ROUNDS = 2000, MANY = 256 };

static struct barrier barrier;
static atomic_uint arrivals; // at the barrier, of all threads in all rounds
static atomic_uint early; // threads that passed before all were there
static atomic_uint released; // threads that a closed barrier let go

static void *meet_again_and_again(void *threads)
{
	for (unsigned round = 1; round <= ROUNDS; round++) {
		atomic_fetch_add(&arrivals, 1);
		barrier_wait(&barrier);
		early += atomic_load(&arrivals) < round * (unsigned)(uintptr_t)threads;
	}
	return NULL;
}

static void *wait_once(void *unused)
{
	(void)unused;
	released += !barrier_wait(&barrier);
	return NULL;
}

static void run(unsigned threads, void *(*body)(void *), void *argument)
{
	pthread_t ids[MANY];

	for (unsigned i = 0; i < threads; i++)
		assert_int_equal(pthread_create(&ids[i], NULL, body, argument), 0);
	for (unsigned i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
}

static void nobody_passes_before_all_are_there(void **state)
{
	(void)state;
	arrivals = early = 0;
	barrier_open(&barrier, THREADS, true);
	run(THREADS, meet_again_and_again, (void *)(uintptr_t)THREADS);
	assert_int_equal(arrivals, THREADS * ROUNDS);
	assert_int_equal(early, 0);
}

static void a_thread_alone_does_not_wait(void **state)
{
	(void)state;
	barrier_open(&barrier, 1, false);
	assert_true(barrier_wait(&barrier));
	assert_true(barrier_wait(&barrier));
}

static void nobody_waits_for_a_thread_that_gave_up(void **state)
{
	(void)state;
	released = 0;
	barrier_open(&barrier, MANY + 1, false);
	barrier_close(&barrier);
	run(MANY, wait_once, NULL);
	assert_int_equal(released, MANY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_passes_before_all_are_there),
		cmocka_unit_test(a_thread_alone_does_not_wait),
		cmocka_unit_test(nobody_waits_for_a_thread_that_gave_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
