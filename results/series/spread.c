// SPDX-License-Identifier: GPL-2.0-or-later
// How far values lie from their level goes through the same test as the values themselves: a series
// that scatters more is one whose distances took another level. Entry: spread_find().
#include "spread.h"

#include <math.h>

#include "results/statistics/order.h"

enum { SIDE_MIN = 8 }; // values; fewer say little of how they scatter

static const double MAD_TO_DEVIATION = 1.4826; // of a Gaussian
static const double RATIO_MIN = 1.5; // of deviations: less is not worth a word

static double deviation_of(struct cut_series *series, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++)
		series->room[i - first] = series->rest[i];
	return order_median(series->room, end - first) * MAD_TO_DEVIATION;
}

struct spread spread_find(struct cut_series *series)
{
	struct spread spread = {0};
	struct split split;

	if (series->count < 2 * SIDE_MIN)
		return spread;
	for (size_t i = 0; i < series->count; i++)
		series->rest[i] = fabs(series->left_by_steps[i]);
	split_work_know(&series->work, series->rest, series->count);
	split_judge(&series->work, series->rest, series->count, true, 0, &split);
	spread.at = split.at;
	if (split.at < SIDE_MIN || split.at + SIDE_MIN > series->count ||
		!split_is_change_of_part(&split, series->count, split.autocorrelation))
		return spread;
	spread.before = deviation_of(series, 0, split.at);
	spread.after = deviation_of(series, split.at, series->count);
	spread.is_there =
		fmin(spread.before, spread.after) > 0 &&
		fmax(spread.before, spread.after) >= RATIO_MIN * fmin(spread.before, spread.after);
	return spread;
}
