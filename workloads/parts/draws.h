// SPDX-License-Identifier: GPL-2.0-or-later
// Random sizes and slots, drawn before the timed loop, which only walks them. The tables' lengths
// have no common divisor, so that sizes and slots meet in new pairs for 33 million operations.
#ifndef WORKLOADS_PARTS_DRAWS_H
#define WORKLOADS_PARTS_DRAWS_H

#include "workloads/workload.h"

enum { DRAWS_SIZES = 8192, DRAWS_SLOTS = 4099 };

enum draws_law {
	DRAWS_EVEN, // every size as often
	DRAWS_LINEAR, // falls in a straight line to 0 at the largest
	DRAWS_EXPONENTIAL, // falls by a factor of e for each sixteenth of the range
	DRAWS_SQUARE, // falls with the square of the size, as Pareto's law of 1
	DRAWS_LAWS
};

struct draws {
	uint32_t sizes[DRAWS_SIZES];
	uint32_t slots[DRAWS_SLOTS];
	unsigned next_size;
	unsigned next_slot;
};

// Draws from context->random. The caller's; free() it. NULL: no memory, a failure is set.
struct draws *draws_make(struct workload_context *context, enum draws_law law, int64_t minimum,
	int64_t maximum, int64_t slots);

static inline uint32_t draws_size(struct draws *draws)
{
	draws->next_size = (draws->next_size + 1) % DRAWS_SIZES;
	return draws->sizes[draws->next_size];
}

static inline uint32_t draws_slot(struct draws *draws)
{
	draws->next_slot = draws->next_slot + 1 < DRAWS_SLOTS ? draws->next_slot + 1 : 0;
	return draws->slots[draws->next_slot];
}

// "min must not be above max", for parameters that stand next to each other.
static inline bool draws_check(int64_t minimum, int64_t maximum, const char **why)
{
	*why = "min must not be above max";
	return minimum <= maximum;
}

#endif
