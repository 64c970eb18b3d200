// SPDX-License-Identifier: GPL-2.0-or-later
// Asks git. Entry: revision_parse(), revision_of_worktree().
#include "revision.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 10, GIT_SECONDS_MAX = 60, GIT_BYTES_MAX = 1 << 20 };

static bool git_run(const char *root, const char *const *words, struct process_outcome *outcome,
	struct problem *problem)
{
	const char *arguments[WORDS_MAX + 4] = {"/usr/bin/env", "git", "-C", root};
	const struct process_request request = {.arguments = arguments,
		.output_bytes_max = GIT_BYTES_MAX,
		.timeout_s = GIT_SECONDS_MAX};

	for (size_t i = 0; i < WORDS_MAX - 1 && words[i]; i++)
		arguments[4 + i] = words[i];
	return process_run(&request, outcome, problem);
}

// The first line that git prints for these words; false where it prints none or fails.
static bool git_ask(const char *root, const char *const *words, char *line, size_t size,
	struct problem *problem)
{
	struct process_outcome outcome;

	if (!git_run(root, words, &outcome, problem))
		return false;
	bool is_good = outcome.end == PROCESS_EXITED && outcome.code == 0 && *outcome.output;
	if (is_good) {
		outcome.output[strcspn(outcome.output, "\n")] = '\0';
		is_good = snprintf(line, size, "%s", outcome.output) < (int)size;
	}
	process_outcome_free(&outcome);
	return is_good;
}

bool repository_git(
	const char *const *words, struct process_outcome *outcome, struct problem *problem)
{
	char root[PATH_MAX];

	return repository_root(root, sizeof(root), problem) &&
	       git_run(root, words, outcome, problem);
}

bool repository_root(char *root, size_t size, struct problem *problem)
{
	static const char *const words[] = {"rev-parse", "--show-toplevel", NULL};
	const char *named = getenv("SLABMARK_REPOSITORY");

	if (named && *named) {
		snprintf(root, size, "%s", named);
		return true;
	}
	return git_ask(".", words, root, size, problem) ||
	       problem_set(problem, EXIT_WRONG_USE,
		       "a commit's program is built from its repository, and the current folder is "
		       "in none; SLABMARK_REPOSITORY names a clone");
}

bool revision_parse(const char *revision, char commit[COMMIT_NAME_SIZE], struct problem *problem)
{
	char root[PATH_MAX];
	char peeled[256];
	const char *const words[] = {
		"rev-parse", "--verify", "--quiet", "--end-of-options", peeled, NULL};

	if (!repository_root(root, sizeof(root), problem))
		return false;
	snprintf(peeled, sizeof(peeled), "%.200s^{commit}", revision);
	return git_ask(root, words, commit, COMMIT_NAME_SIZE, problem) ||
	       problem_set(problem, EXIT_WRONG_USE, "git finds no commit '%.200s' in %s", revision,
		       root);
}

bool revision_of_worktree(char commit[COMMIT_NAME_SIZE], struct problem *problem)
{
	static const char *const words[] = {"stash", "create", NULL};
	char root[PATH_MAX];

	if (!repository_root(root, sizeof(root), problem))
		return false;
	return git_ask(root, words, commit, COMMIT_NAME_SIZE, problem) ||
	       problem_set(problem, EXIT_WRONG_USE,
		       "%s: every file that git tracks is as in HEAD; 'git add' makes git track a "
		       "new one",
		       root);
}
