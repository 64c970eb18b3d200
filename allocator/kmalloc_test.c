// SPDX-License-Identifier: GPL-2.0-or-later
// kmalloc: which cache serves which size, alignment, the edges, and kfree of what is no object.
#include "slab_test.h"

#include <string.h>

#include "kmalloc.h"

// The ranges that a real kernel's kmalloc caches serve.
static const struct {
	size_t first, last;
	const char *name;
} ranges[] = {
	{1, 32, "kmalloc-32"},
	{33, 64, "kmalloc-64"},
	{65, 96, "kmalloc-96"},
	{97, 128, "kmalloc-128"},
	{129, 192, "kmalloc-192"},
	{193, 256, "kmalloc-256"},
	{257, 512, "kmalloc-512"},
	{513, 1024, "kmalloc-1k"},
	{1025, 2048, "kmalloc-2k"},
	{2049, 4096, "kmalloc-4k"},
	{4097, 8192, "kmalloc-8k"},
	{131073, 262144, "kmalloc-256k"},
	{2097153, 4194304, "kmalloc-4M"},
};

static void assert_served_by(size_t size, const char *name)
{
	void *object = kmalloc(size, GFP_KERNEL);

	assert_non_null(object);
	assert_string_equal(address_to_slab(object)->cache->name, name);
	assert_true(ksize(object) >= size);
	memset(object, 1, size);
	kfree(object);
}

static void a_size_is_served_by_the_smallest_cache_that_holds_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		assert_served_by(ranges[i].first, ranges[i].name);
		assert_served_by(ranges[i].last, ranges[i].name);
	}
}

static void gfp_flags_choose_the_type(void **state)
{
	void *dma = kmalloc(100, GFP_KERNEL | __GFP_DMA),
	     *rcl = kmalloc(100, GFP_KERNEL | __GFP_RECLAIMABLE);

	(void)state;
	assert_string_equal(address_to_slab(dma)->cache->name, "dma-kmalloc-128");
	assert_string_equal(address_to_slab(rcl)->cache->name, "kmalloc-rcl-128");
	kfree(dma);
	kfree(rcl);
}

static void powers_of_two_are_aligned_to_their_size(void **state)
{
	(void)state;
	for (size_t size = 32; size <= 65536; size *= 2) {
		void *one = kmalloc(size, GFP_KERNEL), *two = kmalloc(size, GFP_KERNEL);

		assert_int_equal((uintptr_t)one % size, 0);
		assert_int_equal((uintptr_t)two % size, 0);
		kfree(one);
		kfree(two);
	}
}

static void the_edges_of_the_range_are_as_documented(void **state)
{
	(void)state;
	assert_ptr_equal(kmalloc(0, GFP_KERNEL), ZERO_SIZE_PTR);
	assert_null(kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
	assert_null(kmalloc(SIZE_MAX, GFP_KERNEL));
	assert_int_equal(ksize(ZERO_SIZE_PTR), 0);
	assert_int_equal(ksize(NULL), 0);
	kfree(ZERO_SIZE_PTR);
	kfree(NULL);
}

static void kfree_leaves_what_is_no_object_alone(void **state)
{
	char *object = kmalloc(192, GFP_KERNEL), *big = kmalloc(1 << 20, GFP_KERNEL);
	struct kmem_cache *cache = address_to_slab(object)->cache,
			  *big_cache = address_to_slab(big)->cache;
	int local = 0;

	(void)state;
	kfree(&local);
	kfree(object + 1);
	kfree(object + 64);
	assert_sound(cache, 1);
	kfree(big + 4096);
	assert_sound(big_cache, 1);
	kfree(big);
	kfree(page_map.base + page_map.bytes - 64); // never committed
	kfree(object);
	assert_sound(cache, 0);
}

// What its page still says of the cache is no reason to take it.
static void kfree_leaves_an_object_alone_whose_slab_is_gone(void **state)
{
	struct kmem_cache *cache = kmem_cache_create("gone", 192, 0, 0, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	(void)state;
	kmem_cache_free(cache, object);
	assert_int_equal(kmem_cache_shrink(cache), 0);
	kfree(object);
	assert_sound(cache, 0);
	kmem_cache_destroy(cache);
}

// Sizes find the arrays of their caches without asking these.
static void sizes_follow_arrays_that_move(void **state)
{
	static const char text[] = "kmalloc-64 40 20 0";
	void *before = kmalloc(64, GFP_KERNEL), *objects[100];

	(void)state;
	assert_int_equal(slabinfo_write(text, strlen(text)), strlen(text));
	for (size_t i = 0; i < 100; i++)
		objects[i] = kmalloc(33 + i % 32, GFP_KERNEL);
	for (size_t i = 0; i < 100; i++) {
		assert_non_null(objects[i]);
		assert_string_equal(address_to_slab(objects[i])->cache->name, "kmalloc-64");
		kfree(objects[i]);
	}
	for (size_t step = 0; step < KMALLOC_STEPS; step++)
		assert_int_equal(kmalloc_place[step],
			kmalloc_slab((step + 1) * KMALLOC_STEP, GFP_KERNEL)->cpu_quick);
	kfree(before);
}

static void caches_are_listed_as_the_kernel_lists_them(void **state)
{
	const struct kmem_cache *oldest = cds_list_entry(slab_caches.prev, struct kmem_cache, list);
	const struct kmem_cache *second =
		cds_list_entry(oldest->list.prev, struct kmem_cache, list);
	const struct kmem_cache *newest = cds_list_entry(slab_caches.next, struct kmem_cache, list);

	(void)state;
	assert_string_equal(oldest->name, "kmem_cache");
	assert_string_equal(second->name, "kmalloc-128");
	assert_string_equal(newest->name, "dma-kmalloc-4M");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(caches_are_listed_as_the_kernel_lists_them),
		cmocka_unit_test(a_size_is_served_by_the_smallest_cache_that_holds_it),
		cmocka_unit_test(gfp_flags_choose_the_type),
		cmocka_unit_test(powers_of_two_are_aligned_to_their_size),
		cmocka_unit_test(the_edges_of_the_range_are_as_documented),
		cmocka_unit_test(kfree_leaves_what_is_no_object_alone),
		cmocka_unit_test(kfree_leaves_an_object_alone_whose_slab_is_gone),
		cmocka_unit_test(sizes_follow_arrays_that_move),
	};

	start_virtual("node:4 core:2 pu:1");
	slab_set_cpu(0); // or no sequence would run
	return cmocka_run_group_tests_name("kmalloc", tests, NULL, NULL);
}
