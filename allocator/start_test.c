// SPDX-License-Identifier: GPL-2.0-or-later
// Starting: by itself, with options, from the environment, and what is refused. Each case is a
// process of its own, because a process starts the allocator once.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <slab/slab.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// Runs a case in a child; its return value is the child's exit status.
static int run(int (*function)(void))
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0)
		_exit(function());
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int allocate(void)
{
	struct kmem_cache *cache = kmem_cache_create("start", 100, 0, 0, NULL);
	void *object = cache ? kmem_cache_alloc(cache, GFP_KERNEL) : NULL;
	void *other = kmalloc(100, GFP_KERNEL);

	if (!object || !other)
		return 1;
	memset(object, 1, 100);
	memset(other, 1, 100);
	kfree(other);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	return 0;
}

static void no_initialising_call_is_needed(void **state)
{
	(void)state;
	assert_int_equal(run(allocate), 0);
}

static int kmalloc_first(void)
{
	void *object = kmalloc(5, GFP_KERNEL);

	kfree(object);
	return !object;
}

static void kmalloc_starts_the_allocator_too(void **state)
{
	(void)state;
	assert_int_equal(run(kmalloc_first), 0);
}

static int init_twice(void)
{
	struct slab_options options;

	if (slab_options_default(&options) || slab_init(&options))
		return 1;
	return slab_init(&options) == -EBUSY ? 0 : 2;
}

static void a_second_start_is_refused(void **state)
{
	(void)state;
	assert_int_equal(run(init_twice), 0);
}

static int init_again_after_failure(void)
{
	struct slab_options options;

	if (slab_options_default(&options))
		return 1;
	options.topology = "no such thing";
	if (slab_init(&options) != -EINVAL)
		return 2;
	options.topology = "node:3 core:1 pu:1";
	if (slab_init(&options) != 0)
		return 3;
	return slab_set_cpu(2) == 0 && slab_set_cpu(3) == -EINVAL && allocate() == 0 ? 0 : 4;
}

static void after_a_failed_start_another_may_succeed(void **state)
{
	(void)state;
	assert_int_equal(run(init_again_after_failure), 0);
}

static int environment_topology(void)
{
	setenv("SLAB_OPTIONS",
		" slab_nomerge topology=\"node:2 pu:1\" cache_line=128\tinit_on_free=1", 1);
	return allocate() || slab_set_cpu(1) || slab_set_cpu(2) != -EINVAL;
}

static void the_environment_sets_options(void **state)
{
	(void)state;
	assert_int_equal(run(environment_topology), 0);
}

static int environment_wrong(void)
{
	setenv("SLAB_OPTIONS", "slab_nomerg", 1);
	errno = 0;
	return kmem_cache_create("start", 8, 0, 0, NULL) != NULL || errno != EINVAL ||
	       kmalloc(8, GFP_KERNEL) != NULL;
}

static void a_wrong_word_in_the_environment_stops_the_start(void **state)
{
	(void)state;
	assert_int_equal(run(environment_wrong), 0);
}

static int real_machine_cpu(void)
{
	return slab_set_cpu(0) == -ENOTSUP && allocate() == 0 ? 0 : 1;
}

static void on_the_real_machine_the_kernel_says_which_cpu(void **state)
{
	(void)state;
	assert_int_equal(run(real_machine_cpu), 0);
}

static int small_arena(void)
{
	struct slab_options options;

	slab_options_default(&options);
	options.arena_size = 12345;
	if (slab_init(&options) != -EINVAL)
		return 1;
	options.arena_size = (size_t)64 << 20;
	return slab_init(&options) || allocate();
}

static void options_out_of_range_are_refused(void **state)
{
	(void)state;
	assert_int_equal(run(small_arena), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_initialising_call_is_needed),
		cmocka_unit_test(kmalloc_starts_the_allocator_too),
		cmocka_unit_test(a_second_start_is_refused),
		cmocka_unit_test(after_a_failed_start_another_may_succeed),
		cmocka_unit_test(the_environment_sets_options),
		cmocka_unit_test(a_wrong_word_in_the_environment_stops_the_start),
		cmocka_unit_test(on_the_real_machine_the_kernel_says_which_cpu),
		cmocka_unit_test(options_out_of_range_are_refused),
	};

	return cmocka_run_group_tests_name("start", tests, NULL, NULL);
}
