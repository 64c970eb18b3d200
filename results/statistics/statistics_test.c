// SPDX-License-Identifier: GPL-2.0-or-later
// The statistics against published examples and hand-worked values.
#include "statistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
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

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(the_geometric_mean_of_a_ratio_and_its_inverse_is_one),
		cmocka_unit_test(the_signed_rank_distribution_is_rs),
		cmocka_unit_test(the_interval_of_the_depression_data_is_the_published_one),
		cmocka_unit_test(five_pairs_cannot_reach_95_percent),
		cmocka_unit_test(a_single_pair_has_an_estimate_and_no_confidence),
		cmocka_unit_test(the_normal_interval_continues_the_exact_one),
		cmocka_unit_test(benjamini_and_hochbergs_example_reports_four),
		cmocka_unit_test(q_values_keep_the_order_of_their_p_values),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
