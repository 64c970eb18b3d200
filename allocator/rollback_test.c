// SPDX-License-Identifier: GPL-2.0-or-later
// Memory that runs out in the middle: each of the allocator's own allocations inside an operation
// fails in turn, and each time everything must be as before, with nothing lost.
#include "host/topology.h"
#include "slab_test.h"
#include "tune.h"

#include <errno.h>

static long allowed; // how many more succeed before all fail; negative: none fails

static bool may_allocate(void)
{
	if (allowed > 0)
		allowed--;
	else if (allowed == 0)
		return false;
	return true;
}

static void construct(void *object)
{
	*(char *)object = 1;
}

static void creation_rolls_back_whole(void **state)
{
	unsigned long before = handed_out_everywhere();
	struct kmem_cache *cache = NULL;
	long failures = 0;

	(void)state;
	while (!cache) {
		allowed = failures;
		errno = 0;
		cache = kmem_cache_create("rollback", 1500, 0, 0, construct);
		allowed = -1;
		if (cache)
			break;
		assert_int_equal(errno, ENOMEM);
		assert_int_equal(handed_out_everywhere(), before);
		failures++;
		assert_true(failures < 1000);
	}
	// The structure, its name, the per-CPU arrays and a structure a node at least.
	assert_true(failures >= 3 + (long)topology.nr_nodes);
	printf("%ld allocations failed in turn\n", failures);
	kmem_cache_destroy(cache);
	assert_int_equal(handed_out_everywhere(), before);
}

static void tuning_fails_without_loss(void **state)
{
	struct kmem_cache *cache = kmem_cache_create("rollback", 100, 0, 0, NULL);
	static void *objects[500];
	long failures = 0;
	int result = -ENOMEM;

	(void)state;
	for (unsigned i = 0; i < 500; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	while (result != 0) {
		allowed = failures++;
		pthread_mutex_lock(&slab_mutex);
		result = cache_tune(cache, 40 + (int)failures, 20, 3);
		pthread_mutex_unlock(&slab_mutex);
		allowed = -1;
		assert_true(result == 0 || result == -ENOMEM);
		assert_sound(cache, 500);
		assert_true(failures < 1000);
	}
	assert_true(failures > 1);
	for (unsigned i = 0; i < 500; i++)
		kmem_cache_free(cache, objects[i]);
	assert_sound(cache, 0);
	kmem_cache_destroy(cache);
}

static void a_slab_without_a_freelist_is_no_slab(void **state)
{
	struct kmem_cache *cache =
		kmem_cache_create("rollback", 3000, 0, SLAB_TYPESAFE_BY_RCU, NULL);
	size_t used;

	(void)state;
	if (!(cache->flags & CFLGS_OFF_SLAB)) {
		kmem_cache_destroy(cache);
		cache = kmem_cache_create("rollback", 1000, 0, 0, construct);
	}
	used = pages_used(0);
	allowed = 0;
	if (cache->flags & CFLGS_OFF_SLAB) {
		assert_null(kmem_cache_alloc(cache, GFP_KERNEL));
		assert_int_equal(pages_used(0), used);
		assert_sound(cache, 0);
	}
	allowed = -1;
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	assert_sound(cache, 0);
	kmem_cache_destroy(cache);
}

static void a_cpu_that_cannot_come_up_stays_down(void **state)
{
	unsigned long before;
	long failures = 0;
	int result = -ENOMEM;

	(void)state;
	assert_int_equal(slab_cpu_down(2), 0);
	assert_int_equal(slab_cpu_down(3), 0);
	before = handed_out_everywhere();
	while (result != 0) {
		allowed = failures++;
		result = slab_cpu_up(2);
		allowed = -1;
		assert_true(result == 0 || (result == -ENOMEM && !cpu_is_online(2)));
		assert_true(
			handed_out_everywhere() >= before); // arrays made for other caches may stay
		assert_true(failures < 10000);
	}
	assert_int_equal(slab_cpu_up(3), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(creation_rolls_back_whole),
		cmocka_unit_test(tuning_fails_without_loss),
		cmocka_unit_test(a_slab_without_a_freelist_is_no_slab),
		cmocka_unit_test(a_cpu_that_cannot_come_up_stays_down),
	};

	start_virtual("node:3 core:2 pu:1");
	slab_observer.may_allocate = may_allocate;
	allowed = -1;
	return cmocka_run_group_tests_name("rollback", tests, NULL, NULL);
}
