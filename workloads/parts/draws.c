// SPDX-License-Identifier: GPL-2.0-or-later
// The laws, each the inverse of its distribution function.
#include "draws.h"

#include <math.h>
#include <stdlib.h>

static double draw(enum draws_law law, double minimum, double maximum, double uniform)
{
	double range = maximum + 1 - minimum;

	switch (law) {
	case DRAWS_LINEAR:
		return minimum + range * (1 - sqrt(1 - uniform));
	case DRAWS_EXPONENTIAL:
		return minimum - range / 16 * log(1 - uniform * (1 - exp(-16)));
	case DRAWS_SQUARE:
		return 1 / ((1 / (maximum + 1) - 1 / minimum) * uniform + 1 / minimum);
	default:
		return minimum + range * uniform;
	}
}

struct draws *draws_make(struct workload_context *context, enum draws_law law, int64_t minimum,
	int64_t maximum, int64_t slots)
{
	struct draws *draws = malloc(sizeof(*draws));

	if (!draws) {
		workload_fail(context, "no memory for drawn sizes");
		return NULL;
	}
	draws->next_size = draws->next_slot = 0;
	for (size_t i = 0; i < DRAWS_SIZES; i++) {
		double size = draw(law, (double)minimum, (double)maximum, erand48(context->random));

		draws->sizes[i] = (uint32_t)(size > (double)maximum ? (double)maximum : size);
	}
	for (size_t i = 0; i < DRAWS_SLOTS; i++)
		draws->slots[i] = (uint32_t)(erand48(context->random) * (double)slots);
	return draws;
}
