// SPDX-License-Identifier: GPL-2.0-or-later
// Real threads, more of them than CPUs: they allocate, pass objects to each other through a table
// of slots, free what others allocated, come and go, create caches and fork meanwhile. Contents
// must survive, and in the end nothing may be missing. Made for the thread sanitizer as much as for
// itself.
#include "host/topology.h"
#include "slab_test.h"
#include "tune.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS 4
#define ROUNDS  4
#define STEPS   6000
#define SLOTS   256
#define SIZE    120

static struct kmem_cache *cache;
static _Atomic(unsigned char *) slots[SLOTS];
static atomic_bool failed;

static void fill(unsigned char *object, unsigned seed)
{
	memset(object, (int)(seed & 0xff), SIZE);
}

// Takes a fresh object to a slot, and what was there back.
static void exchange(unsigned *seed)
{
	unsigned char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	if (!object) {
		failed = true;
		return;
	}
	fill(object, *seed);
	object = atomic_exchange(&slots[(unsigned)rand_r(seed) % SLOTS], object);
	if (object && memcmp(object, object + 1, SIZE - 1) != 0)
		failed = true;
	kmem_cache_free(cache, object);
}

static void use_sizes(unsigned *seed)
{
	void *object = kmalloc(1 + (unsigned)rand_r(seed) % 5000, GFP_KERNEL);

	if (!object)
		failed = true;
	kfree(object);
}

static void *work(void *argument)
{
	unsigned seed = (unsigned)(uintptr_t)argument;

	for (unsigned step = 0; step < STEPS; step++) {
		if (topology.is_virtual && step % 16 == 0)
			slab_set_cpu((unsigned)rand_r(&seed) % topology.nr_cpus);
		exchange(&seed);
		if (step % 8 == 0)
			use_sizes(&seed);
	}
	return NULL;
}

// Runs beside the others.
static void *create_and_destroy(void *argument)
{
	(void)argument;
	for (unsigned i = 0; i < 200; i++) {
		struct kmem_cache *brief =
			kmem_cache_create("brief", 64 + i * 8, 0, SLAB_NOLEAKTRACE, NULL);

		if (!brief) {
			failed = true;
			return NULL;
		}
		kmem_cache_free(brief, kmem_cache_alloc(brief, GFP_KERNEL));
		kmem_cache_destroy(brief);
	}
	return NULL;
}

// Takes CPUs away and brings them back, tunes, shrinks and reaps.
static void *disturb(void *argument)
{
	unsigned seed = 11;

	for (unsigned i = 0; i < 60; i++) {
		unsigned cpu = topology.nr_cpus > 1
				       ? 1 + (unsigned)rand_r(&seed) % (topology.nr_cpus - 1)
				       : 0;

		if (topology.is_virtual && slab_cpu_down(cpu) == 0 && slab_cpu_up(cpu) != 0)
			failed = true;
		kmem_cache_shrink(cache);
		slab_reap();
		pthread_mutex_lock(&slab_mutex);
		if (cache_tune(cache, 20 + (int)(i % 100), 10, (int)(i % 9)) != 0)
			failed = true;
		pthread_mutex_unlock(&slab_mutex);
	}
	return argument;
}

static void child_work(void)
{
	for (unsigned i = 0; i < 1000; i++) {
		kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
		kfree(kmalloc(i + 1, GFP_KERNEL));
	}
	_exit(0);
}

static void *fork_often(void *argument)
{
	(void)argument;
	for (unsigned i = 0; i < 10; i++) {
		pid_t child = fork();
		int status = -1;

		if (child == 0)
			child_work();
		if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
			failed = true;
	}
	return NULL;
}

static void empty_slots(void)
{
	for (unsigned i = 0; i < SLOTS; i++)
		kmem_cache_free(cache, atomic_exchange(&slots[i], NULL));
}

static void run_with(void *(*beside)(void *argument))
{
	for (unsigned round = 0; round < ROUNDS; round++) {
		pthread_t threads[THREADS], other;

		for (unsigned i = 0; i < THREADS; i++)
			assert_int_equal(pthread_create(&threads[i], NULL, work,
						 (void *)(uintptr_t)(round * 97 + i + 1)),
				0);
		assert_int_equal(pthread_create(&other, NULL, beside, NULL), 0);
		for (unsigned i = 0; i < THREADS; i++)
			pthread_join(threads[i], NULL);
		pthread_join(other, NULL);
	}
	assert_false(failed);
	empty_slots();
	assert_sound(cache, 0);
}

static void objects_survive_threads_that_pass_them_on(void **state)
{
	(void)state;
	run_with(create_and_destroy);
}

static void cpus_that_go_and_arrays_that_change_lose_nothing(void **state)
{
	(void)state;
	run_with(disturb);
}

static void a_child_of_fork_may_allocate(void **state)
{
	(void)state;
	if (HAS_THREAD_SANITIZER)
		skip(); // it does not follow the child of a threaded process
	run_with(fork_often);
}

static int make_cache(void **state)
{
	(void)state;
	cache = kmem_cache_create("threads", SIZE, 0, 0, NULL);
	return !cache;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_survive_threads_that_pass_them_on),
		cmocka_unit_test(cpus_that_go_and_arrays_that_change_lose_nothing),
		cmocka_unit_test(a_child_of_fork_may_allocate),
	};

	if (argc > 1)
		start_virtual(argv[1]);
	return cmocka_run_group_tests_name("threads", tests, make_cache, NULL);
}
