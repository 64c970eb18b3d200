// SPDX-License-Identifier: GPL-2.0-or-later
// Shares against R's binom.test().
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proportion.h"

static void the_interval_is_clopper_and_pearsons(void **state)
{
	// binom.test(k, n)$conf.int
	static const struct {
		size_t count, all;
		double low, high;
	} rows[] = {{0, 10, 0, 0.3084971}, {5, 10, 0.1870860, 0.8129140}, {10, 10, 0.6915029, 1},
		{3, 60, 0.0104323296, 0.1392432467}, {950, 1000, 0.934609512, 0.962664602}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct proportion found = proportion_of(rows[i].count, rows[i].all);

		assert_true(fabs(found.low - rows[i].low) < 1e-5);
		assert_true(fabs(found.high - rows[i].high) < 1e-5);
		assert_true(
			fabs(found.share - (double)rows[i].count / (double)rows[i].all) < 1e-12);
	}
}

static void nothing_counted_says_nothing(void **state)
{
	struct proportion found = proportion_of(0, 0);

	(void)state;
	assert_true(isnan(found.share));
	assert_true(found.low <= 0);
	assert_true(found.high >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_interval_is_clopper_and_pearsons),
		cmocka_unit_test(nothing_counted_says_nothing),
	};

	return cmocka_run_group_tests_name("proportion", tests, NULL, NULL);
}
