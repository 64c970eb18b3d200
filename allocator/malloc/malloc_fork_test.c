// SPDX-License-Identifier: GPL-2.0-or-later
// libslabmalloc beside fork(), vfork(), clone() and signals: nothing hangs, and every child has a
// whole heap. Usage: test-malloc_fork [SECONDS], how long each of the stresses runs; 1 unless given.
#include "malloc/malloc_test.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/time.h>
#include <time.h>

#define PATIENCE_SECONDS 60 // beyond the stress itself; then it hangs
#define WORK_NS          500000 // of a thread between two interruptions

static unsigned seconds = 1;
static atomic_bool is_over;

static void end(int signal)
{
	(void)signal;
	is_over = true;
}

// ---- handlers of fork() that are there before the first malloc()

static atomic_uint handled;

// More of one size than any array holds.
#define HANDLED_BLOCKS 300
static void handle(void)
{
	void *made[HANDLED_BLOCKS];

	for (unsigned i = 0; i < HANDLED_BLOCKS; i++) {
		made[i] = allocate(64 + i % 8);
		fill(made[i], 64, i);
	}
	for (unsigned i = 0; i < HANDLED_BLOCKS; i++) {
		CHECK(is_filled(made[i], 64, i));
		release(made[i]);
	}
	handled++;
}

// Before the library's own constructor, which is the first of all constructors.
static void before_all(void)
{
	pthread_atfork(handle, handle, handle);
}
__attribute__((section(".preinit_array"), used)) static void (*const preinit)(void) = before_all;

static void handlers_older_than_the_heap_may_allocate(void)
{
	unsigned before = handled;
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(handled == before + 2 ? 0 : 1);
	CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
	CHECK(handled == before + 2);
}

// ---- what the stresses do

static unsigned draw(unsigned *seed)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed >> 8;
}

// Blocks of all kinds that nobody else writes to.
#define HELD 64
static void churn(unsigned seed, unsigned rounds)
{
	unsigned char *held[HELD] = {NULL};
	size_t size[HELD] = {0};

	for (unsigned round = 0; round < rounds; round++) {
		unsigned i = draw(&seed) % HELD, kind = draw(&seed) % 100;
		size_t wanted = 1 + draw(&seed) % (kind < 90 ? 3000 : kind < 98 ? 90000 : 900000);

		if (held[i])
			CHECK(held[i][0] == (unsigned char)i &&
				held[i][size[i] - 1] == (unsigned char)i);
		if (kind % 3 == 0) {
			held[i] = resize(held[i], wanted);
		} else {
			release(held[i]);
			held[i] = kind % 3 == 1 ? allocate(wanted) : allocate_zeroed(1, wanted);
		}
		CHECK(held[i]);
		size[i] = wanted;
		held[i][0] = held[i][wanted - 1] = (unsigned char)i;
	}
	for (unsigned i = 0; i < HELD; i++)
		release(held[i]);
}

static void *allocate_for_ever(void *argument)
{
	for (unsigned seed = (unsigned)(uintptr_t)argument; !is_over; seed++)
		churn(seed, 500);
	return NULL;
}

static FILE *long_line(void)
{
	FILE *file = tmpfile();

	CHECK(file);
	for (unsigned i = 0; i < 50000; i++)
		fputc('x', file);
	fputc('\n', file);
	return file;
}

static void *read_for_ever(void *argument)
{
	FILE *file = long_line();
	char *line = NULL;
	size_t bytes = 0;

	while (!is_over) {
		rewind(file);
		CHECK(getline(&line, &bytes, file) > 0);
		release(line);
		line = NULL;
		bytes = 0;
	}
	fclose(file);
	return argument;
}

static void *flush_for_ever(void *argument)
{
	while (!is_over)
		fflush(NULL);
	return argument;
}

static void wait_for(pid_t child)
{
	int status;

	CHECK(child > 0);
	while (waitpid(child, &status, 0) != child)
		CHECK(errno == EINTR);
	CHECK(status == 0);
}

static void *fork_for_ever(void *argument)
{
	for (unsigned seed = (unsigned)(uintptr_t)argument; !is_over; seed++) {
		pid_t child = fork();

		if (child == 0) {
			alarm(PATIENCE_SECONDS);
			churn(seed, 300);
			_exit(0);
		}
		wait_for(child);
	}
	return NULL;
}

static void *vfork_for_ever(void *argument)
{
	// Volatile: the child has this very stack.
	for (volatile unsigned seed = (unsigned)(uintptr_t)argument; !is_over; seed++) {
		pid_t child = vfork(); // NOLINT: what is tested

		if (child == 0) {
			churn(seed, 300); // NOLINT
			_exit(0);
		}
		wait_for(child);
	}
	return NULL;
}

static int churn_in_clone(void *argument)
{
	churn((unsigned)(uintptr_t)argument, 300);
	return 0;
}

#define STACK_BYTES ((size_t)64 << 10)

static void *clone_for_ever(void *argument)
{
	char *stack = allocate(STACK_BYTES);

	for (uintptr_t seed = (uintptr_t)argument; !is_over; seed++)
		wait_for(clone(churn_in_clone, stack + STACK_BYTES,
			CLONE_VM | CLONE_VFORK | SIGCHLD, (void *)seed));
	release(stack);
	return NULL;
}

static void *spawn_for_ever(void *argument)
{
	static char *words[] = {"true", NULL};

	while (!is_over) {
		pid_t child;

		CHECK(posix_spawnp(&child, "true", NULL, NULL, words, environ) == 0);
		wait_for(child);
	}
	return argument;
}

struct job {
	void *(*function)(void *argument);
	unsigned threads;
};

static void run(const struct job *job, size_t jobs)
{
	pthread_t thread[64];
	unsigned count = 0;
	struct timespec over;
	sigset_t interruption;

	alarm(seconds + PATIENCE_SECONDS);
	clock_gettime(CLOCK_MONOTONIC, &over); // a handler's time counts as well
	over.tv_sec += seconds;
	for (size_t i = 0; i < jobs; i++)
		for (unsigned n = 0; n < job[i].threads; n++) {
			void *seed = (void *)(uintptr_t)(count * 7919 + 1);

			CHECK(pthread_create(&thread[count++], NULL, job[i].function, seed) == 0);
		}
	sigemptyset(&interruption); // which is for the threads that work
	sigaddset(&interruption, SIGPROF);
	CHECK(pthread_sigmask(SIG_BLOCK, &interruption, NULL) == 0);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &over, NULL) == EINTR)
		;
	is_over = true;
	while (count > 0)
		CHECK(pthread_join(thread[--count], NULL) == 0);
}

static void fork_goes_on_beside_stdio(void)
{
	const struct job jobs[] = {{read_for_ever, 6}, {fork_for_ever, 4}, {flush_for_ever, 1}};

	run(jobs, 3);
}

// A thread that holds a lock which a handler of fork() wants allocates meanwhile.
static pthread_mutex_t program_lock = PTHREAD_MUTEX_INITIALIZER;

static void lock_of_program(void)
{
	pthread_mutex_lock(&program_lock);
}

static void unlock_of_program(void)
{
	pthread_mutex_unlock(&program_lock);
}

static void *hold_and_allocate(void *argument)
{
	for (unsigned seed = 1; !is_over; seed++) {
		lock_of_program();
		churn(seed, 50);
		unlock_of_program();
	}
	return argument;
}

static void fork_waits_for_nobody_who_allocates(void)
{
	const struct job jobs[] = {{hold_and_allocate, 3}, {fork_for_ever, 2}};

	pthread_atfork(lock_of_program, unlock_of_program, unlock_of_program);
	run(jobs, 2);
}

static void every_kind_of_child_has_a_whole_heap(void)
{
	const struct job jobs[] = {{allocate_for_ever, 3}, {fork_for_ever, 2}, {vfork_for_ever, 2},
		{clone_for_ever, 1}, {spawn_for_ever, 1}};

	run(jobs, 5);
}

// ---- signals

static atomic_uint interrupted;

static _Thread_local uint64_t last_handled_ns; // of the thread's processor time

static uint64_t thread_ns(void)
{
	struct timespec used;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}

// Between two handlers that do something, a thread goes on for a while: where a handler takes longer
// than the timer's period, nothing else would run.
static bool is_due(void)
{
	return !is_over && thread_ns() - last_handled_ns >= WORK_NS;
}

static void has_handled(void)
{
	interrupted++;
	last_handled_ns = thread_ns();
}

static void fork_in_handler(int signal)
{
	int error = errno;
	pid_t child;

	(void)signal;
	if (!is_due())
		return;
	child = fork();
	if (child == 0)
		_exit(0);
	wait_for(child);
	has_handled();
	errno = error;
}

static void allocate_in_handler(int signal)
{
	int error = errno;
	unsigned char *block[20];

	(void)signal;
	if (!is_due())
		return;
	for (unsigned i = 0; i < 20; i++) {
		block[i] = allocate(10 + i * 1000);
		block[i][0] = (unsigned char)i;
	}
	for (unsigned i = 0; i < 20; i++) {
		CHECK(block[i][0] == i);
		release(block[i]);
	}
	has_handled();
	errno = error;
}

static void interrupt(void (*handler)(int), unsigned period_us, unsigned threads)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
	struct itimerval timer = {{0, period_us}, {0, period_us}}, none = {{0, 0}, {0, 0}};
	const struct job jobs[] = {{allocate_for_ever, threads}};

	CHECK(sigaction(SIGPROF, &action, NULL) == 0 && setitimer(ITIMER_PROF, &timer, NULL) == 0);
	run(jobs, 1);
	setitimer(ITIMER_PROF, &none, NULL);
	CHECK(interrupted > 0);
}

static void a_handler_may_fork_inside_malloc(void)
{
	interrupt(fork_in_handler, 1000, 1);
}

static void handlers_may_fork_while_others_are_inside(void)
{
	interrupt(fork_in_handler, 3000, 3);
}

static void a_handler_may_allocate_inside_malloc(void)
{
	interrupt(allocate_in_handler, 1000, 2);
}

// The child goes on where its parent was interrupted.
static void continue_in_child(int signal)
{
	pid_t child;

	(void)signal;
	if (!is_due())
		return;
	child = fork();
	if (child == 0) {
		alarm(PATIENCE_SECONDS);
		is_over = true; // after which it ends by itself
		return;
	}
	wait_for(child);
	has_handled();
}

static void a_child_goes_on_inside_malloc(void)
{
	struct sigaction action = {.sa_handler = continue_in_child, .sa_flags = SA_RESTART};
	struct sigaction stop = {.sa_handler = end};
	struct itimerval timer = {{0, 1000}, {0, 1000}};
	pid_t self = getpid();

	CHECK(sigaction(SIGALRM, &stop, NULL) == 0 && sigaction(SIGPROF, &action, NULL) == 0);
	alarm(seconds);
	CHECK(setitimer(ITIMER_PROF, &timer, NULL) == 0);
	allocate_for_ever(NULL);
	if (getpid() != self)
		_exit(0);
	CHECK(interrupted > 0);
}

// ---- vfork() alone

// The parent's thread has its sequences again afterwards: the slow way is not for ever.
static void a_vfork_leaves_no_trace(void)
{
	cpu_set_t cpus;
	pid_t child;

	CHECK(sched_getaffinity(0, sizeof(cpus), &cpus) == 0);
	for (unsigned i = 0; i < 300; i++) {
		child = vfork(); // NOLINT: what is tested
		if (child == 0) {
			churn(i, 20); // NOLINT
			_exit(0);
		}
		wait_for(child);
		CHECK(sched_getcpu() >= 0 && CPU_ISSET((size_t)sched_getcpu(), &cpus));
		churn(i, 20);
	}
}

static int store_one(void *place)
{
	churn(1, 1000);
	*(atomic_int *)place = 1;
	return 0;
}

// No vfork: both go on, with one thread's storage.
static void a_clone_may_run_beside_its_parent(void)
{
	char *stack = allocate(STACK_BYTES);
	atomic_int done = 0;
	pid_t child = clone(store_one, stack + STACK_BYTES, CLONE_VM | SIGCHLD, &done);

	churn(2, 1000);
	wait_for(child);
	CHECK(done == 1);
	release(stack);
}

int main(int argc, char **argv)
{
	static const struct test tests[] = {
		TEST(handlers_older_than_the_heap_may_allocate),
		TEST(fork_goes_on_beside_stdio),
		TEST(fork_waits_for_nobody_who_allocates),
		TEST(every_kind_of_child_has_a_whole_heap),
		TEST(a_handler_may_fork_inside_malloc),
		TEST(handlers_may_fork_while_others_are_inside),
		TEST(a_handler_may_allocate_inside_malloc),
		TEST(a_child_goes_on_inside_malloc),
		TEST(a_vfork_leaves_no_trace),
		TEST(a_clone_may_run_beside_its_parent),
	};

	if (argc > 1)
		seconds = (unsigned)strtoul(argv[1], NULL, 10);
	if (argc > 2 || seconds == 0) {
		fprintf(stderr, "Usage: %s [SECONDS], at least 1, a stress\n", argv[0]);
		return 2;
	}
	return run_tests(tests, sizeof(tests) / sizeof(*tests));
}
