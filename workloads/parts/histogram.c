// SPDX-License-Identifier: GPL-2.0-or-later
// Reading histograms.
#include "histogram.h"

#include <math.h>

void histogram_merge(struct histogram *histogram, const struct histogram *other)
{
	for (unsigned i = 0; i < HISTOGRAM_COUNTERS; i++)
		histogram->counts[i] += other->counts[i];
	histogram->total += other->total;
	if (other->largest > histogram->largest)
		histogram->largest = other->largest;
}

// The largest value of a step.
static uint64_t step_end(unsigned index)
{
	if (index < HISTOGRAM_STEPS)
		return index;
	unsigned shift = index / HISTOGRAM_STEPS - 1;
	uint64_t first = (uint64_t)(HISTOGRAM_STEPS + index % HISTOGRAM_STEPS) << shift;

	return first + (UINT64_C(1) << shift) - 1;
}

uint64_t histogram_quantile(const struct histogram *histogram, double share)
{
	uint64_t wanted = (uint64_t)ceil(share * (double)histogram->total);
	uint64_t seen = 0;

	for (unsigned i = 0; i < HISTOGRAM_COUNTERS; i++) {
		seen += histogram->counts[i];
		if (seen > 0 && seen >= wanted)
			return step_end(i) < histogram->largest ? step_end(i) : histogram->largest;
	}
	return histogram->largest;
}
