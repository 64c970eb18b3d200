// SPDX-License-Identifier: GPL-2.0-or-later
// Lines that follow one another. Levels say little of a series that climbs or wanders: to their test it
// is noise whose neighbours resemble each other. Where neighbours differ by little beside what the
// series goes through (von Neumann, 1941), lines are tried: one is cut in two as long as that gains
// twice what Schwarz's criterion (1978) asks for, with the noise that the lines leave over. Entry:
// bends_cut().
#include "bends.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "autocorrelation.h"
#include "jump.h"

enum { LINES_MAX = 16, REFINEMENTS_MAX = 2 };

static const double SMOOTH = 0.2; // mean squared step over the variance; independent noise has 2
static const double PARAMETERS = 3; // of one more line: its place, its level and its slope
static const double STRICTNESS = 2; // times Schwarz's penalty: the place was searched for
static const double AUTOCORRELATION_MAX = 0.98;
static const double ROUNDING = 1e-22; // a mean square that is but the rounding of values about 1

// Sums of positions and values up to each value, about their means, so that no large ones cancel.
struct sums {
	double x, y, xx, xy, yy;
};

struct lines {
	struct cut_series *series;
	struct sums *sums;
	double x_mean, y_mean;
	size_t ends[LINES_MAX + 1]; // ends[0] is 0, ends[count] the number of values
	size_t count;
};

static bool is_smooth(const struct cut_series *series, double mean)
{
	double steps = 0;
	double squares = 0;

	for (size_t i = 0; i < series->count; i++) {
		double step = i > 0 ? series->values[i] - series->values[i - 1] : 0;

		steps += step * step;
		squares += (series->values[i] - mean) * (series->values[i] - mean);
	}
	return squares > ROUNDING * (double)series->count && steps < SMOOTH * squares;
}

static bool lines_make(struct lines *lines, struct cut_series *series)
{
	size_t count = series->count;

	*lines = (struct lines){.series = series, .count = 1, .ends = {0, count}};
	for (size_t i = 0; i < count; i++) {
		lines->x_mean += (double)series->positions[i] / (double)count;
		lines->y_mean += series->values[i] / (double)count;
	}
	if (!is_smooth(series, lines->y_mean))
		return false;
	lines->sums = calloc(count + 1, sizeof(*lines->sums));
	for (size_t i = 0; lines->sums && i < count; i++) {
		double x = (double)series->positions[i] - lines->x_mean;
		double y = series->values[i] - lines->y_mean;
		const struct sums *before = &lines->sums[i];

		lines->sums[i + 1] = (struct sums){before->x + x, before->y + y, before->xx + x * x,
			before->xy + x * y, before->yy + y * y};
	}
	return lines->sums;
}

struct fit {
	double slope;
	double start; // at the mean position of all
	double squares; // that are left over
	double spread; // of the positions
};

static struct fit fit_of(const struct lines *lines, size_t first, size_t end)
{
	const struct sums *from = &lines->sums[first];
	const struct sums *to = &lines->sums[end];
	double n = (double)(end - first);
	double x = to->x - from->x;
	double y = to->y - from->y;
	double spread = to->xx - from->xx - x * x / n;
	double product = to->xy - from->xy - x * y / n;
	double slope = spread > 0 ? product / spread : 0;

	return (struct fit){
		.slope = slope,
		.start = (y - slope * x) / n,
		.squares = fmax(0, to->yy - from->yy - y * y / n - slope * product),
		.spread = spread,
	};
}

// The same as fit_of()'s squares, without what no search for a place asks for.
static inline double squares_of(const struct lines *lines, size_t first, size_t end)
{
	const struct sums *from = &lines->sums[first];
	const struct sums *to = &lines->sums[end];
	double n = 1 / (double)(end - first);
	double x = to->x - from->x;
	double y = to->y - from->y;
	double product = to->xy - from->xy - x * y * n;

	return to->yy - from->yy - y * y * n - product * product / (to->xx - from->xx - x * x * n);
}

// The place at which two lines leave the least over; 0: there is room for one only.
static size_t best_place(const struct lines *lines, size_t first, size_t end, double *squares)
{
	size_t best = 0;

	*squares = INFINITY;
	for (size_t at = first + JUMP_TELLING; at + JUMP_TELLING <= end; at++) {
		double both = squares_of(lines, first, at) + squares_of(lines, at, end);

		if (both < *squares) {
			*squares = both;
			best = at;
		}
	}
	return best;
}

// Moves each end to its best place between its neighbours.
static void lines_refine(struct lines *lines)
{
	for (int round = 0; round < REFINEMENTS_MAX; round++) {
		bool has_moved = false;

		for (size_t i = 1; i < lines->count; i++) {
			double ignored;
			size_t at =
				best_place(lines, lines->ends[i - 1], lines->ends[i + 1], &ignored);

			has_moved |= at != lines->ends[i];
			lines->ends[i] = at;
		}
		if (!has_moved)
			return;
	}
}

// Cuts the line where that gains most. False: none can be cut.
static bool lines_cut(struct lines *lines)
{
	double most = -1;
	size_t line = 0;
	size_t place = 0;

	for (size_t i = 0; i < lines->count; i++) {
		double both;
		size_t at = best_place(lines, lines->ends[i], lines->ends[i + 1], &both);
		double gain = squares_of(lines, lines->ends[i], lines->ends[i + 1]) - both;

		if (at == 0 || gain <= most)
			continue;
		most = gain;
		line = i;
		place = at;
	}
	if (place == 0 || lines->count == LINES_MAX)
		return false;
	for (size_t i = ++lines->count; i > line + 1; i--)
		lines->ends[i] = lines->ends[i - 1];
	lines->ends[line + 1] = place;
	if (lines->count > 2)
		lines_refine(lines);
	return true;
}

// What the lines leave over goes into series->rest.
static double lines_squares(const struct lines *lines)
{
	struct cut_series *series = lines->series;
	double squares = 0;

	for (size_t i = 0; i < lines->count; i++) {
		struct fit fit = fit_of(lines, lines->ends[i], lines->ends[i + 1]);

		squares += fit.squares;
		for (size_t k = lines->ends[i]; k < lines->ends[i + 1]; k++)
			series->rest[k] =
				series->values[k] - lines->y_mean - fit.start -
				fit.slope * ((double)series->positions[k] - lines->x_mean);
	}
	return squares;
}

static double lines_autocorrelation(const struct lines *lines)
{
	return fmax(0, fmin(AUTOCORRELATION_MAX, autocorrelation_plain(lines->series->rest,
							 lines->series->count, 2 * lines->count)));
}

// Whether one more line was worth it. `before` is what was left over without it.
static bool is_worth(const struct lines *lines, double before)
{
	double squares = lines_squares(lines);
	double n = (double)lines->series->count;
	double rho = lines_autocorrelation(lines);
	double independent = n * (1 - rho) / (1 + rho);

	// As few as the parameters say nothing of them; a smooth curve is such.
	if (before <= ROUNDING * n || independent <= PARAMETERS + 1)
		return false;
	return independent * log(before / fmax(squares, ROUNDING * n)) >
	       STRICTNESS * PARAMETERS * log(independent);
}

// Whether the lines say more than the steps that they would replace. A step costs its place and its
// size; the first line one parameter more than the first level.
static bool is_better_than_steps(const struct lines *lines, const struct cut *steps)
{
	const struct cut_series *series = lines->series;
	double of_lines = lines_squares(lines);
	double of_steps = 0;
	double n = (double)series->count;
	double rho = lines_autocorrelation(lines);
	double independent = n * (1 - rho) / (1 + rho);
	double parameters =
		PARAMETERS * (double)(lines->count - 1) + 1 - 2 * (double)(steps->segments - 1);

	for (size_t i = 0; i < series->count; i++)
		of_steps += series->left_by_steps[i] * series->left_by_steps[i];
	return independent * log(of_steps / fmax(of_lines, ROUNDING * n)) >
	       STRICTNESS * parameters * log(independent);
}

bool bends_cut(struct cut_series *series, struct cut *cut)
{
	struct lines lines;
	struct lines longer;
	bool are_found;

	if (series->count < (size_t)2 * JUMP_TELLING || !lines_make(&lines, series))
		return false;
	longer = lines;
	while (lines_cut(&longer) && is_worth(&longer, lines_squares(&lines)))
		lines = longer;
	are_found = lines.count > 1 && (cut->segments == 1 || is_better_than_steps(&lines, cut));
	if (are_found) {
		cut->segments = lines.count;
		for (size_t i = 0; i <= lines.count; i++)
			cut->starts[i] = (struct start){.at = lines.ends[i]};
		(void)lines_squares(&lines);
		cut->autocorrelation = lines_autocorrelation(&lines);
	}
	free(lines.sums);
	return are_found;
}

static struct line line_of(struct cut_series *series, const struct cut *cut, size_t i)
{
	size_t first = cut->starts[i].at;

	return line_through(series->values + first, series->positions + first,
		cut->starts[i + 1].at - first, series->room);
}

struct level_shift bend_measure(
	struct cut_series *series, const struct cut *cut, size_t i, double *before, double *after)
{
	struct line one = line_of(series, cut, i - 1);
	struct line two = line_of(series, cut, i);
	double freedom = (double)(cut->starts[i + 1].at - cut->starts[i - 1].at) - 4;
	double reach = hypot(one.slope_error, two.slope_error) *
		       autocorrelation_widening(cut->autocorrelation) *
		       gsl_cdf_tdist_Pinv(0.975, freedom);
	double size = two.slope - one.slope;

	*before = one.slope;
	*after = two.slope;
	return (struct level_shift){size, size - reach, size + reach};
}
