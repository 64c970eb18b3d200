// SPDX-License-Identifier: GPL-2.0-or-later
// Whether a series that moves all the time also jumps at a place: lines through the values on both
// sides are held against each other where they meet (regression discontinuity; Hahn, Todd and van
// der Klaauw, Econometrica 2001). A bend is no jump. Pure.
#ifndef RESULTS_SERIES_JUMP_H
#define RESULTS_SERIES_JUMP_H

#include <stddef.h>

// A side needs so many values; fewer than the second say nothing of a slope.
#define JUMP_SIDE_MIN 3
#define JUMP_TELLING  8

struct jump {
	double before, after; // what the lines say where they meet, between the two values
	double stride; // how far the steeper line goes from the one value to the next
	double error; // standard error of their difference, of independent noise
	double freedom; // degrees of freedom of the error
};

// The jump between values[at - 1] and values[at], or up to `around` values beside that where the two
// lines fit better, as the nearest values within [first, end) show it; at least JUMP_SIDE_MIN on each
// side. `room` holds as many numbers as there are values.
struct jump jump_measure(const double *values, const size_t *positions, size_t first, size_t at,
	size_t end, size_t around, double *room);

// The value that the nearest values say at one end of a run of at least JUMP_SIDE_MIN values: at
// its first (is_end 0) or its last (1), and its standard error.
double jump_end_value(const double *values, const size_t *positions, size_t count, int is_end,
	double *error, double *room);

#endif
