// SPDX-License-Identifier: GPL-2.0-or-later
// A program that links the shared library and has the fast path in itself: its copies of the words are
// what the library says, from the start on; whatever the library does to arrays, threads lose nothing.
// The tests follow one another in one process: nothing starts twice.
#include "nonshared/copy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kmalloc.h"

#define SIZE    120
#define SLOTS   64
#define THREADS 3
#define STEPS   20000

static struct kmem_cache *cache;
static _Atomic(unsigned char *) slots[SLOTS];
static atomic_bool failed;
static atomic_bool done;

static bool is_by_sequences(void)
{
	return strcmp(slab_cpu_mode(), "locked") != 0;
}

// ---- one thread

static void before_the_start_the_library_is_asked(void **state)
{
	void *object;

	(void)state;
	assert_int_equal(cpu_sequences.rseq, 0);
	assert_true(slab_gates.has_policies);
	kfree(NULL);
	object = kmalloc(100, GFP_KERNEL);
	assert_non_null(object);
	assert_true(ksize(object) >= 100);
	kfree(object);
}

static void after_it_the_copies_are_filled(void **state)
{
	(void)state;
	assert_false(slab_gates.has_policies);
	assert_int_equal(slab_gates.kmalloc_limit, KMALLOC_STEPS_MAX);
	assert_non_null((void *)page_map.page_of_zero);
	assert_int_equal(cpu_sequences.cpus > 0, is_by_sequences());
	for (size_t i = 0; i < KMALLOC_STEPS; i++)
		assert_int_not_equal(kmalloc_place[i], 0);
}

// A hit asks nobody: no refill is counted, and what came back last goes out first.
static void hits_stay_in_the_program(void **state)
{
	struct slab_counts before, after;
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	(void)state;
	kmem_cache_free(cache, object);
	slab_counts(&before);
	for (unsigned i = 0; i < 1000; i++) {
		object = kmem_cache_alloc(cache, GFP_KERNEL);
		assert_non_null(object);
		kmem_cache_free(cache, object);
	}
	slab_counts(&after);
	assert_in_range(after.refills - before.refills, 0, 20); // a CPU's first
	assert_in_range(after.flushes - before.flushes, 0, 20);
}

// More than an array holds.
static void objects_come_and_go(void)
{
	unsigned char *objects[500];
	static const unsigned char zeros[SIZE];

	for (unsigned i = 0; i < 500; i++) {
		objects[i] = kmem_cache_alloc(cache, i % 2 ? GFP_KERNEL | __GFP_ZERO : GFP_KERNEL);
		assert_non_null(objects[i]);
		if (i % 2)
			assert_memory_equal(objects[i], zeros, SIZE);
		memset(objects[i], (int)i, SIZE);
	}
	for (unsigned i = 0; i < 500; i++) {
		assert_int_equal(objects[i][0], (unsigned char)i);
		assert_int_equal(objects[i][SIZE - 1], (unsigned char)i);
		if (i % 3)
			kmem_cache_free(cache, objects[i]);
		else
			kfree(objects[i]);
	}
}

static void what_is_no_hit_goes_on_in_the_library(void **state)
{
	(void)state;
	objects_come_and_go();
	for (size_t size = 1; size < 20000; size += size / 3 + 1) {
		void *object = kmalloc(size, GFP_KERNEL);

		assert_true(ksize(object) >= size);
		kfree(object);
	}
}

// ---- threads

static void exchange(unsigned *seed)
{
	unsigned char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	if (!object) {
		failed = true;
		return;
	}
	memset(object, (int)(*seed & 0xff), SIZE);
	object = atomic_exchange(&slots[(unsigned)rand_r(seed) % SLOTS], object);
	if (object && memcmp(object, object + 1, SIZE - 1) != 0)
		failed = true;
	if (object && *seed % 2)
		kmem_cache_free(cache, object);
	else
		kfree(object);
}

static void *work(void *argument)
{
	unsigned seed = (unsigned)(uintptr_t)argument;

	for (unsigned step = 0; step < STEPS; step++)
		exchange(&seed);
	return NULL;
}

// Moves the arrays under the sequences of the others, and empties them.
static void *disturb(void *argument)
{
	char text[64];

	for (unsigned i = 0; !done; i++) {
		int length = snprintf(
			text, sizeof(text), "of-program %u %u %u", 20 + i % 100, 10, i % 9);

		if (slabinfo_write(text, (size_t)length) != length)
			failed = true;
		kmem_cache_shrink(cache);
		slab_reap();
	}
	return argument;
}

static void run_threads(void)
{
	pthread_t threads[THREADS], other;

	done = false;
	assert_int_equal(pthread_create(&other, NULL, disturb, NULL), 0);
	for (uintptr_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, work, (void *)(i + 1)), 0);
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	done = true;
	pthread_join(other, NULL);
	for (unsigned i = 0; i < SLOTS; i++)
		kmem_cache_free(cache, atomic_exchange(&slots[i], NULL));
	assert_false(failed);
}

static void objects_survive_arrays_that_move(void **state)
{
	(void)state;
	run_threads();
}

static void sizes_follow_arrays_that_move_into_the_program(void **state)
{
	static const char text[] = "kmalloc-64 40 20 0";
	size_t place = *kmalloc_quick_place(64);
	bool is_quick = place != *kmalloc_quick_place(128); // else both lead out of the fast path
	void *object;

	(void)state;
	assert_int_equal(slabinfo_write(text, strlen(text)), strlen(text));
	assert_int_equal(*kmalloc_quick_place(64) != place, is_quick);
	assert_int_equal(*kmalloc_quick_place(64), *kmalloc_quick_place(33));
	object = kmalloc(64, GFP_KERNEL);
	assert_int_equal(ksize(object), 64);
	kfree(object);
}

// ---- what changes the words later

static void a_policy_closes_the_programs_gates_too(void **state)
{
	(void)state;
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_BIND, 1), 0);
	assert_true(slab_gates.has_policies);
	assert_int_equal(slab_gates.kmalloc_limit, 0);
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_DEFAULT, 0), 0);
	kfree(kmalloc(100, GFP_KERNEL));
}

// From now on neither membarrier(2) nor sched_setaffinity(2) keeps sequences out of an array.
static void refuse_fences(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sched_setaffinity, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	struct sock_fprog program = {sizeof(filter) / sizeof(filter[0]), filter};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC,
			&program) != 0)
		skip();
}

static void sequences_that_the_library_ends_end_in_the_program_too(void **state)
{
	(void)state;
	refuse_fences();
	kmem_cache_shrink(cache);
	objects_come_and_go();
	assert_false(is_by_sequences());
	assert_int_equal(cpu_sequences.cpus, 0);
	run_threads();
}

int main(void)
{
	const struct CMUnitTest first[] = {
		cmocka_unit_test(before_the_start_the_library_is_asked),
		cmocka_unit_test(after_it_the_copies_are_filled),
	};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hits_stay_in_the_program),
		cmocka_unit_test(what_is_no_hit_goes_on_in_the_library),
		cmocka_unit_test(objects_survive_arrays_that_move),
		cmocka_unit_test(sizes_follow_arrays_that_move_into_the_program),
		cmocka_unit_test(a_policy_closes_the_programs_gates_too),
		cmocka_unit_test(sequences_that_the_library_ends_end_in_the_program_too),
	};
	int wrong = cmocka_run_group_tests(first, NULL, NULL);

	cache = kmem_cache_create("of-program", SIZE, 0, SLAB_NOLEAKTRACE, NULL);
	wrong += cmocka_run_group_tests(tests, NULL, NULL);
	kmem_cache_destroy(cache);
	return wrong;
}
