// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of the arithmetic of loops, against Google Benchmark's own rule worked out by hand.
#include "estimate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void expect(double smallest_s, double min_time_s, int count, double last_s, double seconds)
{
	struct estimate_loops loops = estimate_loops(smallest_s, min_time_s);

	assert_int_equal(loops.count, count);
	assert_true(fabs(loops.last_s - last_s) < 1e-9);
	assert_true(fabs(loops.seconds - seconds) < 1e-9);
}

static void loops_grow_by_tens_and_then_to_1_4_of_the_time(void **state)
{
	(void)state;
	// 10 us, 100 us, 1 ms, 10 ms: a tenth of the time at most, so once more by ten; that is enough.
	expect(1e-5, 0.1, 5, 0.1, 0.11111);
	// 20 us, 200 us, 2 ms, 20 ms: from there to 140 ms.
	expect(2e-5, 0.1, 5, 0.14, 0.02222 + 0.14);
	// 0.5 ms of 1 ms: to 1.4 ms.
	expect(5e-4, 1e-3, 2, 1.4e-3, 1.9e-3);
}

static void a_loop_that_lasts_long_enough_is_the_only_one(void **state)
{
	(void)state;
	expect(0.3, 0.1, 1, 0.3, 0.3);
	expect(0, 0.1, 1, 0, 0); // nobody knows
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loops_grow_by_tens_and_then_to_1_4_of_the_time),
		cmocka_unit_test(a_loop_that_lasts_long_enough_is_the_only_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
