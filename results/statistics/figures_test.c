// SPDX-License-Identifier: GPL-2.0-or-later
// That a process counts once, however many samples it has.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "figures.h"

static void assert_near(double value, double expected)
{
	assert_true(fabs(value - expected) < 1e-12);
}

static void a_process_is_the_mean_of_its_logs(void **state)
{
	double logs[1];
	struct figures figures = {.logs = logs};

	(void)state;
	figures_add(&figures, 7, exp(1));
	figures_add(&figures, 7, exp(2));
	figures_add(&figures, 7, exp(6));
	figures_end(&figures);
	assert_int_equal(figures.count, 1);
	assert_near(logs[0], 3);
}

static void processes_count_once_however_many_samples_they_have(void **state)
{
	struct figures figures = {0};

	(void)state;
	for (int i = 0; i < 9; i++)
		figures_add(&figures, 1, exp(1));
	figures_add(&figures, 2, exp(2));
	assert_near(figures_mean(&figures), 1.5);
	assert_int_equal(figures.count, 2);
}

static void figures_come_in_the_order_of_their_processes(void **state)
{
	double logs[3];
	struct figures figures = {.logs = logs};

	(void)state;
	figures_add(&figures, 5, exp(3));
	figures_add(&figures, 4, exp(1));
	figures_add(&figures, 6, exp(2));
	figures_end(&figures);
	assert_near(logs[0], 3);
	assert_near(logs[1], 1);
	assert_near(logs[2], 2);
}

static void the_mean_of_no_process_is_no_number(void **state)
{
	struct figures figures = {0};

	(void)state;
	assert_true(isnan(figures_mean(&figures)));
	assert_true(figures_begins(&figures, 0));
}

static void only_the_first_sample_of_a_process_begins_a_figure(void **state)
{
	struct figures figures = {0};

	(void)state;
	figures_add(&figures, 1, 10);
	assert_false(figures_begins(&figures, 1));
	assert_true(figures_begins(&figures, 2));
	figures_end(&figures);
	assert_true(figures_begins(&figures, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_is_the_mean_of_its_logs),
		cmocka_unit_test(processes_count_once_however_many_samples_they_have),
		cmocka_unit_test(figures_come_in_the_order_of_their_processes),
		cmocka_unit_test(the_mean_of_no_process_is_no_number),
		cmocka_unit_test(only_the_first_sample_of_a_process_begins_a_figure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
