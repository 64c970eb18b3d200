// SPDX-License-Identifier: GPL-2.0-or-later
// Asks git. Entry: repository_commit_find().
#include "repository.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/process/process.h"

enum { OUTPUT_BYTES_MAX = 1 << 16, TIMEOUT_S = 60 };

// "HASH SECONDS" and a line break, as --format=%H %ct prints it.
static bool line_read(const char *line, struct export_commit *commit)
{
	const char *blank = strchr(line, ' ');
	char *end;

	if (!blank || blank == line || (size_t)(blank - line) >= sizeof(commit->name))
		return false;
	memcpy(commit->name, line, (size_t)(blank - line));
	commit->name[blank - line] = '\0';
	return isdigit((unsigned char)blank[1]) &&
	       !__builtin_mul_overflow(
		       strtoll(blank + 1, &end, 10), 1000000000LL, &commit->unix_ns) &&
	       *end == '\n';
}

static void line_break_cut(char *text)
{
	text[strcspn(text, "\n")] = '\0';
}

bool repository_commit_find(
	void *context, const char *name, struct export_commit *commit, struct problem *problem)
{
	const char *path = context;
	const char *const arguments[] = {"/usr/bin/env", "git", "-C", path, "show", "--no-patch",
		"--format=%H %ct", name, "--", NULL};
	const struct process_request request = {.arguments = arguments,
		.output_bytes_max = OUTPUT_BYTES_MAX,
		.timeout_s = TIMEOUT_S};
	struct process_outcome outcome;
	bool is_found;

	*commit = (struct export_commit){0};
	if (!process_run(&request, &outcome, problem))
		return false;
	is_found = outcome.end == PROCESS_EXITED && outcome.code == 0 &&
		   line_read(outcome.output, commit);
	if (!is_found && outcome.end == PROCESS_EXITED && outcome.code == 127)
		problem_set(problem, EXIT_NOT_MEASURED,
			"git is not installed; it knows the commits of %s", path);
	else if (!is_found) {
		line_break_cut(outcome.errors);
		problem_set(problem, EXIT_WRONG_USE,
			"%s: git finds no commit %s there%s%s; --repository names a clone that has "
			"it",
			path, name, *outcome.errors ? ": " : "", outcome.errors);
	}
	process_outcome_free(&outcome);
	return is_found;
}
