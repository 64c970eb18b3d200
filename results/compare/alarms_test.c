// SPDX-License-Identifier: GPL-2.0-or-later
// How often a whole report of equal sides has any alarm, simulated with fixed seeds: 500 rows,
// nested noise (a process has luck, its repetitions scatter around it), all ways to compare. At
// most 5 % of reports may. --full simulates more.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "compare.h"
#include "results/made/series.h"
#include "results/statistics/sequential.h"
#include "results/statistics/statistics.h"

enum { ROWS = 500, ROUNDS_MAX = 40, REPETITIONS = 5 };

static bool is_full;

// One figure a process, as compare/compare.c makes it. Rows differ in how noisy they are, as
// benchmarks do: 1.2 % at the median and 5.6 % at the 90th percentile.
static double process_log(gsl_rng *random, double luck)
{
	double repetitions[REPETITIONS];
	double own = gsl_ran_gaussian(random, luck);

	for (size_t i = 0; i < REPETITIONS; i++)
		repetitions[i] = exp(own + gsl_ran_gaussian(random, luck / 4));
	return made_figure(repetitions, REPETITIONS);
}

static double luck_draw(gsl_rng *random)
{
	return 0.012 * exp(gsl_ran_gaussian(random, 1.2));
}

typedef void (*row_draw)(gsl_rng *random, struct shift *shift);

static struct sequential looks; // of the sequential report

// The interval costs most of the time, and can only take an alarm back: a row whose p passes no
// correction has none.
static bool is_hopeless(double p, struct shift *shift)
{
	*shift = (struct shift){.p = p};
	return p > COMPARE_ALPHA_DEFAULT;
}

static void row_paired(gsl_rng *random, struct shift *shift)
{
	double differences[16];
	double luck = luck_draw(random);

	for (size_t i = 0; i < 16; i++)
		differences[i] = process_log(random, luck) - process_log(random, luck);
	if (is_hopeless(sign_flip_p(differences, 16), shift))
		return;
	assert_true(shift_of_pairs(differences, 16, COMPARE_CONFIDENCE, shift));
}

static void row_independent(gsl_rng *random, struct shift *shift)
{
	double sides[2][10];
	double luck = luck_draw(random);

	for (size_t i = 0; i < 20; i++)
		sides[i / 10][i % 10] = process_log(random, luck);
	if (is_hopeless(shift_p_between(sides[0], 10, sides[1], 10), shift))
		return;
	assert_true(shift_between(sides[0], 10, sides[1], 10, COMPARE_CONFIDENCE, shift));
}

// All looks are held: what stops early only has fewer chances to alarm.
static void row_sequential(gsl_rng *random, struct shift *shift)
{
	double differences[20];
	int64_t blocks[20];
	double luck = luck_draw(random);

	for (size_t i = 0; i < 20; i++) {
		differences[i] = process_log(random, luck) - process_log(random, luck);
		blocks[i] = (int64_t)i;
	}
	if (is_hopeless(sequential_p_of(&looks, differences, blocks, 20), shift))
		return;
	assert_true(sequential_shift(&looks, differences, blocks, 20, COMPARE_CONFIDENCE, shift));
}

// Whether a report has a row that it calls changed.
static bool report_alarms(gsl_rng *random, row_draw draw)
{
	// So narrow a margin hides no alarm.
	const struct compare_options options = {.margin = 1e-6, .alpha = COMPARE_ALPHA_DEFAULT};
	struct shift shifts[ROWS];
	double p[ROWS];
	double q[ROWS];

	for (size_t i = 0; i < ROWS; i++) {
		draw(random, &shifts[i]);
		p[i] = shifts[i].p;
	}
	assert_true(benjamini_hochberg(p, ROWS, q));
	for (size_t i = 0; i < ROWS; i++) {
		const struct interval *interval = &shifts[i].interval;

		if (verdict_of(exp(interval->low), exp(interval->high),
			    interval->confidence >= COMPARE_CONFIDENCE, q[i],
			    &options) == VERDICT_CHANGED)
			return true;
	}
	return false;
}

// Asserts the rate of alarms to be at most 5 %, give or take what so few reports can know (three
// standard deviations).
static void assert_rate(const char *what, row_draw draw, size_t reports)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	double slack = 3 * sqrt(0.05 * 0.95 / (double)reports);
	size_t alarms = 0;

	gsl_rng_set(random, 20261122);
	for (size_t i = 0; i < reports; i++)
		alarms += report_alarms(random, draw);
	gsl_rng_free(random);
	print_message("%s: %zu of %zu reports of %d rows have an alarm (%.2f %%)\n", what, alarms,
		reports, ROWS, 100.0 * (double)alarms / (double)reports);
	assert_true((double)alarms <= (0.05 + slack) * (double)reports);
}

static void rounds_keep_a_report_quiet(void **state)
{
	(void)state;
	assert_rate("16 rounds", row_paired, is_full ? 4000 : 40);
}

static void independent_processes_keep_a_report_quiet(void **state)
{
	(void)state;
	assert_rate("10 against 10 processes", row_independent, is_full ? 4000 : 40);
}

static void looks_keep_a_report_quiet(void **state)
{
	(void)state;
	assert_true(sequential_make(&looks, 20, 2, COMPARE_ALPHA_DEFAULT));
	assert_rate("20 rounds, 6 looks", row_sequential, is_full ? 400 : 10);
}

// What keeps still because it cannot speak would pass all of the above.
static void a_change_is_heard_among_five_hundred_rows(void **state)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	double p[ROWS];
	double q[ROWS];
	double sides[2][10];
	struct shift shift;

	(void)state;
	gsl_rng_set(random, 4);
	for (size_t i = 0; i < ROWS; i++) {
		row_independent(random, &shift);
		p[i] = shift.p;
	}
	for (size_t i = 0; i < 20; i++)
		sides[i / 10][i % 10] = process_log(random, 0.012) + (i / 10 ? log(1.1) : 0);
	assert_true(shift_between(sides[0], 10, sides[1], 10, COMPARE_CONFIDENCE, &shift));
	p[ROWS / 2] = shift.p;
	assert_true(benjamini_hochberg(p, ROWS, q));
	assert_true(q[ROWS / 2] <= COMPARE_ALPHA_DEFAULT);
	gsl_rng_free(random);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(rounds_keep_a_report_quiet),
		cmocka_unit_test(independent_processes_keep_a_report_quiet),
		cmocka_unit_test(looks_keep_a_report_quiet),
		cmocka_unit_test(a_change_is_heard_among_five_hundred_rows),
	};

	is_full = argc > 1 && strcmp(argv[1], "--full") == 0;
	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
