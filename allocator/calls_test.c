// SPDX-License-Identifier: GPL-2.0-or-later
// The calls that others are made of or that are made of others: nodes, bulk, arrays, krealloc,
// usercopy, shrink, reap, CPUs that go and come, memory policies, zeroing.
#include "array/array_cache.h"
#include "host/topology.h"
#include "reclaim/reap.h"
#include "slab_test.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static int on_cpu_0(void **state)
{
	(void)state;
	slab_set_mempolicy(SLAB_MPOL_DEFAULT, 0);
	return slab_set_cpu(0);
}

static struct kmem_cache *make(unsigned size, slab_flags_t flags)
{
	struct kmem_cache *cache = kmem_cache_create("calls", size, 0, flags, NULL);

	assert_non_null(cache);
	return cache;
}

static void an_object_comes_from_the_node_asked_for(void **state)
{
	struct kmem_cache *cache = make(192, 0);

	(void)state;
	for (int node = 0; node < 4; node++) {
		void *object = kmem_cache_alloc_node(cache, GFP_KERNEL, node);
		void *sized = kmalloc_node(1000, GFP_KERNEL, node);

		assert_int_equal(address_to_node(object), node);
		assert_int_equal(address_to_node(sized), node);
		kmem_cache_free(cache, object);
		kfree(sized);
	}
	assert_null(kmem_cache_alloc_node(cache, GFP_KERNEL, 4));
	assert_null(kmalloc_node(8, GFP_KERNEL, 4));
	kmem_cache_free(cache, kmem_cache_alloc_node(cache, GFP_KERNEL, -1));
	assert_sound(cache, 0);
	kmem_cache_destroy(cache);
}

static bool nothing_grows(struct kmem_cache *cache, unsigned node)
{
	(void)node;
	return strcmp(cache->name, "calls") != 0 || cache->slabs_grown < 2;
}

static void bulk_is_all_or_nothing(void **state)
{
	struct kmem_cache *cache = make(1000, 0);
	void *objects[200];

	(void)state;
	assert_int_equal(kmem_cache_alloc_bulk(cache, GFP_KERNEL, 0, objects), 0);
	assert_int_equal(kmem_cache_alloc_bulk(cache, GFP_KERNEL, (size_t)INT_MAX + 1, objects), 0);
	slab_observer.may_grow = nothing_grows;
	assert_int_equal(kmem_cache_alloc_bulk(cache, GFP_KERNEL, 200, objects), 0);
	assert_sound(cache, 0);
	slab_observer.may_grow = NULL;
	assert_int_equal(kmem_cache_alloc_bulk(cache, GFP_KERNEL, 200, objects), 200);
	assert_sound(cache, 200);
	kmem_cache_free_bulk(cache, 100, objects);
	kfree_bulk(100, objects + 100);
	kmem_cache_free_bulk(cache, 0, objects);
	assert_sound(cache, 0);
	kmem_cache_destroy(cache);
}

static void arrays_are_checked_for_overflow(void **state)
{
	unsigned char *zeroed = kcalloc(10, 10, GFP_KERNEL);

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(zeroed[i], 0);
	kfree(zeroed);
	assert_null(kmalloc_array(SIZE_MAX / 2, 3, GFP_KERNEL));
	assert_null(kcalloc_node(SIZE_MAX, 2, GFP_KERNEL, 0));
	assert_ptr_equal(kmalloc_array(0, 5, GFP_KERNEL), ZERO_SIZE_PTR);
	kfree(kmalloc_array_node(3, 5, GFP_KERNEL, 1));
	kfree(kzalloc_node(50, GFP_KERNEL, 2));
}

static void krealloc_keeps_the_contents(void **state)
{
	char *object = krealloc(NULL, 20, GFP_KERNEL);

	(void)state;
	strcpy(object, "what was written");
	assert_ptr_equal(krealloc(object, 10, GFP_KERNEL), object);
	object = krealloc(object, 5000, GFP_KERNEL);
	assert_string_equal(object, "what was written");
	assert_true(ksize(object) >= 5000);
	assert_null(krealloc(object, KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
	assert_string_equal(object, "what was written");
	assert_ptr_equal(krealloc(object, 0, GFP_KERNEL), ZERO_SIZE_PTR);
	object = krealloc(ZERO_SIZE_PTR, 8, GFP_KERNEL);
	assert_non_null(object);
	kfree(object);
}

static void a_copy_must_lie_within_the_region(void **state)
{
	struct kmem_cache *cache = kmem_cache_create_usercopy("usercopy", 100, 0, 0, 16, 32, NULL);
	char *object = kmem_cache_alloc(cache, GFP_KERNEL), *sized = kmalloc(100, GFP_KERNEL);
	struct kmem_cache *none = kmem_cache_create_usercopy("usercopy", 100, 0, 0, 90, 20, NULL);
	int local;

	(void)state;
	assert_true(kmem_check_usercopy(object + 16, 32));
	assert_true(kmem_check_usercopy(object + 47, 1));
	assert_false(kmem_check_usercopy(object + 15, 2));
	assert_false(kmem_check_usercopy(object + 40, 9));
	assert_false(kmem_check_usercopy(object + 48, 1));
	assert_false(kmem_check_usercopy(object + 16, SIZE_MAX));
	assert_true(kmem_check_usercopy(sized, 100));
	assert_false(kmem_check_usercopy(&local, 1));
	assert_int_equal(none->usersize, 0);
	assert_int_equal(none->useroffset, 0);
	kmem_cache_free(cache, object);
	kfree(sized);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(none);
}

static void shrinking_leaves_what_is_in_use(void **state)
{
	struct kmem_cache *cache = make(500, 0);
	void *kept = kmem_cache_alloc(cache, GFP_KERNEL);

	(void)state;
	assert_int_equal(kmem_cache_shrink(cache), 1);
	assert_int_equal(cache->node[0]->total_slabs, 1);
	assert_sound(cache, 1);
	kmem_cache_free(cache, kept);
	assert_int_equal(kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
}

static void what_is_not_used_is_reaped_in_the_end(void **state)
{
	struct kmem_cache *cache = make(500, 0);
	static void *objects[300];

	(void)state;
	assert_int_equal(kmem_cache_alloc_bulk(cache, GFP_KERNEL, 300, objects), 300);
	kmem_cache_free_bulk(cache, 300, objects);
	assert_true(cache->node[0]->total_slabs > 0);
	for (unsigned pass = 0; pass < 100; pass++)
		cache_reap_now(0, true);
	assert_sound(cache, 0);
	assert_int_equal(cache->node[0]->total_slabs, 0);
	slab_reap();
	kmem_cache_destroy(cache);
}

static void a_cpu_that_goes_leaves_nothing_behind(void **state)
{
	struct kmem_cache *cache = make(64, 0);

	(void)state;
	slab_set_cpu(3);
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	slab_set_cpu(0);
	assert_int_equal(slab_cpu_down(3), 0);
	assert_int_equal(cpu_array(cache, cpu_slot(3))->avail, 0);
	assert_int_equal(slab_cpu_down(3), -EINVAL);
	assert_int_equal(slab_cpu_down(2), 0); // the node's last
	assert_null(cache->node[1]->shared);
	assert_null(cache->node[1]->alien);
	assert_sound(cache, 0);
	kmem_cache_free(cache, kmem_cache_alloc_node(cache, GFP_KERNEL, 1));
	assert_int_equal(slab_cpu_up(2), 0);
	assert_int_equal(slab_cpu_up(3), 0);
	assert_int_equal(slab_cpu_up(3), -EINVAL);
	assert_int_equal(slab_cpu_up(99), -EINVAL);
	assert_int_equal(cache->node[1]->shared != NULL, IS_ENABLED(CONFIG_SLAB_SHARED));
	assert_sound(cache, 0);
	kmem_cache_destroy(cache);
}

static void a_node_goes_offline_when_nothing_of_it_is_in_use(void **state)
{
	struct kmem_cache *cache = make(2000, 0);
	void *object = kmem_cache_alloc_node(cache, GFP_KERNEL, 3);

	(void)state;
	assert_int_equal(slab_node_offline(3), -EBUSY);
	kmem_cache_free(cache, object);
	assert_int_equal(slab_node_offline(4), -EINVAL);
	assert_int_equal(slab_node_online(3), -EINVAL);
	// The allocator's own structures of node 3 keep it online; another cache's objects can be
	// kept off.
	assert_int_equal(slab_node_offline(3), -EBUSY);
	topology.node_is_online[3] = false;
	kmem_cache_shrink(cache);
	object = kmem_cache_alloc_node(cache, GFP_KERNEL, 3);
	assert_int_not_equal(address_to_node(object), 3);
	assert_null(kmem_cache_alloc_node(cache, GFP_KERNEL | __GFP_THISNODE, 3));
	assert_int_equal(slab_node_online(3), 0);
	kmem_cache_free(cache, object);
	assert_sound(cache, 0);
	kmem_cache_destroy(cache);
}

static void the_reaper_runs_once_at_a_time(void **state)
{
	(void)state;
	assert_int_equal(slab_reaper_start(), 0);
	assert_int_equal(slab_reaper_start(), -EBUSY);
	slab_reaper_stop();
	slab_reaper_stop();
	assert_int_equal(slab_reaper_start(), 0);
	slab_reaper_stop();
}

static unsigned next_node(struct kmem_cache *cache)
{
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);
	unsigned node = address_to_node(object);

	kmem_cache_free(cache, object);
	return node;
}

static void a_policy_says_where_objects_come_from(void **state)
{
	struct kmem_cache *cache = make(128, 0);

	(void)state;
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_PREFERRED, 1 << 2), 0);
	assert_int_equal(next_node(cache), 2);
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_BIND, 1 << 1 | 1 << 3), 0);
	assert_int_equal(next_node(cache), 1);
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_INTERLEAVE, 1 << 1 | 1 << 2), 0);
	assert_int_equal(next_node(cache), 1);
	assert_int_equal(next_node(cache), 2);
	assert_int_equal(next_node(cache), 1);
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_DEFAULT, 0), 0);
	assert_int_equal(next_node(cache), 0);
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_PREFERRED, 3), -EINVAL);
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_BIND, 0), -EINVAL);
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_BIND, 1 << 4), -EINVAL);
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_DEFAULT, 1), -EINVAL);
	kmem_cache_destroy(cache);
}

static void a_spreading_thread_goes_round_the_nodes(void **state)
{
	struct kmem_cache *spread = make(128, SLAB_MEM_SPREAD), *plain = make(136, 0);

	(void)state;
	slab_set_mem_spread(true);
	for (unsigned i = 0; i < 8; i++)
		assert_int_equal(next_node(spread), i % 4);
	assert_int_equal(next_node(plain), 0);
	slab_set_mem_spread(false);
	assert_int_equal(next_node(spread), 0);
	kmem_cache_destroy(spread);
	kmem_cache_destroy(plain);
}

static void random_freelists_hand_out_every_object_once(void **state)
{
	struct kmem_cache *cache = make(64, 0);
	static void *objects[1000];
	unsigned descents = 0;

	(void)state;
	assert_int_equal(kmem_cache_alloc_bulk(cache, GFP_KERNEL, 1000, objects), 1000);
	assert_sound(cache, 1000);
	for (unsigned i = 0; i < 16; i++)
		descents += objects[i + 1] < objects[i];
	if (IS_ENABLED(CONFIG_SLAB_FREELIST_RANDOM))
		assert_non_null(cache->random_seq);
	else
		assert_true(descents >= 15); // a batch is handed out from its end
	kmem_cache_free_bulk(cache, 1000, objects);
	assert_sound(cache, 0);
	kmem_cache_destroy(cache);
}

static void a_hardened_build_sees_the_wrong_cache_and_a_double_free(void **state)
{
	struct kmem_cache *cache = make(64, 0), *other = make(64, 0);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);
	int local;

	(void)state;
	if (!IS_ENABLED(CONFIG_SLAB_FREELIST_HARDENED))
		skip();
	kmem_cache_free(other, object);
	kmem_cache_free(cache, &local);
	assert_sound(cache, 1);
	memset(object, 1, 64);
	kmem_cache_free(cache, object);
	assert_int_equal(*(char *)object, 0); // init_on_free
	kmem_cache_free(cache, object);
	assert_sound(cache, 0);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_object_comes_from_the_node_asked_for, on_cpu_0),
		cmocka_unit_test_setup(bulk_is_all_or_nothing, on_cpu_0),
		cmocka_unit_test_setup(arrays_are_checked_for_overflow, on_cpu_0),
		cmocka_unit_test_setup(krealloc_keeps_the_contents, on_cpu_0),
		cmocka_unit_test_setup(a_copy_must_lie_within_the_region, on_cpu_0),
		cmocka_unit_test_setup(shrinking_leaves_what_is_in_use, on_cpu_0),
		cmocka_unit_test_setup(what_is_not_used_is_reaped_in_the_end, on_cpu_0),
		cmocka_unit_test_setup(a_cpu_that_goes_leaves_nothing_behind, on_cpu_0),
		cmocka_unit_test_setup(a_node_goes_offline_when_nothing_of_it_is_in_use, on_cpu_0),
		cmocka_unit_test_setup(the_reaper_runs_once_at_a_time, on_cpu_0),
		cmocka_unit_test_setup(a_policy_says_where_objects_come_from, on_cpu_0),
		cmocka_unit_test_setup(a_spreading_thread_goes_round_the_nodes, on_cpu_0),
		cmocka_unit_test_setup(random_freelists_hand_out_every_object_once, on_cpu_0),
		cmocka_unit_test_setup(
			a_hardened_build_sees_the_wrong_cache_and_a_double_free, on_cpu_0),
	};

	start_virtual("node:4 core:2 pu:1");
	return cmocka_run_group_tests_name("calls", tests, NULL, NULL);
}
