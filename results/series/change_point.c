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
#include "bends.h"
#include "cut.h"
#include "jump.h"
#include "level.h"
#include "results/statistics/order.h"
#include "spread.h"
#include "sudden.h"

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

static bool points_make(
	const struct cut_series *series, const struct cut *cut, struct change_points *found)
{
	found->values = series->count;
	found->autocorrelation = cut->autocorrelation;
	found->count = 0;
	found->items = calloc(cut->segments + 1, sizeof(*found->items));
	return found->items;
}

static void point_add(const struct cut_series *series, const struct start *start, double before,
	double after, const struct level_shift *shift, struct change_points *found)
{
	found->items[found->count++] = (struct change_point){
		.index = series->positions[start->at],
		.shift = caller_shift(series, before, after, shift),
	};
}

// A short segment says little of its own scatter; there all of the series speaks for it, from whose
// noise the test found it. A long one that scatters more than that speaks for itself.
static struct level segment_level(
	struct cut_series *series, const struct cut *cut, size_t i, const struct level *all)
{
	enum { OWN_MIN = 12 };
	struct level level = cut_level(series, series->values, cut, i);
	size_t count = cut->starts[i + 1].at - cut->starts[i].at;
	double pooled = all->error_squared * (double)series->count / (double)count;

	if (count >= OWN_MIN && level.error_squared > pooled)
		return level;
	level.error_squared = pooled;
	level.freedom = all->freedom;
	return level;
}

static struct level_shift start_shift(struct cut_series *series, const struct cut *cut, size_t i,
	const struct level *all, struct level *before, struct level *after)
{
	*before = segment_level(series, cut, i - 1, all);
	*after = segment_level(series, cut, i, all);
	return level_shift(
		before, after, autocorrelation_widening(cut->autocorrelation), CHANGE_CONFIDENCE);
}

// A step whose own interval holds no change is none.
static void steps_doubt(struct cut_series *series, struct cut *cut, const struct level *all)
{
	struct level before;
	struct level after;

	for (size_t i = 1; i < cut->segments;) {
		struct level_shift shift = start_shift(series, cut, i, all, &before, &after);

		if (shift.low <= 0 && shift.high >= 0)
			cut_start_remove(cut, i);
		else
			i++;
	}
}

// Whether the level before the spell from item i to the next is there again after it.
static bool is_spell(const struct change_points *found, size_t i)
{
	static const double NEAR = 0.25; // of the spell's height
	const struct change_point *begin = &found->items[i];
	const struct change_point *end = begin + 1;

	return i + 1 < found->count && end->index - begin->index <= CHANGE_SPELL_MAX &&
	       (begin->shift.size > 0) != (end->shift.size > 0) &&
	       fabs(end->shift.after - begin->shift.before) < NEAR * fabs(begin->shift.size);
}

static void spells_name(struct change_points *found)
{
	for (size_t i = 0; i < found->count; i++) {
		if (!is_spell(found, i))
			continue;
		found->items[i].kind = CHANGE_INCIDENT;
		found->items[++i].kind = CHANGE_RETURN;
	}
}

const char *change_kind_name(enum change_kind kind)
{
	static const char *const NAMES[] = {"step", "incident", "return", "bend"};

	return NAMES[kind];
}

static void spread_fill(struct cut_series *series, struct change_points *found)
{
	struct spread spread = spread_find(series);

	if (!spread.is_there)
		return;
	found->spread = (struct change_spread){
		.is_there = true,
		.index = series->positions[spread.at],
		.before = ldexp(spread.before, series->exponent),
		.after = ldexp(spread.after, series->exponent),
	};
}

static bool points_fill(struct cut_series *series, struct cut *cut, struct change_points *found)
{
	struct level all;

	if (!points_make(series, cut, found))
		return false;
	split_work_order(&series->work, series->left_by_steps, series->count);
	for (size_t i = 0; i < series->count; i++)
		series->room[i] = series->left_by_steps[series->work.order[i]];
	if (series->count == 0)
		return true;
	all = level_of(series->room, series->count);
	steps_doubt(series, cut, &all);
	for (size_t i = 1; i < cut->segments; i++) {
		struct level before;
		struct level after;
		struct level_shift shift = start_shift(series, cut, i, &all, &before, &after);

		point_add(series, &cut->starts[i], before.mean, after.mean, &shift, found);
	}
	spells_name(found);
	spread_fill(series, found);
	return true;
}

// ---- steps of a series that drifts

static const double JUMP_SHARE = 0.004; // of places without a jump that would be called one

// Steps that follow a bend need not stand exactly at it; lines meet where they fit best.
enum { AROUND_STEPS = 6, AROUND_LINES = 1 };

static struct jump start_jump(
	struct cut_series *series, const struct cut *cut, size_t i, size_t around)
{
	return jump_measure(series->values, series->positions, cut->starts[i - 1].at,
		cut->starts[i].at, cut->starts[i + 1].at, around, series->room);
}

// Whether a jump is beyond chance, and beyond how far the series goes in so many values: the place is
// known no better.
static bool jump_tells(const struct jump *jump, const struct cut *cut, double values)
{
	return fabs(jump->after - jump->before) - jump->stride * values >
	       jump->error * autocorrelation_widening(cut->autocorrelation) *
		       gsl_cdf_tdist_Pinv(1 - JUMP_SHARE / 2, jump->freedom);
}

static bool start_is_jump(struct cut_series *series, const struct cut *cut, size_t i)
{
	const struct start *start = &cut->starts[i];
	struct jump jump;

	// Too few values tell no jump from a bend. One late step of what is otherwise a line stays.
	if (start->at - start[-1].at < JUMP_TELLING || start[1].at - start->at < JUMP_TELLING)
		return cut->segments == 2;
	jump = start_jump(series, cut, i, AROUND_STEPS);
	return jump_tells(&jump, cut, 1);
}

// What a straight line leaves over of a curve looks like steps, up and down, that the series never
// made. Those at which the series itself does not jump go away. Returns whether any did.
static bool bends_remove(struct cut_series *series, struct cut *cut)
{
	size_t segments = cut->segments;

	for (size_t i = 1; i < cut->segments;) {
		if (start_is_jump(series, cut, i))
			i++;
		else
			cut_start_remove(cut, i);
	}
	return cut->segments < segments;
}

static void jump_add(struct cut_series *series, const struct cut *cut, size_t i,
	const struct jump *jump, struct change_points *found)
{
	double size = jump->after - jump->before;
	double reach = jump->error * autocorrelation_widening(cut->autocorrelation) *
		       gsl_cdf_tdist_Pinv((1 + CHANGE_CONFIDENCE) / 2, jump->freedom);
	struct level_shift shift = {size, size - reach, size + reach};

	point_add(series, &cut->starts[i], jump->before, jump->after, &shift, found);
}

static void bend_add(
	struct cut_series *series, const struct cut *cut, size_t i, struct change_points *found)
{
	double before;
	double after;
	struct level_shift shift = bend_measure(series, cut, i, &before, &after);

	point_add(series, &cut->starts[i], before, after, &shift, found);
	found->items[found->count - 1].kind = CHANGE_BEND;
}

// Of a series that drifts: jumps, and, where it was cut into lines, bends.
static bool jumps_fill(struct cut_series *series, const struct cut *cut, bool is_lines,
	struct change_points *found)
{
	if (!points_make(series, cut, found))
		return false;
	for (size_t i = 1; i < cut->segments; i++) {
		struct jump jump =
			start_jump(series, cut, i, is_lines ? AROUND_LINES : AROUND_STEPS);

		if (is_lines && !jump_tells(&jump, cut, 3))
			bend_add(series, cut, i, found);
		else
			jump_add(series, cut, i, &jump, found);
	}
	return true;
}

// ---- drift

enum { DRIFT_MIN = 10 }; // values; fewer say too little of their noise
static const double DRIFT_SHARE = 0.0001; // of independent noise whose line is called certain

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

// Whether the slope is beyond chance, however its noise resembles itself.
static bool line_is_certain(const struct cut_series *series, const struct line *line)
{
	size_t last = series->count - 1;
	double length = (double)(series->positions[last] - series->positions[0]);
	double rho = autocorrelation_believed(series->rest, series->count, 1);
	double error = line->slope_error * length * autocorrelation_widening(rho);

	return fabs(line->slope * length) >
	       error * gsl_cdf_tdist_Pinv(1 - DRIFT_SHARE / 2, (double)last - 1);
}

// Cuts what a line leaves over, into *lined. Returns whether that says more than the steps.
static bool drift_find(
	struct cut_series *series, const struct cut *steps, struct cut *lined, struct line *line)
{
	if (series->count < DRIFT_MIN || line_is_hopeless(series, steps))
		return false;
	*line = line_through(series->values, series->positions, series->count, series->room);
	for (size_t i = 0; i < series->count; i++)
		series->rest[i] = series->values[i] - line_at(line, series->positions, i);
	if (!line_is_certain(series, line))
		return false;
	cut_find(series, series->rest, lined, series->left_by_line);
	return line_is_better(series, steps, lined);
}

// The ends of the drift: of the line, where the series is one; else as the values near them say.
static struct change_drift drift_of(struct cut_series *series, const struct line *line,
	bool is_straight, double autocorrelation)
{
	size_t last = series->count - 1;
	double length = (double)(series->positions[last] - series->positions[0]);
	double before = line->start;
	double after = line->start + line->slope * length;
	double error = line->slope_error * length;
	double freedom = (double)last - 1;
	struct level_shift shift;
	double reach;

	if (!is_straight) {
		double of_before;
		double of_after;

		before = jump_end_value(series->values, series->positions, series->count, 0,
			&of_before, series->room);
		after = jump_end_value(series->values, series->positions, series->count, 1,
			&of_after, series->room);
		error = hypot(of_before, of_after);
	}
	reach = error * autocorrelation_widening(autocorrelation) *
		gsl_cdf_tdist_Pinv((1 + CHANGE_CONFIDENCE) / 2, freedom);
	shift = (struct level_shift){
		after - before, after - before - reach, after - before + reach};
	return (struct change_drift){
		.is_there = true,
		.first = series->positions[0],
		.last = series->positions[last],
		.shift = caller_shift(series, before, after, &shift),
	};
}

// The slope within a segment, in standard errors; bounded, so that no one segment speaks for all.
// What its line leaves over goes into series->rest.
static double segment_slope(struct cut_series *series, const struct cut *cut, size_t i)
{
	static const double BOUND = 8;
	size_t first = cut->starts[i].at;
	size_t count = cut->starts[i + 1].at - first;
	const size_t *positions = series->positions + first;
	struct line line = line_through(series->values + first, positions, count, series->room);

	for (size_t k = 0; k < count; k++)
		series->rest[first + k] = series->values[first + k] - line_at(&line, positions, k);
	if (!(line.slope_error > 0))
		return line.slope == 0 ? 0 : copysign(BOUND, line.slope);
	return fmax(-BOUND, fmin(BOUND, line.slope / line.slope_error));
}

// Whether the series moves between its steps, too, and the same way: then it is a ramp, or a curve,
// that the steps only follow.
static bool moves_between_steps(struct cut_series *series, const struct cut *steps)
{
	static const double CERTAIN = 4.5; // standard errors of the sum
	double sum = 0;
	double rho;

	if (steps->segments < 2)
		return false;
	for (size_t i = 0; i < steps->segments; i++)
		sum += segment_slope(series, steps, i);
	rho = autocorrelation_believed(series->rest, series->count, 2 * steps->segments);
	return fabs(sum) > CERTAIN * sqrt((double)steps->segments) * autocorrelation_widening(rho);
}

// ---- together

// Steps, or a drift with its jumps and bends. A series in which there is neither may still be made of
// lines.
static bool series_judge(struct cut_series *series, struct cut *steps, struct cut *lined,
	struct change_points *found)
{
	struct cut *cut = lined;
	struct line line = {0};
	bool is_drift = true;
	bool is_lines;
	bool is_straight;

	cut_find(series, series->values, steps, series->left_by_steps);
	if (!drift_find(series, steps, lined, &line)) {
		cut = steps;
		is_drift = moves_between_steps(series, steps);
	}
	if (!is_drift)
		sudden_cut(series, steps);
	is_straight = is_drift && !bends_remove(series, cut) && cut == lined;
	is_lines = (!is_drift || cut->segments == 1) && bends_cut(series, cut);
	if (!is_drift && !is_lines)
		return points_fill(series, cut, found);
	found->drift = drift_of(series, &line, is_straight && !is_lines, cut->autocorrelation);
	return jumps_fill(series, cut, is_lines, found);
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
