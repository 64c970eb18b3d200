// SPDX-License-Identifier: GPL-2.0-or-later
// Levels, shifts and lines. The header names the literature; GSL knows Student's distribution.
#include "level.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

#include "results/statistics/order.h"

static const double HUBER_LIMIT =
	1.345; // deviations; 95 % as efficient as least squares in Gaussian noise
static const double MAD_TO_DEVIATION = 1.4826; // of a Gaussian

// ---- levels

// fmin() and fmax() mind NaN, which never comes here, and are calls.
static double bounded(double value, double low, double high)
{
	return value < low ? low : value > high ? high : value;
}

static double winsorised_variance(const double *sorted, size_t count, size_t cut)
{
	double low = sorted[cut];
	double high = sorted[count - 1 - cut];
	double sum = 0;
	double squares = 0;

	for (size_t i = 0; i < count; i++)
		sum += bounded(sorted[i], low, high);
	for (size_t i = 0; i < count; i++) {
		double difference = bounded(sorted[i], low, high) - sum / (double)count;

		squares += difference * difference;
	}
	return count > 1 ? squares / (double)(count - 1) : 0;
}

struct level level_of(const double *sorted, size_t count)
{
	size_t cut = count / 5;
	size_t kept = count - 2 * cut;
	double freedom = (double)kept - 1;
	double sum = 0;

	for (size_t i = cut; i < count - cut; i++)
		sum += sorted[i];
	return (struct level){
		.mean = sum / (double)kept,
		.error_squared = freedom > 0
					 ? winsorised_variance(sorted, count, cut) *
						   (double)(count - 1) / ((double)kept * freedom)
					 : 0,
		.freedom = freedom,
	};
}

// Welch's degrees of freedom. Of shares, because the squares of squares of large values overflow.
static double welch_freedom(const struct level *before, const struct level *after)
{
	double sum = before->error_squared + after->error_squared;
	double share = before->error_squared / sum;

	if (!(sum > 0) || !isfinite(sum) || before->freedom < 1 || after->freedom < 1)
		return 1;
	return 1 / (share * share / before->freedom + (1 - share) * (1 - share) / after->freedom);
}

struct level_shift level_shift(
	const struct level *before, const struct level *after, double widening, double confidence)
{
	double size = after->mean - before->mean;
	double reach = gsl_cdf_tdist_Pinv((1 + confidence) / 2, welch_freedom(before, after)) *
		       widening * sqrt(before->error_squared + after->error_squared);

	return (struct level_shift){.size = size, .low = size - reach, .high = size + reach};
}

// ---- lines

double line_at(const struct line *line, const size_t *positions, size_t i)
{
	return line->start + line->slope * (double)(positions[i] - positions[0]);
}

static double residual_scale(const double *values, const size_t *positions, size_t count,
	const struct line *line, double *room)
{
	for (size_t i = 0; i < count; i++)
		room[i] = fabs(values[i] - line_at(line, positions, i));
	return order_median(room, count) * MAD_TO_DEVIATION;
}

// Weighted least squares; a residual beyond `limit` weighs less, as the line before has it.
static struct line line_improved(const double *values, const size_t *positions, size_t count,
	const struct line *before, double limit)
{
	double weights = 0;
	double x_mean = 0;
	double y_mean = 0;
	double xx = 0;
	double xy = 0;

	// Pebay's updating formulas: no difference of large sums.
	for (size_t i = 0; i < count; i++) {
		double residual = fabs(values[i] - line_at(before, positions, i));
		double weight = residual > limit ? limit / residual : 1;
		double x = (double)(positions[i] - positions[0]) - x_mean;
		double y = values[i] - y_mean;
		double share;

		weights += weight;
		share = weight / weights;
		x_mean += x * share;
		y_mean += y * share;
		xx += weight * x * ((double)(positions[i] - positions[0]) - x_mean);
		xy += weight * x * (values[i] - y_mean);
	}
	return (struct line){.slope = xy / xx, .start = y_mean - xy / xx * x_mean};
}

// The slope's standard error: of the bounded residuals, over the share that is not bounded.
static double slope_error(const double *values, const size_t *positions, size_t count,
	const struct line *line, double limit)
{
	double squares = 0;
	double within = 0;
	double x_mean = 0;
	double xx = 0;

	for (size_t i = 0; i < count; i++) {
		double residual = fabs(values[i] - line_at(line, positions, i));
		double x = (double)(positions[i] - positions[0]) - x_mean;

		within += residual <= limit;
		squares += bounded(residual, 0, limit) * bounded(residual, 0, limit);
		x_mean += x / (double)(i + 1);
		xx += x * ((double)(positions[i] - positions[0]) - x_mean);
	}
	if (!(within > 0))
		return 0;
	return sqrt(squares / (double)(count - 2) / xx) * (double)count / within;
}

struct line line_through(const double *values, const size_t *positions, size_t count, double *room)
{
	enum { ROUNDS = 6 };
	struct line line = {0};
	double limit = INFINITY;

	line = line_improved(values, positions, count, &line, limit);
	for (int round = 0; round < ROUNDS; round++) {
		limit = residual_scale(values, positions, count, &line, room) * HUBER_LIMIT;
		if (!(limit > 0))
			return line; // more than half of the values lie on it
		line = line_improved(values, positions, count, &line, limit);
	}
	line.slope_error = slope_error(values, positions, count, &line, limit);
	return line;
}
