// SPDX-License-Identifier: GPL-2.0-or-later
// What a calibration says of made-up noise, against theory and against what such noise then does;
// how it gets into the store and out; and what is refused.
#include "calibration.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "compare.h"
#include "results/made/results.h"
#include "results/statistics/statistics.h"

#define assert_near(value, expected, tolerance)                                                    \
	assert_true(fabs((value) - (expected)) <= (tolerance))

// ---- numbers

static void draw(gsl_rng *random, double spread, double *differences, size_t count)
{
	for (size_t i = 0; i < count; i++)
		differences[i] = gsl_ran_gaussian(random, spread);
}

static struct calibration calibrate(double spread, size_t count, double layout)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	double *differences = calloc(count, sizeof(*differences));
	struct calibration calibration = {0};

	gsl_rng_set(random, 3);
	draw(random, spread, differences, count);
	assert_true(calibration_fill(&calibration, differences, count, layout));
	free(differences);
	gsl_rng_free(random);
	return calibration;
}

// Student's test needs (t(0.975, 9) + t(0.8, 9)) / sqrt(10) = 0.995 deviations for 80 % with 10
// rounds, and 0.454 with 40; signed ranks with their steps a little more.
static void the_smallest_effect_is_near_what_theory_says(void **state)
{
	struct calibration calibration = calibrate(0.01, 2000, NAN);

	(void)state;
	assert_near(calibration.spread, 0.01, 0.0005);
	assert_in_range((long)(calibration.smallest[1] / 0.01 * 1000), 950, 1150);
	assert_in_range((long)(calibration.smallest[3] / 0.01 * 1000), 430, 510);
	for (size_t kind = 1; kind < CALIBRATION_KINDS; kind++)
		assert_true(calibration.smallest[kind] < calibration.smallest[kind - 1]);
}

static void eighty_of_a_hundred_such_effects_are_seen(void **state)
{
	enum { TRIALS = 4000, ROUNDS = 10 };
	struct calibration calibration = calibrate(0.02, 2000, NAN);
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	int seen = 0;
	int equivalent = 0;

	(void)state;
	gsl_rng_set(random, 8);
	for (int trial = 0; trial < TRIALS; trial++) {
		double differences[ROUNDS];
		double margin = log1p(calibration.margin);
		struct shift shift;

		draw(random, 0.02, differences, ROUNDS);
		assert_true(shift_of_pairs(differences, ROUNDS, 0.95, &shift));
		seen += shift.interval.low + log1p(calibration.smallest[1]) > 0;
		equivalent += shift.interval.low >= -margin && shift.interval.high <= margin;
	}
	print_message("seen: %.1f %%, equal ones called equivalent: %.1f %%\n",
		100.0 * seen / TRIALS, 100.0 * equivalent / TRIALS);
	assert_in_range(seen, (uintmax_t)(0.76 * TRIALS), (uintmax_t)(0.84 * TRIALS));
	assert_in_range(equivalent, (uintmax_t)(0.76 * TRIALS), (uintmax_t)(0.84 * TRIALS));
	gsl_rng_free(random);
}

static void the_margin_keeps_to_its_limits(void **state)
{
	(void)state;
	// Quiet: the usual margin while layout is unknown, less once it is.
	assert_near(calibrate(0.001, 60, NAN).margin, COMPARE_MARGIN_DEFAULT, 0);
	assert_near(calibrate(0.001, 60, 0).margin, CALIBRATION_MARGIN_LEAST, 0);
	// Noise does not widen it without end, layout does.
	assert_near(calibrate(0.3, 60, NAN).margin, CALIBRATION_MARGIN_MOST, 0);
	assert_near(calibrate(0.3, 60, 0.08).margin, 0.08, 0);
	assert_near(calibrate(0.001, 60, 0.013).margin, 0.013, 0);
}

// ---- the store

// What a made-up machine does.
struct machine {
	double layout; // ratio of the other build
	double noise; // of a process
	double load; // of other programs
};
static const struct machine QUIET = {1.03, 0.005, 0};
static const struct machine LOADED = {1, 0.1, 9};

// A round of the program, its copy, and a build of another layout.
static void add_round(struct store *store, int64_t session, int round,
	const struct machine *machine, gsl_rng *random)
{
	static const char *const CONFIGS[] = {"default", "default~copy", "default~other"};

	for (size_t i = 0; i < 3; i++) {
		json_t *document = made_document("default");

		made_sample(document, "pair/size:64",
			10 * (i == 2 ? machine->layout : 1) *
				exp(gsl_ran_gaussian(random, machine->noise)));
		if (round < 4)
			made_sample(document, "pair/size:8", 5);
		json_object_set_new(json_object_get(document, "context"), "load_avg",
			json_pack("[f, f, f]", machine->load, 0.0, 0.0));
		made_process(store, session, round, CONFIGS[i], "pair", document);
	}
}

static const char *const OTHERS[] = {"default~other"};
static const struct calibration_sides SIDES = {
	.base = "default", .copy = "default~copy", .others = OTHERS, .others_count = 1};

static struct store *measured_store(
	const char *name, const struct machine *machine, int64_t *session)
{
	struct store *store = made_store(made_path(name));
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	gsl_rng_set(random, 1);
	*session = made_session(store);
	for (int round = 0; round < 20; round++)
		add_round(store, *session, round, machine, random);
	gsl_rng_free(random);
	return store;
}

static void a_session_becomes_a_calibration_and_a_margin(void **state)
{
	int64_t session;
	struct store *store = measured_store("a.db", &QUIET, &session);
	struct calibrations made;
	struct calibrations read;

	(void)state;
	assert_true(calibrations_make(store, session, &SIDES, &made, NULL));
	assert_int_equal(made.count, 1); // four rounds of pair/size:8 say nothing
	assert_string_equal(made.items[0].series, "pair/size:64");
	assert_int_equal(made.items[0].rounds, 20);
	assert_in_range((long)(made.items[0].spread * 1e5), 500, 1000); // 0.00707
	assert_in_range((long)(made.items[0].layout * 1e4), 200, 300); // 3 %, less its noise
	assert_near(made.items[0].margin, made.items[0].layout, 0);
	assert_true(calibrations_write(store, &made, 7, NULL));
	assert_true(calibrations_read(store, made.items[0].machine, &read, NULL));
	assert_int_equal(read.count, 1);
	assert_near(read.items[0].spread, made.items[0].spread, 0);
	assert_near(read.items[0].smallest[2], made.items[0].smallest[2], 1e-15);
	assert_int_equal(read.items[0].session, session);
	assert_int_equal(read.items[0].created_unix_ns, 7);
	assert_string_equal(read.items[0].series, "pair/size:64");
	assert_near(read.items[0].margin, made.items[0].margin, 0);
	calibrations_free(&read);
	calibrations_free(&made);
	store_close(store);
}

// The estimates of such builds lie several per cent apart. That is noise, and no layout.
static void load_is_marked_and_taken_for_no_layout(void **state)
{
	int64_t session;
	struct store *store = measured_store("loaded.db", &LOADED, &session);
	struct calibrations made;
	struct calibrations read;
	char *text;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	(void)state;
	assert_true(calibrations_make(store, session, &SIDES, &made, NULL));
	assert_near(made.items[0].layout, 0, 0);
	assert_near(made.items[0].margin, CALIBRATION_MARGIN_MOST, 0);
	assert_true(made.items[0].is_loaded);
	assert_true(calibrations_write(store, &made, 7, NULL));
	assert_true(calibrations_read(store, made.items[0].machine, &read, NULL));
	assert_true(read.items[0].is_loaded);
	calibrations_text(&read, output);
	assert_int_equal(fclose(output), 0);
	assert_non_null(strstr(text, "! Other programs were running meanwhile"));
	free(text);
	calibrations_free(&read);
	calibrations_free(&made);
	store_close(store);
}

static void the_newest_calibration_counts(void **state)
{
	int64_t session;
	struct store *store = measured_store("b.db", &QUIET, &session);
	struct calibrations made;
	struct calibrations read;

	(void)state;
	assert_true(calibrations_make(store, session, &SIDES, &made, NULL));
	assert_true(calibrations_write(store, &made, 7, NULL));
	made.items[0].margin = 0.125;
	made.items[0].layout = NAN;
	assert_true(calibrations_write(store, &made, 8, NULL));
	assert_true(calibrations_read(store, NULL, &read, NULL));
	assert_int_equal(read.count, 1);
	assert_near(read.items[0].margin, 0.125, 0);
	assert_true(isnan(read.items[0].layout));
	calibrations_free(&read);
	calibrations_free(&made);
	store_close(store);
}

// Two series whose names begin alike, one of them calibrated.
static void a_name_with_a_blank_gets_no_other_series_margin(void **state)
{
	static const char *const CONFIGS[] = {"default", "noalien"};
	const struct compare_options options = {
		.sides = CONFIGS, .sides_count = 2, .alpha = COMPARE_ALPHA_DEFAULT};
	struct calibration calibration = {
		.series = (char *)"pair", .config = (char *)"default", .margin = 0.125};
	struct calibrations made = {&calibration, 1};
	struct store *store = made_store(made_path("blank.db"));
	int64_t session = made_session(store);
	struct comparison *comparison;

	(void)state;
	for (int round = 0; round < 8; round++) {
		for (size_t side = 0; side < 2; side++) {
			json_t *document = made_document(CONFIGS[side]);

			made_sample(document, "pair", 10);
			made_sample(document, "pair of sizes", 10);
			made_process(store, session, round, CONFIGS[side], "pair", document);
		}
	}
	calibration.machine = (char *)"feedfacecafebeef";
	calibration.session = session;
	assert_true(calibrations_write(store, &made, 7, NULL));
	assert_true(compare_make(store, &options, &comparison, NULL));
	assert_int_equal(comparison->rows_count, 2);
	assert_string_equal(comparison->rows[0].name, "pair");
	assert_near(comparison->rows[0].margin, 0.125, 0);
	assert_string_equal(comparison->rows[1].name, "pair of sizes");
	assert_near(comparison->rows[1].margin, COMPARE_MARGIN_DEFAULT, 0);
	comparison_free(comparison);
	store_close(store);
}

static void of_what_was_never_calibrated_nothing_is_known(void **state)
{
	struct store *store = made_store(made_path("c.db"));
	struct calibrations read;

	(void)state;
	assert_true(calibrations_read(store, "m", &read, NULL));
	assert_int_equal(read.count, 0);
	calibrations_free(&read);
	store_close(store);
}

static void too_few_rounds_are_no_calibration(void **state)
{
	struct store *store = made_store(made_path("d.db"));
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	int64_t session = made_session(store);
	struct calibrations made;
	struct problem problem;

	(void)state;
	for (int round = 0; round < 5; round++)
		add_round(store, session, round, &QUIET, random);
	assert_false(calibrations_make(store, session, &SIDES, &made, &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, "6 rounds"));
	gsl_rng_free(random);
	store_close(store);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(the_smallest_effect_is_near_what_theory_says),
		cmocka_unit_test(eighty_of_a_hundred_such_effects_are_seen),
		cmocka_unit_test(the_margin_keeps_to_its_limits),
		cmocka_unit_test(a_session_becomes_a_calibration_and_a_margin),
		cmocka_unit_test(load_is_marked_and_taken_for_no_layout),
		cmocka_unit_test(the_newest_calibration_counts),
		cmocka_unit_test(a_name_with_a_blank_gets_no_other_series_margin),
		cmocka_unit_test(of_what_was_never_calibrated_nothing_is_known),
		cmocka_unit_test(too_few_rounds_are_no_calibration),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
