// SPDX-License-Identifier: GPL-2.0-or-later
// Change points in series whose changes are known: single cases, and the rates of false alarms and
// of hits in simulations with fixed seeds, which are printed. Argument: --full simulates many more
// series, of more lengths.
#include "change_point.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "results/made/series.h"
#include "split.h"

enum { VALUES_MAX = 10000, QUICK_SERIES = 2000, FULL_SERIES = 20000, STEP_AT = 90 };

static bool is_full; // set by main

static gsl_rng *seeded(unsigned long seed)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	assert_non_null(random);
	gsl_rng_set(random, seed);
	return random;
}

static struct change_points find(const double *values, size_t count)
{
	struct change_points found;

	assert_true(change_points_find(values, count, &found));
	return found;
}

static size_t distance(size_t a, size_t b)
{
	return a > b ? a - b : b - a;
}

static void add_step(double *values, size_t first, size_t end, double size)
{
	for (size_t i = first; i < end; i++)
		values[i] += size;
}

static void assert_found(const struct change_points *found, const size_t *indices, size_t count)
{
	assert_int_equal(found->count, count);
	for (size_t i = 0; i < count; i++) {
		if (distance(found->items[i].index, indices[i]) > 2)
			fail_msg("found %zu, expected %zu", found->items[i].index, indices[i]);
	}
}

// ---- single cases

static void few_or_equal_or_no_values_have_no_change(void **state)
{
	static const double EQUAL[50] = {0};
	static const double FIVE[] = {1, 1, 9, 9, 9};

	(void)state;
	for (size_t count = 0; count <= 50; count++) {
		struct change_points found = find(EQUAL, count);

		assert_int_equal(found.count, 0);
		assert_int_equal(found.values, count);
		change_points_free(&found);
	}
	for (size_t count = 0; count <= 5; count++) {
		struct change_points found = find(FIVE, count);

		assert_int_equal(found.count, 0);
		change_points_free(&found);
	}
}

static void a_step_without_noise_is_found_where_it_is(void **state)
{
	double values[100];

	(void)state;
	for (size_t at = 5; at <= 95; at++) {
		struct change_points found;

		for (size_t i = 0; i < 100; i++)
			values[i] = i < at ? 1000 : 1001;
		found = find(values, 100);
		assert_int_equal(found.count, 1);
		assert_int_equal(found.items[0].index, at);
		assert_true(found.items[0].shift.before == 1000);
		assert_true(found.items[0].shift.size == 1);
		assert_false(found.drift.is_there);
		change_points_free(&found);
	}
}

static void a_spike_is_no_change_wherever_it_is(void **state)
{
	gsl_rng *random = seeded(3);
	double values[120];
	double quiet[120];

	(void)state;
	made_series(MADE_GAUSSIAN, quiet, 120, random);
	gsl_rng_free(random);
	for (size_t i = 0; i < 119; i++) {
		struct change_points found;

		for (size_t k = 0; k < 120; k++)
			values[k] = quiet[k];
		values[i] = 1e6;
		found = find(values, 120);
		assert_int_equal(found.count, 0);
		assert_false(found.drift.is_there);
		change_points_free(&found);
	}
}

static void a_spike_in_equal_values_is_no_change(void **state)
{
	(void)state;
	for (size_t i = 0; i < 119; i++) {
		double values[120] = {0};
		struct change_points found;

		values[i] = 1;
		found = find(values, 120);
		assert_int_equal(found.count, 0);
		change_points_free(&found);
	}
}

// Whether the newest value is a spike nobody knows yet.
static void a_step_of_fifty_deviations_is_seen_at_once(void **state)
{
	gsl_rng *random = seeded(74);
	double values[60];
	int seen = 0;

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct change_points found;

		made_series(MADE_GAUSSIAN, values, 60, random);
		values[59] += 50;
		found = find(values, 60);
		seen += found.count > 0 && found.items[found.count - 1].index == 59 &&
			found.items[found.count - 1].shift.size > 40;
		change_points_free(&found);
	}
	gsl_rng_free(random);
	assert_true(seen >= 98);
}

static void a_counter_without_noise_is_judged_at_once(void **state)
{
	double values[25];

	(void)state;
	for (size_t count = 21; count <= 25; count++) {
		struct change_points found;

		for (size_t i = 0; i < 25; i++)
			values[i] = i < 20 ? 5000 : 5001;
		found = find(values, count);
		assert_int_equal(found.count, 1);
		assert_int_equal(found.items[0].index, 20);
		assert_true(found.items[0].shift.size == 1);
		assert_true(found.items[0].shift.size_low == 1);
		change_points_free(&found);
	}
}

static void a_counter_that_is_itself_again_had_an_incident(void **state)
{
	double values[40];
	struct change_points found;

	(void)state;
	for (size_t i = 0; i < 40; i++)
		values[i] = i == 20 || i == 21 ? 9 : 7;
	found = find(values, 40);
	assert_int_equal(found.count, 2);
	assert_int_equal(found.items[0].kind, CHANGE_INCIDENT);
	assert_int_equal(found.items[0].index, 20);
	assert_int_equal(found.items[1].kind, CHANGE_RETURN);
	assert_int_equal(found.items[1].index, 22);
	change_points_free(&found);
}

static void several_steps_are_found_each(void **state)
{
	static const size_t INDICES[] = {30, 60, 80, 140};
	gsl_rng *random = seeded(4);
	double values[200];
	struct change_points found;

	(void)state;
	made_series(MADE_GAUSSIAN, values, 200, random);
	add_step(values, 30, 200, 4);
	add_step(values, 60, 200, -6);
	add_step(values, 80, 200, 4);
	add_step(values, 140, 200, 4);
	found = find(values, 200);
	assert_found(&found, INDICES, 4);
	assert_true(found.items[0].shift.size > 0);
	assert_true(found.items[1].shift.size < 0);
	change_points_free(&found);
	gsl_rng_free(random);
}

static void a_stretch_that_ends_again_is_found(void **state)
{
	static const size_t INDICES[] = {60, 72};
	gsl_rng *random = seeded(5);
	double values[120];
	struct change_points found;

	(void)state;
	made_series(MADE_GAUSSIAN, values, 120, random);
	add_step(values, 60, 72, 4);
	found = find(values, 120);
	assert_found(&found, INDICES, 2);
	assert_int_equal(found.items[0].kind, CHANGE_INCIDENT);
	assert_int_equal(found.items[1].kind, CHANGE_RETURN);
	change_points_free(&found);
	gsl_rng_free(random);
}

static void many_steps_of_a_long_series_are_found_each(void **state)
{
	enum { LENGTH = 100 };
	static double values[VALUES_MAX];
	gsl_rng *random = seeded(11);
	struct change_points found;
	size_t next = 0;

	(void)state;
	made_series(MADE_GAUSSIAN, values, VALUES_MAX, random);
	for (size_t first = LENGTH; first < VALUES_MAX; first += (size_t)2 * LENGTH)
		add_step(values, first, first + LENGTH, 5);
	found = find(values, VALUES_MAX);
	for (size_t at = LENGTH; at < VALUES_MAX; at += LENGTH) {
		while (next < found.count && found.items[next].index + 2 < at)
			next++;
		assert_true(next < found.count && distance(found.items[next].index, at) <= 2);
	}
	// One segment in a hundred may be called changed.
	assert_true(found.count <= VALUES_MAX / LENGTH + 3);
	assert_false(found.drift.is_there);
	change_points_free(&found);
	gsl_rng_free(random);
}

// A large step must not pass for noise, or nothing after it is ever seen.
static void a_large_step_does_not_hide_a_small_one(void **state)
{
	static const size_t INDICES[] = {60, 105};
	gsl_rng *random = seeded(6);
	double values[120];
	struct change_points found;

	(void)state;
	made_series(MADE_GAUSSIAN, values, 120, random);
	add_step(values, 60, 120, 1000);
	add_step(values, 105, 120, -3);
	found = find(values, 120);
	assert_found(&found, INDICES, 2);
	change_points_free(&found);
	gsl_rng_free(random);
}

static void a_slow_drift_is_a_drift_and_no_steps(void **state)
{
	gsl_rng *random = seeded(7);
	double values[200];
	struct change_points found;

	(void)state;
	made_series(MADE_GAUSSIAN, values, 200, random);
	for (size_t i = 0; i < 200; i++)
		values[i] += 6.0 * (double)i / 199;
	found = find(values, 200);
	assert_int_equal(found.count, 0);
	assert_true(found.drift.is_there);
	assert_int_equal(found.drift.first, 0);
	assert_int_equal(found.drift.last, 199);
	assert_true(found.drift.shift.size_low <= 6 && found.drift.shift.size_high >= 6);
	change_points_free(&found);
	gsl_rng_free(random);
}

static void stairs_are_steps_and_no_drift(void **state)
{
	static const size_t INDICES[] = {30, 60, 90};
	gsl_rng *random = seeded(8);
	double values[120];
	struct change_points found;

	(void)state;
	made_series(MADE_GAUSSIAN, values, 120, random);
	for (size_t at = 30; at < 120; at += 30)
		add_step(values, at, 120, 4);
	found = find(values, 120);
	assert_false(found.drift.is_there);
	assert_found(&found, INDICES, 3);
	change_points_free(&found);
	gsl_rng_free(random);
}

static void missing_values_are_skipped_and_counted(void **state)
{
	double values[100];
	struct change_points found;

	(void)state;
	for (size_t i = 0; i < 100; i++)
		values[i] = i < 61 ? 5 : 7;
	for (size_t i = 0; i < 100; i += 3)
		values[i] = i % 2 ? NAN : INFINITY;
	values[61] = NAN;
	found = find(values, 100);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.items[0].index, 62);
	assert_int_equal(found.values, 65);
	change_points_free(&found);
}

static void the_magnitude_of_the_values_does_not_matter(void **state)
{
	static const double FACTORS[] = {1e-300, 1e-9, 1, 1e9, 1e306};
	gsl_rng *random = seeded(9);
	double values[100];
	double scaled[100];

	(void)state;
	made_series(MADE_GAUSSIAN, values, 100, random);
	add_step(values, 50, 100, 5);
	for (size_t k = 0; k < sizeof(FACTORS) / sizeof(FACTORS[0]); k++) {
		struct change_points found;

		for (size_t i = 0; i < 100; i++)
			scaled[i] = values[i] * FACTORS[k];
		found = find(scaled, 100);
		assert_int_equal(found.count, 1);
		assert_int_equal(found.items[0].index, 50);
		assert_true(fabs(found.items[0].shift.size / FACTORS[k] - 5) < 1);
		change_points_free(&found);
	}
	gsl_rng_free(random);
}

static void the_answer_does_not_depend_on_what_was_asked_before(void **state)
{
	gsl_rng *random = seeded(10);
	double values[300];
	double other[300];
	struct change_points first;

	(void)state;
	made_series(MADE_GAUSSIAN, values, 300, random);
	add_step(values, 200, 300, 2);
	first = find(values, 300);
	for (int i = 0; i < 20; i++) {
		struct change_points between;
		struct change_points again;

		made_series((enum made_noise)(i % MADE_NOISES), other, 300, random);
		between = find(other, 300);
		again = find(values, 300);
		assert_int_equal(again.count, first.count);
		for (size_t j = 0; j < first.count; j++) {
			assert_int_equal(again.items[j].kind, first.items[j].kind);
			assert_int_equal(again.items[j].index, first.items[j].index);
			assert_memory_equal(&again.items[j].shift, &first.items[j].shift,
				sizeof(first.items[j].shift));
		}
		change_points_free(&between);
		change_points_free(&again);
	}
	change_points_free(&first);
	gsl_rng_free(random);
}

// ---- the statistic

// Without values to cut off, it is the two-sample difference in deviations of the whole, at its
// largest.
static double largest_by_hand(const double *values, size_t count, size_t *at)
{
	double mean = 0;
	double variance = 0;
	double largest = 0;

	for (size_t i = 0; i < count; i++)
		mean += values[i] / (double)count;
	for (size_t i = 0; i < count; i++)
		variance += (values[i] - mean) * (values[i] - mean) / (double)count;
	for (size_t k = SPLIT_SEGMENT_MIN; k + SPLIT_SEGMENT_MIN <= count; k++) {
		double left = 0;
		double right = 0;
		double statistic;

		for (size_t i = 0; i < count; i++)
			*(i < k ? &left : &right) += values[i];
		statistic = fabs(left / (double)k - right / (double)(count - k)) /
			    sqrt(variance * (1 / (double)k + 1 / (double)(count - k)));
		if (statistic > largest) {
			largest = statistic;
			*at = k;
		}
	}
	return largest;
}

static void the_statistic_is_the_largest_standardised_difference(void **state)
{
	gsl_rng *random = seeded(12);
	struct split_work work;

	(void)state;
	assert_true(split_work_make(&work, 60));
	for (size_t count = 6; count <= 60; count++) {
		double values[60];
		struct split split;
		double expected;
		size_t at = 0;

		for (size_t i = 0; i < count; i++)
			values[i] = gsl_rng_uniform(random);
		expected = largest_by_hand(values, count, &at);
		split_measure(&work, values, count, &split);
		// A uniform series is shorter than three deviations, unless it is very short.
		if (count < 30)
			continue;
		assert_int_equal(split.at, at);
		assert_true(fabs(split.by_values - expected) < 1e-9);
	}
	split_work_free(&work);
	gsl_rng_free(random);
}

struct exceeded {
	double by_values, by_scores, stretch_by_values, stretch_by_scores; // shares
};

static struct exceeded exceeded_shares(size_t count, int runs, enum made_noise noise)
{
	gsl_rng *random = seeded(1000 + count);
	struct split_critical critical = split_critical(count);
	struct exceeded shares = {0};
	struct split_work work;
	double *values = calloc(count, sizeof(*values));

	assert_true(split_work_make(&work, count));
	for (int run = 0; run < runs; run++) {
		struct split split;

		made_series(noise, values, count, random);
		split_measure(&work, values, count, &split);
		shares.by_values += (split.by_values > critical.by_values) / (double)runs;
		shares.by_scores += (split.by_scores > critical.by_scores) / (double)runs;
		shares.stretch_by_values +=
			(split.stretch_by_values > critical.stretch_by_values) / (double)runs;
		shares.stretch_by_scores +=
			(split.stretch_by_scores > critical.stretch_by_scores) / (double)runs;
	}
	split_work_free(&work);
	gsl_rng_free(random);
	free(values);
	return shares;
}

// Within 3.5 standard errors: of six counts and four shares none is that far off by chance.
static void assert_share(double share, double nominal, int runs)
{
	assert_true(fabs(share - nominal) < 3.5 * sqrt(nominal * (1 - nominal) / runs));
}

static void the_critical_values_are_exceeded_as_often_as_they_say(void **state)
{
	static const size_t COUNTS[] = {30, 55, 120, 300};
	int runs = is_full ? 100000 : 10000;

	(void)state;
	for (size_t i = 0; i < sizeof(COUNTS) / sizeof(COUNTS[0]); i++) {
		struct exceeded shares = exceeded_shares(COUNTS[i], runs, MADE_GAUSSIAN);

		printf("%zu values: split %.3f %% by values, %.3f %% by scores; stretch %.3f %%, "
		       "%.3f %%\n",
			COUNTS[i], 100 * shares.by_values, 100 * shares.by_scores,
			100 * shares.stretch_by_values, 100 * shares.stretch_by_scores);
		assert_share(shares.by_values, SPLIT_SHARE_BY_VALUES, runs);
		assert_share(shares.by_scores, SPLIT_SHARE_BY_SCORES, runs);
		assert_share(shares.stretch_by_values, SPLIT_SHARE_STRETCH_BY_VALUES, runs);
		assert_share(shares.stretch_by_scores, SPLIT_SHARE_STRETCH_BY_SCORES, runs);
	}
}

static void the_scores_know_no_kind_of_independent_noise(void **state)
{
	static const enum made_noise NOISES[] = {
		MADE_LOG_NORMAL, MADE_SPIKY, MADE_BIMODAL, MADE_HEAVY};

	(void)state;
	for (size_t i = 0; i < sizeof(NOISES) / sizeof(NOISES[0]); i++)
		assert_share(exceeded_shares(120, 10000, NOISES[i]).by_scores,
			SPLIT_SHARE_BY_SCORES, 10000);
}

// ---- rates

// The share of noise series in which anything is found.
static double alarm_rate(enum made_noise noise, size_t count, int series)
{
	static double values[VALUES_MAX];
	gsl_rng *random = seeded(20 + count);
	int alarms = 0;

	for (int i = 0; i < series; i++) {
		struct change_points found;

		made_series(noise, values, count, random);
		found = find(values, count);
		alarms += found.count > 0 || found.drift.is_there;
		change_points_free(&found);
	}
	gsl_rng_free(random);
	return (double)alarms / series;
}

// What a rate may be when it was simulated: the aim, and what chance adds to so few series.
static double aim_and_chance(double aim, int series)
{
	return aim + (is_full ? 0 : 2.6 * sqrt(aim * (1 - aim) / series));
}

static void noise_is_seldom_called_a_change(void **state)
{
	static const size_t COUNTS[] = {15, 30, 60, 120, 365, 1000};

	(void)state;
	for (int noise = 0; noise < MADE_NOISES; noise++) {
		double aim = noise == MADE_GAUSSIAN ? 0.01 : 0.05;

		printf("noise called a change, %s:", made_noise_name((enum made_noise)noise));
		for (size_t i = 0; i < sizeof(COUNTS) / sizeof(COUNTS[0]); i++) {
			int series = is_full            ? FULL_SERIES / (COUNTS[i] > 200 ? 4 : 1)
				     : COUNTS[i] == 120 ? QUICK_SERIES
							: QUICK_SERIES / 4;
			double rate = alarm_rate((enum made_noise)noise, COUNTS[i], series);

			printf(" %zu values %.2f %%", COUNTS[i], 100 * rate);
			fflush(stdout);
			assert_true(rate <= aim_and_chance(aim, series));
		}
		printf("\n");
	}
}

// ---- drifts

typedef void maker(double *values, size_t count, double size);

static void make_line(double *values, size_t count, double slope)
{
	for (size_t i = 0; i < count; i++)
		values[i] += slope * (double)i;
}

static void make_stairs(double *values, size_t count, double steps)
{
	for (size_t i = 0; i < count; i++)
		values[i] += 5 * floor((double)i * (steps + 1) / (double)count);
}

static void make_parabola(double *values, size_t count, double size)
{
	for (size_t i = 0; i < count; i++) {
		double share = (double)i / (double)(count - 1);

		values[i] += size * share * share;
	}
}

static void make_saturation(double *values, size_t count, double size)
{
	for (size_t i = 0; i < count; i++)
		values[i] += size * (1 - exp(-4 * (double)i / (double)(count - 1)));
}

static void make_ramp_after_flat(double *values, size_t count, double size)
{
	size_t bend = count / 2;

	for (size_t i = bend; i < count; i++)
		values[i] += size * (double)(i - bend) / (double)(count - bend);
}

// The share of series in which a drift, or anything at all, is reported.
static double reported_share(
	maker *make, size_t count, double size, bool is_drift_wanted, int series)
{
	static double values[VALUES_MAX];
	gsl_rng *random = seeded(70 + count);
	int reported = 0;

	for (int i = 0; i < series; i++) {
		struct change_points found;

		made_series(MADE_GAUSSIAN, values, count, random);
		make(values, count, size);
		found = find(values, count);
		reported += found.drift.is_there || (!is_drift_wanted && found.count > 0);
		change_points_free(&found);
	}
	gsl_rng_free(random);
	return (double)reported / series;
}

static void a_line_is_reported_and_no_less_for_being_steeper(void **state)
{
	static const double SLOPES[] = {0.3, 0.5, 0.7, 1, 2, 5, 100};
	static const size_t COUNTS[] = {30, 60, 120, 365};
	int series = is_full ? 2000 : 200;

	(void)state;
	for (size_t i = 0; i < sizeof(COUNTS) / sizeof(COUNTS[0]); i++) {
		double before = 0;

		printf("lines of %zu values called a drift:", COUNTS[i]);
		for (size_t k = 0; k < sizeof(SLOPES) / sizeof(SLOPES[0]); k++) {
			double share =
				reported_share(make_line, COUNTS[i], SLOPES[k], true, series);

			printf(" %g a value %.1f %%", SLOPES[k], 100 * share);
			assert_true(share >= (COUNTS[i] == 30 ? 0.8 : 0.95));
			assert_true(share >= before - 0.01);
			before = share;
		}
		printf("\n");
	}
}

static void stairs_and_curves_are_reported(void **state)
{
	static const struct {
		const char *name;
		maker *make;
		size_t count;
		double size;
	} SHAPES[] = {
		{"two steps of 5", make_stairs, 30, 2},
		{"three steps of 5", make_stairs, 30, 3},
		{"four steps of 5", make_stairs, 30, 4},
		{"a parabola of 10", make_parabola, 60, 10},
		{"a saturation of 10", make_saturation, 60, 10},
		{"flat, then a ramp of 10", make_ramp_after_flat, 60, 10},
	};
	int series = is_full ? 5000 : 500;

	(void)state;
	for (size_t i = 0; i < sizeof(SHAPES) / sizeof(SHAPES[0]); i++) {
		double share = reported_share(
			SHAPES[i].make, SHAPES[i].count, SHAPES[i].size, false, series);

		printf("%s in %zu values: reported %.1f %%\n", SHAPES[i].name, SHAPES[i].count,
			100 * share);
		assert_true(share >= 0.9);
	}
}

// What a line leaves over of a curve is no change of the series; that it begins to move is.
static void a_ramp_after_a_flat_is_a_bend_and_its_levels_are_the_series_own(void **state)
{
	double values[200];
	gsl_rng *random = seeded(71);
	struct change_points found;

	(void)state;
	made_series(MADE_GAUSSIAN, values, 200, random);
	for (size_t i = 0; i < 200; i++)
		values[i] = 1000 + values[i];
	make_ramp_after_flat(values, 200, 500);
	found = find(values, 200);
	assert_true(found.drift.is_there);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.items[0].kind, CHANGE_BEND);
	assert_true(distance(found.items[0].index, 100) <= 3);
	assert_true(fabs(found.items[0].shift.before) < 0.05);
	assert_true(fabs(found.items[0].shift.after - 5) < 0.05);
	assert_true(fabs(found.drift.shift.before - 1000) < 3);
	assert_true(fabs(found.drift.shift.after - 1495) < 3);
	change_points_free(&found);
	gsl_rng_free(random);
}

static void a_line_seldom_has_bends(void **state)
{
	gsl_rng *random = seeded(75);
	double values[200];
	int series = is_full ? 1000 : 40;

	(void)state;
	for (int noise = 0; noise < MADE_NOISES; noise++) {
		int bent = 0;

		for (int i = 0; i < series; i++) {
			struct change_points found;

			made_series((enum made_noise)noise, values, 200, random);
			make_line(values, 200, 1);
			found = find(values, 200);
			for (size_t k = 0; k < found.count; k++)
				bent += k == 0 && found.items[k].kind == CHANGE_BEND;
			change_points_free(&found);
		}
		assert_true(bent <= (is_full ? 0.12 : 0.2) * series);
	}
	gsl_rng_free(random);
}

static void a_series_that_rises_and_falls_bends_where_it_turns(void **state)
{
	gsl_rng *random = seeded(76);
	double values[120];
	int bends = 0;

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct change_points found;

		made_series(i % 2 ? MADE_AUTOCORRELATED : MADE_GAUSSIAN, values, 120, random);
		for (size_t k = 0; k < 120; k++)
			values[k] += 0.5 * (k < 70 ? (double)k : 140 - (double)k);
		found = find(values, 120);
		bends += found.count == 1 && found.items[0].kind == CHANGE_BEND &&
			 distance(found.items[0].index, 70) <= 5;
		change_points_free(&found);
	}
	gsl_rng_free(random);
	assert_true(bends >= 90);
}

static void a_step_within_a_drift_has_the_series_own_levels(void **state)
{
	double values[120];
	gsl_rng *random = seeded(72);
	struct change_points found;

	(void)state;
	made_series(MADE_GAUSSIAN, values, 120, random);
	make_line(values, 120, 0.5);
	add_step(values, 0, 120, 1000);
	add_step(values, 60, 120, -40);
	found = find(values, 120);
	assert_true(found.drift.is_there);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.items[0].index, 60);
	assert_true(fabs(found.items[0].shift.before - 1030) < 3);
	assert_true(fabs(found.items[0].shift.after - 990) < 3);
	assert_true(found.items[0].shift.size_high < 0);
	change_points_free(&found);
	gsl_rng_free(random);
}

// No step is reported whose own interval holds none.
static void every_interval_says_that_there_is_a_step(void **state)
{
	double values[120];
	gsl_rng *random = seeded(73);

	(void)state;
	for (int i = 0; i < 500; i++) {
		struct change_points found;

		made_series((enum made_noise)(i % MADE_NOISES), values, 120, random);
		add_step(values, 100 + (size_t)i % 15, 120, 2);
		found = find(values, 120);
		for (size_t k = 0; k < found.count; k++)
			assert_true(found.items[k].shift.size_low > 0 ||
				    found.items[k].shift.size_high < 0);
		change_points_free(&found);
	}
	gsl_rng_free(random);
}

// How often a spell of three values of Gaussian noise is reported.
static double spell_share(size_t count, double size, int series)
{
	double values[120];
	gsl_rng *random = seeded(77);
	int reported = 0;

	for (int i = 0; i < series; i++) {
		struct change_points found;

		made_series(MADE_GAUSSIAN, values, count, random);
		add_step(values, count / 2, count / 2 + 3, size);
		found = find(values, count);
		reported += found.count >= 2;
		change_points_free(&found);
	}
	gsl_rng_free(random);
	return (double)reported / series;
}

static void a_strong_spell_of_three_values_is_reported(void **state)
{
	static const struct {
		size_t count;
		double size;
		double share;
	} AIMS[] = {{60, 6, 0.7}, {120, 6, 0.8}, {60, 8, 0.9}, {120, 8, 0.95}};
	int series = is_full ? 5000 : 200;

	(void)state;
	for (size_t i = 0; i < sizeof(AIMS) / sizeof(AIMS[0]); i++) {
		double share = spell_share(AIMS[i].count, AIMS[i].size, series);

		printf("three values of %zu, %g deviations off: reported %.1f %%\n", AIMS[i].count,
			AIMS[i].size, 100 * share);
		assert_true(share >= AIMS[i].share);
	}
}

static double spread_share(enum made_noise noise, size_t count, int series)
{
	double values[365];
	gsl_rng *random = seeded(78 + count);
	int reported = 0;

	for (int i = 0; i < series; i++) {
		struct change_points found;

		made_series(noise, values, count, random);
		found = find(values, count);
		reported += found.spread.is_there;
		change_points_free(&found);
	}
	gsl_rng_free(random);
	return (double)reported / series;
}

static void noise_that_grows_is_a_spread_and_no_step(void **state)
{
	int series = is_full ? 5000 : 100;
	double of_120 = spread_share(MADE_SPREADING, 120, series);
	double of_365 = spread_share(MADE_SPREADING, 365, series);

	(void)state;
	printf("three times the scatter in the last fifth, called a spread: 120 values %.1f %%, "
	       "365 "
	       "%.1f %%\n",
		100 * of_120, 100 * of_365);
	assert_true(of_120 >= 0.4);
	assert_true(of_365 >= 0.95);
	for (int noise = 0; noise < MADE_NOISES; noise++) {
		double share = spread_share((enum made_noise)noise, 120, series);

		if (noise != MADE_SPREADING && noise != MADE_VOLATILE)
			assert_true(share <= aim_and_chance(0.01, series));
	}
}

static void a_spread_has_the_deviations_of_both_sides(void **state)
{
	double values[200];
	gsl_rng *random = seeded(79);
	struct change_points found;

	(void)state;
	made_series(MADE_GAUSSIAN, values, 200, random);
	for (size_t i = 0; i < 200; i++)
		values[i] = 50 + values[i] * (i < 100 ? 1 : 4);
	found = find(values, 200);
	assert_int_equal(found.count, 0);
	assert_true(found.spread.is_there);
	assert_true(distance(found.spread.index, 100) <= 5);
	assert_true(fabs(found.spread.before - 1) < 0.3);
	assert_true(fabs(found.spread.after - 4) < 1.2);
	change_points_free(&found);
	gsl_rng_free(random);
}

struct hits {
	int found; // within two of the step's place
	int covered; // and the size's interval holds the size
};

static struct hits step_hits(size_t after, double size, int series)
{
	double values[STEP_AT + 100];
	gsl_rng *random = seeded(30 + after);
	struct hits hits = {0};

	for (int i = 0; i < series; i++) {
		struct change_points found;

		made_series(MADE_GAUSSIAN, values, STEP_AT + after, random);
		add_step(values, STEP_AT, STEP_AT + after, size);
		found = find(values, STEP_AT + after);
		for (size_t k = 0; k < found.count; k++) {
			const struct change_point *point = &found.items[k];

			if (distance(point->index, STEP_AT) > 2)
				continue;
			hits.found++;
			hits.covered +=
				point->shift.size_low <= size && point->shift.size_high >= size;
			break;
		}
		change_points_free(&found);
	}
	gsl_rng_free(random);
	return hits;
}

static void a_step_of_two_deviations_is_soon_found(void **state)
{
	static const struct {
		size_t after;
		double share;
	} AIMS[] = {{5, 0.65}, {10, 0.87}, {30, 0.92}};
	int series = is_full ? FULL_SERIES : 2 * QUICK_SERIES;

	(void)state;
	for (size_t i = 0; i < sizeof(AIMS) / sizeof(AIMS[0]); i++) {
		struct hits hits = step_hits(AIMS[i].after, 2, series);
		double covered = (double)hits.covered / hits.found;

		printf("%2zu values after the step: found %.2f %%, its size's interval holds in "
		       "%.2f %%\n",
			AIMS[i].after, 100.0 * hits.found / series, 100 * covered);
		assert_true((double)hits.found / series >= AIMS[i].share);
		assert_true(covered >= 0.9);
	}
}

// The share of drifting series called so, and of those called steps.
static void a_drift_is_told_from_steps(void **state)
{
	int series = is_full ? FULL_SERIES / 4 : QUICK_SERIES / 2;
	gsl_rng *random = seeded(40);
	double values[120];
	int drifts = 0;
	int steps = 0;

	(void)state;
	for (int i = 0; i < series; i++) {
		struct change_points found;

		made_series(MADE_GAUSSIAN, values, 120, random);
		for (size_t k = 0; k < 120; k++)
			values[k] += 4.0 * (double)k / 119;
		found = find(values, 120);
		drifts += found.drift.is_there;
		steps += found.count > 0;
		change_points_free(&found);
	}
	gsl_rng_free(random);
	printf("drift of 4 deviations over 120 values: called a drift %.1f %%, steps %.1f %%\n",
		100.0 * drifts / series, 100.0 * steps / series);
	assert_true(drifts >= 0.9 * series);
	assert_true(steps <= 0.1 * series);
}

// ---- several steps

// How often both steps are found, of `count` values of Gaussian noise: up by `size` at a third, at
// two thirds back or up again.
static double share_with_both_steps(size_t count, double size, bool goes_back, unsigned long seed)
{
	enum { SERIES = 500 };
	gsl_rng *random = seeded(seed);
	double values[120];
	int both = 0;

	for (int i = 0; i < SERIES; i++) {
		struct change_points found;

		made_series(MADE_GAUSSIAN, values, count, random);
		add_step(values, count / 3, goes_back ? 2 * count / 3 : count, size);
		add_step(values, 2 * count / 3, count, goes_back ? 0 : size);
		found = find(values, count);
		both += found.count >= 2;
		change_points_free(&found);
	}
	gsl_rng_free(random);
	return 100.0 * both / SERIES;
}

// Steps that are not taken away yet look like autocorrelation, the more so the larger they are.
static void large_steps_do_not_hide_each_other(void **state)
{
	static const double SIZES[] = {5, 10, 100, 10000};

	(void)state;
	for (size_t i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++) {
		double back_of_36 = share_with_both_steps(36, SIZES[i], true, 51);
		double back_of_120 = share_with_both_steps(120, SIZES[i], true, 52);
		double on_of_60 = share_with_both_steps(60, SIZES[i], false, 53);
		double on_of_120 = share_with_both_steps(120, SIZES[i], false, 54);

		print_message("steps of %g deviations, up and back: both found of 36 values %.1f "
			      "%%, of 120 %.1f %%; up and up: of 60 %.1f %%, of 120 %.1f %%\n",
			SIZES[i], back_of_36, back_of_120, on_of_60, on_of_120);
		assert_true(
			back_of_36 >= 70); // the price of few alarms in short autocorrelated series
		assert_true(back_of_120 >= 99);
		assert_true(on_of_60 >= 85); // the rest is called a drift
		assert_true(on_of_120 >= 99);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(large_steps_do_not_hide_each_other),
		cmocka_unit_test(few_or_equal_or_no_values_have_no_change),
		cmocka_unit_test(a_step_without_noise_is_found_where_it_is),
		cmocka_unit_test(a_spike_is_no_change_wherever_it_is),
		cmocka_unit_test(a_spike_in_equal_values_is_no_change),
		cmocka_unit_test(a_step_of_fifty_deviations_is_seen_at_once),
		cmocka_unit_test(a_counter_without_noise_is_judged_at_once),
		cmocka_unit_test(a_counter_that_is_itself_again_had_an_incident),
		cmocka_unit_test(several_steps_are_found_each),
		cmocka_unit_test(a_stretch_that_ends_again_is_found),
		cmocka_unit_test(many_steps_of_a_long_series_are_found_each),
		cmocka_unit_test(a_large_step_does_not_hide_a_small_one),
		cmocka_unit_test(a_slow_drift_is_a_drift_and_no_steps),
		cmocka_unit_test(stairs_are_steps_and_no_drift),
		cmocka_unit_test(missing_values_are_skipped_and_counted),
		cmocka_unit_test(the_magnitude_of_the_values_does_not_matter),
		cmocka_unit_test(the_answer_does_not_depend_on_what_was_asked_before),
		cmocka_unit_test(the_statistic_is_the_largest_standardised_difference),
		cmocka_unit_test(the_critical_values_are_exceeded_as_often_as_they_say),
		cmocka_unit_test(the_scores_know_no_kind_of_independent_noise),
		cmocka_unit_test(noise_is_seldom_called_a_change),
		cmocka_unit_test(a_line_is_reported_and_no_less_for_being_steeper),
		cmocka_unit_test(stairs_and_curves_are_reported),
		cmocka_unit_test(a_ramp_after_a_flat_is_a_bend_and_its_levels_are_the_series_own),
		cmocka_unit_test(a_line_seldom_has_bends),
		cmocka_unit_test(a_series_that_rises_and_falls_bends_where_it_turns),
		cmocka_unit_test(a_strong_spell_of_three_values_is_reported),
		cmocka_unit_test(a_step_within_a_drift_has_the_series_own_levels),
		cmocka_unit_test(every_interval_says_that_there_is_a_step),
		cmocka_unit_test(noise_that_grows_is_a_spread_and_no_step),
		cmocka_unit_test(a_spread_has_the_deviations_of_both_sides),
		cmocka_unit_test(a_step_of_two_deviations_is_soon_found),
		cmocka_unit_test(a_drift_is_told_from_steps),
	};

	is_full = argc > 1 && strcmp(argv[1], "--full") == 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
