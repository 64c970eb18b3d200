// SPDX-License-Identifier: GPL-2.0-or-later
// Measured processes under perf: a file of samples with call chains for each. What is measured so is
// slower than else, and no result.
#ifndef HARNESS_RUN_PROFILE_H
#define HARNESS_RUN_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/process/tool.h"
#include "results/text/problem.h"

struct profile {
	const char *folder; // the caller's
	char perf[TOOL_PATH_SIZE]; // the program's path
};

enum { PROFILE_PATH_SIZE = 1024 };

// Finds perf, makes the folder where it is missing, and tries both on a process that does nothing.
bool profile_open(struct profile *profile, const char *folder, struct problem *problem);

// The words before a program's own: perf's, which writes its samples to `path`. The round counts
// from 0. Returns how many words, at most PROFILE_WORDS_MAX; they point into profile and path.
enum { PROFILE_WORDS_MAX = 8 };
size_t profile_words(const struct profile *profile, const char *side, const char *workload,
	int round, char path[PROFILE_PATH_SIZE], const char **words);

#endif
