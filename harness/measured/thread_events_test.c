// SPDX-License-Identifier: GPL-2.0-or-later
// Tests that a thread's events are counted, each against something that surely causes them.
#include "thread_events.h"

#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static void touched_pages_are_page_faults(void **state)
{
	enum { PAGES = 64 };
	size_t page = sysconf(_SC_PAGESIZE);
	struct thread_watch watch;

	(void)state;
	char *memory = mmap(
		NULL, PAGES * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	madvise(memory, PAGES * page, MADV_NOHUGEPAGE);
	thread_watch_open(&watch, false);
	thread_watch_start(&watch);
	for (size_t i = 0; i < PAGES; i++)
		*(volatile char *)(memory + i * page) = 1;
	struct thread_events events = thread_watch_stop(&watch);
	thread_watch_close(&watch);
	assert_true(events.page_faults >= PAGES);
	munmap(memory, PAGES * page);
}

// A thread that waits for a byte, and the pipe that it waits at.
struct sleeper {
	pid_t thread;
	int pipe[2];
};

static bool is_asleep(pid_t thread)
{
	char path[64], text[512] = "";

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", (int)thread);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(text, sizeof(text), file));
	fclose(file);
	return strncmp(strrchr(text, ')'), ") S", 3) == 0;
}

// However slow the machine is, the sleeper has left its CPU by then.
static void *wake_when_asleep(void *argument)
{
	const struct sleeper *sleeper = argument;

	while (!is_asleep(sleeper->thread))
		sched_yield();
	assert_int_equal(write(sleeper->pipe[1], "", 1), 1);
	return NULL;
}

static void a_sleep_is_a_voluntary_switch(void **state)
{
	struct sleeper sleeper = {.thread = gettid()};
	struct thread_watch watch;
	pthread_t waker;
	char byte;

	(void)state;
	assert_int_equal(pipe(sleeper.pipe), 0);
	thread_watch_open(&watch, false);
	thread_watch_start(&watch);
	assert_int_equal(pthread_create(&waker, NULL, wake_when_asleep, &sleeper), 0);
	assert_int_equal(read(sleeper.pipe[0], &byte, 1), 1);
	struct thread_events events = thread_watch_stop(&watch);
	thread_watch_close(&watch);
	pthread_join(waker, NULL);
	close(sleeper.pipe[0]);
	close(sleeper.pipe[1]);
	assert_true(events.context_switches_voluntary >= 1);
}

static void migrations_that_can_t_be_counted_are_no_number(void **state)
{
	struct thread_watch watch;

	(void)state;
	thread_watch_open(&watch, false);
	thread_watch_start(&watch);
	assert_true(isnan(thread_watch_stop(&watch).migrations));
	thread_watch_close(&watch);
}

static void the_self_test_says_yes_or_why_not_and_puts_the_thread_back(void **state)
{
	char reason[256] = "";
	cpu_set_t before;
	cpu_set_t after;
	struct thread_watch watch;

	(void)state;
	sched_getaffinity(0, sizeof(before), &before);
	bool is_counted = thread_events_test(reason, sizeof(reason));
	sched_getaffinity(0, sizeof(after), &after);
	assert_memory_equal(&before, &after, sizeof(before));
	assert_int_equal(is_counted, reason[0] == '\0');
	thread_watch_open(&watch, is_counted);
	thread_watch_start(&watch);
	assert_int_equal(!isnan(thread_watch_stop(&watch).migrations), is_counted);
	thread_watch_close(&watch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(touched_pages_are_page_faults),
		cmocka_unit_test(a_sleep_is_a_voluntary_switch),
		cmocka_unit_test(migrations_that_can_t_be_counted_are_no_number),
		cmocka_unit_test(the_self_test_says_yes_or_why_not_and_puts_the_thread_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
