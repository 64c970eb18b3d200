// SPDX-License-Identifier: GPL-2.0-or-later
// Commits looked up in a clone, by git itself.
#ifndef HARNESS_COMMAND_REPOSITORY_H
#define HARNESS_COMMAND_REPOSITORY_H

#include "results/exchange/export.h"

// Finds a commit in the repository whose path is the context; as struct export_commits wants it.
// EXIT_WRONG_USE: the folder is no repository, or it lacks the commit; EXIT_NOT_MEASURED: git could
// not be run.
bool repository_commit_find(
	void *context, const char *name, struct export_commit *commit, struct problem *problem);

#endif
