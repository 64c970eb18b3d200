// SPDX-License-Identifier: GPL-2.0-or-later
// Speed-ups over numbers of threads. Entry: curves_add(). A curve's benchmarks are told apart by their
// names alone: "/relation:compact" and "/threads:4" are taken out of them, and what is left is the
// curve's name, which is the name of one thread's benchmark.
#include "curves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/text/memory.h"

// A benchmark's place in a curve.
struct point {
	char benchmark[512]; // without placement and threads
	const char *placement; // NULL: one thread, which is of both
	int threads;
	size_t first; // of its samples
	size_t count;
};

struct points {
	struct point *items; // by benchmark, placement, threads
	size_t count;
};

// Cuts "/KEY:VALUE" out of the text, and returns the value's place in the name it came from; NULL: it
// is not there.
static const char *part_cut(char *text, const char *name, const char *key)
{
	char *part = strstr(text, key);
	const char *value = strstr(name, key);

	if (!part)
		return NULL;
	size_t length = strlen(key) + strcspn(part + strlen(key), "/");
	memmove(part, part + length, strlen(part + length) + 1);
	return value + strlen(key);
}

static const char *placement_named(const char *value)
{
	static const char *const NAMES[] = {"compact", "spread"};

	for (size_t i = 0; value && i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
		if (strncmp(value, NAMES[i], strlen(NAMES[i])) == 0)
			return NAMES[i];
	return NULL;
}

// False: the name is of no curve.
static bool point_read(struct point *point, const char *name)
{
	const char *threads;
	const char *relation;

	if (strlen(name) >= sizeof(point->benchmark))
		return false;
	memcpy(point->benchmark, name, strlen(name) + 1);
	threads = part_cut(point->benchmark, name, "/threads:");
	relation = part_cut(point->benchmark, name, "/relation:");
	point->threads = threads ? (int)strtol(threads, NULL, 10) : 1;
	point->placement = placement_named(relation);
	return (point->placement && point->threads > 1) || (!relation && !threads);
}

static int point_order(const void *left, const void *right)
{
	const struct point *one = left;
	const struct point *two = right;
	int order = strcmp(one->benchmark, two->benchmark);

	if (order == 0)
		order = strcmp(
			one->placement ? one->placement : "", two->placement ? two->placement : "");
	return order ? order : (one->threads > two->threads) - (one->threads < two->threads);
}

static bool points_collect(struct points *points, const struct compare_samples *samples)
{
	points->items = calloc(samples->count + 1, sizeof(*points->items));
	points->count = 0;
	for (size_t i = 0, end; points->items && i < samples->count; i = end) {
		struct point *point = &points->items[points->count];

		for (end = i + 1; end < samples->count &&
				  strcmp(samples->items[end].name, samples->items[i].name) == 0;
			end++)
			;
		point->first = i;
		point->count = end - i;
		points->count += point_read(point, samples->items[i].name);
	}
	if (points->items)
		qsort(points->items, points->count, sizeof(*points->items), point_order);
	return points->items;
}

// ---- a curve

struct drawing {
	struct comparison *comparison;
	const struct compare_options *options;
	const char *side;
	struct problem *problem;
};

static json_t *real_or_null(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *point_json(const struct point *point, const struct compare_row *row)
{
	return json_pack("{si so so so so so sI}", "threads", point->threads, "ns",
		real_or_null(row->other_ns), "speedup", real_or_null(1 / row->ratio), "speedup_low",
		real_or_null(1 / row->ratio_high), "speedup_high", real_or_null(1 / row->ratio_low),
		"confidence", real_or_null(row->confidence), "n", (json_int_t)row->other_count);
}

// Measures the point against the base, as a row of one side at two numbers of threads, and adds it. A
// point that the side has not measured is left out.
static bool point_add(const struct drawing *drawing, const struct point *base,
	const struct point *point, json_t *points)
{
	const struct compare_sample *samples = drawing->comparison->samples.items;
	struct compare_side base_side =
		side_find(&samples[base->first], base->count, drawing->side);
	struct compare_side side = side_find(&samples[point->first], point->count, drawing->side);
	struct compare_row row = {
		.name = samples[point->first].name, .base = drawing->side, .other = drawing->side};

	if (!base_side.rounds || !side.rounds)
		return true;
	bool is_good = row_measure(
		&row, &base_side, &side, drawing->comparison, drawing->options, drawing->problem);
	if (is_good && row.base_count > 0)
		json_array_append_new(points, point_json(point, &row));
	row_free(&row);
	return is_good;
}

// one: one thread's point; NULL: there is none. The curve's own points follow each other.
static bool curve_add(const struct drawing *drawing, const struct point *one,
	const struct point *first, size_t count)
{
	const struct point *base = one ? one : first;
	json_t *points = json_array();
	bool is_good = !one || point_add(drawing, base, one, points);

	for (size_t i = 0; is_good && i < count; i++)
		is_good = point_add(drawing, base, &first[i], points);
	if (is_good && json_array_size(points) > 1)
		json_array_append_new(drawing->comparison->curves,
			json_pack("{ss ss ss si sO}", "benchmark", first->benchmark, "side",
				drawing->side, "placement", first->placement, "threads_base",
				base->threads, "points", points));
	json_decref(points);
	return is_good;
}

// The curves of one side; one thread's point stands before those of both placements.
static bool side_add(const struct drawing *drawing, const struct points *points)
{
	const struct point *one = NULL;
	bool is_good = true;

	for (size_t i = 0, end; is_good && i < points->count; i = end) {
		const struct point *first = &points->items[i];

		end = i + 1;
		if (!first->placement) {
			one = first;
			continue;
		}
		while (end < points->count && points->items[end].placement == first->placement &&
			strcmp(points->items[end].benchmark, first->benchmark) == 0)
			end++;
		if (one && strcmp(one->benchmark, first->benchmark) != 0)
			one = NULL;
		is_good = curve_add(drawing, one, first, end - i);
	}
	return is_good;
}

bool curves_add(struct comparison *comparison, const struct compare_options *options,
	struct problem *problem)
{
	struct points points;
	bool is_good = points_collect(&points, &comparison->samples) ||
		       no_memory(problem, "the comparison");

	comparison->curves = json_array();
	for (size_t k = 0; is_good && k < comparison->sides_count; k++) {
		const struct drawing drawing = {comparison, options, comparison->sides[k], problem};

		is_good = side_add(&drawing, &points);
	}
	free(points.items);
	return is_good;
}
