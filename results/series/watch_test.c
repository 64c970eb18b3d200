// SPDX-License-Identifier: GPL-2.0-or-later
// Series that are watched night after night: single cases, and how often a year of noise raises an
// alarm and how soon a step does, in simulations with fixed seeds, which are printed. Argument:
// --full simulates many more series, of all kinds of noise.
#include "watch.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "results/made/series.h"

enum { YEAR = 365 };

static const double NIGHT = 0.05 / YEAR; // what a night may spend
static bool is_full; // set by main

static gsl_rng *seeded(unsigned long seed)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	assert_non_null(random);
	gsl_rng_set(random, seed);
	return random;
}

// Watches all values and believes whatever may be believed.
static void watch_all(struct watch *watch, const double *values, size_t count)
{
	assert_true(watch_make(watch, count));
	for (size_t i = 0; i < count; i++) {
		struct watch_evidence evidence = watch_add(watch, i, values[i]);

		if (evidence.chance <= NIGHT)
			assert_true(watch_believe(watch, &evidence));
	}
}

static void made_noise(double *values, size_t count, unsigned long seed)
{
	gsl_rng *random = seeded(seed);

	made_series(MADE_GAUSSIAN, values, count, random);
	gsl_rng_free(random);
}

static void add_step(double *values, size_t first, size_t end, double size)
{
	for (size_t i = first; i < end; i++)
		values[i] += size;
}

// ---- single cases

static void a_counter_that_was_the_same_for_twenty_nights_is_judged_at_once(void **state)
{
	double values[40];
	struct watch watch;

	(void)state;
	for (size_t i = 0; i < 40; i++)
		values[i] = i < 20 ? 1000 : 1001;
	watch_all(&watch, values, 21);
	assert_int_equal(watch.alarms_count, 1);
	assert_int_equal(watch.alarms[0].since, 20);
	assert_int_equal(watch.alarms[0].opened, 20);
	assert_true(watch.alarms[0].is_exact);
	watch_free(&watch);
	watch_all(&watch, values, 40);
	assert_int_equal(watch.alarms_count, 1);
	assert_false(watch.alarms[0].is_gone);
	watch_free(&watch);
}

static void a_counter_that_is_itself_again_has_a_past_alarm(void **state)
{
	double values[40];
	struct watch watch;

	(void)state;
	for (size_t i = 0; i < 40; i++)
		values[i] = i >= 20 && i < 24 ? 7 : 5;
	watch_all(&watch, values, 40);
	assert_int_equal(watch.alarms_count, 1);
	assert_true(watch.alarms[0].is_gone);
	assert_int_equal(watch.alarms[0].gone_since, 24);
	watch_free(&watch);
}

static void a_few_equal_values_are_no_exact_series(void **state)
{
	static const double VALUES[] = {1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 2};
	struct watch watch;

	(void)state;
	watch_all(&watch, VALUES, sizeof(VALUES) / sizeof(VALUES[0]));
	assert_int_equal(watch.alarms_count, 0);
	watch_free(&watch);
}

static void a_step_of_fifty_deviations_is_seen_at_once(void **state)
{
	double values[61];
	struct watch watch;

	(void)state;
	made_noise(values, 61, 1);
	values[60] += 50;
	watch_all(&watch, values, 61);
	assert_int_equal(watch.alarms_count, 1);
	assert_int_equal(watch.alarms[0].opened, 60);
	watch_free(&watch);
}

static void a_step_opens_one_alarm_that_stays(void **state)
{
	double values[300];
	struct watch watch;
	struct level_shift shift;
	double before;
	double after;

	(void)state;
	made_noise(values, 300, 2);
	add_step(values, 0, 300, 100);
	add_step(values, 100, 300, 4);
	watch_all(&watch, values, 300);
	assert_int_equal(watch.alarms_count, 1);
	assert_true(watch.alarms[0].since >= 98 && watch.alarms[0].since <= 102);
	assert_true(watch.alarms[0].opened <= 105);
	assert_false(watch.alarms[0].is_gone);
	shift = watch_shift(&watch, 0, &before, &after);
	assert_true(fabs(before - 100) < 0.5 && fabs(after - 104) < 0.5);
	assert_true(shift.low < 4 && shift.high > 4 && shift.low > 3);
	watch_free(&watch);
}

static void what_was_opened_is_never_taken_back(void **state)
{
	double values[300];
	struct watch_alarm then = {0};
	struct watch watch;

	(void)state;
	made_noise(values, 300, 3);
	add_step(values, 80, 300, 3);
	add_step(values, 200, 300, -7);
	for (size_t count = 90; count <= 300; count += 30) {
		watch_all(&watch, values, count);
		assert_true(watch.alarms_count >= 1);
		assert_true(count == 90 || (watch.alarms[0].since == then.since &&
						   watch.alarms[0].opened == then.opened));
		then = watch.alarms[0];
		watch_free(&watch);
	}
}

static void a_bad_spell_of_three_nights_comes_and_goes(void **state)
{
	double values[100];
	struct watch watch;

	(void)state;
	made_noise(values, 100, 4);
	add_step(values, 60, 63, 6);
	watch_all(&watch, values, 100);
	assert_int_equal(watch.alarms_count, 1);
	assert_int_equal(watch.alarms[0].since, 60);
	assert_int_equal(watch.alarms[0].opened, 62);
	assert_true(watch.alarms[0].is_gone);
	assert_int_equal(watch.alarms[0].gone_since, 63);
	assert_true(watch.alarms[0].gone_known <= 66);
	watch_free(&watch);
}

static void two_steps_up_and_down_to_the_first_level_are_both_gone(void **state)
{
	double values[300];
	struct watch watch;

	(void)state;
	made_noise(values, 300, 5);
	add_step(values, 80, 240, 8);
	add_step(values, 160, 240, 8);
	watch_all(&watch, values, 300);
	assert_int_equal(watch.alarms_count, 2);
	assert_true(watch.alarms[0].is_gone && watch.alarms[1].is_gone);
	assert_int_equal(watch.alarms[0].gone_since, 240);
	assert_int_equal(watch.alarms[1].gone_since, 240);
	watch_free(&watch);
}

static void a_drift_is_one_alarm_that_goes_on(void **state)
{
	double values[200];
	struct watch watch;

	(void)state;
	made_noise(values, 200, 6);
	for (size_t i = 60; i < 200; i++)
		values[i] += 0.4 * (double)(i - 60);
	watch_all(&watch, values, 200);
	assert_int_equal(watch.alarms_count, 1);
	assert_true(watch.alarms[0].moved > 150);
	assert_false(watch.alarms[0].is_gone);
	watch_free(&watch);
}

static void missing_values_say_nothing(void **state)
{
	double values[120];
	struct watch watch;

	(void)state;
	made_noise(values, 120, 7);
	add_step(values, 80, 120, 5);
	for (size_t i = 0; i < 120; i += 3)
		values[i] = NAN;
	watch_all(&watch, values, 120);
	assert_int_equal(watch.alarms_count, 1);
	assert_true(watch.alarms[0].since >= 80 && watch.alarms[0].since <= 82);
	watch_free(&watch);
}

// ---- rates

// A year of noise of which neighbours resemble each other by rho, or of a kind.
static void make_year(double *values, double rho, enum made_noise noise, gsl_rng *random)
{
	made_series(noise, values, YEAR, random);
	for (size_t i = 1; rho > 0 && i < YEAR; i++)
		values[i] = rho * values[i - 1] + sqrt(1 - rho * rho) * values[i];
}

static double year_rate(double rho, enum made_noise noise, int series)
{
	gsl_rng *random = seeded(100 + (unsigned long)noise + (unsigned long)(rho * 100));
	double values[YEAR];
	int alarms = 0;

	for (int i = 0; i < series; i++) {
		struct watch watch;

		make_year(values, rho, noise, random);
		watch_all(&watch, values, YEAR);
		alarms += watch.alarms_count > 0;
		watch_free(&watch);
	}
	gsl_rng_free(random);
	return (double)alarms / series;
}

// What chance adds to a rate that was simulated with few series.
static double aim_and_chance(int series)
{
	return 0.05 + (is_full ? 0 : 2.6 * sqrt(0.05 * 0.95 / series));
}

static void a_year_of_noise_seldom_raises_an_alarm(void **state)
{
	int series = is_full ? 4000 : 60;
	double gaussian = year_rate(0, MADE_GAUSSIAN, series);
	double autocorrelated = year_rate(0.3, MADE_GAUSSIAN, series);

	(void)state;
	printf("judged each night for a year, series with any alarm: Gaussian %.2f %%, AR(1) 0.3 "
	       "%.2f %%\n",
		100 * gaussian, 100 * autocorrelated);
	assert_true(gaussian <= aim_and_chance(series));
	assert_true(autocorrelated <= aim_and_chance(series));
	for (int noise = 0; is_full && noise < MADE_NOISES; noise++)
		printf("  %s: %.2f %%\n", made_noise_name((enum made_noise)noise),
			100 * year_rate(0, (enum made_noise)noise, series / 4));
}

// How many values after a step it was known; the quantile of so many series.
static size_t delay_quantile(double size, size_t at, double quantile, int series)
{
	enum { DELAY_MAX = 60 };
	gsl_rng *random = seeded(200 + at);
	double values[YEAR];
	int delays[DELAY_MAX + 1] = {0};
	int seen = 0;
	size_t delay = 0;

	for (int i = 0; i < series; i++) {
		struct watch watch;
		size_t after = DELAY_MAX;

		made_series(MADE_GAUSSIAN, values, at + DELAY_MAX, random);
		add_step(values, at, at + DELAY_MAX, size);
		watch_all(&watch, values, at + DELAY_MAX);
		for (size_t k = watch.alarms_count; k-- > 0;) {
			if (watch.alarms[k].opened >= at)
				after = watch.alarms[k].opened - at + 1;
		}
		delays[after < DELAY_MAX ? after : DELAY_MAX]++;
		watch_free(&watch);
	}
	gsl_rng_free(random);
	while (seen < quantile * series)
		seen += delays[delay++];
	return delay - 1;
}

static void a_step_of_three_deviations_is_soon_known(void **state)
{
	static const size_t PLACES[] = {60, 120, 300};
	int series = is_full ? 2000 : 80;

	(void)state;
	for (size_t i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
		size_t median = delay_quantile(3, PLACES[i], 0.5, series);
		size_t most = delay_quantile(3, PLACES[i], 0.9, series);

		printf("a step of 3 after %zu nights is known after %zu (median), %zu (90 %%)\n",
			PLACES[i], median, most);
		assert_true(median <= 4);
		assert_true(most <= 8);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_counter_that_was_the_same_for_twenty_nights_is_judged_at_once),
		cmocka_unit_test(a_counter_that_is_itself_again_has_a_past_alarm),
		cmocka_unit_test(a_few_equal_values_are_no_exact_series),
		cmocka_unit_test(a_step_of_fifty_deviations_is_seen_at_once),
		cmocka_unit_test(a_step_opens_one_alarm_that_stays),
		cmocka_unit_test(what_was_opened_is_never_taken_back),
		cmocka_unit_test(a_bad_spell_of_three_nights_comes_and_goes),
		cmocka_unit_test(two_steps_up_and_down_to_the_first_level_are_both_gone),
		cmocka_unit_test(a_drift_is_one_alarm_that_goes_on),
		cmocka_unit_test(missing_values_say_nothing),
		cmocka_unit_test(a_year_of_noise_seldom_raises_an_alarm),
		cmocka_unit_test(a_step_of_three_deviations_is_soon_known),
	};

	is_full = argc > 1 && strcmp(argv[1], "--full") == 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
