// SPDX-License-Identifier: GPL-2.0-or-later
// What an object may still hold when it is handed out: zeros, its own cache's work, never another
// cache's secrets. The rules are Linux 5.10's, which its test_meminit looks at. Each case is a
// process of its own, because a process starts the allocator once, with its options.
#include "slab_test.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OBJECTS 600
#define SECRET  0x77 // no poison, no zero

static unsigned char *objects[OBJECTS];

static bool with_alloc(struct slab_options *options)
{
	return options->init_on_alloc = true;
}

static bool with_free(struct slab_options *options)
{
	return options->init_on_free = true;
}

static bool with_neither(struct slab_options *options)
{
	options->init_on_free = false;
	return true;
}

// The exit status of a case in a child, or 128 and the signal that ended it.
static int run(bool (*set)(struct slab_options *options), int (*function)(void))
{
	struct slab_options options;
	pid_t child;
	int status;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (slab_options_default(&options) || !set(&options) || slab_init(&options))
			exit(100);
		exit(function());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static size_t count(const unsigned char *bytes, size_t size, unsigned char wanted)
{
	size_t found = 0;

	for (size_t i = 0; i < size; i++)
		found += bytes[i] == wanted;
	return found;
}

static void construct(void *object)
{
	memset(object, 0x41, 100);
}

static void construct_all(void *object)
{
	memset(object, 0x41, 200);
}

static void take(struct kmem_cache *cache, gfp_t flags)
{
	for (unsigned i = 0; i < OBJECTS; i++)
		objects[i] = kmem_cache_alloc(cache, flags);
}

static void give(struct kmem_cache *cache)
{
	for (unsigned i = 0; i < OBJECTS; i++)
		kmem_cache_free(cache, objects[i]);
}

// A cache whose users leave a secret in every object; then it goes.
static void leave_secrets(unsigned size, slab_flags_t flags, void (*ctor)(void *object))
{
	struct kmem_cache *cache = kmem_cache_create("secrets", size, 0, flags, ctor);

	take(cache, GFP_KERNEL);
	for (unsigned i = 0; i < OBJECTS; i++)
		memset(objects[i], SECRET, size);
	give(cache);
	kmem_cache_destroy(cache);
}

// How many bytes of new objects hold somebody's secret.
static size_t secrets_found(unsigned size, slab_flags_t flags)
{
	struct kmem_cache *cache = kmem_cache_create("curious", size, 0, flags, NULL);
	size_t found = 0;

	take(cache, GFP_KERNEL);
	for (unsigned i = 0; i < OBJECTS; i++)
		found += count(objects[i], size, SECRET);
	give(cache);
	kmem_cache_destroy(cache);
	return found;
}

// ---- init_on_free

static int secrets_leave_with_pages(void)
{
	leave_secrets(200, 0, construct);
	if (secrets_found(520, 0))
		return 1;
	leave_secrets(520, SLAB_TYPESAFE_BY_RCU, NULL);
	if (secrets_found(1000, 0))
		return 2;
	leave_secrets(5000, 0, construct);
	if (secrets_found(520, SLAB_TYPESAFE_BY_RCU))
		return 3;
	leave_secrets(104, SLAB_HWCACHE_ALIGN, construct);
	return secrets_found(2050, SLAB_NOLEAKTRACE) ? 4 : 0;
}

static void under_init_on_free_no_cache_sees_what_another_left(void **state)
{
	(void)state;
	assert_int_equal(run(with_free, secrets_leave_with_pages), 0);
}

static int fresh_objects_are_zero(void)
{
	struct kmem_cache *cache;
	size_t zeros = 0;

	leave_secrets(200, 0, construct);
	cache = kmem_cache_create("plain", 520, 0, 0, NULL);
	take(cache, GFP_KERNEL);
	for (unsigned i = 0; i < OBJECTS; i++)
		zeros += count(objects[i], 520, 0);
	return zeros == (size_t)OBJECTS * 520 ? 0 : 1;
}

static bool as_built(struct slab_options *options)
{
	return options->init_on_free == IS_ENABLED(CONFIG_INIT_ON_FREE_DEFAULT_ON);
}

static void a_hardened_build_does_so_unasked(void **state)
{
	(void)state;
	if (!IS_ENABLED(CONFIG_INIT_ON_FREE_DEFAULT_ON))
		skip();
	assert_int_equal(run(as_built, secrets_leave_with_pages), 0);
	assert_int_equal(run(with_neither, secrets_leave_with_pages), 1);
}

static void under_init_on_free_new_objects_are_zero(void **state)
{
	(void)state;
	if (IS_ENABLED(CONFIG_DEBUG_SLAB))
		skip(); // they hold poison
	assert_int_equal(run(with_free, fresh_objects_are_zero), 0);
}

// ---- init_on_alloc

static int pages_hold_no_secrets(void)
{
	leave_secrets(520, 0, NULL);
	if (secrets_found(200, SLAB_TYPESAFE_BY_RCU))
		return 1;
	leave_secrets(520, SLAB_TYPESAFE_BY_RCU, NULL);
	return secrets_found(1000, 0) ? 2 : 0;
}

static void under_init_on_alloc_no_cache_sees_what_another_left(void **state)
{
	(void)state;
	assert_int_equal(run(with_alloc, pages_hold_no_secrets), 0);
}

// The byte that an object has when it is handed out again; `size` is 200.
static int second_life(slab_flags_t flags, gfp_t gfp, void (*ctor)(void *object))
{
	struct kmem_cache *cache = kmem_cache_create("lives", 200, 0, flags, ctor);
	unsigned char *first = kmem_cache_alloc(cache, GFP_KERNEL), *second;

	memset(first, SECRET, 200);
	kmem_cache_free(cache, first);
	second = kmem_cache_alloc(cache, gfp);
	if (second != first || count(second, 200, second[0]) != 200)
		return 201;
	return second[0];
}

static int plain(void)
{
	return second_life(0, GFP_KERNEL, NULL);
}

static int of_readers(void)
{
	return second_life(SLAB_TYPESAFE_BY_RCU, GFP_KERNEL, NULL);
}

static int of_readers_zeroed(void)
{
	return second_life(SLAB_TYPESAFE_BY_RCU, GFP_KERNEL | __GFP_ZERO, NULL);
}

static int constructed(void)
{
	return second_life(0, GFP_KERNEL, construct_all);
}

static int constructed_zeroed(void)
{
	return second_life(0, GFP_KERNEL | __GFP_ZERO, construct_all);
}

static void under_init_on_alloc_objects_of_readers_keep_their_contents(void **state)
{
	(void)state;
	assert_int_equal(run(with_alloc, of_readers), SECRET);
	assert_int_equal(run(with_alloc, of_readers_zeroed), 0);
}

// In the debug config poison comes between two lives: of such caches only what was asked for is
// zeroed, and the constructor runs again.
static void under_init_on_alloc_constructed_objects_are_not_zeroed(void **state)
{
	int kept = IS_ENABLED(CONFIG_DEBUG_SLAB) ? 0x41 : SECRET;

	(void)state;
	assert_int_equal(run(with_alloc, constructed), kept);
	assert_int_equal(run(with_alloc, constructed_zeroed), kept);
	assert_int_equal(run(with_neither, constructed_zeroed), 0);
}

static void under_init_on_alloc_other_objects_are_zeroed(void **state)
{
	(void)state;
	if (IS_ENABLED(CONFIG_DEBUG_SLAB))
		assert_int_not_equal(run(with_alloc, plain), SECRET);
	else
		assert_int_equal(run(with_alloc, plain), 0);
}

// ---- other promises to a caller of kernel code

static int features_not_built(void)
{
	slab_flags_t flags = SLAB_ACCOUNT | SLAB_DEBUG_OBJECTS | SLAB_FAILSLAB | SLAB_KASAN;
	struct kmem_cache *cache = kmem_cache_create("features", 100, 0, flags, NULL);

	if (!cache)
		return 1;
	for (unsigned bit = 22; bit < 30; bit++)
		if (bit != 23 && kmem_cache_create("bits", 100, 0, 1u << bit, NULL))
			return 2; // 23 is SLAB_NOLEAKTRACE
	return 0;
}

static void names_of_features_that_are_not_built_ask_for_nothing(void **state)
{
	(void)state;
	assert_int_equal(run(with_neither, features_not_built), 0);
}

static bool nothing_grows(struct kmem_cache *cache, unsigned node)
{
	(void)cache;
	(void)node;
	return false;
}

static int starve(void)
{
	struct kmem_cache *cache = kmem_cache_create("starved", 100, 0, 0, NULL);

	slab_observer.may_grow = nothing_grows;
	if (kmem_cache_alloc(cache, GFP_KERNEL))
		return 1;
	return kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOFAIL) ? 2 : 3;
}

static void who_does_not_look_at_null_does_not_get_it(void **state)
{
	(void)state;
	assert_int_equal(run(with_neither, starve), 128 + SIGABRT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(under_init_on_free_no_cache_sees_what_another_left),
		cmocka_unit_test(a_hardened_build_does_so_unasked),
		cmocka_unit_test(under_init_on_free_new_objects_are_zero),
		cmocka_unit_test(under_init_on_alloc_no_cache_sees_what_another_left),
		cmocka_unit_test(under_init_on_alloc_objects_of_readers_keep_their_contents),
		cmocka_unit_test(under_init_on_alloc_constructed_objects_are_not_zeroed),
		cmocka_unit_test(under_init_on_alloc_other_objects_are_zeroed),
		cmocka_unit_test(names_of_features_that_are_not_built_ask_for_nothing),
		cmocka_unit_test(who_does_not_look_at_null_does_not_get_it),
	};

	return cmocka_run_group_tests_name("zeroing", tests, NULL, NULL);
}
