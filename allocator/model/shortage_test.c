// SPDX-License-Identifier: GPL-2.0-or-later
// When nodes have no page left: where objects still come from, with policies, exact wishes, bulk,
// kmalloc and krealloc; what goes and in which order when a node without CPUs is drained. Each rule
// was seen in a real 5.10 kernel (traces "policy" and "nomem") or is its neighbour.
#include "array/array_cache.h"
#include "host/topology.h"
#include "model/expectation.h"
#include "reclaim/reap.h"
#include "slab_test.h"
#include "tune.h"

#include <string.h>

static unsigned long starved; // a bit a node
static bool is_everything_starved; // the allocator's own caches and kmalloc's, too
static struct kmem_cache *cache;

static bool node_has_memory(struct kmem_cache *asking, unsigned node)
{
	if (asking != cache && !is_everything_starved)
		return true;
	return !((starved >> node) & 1);
}

static const char *destroy_problem;

static void note_destroyed(struct kmem_cache *of, struct slab *slab)
{
	const char *problem = expectation_destroyed(of, slab);

	if (problem)
		destroy_problem = problem;
}

// A cache with few objects a slab, so that a CPU's array takes them all.
static void make_cache(slab_flags_t flags)
{
	cache = kmem_cache_create("shortage", 2000, 0, flags, NULL);
	assert_non_null(cache);
}

static int begin(void **state)
{
	(void)state;
	starved = 0;
	is_everything_starved = false;
	slab_set_mempolicy(SLAB_MPOL_DEFAULT, 0);
	slab_set_mem_spread(false);
	slab_set_cpu(0);
	make_cache(0);
	return 0;
}

static int end(void **state)
{
	(void)state;
	starved = 0;
	is_everything_starved = false;
	slab_set_mempolicy(SLAB_MPOL_DEFAULT, 0);
	slab_set_mem_spread(false);
	for_each_cpu(cpu)
		if (!cpu_is_online(cpu))
			slab_cpu_up(cpu);
	kmem_cache_destroy(cache);
	return 0;
}

#define ALL_NODES 0xful

static struct array_cache *own_array(void)
{
	return cpu_array(cache, cpu_slot(cpu_current()));
}

// Leaves `count` objects in this CPU's array and none in any slab; then every node starves. A cache
// has one slab of an odd object more: it is returned.
static void fill_array(unsigned count)
{
	void *objects[100];

	for (unsigned i = 0; i < count; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	while (own_array()->avail > 0 || cache->node[0]->free_objects > 0)
		objects[count++] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (unsigned i = 0; i < count; i++)
		kmem_cache_free(cache, objects[i]);
	starved = ALL_NODES;
}

static void give_back(void **objects, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		kmem_cache_free(cache, objects[i]);
}

// ---- policies

static void past_a_policy_that_gives_nothing_the_own_array_serves(void **state)
{
	static const enum slab_mempolicy modes[] = {
		SLAB_MPOL_PREFERRED, SLAB_MPOL_BIND, SLAB_MPOL_INTERLEAVE};
	void *objects[3], *top;

	(void)state;
	fill_array(4);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(slab_set_mempolicy(modes[i], 1 << 2), 0);
		top = own_array()->entry[own_array()->avail - 1];
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		assert_ptr_equal((char *)objects[i] - cache->obj_offset, top);
	}
	give_back(objects, 3);
}

static void past_a_policy_the_shared_array_serves_too(void **state)
{
	void *objects[100], *last;
	unsigned count = 0;

	(void)state;
	if (!IS_ENABLED(CONFIG_SLAB_SHARED))
		skip();
	pthread_mutex_lock(&slab_mutex);
	assert_int_equal(cache_tune(cache, 2, 1, 8), 0);
	pthread_mutex_unlock(&slab_mutex);
	fill_array(8);
	assert_true(cache->node[0]->shared->avail > 0);
	assert_int_equal(cache->node[0]->free_objects, 0);
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_BIND, 1 << 3), 0);
	while ((last = kmem_cache_alloc(cache, GFP_KERNEL)))
		objects[count++] = last;
	assert_int_equal(cache->node[0]->shared->avail, 0);
	assert_int_equal(own_array()->avail, 0);
	give_back(objects, count);
}

static void a_failed_allocation_asks_an_interleaving_policy_thrice(void **state)
{
	(void)state;
	starved = ALL_NODES;
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_INTERLEAVE, 1 << 1 | 1 << 2 | 1 << 3), 0);
	assert_null(kmem_cache_alloc(cache, GFP_KERNEL)); // asks 1, 2 and 3
	assert_null(kmem_cache_alloc(cache, GFP_KERNEL)); // and again: round and round
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_INTERLEAVE, 1 << 1 | 1 << 2), 0);
	assert_null(kmem_cache_alloc(cache, GFP_KERNEL)); // asks 1, 2 and 1
	starved = 0;
	for (unsigned i = 0; i < 2; i++) { // 2 is next, then 1
		void *object = kmem_cache_alloc(cache, GFP_KERNEL);

		assert_int_equal(address_to_node(object), 2 - i);
		kmem_cache_free(cache, object);
	}
}

static void the_own_node_in_turn_is_asked_once_more_only(void **state)
{
	(void)state;
	starved = ALL_NODES;
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_INTERLEAVE, 1 << 0 | 1 << 1 | 1 << 2), 0);
	assert_null(kmem_cache_alloc(cache, GFP_KERNEL)); // 0 is here: the fallback asks 1
	assert_int_equal(policy_now().next, 2);
}

static void an_exact_wish_asks_no_policy(void **state)
{
	void *object;

	(void)state;
	fill_array(2);
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_INTERLEAVE, 1 << 1 | 1 << 2), 0);
	object = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_THISNODE);
	assert_int_equal(address_to_node(object), 0);
	assert_null(kmem_cache_alloc_node(cache, GFP_KERNEL | __GFP_THISNODE, 1));
	assert_int_equal(policy_now().next, 0);
	kmem_cache_free(cache, object);
}

static void alloc_node_asks_the_policy_where_it_falls_back_only(void **state)
{
	void *objects[2];

	(void)state;
	starved = 1 << 3;
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_INTERLEAVE, 1 << 1 | 1 << 2), 0);
	objects[0] = kmem_cache_alloc_node(cache, GFP_KERNEL, 1);
	assert_int_equal(policy_now().next, 0);
	objects[1] = kmem_cache_alloc_node(cache, GFP_KERNEL, 3);
	assert_int_equal(policy_now().next, 2);
	assert_int_equal(
		address_to_node(objects[1]), 1); // node 1 has free objects; else 0 would grow
	give_back(objects, 2);
}

static void a_spreading_thread_goes_on_without_its_node(void **state)
{
	void *object;

	(void)state;
	kmem_cache_destroy(cache);
	make_cache(SLAB_MEM_SPREAD);
	fill_array(2);
	slab_set_mem_spread(true);
	for (unsigned i = 0; i < 5; i++) { // whoever's turn it is
		object = kmem_cache_alloc(cache, GFP_KERNEL);
		assert_non_null(object);
		assert_int_equal(address_to_node(object), 0);
		kmem_cache_free(cache, object);
	}
}

// ---- bulk

static void a_bulk_takes_what_the_array_has_past_a_policy(void **state)
{
	void *objects[3];

	(void)state;
	fill_array(3);
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_BIND, 1 << 1), 0);
	assert_int_equal(kmem_cache_alloc_bulk(cache, GFP_KERNEL, 3, objects), 3);
	give_back(objects, 3);
}

static void a_refused_bulk_puts_back_what_it_had_in_that_order(void **state)
{
	void *objects[100], *before[100];
	unsigned avail;

	(void)state;
	fill_array(3);
	avail = own_array()->avail;
	memcpy(before, own_array()->entry, avail * sizeof(void *));
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_PREFERRED, 1 << 3), 0);
	assert_int_equal(kmem_cache_alloc_bulk(cache, GFP_KERNEL, 100, objects), 0);
	assert_int_equal(own_array()->avail, avail);
	for (unsigned i = 0; i < avail; i++)
		assert_ptr_equal(own_array()->entry[i], before[avail - 1 - i]);
	assert_sound(cache, 0);
}

// ---- kmalloc

static void kmalloc_of_a_node_falls_back(void **state)
{
	void *near = kmalloc_node(9000, GFP_KERNEL, 2), *far, *exact;

	(void)state;
	assert_int_equal(address_to_node(near), 2);
	is_everything_starved = true;
	starved = 1 << 2;
	far = kmalloc_node((size_t)1 << 20, GFP_KERNEL, 2);
	exact = kmalloc_node((size_t)1 << 20, GFP_KERNEL | __GFP_THISNODE, 2);
	assert_non_null(far);
	assert_int_not_equal(address_to_node(far), 2);
	assert_null(exact);
	kfree(near);
	kfree(far);
}

static void a_krealloc_that_fails_leaves_the_object(void **state)
{
	char *object = kmalloc(100, GFP_KERNEL);

	(void)state;
	strcpy(object, "what was written");
	is_everything_starved = true;
	starved = ALL_NODES;
	assert_null(krealloc(object, (size_t)2 << 20, GFP_KERNEL));
	assert_string_equal(object, "what was written");
	assert_ptr_equal(krealloc(object, 90, GFP_KERNEL), object);
	starved = 0;
	kfree(object);
}

static void memory_of_the_dma_zone_is_node_0s(void **state)
{
	void *object;

	(void)state;
	kmem_cache_destroy(cache);
	make_cache(SLAB_CACHE_DMA);
	assert_null(kmem_cache_alloc_node(cache, GFP_KERNEL | __GFP_THISNODE, 1));
	object = kmem_cache_alloc_node(cache, GFP_KERNEL, 1);
	assert_int_equal(address_to_node(object), 0);
	kmem_cache_free(cache, object);
}

// ---- nodes without CPUs

static void tune_to(int limit, int batchcount, int shared)
{
	pthread_mutex_lock(&slab_mutex);
	assert_int_equal(cache_tune(cache, limit, batchcount, shared), 0);
	pthread_mutex_unlock(&slab_mutex);
}

// Node 1 loses its CPUs, gets back what was taken from it, and then a limit that is far below.
static void leave_node_1_beyond_its_limit(int shared)
{
	void *objects[30];

	assert_int_equal(slab_cpu_down(2), 0);
	assert_int_equal(slab_cpu_down(3), 0);
	tune_to(120, 120, 0);
	for (unsigned i = 0; i < 30; i++)
		objects[i] = kmem_cache_alloc_node(cache, GFP_KERNEL | __GFP_THISNODE, 1);
	give_back(objects, 30);
	for (unsigned i = 0; i < 4; i++)
		cache_reap_now(0, false); // what waits in alien arrays goes home
	tune_to(1, 1, shared);
	assert_true(cache->node[1]->free_slabs > 4);
	assert_true(cache->node[1]->free_objects > cache->node[1]->free_limit + cache->num);
	destroy_problem = NULL;
	expect_drain(cache);
}

static void a_tune_takes_no_slabs_from_a_node_without_cpus(void **state)
{
	(void)state;
	leave_node_1_beyond_its_limit(0); // looks itself
	assert_sound(cache, 0);
}

static void draining_passes_over_an_absent_shared_array(void **state)
{
	(void)state;
	leave_node_1_beyond_its_limit(0);
	assert_int_equal(kmem_cache_shrink(cache), 0);
	assert_null(expectation_drained());
	assert_null(destroy_problem);
}

static void draining_passes_over_an_empty_shared_array(void **state)
{
	(void)state;
	leave_node_1_beyond_its_limit(1);
	assert_int_equal(kmem_cache_shrink(cache), 0);
	assert_null(expectation_drained());
	assert_null(destroy_problem);
}

static void destruction_drains_as_shrinking_does(void **state)
{
	(void)state;
	leave_node_1_beyond_its_limit(1);
	kmem_cache_destroy(cache);
	assert_null(expectation_drained());
	assert_null(destroy_problem);
	make_cache(0);
}

static void an_object_that_comes_home_trims_what_is_beyond_the_limit(void **state)
{
	void *object = kmem_cache_alloc_node(cache, GFP_KERNEL, 1);
	unsigned long before;

	(void)state;
	leave_node_1_beyond_its_limit(0);
	before = cache->node[1]->total_slabs;
	kmem_cache_free(cache, object);
	for (unsigned i = 0; i < 4; i++)
		cache_reap_now(0, false);
	assert_true(cache->node[1]->total_slabs < before);
	assert_true(cache->node[1]->free_objects <= cache->node[1]->free_limit);
	(void)expectation_drained();
}

static void cpus_go_and_come_while_all_nodes_starve(void **state)
{
	void *object;

	(void)state;
	fill_array(4);
	assert_int_equal(slab_cpu_down(2), 0);
	assert_int_equal(slab_cpu_down(3), 0);
	assert_int_equal(slab_set_mempolicy(SLAB_MPOL_PREFERRED, 1 << 1), 0);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	assert_int_equal(address_to_node(object), 0);
	assert_int_equal(slab_cpu_up(2), 0);
	assert_int_equal(slab_cpu_up(3), 0);
	kmem_cache_free(cache, object);
	assert_sound(cache, 0);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
	const struct CMUnitTest tests[] = {
		CASE(past_a_policy_that_gives_nothing_the_own_array_serves),
		CASE(past_a_policy_the_shared_array_serves_too),
		CASE(a_failed_allocation_asks_an_interleaving_policy_thrice),
		CASE(the_own_node_in_turn_is_asked_once_more_only),
		CASE(an_exact_wish_asks_no_policy),
		CASE(alloc_node_asks_the_policy_where_it_falls_back_only),
		CASE(a_spreading_thread_goes_on_without_its_node),
		CASE(a_bulk_takes_what_the_array_has_past_a_policy),
		CASE(a_refused_bulk_puts_back_what_it_had_in_that_order),
		CASE(kmalloc_of_a_node_falls_back),
		CASE(a_krealloc_that_fails_leaves_the_object),
		CASE(memory_of_the_dma_zone_is_node_0s),
		CASE(a_tune_takes_no_slabs_from_a_node_without_cpus),
		CASE(draining_passes_over_an_absent_shared_array),
		CASE(draining_passes_over_an_empty_shared_array),
		CASE(destruction_drains_as_shrinking_does),
		CASE(an_object_that_comes_home_trims_what_is_beyond_the_limit),
		CASE(cpus_go_and_come_while_all_nodes_starve),
	};

	start_virtual("node:4 core:2 pu:1");
	slab_observer.may_grow = node_has_memory;
	slab_observer.destroyed = note_destroyed;
	return cmocka_run_group_tests_name("shortage", tests, NULL, NULL);
}
