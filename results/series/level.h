// SPDX-License-Identifier: GPL-2.0-or-later
// The levels that a series holds between its changes, and the line of a slow drift: robust figures
// with their intervals. Pure functions.
#ifndef RESULTS_SERIES_LEVEL_H
#define RESULTS_SERIES_LEVEL_H

#include <stdbool.h>
#include <stddef.h>

// A run of values condensed: 20 % trimmed mean and its squared standard error (Tukey and
// McLaughlin, 1963).
struct level {
	double mean;
	double error_squared;
	double freedom; // degrees of freedom of the error
};

// Level of a run, whose values are sorted. At least one.
struct level level_of(const double *sorted, size_t count);

struct level_shift {
	double size;
	double low, high;
};
// The difference of two levels with Yuen's interval (Biometrika 1974); `widening` multiplies the
// standard error.
struct level_shift level_shift(
	const struct level *before, const struct level *after, double widening, double confidence);

// A line by Huber's M-estimate (Annals of Statistics 1973); scale: the median absolute residual.
struct line {
	double start; // at positions[0]
	double slope; // a position
	double slope_error;
};
// At least 3 values at ascending positions. `room` holds as many numbers as there are values.
struct line line_through(const double *values, const size_t *positions, size_t count, double *room);
double line_at(const struct line *line, const size_t *positions, size_t i);

#endif
