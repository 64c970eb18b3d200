// SPDX-License-Identifier: GPL-2.0-or-later
// Commits of the repository that builds come from, by git's own words.
#ifndef HARNESS_PROCESS_REVISION_H
#define HARNESS_PROCESS_REVISION_H

#include <stdbool.h>
#include <stddef.h>

#include "process.h"
#include "results/text/problem.h"

enum { COMMIT_SHOWN = 12, COMMIT_NAME_SIZE = 72 }; // letters of a commit in labels; of a whole one

// The root of the repository: what the environment variable SLABMARK_REPOSITORY names, else that of
// the current folder. EXIT_WRONG_USE where there is none.
bool repository_root(char *root, size_t size, struct problem *problem);

// Runs git in the repository with these words, NULL at the end. False where it could not be run; how it
// ended is in *outcome, process_outcome_free() after success.
bool repository_git(
	const char *const *words, struct process_outcome *outcome, struct problem *problem);

// The whole name of what git takes for a commit: a hash or its beginning, a tag, HEAD~3.
// EXIT_WRONG_USE where git knows no such commit.
bool revision_parse(const char *words, char commit[COMMIT_NAME_SIZE], struct problem *problem);

// A commit, on no branch, of the files that git tracks as they lie in the working tree; nothing in
// the tree changes. EXIT_WRONG_USE where they are as in HEAD.
bool revision_of_worktree(char commit[COMMIT_NAME_SIZE], struct problem *problem);

#endif
