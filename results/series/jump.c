// SPDX-License-Identifier: GPL-2.0-or-later
// Two lines that meet. Entry: jump_measure().
#include "jump.h"

#include <math.h>

#include "level.h"

// So many values of a side at most: further off, a curve is no line.
enum { NEAR_MAX = 20 };

static const double BOUND = 3; // residuals count as so many deviations at most
static const double DISTANCE_TO_DEVIATION = 1.2533; // of a Gaussian

// What a line through a run says at a position.
struct reading {
	double value;
	double error; // standard
	double slope; // a position; 0 where too few values tell it
	double squares; // of what the line leaves over, bounded
};

static struct reading read_at(
	const double *values, const size_t *positions, size_t count, double position, double *room)
{
	struct line line = line_through(values, positions, count, room);
	struct reading reading = {.slope = count < JUMP_TELLING ? 0 : line.slope};
	double mean = 0;
	double spread = 0;
	double distance = 0;

	for (size_t i = 0; i < count; i++) {
		mean += (double)(positions[i] - positions[0]) / (double)count;
		distance += fabs(values[i] - line_at(&line, positions, i)) / (double)count;
	}
	for (size_t i = 0; i < count; i++) {
		double residual = fabs(values[i] - line_at(&line, positions, i));
		double from_mean = (double)(positions[i] - positions[0]) - mean;

		spread += from_mean * from_mean;
		residual = fmin(residual, BOUND * DISTANCE_TO_DEVIATION * distance);
		reading.squares += residual * residual;
	}
	position -= (double)positions[0];
	reading.value = line.start + line.slope * position;
	reading.error = sqrt(reading.squares / (double)(count - 2) *
			     (1 / (double)count + (position - mean) * (position - mean) / spread));
	return reading;
}

// The jump at this very place; *squares is what both lines leave over.
static struct jump jump_at(const double *values, const size_t *positions, size_t from, size_t at,
	size_t to, double *squares, double *room)
{
	double middle = ((double)positions[at - 1] + (double)positions[at]) / 2;
	struct reading before = read_at(values + from, positions + from, at - from, middle, room);
	struct reading after = read_at(values + at, positions + at, to - at, middle, room);

	*squares = before.squares + after.squares;
	return (struct jump){
		.before = before.value,
		.after = after.value,
		.stride = fmax(fabs(before.slope), fabs(after.slope)) *
			  (double)(positions[at] - positions[at - 1]),
		.error = hypot(before.error, after.error),
		.freedom = (double)(to - from) - 4,
	};
}

struct jump jump_measure(const double *values, const size_t *positions, size_t first, size_t at,
	size_t end, size_t around, double *room)
{
	size_t from = at - first > NEAR_MAX ? at - NEAR_MAX : first;
	size_t to = end - at > NEAR_MAX ? at + NEAR_MAX : end;
	size_t low = at - from > JUMP_SIDE_MIN + around ? at - around : from + JUMP_SIDE_MIN;
	size_t high = to - at > JUMP_SIDE_MIN + around ? at + around : to - JUMP_SIDE_MIN;
	double least = INFINITY;
	struct jump best = {0};

	for (size_t place = low; place <= high; place++) {
		double squares;
		struct jump jump = jump_at(values, positions, from, place, to, &squares, room);

		if (squares < least) {
			least = squares;
			best = jump;
		}
	}
	return best;
}

double jump_end_value(const double *values, const size_t *positions, size_t count, int is_end,
	double *error, double *room)
{
	size_t near = count > NEAR_MAX ? NEAR_MAX : count;
	size_t first = is_end ? count - near : 0;

	struct reading reading = read_at(values + first, positions + first, near,
		(double)positions[is_end ? count - 1 : 0], room);

	*error = reading.error;
	return reading.value;
}
