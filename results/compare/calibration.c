// SPDX-License-Identifier: GPL-2.0-or-later
// What equal programs differ by on a machine. Entries: calibrations_make() from a session,
// calibration_fill() from numbers. How it is kept and read is calibration_store.c.
//
// Intervals of shift_of_pairs() move with their data: where equal programs gave the interval [low,
// high], a program that is d slower would have given [low + d, high + d]. So d is seen exactly when
// d > -low, and the smallest effect that is seen in 80 of 100 cases is the 80th percentile of -low
// over many such sets of rounds. Likewise equal programs are called equivalent within m exactly
// when m >= max(-low, high).
#include "calibration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "internal.h"
#include "results/statistics/figures.h"
#include "results/statistics/statistics.h"
#include "results/text/memory.h"

const size_t calibration_rounds[CALIBRATION_KINDS] = {6, 10, 20, 40};

enum { ROUNDS_LEAST = 6, ROUNDS_MOST = 40, DRAWS = 2000, DRAWS_LONG = 200, SEED = 20261122 };

static const double POWER = 0.8;

// ---- numbers

// How many sets of so many rounds are drawn: those of many take their time, and scatter less.
static size_t draws_of(size_t rounds)
{
	return rounds > calibration_rounds[CALIBRATION_KIND_USUAL] ? DRAWS_LONG : DRAWS;
}

// Draws sets of `rounds` differences; what an effect, or a margin, has to exceed in each.
static bool draw_intervals(
	const double *differences, size_t count, size_t rounds, double *effects, double *margins)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	bool is_good = random != NULL;

	if (random)
		gsl_rng_set(random, SEED);
	for (size_t i = 0; is_good && i < draws_of(rounds); i++) {
		double drawn[ROUNDS_MOST];
		struct shift shift;

		for (size_t k = 0; k < rounds; k++) {
			double difference = differences[gsl_rng_uniform_int(random, count)];

			drawn[k] = gsl_rng_uniform_int(random, 2) ? difference : -difference;
		}
		is_good = shift_of_pairs(drawn, rounds, COMPARE_CONFIDENCE, &shift);
		effects[i] = -shift.interval.low;
		margins[i] = fmax(-shift.interval.low, shift.interval.high);
	}
	gsl_rng_free(random);
	return is_good;
}

// As a share: what exceeds it lies 1 + share times above.
static double share_at_power(double *logs, size_t draws)
{
	gsl_sort(logs, 1, draws);
	return expm1(fmax(0, gsl_stats_quantile_from_sorted_data(logs, 1, draws, POWER)));
}

static double margin_of(double noise, double layout)
{
	double least = isnan(layout) ? COMPARE_MARGIN_DEFAULT : CALIBRATION_MARGIN_LEAST;
	double margin = fmin(fmax(noise, least), CALIBRATION_MARGIN_MOST);

	return isnan(layout) ? margin : fmax(margin, layout);
}

bool calibration_fill(
	struct calibration *calibration, const double *differences, size_t count, double layout)
{
	double *effects = calloc(DRAWS, sizeof(*effects));
	double *margins = calloc(DRAWS, sizeof(*margins));
	bool is_good = effects && margins;

	calibration->rounds = count;
	calibration->layout = layout;
	calibration->spread = gsl_stats_sd(differences, 1, count);
	for (size_t kind = 0; is_good && kind < CALIBRATION_KINDS; kind++) {
		size_t rounds = calibration_rounds[kind];

		is_good = draw_intervals(differences, count, rounds, effects, margins);
		if (!is_good)
			break;
		calibration->smallest[kind] = share_at_power(effects, draws_of(rounds));
		if (kind == CALIBRATION_KIND_USUAL)
			calibration->margin =
				margin_of(share_at_power(margins, draws_of(rounds)), layout);
	}
	free(effects);
	free(margins);
	return is_good;
}

// ---- a session

// The mean of the figures of a config's processes in one round; NaN where there are none.
static double round_log(
	const struct store_sample *samples, size_t count, const char *config, int round)
{
	struct figures processes = {0};

	for (size_t i = 0; i < count; i++) {
		if (samples[i].round == round && !samples[i].failed &&
			strcmp(samples[i].config, config) == 0)
			figures_add(&processes, samples[i].process, samples[i].real_time_ns);
	}
	return figures_mean(&processes);
}

// The differences of the rounds that have both configs. Returns how many; `differences` has room
// for `count`.
static size_t differences_between(const struct store_sample *samples, size_t count,
	const char *base, const char *other, double *differences)
{
	size_t found = 0;
	int before = -1;

	for (size_t i = 0; i < count; i++) {
		double difference;

		if (strcmp(samples[i].config, base) != 0 || samples[i].round == before)
			continue;
		before = samples[i].round;
		difference = round_log(samples, count, other, before) -
			     round_log(samples, count, base, before);
		if (!isnan(difference))
			differences[found++] = difference;
	}
	return found;
}

// How far an interval lies from no difference; 0 where it holds that.
static double distance_least(const struct interval *interval)
{
	return fmax(0, fmax(interval->low, -interval->high));
}

// How far the other builds lie from the base at least, as a share: the largest of the distances of
// their intervals, which hold together at 95 %. What noise could have made is no layout. NaN where
// none was measured.
static bool layout_of(const struct store_sample *samples, size_t count,
	const struct calibration_sides *sides, double *differences, double *layout)
{
	double confidence = 1 - (1 - COMPARE_CONFIDENCE) /
					(double)(sides->others_count ? sides->others_count : 1);

	*layout = NAN;
	for (size_t i = 0; i < sides->others_count; i++) {
		struct shift shift;
		size_t rounds = differences_between(
			samples, count, sides->base, sides->others[i], differences);

		if (rounds < ROUNDS_LEAST)
			continue;
		if (!shift_of_pairs(differences, rounds, confidence, &shift))
			return false;
		// fmax() drops NaN. Too few rounds for the confidence show no layout.
		*layout = fmax(*layout,
			shift.interval.is_reached ? expm1(distance_least(&shift.interval)) : 0);
	}
	return true;
}

// Adds the series that samples[0] to samples[count - 1] are of.
static bool series_add(struct calibrations *calibrations, const struct store_sample *samples,
	size_t count, const struct calibration_sides *sides, struct problem *problem)
{
	struct calibration *made = &calibrations->items[calibrations->count];
	double *differences = calloc(count, sizeof(*differences));
	double layout = NAN;
	size_t rounds;
	bool is_good = differences && layout_of(samples, count, sides, differences, &layout);

	if (!is_good) {
		free(differences);
		return no_memory(problem, "the calibration");
	}
	rounds = differences_between(samples, count, sides->base, sides->copy, differences);
	if (rounds >= ROUNDS_LEAST) {
		is_good = calibration_fill(made, differences, rounds, layout);
		made->series = strdup(samples[0].name);
		made->config = strdup(sides->base);
		calibrations->count++;
		is_good = is_good && made->series && made->config;
	}
	free(differences);
	return is_good || no_memory(problem, "the calibration");
}

static size_t series_length(const struct store_samples *samples, size_t first)
{
	size_t end = first + 1;

	while (end < samples->count &&
		strcmp(samples->items[end].name, samples->items[first].name) == 0)
		end++;
	return end - first;
}

static bool series_all(struct calibrations *calibrations, const struct store_samples *samples,
	const struct calibration_sides *sides, struct problem *problem)
{
	size_t length;

	calibrations->items = calloc(samples->count + 1, sizeof(*calibrations->items));
	if (!calibrations->items)
		return no_memory(problem, "the calibration");
	for (size_t i = 0; i < samples->count; i += length) {
		length = series_length(samples, i);
		if (!series_add(calibrations, &samples->items[i], length, sides, problem))
			return false;
	}
	return calibrations->count > 0 ||
	       problem_set(problem, EXIT_NOT_MEASURED,
		       "no series has %d rounds of both sides: too few to say how far equal "
		       "programs differ",
		       ROUNDS_LEAST);
}

// The one machine that the session ran on, the caller's; NULL fills the problem.
static char *machine_of(struct store *store, int64_t session, struct problem *problem)
{
	struct store_builds builds;
	const char *machine = NULL;
	bool is_one = true;
	char *copy = NULL;

	if (!store_session_builds(store, session, &builds, problem))
		return NULL;
	for (size_t i = 0; i < builds.count; i++) {
		if (i > 0 && machine && builds.items[i].machine)
			is_one = is_one && strcmp(machine, builds.items[i].machine) == 0;
		machine = builds.items[i].machine;
	}
	if (!machine)
		problem_set(problem, EXIT_NOT_MEASURED,
			"session %lld does not say which machine it ran on", (long long)session);
	else if (!is_one)
		problem_set(problem, EXIT_WRONG_USE,
			"session %lld was measured on several machines; a calibration is about one",
			(long long)session);
	else if (!(copy = strdup(machine)))
		no_memory(problem, "the calibration");
	store_builds_free(&builds);
	return copy;
}

// Whether other programs were running in the session.
static bool load_read(
	struct store *store, int64_t session, bool *is_loaded, struct problem *problem)
{
	json_t *warnings = json_array();
	bool is_good = load_doubt(store, session, warnings, problem);

	*is_loaded = json_array_size(warnings) > 0;
	json_decref(warnings);
	return is_good;
}

bool calibrations_make(struct store *store, int64_t session, const struct calibration_sides *sides,
	struct calibrations *calibrations, struct problem *problem)
{
	struct store_samples samples;
	bool is_loaded;
	char *machine = machine_of(store, session, problem);
	bool is_good;

	*calibrations = (struct calibrations){0};
	if (!machine)
		return false;
	if (!load_read(store, session, &is_loaded, problem) ||
		!store_session_samples(store, session, &samples, problem)) {
		free(machine);
		return false;
	}
	is_good = series_all(calibrations, &samples, sides, problem);
	for (size_t i = 0; i < calibrations->count; i++) {
		calibrations->items[i].session = session;
		calibrations->items[i].is_loaded = is_loaded;
		calibrations->items[i].machine = strdup(machine);
		if (is_good && !calibrations->items[i].machine)
			is_good = no_memory(problem, "the calibration");
	}
	store_samples_free(&samples);
	free(machine);
	if (!is_good)
		calibrations_free(calibrations);
	return is_good;
}

void calibrations_free(struct calibrations *calibrations)
{
	for (size_t i = 0; i < calibrations->count; i++) {
		free(calibrations->items[i].machine);
		free(calibrations->items[i].series);
		free(calibrations->items[i].config);
	}
	free(calibrations->items);
	*calibrations = (struct calibrations){0};
}
