// SPDX-License-Identifier: GPL-2.0-or-later
// A peer keeps the promises that workloads rely on.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <slab/slab.h>
#include <string.h>

#define OBJECTS 20000

static void *objects[OBJECTS];

static void construct(void *object)
{
	memset(object, 7, 40);
}

static void objects_are_aligned_apart_and_keep_their_contents(void **state)
{
	struct kmem_cache *cache = kmem_cache_create("peer", 200, 128, 0, NULL);

	(void)state;
	assert_non_null(cache);
	assert_int_equal(kmem_cache_size(cache), 200);
	for (unsigned i = 0; i < OBJECTS; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		assert_non_null(objects[i]);
		assert_int_equal((uintptr_t)objects[i] % 128, 0);
		memset(objects[i], (int)i, 200);
	}
	for (unsigned i = 0; i < OBJECTS; i++) {
		assert_int_equal(((unsigned char *)objects[i])[199], (unsigned char)i);
		kmem_cache_free(cache, objects[i]);
	}
	kmem_cache_free(cache, NULL);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(NULL);
}

static void constructed_and_zeroed_objects_are_so(void **state)
{
	struct kmem_cache *cache = kmem_cache_create("peer", 40, 0, 0, construct);
	unsigned char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	(void)state;
	assert_int_equal(object[39], 7);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	cache = kmem_cache_create("peer", 40, 0, SLAB_HWCACHE_ALIGN, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_ZERO);
	assert_int_equal(object[0] | object[39], 0);
	assert_int_equal((uintptr_t)object % 64, 0);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
}

static void sizes_are_served_up_to_the_largest(void **state)
{
	(void)state;
	for (size_t size = 1; size <= KMALLOC_MAX_SIZE; size = size * 3 / 2 + 1) {
		char *object = kmalloc(size, GFP_KERNEL | __GFP_ZERO);

		assert_non_null(object);
		assert_int_equal(object[size - 1], 0);
		assert_true(ksize(object) >= size);
		memset(object, 1, size);
		kfree(object);
	}
	// Where malloc is called inline, its rules hold for these two.
	assert_ptr_equal(__kmalloc(0, GFP_KERNEL), ZERO_SIZE_PTR);
	assert_null(__kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
	kfree(NULL);
	kfree(ZERO_SIZE_PTR);
}

static void a_bad_request_is_refused(void **state)
{
	(void)state;
	errno = 0;
	assert_null(kmem_cache_create(NULL, 8, 0, 0, NULL));
	assert_int_equal(errno, EINVAL);
	assert_null(kmem_cache_create("peer", 8, 24, 0, NULL));
}

static struct kmem_cache *shared_cache;

static void *free_all(void *argument)
{
	for (unsigned i = 0; i < OBJECTS; i++)
		kmem_cache_free(shared_cache, objects[i]);
	return argument;
}

static void what_another_thread_frees_can_be_had_again(void **state)
{
	(void)state;
	shared_cache = kmem_cache_create("peer", 64, 0, 0, NULL);
	for (unsigned round = 0; round < 20; round++) {
		pthread_t thread;

		for (unsigned i = 0; i < OBJECTS; i++) {
			objects[i] = kmem_cache_alloc(shared_cache, GFP_KERNEL);
			assert_non_null(objects[i]);
			*(unsigned *)objects[i] = i;
		}
		for (unsigned i = 0; i < OBJECTS; i++)
			assert_int_equal(*(unsigned *)objects[i], i); // none was handed out twice
		assert_int_equal(pthread_create(&thread, NULL, free_all, NULL), 0);
		pthread_join(thread, NULL);
	}
	kmem_cache_destroy(shared_cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_are_aligned_apart_and_keep_their_contents),
		cmocka_unit_test(constructed_and_zeroed_objects_are_so),
		cmocka_unit_test(sizes_are_served_up_to_the_largest),
		cmocka_unit_test(a_bad_request_is_refused),
		cmocka_unit_test(what_another_thread_frees_can_be_had_again),
	};

	return cmocka_run_group_tests_name("peer", tests, NULL, NULL);
}
