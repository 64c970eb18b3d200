// SPDX-License-Identifier: GPL-2.0-or-later
// The critical values of split.h, by simulation: `results-split-calibrate 200000` prints the rows
// (fixed seed). Between two rows they are interpolated over the logarithm of the count; beyond the
// last extended, which errs on the safe side, because they grow ever more slowly.
#include "split.h"

#include <math.h>

struct row {
	size_t count;
	struct split_critical critical;
};

static const struct row ROWS[] = {
	{6, {2.269, 2.065, 0.000, 0.000}},
	{7, {2.421, 2.198, 0.000, 0.000}},
	{8, {2.530, 2.351, 0.000, 0.000}},
	{9, {2.630, 2.473, 0.000, 0.000}},
	{10, {2.700, 2.469, 0.000, 0.000}},
	{11, {2.764, 2.537, 2.769, 2.572}},
	{12, {2.819, 2.597, 2.885, 2.685}},
	{14, {2.907, 2.703, 3.106, 2.957}},
	{16, {2.975, 2.755, 3.228, 3.074}},
	{18, {3.038, 2.790, 3.345, 3.136}},
	{20, {3.084, 2.814, 3.431, 3.242}},
	{25, {3.174, 2.902, 3.617, 3.384}},
	{30, {3.241, 2.950, 3.744, 3.509}},
	{40, {3.331, 3.029, 3.947, 3.680}},
	{50, {3.391, 3.075, 4.043, 3.770}},
	{65, {3.445, 3.137, 4.181, 3.910}},
	{80, {3.490, 3.178, 4.286, 4.002}},
	{95, {3.534, 3.210, 4.363, 4.074}},
	{120, {3.577, 3.250, 4.437, 4.165}},
	{160, {3.608, 3.287, 4.545, 4.261}},
	{250, {3.667, 3.339, 4.694, 4.419}},
	{500, {3.740, 3.412, 4.877, 4.625}},
	{1000, {3.798, 3.467, 5.027, 4.797}},
	{2500, {3.849, 3.532, 5.223, 5.005}},
	{10000, {3.881, 3.611, 5.445, 5.285}},
};

static struct split_critical between(const struct row *low, const struct row *high, double share)
{
	const struct split_critical *a = &low->critical;
	const struct split_critical *b = &high->critical;

	return (struct split_critical){
		.by_values = a->by_values + share * (b->by_values - a->by_values),
		.by_scores = a->by_scores + share * (b->by_scores - a->by_scores),
		.stretch_by_values = a->stretch_by_values +
				     share * (b->stretch_by_values - a->stretch_by_values),
		.stretch_by_scores = a->stretch_by_scores +
				     share * (b->stretch_by_scores - a->stretch_by_scores),
	};
}

struct split_critical split_critical(size_t count)
{
	size_t last = sizeof(ROWS) / sizeof(ROWS[0]) - 1;
	size_t high = 1;

	if (count <= ROWS[0].count)
		return ROWS[0].critical;
	while (high < last && ROWS[high].count < count)
		high++;
	return between(&ROWS[high - 1], &ROWS[high],
		log((double)count / (double)ROWS[high - 1].count) /
			log((double)ROWS[high].count / (double)ROWS[high - 1].count));
}
