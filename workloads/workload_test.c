// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of every workload against an allocator of the test's own, which counts, runs out of memory
// and breaks its promises on demand.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tried/fake_slab.h"
#include "tried/performance.h"

// Under a sanitizer so many threads on few CPUs wait for each other for minutes.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { THREADS_MANY = 16 };
#else
enum { THREADS_MANY = PERFORMANCE_THREADS_MAX };
#endif
#else
enum { THREADS_MANY = PERFORMANCE_THREADS_MAX };
#endif

// ---- tests

static void every_row_is_whole_and_its_defaults_are_right(void **state)
{
	(void)state;
	for (size_t i = 0; workload_table[i]; i++) {
		const struct workload *workload = workload_table[i];
		int64_t values[WORKLOAD_PARAMETERS_MAX] = {0};
		unsigned counts[WORKLOAD_ROLES_MAX] = {0};
		const char *why = NULL;

		assert_ptr_equal(workload_find(workload->name), workload);
		assert_true(workload->summary && workload->stresses && workload->published);
		assert_true(workload->setup && workload->run && workload->verify);
		workload_threads_initial(workload, counts);
		assert_true((workload->relations == RELATION_BIT(RELATION_ALONE)) ==
			    (workload_threads_count(workload, counts) == 1));
		for (size_t j = 0; j < workload_roles_count(workload); j++)
			assert_true(workload->roles[j].plural && counts[j] >= 1);
		assert_true(!workload->check_threads || workload->check_threads(counts, &why));
		for (size_t j = 0; j < workload_parameters_count(workload); j++) {
			const struct workload_parameter *parameter = &workload->parameters[j];

			assert_true(parameter->minimum <= parameter->initial);
			assert_true(parameter->initial <= parameter->maximum);
			values[j] = parameter->initial;
		}
		assert_true(!workload->check || workload->check(values, &why));
	}
}

// Every workload with as many threads, or with its default number (0), checked and unchecked.
static void expect_all_given_back(unsigned threads)
{
	for (size_t i = 0; workload_table[i]; i++) {
		const struct workload *workload = workload_table[i];

		for (int is_checked = 0; is_checked <= 1; is_checked++) {
			struct performance performance;
			char reason[256];

			fake_reset();
			performance_make_small(&performance, workload->name);
			if (threads > 0 && !workload_threads_split(workload, threads,
						   performance.counts, reason, sizeof(reason)))
				continue;
			performance.is_checked = is_checked;
			assert_true(perform(
				&performance, (threads > 4 ? 1 : 8) * workload_operations(workload,
									      performance.values,
									      performance.counts)));
			assert_true(fake.allocated > 0);
			assert_int_equal(fake.allocated, fake.freed);
			assert_int_equal(fake.caches, 0);
		}
	}
}

static void every_workload_gives_back_all_it_took(void **state)
{
	(void)state;
	expect_all_given_back(0);
}

static void so_does_each_with_any_number_of_threads(void **state)
{
	(void)state;
	expect_all_given_back(2);
	expect_all_given_back(4);
	expect_all_given_back(7);
	expect_all_given_back(THREADS_MANY);
}

static void one_operation_is_one_object(void **state)
{
	static const char *const names[] = {"pair", "pair-kfree", "batch", "bulk", "handover"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct performance performance;

		fake_reset();
		performance_make(&performance, names[i]);
		unsigned threads = workload_threads_count(performance.workload, performance.counts);
		assert_true(perform(&performance, 40 * 32));
		assert_int_equal(fake.allocated, 40 * 32 * threads);
	}
}

static int64_t operations_at_least(const struct performance *performance, int64_t operations)
{
	int64_t whole = workload_operations(
		performance->workload, performance->values, performance->counts);

	return (operations + whole - 1) / whole * whole;
}

static long allocations_of(const char *name, int64_t operations)
{
	struct performance performance;

	fake_reset();
	performance_make_small(&performance, name);
	assert_true(perform(&performance, operations_at_least(&performance, operations)));
	return fake.allocated;
}

// Of the threads of a benchmark, one finds no memory; the others may say that another has failed.
static bool one_says(const struct performance *performance, const char *text)
{
	unsigned threads = workload_threads_count(performance->workload, performance->counts);

	for (unsigned i = 0; i < threads; i++)
		if (strstr(performance->contexts[i].failure, text))
			return true;
	return false;
}

// A node that is full has no memory, and that is what this one is about.
static bool takes_no_for_an_answer(const struct workload *workload)
{
	return strcmp(workload->name, "node-full") == 0;
}

// The other thread of a hand-over must not be left waiting: this test would hang.
static void memory_that_runs_out_is_an_error_and_nothing_leaks(void **state)
{
	static const long limits[] = {0, 1, 39, 500};

	(void)state;
	for (size_t i = 0; workload_table[i]; i++) {
		for (size_t j = 0; j < sizeof(limits) / sizeof(limits[0]); j++) {
			struct performance performance;

			if (takes_no_for_an_answer(workload_table[i]) ||
				limits[j] >= allocations_of(workload_table[i]->name, 2000))
				continue;
			fake_reset();
			fake.limit = limits[j];
			performance_make_small(&performance, workload_table[i]->name);
			assert_false(
				perform(&performance, operations_at_least(&performance, 2000)));
			assert_true(one_says(&performance, "no memory left"));
			assert_false(performance.contexts[0].failed_check);
			assert_int_equal(fake.allocated, fake.freed);
			assert_int_equal(fake.caches, 0);
		}
	}
}

static void an_object_handed_out_twice_is_noticed(void **state)
{
	struct performance performance;

	(void)state;
	fake_reset();
	fake.hands_out_twice = true;
	performance_make(&performance, "batch");
	set_value(&performance, "batch", 2);
	set_value(&performance, "order", 1); // the first is read first, before it is really freed
	performance.is_checked = true;
	assert_false(perform(&performance, 2));
	assert_true(performance.contexts[0].failed_check);
	assert_non_null(strstr(performance.contexts[0].failure, "overwritten"));
	free(fake_memory_of(fake.allocation_log[0]));
}

static void a_misaligned_object_is_noticed(void **state)
{
	struct performance performance;

	(void)state;
	fake_reset();
	fake.shift = 4;
	performance_make(&performance, "pair");
	performance.is_checked = true;
	assert_false(perform(&performance, 1));
	assert_true(performance.contexts[0].failed_check);
	assert_non_null(strstr(performance.contexts[0].failure, "aligned"));
	free(fake_memory_of(fake.allocation_log[0]));
}

static void an_object_that_is_too_small_is_noticed(void **state)
{
	struct performance performance;

	(void)state;
	fake_reset();
	fake.lacking = 1;
	performance_make(&performance, "kmalloc-mixed");
	performance.is_checked = true;
	assert_false(perform(&performance, 1));
	assert_true(performance.contexts[0].failed_check);
	assert_non_null(strstr(performance.contexts[0].failure, "has only"));
	assert_int_equal(fake.allocated, fake.freed);
}

static void a_batch_is_freed_in_the_order_asked_for(void **state)
{
	enum { LIFO, FIFO, BATCH = 5 };

	(void)state;
	for (int order = LIFO; order <= FIFO; order++) {
		struct performance performance;

		fake_reset();
		performance_make(&performance, "batch");
		set_value(&performance, "batch", BATCH);
		set_value(&performance, "order", order);
		assert_true(perform(&performance, BATCH));
		for (int i = 0; i < BATCH; i++)
			assert_ptr_equal(fake.free_log[i],
				fake.allocation_log[order == LIFO ? BATCH - 1 - i : i]);
	}
}

static void mixed_sizes_stay_within_their_bounds_and_follow_the_seed(void **state)
{
	enum { MIN = 24, MAX = 1000, LIVE = 100 };
	struct performance performance;
	size_t first[FAKE_LOG_MAX];
	size_t small_count = 0;

	(void)state;
	for (int round = 0; round < 2; round++) {
		fake_reset();
		performance_make(&performance, "kmalloc-mixed");
		set_value(&performance, "min", MIN);
		set_value(&performance, "max", MAX);
		set_value(&performance, "live", LIVE);
		assert_true(perform(&performance, FAKE_LOG_MAX - LIVE));
		if (round == 0)
			memcpy(first, fake.size_log, sizeof(first));
	}
	assert_memory_equal(first, fake.size_log, sizeof(first));
	for (size_t i = 0; i < FAKE_LOG_MAX; i++) {
		assert_in_range(fake.size_log[i], MIN, MAX);
		small_count += fake.size_log[i] < 2 * MIN;
	}
	// An inverse square law has half of its weight below twice its lower bound, and a little
	// more because it is cut above: (1 - 24 / 48) / (1 - 24 / 1000) = 0.512.
	assert_in_range(small_count, FAKE_LOG_MAX * 45 / 100, FAKE_LOG_MAX * 58 / 100);
}

static void a_few_sizes_are_the_same_factor_apart_and_come_equally_often(void **state)
{
	enum { FEW = 4, LIVE = 100 };
	static const size_t expected[FEW] = {16, 64, 256, 1024};
	size_t counts[FEW] = {0};
	struct performance performance;

	(void)state;
	fake_reset();
	performance_make(&performance, "kmalloc-mixed");
	set_value(&performance, "sizes", FEW);
	set_value(&performance, "min", 16);
	set_value(&performance, "max", 1024);
	set_value(&performance, "live", LIVE);
	assert_true(perform(&performance, FAKE_LOG_MAX - LIVE));
	for (size_t i = 0; i < FAKE_LOG_MAX; i++) {
		size_t which = 0;

		while (which < FEW && fake.size_log[i] != expected[which])
			which++;
		assert_in_range(which, 0, FEW - 1);
		counts[which]++;
	}
	for (size_t which = 0; which < FEW; which++)
		assert_in_range(counts[which], FAKE_LOG_MAX * 20 / 100, FAKE_LOG_MAX * 30 / 100);
}

static void one_size_of_a_few_is_the_smallest(void **state)
{
	struct performance performance;

	(void)state;
	fake_reset();
	performance_make(&performance, "kmalloc-mixed");
	set_value(&performance, "sizes", 1);
	assert_true(perform(&performance, 100));
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(fake.size_log[i], 8);
}

static void values_that_contradict_each_other_are_refused(void **state)
{
	struct performance performance;
	const char *why = NULL;

	(void)state;
	performance_make(&performance, "kmalloc-mixed");
	set_value(&performance, "min", 5000);
	assert_false(performance.workload->check(performance.values, &why));
	assert_non_null(why);
	performance_make(&performance, "handover");
	set_value(&performance, "ring", 1000);
	assert_false(performance.workload->check(performance.values, &why));
}

static void check_never_cut(const char *name, const char *parameter)
{
	static const int64_t batches[] = {1, 40, 1000, 1024, 1025, 100000};
	struct performance performance;

	performance_make(&performance, name);
	for (size_t i = 0; i < sizeof(batches) / sizeof(batches[0]); i++) {
		set_value(&performance, parameter, batches[i]);
		int64_t operations = workload_operations(
			performance.workload, performance.values, performance.counts);
		assert_true(operations > 0);
		assert_int_equal(operations % batches[i], 0);
	}
}

static void a_batch_is_never_cut(void **state)
{
	(void)state;
	check_never_cut("batch", "batch");
	check_never_cut("bulk", "count");
}

// Its operations allocate nothing.
static void a_walk_begins_with_all_its_objects(void **state)
{
	enum { OBJECTS = 7 };
	struct performance performance;

	(void)state;
	fake_reset();
	performance_make(&performance, "colour");
	set_value(&performance, "objects", OBJECTS);
	assert_true(perform(&performance, 1000));
	assert_int_equal(fake.allocated, OBJECTS);
}

static void each_of_two_threads_does_all_its_pairs(void **state)
{
	struct performance performance;

	(void)state;
	fake_reset();
	performance_make(&performance, "pair-threads");
	assert_true(perform(&performance, 1000));
	assert_int_equal(fake.allocated, 2000);
}

// Three operations a thread, as the benchmark counts: 12 in all, which one producer makes and three
// consumers free.
static void an_operation_that_is_handed_on_is_one_object_whatever_the_roles(void **state)
{
	static const unsigned counts[][2] = {{1, 3}, {3, 1}, {2, 2}, {5, 7}};

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct performance performance;

		fake_reset();
		performance_make(&performance, "handover");
		memcpy(performance.counts, counts[i], sizeof(counts[i]));
		performance.is_checked = true;
		int64_t operations = workload_operations(
			performance.workload, performance.values, performance.counts);
		assert_true(perform(&performance, operations));
		assert_int_equal(fake.allocated, operations * (counts[i][0] + counts[i][1]));
		assert_int_equal(fake.freed, fake.allocated);
	}
	assert_int_equal(workload_share(workload_find("handover"), counts[0], 0, 3), 12);
	assert_int_equal(workload_share(workload_find("handover"), counts[0], 1, 3), 4);
}

static void expect_split(const char *name, unsigned threads, unsigned first, unsigned second)
{
	unsigned counts[WORKLOAD_ROLES_MAX] = {0};
	char reason[128];

	assert_true(workload_threads_split(
		workload_find(name), threads, counts, reason, sizeof(reason)));
	assert_int_equal(counts[0], first);
	assert_int_equal(counts[1], second);
}

static void threads_are_shared_out_in_the_proportions_of_the_defaults(void **state)
{
	unsigned counts[WORKLOAD_ROLES_MAX];
	unsigned index;
	char reason[128] = "";

	(void)state;
	expect_split("pair", 1, 1, 0);
	expect_split("pair", 256, 256, 0);
	expect_split("handover", 2, 1, 1);
	expect_split("handover", 3, 1, 2);
	expect_split("handover", 256, 128, 128);
	assert_false(workload_threads_split(
		workload_find("handover"), 1, counts, reason, sizeof(reason)));
	assert_non_null(strstr(reason, "needs 2 threads"));
	static const unsigned two_and_three[] = {2, 3};
	assert_int_equal(workload_role_of(workload_find("handover"), two_and_three, 1, &index), 0);
	assert_int_equal(index, 1);
	assert_int_equal(workload_role_of(workload_find("handover"), two_and_three, 4, &index), 1);
	assert_int_equal(index, 2);
}

static void a_role_takes_no_more_threads_than_it_may(void **state)
{
	static const struct workload limited = {
		.name = "limited",
		.roles = {{.name = "one", .plural = "ones", .threads = 1, .maximum = 1},
			{.name = "few", .plural = "few", .threads = 1, .maximum = 3}},
	};
	unsigned counts[WORKLOAD_ROLES_MAX];
	char reason[128] = "";

	(void)state;
	assert_true(workload_threads_split(&limited, 4, counts, reason, sizeof(reason)));
	assert_int_equal(counts[0], 1);
	assert_int_equal(counts[1], 3);
	assert_false(workload_threads_split(&limited, 5, counts, reason, sizeof(reason)));
	assert_non_null(strstr(reason, "no use for 5 threads"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_whole_and_its_defaults_are_right),
		cmocka_unit_test(every_workload_gives_back_all_it_took),
		cmocka_unit_test(so_does_each_with_any_number_of_threads),
		cmocka_unit_test(one_operation_is_one_object),
		cmocka_unit_test(memory_that_runs_out_is_an_error_and_nothing_leaks),
		cmocka_unit_test(an_object_handed_out_twice_is_noticed),
		cmocka_unit_test(a_misaligned_object_is_noticed),
		cmocka_unit_test(an_object_that_is_too_small_is_noticed),
		cmocka_unit_test(a_batch_is_freed_in_the_order_asked_for),
		cmocka_unit_test(mixed_sizes_stay_within_their_bounds_and_follow_the_seed),
		cmocka_unit_test(a_few_sizes_are_the_same_factor_apart_and_come_equally_often),
		cmocka_unit_test(one_size_of_a_few_is_the_smallest),
		cmocka_unit_test(values_that_contradict_each_other_are_refused),
		cmocka_unit_test(a_batch_is_never_cut),
		cmocka_unit_test(a_walk_begins_with_all_its_objects),
		cmocka_unit_test(each_of_two_threads_does_all_its_pairs),
		cmocka_unit_test(an_operation_that_is_handed_on_is_one_object_whatever_the_roles),
		cmocka_unit_test(threads_are_shared_out_in_the_proportions_of_the_defaults),
		cmocka_unit_test(a_role_takes_no_more_threads_than_it_may),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
