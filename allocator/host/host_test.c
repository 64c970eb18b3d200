// SPDX-License-Identifier: GPL-2.0-or-later
// Options by name, in and out of range; per-CPU memory, topologies and their zone lists.
#include "host/options.h"

#include <errno.h>
#include <sched.h>

#include "host/percpu.h"
#include "host/topology.h"
#include "slab_test.h"

static void every_option_has_a_name_and_a_range(void **state)
{
	struct slab_options options;

	(void)state;
	assert_int_equal(slab_options_default(&options), 0);
	assert_int_equal(slab_options_set(&options, "slab_max_order", "10"), 0);
	assert_int_equal(options.slab_max_order, 10);
	assert_int_equal(slab_options_set(&options, "init_on_free", NULL), 0);
	assert_true(options.init_on_free);
	assert_int_equal(slab_options_set(&options, "init_on_free", "0"), 0);
	assert_false(options.init_on_free);
	assert_int_equal(slab_options_set(&options, "cache_line", "0x80"), 0);
	assert_int_equal(options.cache_line, 128);
	assert_int_equal(slab_options_set(&options, "backing", "thp"), 0);
	assert_int_equal(options.backing, SLAB_BACKING_THP);
	assert_int_equal(slab_options_set(&options, "return", "now"), 0);
	assert_int_equal(options.return_memory, SLAB_RETURN_NOW);
	assert_int_equal(options_check(&options), 0);
}

static void nonsense_is_refused(void **state)
{
	static const struct {
		const char *name, *value;
		int error;
	} cases[] = {
		{"slab_max_order", "11", -EINVAL},
		{"slab_max_order", "-2", -EINVAL},
		{"slab_max_order", "", -EINVAL},
		{"slab_max_order", NULL, -EINVAL},
		{"slab_max_order", "3x", -EINVAL},
		{"slab_nomerge", "2", -EINVAL},
		{"slab_nomerge", "yes", -EINVAL},
		{"cache_line", "48", -EINVAL},
		{"cache_line", "8192", -EINVAL},
		{"arena_size", "100000000", -EINVAL},
		{"arena_size", "99999999999999999999", -EINVAL},
		{"topology", "", -EINVAL},
		{"percpu", "lock", -EINVAL},
		{"percpu", NULL, -EINVAL},
		{"backing", "2m", -EINVAL},
		{"backing", NULL, -EINVAL},
		{"return", "1", -EINVAL},
		{"slab_no_merge", "1", -ENOENT},
		{"", "1", -ENOENT},
	};
	struct slab_options options;

	(void)state;
	slab_options_default(&options);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
			slab_options_set(&options, cases[i].name, cases[i].value), cases[i].error);
	assert_int_equal(options_check(&options), 0); // nothing stuck
}

static void the_names_are_listed(void **state)
{
	struct slab_options options;
	unsigned count = 0;

	(void)state;
	slab_options_default(&options);
	for (const char *const *name = slab_option_names(); *name; name++, count++)
		assert_int_not_equal(slab_options_set(&options, *name, "?"), -ENOENT);
	assert_int_equal(count, 12);
}

static void the_topology_is_as_described(void **state)
{
	(void)state;
	assert_int_equal(topology.nr_nodes, 3);
	assert_int_equal(topology.nr_cpus, 12);
	assert_int_equal(topology.nr_possible_cpus, 12);
	for (unsigned cpu = 0; cpu < 12; cpu++)
		assert_int_equal(topology.cpu_node[cpu], cpu / 4);
	assert_int_equal(topology.node_cpus[2], 4);
	assert_int_equal(topology.cache_line, 64);
}

static void equally_near_nodes_are_asked_cyclically(void **state)
{
	static const unsigned char expected[3][3] = {{0, 1, 2}, {1, 2, 0}, {2, 0, 1}};

	(void)state;
	for (unsigned node = 0; node < 3; node++)
		assert_memory_equal(topology.zonelist[node], expected[node], 3);
}

static void per_cpu_memory_is_apart_and_reused(void **state)
{
	// Larger than any hole that the start has left.
	size_t one = percpu_alloc(20000), two = percpu_alloc(20000),
	       three = percpu_alloc(PERCPU_BYTES_MAX);

	(void)state;
	assert_true(one && two && three);
	assert_int_equal(one % 64, 0);
	assert_true(two >= one + 20000 && three >= two + 20000);
	assert_int_equal(percpu_alloc(PERCPU_BYTES_MAX + 1), 0);
	*((char *)cpu_slot(0) + three) = 1;
	*((char *)cpu_slot(11) + three + PERCPU_BYTES_MAX - 1) = 1;
	percpu_free(one, 20000);
	percpu_free(two, 20000);
	assert_int_equal(percpu_alloc(30000), one); // the two have joined
	percpu_free(one, 30000);
	percpu_free(three, PERCPU_BYTES_MAX);
}

// A processor takes addresses 4096 bytes apart for the same at first; the slot's lock is read by all.
static void no_array_begins_as_the_slot_does(void **state)
{
	enum { COUNT = 300, BYTES = 64 };
	size_t taken[COUNT], whole;

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		taken[i] = percpu_alloc(BYTES);
		assert_int_not_equal(taken[i], 0);
		assert_int_not_equal(taken[i] % 4096, 0);
	}
	for (size_t i = 0; i < COUNT; i++)
		percpu_free(taken[i], BYTES);
	whole = percpu_alloc(BYTES);
	assert_int_equal(whole, taken[0]);
	percpu_free(whole, BYTES);
}

static void per_cpu_memory_runs_out_cleanly(void **state)
{
	static struct {
		size_t offset, bytes;
	} taken[8192];
	unsigned count = 0;

	(void)state;
	for (size_t bytes = PERCPU_BYTES_MAX; bytes >= 64; bytes /= 2)
		while (count < 8192 && (taken[count].offset = percpu_alloc(bytes)))
			taken[count++].bytes = bytes;
	assert_in_range(count, 16, 8191);
	assert_null(kmem_cache_create("none-left", 64, 0, 0, NULL));
	while (count > 0) {
		count--;
		percpu_free(taken[count].offset, taken[count].bytes);
	}
	kmem_cache_destroy(kmem_cache_create("again", 64, 0, 0, NULL));
}

static void *take_and_release(void *lock)
{
	lock_take(lock);
	lock_release(lock);
	return NULL;
}

static void a_take_is_counted_when_the_lock_is_taken_and_only_then(void **state)
{
	unsigned long before = lock_contended(LOCK_OF_ALIEN),
		      others = lock_contended(LOCK_OF_ARENA);
	pthread_t thread;
	struct lock lock;

	(void)state;
	lock_init(&lock, LOCK_OF_ALIEN);
	for (unsigned i = 0; i < 10; i++)
		take_and_release(&lock);
	assert_int_equal(lock_contended(LOCK_OF_ALIEN), before);
	lock_take(&lock);
	assert_int_equal(pthread_create(&thread, NULL, take_and_release, &lock), 0);
	while (lock_contended(LOCK_OF_ALIEN) == before) // it has found the lock taken
		sched_yield();
	lock_release(&lock);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(lock_contended(LOCK_OF_ALIEN), before + 1);
	assert_int_equal(lock_contended(LOCK_OF_ARENA), others);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_option_has_a_name_and_a_range),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(the_names_are_listed),
		cmocka_unit_test(the_topology_is_as_described),
		cmocka_unit_test(equally_near_nodes_are_asked_cyclically),
		cmocka_unit_test(per_cpu_memory_is_apart_and_reused),
		cmocka_unit_test(no_array_begins_as_the_slot_does),
		cmocka_unit_test(per_cpu_memory_runs_out_cleanly),
		cmocka_unit_test(a_take_is_counted_when_the_lock_is_taken_and_only_then),
	};

	start_virtual("node:3 core:4 pu:1");
	return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
