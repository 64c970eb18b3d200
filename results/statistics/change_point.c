// SPDX-License-Identifier: GPL-2.0-or-later
// From the segments of a series (cut.h) to its steps, or its drift. Entry: change_points_find(). The
// series is cut; then a line is tried: where it explains more than the steps do, the series drifts,
// and what the line leaves over is cut again.
#include "change_point.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include "autocorrelation.h"
#include "cut.h"
#include "level.h"
#include "order.h"

static const double MAD_TO_DEVIATION = 1.4826; // of a Gaussian
static const double ROUNDING =
	1e-12; // what levels of values about 1 leave over where there is no noise

// ---- what was found

// In the caller's magnitude again.
static struct change_shift caller_shift(const struct cut_series *series, double before,
	double after, const struct level_shift *shift)
{
	return (struct change_shift){
		.before = ldexp(before, series->exponent),
		.after = ldexp(after, series->exponent),
		.size = ldexp(shift->size, series->exponent),
		.size_low = ldexp(shift->low, series->exponent),
		.size_high = ldexp(shift->high, series->exponent),
	};
}

static bool points_fill(struct cut_series *series, const double *values, const struct cut *cut,
	struct change_points *found)
{
	struct level before;

	found->values = series->count;
	found->autocorrelation = cut->autocorrelation;
	found->count = 0;
	found->items = calloc(cut->segments + 1, sizeof(*found->items));
	if (!found->items)
		return false;
	if (cut->segments < 2)
		return true;
	before = cut_level(series, values, cut, 0);
	for (size_t i = 1; i < cut->segments; i++) {
		struct level after = cut_level(series, values, cut, i);
		struct level_shift shift = level_shift(&before, &after,
			autocorrelation_widening(cut->autocorrelation), CHANGE_CONFIDENCE);

		found->items[found->count++] = (struct change_point){
			.index = series->positions[cut->starts[i].at],
			.shift = caller_shift(series, before.mean, after.mean, &shift),
		};
		before = after;
	}
	return true;
}

// ---- drift

static double deviation(struct cut_series *series, const double *left)
{
	for (size_t i = 0; i < series->count; i++)
		series->room[i] = fabs(left[i]);
	return order_median(series->room, series->count) * MAD_TO_DEVIATION;
}

// Squares, none larger than that of three deviations: spikes say nothing about steps or lines.
static double loss(const double *left, size_t count, double scale)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += fmin(left[i] * left[i], 9 * scale * scale);
	return sum;
}

// Whether line and steps together explain the series better than steps alone, by Schwarz's
// criterion (1978). A step costs two parameters, its place and its size; a line two, because the
// level before the first step is common to both.
static bool line_is_better(
	struct cut_series *series, const struct cut *steps, const struct cut *lined)
{
	double of_steps = deviation(series, series->left_by_steps);
	double of_line = deviation(series, series->left_by_line);
	double scale = fmin(of_steps, of_line);
	double rho = fmin(
		autocorrelation_believed(series->left_by_steps, series->count, steps->segments),
		autocorrelation_believed(series->left_by_line, series->count, lined->segments + 1));
	double independent = (double)series->count * (1 - rho) / (1 + rho);
	double parameters = 2 * ((double)lined->segments - (double)steps->segments) + 2;

	if (of_steps < ROUNDING || of_line < ROUNDING)
		return of_line < of_steps && of_steps > ROUNDING;
	return independent * log(loss(series->left_by_line, series->count, scale) /
				     loss(series->left_by_steps, series->count, scale)) +
		       parameters * log(independent) <
	       0;
}

// A cheap look first: the share of the squares that a least-squares line explains.
static double line_share(const double *values, size_t count)
{
	double x_mean = (double)(count - 1) / 2;
	double xx = (double)count * ((double)count * (double)count - 1) / 12;
	double mean = gsl_stats_mean(values, 1, count);
	double yy = 0;
	double xy = 0;

	for (size_t i = 0; i < count; i++) {
		yy += (values[i] - mean) * (values[i] - mean);
		xy += ((double)i - x_mean) * (values[i] - mean);
	}
	return yy > 0 ? xy * xy / (xx * yy) : 0;
}

static double steps_share(const struct cut_series *series)
{
	double mean = gsl_stats_mean(series->values, 1, series->count);
	double all = 0;
	double left = 0;

	for (size_t i = 0; i < series->count; i++) {
		all += (series->values[i] - mean) * (series->values[i] - mean);
		left += series->left_by_steps[i] * series->left_by_steps[i];
	}
	return all > 0 ? 1 - left / all : 0;
}

// A line that explains less than a single step, or than half of what several explain, is not worth
// its robust fit: most series with a step end here.
static bool line_is_hopeless(const struct cut_series *series, const struct cut *steps)
{
	double share = steps->segments == 2 ? 0.9 : 0.5;

	return line_share(series->values, series->count) < share * steps_share(series);
}

// Cuts what a line leaves over, into *lined. Returns whether that says more than the steps.
static bool drift_find(
	struct cut_series *series, const struct cut *steps, struct cut *lined, struct line *line)
{
	if (steps->segments < 2 || line_is_hopeless(series, steps))
		return false;
	*line = line_through(series->values, series->positions, series->count, series->room);
	for (size_t i = 0; i < series->count; i++)
		series->rest[i] = series->values[i] - line_at(line, series->positions, i);
	cut_find(series, series->rest, lined, series->left_by_line);
	return line_is_better(series, steps, lined);
}

static struct change_drift drift_of(
	const struct cut_series *series, const struct line *line, double autocorrelation)
{
	size_t last = series->count - 1;
	double length = (double)(series->positions[last] - series->positions[0]);
	double size = line->slope * length;
	struct level_shift shift;
	double reach = line->slope_error * length * autocorrelation_widening(autocorrelation) *
		       gsl_cdf_tdist_Pinv((1 + CHANGE_CONFIDENCE) / 2, (double)last - 1);

	shift = (struct level_shift){size, size - reach, size + reach};
	return (struct change_drift){
		.is_there = true,
		.first = series->positions[0],
		.last = series->positions[last],
		.shift = caller_shift(series, line->start, line->start + size, &shift),
	};
}

// ---- together

static bool series_judge(struct cut_series *series, struct cut *steps, struct cut *lined,
	struct change_points *found)
{
	struct line line;

	cut_find(series, series->values, steps, series->left_by_steps);
	if (!drift_find(series, steps, lined, &line))
		return points_fill(series, series->values, steps, found);
	found->drift = drift_of(series, &line, lined->autocorrelation);
	return points_fill(series, series->rest, lined, found);
}

bool change_points_find(const double *values, size_t count, struct change_points *found)
{
	struct cut_series series;
	struct cut steps = {0};
	struct cut lined = {0};
	bool is_good = cut_series_make(&series, values, count) && cut_make(&steps, series.count) &&
		       cut_make(&lined, series.count);

	*found = (struct change_points){0};
	is_good = is_good && series_judge(&series, &steps, &lined, found);
	cut_series_free(&series);
	free(steps.starts);
	free(lined.starts);
	return is_good;
}

void change_points_free(struct change_points *found)
{
	free(found->items);
	*found = (struct change_points){0};
}
