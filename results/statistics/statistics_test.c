// SPDX-License-Identifier: GPL-2.0-or-later
// The statistics against published examples, hand-worked values, exhaustive small cases, and their
// error rates in simulations with fixed seeds.
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

// Hollander and Wolfe (1973), p. 29: the depression data of R's ?wilcox.test, x - y.
static const double DEPRESSION[] = {
	0.952, -0.147, 1.022, 0.430, 0.620, 0.590, 0.490, -0.080, 0.010};

static void the_geometric_mean_of_a_ratio_and_its_inverse_is_one(void **state)
{
	(void)state;
	assert_near(exp(mean((const double[]){log(4), log(0.25)}, 2)), 1, 1e-12);
}

// Fisher's own example (The Design of Experiments, section 21): Darwin's maize, in eighths of an
// inch. Of 32768 patterns 863 reach the total of 314 on either side of zero, and 1726 in all.
static void fishers_maize_gives_fishers_count(void **state)
{
	static const double MAIZE[] = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};

	(void)state;
	assert_near(sign_flip_p(MAIZE, 15), 1726.0 / 32768, 1e-12);
}

static double sign_flip_p_by_hand(const double *differences, size_t count)
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
			assert_near(sign_flip_p(differences, count),
				sign_flip_p_by_hand(differences, count), 1e-12);
		}
	}
	gsl_rng_free(random);
}

static void equal_sides_give_no_evidence(void **state)
{
	(void)state;
	assert_near(sign_flip_p((const double[]){0, 0, 0, 0, 0, 0, 0}, 7), 1, 0);
	assert_near(sign_flip_p((const double[]){0.5, -0.5, 0.25, -0.25}, 4), 1, 0);
	assert_near(sign_flip_p(NULL, 0), 1, 0);
}

static void the_smallest_p_is_reached_when_all_pairs_agree(void **state)
{
	double differences[SIGN_FLIP_EXACT_MAX + 20];

	(void)state;
	for (size_t i = 0; i < SIGN_FLIP_EXACT_MAX + 20; i++)
		differences[i] = 1 + 0.01 * (double)i;
	for (size_t count = 1; count <= SIGN_FLIP_EXACT_MAX; count++)
		assert_near(sign_flip_p(differences, count), sign_flip_p_smallest(count), 1e-15);
	assert_near(sign_flip_p_smallest(6), 0.03125, 0);
	// With 40 pairs 99999 random patterns practically never all agree: the reported p is the
	// floor, not 0.
	assert_near(sign_flip_p(differences, 40), sign_flip_p_smallest(40), 0);
	assert_true(sign_flip_p_smallest(40) > 0);
}

// For 24 pairs of size 1 the sum is binomial: P(|sum| >= 10) = 2 P(B(24, 1/2) >= 17) = 0.0639145.
static void random_patterns_agree_with_the_binomial(void **state)
{
	double differences[24];

	(void)state;
	for (size_t i = 0; i < 24; i++)
		differences[i] = i < 17 ? 1 : -1;
	assert_near(sign_flip_p(differences, 24), 0.0639145, 4 * sqrt(0.0639 * 0.9361 / 99999));
	assert_near(sign_flip_p(differences, 24), sign_flip_p(differences, 24), 0);
}

// psignrank() of R: 5 of 2^4 patterns have V <= 3 for n = 4 (0, 1, 2, and 3 in two ways).
static void the_signed_rank_distribution_is_rs(void **state)
{
	(void)state;
	assert_near(signed_rank_probability(3, 4), 5.0 / 16, 1e-15);
	assert_near(signed_rank_probability(0, 9), 1.0 / 512, 1e-15);
	assert_near(signed_rank_probability(5, 9), 10.0 / 512,
		1e-15); // Hollander and Wolfe, table A.4: .0195
	assert_near(signed_rank_probability(10, 4), 1, 1e-15);
	assert_near(signed_rank_probability(1e9, 200), 1, 1e-9);
}

// wilcox.test(x, y, paired = TRUE, conf.int = TRUE) of the depression data. The 45 Walsh averages,
// cut by 5 at each end (P(V <= 5) = 10/512), leave 96.1 %, around the estimate 0.46.
static void the_interval_of_the_depression_data_is_the_published_one(void **state)
{
	struct interval interval;

	(void)state;
	assert_true(hodges_lehmann(DEPRESSION, 9, 0.95, &interval));
	assert_true(interval.is_reached);
	assert_near(interval.confidence, 1 - 20.0 / 512, 1e-12);
	assert_near(interval.estimate, 0.46, 1e-12);
	assert_near(interval.low, 0.01, 1e-12);
	assert_near(interval.high, 0.786, 1e-12);
}

static void five_pairs_cannot_reach_95_percent(void **state)
{
	static const double DIFFERENCES[] = {1, 2, 3, 4, 5, 6};
	struct interval interval;

	(void)state;
	assert_true(hodges_lehmann(DIFFERENCES, 5, 0.95, &interval));
	assert_false(interval.is_reached);
	assert_near(interval.confidence, 1 - 2.0 / 32, 1e-15);
	assert_near(interval.low, 1, 0);
	assert_near(interval.high, 5, 0);
	assert_true(hodges_lehmann(DIFFERENCES, 6, 0.95, &interval));
	assert_true(interval.is_reached);
	assert_near(interval.confidence, 1 - 2.0 / 64, 1e-15);
}

static void a_single_pair_has_an_estimate_and_no_confidence(void **state)
{
	struct interval interval;

	(void)state;
	assert_true(hodges_lehmann((const double[]){0.25}, 1, 0.95, &interval));
	assert_near(interval.estimate, 0.25, 0);
	assert_near(interval.confidence, 0, 1e-15);
	assert_false(interval.is_reached);
	assert_true(hodges_lehmann(NULL, 0, 0.95, &interval));
	assert_true(isnan(interval.estimate));
}

static void the_normal_interval_continues_the_exact_one(void **state)
{
	double differences[201];
	struct interval exact;
	struct interval normal;

	(void)state;
	for (size_t i = 0; i < 201; i++)
		differences[i] = sin((double)i * 12.9898) + 0.1;
	assert_true(hodges_lehmann(differences, 200, 0.95, &exact));
	assert_true(hodges_lehmann(differences, 201, 0.95, &normal));
	assert_near(exact.low, normal.low, 0.01);
	assert_near(exact.high, normal.high, 0.01);
	assert_near(normal.confidence, 0.95, 0.001);
}

// The fifteen p values of Benjamini and Hochberg (1995), section 3.2: at 5 % the first four are
// reported.
static void benjamini_and_hochbergs_example_reports_four(void **state)
{
	static const double P[] = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
		0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000};
	double q[15];

	(void)state;
	assert_true(benjamini_hochberg(P, 15, q));
	assert_near(q[0], 0.0015, 1e-12);
	assert_near(q[3], 0.0095 * 15 / 4, 1e-12);
	assert_near(
		q[5], 0.0298 * 15 / 7, 1e-12); // carried back from a larger p with a smaller bound
	for (size_t i = 0; i < 15; i++)
		assert_int_equal(q[i] <= 0.05, i < 4);
}

static void q_values_keep_the_order_of_their_p_values(void **state)
{
	static const double P[] = {0.04, 0.01, 0.03};
	double q[3];

	(void)state;
	assert_true(benjamini_hochberg(P, 3, q));
	assert_near(q[0], 0.04, 1e-15);
	assert_near(q[1], 0.03, 1e-15);
	assert_near(q[2], 0.04, 1e-15);
	assert_true(benjamini_hochberg(NULL, 0, NULL));
}

// One A/A comparison: a round shifts both sides, each process has luck of its own, and repetitions
// scatter around it.
static double aa_difference(gsl_rng *random)
{
	double side[2];

	for (int i = 0; i < 2; i++) {
		double luck = gsl_ran_gaussian(random, 0.02);
		double repetitions[5];

		for (int k = 0; k < 5; k++)
			repetitions[k] = exp(luck + gsl_ran_gaussian(random, 0.005));
		side[i] = made_figure(repetitions, 5);
	}
	return side[1] - side[0];
}

static void equal_sides_are_called_different_as_rarely_as_promised(void **state)
{
	enum { TRIALS = 4000 };
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	(void)state;
	gsl_rng_set(random, 20261122);
	for (size_t rounds = 8; rounds <= 12; rounds += 2) {
		int alarms = 0;
		int missed = 0;

		for (int trial = 0; trial < TRIALS; trial++) {
			struct interval interval;
			double differences[12];

			for (size_t i = 0; i < rounds; i++)
				differences[i] = aa_difference(random);
			alarms += sign_flip_p(differences, rounds) <= 0.05;
			assert_true(hodges_lehmann(differences, rounds, 0.95, &interval));
			missed += interval.low > 0 || interval.high < 0;
		}
		print_message("%zu rounds: %.2f %% false alarms, the interval misses in %.2f %%\n",
			rounds, 100.0 * alarms / TRIALS, 100.0 * missed / TRIALS);
		// Four standard deviations of a binomial with 5 %: 1.4 points. Exact tests may stay
		// a little below 5 %.
		assert_in_range(alarms, (uintmax_t)(0.036 * TRIALS), (uintmax_t)(0.064 * TRIALS));
		assert_in_range(missed, (uintmax_t)(0.025 * TRIALS), (uintmax_t)(0.064 * TRIALS));
	}
	gsl_rng_free(random);
}

// The interval must hold the true ratio, here 1.03, as often as it says.
static void intervals_of_pairs_cover_as_promised(void **state)
{
	enum { TRIALS = 20000, ROUNDS_MAX = 40 };
	static const size_t ROUNDS[] = {8, 10, 20, ROUNDS_MAX};
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	(void)state;
	gsl_rng_set(random, 20261123);
	for (size_t k = 0; k < sizeof(ROUNDS) / sizeof(ROUNDS[0]); k++) {
		int covered = 0;

		for (int trial = 0; trial < TRIALS; trial++) {
			struct interval interval;
			double differences[ROUNDS_MAX];

			for (size_t i = 0; i < ROUNDS[k]; i++)
				differences[i] = log(1.03) + aa_difference(random);
			assert_true(hodges_lehmann(differences, ROUNDS[k], 0.95, &interval));
			covered += interval.low <= log(1.03) && interval.high >= log(1.03);
		}
		print_message("%zu rounds: coverage of the ratio's interval %.2f %%\n", ROUNDS[k],
			100.0 * covered / TRIALS);
		// Exactly 96.1 %, 95.1 %, 95.2 % and 95.1 %; ranks of 8 rounds have coarse steps.
		assert_in_range(covered, (uintmax_t)(0.94 * TRIALS),
			(uintmax_t)((ROUNDS[k] < 10 ? 0.965 : 0.96) * TRIALS));
	}
	gsl_rng_free(random);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(intervals_of_pairs_cover_as_promised),
		cmocka_unit_test(the_geometric_mean_of_a_ratio_and_its_inverse_is_one),
		cmocka_unit_test(fishers_maize_gives_fishers_count),
		cmocka_unit_test(the_exact_test_agrees_with_counting_every_pattern),
		cmocka_unit_test(equal_sides_give_no_evidence),
		cmocka_unit_test(the_smallest_p_is_reached_when_all_pairs_agree),
		cmocka_unit_test(random_patterns_agree_with_the_binomial),
		cmocka_unit_test(the_signed_rank_distribution_is_rs),
		cmocka_unit_test(the_interval_of_the_depression_data_is_the_published_one),
		cmocka_unit_test(five_pairs_cannot_reach_95_percent),
		cmocka_unit_test(a_single_pair_has_an_estimate_and_no_confidence),
		cmocka_unit_test(the_normal_interval_continues_the_exact_one),
		cmocka_unit_test(benjamini_and_hochbergs_example_reports_four),
		cmocka_unit_test(q_values_keep_the_order_of_their_p_values),
		cmocka_unit_test(equal_sides_are_called_different_as_rarely_as_promised),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
