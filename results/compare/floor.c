// SPDX-License-Identifier: GPL-2.0-or-later
// The times of a row above a floor: what the workload itself costs, as a config such as null measures
// it in the same rounds, taken off both sides. Entry: floor_add(). Loops overlap with the allocator's
// work, so that a difference is no exact price; it is shown beside the plain figures and no verdict rests on it.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/text/memory.h"

static int name_order(const void *name, const void *sample)
{
	return strcmp(name, ((const struct compare_sample *)sample)->name);
}

// The samples of a row's benchmark, of all sides.
static const struct compare_sample *group_find(
	const struct compare_samples *samples, const char *name, size_t *count)
{
	const struct compare_sample *end = samples->items + samples->count;
	const struct compare_sample *first =
		bsearch(name, samples->items, samples->count, sizeof(*samples->items), name_order);
	const struct compare_sample *last = first;

	*count = 0;
	while (first && first > samples->items && strcmp(first[-1].name, name) == 0)
		first--;
	while (last && last < end && strcmp(last->name, name) == 0)
		last++;
	*count = first ? (size_t)(last - first) : 0;
	return first;
}

// The floor's time in one round; NaN where it has none.
static double floor_of_block(const struct compare_side *floor, int64_t block)
{
	double sum = 0;
	double count = 0;

	for (size_t i = 0; i < floor->count; i++) {
		if (floor->samples[i].failed || floor->samples[i].block != block)
			continue;
		sum += floor->samples[i].real_time_ns;
		count++;
	}
	return sum / count;
}

// The side's samples with the floor taken off; what has none, or is no more than it, is left out. The caller
// frees them.
static struct compare_sample *samples_above(
	const struct compare_side *side, const struct compare_side *floor)
{
	struct compare_sample *above = calloc(side->count + 1, sizeof(*above));

	for (size_t i = 0; above && i < side->count; i++) {
		above[i] = side->samples[i];
		above[i].real_time_ns -= floor_of_block(floor, above[i].block);
		above[i].failed = above[i].failed || !(above[i].real_time_ns > 0);
	}
	return above;
}

static double mean_of(const struct compare_side *side)
{
	double sum = 0;
	double count = 0;

	for (size_t i = 0; i < side->count; i++) {
		if (side->samples[i].failed)
			continue;
		sum += side->samples[i].real_time_ns;
		count++;
	}
	return sum / count;
}

static bool measure_above(struct compare_row *row, const struct compare_side sides[2],
	const struct compare_side *floor, const struct comparison *comparison,
	const struct compare_options *options, struct problem *problem)
{
	struct compare_sample *base = samples_above(&sides[0], floor);
	struct compare_sample *other = samples_above(&sides[1], floor);
	struct compare_row above = {.name = row->name, .base = row->base, .other = row->other};
	bool is_good = (base && other) || no_memory(problem, "the comparison");

	if (is_good) {
		struct compare_side base_above = side_find(base, sides[0].count, row->base);
		struct compare_side other_above = side_find(other, sides[1].count, row->other);

		row->floor_left_out =
			base_above.failed + other_above.failed - sides[0].failed - sides[1].failed;
		is_good = base_above.rounds == 0 || other_above.rounds == 0 ||
			  row_measure(
				  &above, &base_above, &other_above, comparison, options, problem);
	}
	if (is_good && above.base_count > 0) {
		row->above_base_ns = above.base_ns;
		row->above_other_ns = above.other_ns;
		row->above_ratio = above.ratio;
		row->above_low = above.ratio_low;
		row->above_high = above.ratio_high;
	}
	row_free(&above);
	free(base);
	free(other);
	return is_good;
}

static bool row_floor(struct compare_row *row, const struct comparison *comparison,
	const struct compare_options *options, struct problem *problem)
{
	size_t count;
	const struct compare_sample *group = group_find(&comparison->samples, row->name, &count);
	struct compare_side floor = side_find(group, count, comparison->floor);
	const struct compare_side sides[] = {
		side_find(group, count, row->base), side_find(group, count, row->other)};

	row->floor_ns = row->above_ratio = row->above_low = row->above_high = NAN;
	row->above_base_ns = row->above_other_ns = NAN;
	if (floor.rounds == 0 || strcmp(row->other, comparison->floor) == 0 ||
		strcmp(row->base, comparison->floor) == 0)
		return true;
	row->floor_ns = mean_of(&floor);
	return measure_above(row, sides, &floor, comparison, options, problem);
}

bool floor_add(struct comparison *comparison, const struct compare_options *options,
	struct problem *problem)
{
	bool is_good = true;

	for (size_t i = 0; comparison->floor && is_good && i < comparison->rows_count; i++)
		is_good = row_floor(&comparison->rows[i], comparison, options, problem);
	return is_good;
}
