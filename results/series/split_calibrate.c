// SPDX-License-Identifier: GPL-2.0-or-later
// Makes the table of split_critical.c by simulation: the statistics of independent Gaussian runs,
// with a fixed seed. Usage: results-split-calibrate [RUNS]. The rows go to standard output.
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "split.h"

static const size_t COUNTS[] = {6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 25, 30, 40, 50, 65, 80, 95,
	120, 160, 250, 500, 1000, 2500, 10000};

enum {
	COUNTS_COUNT = sizeof(COUNTS) / sizeof(COUNTS[0]),
	RUNS_DEFAULT = 100000,
	RUNS_MIN = 1000, // fewer say nothing about a share of 0.15 %
	VALUES_MAX = 100000000, // a row
	STATISTICS = 4,
	SEED = 20261122,
};

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

static bool room_make(struct room *room, size_t count_max, size_t runs_max)
{
	bool is_good = split_work_make(&room->work, count_max);

	room->values = calloc(count_max, sizeof(double));
	for (int i = 0; i < STATISTICS; i++) {
		room->statistics[i] = calloc(runs_max, sizeof(double));
		is_good = is_good && room->statistics[i];
	}
	return is_good && room->values;
}

static void room_free(struct room *room)
{
	split_work_free(&room->work);
	free(room->values);
	for (int i = 0; i < STATISTICS; i++)
		free(room->statistics[i]);
}

static void print_rows(struct room *room, size_t runs_max)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	gsl_rng_set(random, SEED);
	for (size_t i = 0; i < COUNTS_COUNT; i++) {
		size_t affordable = VALUES_MAX / COUNTS[i];

		print_row(room, COUNTS[i], runs_max < affordable ? runs_max : affordable, random);
	}
	gsl_rng_free(random);
}

int main(int argc, char **argv)
{
	size_t runs_max = argc > 1 ? strtoul(argv[1], NULL, 10) : RUNS_DEFAULT;
	struct room room = {0};
	bool is_good = runs_max >= RUNS_MIN && runs_max <= VALUES_MAX &&
		       room_make(&room, COUNTS[COUNTS_COUNT - 1], runs_max);

	if (is_good)
		print_rows(&room, runs_max);
	else
		fprintf(stderr, "usage: %s [RUNS], %d to %d, as far as memory reaches\n", argv[0],
			RUNS_MIN, VALUES_MAX);
	room_free(&room);
	return is_good ? 0 : 2;
}
