// SPDX-License-Identifier: GPL-2.0-or-later
// One side against another: the rank test against published values, and what every test promises:
// p and interval belong together, sides may change places, one disturbed process decides nothing.
#include "statistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "results/made/series.h"

#define assert_near(value, expected, tolerance)                                                    \
	assert_true(fabs((value) - (expected)) <= (tolerance))

enum { SIDE_MAX = 40 };

// Hollander and Wolfe (1973), p. 69: permeability constants, as in R's ?wilcox.test.
static const double TERM[] = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
static const double GESTATION[] = {1.15, 0.88, 0.90, 0.74, 1.21};

static struct shift shift_of(
	const double *base, size_t base_count, const double *other, size_t other_count)
{
	struct shift shift;

	assert_true(shift_between(base, base_count, other, other_count, 0.95, &shift));
	return shift;
}

// W = 35, one-sided p = 0.1272 (R prints four digits), difference in location 0.305.
static void the_permeability_data_give_the_published_values(void **state)
{
	struct shift shift = shift_of(GESTATION, 5, TERM, 10);

	(void)state;
	assert_near(shift.superiority * 50, 35, 1e-12);
	assert_near(mann_whitney_probability(15, 10, 5), 0.1272, 0.00005);
	assert_near(shift.interval.estimate, 0.305, 1e-12);
	assert_true(shift.interval.low < 0 && shift.interval.high > 0);
}

// Table of Mann and Whitney (1947): the greatest U with a two-sided p of at most 5 %, as every
// textbook prints it.
static void the_critical_values_are_the_tables(void **state)
{
	static const struct {
		size_t n, m;
		double u;
	} CASES[] = {{4, 4, 0}, {5, 5, 2}, {5, 8, 6}, {7, 7, 8}, {8, 8, 13}, {10, 10, 23},
		{12, 12, 37}, {10, 20, 55}, {20, 20, 127}};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		double u = CASES[i].u;

		assert_true(mann_whitney_probability(u, CASES[i].n, CASES[i].m) <= 0.025);
		assert_true(mann_whitney_probability(u + 1, CASES[i].n, CASES[i].m) > 0.025);
		assert_near(mann_whitney_probability(u, CASES[i].n, CASES[i].m),
			mann_whitney_probability(u, CASES[i].m, CASES[i].n), 1e-12);
	}
	assert_near(mann_whitney_probability(100, 10, 10), 1, 1e-12);
}

static void the_normal_tail_continues_the_exact_one(void **state)
{
	(void)state;
	// 28 against 28 is the last equal pair that is counted, 29 against 29 the first that is
	// not. Both at the u that lies 1.96 deviations below the average.
	for (size_t n = 28; n <= 29; n++) {
		double average = (double)(n * n) / 2;
		double deviation = sqrt(average * (double)(2 * n + 1) / 6);

		assert_near(mann_whitney_probability(round(average - 1.96 * deviation - 0.5), n, n),
			0.025, 0.0005);
	}
}

// The interval holds every shift that the test does not reject: just inside each limit p is above 5
// %, just outside not.
static void the_interval_inverts_the_test(void **state)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	static const size_t SIZES[][2] = {{5, 5}, {4, 7}, {7, 7}, {10, 10}, {9, 14}};

	(void)state;
	gsl_rng_set(random, 13);
	for (size_t k = 0; k < sizeof(SIZES) / sizeof(SIZES[0]); k++) {
		double base[SIDE_MAX];
		double other[SIDE_MAX];
		double moved[SIDE_MAX];
		struct shift shift;

		for (size_t i = 0; i < SIZES[k][0]; i++)
			base[i] = gsl_ran_gaussian(random, 1);
		for (size_t i = 0; i < SIZES[k][1]; i++)
			other[i] = 0.5 + gsl_ran_gaussian(random, 1);
		shift = shift_of(base, SIZES[k][0], other, SIZES[k][1]);
		assert_true(shift.interval.is_reached);
		for (int side = 0; side < 4; side++) {
			double limit = side < 2 ? shift.interval.low : shift.interval.high;
			bool is_inside = side == 1 || side == 2;
			double by = limit + (side % 2 ? 1e-3 : -1e-3);

			for (size_t i = 0; i < SIZES[k][1]; i++)
				moved[i] = other[i] - by;
			assert_int_equal(shift_of(base, SIZES[k][0], moved, SIZES[k][1]).p > 0.05,
				is_inside);
		}
	}
	gsl_rng_free(random);
}

static void the_sides_may_change_places(void **state)
{
	struct shift there = shift_of(GESTATION, 5, TERM, 10);
	struct shift back = shift_of(TERM, 10, GESTATION, 5);

	(void)state;
	assert_near(there.p, back.p, 1e-12);
	assert_near(there.interval.estimate, -back.interval.estimate, 1e-12);
	assert_near(there.interval.low, -back.interval.high, 1e-12);
	assert_near(there.superiority, 1 - back.superiority, 1e-12);
}

static void clear_separation_gives_the_smallest_p(void **state)
{
	double base[SIDE_MAX];
	double other[SIDE_MAX];

	(void)state;
	for (size_t i = 0; i < SIDE_MAX; i++) {
		base[i] = (double)i;
		other[i] = 1000 + (double)i;
	}
	for (size_t n = 1; n <= 20; n++) {
		struct shift shift = shift_of(base, n, other, n);

		assert_near(shift.p, shift_p_smallest(n, n), 1e-15);
		assert_near(shift.superiority, 1, 0);
	}
	assert_near(shift_p_smallest(5, 5), 2.0 / 252, 1e-15);
	assert_true(shift_p_smallest(40, 40) > 0 && shift_p_smallest(40, 40) < 1e-12);
}

static void equal_values_give_no_evidence(void **state)
{
	static const double SAME[SIDE_MAX];

	(void)state;
	for (size_t n = 2; n <= SIDE_MAX; n++) {
		struct shift shift = shift_of(SAME, n, SAME, n);

		assert_near(shift.p, 1, 1e-12);
		assert_near(shift.superiority, 0.5, 0);
		assert_near(shift.interval.estimate, 0, 0);
	}
}

static void a_lone_process_gets_no_interval(void **state)
{
	struct shift shift = shift_of((const double[]){1}, 1, (const double[]){3}, 1);

	(void)state;
	assert_near(shift.interval.estimate, 2, 0);
	assert_near(shift.p, 1, 0);
	assert_true(isnan(shift.interval.low) && isnan(shift.interval.high));
	assert_false(shift.interval.is_reached);
	shift = shift_of((const double[]){1}, 1, TERM, 10);
	assert_false(shift.interval.is_reached);
	shift = shift_of(NULL, 0, TERM, 10);
	assert_true(isnan(shift.interval.estimate));
	assert_near(shift.p, 1, 0);
}

static void three_processes_a_side_cannot_reach_95_percent(void **state)
{
	struct shift shift =
		shift_of((const double[]){1, 2, 3}, 3, (const double[]){11, 12, 13}, 3);

	(void)state;
	assert_false(shift.interval.is_reached);
	assert_near(shift.interval.confidence, 0.9, 1e-12);
	assert_near(shift.p, 0.1, 1e-12);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(the_permeability_data_give_the_published_values),
		cmocka_unit_test(the_critical_values_are_the_tables),
		cmocka_unit_test(the_normal_tail_continues_the_exact_one),
		cmocka_unit_test(the_interval_inverts_the_test),
		cmocka_unit_test(the_sides_may_change_places),
		cmocka_unit_test(clear_separation_gives_the_smallest_p),
		cmocka_unit_test(equal_values_give_no_evidence),
		cmocka_unit_test(a_lone_process_gets_no_interval),
		cmocka_unit_test(three_processes_a_side_cannot_reach_95_percent),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
