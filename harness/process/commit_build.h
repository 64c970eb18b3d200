// SPDX-License-Identifier: GPL-2.0-or-later
// The measured program of a config as a commit has it, or several that differ by their layout: built
// by ci/build-commit of the repository, and kept, so that the next call finds it.
#ifndef HARNESS_PROCESS_COMMIT_BUILD_H
#define HARNESS_PROCESS_COMMIT_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/text/problem.h"
#include "revision.h"

#define COMMIT_OF_TREE "." // the tree as it is, for layouts alone

// What is to be built.
struct commit_request {
	const char *config;
	const char *commit; // whatever git takes for one, or COMMIT_OF_TREE
	size_t layouts; // 0: the program as it is linked
	uint64_t seed; // draws the layouts
};

struct commit_build {
	char commit[COMMIT_NAME_SIZE]; // its whole name
	char **paths; // of the program, or of one a layout
	size_t count;
};

// Finds the program or builds it, which may take minutes; what goes on is said on standard error. The
// repository is what the environment variable SLABMARK_REPOSITORY names, else that of the current
// folder. EXIT_WRONG_USE: no repository of ours, no such commit, or the commit has no such config;
// EXIT_NOT_MEASURED: it could not be built. commit_build_free() after success.
bool commit_build_get(
	struct commit_build *build, const struct commit_request *request, struct problem *problem);
void commit_build_free(struct commit_build *build);

#endif
