// SPDX-License-Identifier: GPL-2.0-or-later
// Units that suit, ratios that keep their digits.
#include "figure.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_unit_suits_the_size(void **state)
{
	static const struct {
		double ns;
		const char *text;
	} CASES[] = {{5.7191, "5.719 ns"}, {0.25, "0.25 ns"}, {999.94, "999.9 ns"},
		{999.99, "1 us"}, {23100, "23.1 us"}, {1.5e6, "1.5 ms"}, {12e9, "12 s"},
		{5e12, "5000 s"}, {0, "0 ns"}, {NAN, "-"}};
	char text[FIGURE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		assert_string_equal(time_text(CASES[i].ns, text), CASES[i].text);
}

static void three_digits_of_a_ratio_count(void **state)
{
	static const struct {
		double ratio;
		const char *text;
	} CASES[] = {{1.3704, "1.370"}, {0.9996, "1.000"}, {0.1, "0.100"}, {0.0123, "0.0123"},
		{0.001234, "0.00123"}, {0.00001234, "1.23e-05"}, {25.0152, "25.015"},
		{12345.6, "12346"}, {1e9, "1e+09"}, {0, "0"}, {NAN, "-"}};
	char text[FIGURE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		assert_string_equal(ratio_text(CASES[i].ratio, text), CASES[i].text);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(the_unit_suits_the_size),
		cmocka_unit_test(three_digits_of_a_ratio_count),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
