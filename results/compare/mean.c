// SPDX-License-Identifier: GPL-2.0-or-later
// The geometric mean over the rows of a side and its interval. Entry: comparison_add_means().
//
// The rows of one process (or round) share its luck, so they are no independent figures, and an
// interval from the spread between rows would answer another question: how another choice of
// benchmarks would come out. The unit stays the process: each becomes the average of what it
// deviates by in all of its rows, and these averages go through the same test as the figures of a
// single row. A row that a process lacks is left out of its average.
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/statistics/statistics.h"
#include "results/text/memory.h"

// One process or round over all rows.
struct average {
	int64_t block;
	bool is_other;
	double sum;
	double count;
};

struct averages {
	struct average *items;
	size_t count;
};

static void average_add(struct averages *averages, const struct compare_block *block)
{
	struct average *average = averages->items;
	struct average *end = averages->items + averages->count;

	while (average < end &&
		(average->block != block->block || average->is_other != block->is_other))
		average++;
	if (average == end) {
		averages->count++;
		*average = (struct average){.block = block->block, .is_other = block->is_other};
	}
	average->sum += block->deviation;
	average->count++;
}

static bool is_of(const struct compare_row *row, const struct compare_mean *mean_of)
{
	return strcmp(row->other, mean_of->side) == 0;
}

// There are at most as many different processes as blocks.
static bool averages_collect(const struct comparison *comparison,
	const struct compare_mean *mean_of, struct averages *averages)
{
	size_t blocks = 0;

	for (size_t i = 0; i < comparison->rows_count; i++)
		blocks += comparison->rows[i].blocks_count;
	averages->count = 0;
	averages->items = calloc(blocks + 1, sizeof(*averages->items));
	if (!averages->items)
		return false;
	for (size_t i = 0; i < comparison->rows_count; i++) {
		const struct compare_row *row = &comparison->rows[i];

		for (size_t k = 0; is_of(row, mean_of) && k < row->blocks_count; k++)
			average_add(averages, &row->blocks[k]);
	}
	return true;
}

// The averages of one side, into values. Returns how many.
static size_t side_values(const struct averages *averages, bool is_other, double *values)
{
	size_t count = 0;

	for (size_t i = 0; i < averages->count; i++) {
		if (averages->items[i].is_other == is_other)
			values[count++] = averages->items[i].sum / averages->items[i].count;
	}
	return count;
}

static bool averages_judge(
	const struct averages *averages, bool is_independent, struct shift *shift)
{
	double *values = calloc(averages->count + 1, sizeof(*values));
	size_t base = values ? side_values(averages, false, values) : 0;
	size_t other = values ? side_values(averages, true, values + base) : 0;
	bool is_good = false;

	if (values)
		is_good = is_independent ? shift_between(values, base, values + base, other,
						   COMPARE_CONFIDENCE, shift)
					 : shift_of_pairs(values, base, COMPARE_CONFIDENCE, shift);
	free(values);
	return is_good;
}

static bool mean_measure(const struct comparison *comparison, struct compare_mean *mean_of)
{
	struct averages averages;
	struct shift shift;
	double sum = 0;
	bool is_good;

	for (size_t i = 0; i < comparison->rows_count; i++) {
		if (!is_of(&comparison->rows[i], mean_of))
			continue;
		sum += log(comparison->rows[i].ratio);
		mean_of->rows++;
	}
	mean_of->ratio = mean_of->rows ? exp(sum / (double)mean_of->rows) : NAN;
	is_good = averages_collect(comparison, mean_of, &averages) &&
		  averages_judge(&averages, comparison->is_independent, &shift);
	free(averages.items);
	if (!is_good)
		return false;
	// The deviations have lost the rows' own ratios; the interval is put back around them.
	mean_of->ratio_low = mean_of->ratio * exp(shift.interval.low - shift.interval.estimate);
	mean_of->ratio_high = mean_of->ratio * exp(shift.interval.high - shift.interval.estimate);
	mean_of->confidence = shift.interval.confidence;
	return true;
}

bool comparison_add_means(struct comparison *comparison, struct problem *problem)
{
	bool is_good = true;

	comparison->means = calloc(comparison->sides_count, sizeof(*comparison->means));
	for (size_t k = 1; comparison->means && is_good && k < comparison->sides_count; k++) {
		struct compare_mean *mean_of = &comparison->means[comparison->means_count++];

		mean_of->side = comparison->sides[k];
		is_good = mean_measure(comparison, mean_of);
	}
	if (comparison->means && is_good)
		return true;
	return no_memory(problem, "the comparison");
}
