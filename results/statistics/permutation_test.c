// SPDX-License-Identifier: GPL-2.0-or-later
// Counting ways: against Fisher's own example, every way visited one by one, and the binomial.
#include "permutation.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_rng.h>

#define assert_near(value, expected, tolerance)                                                    \
	assert_true(fabs((value) - (expected)) <= (tolerance))

// Fisher's own example (The Design of Experiments, section 21): Darwin's maize, in eighths of an
// inch. Of 32768 patterns 863 reach the total of 314 on either side of zero, and 1726 in all.
static void fishers_maize_gives_fishers_count(void **state)
{
	static const double MAIZE[] = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};

	(void)state;
	assert_near(sign_flip_tail(MAIZE, 15), 1726.0 / 32768, 1e-12);
}

static double sign_flip_by_hand(const double *differences, size_t count)
{
	size_t extreme = 0;
	double observed = 0;

	for (size_t i = 0; i < count; i++)
		observed += differences[i];
	for (size_t pattern = 0; pattern < (size_t)1 << count; pattern++) {
		double sum = 0;

		for (size_t i = 0; i < count; i++)
			sum += pattern >> i & 1 ? -differences[i] : differences[i];
		extreme += fabs(sum) >= fabs(observed) - 1e-9;
	}
	return (double)extreme / exp2((double)count);
}

static void the_exact_test_agrees_with_counting_every_pattern(void **state)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	(void)state;
	gsl_rng_set(random, 11);
	for (size_t count = 1; count <= 12; count++) {
		for (int trial = 0; trial < 20; trial++) {
			double differences[12];

			// Small whole numbers make ties and zeros likely.
			for (size_t i = 0; i < count; i++)
				differences[i] = (double)gsl_rng_uniform_int(random, 7) - 2;
			assert_near(sign_flip_tail(differences, count),
				sign_flip_by_hand(differences, count), 1e-12);
		}
	}
	gsl_rng_free(random);
}

static void equal_sides_give_no_evidence(void **state)
{
	(void)state;
	assert_near(sign_flip_tail((const double[]){0, 0, 0, 0, 0, 0, 0}, 7), 1, 0);
	assert_near(sign_flip_tail((const double[]){0.5, -0.5, 0.25, -0.25}, 4), 1, 0);
	assert_near(sign_flip_tail(NULL, 0), 1, 0);
}

static void the_smallest_p_is_reached_when_all_pairs_agree(void **state)
{
	double differences[SIGN_FLIP_COUNTED_MAX + 1];

	(void)state;
	for (size_t i = 0; i <= SIGN_FLIP_COUNTED_MAX; i++)
		differences[i] = 1 + 0.01 * (double)(i % 20);
	for (size_t count = 1; count <= SIGN_FLIP_COUNTED_MAX; count++)
		assert_near(
			sign_flip_tail(differences, count) / sign_flip_p_smallest(count), 1, 1e-12);
	assert_near(sign_flip_p_smallest(6), 0.03125, 0);
	assert_true(sign_flip_p_smallest(SIGN_FLIP_COUNTED_MAX + 1) > 0);
}

// For 24 pairs of size 1 the sum is binomial: P(|sum| >= 10) = 2 P(B(24, 1/2) >= 17) = 0.0639145.
static void counted_patterns_agree_with_the_binomial(void **state)
{
	double differences[24];

	(void)state;
	for (size_t i = 0; i < 24; i++)
		differences[i] = i < 17 ? 1 : -1;
	assert_near(sign_flip_tail(differences, 24), 0.0639145, 5e-7);
}

static void fill_shifted(double *values, size_t count, double shift)
{
	for (size_t i = 0; i < count; i++)
		values[i] = sin((double)i * 12.9898) + shift;
}

// Where one way to count ends and the next begins, a value more makes no leap.
static void each_way_to_count_continues_the_one_before(void **state)
{
	double values[SIGN_FLIP_COUNTED_MAX + 1];

	(void)state;
	fill_shifted(values, SIGN_FLIP_EXACT_MAX, 0.35);
	double exact = sign_flip_tail(values, SIGN_FLIP_EXACT_MAX);
	values[SIGN_FLIP_EXACT_MAX] = 1e-9; // worth nothing
	assert_near(sign_flip_tail(values, SIGN_FLIP_EXACT_MAX + 1), exact, 0.002);
	fill_shifted(values, SIGN_FLIP_COUNTED_MAX, 0.1);
	exact = sign_flip_tail(values, SIGN_FLIP_COUNTED_MAX);
	values[SIGN_FLIP_COUNTED_MAX] = 1e-9;
	assert_near(sign_flip_tail(values, SIGN_FLIP_COUNTED_MAX + 1), exact, 0.002);
}

// The share of all ways to choose base_count of the values whose difference of means is as extreme,
// visited one by one.
static double p_by_hand(const double *values, size_t base_count, size_t count)
{
	double observed = 0;
	double ways = 0;
	double below = 0;
	double above = 0;

	for (size_t i = 0; i < base_count; i++)
		observed += values[i];
	for (size_t chosen = 0; chosen < (size_t)1 << count; chosen++) {
		double sum = 0;

		if ((size_t)__builtin_popcountl(chosen) != base_count)
			continue;
		for (size_t i = 0; i < count; i++)
			sum += chosen >> i & 1 ? values[i] : 0;
		below += sum <= observed + 1e-9;
		above += sum >= observed - 1e-9;
		ways++;
	}
	return fmin(1, 2 * fmin(below, above) / ways);
}

static void the_permutation_test_agrees_with_counting_every_way(void **state)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	(void)state;
	gsl_rng_set(random, 12);
	for (int trial = 0; trial < 200; trial++) {
		size_t n = 1 + gsl_rng_uniform_int(random, 6);
		size_t m = 1 + gsl_rng_uniform_int(random, 6);
		double values[12] = {0};

		// Small whole numbers make ties likely.
		for (size_t i = 0; i < n + m; i++)
			values[i] = (double)gsl_rng_uniform_int(random, 6) + (i < n ? 0 : 2);
		assert_near(parting_tail(values, n, m), p_by_hand(values, n, n + m), 1e-12);
	}
	gsl_rng_free(random);
}

static void sides_that_lie_apart_give_the_smallest_share(void **state)
{
	static const size_t SIZES[][2] = {{5, 5}, {12, 12}, {2, 22}, {23, 1}};

	(void)state;
	for (size_t k = 0; k < sizeof(SIZES) / sizeof(SIZES[0]); k++) {
		double values[PARTING_MAX];

		for (size_t i = 0; i < SIZES[k][0] + SIZES[k][1]; i++)
			values[i] = (double)i + (i < SIZES[k][0] ? 0 : 1000);
		assert_near(parting_tail(values, SIZES[k][0], SIZES[k][1]) *
				    parting_ways(SIZES[k][0], SIZES[k][1]),
			2, 1e-9);
	}
	assert_near(parting_ways(12, 12), 2704156, 0);
	assert_true(isinf(parting_ways(40, 40)));
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(fishers_maize_gives_fishers_count),
		cmocka_unit_test(the_exact_test_agrees_with_counting_every_pattern),
		cmocka_unit_test(equal_sides_give_no_evidence),
		cmocka_unit_test(the_smallest_p_is_reached_when_all_pairs_agree),
		cmocka_unit_test(counted_patterns_agree_with_the_binomial),
		cmocka_unit_test(each_way_to_count_continues_the_one_before),
		cmocka_unit_test(the_permutation_test_agrees_with_counting_every_way),
		cmocka_unit_test(sides_that_lie_apart_give_the_smallest_share),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
