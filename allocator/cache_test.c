// SPDX-License-Identifier: GPL-2.0-or-later
// Creation, merging and what is refused, with merging allowed.
#include "kmalloc.h"
#include "slab_test.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct kmem_cache *make(const char *name, unsigned size, unsigned align, slab_flags_t flags)
{
	struct kmem_cache *cache = kmem_cache_create(name, size, align, flags, NULL);

	assert_non_null(cache);
	return cache;
}

static void skip_unless_merging(void)
{
	if (IS_ENABLED(CONFIG_DEBUG_SLAB))
		skip(); // a debug build merges nothing
}

static void equal_requests_share_a_cache(void **state)
{
	struct kmem_cache *one = make("one", 520, 0, 0), *two = make("two", 520, 0, 0);

	(void)state;
	skip_unless_merging();
	assert_ptr_equal(one, two);
	kmem_cache_destroy(one);
	assert_int_equal(two->refcount, 1);
	kmem_cache_free(two, kmem_cache_alloc(two, GFP_KERNEL));
	kmem_cache_destroy(two);
}

static void a_merged_cache_takes_the_larger_object_size(void **state)
{
	struct kmem_cache *one = make("one", 611, 0, 0), *two = make("two", 616, 0, 0);

	(void)state;
	skip_unless_merging();
	assert_ptr_equal(one, two);
	assert_int_equal(kmem_cache_size(one), 616);
	kmem_cache_destroy(one);
	kmem_cache_destroy(two);
}

static void a_word_of_difference_is_too_much_to_merge(void **state)
{
	struct kmem_cache *one = make("one", 720, 0, 0), *two = make("two", 712, 0, 0);

	(void)state;
	assert_ptr_not_equal(one, two);
	kmem_cache_destroy(one);
	kmem_cache_destroy(two);
}

static void construct(void *object)
{
	*(char *)object = 1;
}

static void what_must_be_told_apart_is_not_merged(void **state)
{
	struct kmem_cache *plain = make("plain", 840, 0, 0);
	struct kmem_cache *others[] = {
		make("rcu", 840, 0, SLAB_TYPESAFE_BY_RCU),
		make("noleaktrace", 840, 0, SLAB_NOLEAKTRACE),
		make("reclaim", 840, 0, SLAB_RECLAIM_ACCOUNT),
		make("dma", 840, 0, SLAB_CACHE_DMA),
		make("aligned", 840, 128, 0),
		kmem_cache_create("ctor", 840, 0, 0, construct),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_non_null(others[i]);
		assert_ptr_not_equal(others[i], plain);
		kmem_cache_destroy(others[i]);
	}
	kmem_cache_destroy(plain);
}

static void the_allocators_own_caches_are_not_shared(void **state)
{
	struct kmem_cache *like_boot = make("like", kmem_cache->object_size, 0, SLAB_HWCACHE_ALIGN);
	struct kmem_cache *like_kmalloc = make("like", 256, 0, SLAB_HWCACHE_ALIGN);

	(void)state;
	assert_ptr_not_equal(like_boot, kmem_cache);
	assert_ptr_not_equal(like_kmalloc, kmalloc_slab(256, 0));
	kmem_cache_destroy(like_boot);
	kmem_cache_destroy(like_kmalloc);
}

static void assert_refused(const char *name, unsigned size, slab_flags_t flags, int error)
{
	errno = 0;
	assert_null(kmem_cache_create(name, size, 0, flags, NULL));
	assert_int_equal(errno, error);
}

static void a_bad_request_is_refused_with_its_errno(void **state)
{
	(void)state;
	assert_refused(NULL, 64, 0, EINVAL);
	assert_refused("unknown flag", 64, 0x1, EINVAL);
	assert_refused("internal flag", 64, CFLGS_OFF_SLAB, EINVAL);
	assert_refused("too-large", (4u << 20) + 8, 0, E2BIG);
	assert_refused("absurd", 0xffffffffu, 0, E2BIG);
}

static void slab_panic_aborts_with_a_message(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		kmem_cache_create("doomed", 5u << 20, 0, SLAB_PANIC, NULL);
		exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void creating_and_destroying_many_leaves_no_trace(void **state)
{
	unsigned long before = 0, after = 0;
	struct kmem_cache *cache;

	(void)state;
	cds_list_for_each_entry(cache, &slab_caches, list)
		before++;
	for (unsigned size = 1; size < 3000; size += 3) {
		cache = make("brief", size, 0, SLAB_NOLEAKTRACE);
		kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
		kmem_cache_destroy(cache);
	}
	cds_list_for_each_entry(cache, &slab_caches, list)
		after++;
	assert_int_equal(before, after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_requests_share_a_cache),
		cmocka_unit_test(a_merged_cache_takes_the_larger_object_size),
		cmocka_unit_test(a_word_of_difference_is_too_much_to_merge),
		cmocka_unit_test(what_must_be_told_apart_is_not_merged),
		cmocka_unit_test(the_allocators_own_caches_are_not_shared),
		cmocka_unit_test(a_bad_request_is_refused_with_its_errno),
		cmocka_unit_test(slab_panic_aborts_with_a_message),
		cmocka_unit_test(creating_and_destroying_many_leaves_no_trace),
	};

	return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
