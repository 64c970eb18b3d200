// SPDX-License-Identifier: GPL-2.0-or-later
// The life of an object, on a virtual machine of two nodes with two CPUs each: refill, flush,
// slabs, colours, remote frees, exhaustion. After each scene the whole cache is counted.
#include "array/array_cache.h"
#include "slab_test.h"
#include "tune.h"

#include <stdlib.h>
#include <string.h>

#define OBJECTS 3000

static struct kmem_cache *make(unsigned size, slab_flags_t flags, void (*ctor)(void *object))
{
	struct kmem_cache *cache = kmem_cache_create("test", size, 0, flags, ctor);

	assert_non_null(cache);
	return cache;
}

static void take(struct kmem_cache *cache, void **objects, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		assert_non_null(objects[i]);
	}
}

static void give(struct kmem_cache *cache, void **objects, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		kmem_cache_free(cache, objects[i]);
}

static int on_cpu_0(void **state)
{
	(void)state;
	return slab_set_cpu(0);
}

static void a_freed_object_comes_back_first(void **state)
{
	struct kmem_cache *cache = make(192, 0, NULL);
	void *first = kmem_cache_alloc(cache, GFP_KERNEL),
	     *second = kmem_cache_alloc(cache, GFP_KERNEL);

	(void)state;
	kmem_cache_free(cache, first);
	assert_ptr_equal(kmem_cache_alloc(cache, GFP_KERNEL), first);
	kmem_cache_free(cache, second);
	kmem_cache_free(cache, first);
	assert_sound(cache, 0);
	kmem_cache_destroy(cache);
}

static void objects_do_not_overlap_and_keep_their_contents(void **state)
{
	static const unsigned sizes[] = {1, 8, 24, 100, 192, 520, 1000, 3000, 9000};
	static void *objects[OBJECTS];

	(void)state;
	for (unsigned s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		unsigned count = sizes[s] > 4096 ? OBJECTS / 10 : OBJECTS;
		struct kmem_cache *cache = make(sizes[s], 0, NULL);

		take(cache, objects, count);
		for (unsigned i = 0; i < count; i++)
			memset(objects[i], (int)(i * 7 + 1), sizes[s]);
		for (unsigned i = 0; i < count; i++) {
			const unsigned char *bytes = objects[i];

			assert_int_equal(bytes[0], (unsigned char)(i * 7 + 1));
			assert_int_equal(bytes[sizes[s] - 1], (unsigned char)(i * 7 + 1));
			assert_int_equal((uintptr_t)bytes % cache->align, 0);
		}
		assert_sound(cache, count);
		give(cache, objects, count);
		assert_sound(cache, 0);
		kmem_cache_destroy(cache);
	}
}

static void everything_goes_back_when_a_cache_is_destroyed(void **state)
{
	static void *objects[OBJECTS];
	unsigned long before = handed_out_everywhere();
	struct kmem_cache *cache = make(500, 0, NULL);

	(void)state;
	take(cache, objects, OBJECTS);
	assert_true(handed_out_everywhere() > before + OBJECTS);
	give(cache, objects, OBJECTS);
	kmem_cache_destroy(cache);
	assert_int_equal(handed_out_everywhere(), before);
}

static void a_cache_with_live_objects_is_not_destroyed(void **state)
{
	struct kmem_cache *cache = make(64, 0, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	(void)state;
	kmem_cache_destroy(cache);
	memset(object, 1, 64);
	assert_sound(cache, 1);
	kmem_cache_free(cache, object);
	assert_sound(cache, 0);
	cache->refcount = 1; // the refused destroy has used it up, for good
	kmem_cache_destroy(cache);
}

static void construct(void *object)
{
	memset(object, 0x42, 48);
}

static void a_constructed_object_is_handed_out_constructed(void **state)
{
	struct kmem_cache *cache = make(48, 0, construct);
	static void *objects[OBJECTS];

	(void)state;
	for (int round = 0; round < 2; round++) {
		take(cache, objects, OBJECTS);
		for (unsigned i = 0; i < OBJECTS; i++)
			for (unsigned byte = 0; byte < 48; byte++)
				assert_int_equal(((unsigned char *)objects[i])[byte], 0x42);
		give(cache, objects, OBJECTS);
	}
	assert_int_not_equal(cache->flags & CFLGS_OBJFREELIST_SLAB, CFLGS_OBJFREELIST_SLAB);
	kmem_cache_destroy(cache);
}

static void gfp_zero_zeroes_the_object(void **state)
{
	struct kmem_cache *cache = make(100, 0, NULL);
	unsigned char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	(void)state;
	memset(object, 0xff, 100);
	kmem_cache_free(cache, object);
	object = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_ZERO);
	for (unsigned byte = 0; byte < 100; byte++)
		assert_int_equal(object[byte], 0);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
}

static void the_first_refill_takes_sixteen_and_later_ones_a_batch(void **state)
{
	struct kmem_cache *cache = make(32, 0, NULL);
	struct array_cache *array = cpu_array(cache, cpu_slot(0));
	unsigned batch = cache->batchcount;
	static void *objects[200];

	(void)state;
	take(cache, objects, 1);
	assert_int_equal(array->avail, batch < 16 ? batch - 1 : 15);
	take(cache, objects + 1, 16);
	assert_int_equal(array->avail, batch < 16 ? 2 * batch - 17 : batch - 1);
	give(cache, objects, 17);
	assert_sound(cache, 0);
	kmem_cache_destroy(cache);
}

static void the_first_slab_of_a_node_has_colour_one(void **state)
{
	// 40 bytes of 4096 are left over with 104-byte objects and less; take a size that leaves
	// more than two lines.
	struct kmem_cache *cache = make(328, 0, NULL);
	void *objects[64];

	(void)state;
	take(cache, objects, 64);
	for (unsigned i = 0; i < 64; i++) {
		struct slab *slab = address_to_slab(objects[i]);
		size_t offset = (size_t)(slab->s_mem - slab_address(slab));
		size_t colour = cache->colour < 2 ? 0 : (slab->number + 1) % cache->colour;

		assert_int_equal(offset, colour * cache->colour_off);
	}
	if (!IS_ENABLED(CONFIG_SLAB_COLOUR))
		assert_int_equal(cache->colour, 0);
	else
		assert_true(cache->colour >= 2 || IS_ENABLED(CONFIG_DEBUG_SLAB));
	give(cache, objects, 64);
	kmem_cache_destroy(cache);
}

static void a_full_array_gives_its_oldest_objects_away(void **state)
{
	struct kmem_cache *cache = make(64, 0, NULL);
	struct array_cache *array = cpu_array(cache, cpu_slot(0));
	unsigned limit = cache->limit, batch = cache->batchcount;
	static void *objects[200];
	void *oldest, *next;

	(void)state;
	take(cache, objects, limit + 1);
	while (array->avail > 0) // what the refills brought along
		objects[limit + 1] = kmem_cache_alloc(cache, GFP_KERNEL);
	give(cache, objects, limit);
	assert_int_equal(array->avail, limit);
	oldest = array->entry[0];
	next = array->entry[batch];
	kmem_cache_free(cache, objects[limit]);
	assert_int_equal(array->avail, limit - batch + 1);
	assert_ptr_equal(array->entry[0], next);
	if (cache->node[0]->shared)
		assert_ptr_equal(cache->node[0]->shared->entry[0], oldest);
}

static void free_slabs_are_bounded(void **state)
{
	struct kmem_cache *cache = make(1000, 0, NULL);
	static void *objects[OBJECTS];

	(void)state;
	take(cache, objects, OBJECTS);
	give(cache, objects, OBJECTS);
	assert_sound(cache, 0);
	assert_true(cache->node[0]->free_objects <= cache->node[0]->free_limit);
	kmem_cache_destroy(cache);
}

static void an_object_freed_on_another_node_goes_home(void **state)
{
	struct kmem_cache *cache = make(128, 0, NULL);
	static void *objects[100];

	(void)state;
	take(cache, objects, 100);
	assert_int_equal(address_to_node(objects[0]), 0);
	slab_set_cpu(2);
	give(cache, objects, 100);
	assert_sound(cache, 0);
	assert_int_equal(cpu_array(cache, cpu_slot(2))->avail, 0);
	if (IS_ENABLED(CONFIG_SLAB_ALIEN))
		assert_in_range(cache->node[1]->alien[0]->array.avail, 1, 12);
	assert_int_equal(address_to_node(kmem_cache_alloc(cache, GFP_KERNEL)), 1);
	assert_sound(cache, 1);
	slab_set_cpu(0);
}

static void a_node_without_memory_takes_another_nodes(void **state)
{
	struct kmem_cache *cache = make(4 << 20, 0, NULL);
	void *objects[40];
	unsigned count = 0;

	(void)state;
	// Arenas of 64 MiB hold 15 or 16 of these each.
	while (count < 40 && (objects[count] = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN)))
		count++;
	assert_in_range(count, 28, 32);
	if (count == 0)
		return; // so that the analyzer sees it, too
	assert_int_equal(address_to_node(objects[0]), 0);
	assert_int_equal(address_to_node(objects[count - 1]), 1);
	assert_null(kmem_cache_alloc(cache, GFP_KERNEL));
	assert_sound(cache, count);
	give(cache, objects, count);
	assert_sound(cache, 0);
	kmem_cache_destroy(cache);
}

static void thisnode_never_falls_back(void **state)
{
	struct kmem_cache *cache = make(4 << 20, 0, NULL);
	void *objects[40];
	unsigned count = 0;

	(void)state;
	while (count < 40 &&
		(objects[count] = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_THISNODE)))
		count++;
	assert_in_range(count, 14, 16);
	give(cache, objects, count);
	kmem_cache_destroy(cache);
}

// Frees and allocations in random order on random CPUs against a plain table of what is out.
static void random_operations_lose_nothing(void **state)
{
	static const unsigned sizes[] = {16, 60, 192, 700, 2100};
	enum { SLOTS = 800, STEPS = 60000 };
	static void *slot[SLOTS];

	(void)state;
	srandom(5);
	for (unsigned s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		struct kmem_cache *cache = make(sizes[s], s % 2 ? SLAB_HWCACHE_ALIGN : 0, NULL);
		unsigned live = 0;

		for (unsigned step = 0; step < STEPS; step++) {
			unsigned i = (unsigned)random() % SLOTS;

			slab_set_cpu((unsigned)random() % 4);
			if (slot[i]) {
				assert_int_equal(*(unsigned char *)slot[i], (unsigned char)i);
				kmem_cache_free(cache, slot[i]);
				slot[i] = NULL;
				live--;
			} else {
				slot[i] = kmem_cache_alloc(cache, GFP_KERNEL);
				assert_non_null(slot[i]);
				memset(slot[i], (int)i, sizes[s]);
				live++;
			}
			if (step % 5000 == 0)
				assert_sound(cache, live);
		}
		for (unsigned i = 0; i < SLOTS; i++) {
			kmem_cache_free(cache, slot[i]);
			slot[i] = NULL;
		}
		assert_sound(cache, 0);
		kmem_cache_destroy(cache);
	}
	slab_set_cpu(0);
}

static void rcu_objects_go_back_as_well(void **state)
{
	struct kmem_cache *cache = make(300, SLAB_TYPESAFE_BY_RCU, NULL);
	static void *objects[OBJECTS];

	(void)state;
	take(cache, objects, OBJECTS);
	give(cache, objects, OBJECTS);
	assert_sound(cache, 0);
	kmem_cache_destroy(cache);
}

static struct kmem_cache *tuned_when_grown;

static void tune_when_grown(struct kmem_cache *cache, struct slab *slab)
{
	(void)slab;
	if (cache != tuned_when_grown)
		return;
	tuned_when_grown = NULL;
	pthread_mutex_lock(&slab_mutex);
	assert_int_equal(cache_tune(cache, 3, 2, 0), 0);
	pthread_mutex_unlock(&slab_mutex);
}

// While it grows a refill holds nothing: another thread may give the cache smaller arrays. It
// filled the new one with the old one's batch, and wrote over the next cache's array (since the
// first refill there was; found by array/percpu_stress_test.c).
static void a_refill_that_grows_minds_arrays_replaced_meanwhile(void **state)
{
	struct kmem_cache *cache = make(192, 0, NULL);
	void *object;

	(void)state;
	tuned_when_grown = cache;
	slab_observer.grown = tune_when_grown;
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	slab_observer.grown = NULL;
	assert_non_null(object);
	assert_null(tuned_when_grown);
	assert_int_equal(cpu_array(cache, cpu_slot(0))->limit, 3);
	assert_int_equal(cpu_array(cache, cpu_slot(0))->avail, 1);
	assert_sound(cache, 1);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_freed_object_comes_back_first, on_cpu_0),
		cmocka_unit_test_setup(objects_do_not_overlap_and_keep_their_contents, on_cpu_0),
		cmocka_unit_test_setup(everything_goes_back_when_a_cache_is_destroyed, on_cpu_0),
		cmocka_unit_test_setup(a_cache_with_live_objects_is_not_destroyed, on_cpu_0),
		cmocka_unit_test_setup(a_constructed_object_is_handed_out_constructed, on_cpu_0),
		cmocka_unit_test_setup(gfp_zero_zeroes_the_object, on_cpu_0),
		cmocka_unit_test_setup(
			the_first_refill_takes_sixteen_and_later_ones_a_batch, on_cpu_0),
		cmocka_unit_test_setup(the_first_slab_of_a_node_has_colour_one, on_cpu_0),
		cmocka_unit_test_setup(a_full_array_gives_its_oldest_objects_away, on_cpu_0),
		cmocka_unit_test_setup(free_slabs_are_bounded, on_cpu_0),
		cmocka_unit_test_setup(an_object_freed_on_another_node_goes_home, on_cpu_0),
		cmocka_unit_test_setup(a_node_without_memory_takes_another_nodes, on_cpu_0),
		cmocka_unit_test_setup(thisnode_never_falls_back, on_cpu_0),
		cmocka_unit_test_setup(random_operations_lose_nothing, on_cpu_0),
		cmocka_unit_test_setup(rcu_objects_go_back_as_well, on_cpu_0),
		cmocka_unit_test_setup(
			a_refill_that_grows_minds_arrays_replaced_meanwhile, on_cpu_0),
	};

	start_virtual("node:2 core:2 pu:1");
	return cmocka_run_group_tests_name("object", tests, NULL, NULL);
}
