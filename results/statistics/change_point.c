// SPDX-License-Identifier: GPL-2.0-or-later
// From the test of one run (split.h) to the segments of a series. Entry: change_points_find(). Runs
// are split as long as the test says so (binary segmentation, with stretches as in Olshen,
// Venkatraman, Lucito and Wigler, 2004); then each place is judged again between its neighbours, so
// that it is exact and a split which only a coarser view called for goes away. At last a line is
// tried: where it explains more than the steps do, the series drifts.
#include "change_point.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include "level.h"
#include "order.h"
#include "split.h"

// The series without its missing values, and room for the work on it.
struct series {
	double *values;
	size_t *positions; // of the values, as the caller counts
	size_t count;
	int exponent; // the values are the caller's divided by 2 to its power, so that no square overflows
	double *rest; // what a line leaves over
	double *left_by_steps; // what the levels leave over
	double *left_by_line; // what line and levels leave over
	double *room; // to sort in
	struct split_work work;
	struct measured *measured; // runs, each where its ends say
};

// A run that was measured: which values, and what was found. Runs are measured again when
// neighbours are reviewed and when a series is cut again.
struct measured {
	const double *values; // of the run; NULL: nothing here yet
	size_t count;
	double autocorrelation; // that was believed at least
	struct split split;
};
enum { MEASURED_COUNT = 128 };

// Where a segment starts, and between which neighbours that was last judged (0 and 0: not yet).
struct start {
	size_t at;
	size_t judged_first, judged_end;
	bool is_provisional; // the end of a block; nothing was found there
};

// A way to cut the series: starts[0] is at 0, starts[segments] at the count.
struct cut {
	struct start *starts;
	size_t segments;
	double autocorrelation;
	size_t judged_as; // a run is judged as one of so many values at least
	bool is_measured; // autocorrelation: of what the segments leave over; else of what one split does
};

enum { BLOCK = 2000 };

static const double MAD_TO_DEVIATION = 1.4826; // of a Gaussian
static const double ROUNDING =
	1e-12; // what levels of values about 1 leave over where there is no noise

static double largest_finite(const double *values, size_t count)
{
	double largest = 0;

	for (size_t i = 0; i < count; i++) {
		if (isfinite(values[i]))
			largest = fmax(largest, fabs(values[i]));
	}
	return largest;
}

static bool series_make(struct series *series, const double *values, size_t count)
{
	*series = (struct series){
		.values = calloc(count + 1, sizeof(double)),
		.positions = calloc(count + 1, sizeof(size_t)),
		.rest = calloc(count + 1, sizeof(double)),
		.left_by_steps = calloc(count + 1, sizeof(double)),
		.left_by_line = calloc(count + 1, sizeof(double)),
		.room = calloc(count + 1, sizeof(double)),
		.measured = calloc(MEASURED_COUNT, sizeof(*series->measured)),
	};
	if (!series->values || !series->positions || !series->rest || !series->left_by_steps ||
		!series->left_by_line || !series->room || !series->measured)
		return false;
	frexp(largest_finite(values, count), &series->exponent);
	for (size_t i = 0; i < count; i++) {
		if (!isfinite(values[i]))
			continue;
		series->values[series->count] = ldexp(values[i], -series->exponent);
		series->positions[series->count++] = i;
	}
	return split_work_make(&series->work, series->count);
}

static void series_free(struct series *series)
{
	free(series->values);
	free(series->positions);
	free(series->rest);
	free(series->left_by_steps);
	free(series->left_by_line);
	free(series->room);
	free(series->measured);
	split_work_free(&series->work);
}

// ---- segments

static struct level segment_level(
	struct series *series, const double *values, const struct cut *cut, size_t i)
{
	size_t first = cut->starts[i].at;
	size_t count = cut->starts[i + 1].at - first;

	split_work_order(&series->work, values + first, count);
	for (size_t k = 0; k < count; k++)
		series->room[k] = values[first + series->work.order[k]];
	return level_of(series->room, count);
}

// What the segments' levels leave over.
static void fill_left(
	struct series *series, const double *values, const struct cut *cut, double *left)
{
	for (size_t i = 0; i < cut->segments; i++) {
		struct level level = segment_level(series, values, cut, i);

		for (size_t k = cut->starts[i].at; k < cut->starts[i + 1].at; k++)
			left[k] = values[k] - level.mean;
	}
}

// ---- cutting

static void start_remove(struct cut *cut, size_t i)
{
	cut->segments--;
	for (; i <= cut->segments; i++)
		cut->starts[i] = cut->starts[i + 1];
}

static void start_add(struct cut *cut, size_t i, size_t at)
{
	cut->segments++;
	for (size_t k = cut->segments; k > i; k--)
		cut->starts[k] = cut->starts[k - 1];
	cut->starts[i] = (struct start){.at = at};
}

// Measures a run, or remembers it. A run's own autocorrelation may be missing where more was
// believed of the noise then.
static void run_measure(struct series *series, const double *values, size_t count,
	const struct cut *cut, struct split *split)
{
	size_t place = ((uintptr_t)values / sizeof(*values) * 31 + count) % MEASURED_COUNT;
	struct measured *measured = &series->measured[place];
	bool is_enough = cut->is_measured || measured->autocorrelation <= cut->autocorrelation;

	if (measured->values != values || measured->count != count || !is_enough) {
		measured->values = values;
		measured->count = count;
		measured->autocorrelation = cut->autocorrelation;
		split_judge(&series->work, values, count, count == series->count,
			cut->autocorrelation, &measured->split);
	}
	*split = measured->split;
}

// What is believed of a part: that of the whole at least, because a part alone is too short to show
// it. Once it was measured with the steps taken away, that counts.
static double believed_autocorrelation(const struct cut *cut, const struct split *split)
{
	return cut->is_measured ? cut->autocorrelation
				: fmax(cut->autocorrelation, split->autocorrelation);
}

// Splits segment i in two or three where the test says so.
static bool segment_split(struct series *series, const double *values, struct cut *cut, size_t i)
{
	size_t first = cut->starts[i].at;
	size_t count = cut->starts[i + 1].at - first;
	size_t judged_as = count > cut->judged_as ? count : cut->judged_as;
	bool is_whole = count == series->count && !cut->is_measured;
	struct split split;
	double rho;

	run_measure(series, values + first, count, cut, &split);
	if (is_whole)
		cut->autocorrelation = split.autocorrelation;
	rho = believed_autocorrelation(cut, &split);
	if ((cut->judged_as ? split_is_change_of_part : split_is_change)(&split, judged_as, rho)) {
		start_add(cut, i + 1, first + split.at);
		return true;
	}
	// To a single split a stretch that is left again looks like autocorrelation.
	if (is_whole)
		rho = fmin(rho, split.stretch_autocorrelation);
	if (!split_is_stretch(&split, judged_as, rho))
		return false;
	if (is_whole)
		cut->autocorrelation = rho;
	start_add(cut, i + 1, first + split.stretch_end);
	start_add(cut, i + 1, first + split.stretch_first);
	return true;
}

// Judges the start of segment i between its neighbours: keeps, moves or removes it. Returns whether
// anything changed.
static bool start_review(struct series *series, const double *values, struct cut *cut, size_t i)
{
	struct start *start = &cut->starts[i];
	size_t first = start[-1].at;
	size_t end = start[1].at;
	size_t before = start->at;
	struct split split;

	if (start->judged_first == first && start->judged_end == end)
		return false;
	run_measure(series, values + first, end - first, cut, &split);
	if (!split_is_change(&split, end - first, believed_autocorrelation(cut, &split))) {
		start_remove(cut, i);
		return true;
	}
	*start = (struct start){.at = first + split.at, .judged_first = first, .judged_end = end};
	return start->at != before;
}

static bool starts_review(struct series *series, const double *values, struct cut *cut)
{
	bool has_changed = false;

	for (size_t i = 1; i < cut->segments;) {
		size_t segments = cut->segments;

		has_changed |= start_review(series, values, cut, i);
		i += cut->segments == segments;
	}
	return has_changed;
}

// The end of a block becomes a step or goes away; what is further off than a block does not matter
// for that.
static void block_ends_judge(struct series *series, const double *values, struct cut *cut)
{
	for (size_t i = 1; i < cut->segments;) {
		struct start *start = &cut->starts[i];
		size_t first = start->at - start[-1].at > BLOCK ? start->at - BLOCK : start[-1].at;
		size_t end = start[1].at - start->at > BLOCK ? start->at + BLOCK : start[1].at;
		struct split split;

		if (start->is_provisional) {
			run_measure(series, values + first, end - first, cut, &split);
			if (!split_is_change_of_part(
				    &split, series->count, believed_autocorrelation(cut, &split))) {
				start_remove(cut, i);
				continue;
			}
			*start = (struct start){.at = first + split.at};
		}
		i++;
	}
}

// Splits a long series block by block first: where it has many steps, peeling them off the whole
// one by one would take a time that grows with the square of its length. The blocks are judged by
// the whole's critical values, or many blocks would mean many false alarms.
static void blocks_split(struct series *series, const double *values, struct cut *cut)
{
	struct split split;

	run_measure(series, values, series->count, cut, &split);
	if (!cut->is_measured)
		cut->autocorrelation = split.autocorrelation;
	for (size_t at = BLOCK; at + BLOCK <= series->count; at += BLOCK) {
		start_add(cut, cut->segments, at);
		cut->starts[cut->segments - 1].is_provisional = true;
	}
	cut->judged_as = series->count;
	for (size_t i = 0; i < cut->segments;) {
		if (!segment_split(series, values, cut, i))
			i++;
	}
	cut->judged_as = 0;
	block_ends_judge(series, values, cut);
}

static void cut_once(struct series *series, const double *values, struct cut *cut)
{
	enum { REVIEWS_MAX = 8 }; // two or three settle it; the bound is against moving to and fro

	bool is_long = series->count >= (size_t)2 * BLOCK;

	cut->segments = 1;
	cut->starts[0] = (struct start){.at = 0};
	cut->starts[1] = (struct start){.at = series->count};
	if (is_long)
		blocks_split(series, values, cut);
	for (size_t i = 0; i < cut->segments;) {
		if (!segment_split(series, values, cut, i))
			i++;
	}
	// The one start of two segments was judged between its neighbours already, unless it comes
	// from a block.
	for (int review = 0; review < REVIEWS_MAX && cut->segments > (is_long ? 1U : 2U);
		review++) {
		if (!starts_review(series, values, cut))
			return;
	}
}

// Steps look like autocorrelation as long as they are not taken away. So where there are several,
// what they leave over is measured, and if it is less autocorrelated the series is cut again.
static void cut_find(struct series *series, const double *values, struct cut *cut, double *left)
{
	double rho;

	cut->is_measured = false;
	cut->autocorrelation = 0; // not known yet
	split_work_know(&series->work, values, series->count);
	cut_once(series, values, cut);
	fill_left(series, values, cut, left);
	if (cut->segments < 3)
		return;
	rho = split_autocorrelation(left, series->count, cut->segments);
	if (rho >= cut->autocorrelation)
		return;
	cut->is_measured = true;
	cut->autocorrelation = rho;
	cut_once(series, values, cut);
	fill_left(series, values, cut, left);
}

// A segment has at least SPLIT_SEGMENT_MIN values.
static bool cut_make(struct cut *cut, size_t count)
{
	*cut = (struct cut){.starts = calloc(count / SPLIT_SEGMENT_MIN + 4, sizeof(*cut->starts))};
	return cut->starts;
}

// ---- what was found

// In the caller's magnitude again.
static struct change_shift caller_shift(
	const struct series *series, double before, double after, const struct level_shift *shift)
{
	return (struct change_shift){
		.before = ldexp(before, series->exponent),
		.after = ldexp(after, series->exponent),
		.size = ldexp(shift->size, series->exponent),
		.size_low = ldexp(shift->low, series->exponent),
		.size_high = ldexp(shift->high, series->exponent),
	};
}

static bool points_fill(struct series *series, const double *values, const struct cut *cut,
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
	before = segment_level(series, values, cut, 0);
	for (size_t i = 1; i < cut->segments; i++) {
		struct level after = segment_level(series, values, cut, i);
		struct level_shift shift = level_shift(
			&before, &after, split_widening(cut->autocorrelation), CHANGE_CONFIDENCE);

		found->items[found->count++] = (struct change_point){
			.index = series->positions[cut->starts[i].at],
			.shift = caller_shift(series, before.mean, after.mean, &shift),
		};
		before = after;
	}
	return true;
}

// ---- drift

static double deviation(struct series *series, const double *left)
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
static bool line_is_better(struct series *series, const struct cut *steps, const struct cut *lined)
{
	double of_steps = deviation(series, series->left_by_steps);
	double of_line = deviation(series, series->left_by_line);
	double scale = fmin(of_steps, of_line);
	double rho = fmin(
		split_autocorrelation(series->left_by_steps, series->count, steps->segments),
		split_autocorrelation(series->left_by_line, series->count, lined->segments + 1));
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

static double steps_share(const struct series *series)
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
static bool line_is_hopeless(const struct series *series, const struct cut *steps)
{
	double share = steps->segments == 2 ? 0.9 : 0.5;

	return line_share(series->values, series->count) < share * steps_share(series);
}

// Cuts what a line leaves over, into *lined. Returns whether that says more than the steps.
static bool drift_find(
	struct series *series, const struct cut *steps, struct cut *lined, struct line *line)
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
	const struct series *series, const struct line *line, double autocorrelation)
{
	size_t last = series->count - 1;
	double length = (double)(series->positions[last] - series->positions[0]);
	double size = line->slope * length;
	struct level_shift shift;
	double reach = line->slope_error * length * split_widening(autocorrelation) *
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

static bool series_judge(
	struct series *series, struct cut *steps, struct cut *lined, struct change_points *found)
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
	struct series series;
	struct cut steps = {0};
	struct cut lined = {0};
	bool is_good = series_make(&series, values, count) && cut_make(&steps, series.count) &&
		       cut_make(&lined, series.count);

	*found = (struct change_points){0};
	is_good = is_good && series_judge(&series, &steps, &lined, found);
	series_free(&series);
	free(steps.starts);
	free(lined.starts);
	return is_good;
}

void change_points_free(struct change_points *found)
{
	free(found->items);
	*found = (struct change_points){0};
}
