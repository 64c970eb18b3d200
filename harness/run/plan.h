// SPDX-License-Identifier: GPL-2.0-or-later
// The plan of a run: which process runs when. Rounds; in each round every pair of a workload and a
// side runs once. Pure: it knows sides and workloads by their index alone, and the same shape and
// the same seed give the same plan.
#ifndef HARNESS_RUN_PLAN_H
#define HARNESS_RUN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PLAN_PADDING_BYTES_MAX = 4096 };

struct plan_shape {
	size_t sides_count;
	size_t workloads_count;
	const bool *has; // [workload * sides_count + side]: what is measured; NULL: all is
	int rounds;
	uint64_t seed;
};

// One process.
struct plan_step {
	int round; // from 0
	int position; // from 0, within the round
	size_t side;
	size_t workload;
	uint64_t workload_seed; // one for all sides of a round's workload: they serve the same
		// requests
	size_t padding_bytes; // 0..PLAN_PADDING_BYTES_MAX of environment, to vary where the stack
		// begins
};

struct plan {
	struct plan_step *steps;
	size_t count;
};

// False when memory runs out. plan_free() afterwards.
bool plan_make(struct plan *plan, const struct plan_shape *shape);
void plan_free(struct plan *plan);

#endif
