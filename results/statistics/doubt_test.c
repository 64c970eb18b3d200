// SPDX-License-Identifier: GPL-2.0-or-later
// Groups and drifts: clear cases, and the rates of false alarms and of hits in simulations with
// fixed seeds.
#include "doubt.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

enum { RUNS = 20000, VALUES_MAX = 100 };

static gsl_rng *seeded(unsigned long seed)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	assert_non_null(random);
	gsl_rng_set(random, seed);
	return random;
}

// ---- groups

static void two_clear_groups_are_found(void **state)
{
	double values[] = {5.0, 1.1, 1.0, 5.1, 1.2, 5.2, 0.9, 1.1, 4.9, 5.0};
	struct doubt_groups groups = doubt_groups_of(values, 10);

	(void)state;
	assert_true(groups.are_there);
	assert_int_equal(groups.below, 5);
	assert_true(fabs(groups.distance - 3.98) < 1e-9);
}

static void two_values_are_two_groups_and_one_is_none(void **state)
{
	double two[] = {1, 2, 1, 2, 1, 2, 1, 2};
	double one[] = {1, 1, 1, 1, 1, 1, 1, 1};

	(void)state;
	assert_true(doubt_groups_of(two, 8).are_there);
	assert_false(doubt_groups_of(one, 8).are_there);
}

static void wild_values_are_no_group(void **state)
{
	double one_wild[] = {1, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06, 1.07, 1.08, 9};
	double two_wild[] = {1, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06, 1.07, 9, 9.01};

	(void)state;
	assert_false(doubt_groups_of(one_wild, 10).are_there);
	assert_false(doubt_groups_of(two_wild, 10).are_there);
}

static void few_values_have_no_groups(void **state)
{
	double values[] = {1, 1, 1, 9, 9, 9, 9};

	(void)state;
	for (size_t count = 0; count <= 7; count++)
		assert_false(doubt_groups_of(values, count).are_there);
}

enum shape { UNIFORM, GAUSSIAN, EXPONENTIAL, STUDENT, TWO_GROUPS };

static double drawn(enum shape shape, gsl_rng *random)
{
	if (shape == UNIFORM)
		return gsl_rng_uniform(random);
	if (shape == EXPONENTIAL)
		return gsl_ran_exponential(random, 1);
	if (shape == STUDENT)
		return gsl_ran_tdist(random, 3);
	if (shape == TWO_GROUPS && gsl_rng_uniform(random) < 0.5)
		return 8 + gsl_ran_gaussian(random, 1);
	return gsl_ran_gaussian(random, 1);
}

static double share_with_groups(enum shape shape, size_t count, unsigned long seed)
{
	gsl_rng *random = seeded(seed);
	double values[VALUES_MAX];
	int found = 0;

	for (int run = 0; run < RUNS; run++) {
		for (size_t i = 0; i < count; i++)
			values[i] = drawn(shape, random);
		found += doubt_groups_of(values, count).are_there;
	}
	gsl_rng_free(random);
	return 100.0 * found / RUNS;
}

static void values_of_one_kind_are_rarely_parted(void **state)
{
	static const size_t COUNTS[] = {8, 10, 12, 20, 40, 100};

	(void)state;
	for (size_t i = 0; i < sizeof(COUNTS) / sizeof(COUNTS[0]); i++) {
		double uniform = share_with_groups(UNIFORM, COUNTS[i], 1);
		double gaussian = share_with_groups(GAUSSIAN, COUNTS[i], 2);
		double exponential = share_with_groups(EXPONENTIAL, COUNTS[i], 3);
		double student = share_with_groups(STUDENT, COUNTS[i], 4);

		print_message("two groups seen in %zu values: uniform %.2f %%, Gaussian %.2f %%, "
			      "exponential %.2f %%, Student t (3) %.2f %%\n",
			COUNTS[i], uniform, gaussian, exponential, student);
		assert_true(uniform <= 1.2);
		assert_true(gaussian <= 0.3);
		assert_true(exponential <= 2.5);
		assert_true(student <= 0.3);
	}
}

static void groups_eight_deviations_apart_are_seen_when_values_suffice(void **state)
{
	double of_ten = share_with_groups(TWO_GROUPS, 10, 5);
	double of_twenty = share_with_groups(TWO_GROUPS, 20, 6);

	(void)state;
	print_message("two groups 8 deviations apart: seen in 10 values %.0f %%, in 20 %.0f %%\n",
		of_ten, of_twenty);
	assert_true(of_ten >= 45);
	assert_true(of_twenty >= 93);
}

// ---- drift

static double room[VALUES_MAX * VALUES_MAX];

static void a_steady_rise_is_a_drift(void **state)
{
	double values[12];
	struct doubt_drift drift;

	(void)state;
	for (size_t i = 0; i < 12; i++)
		values[i] = 5 - 0.5 * (double)i;
	drift = doubt_drift_of(values, 12, room);
	assert_true(drift.p < 1e-4);
	assert_true(fabs(drift.size + 5.5) < 1e-12);
}

// Worked by hand from the definition.
static void ties_are_accounted_for(void **state)
{
	static const double VALUES[] = {10, 22, 21, 30, 22, 30, 40, 40, 41, 42};
	// S = 38 of 45 pairs; three ties of two: variance (10 * 9 * 25 - 3 * 2 * 1 * 9) / 18 = 122.
	struct doubt_drift drift = doubt_drift_of(VALUES, 10, room);

	(void)state;
	assert_true(fabs(drift.p - erfc(37 / sqrt(122) / sqrt(2))) < 1e-12);
}

static void equal_or_few_values_do_not_drift(void **state)
{
	static const double EQUAL[20] = {0};
	static const double FEW[] = {1, 2, 3, 4, 5, 6, 7};

	(void)state;
	assert_true(doubt_drift_of(EQUAL, 20, room).p == 1);
	for (size_t count = 0; count <= 7; count++)
		assert_true(doubt_drift_of(FEW, count, room).p == 1);
}

static void noise_rarely_drifts(void **state)
{
	static const size_t COUNTS[] = {8, 12, 30};
	gsl_rng *random = seeded(7);

	(void)state;
	for (size_t n = 0; n < sizeof(COUNTS) / sizeof(COUNTS[0]); n++) {
		double values[VALUES_MAX];
		int found = 0;

		for (int run = 0; run < RUNS; run++) {
			for (size_t i = 0; i < COUNTS[n]; i++)
				values[i] = gsl_ran_gaussian(random, 1);
			found += doubt_drift_of(values, COUNTS[n], room).p <= 0.01;
		}
		print_message("%zu values of noise drift (p at most 0.01) in %.2f %%\n", COUNTS[n],
			100.0 * found / RUNS);
		assert_true(found <= 0.0125 * RUNS);
		assert_true(found >= 0.002 * RUNS);
	}
	gsl_rng_free(random);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_clear_groups_are_found),
		cmocka_unit_test(two_values_are_two_groups_and_one_is_none),
		cmocka_unit_test(wild_values_are_no_group),
		cmocka_unit_test(few_values_have_no_groups),
		cmocka_unit_test(values_of_one_kind_are_rarely_parted),
		cmocka_unit_test(groups_eight_deviations_apart_are_seen_when_values_suffice),
		cmocka_unit_test(a_steady_rise_is_a_drift),
		cmocka_unit_test(ties_are_accounted_for),
		cmocka_unit_test(equal_or_few_values_do_not_drift),
		cmocka_unit_test(noise_rarely_drifts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
