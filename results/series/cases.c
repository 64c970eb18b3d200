// SPDX-License-Identifier: GPL-2.0-or-later
// Made-up cases with what our statistics make of them, a line each, for R to compute again
// (r_test.R): "KIND|values|other values|our figures", numbers with all their digits. Fixed seed.
// Prints to standard output.
#include "results/statistics/statistics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>

#include "level.h"
#include "results/statistics/doubt.h"
#include "results/statistics/permutation.h"

enum { CASES = 40, VALUES_MAX = 64 };

struct values {
	double items[VALUES_MAX];
	size_t count;
};

// What is wrong with memory is wrong for the whole program.
static void must(bool is_good)
{
	if (!is_good)
		abort();
}

static void print_values(const double *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%s%.17g", i > 0 ? "," : "", values[i]);
}

static void print_case(const char *kind, const struct values *one, const struct values *two,
	const double *figures, size_t count)
{
	printf("%s|", kind);
	print_values(one->items, one->count);
	putchar('|');
	print_values(two->items, two->count);
	putchar('|');
	print_values(figures, count);
	putchar('\n');
}

static struct values drawn(gsl_rng *random, size_t count, double centre)
{
	struct values values = {.count = count};

	for (size_t i = 0; i < count; i++)
		values.items[i] = centre + gsl_ran_gaussian(random, 1);
	return values;
}

static size_t between(gsl_rng *random, size_t least, size_t most)
{
	return least + gsl_rng_uniform_int(random, most - least + 1);
}

// ---- one kind each

static void signed_ranks(gsl_rng *random)
{
	struct values values = drawn(random, between(random, 6, 40), 0.3);
	struct interval interval;

	must(hodges_lehmann(values.items, values.count, 0.95, &interval));
	print_case("signed-rank", &values, &(struct values){0},
		(double[]){interval.estimate, interval.low, interval.high}, 3);
}

static void ranks(gsl_rng *random)
{
	// Too many for every way to be counted, and as long as ranks are exact: beyond, the normal
	// distribution stands for them.
	struct values base = drawn(random, between(random, 13, 26), 0);
	struct values other = drawn(random, between(random, 12, 26), 0.5);
	struct shift shift;

	must(shift_between(base.items, base.count, other.items, other.count, 0.95, &shift));
	print_case("rank-sum", &base, &other,
		(double[]){shift.p, shift.interval.estimate, shift.interval.low,
			shift.interval.high, shift.superiority},
		5);
}

static void permutations(gsl_rng *random)
{
	struct values base = drawn(random, between(random, 2, 6), 0);
	struct values other = drawn(random, between(random, 2, 6), 1);
	double both[VALUES_MAX];
	struct shift shift;
	double p;

	for (size_t i = 0; i < base.count + other.count; i++)
		both[i] = i < base.count ? base.items[i] : other.items[i - base.count];
	p = parting_tail(both, base.count, other.count);
	must(shift_between(base.items, base.count, other.items, other.count, 0.95, &shift));
	print_case("permutation", &base, &other,
		(double[]){p, shift.interval.estimate, shift.superiority}, 3);
}

static void sign_flips(gsl_rng *random)
{
	struct values values = drawn(random, between(random, 2, 12), 0.5);
	double p = sign_flip_tail(values.items, values.count);

	print_case("sign-flip", &values, &(struct values){0}, &p, 1);
}

static void corrections(gsl_rng *random)
{
	struct values p = {.count = between(random, 1, VALUES_MAX)};
	double q[VALUES_MAX];

	for (size_t i = 0; i < p.count; i++)
		p.items[i] = pow(gsl_rng_uniform(random), 3);
	if (p.count > 3)
		p.items[2] = p.items[0]; // ties, too
	must(benjamini_hochberg(p.items, p.count, q));
	print_case("correction", &p, &(struct values){0}, q, p.count);
}

static void distributions(gsl_rng *random)
{
	struct values counts = {
		.items = {(double)between(random, 1, 60), (double)between(random, 1, 26),
			(double)between(random, 1, 26)},
		.count = 3};
	double n = counts.items[0];
	double v = floor(gsl_rng_uniform(random) * n * (n + 1) / 2);
	double u = floor(gsl_rng_uniform(random) * counts.items[1] * counts.items[2]);

	print_case("distribution", &counts, &(struct values){.items = {v, u}, .count = 2},
		(double[]){signed_rank_probability(v, (size_t)n),
			mann_whitney_probability(
				u, (size_t)counts.items[1], (size_t)counts.items[2])},
		2);
}

static void trends(gsl_rng *random)
{
	static double room[VALUES_MAX * VALUES_MAX];
	struct values values = drawn(random, between(random, 8, VALUES_MAX), 0);
	struct doubt_drift drift;

	for (size_t i = 0; i < values.count; i++) // rounded, so that there are ties
		values.items[i] = round(values.items[i] * 4) / 4 + 0.02 * floor((double)i / 4);
	drift = doubt_drift_of(values.items, values.count, room);
	print_case("trend", &values, &(struct values){0}, &drift.p, 1);
}

// Up to four values nothing is trimmed, and Yuen's interval is Welch's.
static void levels(gsl_rng *random)
{
	struct values before = drawn(random, between(random, 2, 4), 0);
	struct values after = drawn(random, between(random, 2, 4), 3);
	struct values sorted[2] = {before, after};
	struct level levels[2];
	struct level_shift shift;

	for (size_t i = 0; i < 2; i++) {
		gsl_sort(sorted[i].items, 1, sorted[i].count);
		levels[i] = level_of(sorted[i].items, sorted[i].count);
	}
	shift = level_shift(&levels[0], &levels[1], 1, 0.95);
	print_case("level", &before, &after, (double[]){shift.size, shift.low, shift.high}, 3);
}

int main(void)
{
	static void (*const KINDS[])(gsl_rng * random) = {signed_ranks, ranks, permutations,
		sign_flips, corrections, distributions, trends, levels};
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);

	gsl_rng_set(random, 5);
	for (size_t kind = 0; kind < sizeof(KINDS) / sizeof(KINDS[0]); kind++) {
		for (int i = 0; i < CASES; i++)
			KINDS[kind](random);
	}
	gsl_rng_free(random);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
