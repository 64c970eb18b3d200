// SPDX-License-Identifier: GPL-2.0-or-later
// Spending alpha over the looks of a session. Entries: sequential_make() for a run,
// sequential_restore() for a session that ran, sequential_shift() for a row.
//
// Why levels in place of a Bonferroni split: the looks share their data, so that Z at one look says
// much about Z at the next. With |Z| below its bound so far, its density (two normal steps, cut
// off, again and again) is carried on a grid from look to look, and the bound of a look is where
// what lies beyond weighs what may be spent. An example: five equally spaced looks at alpha 5 %
// have the bounds 4.877, 3.357, 2.680, 2.290, 2.031, the last one near the 1.960 of a single look.
#include "sequential.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "permutation.h"

enum {
	GRID_FINENESS = 12, // r of Jennison and Turnbull, 19.2.2
	GRID_BASE = 6 * GRID_FINENESS - 1,
	GRID_MAX = 2 * GRID_BASE + 1,
	BISECTIONS = 60,
};

static const double SPENT_LEAST = 1e-13; // below it the grid's rounding would decide
static const double BOUND_MOST = 12;
static const double ALPHA_LEAST = 1e-9; // of the table
static const double ALPHA_MOST = 0.9;
static const double LAW_TRUSTED_FROM = 0.01; // of p over all looks

double spending_obrien_fleming(double alpha, double information)
{
	if (information <= 0)
		return 0;
	if (information >= 1)
		return alpha;
	return 2 * gsl_cdf_ugaussian_Q(gsl_cdf_ugaussian_Qinv(alpha / 2) / sqrt(information));
}

// ---- the density of Z while no bound was reached

struct grid {
	double z[GRID_MAX];
	double weighted[GRID_MAX]; // Simpson's weight times the density
	size_t count; // 0: the first look has not been
	double information;
};

// Points that lie dense where a normal density around `centre` has its mass.
static double base_point(size_t i, double centre)
{
	const double r = GRID_FINENESS;
	double x = (double)(i + 1);

	if (x < r)
		return centre - 3 - 4 * log(r / x);
	if (x <= 5 * r)
		return centre - 3 + 3 * (x - r) / (2 * r);
	return centre + 3 + 4 * log(r / (6 * r - x));
}

// The points within the bounds and the bounds themselves, midpoints between, and Simpson's weights.
static void grid_lay(struct grid *grid, double bound, double centre)
{
	double ends[GRID_BASE + 2];
	size_t count = 0;

	ends[count++] = fmax(-bound, base_point(0, centre));
	for (size_t i = 0; i < GRID_BASE; i++) {
		double z = base_point(i, centre);

		if (z > ends[count - 1] && z < bound)
			ends[count++] = z;
	}
	if (isfinite(bound))
		ends[count++] = bound;
	grid->count = 2 * count - 1;
	for (size_t i = 0; i < count; i++)
		grid->z[2 * i] = ends[i];
	for (size_t i = 0; i < grid->count; i++)
		grid->weighted[i] = 0;
	for (size_t i = 1; i < grid->count; i += 2) {
		double width = grid->z[i + 1] - grid->z[i - 1];

		grid->z[i] = (grid->z[i - 1] + grid->z[i + 1]) / 2;
		grid->weighted[i - 1] += width / 6;
		grid->weighted[i] += width * 4 / 6;
		grid->weighted[i + 1] += width / 6;
	}
}

// The density of Z at the next look, of the paths that the grid holds.
static double next_density(const struct grid *before, double z, double information, double drift)
{
	double step = information - before->information;
	double density = 0;

	if (before->count == 0)
		return gsl_ran_ugaussian_pdf(z - drift * sqrt(information));
	for (size_t i = 0; i < before->count; i++) {
		double moved = z * sqrt(information) - before->z[i] * sqrt(before->information);

		density += before->weighted[i] *
			   exp(-(moved - drift * step) * (moved - drift * step) / (2 * step));
	}
	return density * sqrt(information / step) / sqrt(2 * M_PI);
}

// The chance to lie above `bound` at the next look, having reached none before.
static double tail_above(
	const struct grid *before, double bound, double information, double drift, double side)
{
	double step = information - before->information;
	double tail = 0;

	if (before->count == 0)
		return gsl_cdf_ugaussian_Q(bound - side * drift * sqrt(information));
	for (size_t i = 0; i < before->count; i++)
		tail += before->weighted[i] *
			gsl_cdf_ugaussian_Q(
				(bound * sqrt(information) -
					side * before->z[i] * sqrt(before->information) -
					side * drift * step) /
				sqrt(step));
	return tail;
}

static void grid_advance(struct grid *grid, double bound, double information, double drift)
{
	struct grid next;

	grid_lay(&next, bound, drift * sqrt(information));
	for (size_t i = 0; i < next.count; i++)
		next.weighted[i] *= next_density(grid, next.z[i], information, drift);
	next.information = information;
	*grid = next;
}

// Where the tails beyond weigh `spent`.
static double bound_find(const struct grid *before, double spent, double information)
{
	double low = 0;
	double high = BOUND_MOST;

	if (spent < SPENT_LEAST)
		return INFINITY;
	if (before->count == 0)
		return gsl_cdf_ugaussian_Qinv(spent / 2);
	for (int i = 0; i < BISECTIONS && high - low > 1e-9; i++) {
		double middle = (low + high) / 2;

		if (tail_above(before, middle, information, 0, 1) > spent / 2)
			low = middle;
		else
			high = middle;
	}
	return high;
}

bool sequential_bounds(
	const double *information, const double *may_spend, size_t looks, double *bounds)
{
	struct grid *grid = calloc(1, sizeof(*grid));
	double spent = 0;

	if (!grid)
		return false;
	for (size_t i = 0; i < looks; i++) {
		bounds[i] = bound_find(grid, may_spend[i] - spent, information[i]);
		if (isfinite(bounds[i]))
			spent = may_spend[i];
		grid_advance(grid, bounds[i], information[i], 0);
	}
	free(grid);
	return true;
}

double sequential_crossing(
	const double *information, const double *bounds, size_t looks, double drift)
{
	struct grid *grid = calloc(1, sizeof(*grid));
	double crossed = 0;

	if (!grid)
		return NAN;
	for (size_t i = 0; i < looks; i++) {
		crossed += tail_above(grid, bounds[i], information[i], drift, 1) +
			   tail_above(grid, bounds[i], information[i], drift, -1);
		grid_advance(grid, bounds[i], information[i], drift);
	}
	free(grid);
	return crossed;
}

// ---- a session's looks

// The table's alphas lie evenly on the scale of normal quantiles, on which bounds are nearly
// straight lines.
static double quantile_of(size_t i)
{
	double least = gsl_cdf_ugaussian_Qinv(ALPHA_LEAST / 2);
	double most = gsl_cdf_ugaussian_Qinv(ALPHA_MOST / 2);

	return least + (most - least) * (double)i / (SEQUENTIAL_ALPHAS - 1);
}

static bool table_fill(struct sequential *schedule)
{
	double information[SEQUENTIAL_LOOKS_MAX];
	double may_spend[SEQUENTIAL_LOOKS_MAX];
	double bounds[SEQUENTIAL_LOOKS_MAX];

	for (size_t k = 0; k < schedule->looks_count; k++)
		information[k] = (double)schedule->looks[k] / (double)schedule->rounds_max;
	for (size_t i = 0; i < SEQUENTIAL_ALPHAS; i++) {
		double alpha = 2 * gsl_cdf_ugaussian_Q(quantile_of(i));

		for (size_t k = 0; k < schedule->looks_count; k++)
			may_spend[k] = spending_obrien_fleming(alpha, information[k]);
		if (!sequential_bounds(information, may_spend, schedule->looks_count, bounds))
			return false;
		for (size_t k = 0; k < schedule->looks_count; k++)
			schedule->bounds[k][i] = bounds[k];
	}
	return true;
}

// The first number of rounds after which a first look could call anything changed.
static size_t first_look(size_t rounds_max, double alpha)
{
	size_t rounds = 1;

	while (rounds < rounds_max &&
		sign_flip_p_smallest(rounds) >
			spending_obrien_fleming(alpha, (double)rounds / (double)rounds_max))
		rounds++;
	return rounds;
}

bool sequential_make(struct sequential *schedule, size_t rounds_max, size_t every, double alpha)
{
	size_t first = first_look(rounds_max, alpha);

	while ((rounds_max - first) / every + 2 > SEQUENTIAL_LOOKS_MAX)
		every++;
	memset(schedule, 0, sizeof(*schedule));
	schedule->rounds_max = rounds_max;
	// A look just before the last one would cost level and save nothing.
	for (size_t rounds = first; rounds + every <= rounds_max; rounds += every)
		schedule->looks[schedule->looks_count++] = rounds;
	schedule->looks[schedule->looks_count++] = rounds_max;
	return table_fill(schedule);
}

bool sequential_restore(struct sequential *schedule, size_t rounds_max, const size_t *looks,
	size_t looks_count, size_t rounds_done)
{
	memset(schedule, 0, sizeof(*schedule));
	schedule->rounds_max = rounds_max;
	for (size_t k = 0; k < looks_count; k++) {
		bool is_between = rounds_done > (k ? looks[k - 1] : 0) && rounds_done < looks[k];

		if (is_between && schedule->looks_count < SEQUENTIAL_LOOKS_MAX)
			schedule->looks[schedule->looks_count++] = rounds_done;
		if (schedule->looks_count < SEQUENTIAL_LOOKS_MAX)
			schedule->looks[schedule->looks_count++] = looks[k];
	}
	while (schedule->looks_held < schedule->looks_count &&
		schedule->looks[schedule->looks_held] <= rounds_done)
		schedule->looks_held++;
	return table_fill(schedule);
}

static double bound_at(const struct sequential *schedule, size_t look, double alpha)
{
	double quantile = gsl_cdf_ugaussian_Qinv(fmin(fmax(alpha, ALPHA_LEAST), ALPHA_MOST) / 2);
	double place = (quantile - quantile_of(0)) / (quantile_of(1) - quantile_of(0));
	size_t below = (size_t)fmin(fmax(floor(place), 0), SEQUENTIAL_ALPHAS - 2);
	double share = place - (double)below;
	const double *bounds = schedule->bounds[look];

	// An infinite bound on one side leaves the other one's, unless the alpha is just that
	// one's.
	if (!isfinite(bounds[below]))
		return share < 1 ? INFINITY : bounds[below + 1];
	return bounds[below] + share * (bounds[below + 1] - bounds[below]);
}

double sequential_level(const struct sequential *schedule, size_t look, double alpha)
{
	return 2 * gsl_cdf_ugaussian_Q(bound_at(schedule, look, alpha));
}

double sequential_p(const struct sequential *schedule, size_t look, double p)
{
	double z = gsl_cdf_ugaussian_Qinv(fmin(p, 1) / 2);
	const double *bounds = schedule->bounds[look];
	size_t i = 0;
	double share = 1;

	while (i < SEQUENTIAL_ALPHAS && bounds[i] > z)
		i++;
	if (i == SEQUENTIAL_ALPHAS)
		return 1;
	if (i == 0)
		return ALPHA_LEAST;
	if (isfinite(bounds[i - 1]))
		share = (bounds[i - 1] - z) / (bounds[i - 1] - bounds[i]);
	return 2 * gsl_cdf_ugaussian_Q(
			   quantile_of(i - 1) + share * (quantile_of(i) - quantile_of(i - 1)));
}

// Far out in the tail the law of all looks is not to be trusted: with few rounds what is extreme at
// one look, through a small spread, is less so at the next than normal steps would have it. There
// the sum of the levels of all looks takes its place, which bounds the chance of passing any of
// them whatever joins them.
static double tail_bound(const struct sequential *schedule, double p)
{
	double sum = 0;

	if (p >= LAW_TRUSTED_FROM || schedule->looks_count < 2)
		return p;
	for (size_t look = 0; look < schedule->looks_count; look++)
		sum += sequential_level(schedule, look, p);
	return fmax(p, fmin(sum, LAW_TRUSTED_FROM));
}

// ---- a row

// The number of a row's figures that a look saw.
static size_t seen_by(
	const struct sequential *schedule, size_t look, const int64_t *blocks, size_t count)
{
	int64_t end = schedule->first_block + (int64_t)schedule->looks[look];
	size_t seen = 0;

	while (seen < count && blocks[seen] < end)
		seen++;
	return seen;
}

// The confidence of all looks together that the interval at the level of one reaches.
static void confidence_at(const struct sequential *schedule, size_t look, double confidence,
	struct interval *interval)
{
	double reached = 1 - sequential_p(schedule, look, 1 - interval->confidence);

	// The table's interpolation must not make 95 % look like 94.99 %.
	interval->confidence = interval->is_reached ? fmax(confidence, reached)
						    : fmin(nextafter(confidence, 0), reached);
}

// The smallest p of all looks held. *last becomes the last of them.
static double smallest_p(const struct sequential *schedule, const double *differences,
	const int64_t *blocks, size_t count, size_t *last)
{
	double smallest = 1;
	size_t before = 0;

	*last = 0;
	for (size_t look = 0; look < schedule->looks_count; look++) {
		size_t seen = seen_by(schedule, look, blocks, count);

		// A look that saw nothing new was none: the row was decided before.
		if (seen == before)
			continue;
		smallest = fmin(
			smallest, sequential_p(schedule, look, sign_flip_p(differences, seen)));
		before = seen;
		*last = look;
	}
	return tail_bound(schedule, smallest);
}

double sequential_p_of(const struct sequential *schedule, const double *differences,
	const int64_t *blocks, size_t count)
{
	size_t last;

	return smallest_p(schedule, differences, blocks, count, &last);
}

bool sequential_shift(const struct sequential *schedule, const double *differences,
	const int64_t *blocks, size_t count, double confidence, struct shift *shift)
{
	size_t last;
	double p = smallest_p(schedule, differences, blocks, count, &last);

	if (!shift_of_pairs(differences, count,
		    1 - sequential_level(schedule, last, 1 - confidence), shift))
		return false;
	shift->p = p;
	if (count > 1)
		confidence_at(schedule, last, confidence, &shift->interval);
	return true;
}

double sequential_p_smallest(const struct sequential *schedule, const int64_t *blocks, size_t count)
{
	double smallest = 1;
	size_t before = 0;

	for (size_t look = 0; look < schedule->looks_count; look++) {
		size_t seen = seen_by(schedule, look, blocks, count);

		if (seen > before)
			smallest = fmin(
				smallest, sequential_p(schedule, look, sign_flip_p_smallest(seen)));
		before = seen;
	}
	return tail_bound(schedule, smallest);
}

// ---- what is still to be hoped for

double sequential_hope(const struct sequential *schedule, double estimate, double spread,
	size_t rounds, double margin, double alpha)
{
	double n = (double)rounds;
	double total = (double)schedule->rounds_max;
	double bound = bound_at(schedule, schedule->looks_count - 1, alpha);
	double edge = bound * spread / sqrt(total); // of the estimate at the end, to exclude 1
	double room = log1p(margin) - edge; // within it the interval lies inside the margin
	double scatter = spread * sqrt(total - n) / total; // of the end's estimate around today's
	double nearest = fabs(estimate);
	double changed;
	double equivalent;

	if (rounds >= schedule->rounds_max || spread <= 0)
		return spread <= 0 ? 1 : 0;
	// The law of the end's estimate, had the truth the value seen today.
	scatter = sqrt(scatter * scatter + spread * spread / n * pow((total - n) / total, 2));
	changed = gsl_cdf_ugaussian_Q((edge - nearest) / scatter) +
		  gsl_cdf_ugaussian_Q((edge + nearest) / scatter);
	equivalent = room <= 0 ? 0
			       : gsl_cdf_ugaussian_P((room - nearest) / scatter) -
					 gsl_cdf_ugaussian_P((-room - nearest) / scatter);
	return fmin(1, changed + equivalent);
}

double sequential_rounds_needed(double estimate, double spread, double margin, double alpha)
{
	double bound = gsl_cdf_ugaussian_Qinv(alpha / 2);
	double changed = pow(bound * spread / estimate, 2);
	double room = log1p(margin) - fabs(estimate);
	double equivalent = room > 0 ? pow(bound * spread / room, 2) : INFINITY;

	return ceil(fmin(changed, equivalent));
}
