// SPDX-License-Identifier: GPL-2.0-or-later
// The allocator's exact counts, on a virtual machine of four nodes: the matrix of remote frees
// against a tally that the threads keep themselves, and each other count where the test knows what
// must have happened.
#include "array/array_cache.h"
#include "host/topology.h"
#include "reclaim/reap.h"
#include "show/slabinfo.h"
#include "slab_test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NODES   4
#define CPUS    8
#define ROUNDS  60
#define OBJECTS 400 // of a thread, a round

static struct kmem_cache *cache;

struct snapshot {
	struct slab_counts total;
	struct slab_node_counts nodes[NODES];
	unsigned long remote[NODES * NODES];
};

static void take_snapshot(struct snapshot *snapshot)
{
	assert_int_equal(slab_nodes(), NODES);
	assert_int_equal(slab_counts(&snapshot->total), 0);
	for (unsigned node = 0; node < NODES; node++)
		assert_int_equal(slab_node_counts(node, &snapshot->nodes[node]), 0);
	assert_int_equal(slab_remote_frees(snapshot->remote, NODES), 0);
}

#define DIFFERENCE(after, before, figure) ((after).figure - (before).figure)

static int start_cache(void **state)
{
	(void)state;
	assert_int_equal(slab_set_cpu(0), 0);
	cache = kmem_cache_create("counted", 200, 0, SLAB_NOLEAKTRACE, NULL);
	return !cache;
}

static int end_cache(void **state)
{
	(void)state;
	assert_int_equal(slab_set_cpu(0), 0);
	kmem_cache_destroy(cache);
	return 0;
}

// ---- the matrix

struct worker {
	pthread_t thread;
	unsigned cpu;
	unsigned seed;
	unsigned long tally[NODES]; // objects freed here, by home
};

static void *table[CPUS][OBJECTS];
static pthread_barrier_t barrier;

static void allocate_row(struct worker *worker)
{
	for (unsigned i = 0; i < OBJECTS; i++) {
		int node = (int)((unsigned)rand_r(&worker->seed) % (2 * NODES)) - NODES;

		table[worker->cpu][i] = kmem_cache_alloc_node(cache, GFP_KERNEL, node);
	}
}

// By all three ways to free, so many at a time.
static void free_some(struct worker *worker, void **objects, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		worker->tally[address_to_node(objects[i])]++;
	if (count > 3)
		kmem_cache_free_bulk(cache, count, objects);
	else if (count > 2)
		for (unsigned i = 0; i < count; i++)
			kfree(objects[i]);
	else
		for (unsigned i = 0; i < count; i++)
			kmem_cache_free(cache, objects[i]);
}

static void free_row(struct worker *worker, void **row)
{
	for (unsigned done = 0, count; done < OBJECTS; done += count) {
		count = 1 + (unsigned)rand_r(&worker->seed) % 20;
		if (count > OBJECTS - done)
			count = OBJECTS - done;
		free_some(worker, row + done, count);
	}
}

// Each round a thread frees what another one allocated, or itself.
static void *work(void *argument)
{
	struct worker *worker = argument;

	assert_int_equal(slab_set_cpu(worker->cpu), 0);
	for (unsigned round = 0; round < ROUNDS; round++) {
		allocate_row(worker);
		pthread_barrier_wait(&barrier);
		free_row(worker, table[(worker->cpu + round) % CPUS]);
		pthread_barrier_wait(&barrier);
	}
	return NULL;
}

static void *disturb(void *argument)
{
	const bool *is_wanted = argument;

	while (__atomic_load_n(is_wanted, __ATOMIC_RELAXED)) {
		kmem_cache_shrink(cache);
		slab_reap();
		for (unsigned node = 0; node < NODES; node++) {
			struct slab_node_counts counts;

			assert_int_equal(slab_node_counts(node, &counts), 0);
		}
	}
	return NULL;
}

static void run_workers(struct worker workers[CPUS])
{
	bool is_wanted = true;
	pthread_t disturber;

	pthread_barrier_init(&barrier, NULL, CPUS);
	assert_int_equal(pthread_create(&disturber, NULL, disturb, &is_wanted), 0);
	for (unsigned i = 0; i < CPUS; i++) {
		workers[i] = (struct worker){.cpu = i, .seed = 100 + i};
		assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	}
	for (unsigned i = 0; i < CPUS; i++)
		pthread_join(workers[i].thread, NULL);
	__atomic_store_n(&is_wanted, false, __ATOMIC_RELAXED);
	pthread_join(disturber, NULL);
	pthread_barrier_destroy(&barrier);
}

static void the_matrix_is_what_the_threads_have_counted(void **state)
{
	unsigned long expected[NODES][NODES] = {{0}}, total = 0;
	struct worker workers[CPUS];
	struct snapshot before, after;

	(void)state;
	take_snapshot(&before);
	run_workers(workers);
	take_snapshot(&after);
	for (unsigned i = 0; i < CPUS; i++)
		for (unsigned home = 0; home < NODES; home++)
			expected[topology.cpu_node[workers[i].cpu]][home] += workers[i].tally[home];
	for (unsigned on = 0; on < NODES; on++)
		for (unsigned home = 0; home < NODES; home++) {
			unsigned long counted =
				DIFFERENCE(after, before, remote[on * NODES + home]);

			assert_int_equal(counted, on == home ? 0 : expected[on][home]);
			assert_true(on == home || counted > 0);
			total += counted;
		}
	assert_int_equal(DIFFERENCE(after, before, total.remote_frees), total);
}

// Each contended take is some node's, and the sums are sums.
static void totals_are_the_nodes_sums(void **state)
{
	struct slab_node_counts sum = {.refills = 0};
	struct snapshot now;

	(void)state;
	take_snapshot(&now);
	for (unsigned node = 0; node < NODES; node++) {
		sum.refills += now.nodes[node].refills;
		sum.flushes += now.nodes[node].flushes;
		sum.shared_hits += now.nodes[node].shared_hits;
		sum.alien_overflows += now.nodes[node].alien_overflows;
		sum.alien_drains += now.nodes[node].alien_drains;
		sum.fallbacks += now.nodes[node].fallbacks;
		sum.grown += now.nodes[node].grown;
		sum.reaped += now.nodes[node].reaped;
		sum.list_lock_takes += now.nodes[node].list_lock_takes;
		sum.list_lock_contended += now.nodes[node].list_lock_contended;
	}
	assert_int_equal(now.total.refills, sum.refills);
	assert_int_equal(now.total.flushes, sum.flushes);
	assert_int_equal(now.total.shared_hits, sum.shared_hits);
	assert_int_equal(now.total.alien_overflows, sum.alien_overflows);
	assert_int_equal(now.total.alien_drains, sum.alien_drains);
	assert_int_equal(now.total.fallbacks, sum.fallbacks);
	assert_int_equal(now.total.grown, sum.grown);
	assert_int_equal(now.total.reaped, sum.reaped);
	assert_int_equal(now.total.list_lock_takes, sum.list_lock_takes);
	assert_int_equal(now.total.contended_list, sum.list_lock_contended);
}

// ---- the others, one by one

static void a_first_object_is_a_refill_and_a_slab_and_two_takes(void **state)
{
	struct snapshot before, after;
	void *object;

	(void)state;
	take_snapshot(&before);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	take_snapshot(&after);
	assert_int_equal(DIFFERENCE(after, before, nodes[0].refills), 1);
	assert_int_equal(DIFFERENCE(after, before, nodes[0].grown), 1);
	assert_int_equal(DIFFERENCE(after, before, nodes[0].list_lock_takes), 2); // colour, lists
	assert_int_equal(DIFFERENCE(after, before, nodes[0].list_lock_contended), 0);
	assert_int_equal(DIFFERENCE(after, before, total.list_lock_takes), 2);
	kmem_cache_free(cache, object);
}

// Frees so many that the array is full and gives a batch to the shared array, from which the node's
// other CPU takes its first.
static void a_flush_fills_what_another_cpu_hits(void **state)
{
	unsigned count = cache->limit + 1;
	struct snapshot before, after;
	void *objects[256];

	(void)state;
	for (unsigned i = 0; i < count; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_shrink(cache); // the array is empty, so that it takes `limit` of them
	take_snapshot(&before);
	for (unsigned i = 0; i < count; i++)
		kmem_cache_free(cache, objects[i]);
	take_snapshot(&after);
	assert_int_equal(DIFFERENCE(after, before, nodes[0].flushes), 1);
	slab_set_cpu(1);
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	take_snapshot(&after);
	assert_int_equal(DIFFERENCE(after, before, nodes[0].refills), 1);
	assert_int_equal(DIFFERENCE(after, before, nodes[0].shared_hits),
		IS_ENABLED(CONFIG_SLAB_SHARED) ? 1 : 0);
}

// Twelve wait in the alien array; the thirteenth sends them home, and shrinking sends it.
static void an_alien_array_overflows_and_is_drained(void **state)
{
	bool has_aliens = cache->node[2]->alien != NULL;
	struct snapshot before, after;
	void *objects[13];

	(void)state;
	for (unsigned i = 0; i < 13; i++)
		objects[i] = kmem_cache_alloc_node(cache, GFP_KERNEL, 3);
	slab_set_cpu(4); // of node 2
	take_snapshot(&before);
	for (unsigned i = 0; i < 13; i++)
		kmem_cache_free(cache, objects[i]);
	take_snapshot(&after);
	assert_int_equal(DIFFERENCE(after, before, remote[2 * NODES + 3]), 13);
	assert_int_equal(DIFFERENCE(after, before, nodes[2].alien_overflows), has_aliens);
	assert_int_equal(DIFFERENCE(after, before, nodes[3].alien_drains), has_aliens);
	kmem_cache_shrink(cache);
	take_snapshot(&after);
	assert_int_equal(DIFFERENCE(after, before, nodes[3].alien_drains), 2 * has_aliens);
}

static bool only_other_nodes_grow(struct kmem_cache *of, unsigned node)
{
	return of != cache || node != 0;
}

static void an_object_of_the_next_node_is_a_fallback(void **state)
{
	struct snapshot before, after;
	unsigned home;
	void *object;

	(void)state;
	slab_observer.may_grow = only_other_nodes_grow;
	take_snapshot(&before);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	take_snapshot(&after);
	slab_observer.may_grow = NULL;
	home = address_to_node(object);
	assert_int_not_equal(home, 0);
	assert_int_equal(DIFFERENCE(after, before, nodes[home].fallbacks), 1);
	assert_int_equal(DIFFERENCE(after, before, total.fallbacks), 1);
	kmem_cache_free(cache, object);
}

static void reaped_slabs_are_counted_and_shrunk_ones_are_not(void **state)
{
	struct snapshot before, after;

	(void)state;
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	take_snapshot(&before);
	for (unsigned pass = 0; pass < 20; pass++)
		cache_reap_now(0, true);
	take_snapshot(&after);
	assert_true(DIFFERENCE(after, before, nodes[0].reaped) >= 1);
	before = after;
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	kmem_cache_shrink(cache);
	take_snapshot(&after);
	assert_int_equal(DIFFERENCE(after, before, nodes[0].reaped), 0);
}

static void a_cache_that_goes_leaves_its_counts(void **state)
{
	struct kmem_cache *other = kmem_cache_create("gone", 300, 0, SLAB_NOLEAKTRACE, NULL);
	struct snapshot before, after;

	(void)state;
	kmem_cache_free(other, kmem_cache_alloc(other, GFP_KERNEL));
	take_snapshot(&before);
	kmem_cache_destroy(other);
	take_snapshot(&after);
	assert_int_equal(DIFFERENCE(after, before, total.grown), 0);
	assert_true(DIFFERENCE(after, before, total.list_lock_takes) > 0);
}

// What slabinfo's columns say of one cache is what was counted meanwhile.
#if CONFIG_SLAB_STATS
static void counts_agree_with_the_statistics(void **state)
{
	struct cache_stats stats;
	struct snapshot before, after;
	struct worker workers[CPUS];

	(void)state;
	take_snapshot(&before);
	run_workers(workers);
	take_snapshot(&after);
	get_cache_stats(cache, &stats); // of a cache that is new
	assert_int_equal(DIFFERENCE(after, before, total.remote_frees), stats.node_frees);
	assert_int_equal(DIFFERENCE(after, before, total.alien_overflows), stats.node_overflow);
	assert_int_equal(DIFFERENCE(after, before, total.refills), stats.allocmiss);
	assert_int_equal(DIFFERENCE(after, before, total.flushes), stats.freemiss);
	assert_int_equal(DIFFERENCE(after, before, total.grown), stats.grown);
}
#else
static void counts_agree_with_the_statistics(void **state)
{
	(void)state;
	skip();
}
#endif

static void wrong_nodes_are_refused(void **state)
{
	struct slab_node_counts counts;
	unsigned long matrix[NODES * NODES];

	(void)state;
	assert_int_equal(slab_node_counts(NODES, &counts), -EINVAL);
	assert_int_equal(counts.list_lock_takes, 0);
	assert_int_equal(slab_remote_frees(matrix, NODES - 1), -EINVAL);
	assert_int_equal(slab_remote_frees(NULL, NODES), -EINVAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start_cache, end_cache)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_matrix_is_what_the_threads_have_counted),
		TEST(totals_are_the_nodes_sums),
		TEST(a_first_object_is_a_refill_and_a_slab_and_two_takes),
		TEST(a_flush_fills_what_another_cpu_hits),
		TEST(an_alien_array_overflows_and_is_drained),
		TEST(an_object_of_the_next_node_is_a_fallback),
		TEST(reaped_slabs_are_counted_and_shrunk_ones_are_not),
		TEST(a_cache_that_goes_leaves_its_counts),
		TEST(counts_agree_with_the_statistics),
		TEST(wrong_nodes_are_refused),
	};

	start_virtual("node:4 core:2 pu:1");
	return cmocka_run_group_tests_name("counts", tests, NULL, NULL);
}
