// SPDX-License-Identifier: GPL-2.0-or-later
// Every operation there is, in long seeded random order, on virtual CPUs and nodes, against a model
// too simple to be wrong: a table of who holds which object and what is written in it. After each
// batch of steps every cache is counted by walking it. Usage: test-<config>-model [STEPS [SEED
// [TOPOLOGY]]]; a failure prints the seed.
#include "host/topology.h"
#include "reclaim/reap.h"
#include "slab_test.h"
#include "tune.h"

#include <stdlib.h>
#include <string.h>

#define CACHES      5
#define SLOTS       600
#define BULK_MAX    70
#define CHECK_EVERY 64
#define STEPS       20000
#define SEED        20260101

struct slot {
	unsigned char *object;
	struct kmem_cache *cache;
	unsigned char fill;
};

static struct kmem_cache *caches[CACHES];
static struct slot slots[SLOTS];
static unsigned held;
static unsigned long starved_nodes; // a bit a node that gives no slab
static unsigned long steps_wanted = STEPS, steps_done;
static unsigned seed = SEED;

static unsigned draw(unsigned below)
{
	return (unsigned)random() % below;
}

static bool node_has_memory(struct kmem_cache *cache, unsigned node)
{
	for (unsigned i = 0; i < CACHES; i++)
		if (caches[i] == cache)
			return !((starved_nodes >> node) & 1);
	return true; // the allocator's own
}

static void construct(void *object)
{
	memset(object, 0xcc, 8);
}

static void create(unsigned i)
{
	static const unsigned sizes[] = {8, 24, 60, 104, 192, 200, 328, 520, 1000, 2050, 5000};
	static const slab_flags_t flags[] = {0, SLAB_HWCACHE_ALIGN, SLAB_RECLAIM_ACCOUNT,
		SLAB_TYPESAFE_BY_RCU, SLAB_NOLEAKTRACE, SLAB_MEM_SPREAD};

	caches[i] = kmem_cache_create("model", sizes[draw(11)], draw(4) ? 0 : 16u << draw(3),
		flags[draw(6)], draw(4) ? NULL : construct);
	assert_non_null(caches[i]);
}

// What an owner leaves in an object that has a constructor: the constructed state.
static void let_go(struct slot *slot)
{
	if (slot->cache->ctor)
		construct(slot->object);
	slot->object = NULL;
	held--;
}

static void verify(const struct slot *slot)
{
	unsigned size = kmem_cache_size(slot->cache);

	assert_int_equal((uintptr_t)slot->object % slot->cache->align, 0);
	for (unsigned byte = 0; byte < size; byte += size < 64 ? 1 : size / 64)
		assert_int_equal(slot->object[byte], slot->fill);
	assert_int_equal(slot->object[size - 1], slot->fill);
}

static void take(struct slot *slot, struct kmem_cache *cache, unsigned char *object)
{
	slot->object = object;
	slot->cache = cache;
	slot->fill = (unsigned char)draw(256);
	if (cache->ctor)
		for (unsigned byte = 0; byte < 8; byte++)
			assert_int_equal(object[byte], 0xcc);
	memset(object, slot->fill, kmem_cache_size(cache));
	held++;
}

static struct slot *free_slot(void)
{
	for (unsigned tries = 0; tries < 20; tries++) {
		struct slot *slot = &slots[draw(SLOTS)];

		if (!slot->object)
			return slot;
	}
	return NULL;
}

static void step_alloc(void)
{
	struct slot *slot = free_slot();
	struct kmem_cache *cache = caches[draw(CACHES)];
	unsigned char *object;

	if (!slot)
		return;
	if (draw(3) == 0)
		object = kmem_cache_alloc_node(cache, GFP_KERNEL | (draw(4) ? 0 : __GFP_THISNODE),
			(int)draw(topology.nr_nodes + 1) - 1);
	else
		object = kmem_cache_alloc(cache, GFP_KERNEL);
	if (object)
		take(slot, cache, object);
	else
		assert_true(starved_nodes != 0);
}

static void step_free(void)
{
	struct slot *slot = &slots[draw(SLOTS)];
	void *object = slot->object;
	struct kmem_cache *cache = slot->cache;

	if (!object)
		return;
	verify(slot);
	let_go(slot);
	if (draw(4) == 0)
		kfree(object);
	else
		kmem_cache_free(cache, object);
}

static void step_alloc_bulk(void)
{
	void *objects[BULK_MAX];
	struct kmem_cache *cache = caches[draw(CACHES)];
	unsigned wanted = draw(BULK_MAX), placed = 0;
	int count = kmem_cache_alloc_bulk(cache, GFP_KERNEL, wanted, objects);

	assert_true(count == (int)wanted || (count == 0 && starved_nodes));
	for (unsigned i = 0; i < SLOTS && placed < (unsigned)count; i++)
		if (!slots[i].object)
			take(&slots[i], cache, objects[placed++]);
	kmem_cache_free_bulk(cache, (size_t)count - placed, objects + placed);
}

static void step_free_bulk(void)
{
	void *objects[BULK_MAX];
	unsigned count = 0, at = draw(SLOTS), wanted = draw(BULK_MAX);

	for (unsigned i = 0; i < SLOTS && count < wanted; i++) {
		struct slot *slot = &slots[(at + i) % SLOTS];

		if (!slot->object)
			continue;
		verify(slot);
		objects[count++] = slot->object;
		let_go(slot);
	}
	kfree_bulk(count, objects);
}

static void step_tune(void)
{
	struct kmem_cache *cache = caches[draw(CACHES)];
	int limit = (int)draw(130), batchcount = (int)draw(70), shared = (int)draw(6) - 1;
	int result;

	pthread_mutex_lock(&slab_mutex);
	result = cache_tune(cache, limit, batchcount, shared);
	pthread_mutex_unlock(&slab_mutex);
	assert_int_equal(result, limit < 1 || batchcount < 1 || batchcount > limit || shared < 0);
}

static void step_policy(void)
{
	unsigned long all = (1UL << topology.nr_nodes) - 1;
	unsigned mode = draw(4);

	if (mode == 0)
		slab_set_mempolicy(SLAB_MPOL_DEFAULT, 0);
	else if (mode == 1)
		slab_set_mempolicy(SLAB_MPOL_PREFERRED, 1UL << draw(topology.nr_nodes));
	else
		slab_set_mempolicy(
			mode == 2 ? SLAB_MPOL_BIND : SLAB_MPOL_INTERLEAVE, 1 + draw((unsigned)all));
	slab_set_mem_spread(draw(4) == 0);
}

static void step_hotplug(void)
{
	unsigned cpu = draw(topology.nr_cpus);

	if (cpu == 0)
		return; // somebody has to stay
	if (cpu_is_online(cpu))
		assert_int_equal(slab_cpu_down(cpu), 0);
	else
		assert_int_equal(slab_cpu_up(cpu), 0);
}

static void step_replace_cache(void)
{
	unsigned i = draw(CACHES);
	struct kmem_cache *old = caches[i];

	for (unsigned s = 0; s < SLOTS; s++)
		if (slots[s].object && slots[s].cache == old) {
			void *object = slots[s].object;

			verify(&slots[s]);
			let_go(&slots[s]);
			kmem_cache_free(old, object);
		}
	for (unsigned other = 0; other < CACHES; other++)
		assert_true(other == i || caches[other] != old); // unmerged
	kmem_cache_destroy(old);
	create(i);
}

static void step_rarely(void)
{
	switch (draw(7)) {
	case 0:
		kmem_cache_shrink(caches[draw(CACHES)]);
		return;
	case 1:
		step_tune();
		return;
	case 2:
		starved_nodes = draw(3) ? 0 : draw(1u << topology.nr_nodes);
		return;
	case 3:
		step_policy();
		return;
	case 4:
		step_hotplug();
		return;
	case 5:
		step_replace_cache();
		return;
	default:
		slab_reap();
	}
}

static void move_to_some_cpu(void)
{
	unsigned cpu = draw(topology.nr_cpus);

	if (cpu_is_online(cpu))
		slab_set_cpu(cpu);
	else
		slab_set_cpu(0);
}

static void step(void)
{
	unsigned dice = draw(1000);

	move_to_some_cpu();
	if (dice < 10)
		step_rarely();
	else if (dice < 60)
		step_alloc_bulk();
	else if (dice < 110)
		step_free_bulk();
	else if (dice < 150)
		cache_reap_now(cpu_current(), draw(2));
	else if (dice < 600)
		step_alloc();
	else
		step_free();
}

static void check_all(void)
{
	unsigned long counted = 0;

	for (unsigned i = 0; i < CACHES; i++) {
		struct census census;
		const char *problem = cache_check(caches[i], &census);

		if (problem)
			fail_msg("after %lu steps of seed %u: %s", steps_done, seed, problem);
		counted += census.handed_out;
	}
	if (counted != held)
		fail_msg("after %lu steps of seed %u: %lu objects are out, the model holds %u",
			steps_done, seed, counted, held);
}

static void give_everything_back(void)
{
	starved_nodes = 0;
	for (unsigned cpu = 0; cpu < topology.nr_cpus; cpu++)
		if (!cpu_is_online(cpu))
			slab_cpu_up(cpu);
	for (unsigned i = 0; i < SLOTS; i++)
		if (slots[i].object) {
			kfree(slots[i].object);
			slots[i].object = NULL;
			held--;
		}
	check_all();
	for (unsigned i = 0; i < CACHES; i++)
		kmem_cache_destroy(caches[i]);
	slab_set_mempolicy(SLAB_MPOL_DEFAULT, 0);
}

static void no_operation_loses_or_doubles_an_object(void **state)
{
	(void)state;
	srandom(seed);
	slab_observer.may_grow = node_has_memory;
	for (unsigned i = 0; i < CACHES; i++)
		create(i);
	for (steps_done = 1; steps_done <= steps_wanted; steps_done++) {
		step();
		if (steps_done % CHECK_EVERY == 0)
			check_all();
	}
	give_everything_back();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_operation_loses_or_doubles_an_object)};

	if (argc > 1)
		steps_wanted = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		seed = (unsigned)strtoul(argv[2], NULL, 10);
	printf("%lu steps, seed %u\n", steps_wanted, seed);
	start_virtual(argc > 3 ? argv[3] : "node:3 core:2 pu:1");
	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
