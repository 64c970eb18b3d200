// SPDX-License-Identifier: GPL-2.0-or-later
// <slab/linux.h>, and what slab.h has for kernel code: each name keeps the kernel's promise, in
// every config and peer.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <slab/linux.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <urcu/static/urcu-bp.h>
#include <urcu/urcu-bp.h>

#include "host/sanitizer.h"
#include "linux/kernel_code.h"

#define MIB ((size_t)1 << 20)

static bool is_peer(void)
{
	return strcmp(slab_cpu_mode(), "none") == 0;
}

static bool are_all(const void *bytes, size_t size, unsigned char wanted)
{
	for (size_t i = 0; i < size; i++)
		if (((const unsigned char *)bytes)[i] != wanted)
			return false;
	return true;
}

static void kernel_code_runs_with_a_few_lines_of_glue(void **state)
{
	const unsigned hops[] = {3, 1, 4, 1, 5};
	char name[30], *text;

	(void)state;
	assert_int_equal(routes_init(1u << 20), 0); // 8 MiB of buckets: more than kmalloc serves
	assert_int_equal(route_add("constant", hops, 5), 0);
	assert_int_equal(route_add("constant", hops, 5), -EEXIST);
	for (unsigned i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "route %u", i);
		assert_int_equal(route_add(name, hops, i % 6), 0);
	}
	text = route_describe("route 5");
	assert_string_equal(text, "route 5: 5 hops, the last is 5");
	kfree(text);
	assert_null(route_describe("route 2000"));
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "route %u", i);
		assert_true(route_remove(name));
		assert_false(route_remove(name));
	}
	routes_exit();
}

// ---- slab.h

struct thing {
	char name[20];
	double value;
};

struct aligned_thing {
	char byte;
} __attribute__((aligned(128)));

static void a_cache_of_a_struct_has_its_size_and_alignment(void **state)
{
	struct kmem_cache *cache = KMEM_CACHE(thing, 0), *aligned = KMEM_CACHE(aligned_thing, 0);
	struct kmem_cache *region = KMEM_CACHE_USERCOPY(thing, 0, value);
	void *object = kmem_cache_zalloc(aligned, GFP_KERNEL), *other;

	(void)state;
	assert_int_equal(kmem_cache_size(cache), sizeof(struct thing));
	assert_int_equal((uintptr_t)object % 128, 0);
	kmem_cache_free(aligned, object);
	other = kmem_cache_alloc(region, GFP_KERNEL);
	if (!is_peer()) {
		assert_true(kmem_check_usercopy((char *)other + 24, sizeof(double)));
		assert_false(kmem_check_usercopy(other, 1));
	}
	kmem_cache_free(region, other);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(aligned);
	kmem_cache_destroy(region);
}

static void zalloc_zeroes(void **state)
{
	struct kmem_cache *cache = KMEM_CACHE(thing, 0);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	(void)state;
	memset(object, 0xff, sizeof(struct thing));
	kmem_cache_free(cache, object);
	object = kmem_cache_zalloc(cache, GFP_KERNEL);
	assert_true(are_all(object, sizeof(struct thing), 0));
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
}

static void an_index_names_the_cache_of_a_size(void **state)
{
	static const struct {
		size_t size;
		unsigned index;
	} cases[] = {{0, 0}, {1, 5}, {32, 5}, {33, 6}, {64, 6}, {65, 1}, {96, 1}, {97, 7}, {128, 7},
		{129, 2}, {192, 2}, {193, 8}, {256, 8}, {257, 9}, {4096, 12}, {4097, 13},
		{4 * MIB, 22}, {4 * MIB + 1, 23}, {64 * MIB, 26}};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(kmalloc_index(cases[i].size), cases[i].index);
	assert_int_equal(KMALLOC_MAX_CACHE_SIZE, (size_t)1 << KMALLOC_SHIFT_HIGH);
	assert_int_equal(KMALLOC_MIN_SIZE, 1 << KMALLOC_SHIFT_LOW);
	assert_int_equal(KMALLOC_MAX_SIZE, (size_t)4096 << KMALLOC_MAX_ORDER);
}

static void wiped_memory_is_zero_when_it_goes(void **state)
{
	char *object = kmalloc(200, GFP_KERNEL);
	char secret[16];

	(void)state;
	memset(secret, 0x77, sizeof(secret));
	memset(object, 0x77, 200);
	kfree_sensitive(object);
	kfree_sensitive(NULL);
	kfree_sensitive(ZERO_SIZE_PTR);
	object = kmalloc(200, GFP_KERNEL);
	// It is the same memory, where arrays are stacks; a malloc may have written its own words there.
	assert_null(memmem(object, 200, secret, sizeof(secret)));
	kfree(object);
}

static void an_array_grows_unless_its_size_overflows(void **state)
{
	unsigned *array = krealloc_array(NULL, 10, sizeof(*array), GFP_KERNEL);

	(void)state;
	array[9] = 9;
	assert_null(krealloc_array(array, SIZE_MAX / 2, sizeof(*array), GFP_KERNEL));
	array = krealloc_array(array, 1000, sizeof(*array), GFP_KERNEL);
	assert_int_equal(array[9], 9);
	kfree(array);
}

static void the_kernels_own_names_are_kmalloc(void **state)
{
	void *objects[] = {__kmalloc(10, GFP_ATOMIC), __kmalloc_node(10, GFP_NOWAIT, NUMA_NO_NODE),
		kmalloc_track_caller(10, GFP_NOFS),
		kmalloc_node_track_caller(10, GFP_USER, NUMA_NO_NODE), kmalloc(10, GFP_DMA),
		kmalloc(10, GFP_KERNEL | __GFP_NOFAIL | __GFP_NORETRY)};

	(void)state;
	assert_true(slab_is_available());
	for (unsigned i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		assert_true(__ksize(objects[i]) >= 10);
		assert_int_equal((uintptr_t)objects[i] % ARCH_KMALLOC_MINALIGN, 0);
		kfree(objects[i]);
	}
}

static void every_cache_flag_of_a_plain_kernel_is_accepted(void **state)
{
	struct kmem_cache *cache = kmem_cache_create("flags", 100, 0,
		SLAB_ACCOUNT | SLAB_DEBUG_OBJECTS | SLAB_FAILSLAB | SLAB_KASAN | SLAB_PANIC, NULL);

	(void)state;
	assert_non_null(cache);
	kmem_cache_destroy(cache);
}

// What a function prints on standard error, its first 999 bytes.
static const char *printed(void (*function)(void *address), void *address)
{
	static char text[1000];
	int ends[2], kept = dup(STDERR_FILENO);
	ssize_t length;

	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	function(address);
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(ends[1]);
	length = read(ends[0], text, sizeof(text) - 1);
	close(ends[0]);
	text[length > 0 ? length : 0] = '\0';
	return text;
}

static void an_address_is_described(void **state)
{
	char *object = kmalloc(64, GFP_KERNEL), local = 0;

	(void)state;
	if (is_peer()) {
		assert_false(kmem_valid_obj(object));
		assert_non_null(strstr(printed(kmem_dump_obj, object), "peer"));
		kfree(object);
		return;
	}
	assert_true(kmem_valid_obj(object));
	assert_true(kmem_valid_obj(object + 3));
	assert_false(kmem_valid_obj(&local));
	assert_false(kmem_valid_obj(NULL));
	assert_non_null(strstr(printed(kmem_dump_obj, object + 3), ": byte 3 of object "));
	assert_non_null(strstr(printed(kmem_dump_obj, object), "of cache 'kmalloc-64'"));
	assert_non_null(strstr(printed(kmem_dump_obj, &local), "no memory of this allocator"));
	assert_non_null(strstr(printed(kmem_dump_obj, NULL), "NULL"));
	assert_non_null(strstr(printed(kmem_dump_obj, ZERO_SIZE_PTR), "kmalloc(0)"));
	if (strcmp(slab_config_name(), "debug") == 0)
		assert_non_null(strstr(printed(kmem_dump_obj, object), "is in use; last user"));
	kfree(object);
	if (strcmp(slab_config_name(), "debug") == 0)
		assert_non_null(strstr(printed(kmem_dump_obj, object), "is free; last user"));
}

// ---- kvmalloc

static void more_than_kmalloc_serves_is_pages(void **state)
{
	static const size_t sizes[] = {0, 1, 4096, 4 * MIB, 4 * MIB + 1, 33 * MIB + 5};

	(void)state;
	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char *object = kvmalloc(sizes[i], GFP_KERNEL);

		assert_non_null(object);
		if (sizes[i] > 4 * MIB)
			assert_int_equal((uintptr_t)object % 4096, 0);
		if (sizes[i] > 0)
			memset(object, 0x5a, sizes[i]);
		kvfree(object);
	}
	assert_null(kvmalloc(5 * MIB, GFP_ATOMIC)); // pages are not for who must not sleep
	assert_null(kvmalloc(SIZE_MAX, GFP_KERNEL));
	assert_null(kvmalloc(SIZE_MAX - 8191, GFP_KERNEL));
	kvfree(NULL);
}

static void kvzalloc_and_arrays_of_it_are_zero(void **state)
{
	char *small = kvzalloc(3000, GFP_KERNEL), *large = kvcalloc(5 * MIB, 2, GFP_KERNEL);
	char *on_node = kvzalloc_node(300, GFP_KERNEL, 0), *plain = kvmalloc_node(300, GFP_USER, 0);

	(void)state;
	assert_true(are_all(small, 3000, 0));
	assert_true(are_all(large, 10 * MIB, 0));
	assert_true(are_all(on_node, 300, 0));
	assert_non_null(plain);
	assert_null(kvmalloc_array(SIZE_MAX / 2, 3, GFP_KERNEL));
	assert_null(kvcalloc(SIZE_MAX / 2, 3, GFP_KERNEL));
	kvfree_sensitive(large, 10 * MIB);
	kvfree_sensitive(NULL, 0);
	kvfree(small);
	kvfree(on_node);
	kvfree(plain);
}

// What a peer's malloc (or a sanitizer's) promises to the child of several threads is its own business:
// there, areas alone.
static void *allocate_and_free(void *unused)
{
	const size_t size = is_peer() ? 5 * MIB : 4096;

	for (unsigned i = 0; i < 500; i++) {
		char *one = kvmalloc(4 * MIB + 1 + i, GFP_KERNEL),
		     *other = kvmalloc(size, GFP_KERNEL);

		if (!one || !other)
			return "no memory";
		one[4 * MIB] = other[0] = 1;
		kvfree(other);
		kvfree(one);
	}
	return unused;
}

static void threads_and_children_have_their_own_areas(void **state)
{
	pthread_t threads[4];
	char *kept = kvmalloc(5 * MIB, GFP_KERNEL);
	int status;
	pid_t child;

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, allocate_and_free, NULL), 0);
	for (unsigned i = 0; i < 20; i++) {
		child = fork();
		if (child == 0) {
			alarm(60); // a lock that stayed taken ends it
			kvfree(kept);
			_exit(allocate_and_free(NULL) ? 1 : 0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
	for (unsigned i = 0; i < 4; i++) {
		void *problem;

		pthread_join(threads[i], &problem);
		assert_null(problem);
	}
	kvfree(kept);
}

// ---- texts

static void copies_hold_what_was_copied(void **state)
{
	char *texts[] = {kstrdup("a text", GFP_KERNEL),
		kstrndup("a text that is longer", 6, GFP_KERNEL),
		kstrndup("a text", 100, GFP_KERNEL), kmemdup_nul("a text, cut", 6, GFP_KERNEL),
		kmemdup("a text", 7, GFP_KERNEL), kasprintf(GFP_KERNEL, "%c %s", 'a', "text")};

	(void)state;
	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_string_equal(texts[i], "a text");
		kfree(texts[i]);
	}
	assert_null(kstrdup(NULL, GFP_KERNEL));
	assert_null(kstrndup(NULL, 5, GFP_KERNEL));
	assert_ptr_equal(kmemdup("", 0, GFP_KERNEL), ZERO_SIZE_PTR);
}

static void constants_are_not_copied(void **state)
{
	static const char constant[] = "constant";
	char variable[] = "variable";
	const char *same = kstrdup_const(constant, GFP_KERNEL);
	const char *copy = kstrdup_const(variable, GFP_KERNEL);

	(void)state;
	assert_ptr_equal(same, constant);
	assert_ptr_not_equal(copy, variable);
	assert_string_equal(copy, "variable");
	assert_null(kstrdup_const(NULL, GFP_KERNEL));
	kfree_const(same);
	kfree_const(copy);
	kfree_const(NULL);
}

// ---- readers

struct node {
	unsigned value;
	struct rcu_head rcu;
};

static void an_object_outlives_its_readers(void **state)
{
	struct node *node = kmalloc(sizeof(*node), GFP_KERNEL);
	unsigned freed = 0;

	(void)state;
	if (HAS_THREAD_SANITIZER)
		skip(); // it does not see that liburcu waits for the reader
	node->value = 42;
	urcu_bp_read_lock();
	kfree_rcu(node, rcu);
	for (unsigned i = 0; i < 100; i++) { // would take its place if it were free
		struct node *other = kzalloc(sizeof(*other), GFP_KERNEL);

		freed += other == node;
		kfree(other);
	}
	assert_int_equal(node->value, 42);
	assert_int_equal(freed, 0);
	urcu_bp_read_unlock();
	kvfree_rcu_barrier();
	kvfree_rcu_barrier();
}

static void many_objects_leave_in_batches(void **state)
{
	struct kmem_cache *cache = KMEM_CACHE(node, 0);
	struct node *none = NULL;

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		struct node *node = kmem_cache_alloc(cache, GFP_KERNEL);

		node->value = i;
		kfree_rcu(node, rcu);
		if (i % 500 == 0)
			kvfree_rcu(kvmalloc(5 * MIB, GFP_KERNEL));
	}
	kfree_rcu(none, rcu);
	kfree_rcu(none);
	kvfree_rcu_barrier();
	if (!is_peer())
		assert_int_equal(kmem_cache_shrink(cache), 0); // nothing is left
	kmem_cache_destroy(cache);
}

static int destroy_and_free_in_child(struct kmem_cache *cache)
{
	struct node *node = kmalloc(sizeof(*node), GFP_KERNEL);

	alarm(60); // a wait that has no end would be one of the test, too
	kmem_cache_destroy(cache);
	kfree_rcu(node, rcu);
	kvfree_rcu_barrier();
	return 0;
}

static void expect_child_to_end(
	int (*child_does)(struct kmem_cache *cache), struct kmem_cache *cache)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0)
		_exit(child_does(cache));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

// The thread that frees is gone in a child, and what it was to free may wait there.
static void a_child_of_fork_waits_for_no_thread_of_its_parent(void **state)
{
	(void)state;
	if (HAS_THREAD_SANITIZER)
		skip(); // it lets no child of several threads make one
	for (unsigned i = 0; i < 20; i++) {
		struct kmem_cache *cache =
			kmem_cache_create("forked", 200, 0, SLAB_TYPESAFE_BY_RCU, NULL);
		struct kmem_cache *other =
			kmem_cache_create("gone", 200, 0, SLAB_TYPESAFE_BY_RCU, NULL);
		struct node *node = kmalloc(sizeof(*node), GFP_KERNEL);

		for (unsigned k = 0; k < 40; k++)
			kmem_cache_free(other, kmem_cache_alloc(other, GFP_KERNEL));
		kmem_cache_destroy(other);
		kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
		kmem_cache_shrink(cache);
		kfree_rcu(node, rcu);
		expect_child_to_end(destroy_and_free_in_child, cache);
		kmem_cache_destroy(cache);
	}
	kvfree_rcu_barrier();
}

// Afterwards the thread that frees is inside liburcu, as long as somebody reads: it turns the phase of the
// readers that it waits for.
static void free_and_wait_until_inside(struct node *node)
{
	unsigned long before = CMM_LOAD_SHARED(urcu_bp_gp.ctr);

	kfree_rcu(node, rcu);
	while (CMM_LOAD_SHARED(urcu_bp_gp.ctr) == before)
		usleep(1000);
}

static void *read_for_a_while(void *begun)
{
	urcu_bp_read_lock();
	pthread_barrier_wait(begun);
	usleep(100000);
	urcu_bp_read_unlock();
	return NULL;
}

// The thread that frees is inside liburcu when the child is to be made: it waits for the reader.
static void a_child_inherits_no_lock_of_liburcu(void **state)
{
	struct kmem_cache *cache = kmem_cache_create("forked", 200, 0, SLAB_TYPESAFE_BY_RCU, NULL);
	struct node *node = kmalloc(sizeof(*node), GFP_KERNEL);
	pthread_barrier_t begun;
	pthread_t reader;

	(void)state;
	if (HAS_THREAD_SANITIZER)
		skip();
	pthread_barrier_init(&begun, NULL, 2);
	assert_int_equal(pthread_create(&reader, NULL, read_for_a_while, &begun), 0);
	pthread_barrier_wait(&begun);
	free_and_wait_until_inside(node);
	expect_child_to_end(destroy_and_free_in_child, cache);
	pthread_join(reader, NULL);
	kmem_cache_destroy(cache);
	kvfree_rcu_barrier();
	pthread_barrier_destroy(&begun);
}

static int only_wait_in_child(struct kmem_cache *cache)
{
	(void)cache;
	alarm(60);
	kvfree_rcu_barrier();
	return 0;
}

// What the parent handed over is still to be freed in the child, which hands over nothing itself.
static void a_child_may_wait_for_what_its_parent_freed(void **state)
{
	(void)state;
	if (HAS_THREAD_SANITIZER)
		skip();
	for (unsigned i = 0; i < 20; i++) {
		struct node *nodes[10];

		for (unsigned k = 0; k < 10; k++) {
			nodes[k] = kmalloc(sizeof(*nodes[k]), GFP_KERNEL);
			kfree_rcu(nodes[k], rcu);
		}
		expect_child_to_end(only_wait_in_child, NULL);
	}
	kvfree_rcu_barrier();
}

// A fork() by a reader cannot wait for the readers, so that its child may have no grace periods. It still
// allocates, frees and ends.
static void a_reader_may_fork(void **state)
{
	struct kmem_cache *cache = kmem_cache_create("forked", 200, 0, SLAB_TYPESAFE_BY_RCU, NULL);
	struct node *node = kmalloc(sizeof(*node), GFP_KERNEL);

	(void)state;
	if (HAS_THREAD_SANITIZER)
		skip();
	urcu_bp_read_lock();
	free_and_wait_until_inside(node);
	expect_child_to_end(destroy_and_free_in_child, cache);
	urcu_bp_read_unlock();
	kmem_cache_destroy(cache);
	kvfree_rcu_barrier();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernel_code_runs_with_a_few_lines_of_glue),
		cmocka_unit_test(a_cache_of_a_struct_has_its_size_and_alignment),
		cmocka_unit_test(zalloc_zeroes),
		cmocka_unit_test(an_index_names_the_cache_of_a_size),
		cmocka_unit_test(wiped_memory_is_zero_when_it_goes),
		cmocka_unit_test(an_array_grows_unless_its_size_overflows),
		cmocka_unit_test(the_kernels_own_names_are_kmalloc),
		cmocka_unit_test(every_cache_flag_of_a_plain_kernel_is_accepted),
		cmocka_unit_test(an_address_is_described),
		cmocka_unit_test(more_than_kmalloc_serves_is_pages),
		cmocka_unit_test(kvzalloc_and_arrays_of_it_are_zero),
		cmocka_unit_test(threads_and_children_have_their_own_areas),
		cmocka_unit_test(copies_hold_what_was_copied),
		cmocka_unit_test(constants_are_not_copied),
		cmocka_unit_test(an_object_outlives_its_readers),
		cmocka_unit_test(many_objects_leave_in_batches),
		cmocka_unit_test(a_child_of_fork_waits_for_no_thread_of_its_parent),
		cmocka_unit_test(a_child_inherits_no_lock_of_liburcu),
		cmocka_unit_test(a_child_may_wait_for_what_its_parent_freed),
		cmocka_unit_test(a_reader_may_fork),
	};

	return cmocka_run_group_tests_name("linux", tests, NULL, NULL);
}
