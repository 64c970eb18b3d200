// SPDX-License-Identifier: GPL-2.0-or-later
// What selection does to an estimate, and that the correction undoes it.
#include "selection.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#define assert_near(value, expected, tolerance)                                                    \
	assert_true(fabs((value) - (expected)) <= (tolerance))

static void what_nothing_could_hide_stays(void **state)
{
	(void)state;
	assert_near(selected_estimate(0.1, 0.01, 0.05), 0.1, 1e-6);
	assert_near(selected_estimate(-0.1, 0.01, 0.05), -0.1, 1e-6);
}

static void what_hardly_passed_may_be_nothing(void **state)
{
	double bound = gsl_cdf_ugaussian_Qinv(0.025);

	(void)state;
	assert_near(selected_estimate(bound * 0.01, 0.01, 0.05), 0, 1e-4);
	assert_true(selected_estimate(2.4 * 0.01, 0.01, 0.05) < 0.02);
}

// A true effect of one standard error: those that are found overstate it more than twice, and half of
// the corrected ones lie above it.
static void half_of_those_shown_lie_beyond_the_truth(void **state)
{
	enum { TRIALS = 40000 };
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	double shown = 0;
	double found = 0;
	double beyond = 0;

	(void)state;
	gsl_rng_set(random, 3);
	for (int i = 0; i < TRIALS; i++) {
		double estimate = 1 + gsl_ran_gaussian(random, 1);

		if (fabs(estimate) < gsl_cdf_ugaussian_Qinv(0.025))
			continue;
		found++;
		shown += fabs(estimate);
		beyond += selected_estimate(estimate, 1, 0.05) > 1;
	}
	gsl_rng_free(random);
	assert_in_range(100 * shown / found, 220, 280);
	assert_in_range(100 * beyond / found, 47, 53);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(what_nothing_could_hide_stays),
		cmocka_unit_test(what_hardly_passed_may_be_nothing),
		cmocka_unit_test(half_of_those_shown_lie_beyond_the_truth),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
