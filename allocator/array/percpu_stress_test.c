// SPDX-License-Identifier: GPL-2.0-or-later
// The fast path under every interruption there is: four threads a CPU that hop from CPU to CPU and
// get signals all the time, while other CPUs' arrays are drained, replaced and taken down. Each
// object carries its owner, so that one handed out twice is seen at once; in the end what went in
// must have come out.
//
// An argument is the number of seconds to run; without, the threads share a fixed number of steps.
#include "host/topology.h"
#include "reclaim/reap.h"
#include "show/slabinfo.h"
#include "slab_test.h"
#include "tune.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define THREADS_PER_CPU 4
#define THREADS_MAX     256
#define STEPS           800000 // of all threads together
#define STASH           96 // objects that a thread holds at most
#define TABLE           128 // objects on their way to another thread
#define SIZE            72
#define HOP_STEPS       64

struct object {
	_Atomic(uintptr_t) owner; // 0 while it is free, kept by the constructor's contract
	char rest[SIZE - sizeof(uintptr_t)];
};

struct worker {
	pthread_t thread;
	uintptr_t name; // not 0
	unsigned seed;
	struct object *stash[STASH];
	unsigned held;
	unsigned long allocated, freed;
};

static struct kmem_cache *cache;
static struct worker workers[THREADS_MAX];
static unsigned workers_count;
static _Atomic(struct object *) table[TABLE];
static atomic_ulong owners_wrong, refusals, signals_seen;
static atomic_uint workers_running;
static time_t deadline; // of the monotonic clock; 0: by steps

static time_t now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void construct(void *object)
{
	atomic_init(&((struct object *)object)->owner, 0);
}

static void expect_owner(struct object *object, uintptr_t from, uintptr_t to)
{
	if (atomic_exchange_explicit(&object->owner, to, memory_order_acq_rel) != from)
		owners_wrong++;
}

// ---- a worker

static void take(struct worker *worker, struct object *object)
{
	expect_owner(object, 0, worker->name);
	worker->stash[worker->held++] = object;
	worker->allocated++;
}

static struct object *let_go(struct worker *worker)
{
	struct object *object = worker->stash[--worker->held];

	expect_owner(object, worker->name, 0);
	worker->freed++;
	return object;
}

static void alloc_one(struct worker *worker)
{
	struct object *object = worker->held < STASH ? kmem_cache_alloc(cache, GFP_KERNEL) : NULL;

	if (object)
		take(worker, object);
	else if (worker->held < STASH)
		refusals++;
}

static void free_one(struct worker *worker)
{
	if (worker->held > 0)
		kmem_cache_free(cache, let_go(worker));
}

static void alloc_many(struct worker *worker)
{
	void *objects[STASH];
	unsigned wanted = (unsigned)rand_r(&worker->seed) % (STASH - worker->held + 1);
	int got = kmem_cache_alloc_bulk(cache, GFP_KERNEL, wanted, objects);

	if (got != (int)wanted)
		refusals++;
	for (int i = 0; i < got; i++)
		take(worker, objects[i]);
}

static void free_many(struct worker *worker)
{
	void *objects[STASH];
	unsigned count = (unsigned)rand_r(&worker->seed) % (worker->held + 1);

	for (unsigned i = 0; i < count; i++)
		objects[i] = let_go(worker);
	kmem_cache_free_bulk(cache, count, objects);
}

// Leaves an object for whoever comes by, and frees what lay there.
static void exchange(struct worker *worker)
{
	struct object *object = worker->held > 0 ? let_go(worker) : NULL;

	object = atomic_exchange(&table[(unsigned)rand_r(&worker->seed) % TABLE], object);
	if (object)
		kfree(object);
}

static void hop(struct worker *worker)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET((unsigned)rand_r(&worker->seed) % topology.nr_cpus, &one);
	sched_setaffinity(0, sizeof(one), &one); // refused where the machine lends fewer CPUs
}

static bool goes_on(unsigned long step)
{
	if (deadline == 0)
		return step < STEPS / workers_count;
	return step % HOP_STEPS != 0 || now_s() < deadline;
}

static void *work(void *argument)
{
	static void (*const steps[])(struct worker *) = {
		alloc_one, free_one, alloc_one, free_one, alloc_many, free_many, exchange};
	struct worker *worker = argument;

	for (unsigned long step = 0; goes_on(step); step++) {
		if (step % HOP_STEPS == 0)
			hop(worker);
		steps[(unsigned)rand_r(&worker->seed) % (sizeof(steps) / sizeof(steps[0]))](worker);
	}
	while (worker->held > 0)
		free_one(worker);
	workers_running--;
	return NULL;
}

// ---- who disturbs them

static void see_signal(int number)
{
	(void)number;
	atomic_fetch_add_explicit(&signals_seen, 1, memory_order_relaxed);
}

static void *send_signals(void *argument)
{
	unsigned seed = 5;

	while (workers_running > 0) {
		pthread_kill(workers[(unsigned)rand_r(&seed) % workers_count].thread, SIGUSR1);
		sched_yield();
	}
	return argument;
}

static void tune(unsigned limit, unsigned shared)
{
	pthread_mutex_lock(&slab_mutex);
	if (cache_tune(cache, (int)limit, (int)(limit + 1) / 2, (int)shared) != 0)
		refusals++;
	pthread_mutex_unlock(&slab_mutex);
}

static void *drain_and_replace(void *argument)
{
	unsigned seed = 7;

	while (workers_running > 0) {
		unsigned cpu = (unsigned)rand_r(&seed) % topology.nr_cpus;

		tune(1 + (unsigned)rand_r(&seed) % 150, (unsigned)rand_r(&seed) % 9);
		kmem_cache_shrink(cache);
		slab_reap();
		if (cpu_is_online(cpu))
			cache_reap_now(cpu, true);
		if (cpu > 0 && slab_cpu_down(cpu) == 0 && slab_cpu_up(cpu) != 0)
			refusals++;
		sched_yield();
	}
	return argument;
}

// ---- the test

static void start_workers(void)
{
	workers_count = topology.nr_possible_cpus * THREADS_PER_CPU;
	if (workers_count > THREADS_MAX)
		workers_count = THREADS_MAX;
	workers_running = workers_count;
	for (unsigned i = 0; i < workers_count; i++) {
		workers[i] = (struct worker){.name = i + 1, .seed = 1000 + i};
		assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	}
}

static void free_what_waits(void)
{
	for (unsigned i = 0; i < TABLE; i++)
		kmem_cache_free(cache, atomic_exchange(&table[i], NULL));
}

static void report_run(unsigned long moved)
{
	printf("%s: %u threads, %lu objects, %lu signals, %lu sequences aborted\n", slab_cpu_mode(),
		workers_count, moved, (unsigned long)signals_seen,
		__atomic_load_n(&cpu_sequences_lost, __ATOMIC_RELAXED));
}

// Every call is a hit or a miss, or the free of another node's object: exactly, whatever
// interrupted it.
#if CONFIG_SLAB_STATS
static void expect_counted(unsigned long calls)
{
	struct cache_stats stats;

	get_cache_stats(cache, &stats);
	assert_int_equal(stats.allochit + stats.allocmiss, calls);
	assert_int_equal(stats.freehit + stats.freemiss + stats.node_frees, calls);
}
#else
static void expect_counted(unsigned long calls)
{
	(void)calls;
}
#endif

static void interrupted_sequences_lose_nothing(void **state)
{
	struct sigaction action = {.sa_handler = see_signal, .sa_flags = SA_RESTART};
	unsigned long allocated = 0, freed = 0;
	pthread_t sender, drainer;

	(void)state;
	sigaction(SIGUSR1, &action, NULL);
	start_workers();
	assert_int_equal(pthread_create(&sender, NULL, send_signals, NULL), 0);
	assert_int_equal(pthread_create(&drainer, NULL, drain_and_replace, NULL), 0);
	pthread_join(sender, NULL); // before the workers, which it names
	pthread_join(drainer, NULL);
	for (unsigned i = 0; i < workers_count; i++) {
		pthread_join(workers[i].thread, NULL);
		allocated += workers[i].allocated;
		freed += workers[i].freed;
	}
	report_run(allocated);
	free_what_waits();
	assert_int_equal(owners_wrong, 0);
	assert_int_equal(refusals, 0);
	assert_int_equal(allocated, freed);
	expect_counted(allocated);
	assert_sound(cache, 0);
	assert_int_equal(kmem_cache_shrink(cache), 0); // not one slab is left
}

// ---- a debugger

#define STEPPED_PAIRS 20

static void use_cache_and_exit(void)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		_exit(TEST_SKIPPED);
	raise(SIGSTOP);
	for (unsigned i = 0; i < STEPPED_PAIRS; i++)
		kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	_exit(0);
}

// Each step interrupts the sequence that it falls into.
static void a_debugger_steps_through_sequences(void **state)
{
	pid_t child = fork();
	unsigned long steps = 0;
	int status;

	(void)state;
	assert_true(child >= 0);
	if (child == 0)
		use_cache_and_exit();
	assert_int_equal(waitpid(child, &status, 0), child);
	for (; WIFSTOPPED(status); steps++) {
		assert_int_equal(ptrace(PTRACE_SINGLESTEP, child, NULL, NULL), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
	}
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == TEST_SKIPPED) {
		puts("skipped: nobody may be traced here");
		skip();
	}
	printf("%lu steps for %d pairs\n", steps, STEPPED_PAIRS);
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int make_cache(void **state)
{
	(void)state;
	cache = kmem_cache_create("stress", SIZE, 0, SLAB_NOLEAKTRACE, construct);
	return !cache;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_debugger_steps_through_sequences),
		cmocka_unit_test(interrupted_sequences_lose_nothing),
	};

	if (argc > 1) {
		char *end;
		long seconds = strtol(argv[1], &end, 10);

		if (*end || seconds < 1 || seconds > 86400) {
			fprintf(stderr, "%s: '%s' is no number of seconds from 1 to 86400\n",
				argv[0], argv[1]);
			return 2;
		}
		deadline = now_s() + seconds;
	}
	return cmocka_run_group_tests_name("per-CPU arrays under stress", tests, make_cache, NULL);
}
