// SPDX-License-Identifier: GPL-2.0-or-later
// libslabmalloc under threads that pass blocks to each other, come and go, and fork.
#include "malloc/malloc_test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#define TABLE_BLOCKS 512

static _Atomic(unsigned char *) table[TABLE_BLOCKS]; // blocks on their way from thread to thread
static atomic_bool is_over;

// The size stands in the block's first bytes, and all others are its low byte.
static unsigned char *made_block(size_t size)
{
	unsigned char *block = allocate(size);

	CHECK(block);
	fill(block, size, (unsigned)size);
	memcpy(block, &size, sizeof(size));
	return block;
}

static void take_block(unsigned char *block)
{
	size_t size;

	if (!block)
		return;
	memcpy(&size, block, sizeof(size));
	CHECK(is_filled(block + sizeof(size), size - sizeof(size), (unsigned)size));
	release(block);
}

static size_t some_size(unsigned *seed)
{
	unsigned kind = (unsigned)rand_r(seed) % 1000;

	if (kind == 0)
		return LARGE + (unsigned)rand_r(seed) % 10000;
	return sizeof(size_t) + (unsigned)rand_r(seed) % (kind < 50 ? 60000 : 1200);
}

static void exchange(unsigned *seed)
{
	unsigned char *block = made_block(some_size(seed));

	take_block(atomic_exchange(&table[(unsigned)rand_r(seed) % TABLE_BLOCKS], block));
}

static void empty_table(void)
{
	for (unsigned i = 0; i < TABLE_BLOCKS; i++)
		take_block(atomic_exchange(&table[i], NULL));
}

static pthread_key_t key;

// Runs while the thread ends, and once more for what it leaves.
static void end_of_thread(void *value)
{
	unsigned seed = 1;

	take_block(value);
	exchange(&seed);
	if (!atomic_exchange(&is_over, true))
		pthread_setspecific(key, made_block(1000));
}

static void *exchange_and_end(void *argument)
{
	unsigned seed = (unsigned)(uintptr_t)argument;

	pthread_setspecific(key, made_block(500));
	for (unsigned step = 0; step < 2000; step++)
		exchange(&seed);
	return NULL;
}

static void threads_come_and_go(void)
{
	CHECK(pthread_key_create(&key, end_of_thread) == 0);
	for (unsigned round = 0; round < 15; round++) {
		pthread_t thread[6];

		is_over = false;
		for (unsigned i = 0; i < 6; i++)
			CHECK(pthread_create(&thread[i], NULL, exchange_and_end,
				      (void *)(uintptr_t)(round * 6 + i + 1)) == 0);
		for (unsigned i = 0; i < 6; i++)
			CHECK(pthread_join(thread[i], NULL) == 0);
	}
	empty_table();
}

static void *exchange_until_over(void *argument)
{
	unsigned seed = (unsigned)(uintptr_t)argument;

	while (!is_over)
		exchange(&seed);
	return NULL;
}

// Registered after the library's own, so they run while it has nothing locked.
static void allocate_around_fork(void)
{
	unsigned seed = 9;

	exchange(&seed);
}

static void child_work(unsigned round)
{
	unsigned seed = round;

	alarm(TEST_SECONDS_MAX);
	for (unsigned step = 0; step < 500; step++)
		exchange(&seed);
	empty_table();
	_exit(0);
}

static void fork_may_come_at_any_moment(void)
{
	pthread_t thread[3];

	CHECK(pthread_atfork(allocate_around_fork, allocate_around_fork, allocate_around_fork) ==
		0);
	for (unsigned i = 0; i < 3; i++)
		CHECK(pthread_create(&thread[i], NULL, exchange_until_over,
			      (void *)(uintptr_t)(i + 1)) == 0);
	for (unsigned round = 0; round < 25; round++) {
		pid_t child = fork();
		int status = -1;

		CHECK(child >= 0);
		if (child == 0)
			child_work(round);
		CHECK(waitpid(child, &status, 0) == child && status == 0);
	}
	is_over = true;
	for (unsigned i = 0; i < 3; i++)
		CHECK(pthread_join(thread[i], NULL) == 0);
	empty_table();
}

int main(void)
{
	static const struct test tests[] = {
		TEST(threads_come_and_go),
		TEST(fork_may_come_at_any_moment),
	};

	return run_tests(tests, sizeof(tests) / sizeof(*tests));
}
