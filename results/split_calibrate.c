// SPDX-License-Identifier: GPL-2.0-or-later
// Makes the table of split_critical.c by simulation: the statistics of independent Gaussian runs, with a fixed seed.
// Usage: results-split-calibrate [RUNS]. The rows go to standard output.
#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "split.h"

static const size_t COUNTS[] = {6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 25, 30, 40, 50, 65, 80, 95,
	120, 160, 250, 500, 1000, 2500, 10000};

enum { RUNS_DEFAULT = 100000, VALUES_MAX = 100000000, STATISTICS = 4, SEED = 20261122 };

static const double SHARES[STATISTICS] = {SPLIT_SHARE_BY_VALUES, SPLIT_SHARE_BY_SCORES,
	SPLIT_SHARE_STRETCH_BY_VALUES, SPLIT_SHARE_STRETCH_BY_SCORES};

struct room {
	struct split_work work;
	double *values;
	double *statistics[STATISTICS];
};

static void print_row(struct room *room, size_t count, size_t runs, gsl_rng *random)
{
	for (size_t run = 0; run < runs; run++) {
		struct split split;

		for (size_t i = 0; i < count; i++)
			room->values[i] = gsl_ran_gaussian_ziggurat(random, 1);
		split_measure(&room->work, room->values, count, &split);
		room->statistics[0][run] = split.by_values;
		room->statistics[1][run] = split.by_scores;
		room->statistics[2][run] = split.stretch_by_values;
		room->statistics[3][run] = split.stretch_by_scores;
	}
	printf("\t{%zu, {", count);
	for (int i = 0; i < STATISTICS; i++) {
		gsl_sort(room->statistics[i], 1, runs);
		printf("%s%.3f", i ? ", " : "",
			gsl_stats_quantile_from_sorted_data(
				room->statistics[i], 1, runs, 1 - SHARES[i]));
	}
	printf("}},\n");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	size_t runs_max = argc > 1 ? strtoul(argv[1], NULL, 10) : RUNS_DEFAULT;
	size_t rows = sizeof(COUNTS) / sizeof(COUNTS[0]);
	struct room room = {.values = calloc(COUNTS[rows - 1], sizeof(double))};
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	if (runs_max < 1000 || !room.values || !split_work_make(&room.work, COUNTS[rows - 1])) {
		fprintf(stderr, "usage: %s [RUNS], at least 1000\n", argv[0]);
		return 2;
	}
	for (int i = 0; i < STATISTICS; i++)
		room.statistics[i] = calloc(runs_max, sizeof(double));
	gsl_rng_set(random, SEED);
	for (size_t i = 0; i < rows; i++) {
		size_t runs = runs_max;

		if (runs > VALUES_MAX / COUNTS[i])
			runs = VALUES_MAX / COUNTS[i];
		print_row(&room, COUNTS[i], runs, random);
	}
	for (int i = 0; i < STATISTICS; i++)
		free(room.statistics[i]);
	split_work_free(&room.work);
	free(room.values);
	gsl_rng_free(random);
	return 0;
}
