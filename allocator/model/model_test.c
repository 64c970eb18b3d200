// SPDX-License-Identifier: GPL-2.0-or-later
// Every operation there is, in long seeded random order, on virtual CPUs and nodes, against a model
// too simple to be wrong: a table of who holds which object and what is written in it. After each
// batch of steps every cache is counted by walking it. Where an object comes from is said beforehand
// (expectation.h), and so is the order in which free slabs go when all is drained. Scenes bring about
// what chance alone would not: all nodes starved under a policy, a node without CPUs above its
// limit. In the end every rule must have been met. Usage: test-<config>-model [STEPS [SEED
// [TOPOLOGY]]]; a failure prints the seed.
#include "host/topology.h"
#include "model/expectation.h"
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
static unsigned long bulks_refused; // under a policy, for want of memory
static unsigned long hotplugs_starved, tunes_starved; // CPUs that went or came, caches tuned, then
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

static __attribute__((format(printf, 1, 2), noreturn)) void fail_step(const char *format, ...)
{
	char text[200];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	print_error("after %lu steps of seed %u: %s\n", steps_done, seed, text);
	fail();
	abort();
}

static void check_met(const char *problem)
{
	if (problem)
		fail_step("%s", problem);
}

static void observe_destroyed(struct kmem_cache *cache, struct slab *slab)
{
	check_met(expectation_destroyed(cache, slab));
}

static void construct(void *object)
{
	memset(object, 0xcc, 8);
}

static void create(unsigned i)
{
	static const unsigned sizes[] = {8, 24, 60, 104, 192, 200, 328, 520, 1000, 2050, 5000};
	static const slab_flags_t flags[] = {0, SLAB_HWCACHE_ALIGN, SLAB_RECLAIM_ACCOUNT,
		SLAB_TYPESAFE_BY_RCU, SLAB_NOLEAKTRACE, SLAB_MEM_SPREAD, SLAB_MEM_SPREAD,
		SLAB_CACHE_DMA};

	caches[i] = kmem_cache_create("model", sizes[draw(11)], draw(4) ? 0 : 16u << draw(3),
		i == 0 ? SLAB_MEM_SPREAD : flags[draw(8)], draw(4) ? NULL : construct);
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

// One object where the model has room for one.
static void alloc_one(struct kmem_cache *cache, gfp_t flags)
{
	struct slot *slot = free_slot();
	struct expected_object expected;
	unsigned char *object;

	if (!slot)
		return;
	expected = expect_alloc(cache, flags);
	object = kmem_cache_alloc(cache, flags);
	check_met(expectation_met(cache, &expected, object));
	if (object)
		take(slot, cache, object);
}

static bool alloc_one_of_node(struct kmem_cache *cache, gfp_t flags, int node)
{
	struct slot *slot = free_slot();
	struct expected_object expected;
	unsigned char *object;

	if (!slot)
		return false;
	expected = expect_alloc_node(cache, flags, node);
	object = kmem_cache_alloc_node(cache, flags, node);
	check_met(expectation_met(cache, &expected, object));
	if (object)
		take(slot, cache, object);
	return object != NULL;
}

static int some_node(void)
{
	return (int)draw(topology.nr_nodes + 1) - 1;
}

static void alloc_somehow(struct kmem_cache *cache)
{
	gfp_t exact = draw(5) ? 0 : __GFP_THISNODE;

	if (draw(3) == 0)
		alloc_one_of_node(cache, GFP_KERNEL | exact, some_node());
	else
		alloc_one(cache, GFP_KERNEL | exact);
}

static void step_alloc(void)
{
	alloc_somehow(caches[draw(CACHES)]);
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

static void alloc_bulk(struct kmem_cache *cache)
{
	void *objects[BULK_MAX];
	unsigned wanted = draw(BULK_MAX), placed = 0;
	int count = kmem_cache_alloc_bulk(cache, GFP_KERNEL, wanted, objects);

	assert_true(count == (int)wanted || (count == 0 && starved_nodes));
	bulks_refused += count == 0 && wanted > 0 && policy_is_set;
	for (unsigned i = 0; i < SLOTS && placed < (unsigned)count; i++)
		if (!slots[i].object)
			take(&slots[i], cache, objects[placed++]);
	kmem_cache_free_bulk(cache, (size_t)count - placed, objects + placed);
}

static void step_alloc_bulk(void)
{
	alloc_bulk(caches[draw(CACHES)]);
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

static void tune(struct kmem_cache *cache, int limit, int batchcount, int shared)
{
	int result;

	pthread_mutex_lock(&slab_mutex);
	result = cache_tune(cache, limit, batchcount, shared);
	pthread_mutex_unlock(&slab_mutex);
	assert_int_equal(result, limit < 1 || batchcount < 1 || batchcount > limit || shared < 0);
	tunes_starved += starved_nodes != 0 && result == 0;
}

static void step_tune(void)
{
	tune(caches[draw(CACHES)], (int)draw(130), (int)draw(70), (int)draw(6) - 1);
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
	slab_set_mem_spread(draw(3) == 0);
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
	hotplugs_starved += starved_nodes != 0;
}

static void free_slot_object(struct slot *slot)
{
	void *object = slot->object;
	struct kmem_cache *cache = slot->cache;

	verify(slot);
	let_go(slot);
	kmem_cache_free(cache, object);
}

static void shrink(struct kmem_cache *cache)
{
	expect_drain(cache);
	kmem_cache_shrink(cache);
	check_met(expectation_drained());
}

static void replace_cache(unsigned i)
{
	struct kmem_cache *old = caches[i];

	for (unsigned s = 0; s < SLOTS; s++)
		if (slots[s].object && slots[s].cache == old)
			free_slot_object(&slots[s]);
	for (unsigned other = 0; other < CACHES; other++)
		assert_true(other == i || caches[other] != old); // unmerged
	expect_drain(old);
	kmem_cache_destroy(old);
	check_met(expectation_drained());
	create(i);
}

// ---- scenes

// Up to `count` of the cache's objects go back, from a random place of the table on; this node's
// alone, so that its arrays fill.
static void free_some(const struct kmem_cache *cache, unsigned count)
{
	unsigned at = draw(SLOTS);

	for (unsigned i = 0; i < SLOTS && count > 0; i++) {
		struct slot *slot = &slots[(at + i) % SLOTS];

		if (!slot->object || slot->cache != cache ||
			address_to_node(slot->object) != cpu_slot(cpu_current())->node)
			continue;
		free_slot_object(slot);
		count--;
	}
}

static void siege_step(struct kmem_cache *cache)
{
	unsigned dice = draw(40);

	if (dice < 4)
		step_policy();
	else if (dice < 7)
		alloc_bulk(cache);
	else if (dice < 9)
		free_some(cache, draw(30));
	else if (dice == 9)
		step_hotplug();
	else
		alloc_somehow(cache);
}

// All nodes starve, or all but one, for a while; one cache is asked for more under changing
// policies. First what the nodes' slabs still have goes, past this CPU's array.
static void scene_siege(void)
{
	struct kmem_cache *cache = caches[draw(CACHES)];
	unsigned long before = starved_nodes, all = (1UL << topology.nr_nodes) - 1;
	int other = (int)(cpu_slot(cpu_current())->node + 1) % (int)topology.nr_nodes;

	if (draw(2))
		tune(cache, 2 + (int)draw(8), 1 + (int)draw(2), 1 + (int)draw(20));
	starved_nodes = draw(3) ? all : all & ~(1UL << draw(topology.nr_nodes));
	for (unsigned i = 0; i < SLOTS && alloc_one_of_node(cache, GFP_KERNEL, other); i++)
		;
	for (unsigned i = 0; i < 60; i++)
		siege_step(cache);
	starved_nodes = before;
}

static void take_cpus_down(unsigned node)
{
	for_each_cpu(cpu)
		if (topology.cpu_node[cpu] == node && cpu_is_online(cpu))
			assert_int_equal(slab_cpu_down(cpu), 0);
}

// What the scene's node got back waits in arrays on its way home.
static void send_all_home(void)
{
	for (unsigned i = 0; i < topology.nr_nodes; i++)
		for_each_cpu(cpu)
			if (cpu_is_online(cpu))
				cache_reap_now(cpu, false);
}

// A node loses its CPUs, gets objects back until it has several free slabs, and then a limit that
// is below them.
static void scene_lonely_node(void)
{
	unsigned i = draw(CACHES), node = draw(topology.nr_nodes);
	struct kmem_cache *cache = caches[i];

	if (node == topology.cpu_node[0])
		return;
	slab_set_cpu(0);
	take_cpus_down(node);
	tune(cache, 120, 120, 0);
	for (unsigned count = 0; count < 8 * cache->num && count < SLOTS; count++)
		alloc_one_of_node(cache, GFP_KERNEL | __GFP_THISNODE, (int)node);
	for (unsigned s = 0; s < SLOTS; s++)
		if (slots[s].object && slots[s].cache == cache && draw(20))
			free_slot_object(&slots[s]);
	send_all_home();
	tune(cache, 1 + (int)draw(4), 1, (int)draw(2));
	if (draw(3))
		shrink(cache);
	else
		replace_cache(i);
}

static void step_rarely(void)
{
	switch (draw(11)) {
	case 0:
		shrink(caches[draw(CACHES)]);
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
		replace_cache(draw(CACHES));
		return;
	case 6:
	case 7:
		scene_siege();
		return;
	case 8:
	case 9:
		scene_lonely_node();
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
	if (dice < 20)
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

		check_met(problem);
		counted += census.handed_out;
	}
	if (counted != held)
		fail_step("%lu objects are out, the model holds %u", counted, held);
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

// A run that is cut short, or of another seed, may miss some.
static bool must_be_met(enum rule rule)
{
	return steps_wanted >= STEPS && seed == SEED && rule_can_be_met(rule);
}

static void every_rule_was_met(void **state)
{
	(void)state;
	rules_print(stdout);
	printf("%8lu  bulk refused under a policy\n%8lu  CPU down or up, starved\n"
	       "%8lu  tuned, starved\n",
		bulks_refused, hotplugs_starved, tunes_starved);
	for (enum rule rule = 0; rule < RULES; rule++)
		if (must_be_met(rule) && rule_count(rule) == 0)
			fail_step("no operation met: %s", rule_name(rule));
	if (steps_wanted >= STEPS && seed == SEED)
		assert_true(bulks_refused > 0 && tunes_starved > 0);
	if (steps_wanted >= STEPS && seed == SEED && topology.nr_cpus > 1)
		assert_true(hotplugs_starved > 0);
}

static void no_operation_loses_or_doubles_an_object(void **state)
{
	(void)state;
	srandom(seed);
	slab_observer.may_grow = node_has_memory;
	slab_observer.destroyed = observe_destroyed;
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
		cmocka_unit_test(no_operation_loses_or_doubles_an_object),
		cmocka_unit_test(every_rule_was_met),
	};

	if (argc > 1)
		steps_wanted = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		seed = (unsigned)strtoul(argv[2], NULL, 10);
	printf("%lu steps, seed %u\n", steps_wanted, seed);
	start_virtual(argc > 3 ? argv[3] : "node:3 core:2 pu:1");
	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
