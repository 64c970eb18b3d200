// SPDX-License-Identifier: GPL-2.0-or-later
// The measured program of a config as a commit has it: built by ci/build-commit of the repository,
// and kept there, so that the next call finds it.
#ifndef HARNESS_RUN_COMMIT_BUILD_H
#define HARNESS_RUN_COMMIT_BUILD_H

#include <stdbool.h>

#include "results/text/problem.h"
#include "revision.h"

struct commit_build {
	char commit[COMMIT_NAME_SIZE]; // its whole name
	char *path; // of the program
};

// Finds the program or builds it, which may take minutes; what goes on is said on standard error.
// The commit is whatever git takes for one. The repository is what the environment variable
// SLABMARK_REPOSITORY names, else that of the current folder. EXIT_WRONG_USE: no repository of
// ours, no such commit, or the commit has no such config; EXIT_NOT_MEASURED: it could not be built.
// commit_build_free() after success.
bool commit_build_get(struct commit_build *build, const char *config, const char *commit,
	struct problem *problem);
void commit_build_free(struct commit_build *build);

#endif
