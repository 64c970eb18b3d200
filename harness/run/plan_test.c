// SPDX-License-Identifier: GPL-2.0-or-later
// What every plan keeps to, whatever its seed.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plan.h"

enum {
	SIDES_COUNT = 3,
	WORKLOADS_COUNT = 4,
	ROUNDS = 6,
	PAIRS = SIDES_COUNT * WORKLOADS_COUNT,
	SEEDS = 50
};

static struct plan_shape shape_of(uint64_t seed)
{
	return (struct plan_shape){.sides_count = SIDES_COUNT,
		.workloads_count = WORKLOADS_COUNT,
		.rounds = ROUNDS,
		.seed = seed};
}

static struct plan plan_of(uint64_t seed)
{
	struct plan plan;
	struct plan_shape shape = shape_of(seed);

	assert_true(plan_make(&plan, &shape));
	return plan;
}

static size_t times_in_round(const struct plan *plan, int round, size_t side, size_t workload)
{
	size_t times = 0;

	for (size_t i = 0; i < plan->count; i++)
		times += plan->steps[i].round == round && plan->steps[i].side == side &&
			 plan->steps[i].workload == workload;
	return times;
}

static void every_pair_runs_once_in_every_round(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct plan plan = plan_of(seed);

		assert_int_equal(plan.count, PAIRS * ROUNDS);
		for (int round = 0; round < ROUNDS; round++)
			for (size_t i = 0; i < PAIRS; i++)
				assert_int_equal(times_in_round(&plan, round, i % SIDES_COUNT,
							 i / SIDES_COUNT),
					1);
		plan_free(&plan);
	}
}

static void rounds_and_positions_count_up(void **state)
{
	struct plan plan = plan_of(1);

	(void)state;
	for (size_t i = 0; i < plan.count; i++) {
		assert_int_equal(plan.steps[i].round, i / PAIRS);
		assert_int_equal(plan.steps[i].position, i % PAIRS);
	}
	plan_free(&plan);
}

static void compared_sides_run_one_after_the_other(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct plan plan = plan_of(seed);

		for (size_t i = 0; i < plan.count; i++)
			assert_int_equal(plan.steps[i].workload,
				plan.steps[i / SIDES_COUNT * SIDES_COUNT].workload);
		plan_free(&plan);
	}
}

static bool is_same(const struct plan *left, const struct plan *right)
{
	bool same = left->count == right->count;

	for (size_t i = 0; same && i < left->count; i++)
		same = left->steps[i].side == right->steps[i].side &&
		       left->steps[i].workload == right->steps[i].workload &&
		       left->steps[i].workload_seed == right->steps[i].workload_seed &&
		       left->steps[i].padding_bytes == right->steps[i].padding_bytes;
	return same;
}

static void a_seed_gives_its_plan_again(void **state)
{
	struct plan first = plan_of(42);
	struct plan again = plan_of(42);

	(void)state;
	assert_true(is_same(&first, &again));
	plan_free(&first);
	plan_free(&again);
}

static void another_seed_gives_another_plan(void **state)
{
	struct plan first = plan_of(42);
	struct plan other = plan_of(43);

	(void)state;
	assert_false(is_same(&first, &other));
	plan_free(&first);
	plan_free(&other);
}

// A store says only the seed: the plan must not change under it. Worked out once by this code, then
// fixed.
static void a_seed_means_the_same_plan_for_ever(void **state)
{
	struct plan plan = plan_of(1);
	static const struct {
		size_t workload, side;
	} first[] = {{2, 1}, {2, 2}, {2, 0}, {0, 1}};

	(void)state;
	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
		assert_int_equal(plan.steps[i].workload, first[i].workload);
		assert_int_equal(plan.steps[i].side, first[i].side);
	}
	plan_free(&plan);
}

static void every_side_is_first_about_as_often(void **state)
{
	size_t first[SIDES_COUNT] = {0};
	size_t blocks = 0;

	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct plan plan = plan_of(seed);

		for (size_t i = 0; i < plan.count; i += SIDES_COUNT, blocks++)
			first[plan.steps[i].side]++;
		plan_free(&plan);
	}
	// 1200 blocks, 400 each expected, standard deviation 16: six of them is one failure in
	// 10^8; seeds are fixed.
	for (size_t side = 0; side < SIDES_COUNT; side++)
		assert_in_range(
			first[side], blocks / SIDES_COUNT - 100, blocks / SIDES_COUNT + 100);
}

static void sides_of_a_block_serve_the_same_requests(void **state)
{
	struct plan plan = plan_of(7);

	(void)state;
	for (size_t i = 0; i < plan.count; i++) {
		const struct plan_step *block = &plan.steps[i / SIDES_COUNT * SIDES_COUNT];

		assert_true(plan.steps[i].workload_seed == block->workload_seed);
		assert_true(i == 0 || block == &plan.steps[0] ||
			    block->workload_seed != plan.steps[0].workload_seed);
		assert_true(plan.steps[i].padding_bytes <= PLAN_PADDING_BYTES_MAX);
	}
	assert_true(plan.steps[0].padding_bytes != plan.steps[1].padding_bytes);
	plan_free(&plan);
}

static void what_a_side_lacks_is_left_out(void **state)
{
	bool has[PAIRS];
	struct plan plan;
	struct plan_shape shape = shape_of(3);

	(void)state;
	for (size_t i = 0; i < PAIRS; i++)
		has[i] = i != 1 * SIDES_COUNT + 2; // workload 1 of side 2
	shape.has = has;
	assert_true(plan_make(&plan, &shape));
	assert_int_equal(plan.count, (PAIRS - 1) * ROUNDS);
	for (int round = 0; round < ROUNDS; round++) {
		assert_int_equal(times_in_round(&plan, round, 2, 1), 0);
		assert_int_equal(times_in_round(&plan, round, 2, 0), 1);
		assert_int_equal(times_in_round(&plan, round, 0, 1), 1);
	}
	plan_free(&plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair_runs_once_in_every_round),
		cmocka_unit_test(rounds_and_positions_count_up),
		cmocka_unit_test(compared_sides_run_one_after_the_other),
		cmocka_unit_test(a_seed_gives_its_plan_again),
		cmocka_unit_test(another_seed_gives_another_plan),
		cmocka_unit_test(a_seed_means_the_same_plan_for_ever),
		cmocka_unit_test(every_side_is_first_about_as_often),
		cmocka_unit_test(sides_of_a_block_serve_the_same_requests),
		cmocka_unit_test(what_a_side_lacks_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
