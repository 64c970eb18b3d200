// SPDX-License-Identifier: GPL-2.0-or-later
// Planted bugs: calls that must be refused, or have a documented answer: sizes at every edge,
// flags, names, regions, counts, a destroy with objects in use.
#include "planted/planted_test.h"

#include <errno.h>
#include <limits.h>

#include "debug/debug.h"

static void take_on_nodes(unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		attempt.objects[i] = kmem_cache_alloc_node(attempt.cache, GFP_KERNEL, (int)(i % 4));
}

static bool destroy_in_use(void)
{
	const struct shape *shape = &shapes[pick(SHAPES)];
	unsigned count = (const unsigned[]){1, 3, 8, 9, OTHERS}[pick(5)];
	unsigned named = count > 8 ? 9 : count; // the ninth says how many more

	if (shape->is_kmalloc)
		return false; // nobody destroys those
	take_shape(shape);
	describe("%u objects in use", count);
	take_on_nodes(count);
	kmem_cache_destroy(attempt.cache);
	assert_int_equal(count_lines("cannot destroy cache 'planted'"), 1);
	forget_lines();
	attempt.lines = named;
	assert_int_equal(debug_report_leaks(attempt.cache), count);
	free_others();
	assert_int_equal(debug_report_leaks(attempt.cache), 0);
	attempt.is_kept = true;
	return true;
}

static bool bulk_count(void)
{
	static void *room[INT_MAX / PAGE_SIZE / 4]; // more than a node's objects of a page
	static const struct {
		size_t count;
		void **objects;
	} bulks[] = {{0, NULL}, {0, room}, {(size_t)INT_MAX + 1, room}, {(size_t)INT_MAX + 1, NULL},
		{SIZE_MAX, room}, {SIZE_MAX / 2, NULL}, {COUNT_OF(room), room}};
	const struct shape *shape = &shapes[pick(SHAPES)];
	unsigned kind = pick(COUNT_OF(bulks));

	if (bulks[kind].count == COUNT_OF(room) && shape->size < PAGE_SIZE)
		return false; // would have them
	take_shape(shape);
	describe("a bulk of %zu", bulks[kind].count);
	assert_int_equal(kmem_cache_alloc_bulk(attempt.cache, GFP_KERNEL | __GFP_NOWARN,
				 bulks[kind].count, bulks[kind].objects),
		0);
	kmem_cache_free_bulk(attempt.cache, 0, bulks[kind].objects);
	kfree_bulk(0, bulks[kind].objects);
	return true;
}

enum answer { ANSWER_OBJECT, ANSWER_ZERO, ANSWER_NULL };

static bool kmalloc_size(void)
{
	static const struct {
		size_t count, size;
		enum answer answer;
	} requests[] = {{1, 0, ANSWER_ZERO}, {0, 100, ANSWER_ZERO}, {0, SIZE_MAX, ANSWER_ZERO},
		{SIZE_MAX, 0, ANSWER_ZERO}, {1, 1, ANSWER_OBJECT}, {1, 8, ANSWER_OBJECT},
		{1, 32, ANSWER_OBJECT}, {1, 33, ANSWER_OBJECT}, {1, 96, ANSWER_OBJECT},
		{1, 97, ANSWER_OBJECT}, {1, 128, ANSWER_OBJECT}, {1, 129, ANSWER_OBJECT},
		{1, 192, ANSWER_OBJECT}, {1, 193, ANSWER_OBJECT}, {1, 4095, ANSWER_OBJECT},
		{1, 4097, ANSWER_OBJECT}, {1, KMALLOC_MAX_SIZE - 1, ANSWER_OBJECT},
		{1, KMALLOC_MAX_SIZE, ANSWER_OBJECT}, {1, KMALLOC_MAX_SIZE + 1, ANSWER_NULL},
		{2, KMALLOC_MAX_SIZE, ANSWER_NULL}, {1, SIZE_MAX / 2, ANSWER_NULL},
		{1, SIZE_MAX, ANSWER_NULL}, {SIZE_MAX, 2, ANSWER_NULL},
		{SIZE_MAX / 8 + 1, 8, ANSWER_NULL},
		{(size_t)1 << 32, (size_t)1 << 32, ANSWER_NULL}};
	unsigned kind = pick(COUNT_OF(requests));
	size_t bytes = requests[kind].count * requests[kind].size;
	void *object;

	describe("kmalloc of %zu times %zu", requests[kind].count, requests[kind].size);
	object = pick(2) ? kcalloc(requests[kind].count, requests[kind].size, GFP_KERNEL)
			 : kmalloc_array_node(
				   requests[kind].count, requests[kind].size, GFP_KERNEL, 2);
	if (requests[kind].answer == ANSWER_OBJECT) {
		assert_true(ksize(object) >= bytes);
		memset(object, 1, bytes);
	} else {
		assert_ptr_equal(
			object, requests[kind].answer == ANSWER_ZERO ? ZERO_SIZE_PTR : NULL);
	}
	kfree(object);
	return true;
}

static bool cache_size(void)
{
	static const struct {
		unsigned size, align;
		slab_flags_t flags;
		int error;
	} requests[] = {{0, 0, 0, 0}, {0, 0, SLAB_HWCACHE_ALIGN, 0}, {0, 4096, 0, 0}, {1, 1, 0, 0},
		{1, 3, 0, 0}, {7, 24, 0, 0}, {8, 8, 0, 0}, {9, 16, 0, 0}, {4072, 0, 0, 0},
		{4073, 0, 0, 0}, {4095, 0, 0, 0}, {4097, 0, 0, 0}, {100, 4096, 0, 0},
		{100, 1 << 20, 0, 0}, {KMALLOC_MAX_SIZE - 24, 0, 0, 0},
		{KMALLOC_MAX_SIZE - 1, 0, 0, 0}, {KMALLOC_MAX_SIZE, 0, 0, 0},
		{KMALLOC_MAX_SIZE, 64, SLAB_RECLAIM_ACCOUNT, 0},
		{KMALLOC_MAX_SIZE + 1, 0, 0, E2BIG}, {KMALLOC_MAX_SIZE + 1, 8192, 0, E2BIG},
		{100, KMALLOC_MAX_SIZE * 2, 0, E2BIG}, {1u << 31, 0, 0, E2BIG},
		{UINT_MAX - 7, 0, SLAB_HWCACHE_ALIGN, E2BIG}, {UINT_MAX, 0, 0, E2BIG}};
	unsigned kind = pick(COUNT_OF(requests)), size = requests[kind].size;
	struct kmem_cache *cache;
	void *object;

	describe("a cache of %u bytes, align %u, flags 0x%x", size, requests[kind].align,
		requests[kind].flags);
	cache = kmem_cache_create(
		"planted", size, requests[kind].align, requests[kind].flags, NULL);
	attempt.lines = requests[kind].error ? 1 : 0;
	if (requests[kind].error) {
		assert_null(cache);
		assert_int_equal(errno, requests[kind].error);
		return true;
	}
	attempt.cache = cache;
	assert_int_equal(kmem_cache_size(cache), size);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	assert_non_null(object);
	memset(object, 1, size);
	kmem_cache_free(cache, object);
	return true;
}

// Each bit that is no flag, alone and with one that is.
static bool unknown_flag(void)
{
	slab_flags_t flag = 1u << pick(32), others = pick(2) ? SLAB_HWCACHE_ALIGN : 0;

	if (flag & geometry_flags_permitted())
		return false;
	describe("flags 0x%x", flag | others);
	errno = 0;
	assert_null(kmem_cache_create("planted", 100, 0, flag | others, NULL));
	assert_int_equal(errno, EINVAL);
	return true;
}

static bool no_name(void)
{
	const struct shape *shape = &shapes[pick(SHAPES)];

	describe("no name, %u bytes", shape->size);
	errno = 0;
	assert_null(pick(2) ? kmem_cache_create_usercopy(NULL, shape->size, shape->align,
				      shape->flags, 0, shape->size, shape->ctor)
			    : kmem_cache_create(
				      NULL, shape->size, shape->align, shape->flags, shape->ctor));
	assert_int_equal(errno, EINVAL);
	return true;
}

static bool usercopy_region(void)
{
	static const struct {
		unsigned offset, size;
	} regions[] = {{1, 0}, {0, 101}, {1, 100}, {100, 1}, {101, 1}, {UINT_MAX, 1}, {1, UINT_MAX},
		{UINT_MAX, UINT_MAX}, {99, 2}, {UINT_MAX, 0}, {50, 51}, {0, UINT_MAX}};
	unsigned kind = pick(COUNT_OF(regions));
	void *object;

	describe("region [%u, +%u)", regions[kind].offset, regions[kind].size);
	attempt.cache = kmem_cache_create_usercopy("planted", 100, pick(2) ? 64 : 0, 0,
		regions[kind].offset, regions[kind].size, NULL);
	assert_non_null(attempt.cache);
	object = kmem_cache_alloc(attempt.cache, GFP_KERNEL);
	assert_false(kmem_check_usercopy(object, 1));
	kmem_cache_free(attempt.cache, object);
	return true;
}

const struct kind kinds_of_requests[] = {
	{"destroy in use", "never freed", destroy_in_use, (size_t)SHAPES * 5},
	{"bulk of no or too many", NULL, bulk_count, (size_t)SHAPES * 7},
	{"size for kmalloc", NULL, kmalloc_size, (size_t)25 * 2},
	{"size for a cache", "cannot create cache 'planted': E2BIG", cache_size, 24},
	{"unknown flag", "cannot create cache 'planted': EINVAL", unknown_flag, (size_t)32 * 2},
	{"no name", "cannot create cache '(no name)': EINVAL", no_name, (size_t)SHAPES * 2},
	{"usercopy region", "does not lie within its 100 bytes", usercopy_region, (size_t)12 * 2},
	{0},
};
