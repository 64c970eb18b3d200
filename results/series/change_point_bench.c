// SPDX-License-Identifier: GPL-2.0-or-later
// How long a series takes to judge, for the figures of statistics/METHOD.md: processor time of the median
// series of each kind. Each series is judged once, as a history does it; a second time the
// processor would know its branches by heart. Usage: results-change-point-bench [VALUES [SERIES]].
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "change_point.h"
#include "results/made/series.h"

enum { VALUES_DEFAULT = 120, SERIES_DEFAULT = 1000, STEPS_MAX = 3 };

// Gaussian noise, and of steps of `size` deviations and a drift over the whole length each kind's
// own. A place is a share of the length, 0: no further step.
static const struct kind {
	const char *name;
	double drift;
	struct {
		double place;
		double size;
	} steps[STEPS_MAX];
} KINDS[] = {
	{"noise", 0, {{0, 0}}},
	{"a step of 2", 0, {{0.75, 2}}},
	{"a step of 4, left again", 0, {{0.5, 4}, {0.6, -4}}},
	{"a drift of 4", 4, {{0, 0}}},
	{"a drift of 8", 8, {{0, 0}}},
	{"a drift of 20", 20, {{0, 0}}},
	{"two steps up of 4", 0, {{1 / 3., 4}, {2 / 3., 4}}},
	{"two steps up of 20", 0, {{1 / 3., 20}, {2 / 3., 20}}},
	{"three steps up of 4", 0, {{0.25, 4}, {0.5, 4}, {0.75, 4}}},
	{"a drift of 6, a step of 8", 6, {{0.5, 8}}},
};

static void series_draw(const struct kind *kind, double *values, size_t count, gsl_rng *random)
{
	made_series(MADE_GAUSSIAN, values, count, random);
	for (size_t i = 0; i < count; i++) {
		double place = (double)i / (double)count;

		values[i] += kind->drift * place;
		for (size_t k = 0; k < STEPS_MAX && kind->steps[k].place > 0; k++)
			values[i] += place >= kind->steps[k].place ? kind->steps[k].size : 0;
	}
}

static double processor_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void kind_measure(const struct kind *kind, double *values, size_t count, double *times,
	size_t series, gsl_rng *random)
{
	for (size_t i = 0; i < series; i++) {
		struct change_points found;
		double before;

		series_draw(kind, values, count, random);
		before = processor_ms();
		if (!change_points_find(values, count, &found))
			abort();
		times[i] = processor_ms() - before;
		change_points_free(&found);
	}
	gsl_sort(times, 1, series);
	printf("%-26s median %.4f ms, 9 of 10 within %.4f ms\n", kind->name,
		gsl_stats_median_from_sorted_data(times, 1, series), times[series * 9 / 10]);
}

static size_t number(const char *text, size_t otherwise)
{
	long given = text ? strtol(text, NULL, 10) : 0;

	return given > 0 ? (size_t)given : otherwise;
}

int main(int argc, char **argv)
{
	size_t count = number(argc > 1 ? argv[1] : NULL, VALUES_DEFAULT);
	size_t series = number(argc > 2 ? argv[2] : NULL, SERIES_DEFAULT);
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	double *values = calloc(count, sizeof(*values));
	double *times = calloc(series, sizeof(*times));

	bool is_good = random && values && times;

	if (is_good)
		gsl_rng_set(random, 20261122);
	for (size_t i = 0; is_good && i < sizeof(KINDS) / sizeof(KINDS[0]); i++)
		kind_measure(&KINDS[i], values, count, times, series, random);
	free(times);
	free(values);
	gsl_rng_free(random);
	return is_good ? 0 : 3;
}
