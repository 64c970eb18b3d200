// SPDX-License-Identifier: GPL-2.0-or-later
// The debug config's reports: each kind of misuse is planted, what standard error says is read
// back, and the cache is sound afterwards. Other configs have no such checks and skip.
#include "slab_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIZE 100

static struct kmem_cache *cache;
static int real_stderr;
static FILE *capture;

static int begin(void **state)
{
	(void)state;
	cache = kmem_cache_create("planted", SIZE, 0, 0, NULL);
	capture = tmpfile();
	if (!cache || !capture)
		return 1;
	fflush(stderr);
	real_stderr = dup(STDERR_FILENO);
	return dup2(fileno(capture), STDERR_FILENO) < 0;
}

static int end(void **state)
{
	(void)state;
	fflush(stderr);
	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	fclose(capture);
	kmem_cache_destroy(cache);
	return 0;
}

// Everything reported so far holds the words, in exactly `count` lines.
static void assert_reported(const char *words, unsigned count)
{
	char line[600];
	unsigned found = 0, lines = 0;

	rewind(capture);
	while (fgets(line, sizeof(line), capture)) {
		lines++;
		found += strstr(line, words) != NULL;
	}
	assert_int_equal(lines, count);
	assert_int_equal(found, count);
}

static void a_second_free_is_reported_and_ignored(void **state)
{
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	(void)state;
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, object);
	assert_reported("freed twice", 1);
	assert_sound(cache, 0);
}

static void a_write_beyond_the_end_is_reported(void **state)
{
	char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	(void)state;
	memset(object + cache->redzone2 - (int)cache->obj_offset, 0, 1);
	kmem_cache_free(cache, object);
	assert_reported("written beyond its end", 1);
	assert_sound(cache, 0);
}

static void a_write_before_the_start_is_reported(void **state)
{
	char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	(void)state;
	object[-1] ^= 1;
	kmem_cache_free(cache, object);
	assert_reported("written beyond its start", 1);
}

static void a_write_after_free_is_reported_with_its_offset(void **state)
{
	char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	(void)state;
	kmem_cache_free(cache, object);
	object[17] = 3;
	assert_ptr_equal(kmem_cache_alloc(cache, GFP_KERNEL), object);
	assert_reported("written after free: byte 17 is 0x03", 1);
	kmem_cache_free(cache, object);
}

static void a_free_to_the_wrong_cache_is_reported_and_ignored(void **state)
{
	struct kmem_cache *other = kmem_cache_create("other", SIZE, 0, 0, NULL);
	void *object = kmem_cache_alloc(other, GFP_KERNEL);

	(void)state;
	kmem_cache_free(cache, object);
	assert_reported("an object of cache 'other'", 1);
	assert_sound(other, 1);
	kmem_cache_free(other, object);
	kmem_cache_destroy(other);
}

static void a_pointer_into_an_object_is_reported_and_ignored(void **state)
{
	char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	(void)state;
	kmem_cache_free(cache, object + 8);
	assert_reported("not the start of an object", 1);
	kmem_cache_free(cache, object);
	assert_sound(cache, 0);
}

static void a_foreign_pointer_is_reported_and_ignored(void **state)
{
	char local = 0;

	(void)state;
	kmem_cache_free(cache, &local);
	assert_reported("no memory of this allocator", 1);
}

static void the_size_of_a_freed_object_is_reported_and_none(void **state)
{
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	(void)state;
	assert_int_equal(ksize(object), SIZE);
	kmem_cache_free(cache, object);
	assert_int_equal(ksize(object), 0);
	assert_null(krealloc(object, 2 * SIZE, GFP_KERNEL));
	assert_null(krealloc(object, 1, GFP_KERNEL));
	assert_reported("which was freed, or never handed out; last user 0x", 3);
	assert_sound(cache, 0);
}

static void fresh_and_freed_objects_are_poisoned(void **state)
{
	unsigned char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	(void)state;
	assert_int_equal(object[0], 0x5a);
	assert_int_equal(object[SIZE - 1], 0xa5);
	memset(object, 0, SIZE);
	kmem_cache_free(cache, object);
	assert_int_equal(object[0], 0x6b);
	assert_int_equal(object[SIZE - 1], 0xa5);
	assert_reported("", 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_second_free_is_reported_and_ignored, begin, end),
		cmocka_unit_test_setup_teardown(a_write_beyond_the_end_is_reported, begin, end),
		cmocka_unit_test_setup_teardown(a_write_before_the_start_is_reported, begin, end),
		cmocka_unit_test_setup_teardown(
			a_write_after_free_is_reported_with_its_offset, begin, end),
		cmocka_unit_test_setup_teardown(
			a_free_to_the_wrong_cache_is_reported_and_ignored, begin, end),
		cmocka_unit_test_setup_teardown(
			a_pointer_into_an_object_is_reported_and_ignored, begin, end),
		cmocka_unit_test_setup_teardown(
			a_foreign_pointer_is_reported_and_ignored, begin, end),
		cmocka_unit_test_setup_teardown(
			the_size_of_a_freed_object_is_reported_and_none, begin, end),
		cmocka_unit_test_setup_teardown(fresh_and_freed_objects_are_poisoned, begin, end),
	};

	if (!IS_ENABLED(CONFIG_DEBUG_SLAB)) {
		puts("skipped: config " SLAB_CONFIG_NAME " has no debug checks");
		return TEST_SKIPPED;
	}
	return cmocka_run_group_tests_name("debug", tests, NULL, NULL);
}
