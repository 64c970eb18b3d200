// SPDX-License-Identifier: GPL-2.0-or-later
// Layouts as the unit: what their rounds become, and how often equal code passes for changed.
#include "layouts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "block.h"
#include "compare.h"
#include "results/statistics/statistics.h"

enum { LAYOUTS = 10, ROUNDS = 40, COMPARISONS = 400 };

static void rounds_of_a_layout_become_one_pair(void **state)
{
	double base[] = {1, 2, 3, 4, 5};
	double difference[] = {0.1, 0.2, 0.3, 0.4, 0.5};
	int64_t blocks[] = {block_of(3, 0), block_of(3, 1), block_of(3, 2), block_of(3, 4),
		block_of(3, 5)}; // round 3 has no pair
	size_t count = 5;

	(void)state;
	assert_true(layouts_condense(3, base, difference, blocks, &count));
	assert_int_equal(count, 3);
	assert_true(base[0] == 1 && base[1] == 3 && base[2] == 4); // {0}, {1, 4}, {2, 5}
	assert_true(fabs(difference[1] - 0.3) < 1e-12);
	assert_true(fabs(difference[2] - 0.4) < 1e-12);
	assert_int_equal(block_round(blocks[1]), 1);
	assert_int_equal(block_round(blocks[2]), 2);
}

static void one_layout_leaves_rounds_as_they_are(void **state)
{
	double base[] = {1, 2};
	double difference[] = {0.1, 0.2};
	int64_t blocks[] = {0, 1};
	size_t count = 2;

	(void)state;
	assert_true(layouts_condense(0, base, difference, blocks, &count));
	assert_true(layouts_condense(1, base, difference, blocks, &count));
	assert_int_equal(count, 2);
	assert_true(difference[1] == 0.2);
}

// Layouts of equal code differ by 3 %, rounds by 0.5 %. Returns how many comparisons see a change.
static int alarms_count(size_t layouts, gsl_rng *random)
{
	int alarms = 0;

	for (int i = 0; i < COMPARISONS; i++) {
		double luck[LAYOUTS];
		double base[ROUNDS] = {0};
		double difference[ROUNDS];
		int64_t blocks[ROUNDS];
		size_t count = ROUNDS;
		struct shift shift;

		for (size_t k = 0; k < LAYOUTS; k++)
			luck[k] = gsl_ran_gaussian(random, 0.03) - gsl_ran_gaussian(random, 0.03);
		for (int k = 0; k < ROUNDS; k++) {
			difference[k] = luck[k % LAYOUTS] + gsl_ran_gaussian(random, 0.005);
			blocks[k] = block_of(1, k);
		}
		assert_true(layouts_condense(layouts, base, difference, blocks, &count));
		assert_true(shift_of_pairs(difference, count, COMPARE_CONFIDENCE, &shift));
		alarms += shift.p <= 0.05;
	}
	return alarms;
}

static void equal_code_is_seldom_changed(void **state)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	int of_layouts;
	int of_rounds;

	(void)state;
	gsl_rng_set(random, 5);
	of_layouts = alarms_count(LAYOUTS, random);
	of_rounds = alarms_count(0, random);
	printf("of %d comparisons of equal code changed: layouts %d, rounds %d\n", COMPARISONS,
		of_layouts, of_rounds);
	assert_in_range(of_layouts, 0, 30); // 20 and two standard deviations
	assert_true(of_rounds > 100); // what it would be without
	gsl_rng_free(random);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rounds_of_a_layout_become_one_pair),
		cmocka_unit_test(one_layout_leaves_rounds_as_they_are),
		cmocka_unit_test(equal_code_is_seldom_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
