// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of the histogram against sorted values.
#include "histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct histogram histogram, other;

static void clear(void)
{
	histogram = (struct histogram){0};
	other = (struct histogram){0};
}

static void every_value_has_a_step_that_holds_it(void **state)
{
	uint64_t before = 0;

	(void)state;
	for (uint64_t value = 0; value < UINT64_C(1) << 40; value += 1 + value / 100) {
		clear();
		histogram_add(&histogram, value);
		histogram_add(&histogram, UINT64_C(1) << 41);
		uint64_t end = histogram_quantile(&histogram, 0.5);

		assert_true(end >= value && (double)end <= (double)value * (1 + 1.0 / 32));
		assert_true(end >= before);
		before = end;
	}
}

static void quantiles_are_those_of_the_sorted_values(void **state)
{
	static const double shares[] = {0.5, 0.9, 0.99, 0.999, 0.9999, 1};

	(void)state;
	clear();
	for (uint64_t value = 1; value <= 100000; value++)
		histogram_add(value % 2 ? &histogram : &other, value);
	histogram_merge(&histogram, &other);
	assert_int_equal(histogram.total, 100000);
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		double got = (double)histogram_quantile(&histogram, shares[i]);

		assert_true(got >= shares[i] * 100000 && got <= shares[i] * 100000 * 1.04);
	}
	assert_int_equal(histogram_quantile(&histogram, 1), 100000);
}

static void what_is_too_long_is_counted_all_the_same(void **state)
{
	(void)state;
	clear();
	assert_int_equal(histogram_quantile(&histogram, 0.5), 0);
	histogram_add(&histogram, UINT64_MAX);
	assert_int_equal(histogram.largest, UINT64_MAX);
	assert_int_equal(histogram_quantile(&histogram, 0.5), (UINT64_C(1) << 48) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value_has_a_step_that_holds_it),
		cmocka_unit_test(quantiles_are_those_of_the_sorted_values),
		cmocka_unit_test(what_is_too_long_is_counted_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
