// SPDX-License-Identifier: GPL-2.0-or-later
// One value or several of a parameter, as users type them:
//
//	64,192,4096     these
//	64..4096*2      64, 128 and so on, twice as much each time, and 4096 as the last
//	10..50+20       10, 30, 50: so much more each time, and 50 as the last
//	3..6            every one; of numbers of threads twice as many each time, as Google Benchmark's
//	                ThreadRange() has it
//	1..all          up to the number of CPUs, of numbers of threads alone
//	lifo,fifo       words, of parameters that have them
#ifndef HARNESS_MEASURED_SWEEP_H
#define HARNESS_MEASURED_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/text/problem.h"
#include "workloads/workload.h"

enum { SWEEP_VALUES_MAX = 1024 };

struct sweep {
	int64_t *values; // in the order typed, each once; the owner frees them by sweep_free()
	size_t count;
};

// What values may be.
struct sweep_range {
	const char *option; // what messages begin with: "--slabmark_set=pair.size"
	const char *unit;
	int64_t minimum, maximum;
	int64_t scale; // values are typed as fractions with so many parts to 1; 0: whole numbers
	const char *const *words; // of the values from the minimum on; NULL: numbers
	int64_t all; // what "all" stands for; 0: nothing
};

// False: the text is wrong, the problem says where and what would be right; or no memory.
bool sweep_read(struct sweep *sweep, const char *text, const struct sweep_range *range,
	struct problem *problem);
// One value alone.
bool sweep_set(struct sweep *sweep, int64_t value, struct problem *problem);
void sweep_free(struct sweep *sweep);

#endif
