// SPDX-License-Identifier: GPL-2.0-or-later
// A log-linear histogram of times: 32 steps of equal width for each power of two, so that any value
// is known to 3 % or better, from 0 to 2^48 ticks. Debian has no HdrHistogram for C; its layout is
// this one, with a number of steps to choose.
//
//	index of a value below 32: itself; else, with e the value's highest bit, 32 * (e - 4) and the five
//	bits behind that bit.
#ifndef WORKLOADS_PARTS_HISTOGRAM_H
#define WORKLOADS_PARTS_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_STEPS = 32, HISTOGRAM_STEP_BITS = 5, HISTOGRAM_BITS = 48 };
enum { HISTOGRAM_COUNTERS = HISTOGRAM_STEPS * (HISTOGRAM_BITS - HISTOGRAM_STEP_BITS + 1) };

struct histogram {
	uint64_t total;
	uint64_t largest; // exactly
	uint64_t counts[HISTOGRAM_COUNTERS];
};

static inline unsigned histogram_index(uint64_t value)
{
	if (value < HISTOGRAM_STEPS)
		return (unsigned)value;
	unsigned exponent = 63 - (unsigned)__builtin_clzll(value);

	return HISTOGRAM_STEPS * (exponent - HISTOGRAM_STEP_BITS + 1) +
	       (unsigned)(value >> (exponent - HISTOGRAM_STEP_BITS) & (HISTOGRAM_STEPS - 1));
}

static inline void histogram_add(struct histogram *histogram, uint64_t value)
{
	uint64_t kept = value >> HISTOGRAM_BITS ? (UINT64_C(1) << HISTOGRAM_BITS) - 1 : value;

	histogram->counts[histogram_index(kept)]++;
	histogram->total++;
	if (value > histogram->largest)
		histogram->largest = value;
}

// Adds what another one holds.
void histogram_merge(struct histogram *histogram, const struct histogram *other);

// The value that `share` of all values (0 to 1) do not exceed: the upper end of its step, and not
// more than the largest. 0 without any value.
uint64_t histogram_quantile(const struct histogram *histogram, double share);

#endif
