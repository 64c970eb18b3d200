// SPDX-License-Identifier: GPL-2.0-or-later
// From the test of one run (split.h) to the segments of a series. Entry: cut_find(). Runs are split
// as long as the test says so (binary segmentation, with stretches as in Olshen, Venkatraman, Lucito
// and Wigler, 2004); then each place is judged again between its neighbours, so that it is exact and
// a split which only a coarser view called for goes away.
#include "cut.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "autocorrelation.h"

// A run that was measured: which values, and what was found. Runs are measured again when
// neighbours are reviewed and when a series is cut again.
struct measured {
	const double *values; // of the run; NULL: nothing here yet
	size_t count;
	double autocorrelation; // that was believed at least
	struct split split;
};
enum { MEASURED_COUNT = 128 };

enum { BLOCK = 2000 };

static double largest_finite(const double *values, size_t count)
{
	double largest = 0;

	for (size_t i = 0; i < count; i++) {
		if (isfinite(values[i]))
			largest = fmax(largest, fabs(values[i]));
	}
	return largest;
}

bool cut_series_make(struct cut_series *series, const double *values, size_t count)
{
	*series = (struct cut_series){
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

void cut_series_free(struct cut_series *series)
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

struct level cut_level(
	struct cut_series *series, const double *values, const struct cut *cut, size_t i)
{
	size_t first = cut->starts[i].at;
	size_t count = cut->starts[i + 1].at - first;

	split_work_order(&series->work, values + first, count);
	for (size_t k = 0; k < count; k++)
		series->room[k] = values[first + series->work.order[k]];
	return level_of(series->room, count);
}

void cut_left_fill(
	struct cut_series *series, const double *values, const struct cut *cut, double *left)
{
	for (size_t i = 0; i < cut->segments; i++) {
		struct level level = cut_level(series, values, cut, i);

		for (size_t k = cut->starts[i].at; k < cut->starts[i + 1].at; k++)
			left[k] = values[k] - level.mean;
	}
}

// ---- cutting

void cut_start_remove(struct cut *cut, size_t i)
{
	cut->segments--;
	for (; i <= cut->segments; i++)
		cut->starts[i] = cut->starts[i + 1];
}

void cut_start_add(struct cut *cut, size_t i, size_t at)
{
	cut->segments++;
	for (size_t k = cut->segments; k > i; k--)
		cut->starts[k] = cut->starts[k - 1];
	cut->starts[i] = (struct start){.at = at};
}

// Measures a run, or remembers it. A run's own autocorrelation may be missing where more was
// believed of the noise then.
static void run_measure(struct cut_series *series, const double *values, size_t count,
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

// The first change is judged strictly. Once there is one, what is left of the others no longer passes
// for the noise's own likeness.
static bool is_change(const struct cut *cut, const struct split *split, size_t judged_as,
	bool is_whole, double autocorrelation)
{
	if (cut->judged_as)
		return split_is_change_of_part(split, judged_as, autocorrelation);
	if (is_whole)
		return split_is_change(split, judged_as, autocorrelation);
	return split_is_kept(split, judged_as, autocorrelation);
}

// Splits segment i in two or three where the test says so.
static bool segment_split(
	struct cut_series *series, const double *values, struct cut *cut, size_t i)
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
	if (is_change(cut, &split, judged_as, is_whole, rho)) {
		cut_start_add(cut, i + 1, first + split.at);
		return true;
	}
	// To a single split a stretch that is left again looks like autocorrelation.
	if (is_whole)
		rho = fmin(rho, split.stretch_autocorrelation);
	if (!split_is_stretch(&split, judged_as, rho))
		return false;
	if (is_whole)
		cut->autocorrelation = rho;
	cut_start_add(cut, i + 1, first + split.stretch_end);
	cut_start_add(cut, i + 1, first + split.stretch_first);
	return true;
}

// Judges the start of segment i between its neighbours: keeps, moves or removes it. Returns whether
// anything changed.
static bool start_review(struct cut_series *series, const double *values, struct cut *cut, size_t i)
{
	struct start *start = &cut->starts[i];
	size_t first = start[-1].at;
	size_t end = start[1].at;
	size_t before = start->at;
	struct split split;

	if (start->judged_first == first && start->judged_end == end)
		return false;
	run_measure(series, values + first, end - first, cut, &split);
	if (!split_is_kept(&split, end - first, believed_autocorrelation(cut, &split))) {
		cut_start_remove(cut, i);
		return true;
	}
	*start = (struct start){.at = first + split.at, .judged_first = first, .judged_end = end};
	return start->at != before;
}

static bool starts_review(struct cut_series *series, const double *values, struct cut *cut)
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
static void block_ends_judge(struct cut_series *series, const double *values, struct cut *cut)
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
				cut_start_remove(cut, i);
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
static void blocks_split(struct cut_series *series, const double *values, struct cut *cut)
{
	struct split split;

	run_measure(series, values, series->count, cut, &split);
	if (!cut->is_measured)
		cut->autocorrelation = split.autocorrelation;
	for (size_t at = BLOCK; at + BLOCK <= series->count; at += BLOCK) {
		cut_start_add(cut, cut->segments, at);
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

static void cut_once(struct cut_series *series, const double *values, struct cut *cut)
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
void cut_find(struct cut_series *series, const double *values, struct cut *cut, double *left)
{
	double rho;

	cut->is_measured = false;
	cut->autocorrelation = 0; // not known yet
	split_work_know(&series->work, values, series->count);
	cut_once(series, values, cut);
	cut_left_fill(series, values, cut, left);
	if (cut->segments < 3)
		return;
	rho = autocorrelation_believed(left, series->count, cut->segments);
	if (rho >= cut->autocorrelation)
		return;
	cut->is_measured = true;
	cut->autocorrelation = rho;
	cut_once(series, values, cut);
	cut_left_fill(series, values, cut, left);
}

// A segment has at least SPLIT_SEGMENT_MIN values, but for what is sudden (sudden.h).
bool cut_make(struct cut *cut, size_t count)
{
	*cut = (struct cut){.starts = calloc(count / SPLIT_SEGMENT_MIN + 8, sizeof(*cut->starts))};
	return cut->starts;
}
