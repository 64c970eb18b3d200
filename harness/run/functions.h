// SPDX-License-Identifier: GPL-2.0-or-later
// Which functions the instructions of a simulated process are in, as callgrind's files tell it, and what
// differs between two processes.
#ifndef HARNESS_RUN_FUNCTIONS_H
#define HARNESS_RUN_FUNCTIONS_H

#include <stdint.h>
#include <stdio.h>

#include "results/text/problem.h"

struct function_count {
	char *name; // as the compiler calls it
	uint64_t instructions; // its own, without those of what it calls
};

struct functions {
	struct function_count *items; // each name once, in the order of the file
	size_t count;
};

// Adds what one of callgrind's files holds. EXIT_NOT_MEASURED: it cannot be read, or counts no
// instructions first. functions_free() in any case.
bool functions_add(struct functions *functions, const char *path, struct problem *problem);
void functions_free(struct functions *functions);

// A table of the functions whose instructions differ, the largest difference first, and the sum of all.
void functions_compare(const struct functions *base, const struct functions *other, FILE *output);

#endif
