// SPDX-License-Identifier: GPL-2.0-or-later
// Alarms over many series and nights: that they are opened together, make incidents, and are the
// same whenever one asks; and how many false incidents a year sixty series of noise have, by
// simulation with a fixed seed, which is printed. Argument: --full simulates more years.
#include "alarms.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_rng.h>

#include "replay.h"
#include "results/made/series.h"

enum { SERIES = 60, YEAR = 365 };

static bool is_full; // set by main

static gsl_rng *seeded(unsigned long seed)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	assert_non_null(random);
	gsl_rng_set(random, seed);
	return random;
}

// Series of noise around 100, all of one file.
static struct history noise(size_t series, size_t nights, unsigned long seed)
{
	gsl_rng *random = seeded(seed);
	struct history history = {0};
	double values[YEAR];

	for (size_t i = 0; i < series; i++) {
		char name[32];
		struct history_series *added;

		(void)snprintf(name, sizeof(name), "series %zu", i);
		added = history_add(&history, name);
		assert_non_null(added);
		added->source = strdup("nights.csv");
		made_series(MADE_GAUSSIAN, values, nights, random);
		for (size_t k = 0; k < nights; k++)
			assert_true(history_append(added, 100 + values[k], NULL));
	}
	gsl_rng_free(random);
	return history;
}

static void add_step(struct history_series *series, size_t first, size_t end, double size)
{
	for (size_t i = first; i < end; i++)
		series->values[i] += size;
}

static void watch(struct history *history, double floor)
{
	struct history_watch_options options = {.floor_of_data = floor};

	assert_true(history_judge(history, NULL));
	assert_true(history_watch(history, &options, NULL));
	assert_true(history_incidents(history, NULL));
}

static void what_many_series_do_at_one_night_is_one_incident_the_largest_first(void **state)
{
	struct history history = noise(20, 150, 1);

	(void)state;
	for (size_t i = 0; i < 7; i++)
		add_step(&history.items[i], 100, 150, 4 + (double)i);
	add_step(&history.items[9], 50, 150, -5);
	watch(&history, 0);
	assert_int_equal(history.incidents_count, 2);
	assert_int_equal(history.incidents[0].night, 100);
	assert_int_equal(history.incidents[0].count, 7);
	for (size_t i = 0; i + 1 < 7; i++) {
		const struct history_member *one = &history.incidents[0].members[i];
		const struct history_member *two = one + 1;

		assert_true(alarm_size(&history.items[one->series],
				    &history.items[one->series].alarms[one->alarm]) >=
			    alarm_size(&history.items[two->series],
				    &history.items[two->series].alarms[two->alarm]));
	}
	assert_int_equal(history.incidents[1].members[0].series, 9);
	history_free(&history);
}

static void series_that_change_together_are_known_sooner(void **state)
{
	size_t nights_alone = 0;
	size_t nights_together = 0;

	(void)state;
	for (unsigned long seed = 0; seed < 4; seed++) {
		for (size_t changed = 1; changed <= 40; changed += 39) {
			struct history history = noise(40, 120, 10 + seed);

			for (size_t i = 0; i < changed; i++)
				add_step(&history.items[i], 80, 120, 2.5);
			watch(&history, 0);
			assert_true(history.items[0].alarms_count >= 1);
			*(changed == 1 ? &nights_alone : &nights_together) +=
				history.items[0].alarms[0].opened - 80;
			history_free(&history);
		}
	}
	assert_true(nights_together < nights_alone);
}

static void a_past_night_is_judged_the_same_later(void **state)
{
	enum { THEN = 110 };
	struct history now = noise(10, 200, 2);
	struct history then = noise(10, 200, 2);

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		add_step(&now.items[i], 100, 200, 4);
		add_step(&then.items[i], 100, 200, 4);
	}
	for (size_t i = 0; i < 10; i++)
		then.items[i].count = THEN;
	watch(&now, 0);
	watch(&then, 0);
	for (size_t i = 0; i < 10; i++) {
		assert_int_equal(then.items[i].alarms_count, i < 3 ? 1 : 0);
		if (i >= 3)
			continue;
		assert_int_equal(then.items[i].alarms[0].since, now.items[i].alarms[0].since);
		assert_int_equal(then.items[i].alarms[0].opened, now.items[i].alarms[0].opened);
	}
	history_free(&now);
	history_free(&then);
}

static void a_change_below_the_floor_is_none(void **state)
{
	struct history history = noise(2, 150, 3);

	(void)state;
	add_step(&history.items[0], 100, 150, 4);
	add_step(&history.items[1], 100, 150, 12);
	watch(&history, 0.08);
	assert_int_equal(history.items[0].alarms_count, 0);
	assert_int_equal(history.items[1].alarms_count, 1);
	history_free(&history);
}

static void the_moments_are_in_the_order_of_the_nights(void **state)
{
	struct history history = noise(5, 150, 4);
	struct alarm_moment *moments;
	size_t count;

	(void)state;
	add_step(&history.items[2], 60, 66, 8);
	add_step(&history.items[1], 100, 150, 8);
	watch(&history, 0);
	moments = alarm_moments(&history, &count);
	assert_int_equal(count, 3);
	assert_false(moments[0].is_end);
	assert_true(moments[1].is_end);
	assert_int_equal(moments[1].member.series, 2);
	assert_int_equal(moments[2].member.series, 1);
	assert_string_equal(alarm_kind(&history.items[2].alarms[0]), "incident");
	assert_string_equal(alarm_state(&history.items[2].alarms[0]), "gone");
	assert_string_equal(alarm_kind(&history.items[1].alarms[0]), "step");
	assert_string_equal(alarm_state(&history.items[1].alarms[0]), "open");
	free(moments);
	history_free(&history);
}

static void a_year_of_sixty_series_of_noise_has_few_incidents(void **state)
{
	int years = is_full ? 40 : 1;
	size_t incidents = 0;

	(void)state;
	for (int i = 0; i < years; i++) {
		struct history history = noise(SERIES, YEAR, 1000 + (unsigned long)i);
		struct history_watch_options options = {0};

		assert_true(history_watch(&history, &options, NULL));
		assert_true(history_incidents(&history, NULL));
		incidents += history.incidents_count;
		history_free(&history);
	}
	printf("false incidents a year of 60 series of Gaussian noise: %.2f\n",
		(double)incidents / years);
	assert_true((double)incidents / years <= 3);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_many_series_do_at_one_night_is_one_incident_the_largest_first),
		cmocka_unit_test(series_that_change_together_are_known_sooner),
		cmocka_unit_test(a_past_night_is_judged_the_same_later),
		cmocka_unit_test(a_change_below_the_floor_is_none),
		cmocka_unit_test(the_moments_are_in_the_order_of_the_nights),
		cmocka_unit_test(a_year_of_sixty_series_of_noise_has_few_incidents),
	};

	is_full = argc > 1 && strcmp(argv[1], "--full") == 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
