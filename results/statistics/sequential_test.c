// SPDX-License-Identifier: GPL-2.0-or-later
// Sequential looks against published boundaries, and what they promise, simulated with fixed seeds:
// no more false alarms than one look would give, hardly less power, and fewer rounds. --full
// simulates more.
#include "sequential.h"

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

#include "permutation.h"
#include "results/made/series.h"

#define assert_near(value, expected, tolerance)                                                    \
	assert_true(fabs((value) - (expected)) <= (tolerance))

enum { LOOKS_MAX = 10 };

static bool is_full;

static void spread_evenly(double *information, size_t looks)
{
	for (size_t k = 0; k < looks; k++)
		information[k] = (double)(k + 1) / (double)looks;
}

// ---- published values

// Bounds of the one-sided 0.025 O'Brien-Fleming type function on each side, as Lan and DeMets'
// program and its descendants print them (Reboussin, DeMets, Kim and Lan, Controlled Clinical
// Trials 2000; R's ldbounds, rpact).
static void lan_and_demets_bounds_are_the_published_ones(void **state)
{
	static const struct {
		size_t looks;
		double bounds[5];
	} PUBLISHED[] = {
		{2, {2.9626, 1.9686}},
		{3, {3.7103, 2.5114, 1.9930}},
		{4, {4.3326, 2.9631, 2.3590, 2.0141}},
		{5, {4.8769, 3.3569, 2.6803, 2.2898, 2.0310}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(PUBLISHED) / sizeof(PUBLISHED[0]); i++) {
		double information[5];
		double may_spend[5];
		double bounds[5];
		size_t looks = PUBLISHED[i].looks;

		spread_evenly(information, looks);
		for (size_t k = 0; k < looks; k++)
			may_spend[k] = 2 * spending_obrien_fleming(0.025, information[k]);
		assert_true(sequential_bounds(information, may_spend, looks, bounds));
		for (size_t k = 0; k < looks; k++)
			assert_near(bounds[k], PUBLISHED[i].bounds[k], 0.00051);
	}
}

// The Pocock type function, alpha ln(1 + (e - 1) t), in the same programs.
static void pocock_type_bounds_are_the_published_ones(void **state)
{
	static const double PUBLISHED[] = {2.4380, 2.4268, 2.4101, 2.3966, 2.3859};
	double information[5];
	double may_spend[5];
	double bounds[5];

	(void)state;
	spread_evenly(information, 5);
	for (size_t k = 0; k < 5; k++)
		may_spend[k] = 0.05 * log(1 + (exp(1) - 1) * information[k]);
	assert_true(sequential_bounds(information, may_spend, 5, bounds));
	for (size_t k = 0; k < 5; k++)
		assert_near(bounds[k], PUBLISHED[k], 0.00051);
}

// Jennison and Turnbull (2000), tables 2.1 and 2.3: the constants of Pocock's and of O'Brien and
// Fleming's tests at 5 % for 1 to 10 looks. A test with them spends 5 %.
static void classic_constants_spend_five_percent(void **state)
{
	static const double POCOCK[] = {
		1.960, 2.178, 2.289, 2.361, 2.413, 2.453, 2.485, 2.512, 2.535, 2.555};
	static const double OBRIEN_FLEMING[] = {
		1.960, 1.977, 2.004, 2.024, 2.040, 2.053, 2.063, 2.072, 2.080, 2.087};

	(void)state;
	for (size_t looks = 1; looks <= LOOKS_MAX; looks++) {
		double information[LOOKS_MAX];
		double flat[LOOKS_MAX];
		double falling[LOOKS_MAX];

		spread_evenly(information, looks);
		for (size_t k = 0; k < looks; k++) {
			flat[k] = POCOCK[looks - 1];
			falling[k] = OBRIEN_FLEMING[looks - 1] / sqrt(information[k]);
		}
		assert_near(sequential_crossing(information, flat, looks, 0), 0.05, 0.0002);
		assert_near(sequential_crossing(information, falling, looks, 0), 0.05, 0.0002);
	}
}

// Jennison and Turnbull (2000), table 2.4: O'Brien and Fleming's test of five looks needs 1.028
// times the rounds of a fixed one for a power of 80 %, and 1.026 times for 90 %.
static void the_power_is_the_published_one(void **state)
{
	double information[5];
	double bounds[5];

	(void)state;
	spread_evenly(information, 5);
	for (size_t k = 0; k < 5; k++)
		bounds[k] = 2.040 / sqrt(information[k]);
	// The drift of a fixed test with that power is the sum of the two quantiles.
	assert_near(sequential_crossing(information, bounds, 5, (1.960 + 0.842) * sqrt(1.028)), 0.8,
		0.002);
	assert_near(sequential_crossing(information, bounds, 5, (1.960 + 1.282) * sqrt(1.026)), 0.9,
		0.002);
}

static void the_spending_function_starts_at_nothing_and_ends_at_alpha(void **state)
{
	(void)state;
	assert_near(spending_obrien_fleming(0.05, 0), 0, 0);
	assert_near(spending_obrien_fleming(0.05, 1), 0.05, 0);
	assert_near(spending_obrien_fleming(0.05, 1.5), 0.05, 0);
	assert_near(spending_obrien_fleming(0.05, 0.5), 0.005575, 1e-6); // 2 - 2 Phi(2.77181)
	assert_near(spending_obrien_fleming(0.05, 0.25), 0.0000886, 1e-7); // 2 - 2 Phi(3.91993)
}

// ---- schedules

static void one_look_is_no_sequence(void **state)
{
	static struct sequential schedule;

	(void)state;
	assert_true(sequential_make(&schedule, 6, 10, 0.05));
	assert_int_equal(schedule.looks_count, 1);
	assert_int_equal(schedule.looks[0], 6);
	assert_near(sequential_level(&schedule, 0, 0.05), 0.05, 1e-9);
	assert_near(sequential_p(&schedule, 0, 0.03125), 0.03125, 1e-9);
	assert_near(sequential_p(&schedule, 0, 0.99), 1, 0);
}

static void looks_begin_where_the_exact_test_can_pass(void **state)
{
	static struct sequential schedule;

	(void)state;
	assert_true(sequential_make(&schedule, 40, 2, 0.05));
	assert_int_equal(schedule.looks[0], 13);
	assert_int_equal(schedule.looks[1], 15);
	assert_int_equal(schedule.looks[schedule.looks_count - 1], 40);
	assert_true(sign_flip_p_smallest(13) <= sequential_level(&schedule, 0, 0.05));
	assert_true(sign_flip_p_smallest(12) > spending_obrien_fleming(0.05, 12.0 / 40));
	for (size_t k = 1; k < schedule.looks_count; k++)
		assert_true(sequential_level(&schedule, k, 0.05) >
			    sequential_level(&schedule, k - 1, 0.05));
	assert_true(sequential_make(&schedule, 100000, 1, 0.05));
	assert_true(schedule.looks_count <= SEQUENTIAL_LOOKS_MAX);
	assert_int_equal(schedule.looks[schedule.looks_count - 1], 100000);
}

static void p_and_level_are_inverse(void **state)
{
	static const double ALPHAS[] = {1e-6, 0.0001, 0.003, 0.01, 0.05, 0.2, 0.6};
	static struct sequential schedule;

	(void)state;
	assert_true(sequential_make(&schedule, 30, 2, 0.05));
	for (size_t k = 0; k < schedule.looks_count; k++) {
		for (size_t i = 0; i < sizeof(ALPHAS) / sizeof(ALPHAS[0]); i++) {
			double level = sequential_level(&schedule, k, ALPHAS[i]);

			if (level > 1e-12)
				assert_near(sequential_p(&schedule, k, level), ALPHAS[i],
					1e-6 * ALPHAS[i]);
		}
	}
}

static void the_table_agrees_with_the_integration(void **state)
{
	static const double ALPHAS[] = {0.0001, 0.001, 0.01, 0.05, 0.1};
	static struct sequential schedule;
	double information[SEQUENTIAL_LOOKS_MAX];
	double may_spend[SEQUENTIAL_LOOKS_MAX];
	double bounds[SEQUENTIAL_LOOKS_MAX];

	(void)state;
	assert_true(sequential_make(&schedule, 40, 3, 0.05));
	for (size_t i = 0; i < sizeof(ALPHAS) / sizeof(ALPHAS[0]); i++) {
		for (size_t k = 0; k < schedule.looks_count; k++) {
			information[k] = (double)schedule.looks[k] / 40;
			may_spend[k] = spending_obrien_fleming(ALPHAS[i], information[k]);
		}
		assert_true(
			sequential_bounds(information, may_spend, schedule.looks_count, bounds));
		for (size_t k = 0; k < schedule.looks_count; k++)
			assert_near(sequential_level(&schedule, k, ALPHAS[i]),
				erfc(bounds[k] / sqrt(2)), 0.01 * erfc(bounds[k] / sqrt(2)));
	}
}

static void a_stopped_session_has_looked_where_it_stopped(void **state)
{
	static const size_t LOOKS[] = {11, 15, 20};
	static struct sequential schedule;

	(void)state;
	assert_true(sequential_restore(&schedule, 20, LOOKS, 3, 15));
	assert_int_equal(schedule.looks_count, 3);
	assert_int_equal(schedule.looks_held, 2);
	assert_true(sequential_restore(&schedule, 20, LOOKS, 3, 13));
	assert_int_equal(schedule.looks_count, 4);
	assert_int_equal(schedule.looks[1], 13);
	assert_int_equal(schedule.looks[3], 20);
	assert_int_equal(schedule.looks_held, 2);
	assert_true(sequential_restore(&schedule, 20, LOOKS, 3, 4));
	assert_int_equal(schedule.looks[0], 4);
	assert_int_equal(schedule.looks_held, 1);
	assert_true(sequential_restore(&schedule, 20, LOOKS, 3, 0));
	assert_int_equal(schedule.looks_held, 0);
}

// ---- rows

static void a_row_that_stopped_early_keeps_its_looks(void **state)
{
	static struct sequential schedule;
	double differences[20];
	int64_t rounds[20];
	struct shift early;
	struct shift late;

	(void)state;
	assert_true(sequential_make(&schedule, 20, 2, 0.05));
	for (int i = 0; i < 20; i++) {
		rounds[i] = i;
		differences[i] = 0.1 + 0.001 * i;
	}
	// All differences agree: p is the smallest there is, at each look, and what counts is the
	// first.
	assert_true(sequential_shift(&schedule, differences, rounds, 10, 0.95, &early));
	assert_near(early.p, sequential_p(&schedule, 0, 1.0 / 512), 1e-12);
	assert_true(early.p <= 0.05);
	assert_true(early.interval.is_reached);
	assert_true(early.interval.confidence >= 0.95);
	assert_true(early.interval.low > 0);
	assert_true(sequential_shift(&schedule, differences, rounds, 20, 0.95, &late));
	assert_true(late.p <= early.p);
}

static void a_look_that_saw_nothing_new_is_none(void **state)
{
	static struct sequential schedule;
	static const int64_t ROUNDS[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
	double differences[10];
	struct shift shift;
	double first;

	(void)state;
	assert_true(sequential_make(&schedule, 20, 1, 0.05));
	for (int i = 0; i < 10; i++)
		differences[i] = i == 0 ? -0.001 : 0.1;
	first = sequential_p(&schedule, 0, sign_flip_p(differences, 10));
	assert_true(sequential_shift(&schedule, differences, ROUNDS, 10, 0.95, &shift));
	// Later looks are less strict: had they been held on the same data, p would be smaller.
	assert_true(sequential_p(&schedule, schedule.looks_count - 1,
			    sign_flip_p(differences, 10)) < first);
	assert_near(shift.p, first, 0);
}

static void too_few_rounds_reach_no_confidence(void **state)
{
	static struct sequential schedule;
	static const int64_t ROUNDS[] = {0, 1, 2, 3, 4, 5};
	static const double DIFFERENCES[] = {1, 1.1, 1.2, 1.3, 1.4, 1.5};
	struct shift shift;

	(void)state;
	assert_true(sequential_restore(&schedule, 40, (const size_t[]){40}, 1, 6));
	assert_true(sequential_shift(&schedule, DIFFERENCES, ROUNDS, 6, 0.95, &shift));
	assert_false(shift.interval.is_reached);
	assert_true(shift.interval.confidence < 0.95);
	assert_true(shift.p > 0.05);
	assert_true(sequential_shift(&schedule, DIFFERENCES, ROUNDS, 0, 0.95, &shift));
	assert_near(shift.p, 1, 0);
}

static void hope_is_what_it_says(void **state)
{
	static struct sequential schedule;

	(void)state;
	assert_true(sequential_make(&schedule, 40, 2, 0.05));
	// Three standard deviations at round 15 end as changed; nothing to see and a margin as wide
	// ends as equivalent.
	assert_true(sequential_hope(&schedule, 0.06, 0.02, 15, 0.001, 0.05) > 0.99);
	assert_true(sequential_hope(&schedule, 0, 0.02, 25, 0.03, 0.05) > 0.99);
	// Nothing to see, and a margin far too narrow for so noisy a row.
	assert_true(sequential_hope(&schedule, 0.0001, 0.1, 31, 0.01, 0.05) < 0.05);
	assert_near(sequential_hope(&schedule, 0.01, 0.1, 40, 0.01, 0.05), 0, 0);
	assert_near(sequential_rounds_needed(0.02, 0.05, 0.001, 0.05), 25, 0); // (1.96 × 2.5)², up
	assert_true(isinf(sequential_rounds_needed(0, 0.05, 0, 0.05)));
}

// ---- simulations

enum ending { ENDING_CHANGED, ENDING_EQUIVALENT, ENDING_OPEN };

struct course {
	enum ending ending;
	size_t rounds;
	bool is_alarm; // p passed at a look
};

static enum ending judge(const struct shift *shift, double margin)
{
	if (shift->interval.confidence < 0.95)
		return ENDING_OPEN;
	if (shift->interval.low >= -log1p(margin) && shift->interval.high <= log1p(margin))
		return ENDING_EQUIVALENT;
	if (shift->p <= 0.05 && (shift->interval.low > 0 || shift->interval.high < 0))
		return ENDING_CHANGED;
	return ENDING_OPEN;
}

// Runs one comparison as `slabmark run --until=verdict` does: look, and stop at a verdict.
static struct course course_run(
	const struct sequential *schedule, const double *differences, double margin)
{
	struct course course = {ENDING_OPEN, 0, false};
	int64_t rounds[64];

	for (int i = 0; i < 64; i++)
		rounds[i] = i;
	for (size_t k = 0; k < schedule->looks_count && course.ending == ENDING_OPEN; k++) {
		struct shift shift;

		course.rounds = schedule->looks[k];
		assert_true(sequential_shift(
			schedule, differences, rounds, course.rounds, 0.95, &shift));
		course.ending = judge(&shift, margin);
		course.is_alarm = shift.p <= 0.05;
	}
	return course;
}

static struct course course_fixed(const double *differences, size_t rounds, double margin)
{
	struct shift shift;

	assert_true(shift_of_pairs(differences, rounds, 0.95, &shift));
	return (struct course){judge(&shift, margin), rounds, shift.p <= 0.05};
}

// The differences of rounds: each process has luck, and repetitions scatter around it (nested
// noise). In units of the standard deviation of a round's difference, SPREAD.
#define LUCK   0.0135
#define REPEAT 0.005
#define SPREAD 0.01934 // sqrt(2 (LUCK² + REPEAT² / 5))

static void differences_draw(gsl_rng *random, double effect, double *differences, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		double side[2];

		for (int s = 0; s < 2; s++) {
			double repetitions[5];
			double luck = gsl_ran_gaussian(random, LUCK);

			for (int r = 0; r < 5; r++)
				repetitions[r] = exp(luck + gsl_ran_gaussian(random, REPEAT));
			side[s] = made_figure(repetitions, 5);
		}
		differences[i] = side[1] - side[0] + effect;
	}
}

struct rates {
	double alarms; // shares
	double changed;
	double equivalent;
	double rounds; // mean
};

static void rates_add(struct rates *rates, const struct course *course, size_t trials)
{
	double part = 1 / (double)trials;

	rates->alarms += part * course->is_alarm;
	rates->changed += part * (course->ending == ENDING_CHANGED);
	rates->equivalent += part * (course->ending == ENDING_EQUIVALENT);
	rates->rounds += part * (double)course->rounds;
}

// Both ways on the same differences.
static void simulate(const struct sequential *schedule, double effect, double margin, size_t trials,
	struct rates *sequential, struct rates *fixed)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	*sequential = (struct rates){0};
	*fixed = (struct rates){0};
	gsl_rng_set(random, 20261122);
	for (size_t i = 0; i < trials; i++) {
		double differences[64];
		struct course course;

		differences_draw(random, effect, differences, schedule->rounds_max);
		course = course_run(schedule, differences, margin);
		rates_add(sequential, &course, trials);
		course = course_fixed(differences, schedule->rounds_max, margin);
		rates_add(fixed, &course, trials);
	}
	gsl_rng_free(random);
}

// Without a margin no row can be equivalent, so that every look is held: the worst case for alpha.
static void looking_often_keeps_alpha(void **state)
{
	static const size_t ROUNDS[] = {10, 20, 16};
	static struct sequential schedule;
	size_t trials = is_full ? 20000 : 600;
	double slack = is_full ? 0.01 : 0.035; // what so many trials can know

	(void)state;
	for (size_t i = 0; i < (is_full ? 3 : 2); i++) {
		struct rates sequential;
		struct rates fixed;

		assert_true(sequential_make(&schedule, ROUNDS[i], 2, 0.05));
		simulate(&schedule, 0, 1e-9, trials, &sequential, &fixed);
		print_message("%zu rounds, %zu looks: %.2f %% false alarms (p), %.2f %% called "
			      "changed; one look: %.2f %%, %.2f %%\n",
			ROUNDS[i], schedule.looks_count, 100 * sequential.alarms,
			100 * sequential.changed, 100 * fixed.alarms, 100 * fixed.changed);
		assert_true(sequential.alarms >= 0.05 - slack && sequential.alarms <= 0.05 + slack);
		assert_true(sequential.changed <= 0.05 + slack);
	}
}

// The default schedule of `slabmark run --until=verdict`: at most 40 rounds, a look every second one,
// and the margin that calibrate gives a machine of this noise (1.12 spreads). Effects in spreads,
// from none to what nobody overlooks. The fixed schedule has the same alpha, and no more power at any
// of them.
static void half_of_the_rounds_are_saved_at_equal_error(void **state)
{
	static const double EFFECTS[] = {0, 0.25, 0.5, 1, 1.5, 2, 3};
	enum { COUNT = sizeof(EFFECTS) / sizeof(EFFECTS[0]) };
	static struct sequential schedule;
	size_t trials = is_full ? 1000 : 25;
	double rounds = 0;

	(void)state;
	assert_true(sequential_make(&schedule, 40, 2, 0.05));
	for (size_t i = 0; i < COUNT; i++) {
		struct rates sequential;
		struct rates fixed;

		simulate(&schedule, EFFECTS[i] * SPREAD, expm1(1.12 * SPREAD), trials, &sequential,
			&fixed);
		print_message("effect of %.2f spreads: %.1f rounds (%.0f %% saved), changed %.1f "
			      "%%, equivalent %.1f %%; fixed: changed %.1f %%, equivalent %.1f "
			      "%%\n",
			EFFECTS[i], sequential.rounds, 100 * (1 - sequential.rounds / 40),
			100 * sequential.changed, 100 * sequential.equivalent, 100 * fixed.changed,
			100 * fixed.equivalent);
		assert_true(sequential.changed >= fixed.changed - (is_full ? 0.02 : 0.05));
		assert_true(sequential.rounds <= 24);
		rounds += sequential.rounds / COUNT;
	}
	print_message("over all of them: %.0f %% of the rounds saved\n", 100 * (1 - rounds / 40));
	assert_true(rounds <= 20);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(lan_and_demets_bounds_are_the_published_ones),
		cmocka_unit_test(pocock_type_bounds_are_the_published_ones),
		cmocka_unit_test(classic_constants_spend_five_percent),
		cmocka_unit_test(the_power_is_the_published_one),
		cmocka_unit_test(the_spending_function_starts_at_nothing_and_ends_at_alpha),
		cmocka_unit_test(one_look_is_no_sequence),
		cmocka_unit_test(looks_begin_where_the_exact_test_can_pass),
		cmocka_unit_test(p_and_level_are_inverse),
		cmocka_unit_test(the_table_agrees_with_the_integration),
		cmocka_unit_test(a_stopped_session_has_looked_where_it_stopped),
		cmocka_unit_test(a_row_that_stopped_early_keeps_its_looks),
		cmocka_unit_test(a_look_that_saw_nothing_new_is_none),
		cmocka_unit_test(too_few_rounds_reach_no_confidence),
		cmocka_unit_test(hope_is_what_it_says),
		cmocka_unit_test(looking_often_keeps_alpha),
		cmocka_unit_test(half_of_the_rounds_are_saved_at_equal_error),
	};

	is_full = argc > 1 && strcmp(argv[1], "--full") == 0;
	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
