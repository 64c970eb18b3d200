// SPDX-License-Identifier: GPL-2.0-or-later
// The plan of a session: which process runs when. Rounds; in each round every (workload, config)
// pair runs once. Pure: the same choices and the same seed give the same plan.
#ifndef HARNESS_RUN_PLAN_H
#define HARNESS_RUN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PLAN_PADDING_BYTES_MAX = 4096 };

struct plan_choice {
	const char *const *configs;
	size_t configs_count;
	const char *const *workloads;
	size_t workloads_count;
	// has[workload * configs_count + config]: whether the config can run the workload; NULL:
	// all can.
	const bool *has;
	int rounds;
	uint64_t seed;
};

// One process. Its texts are the choice's.
struct plan_step {
	int round; // from 0
	int position; // from 0, within the round
	const char *config;
	const char *workload;
	uint64_t
		workload_seed; // the same for all configs of a round's workload: they serve the same requests
	size_t padding_bytes; // 0..PLAN_PADDING_BYTES_MAX of environment, to vary where the stack begins
};

struct plan {
	struct plan_step *steps;
	size_t count;
};

// False when memory runs out. plan_free() afterwards.
bool plan_make(struct plan *plan, const struct plan_choice *choice);
void plan_free(struct plan *plan);

#endif
