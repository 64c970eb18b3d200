// SPDX-License-Identifier: GPL-2.0-or-later
// Talks to 'git bisect'. Entry: bisection_look(). Its state is git's own, so 'git bisect log' shows
// it and 'git bisect reset' ends it.
#include "bisection.h"

#include <string.h>

#include "harness/process/process.h"

// ---- asking git

static bool is_good_end(const struct process_outcome *outcome)
{
	return outcome->end == PROCESS_EXITED && outcome->code == 0;
}

// The last thing that git said, for a message.
static const char *last_words(struct process_outcome *outcome)
{
	char *end = outcome->errors + strlen(outcome->errors);

	while (end > outcome->errors && end[-1] == '\n')
		*--end = '\0';
	const char *line = strrchr(outcome->errors, '\n');
	return line ? line + 1 : outcome->errors;
}

// Runs git; anything but success is a failure with its words.
static bool git_do(const char *const *words, struct problem *problem)
{
	struct process_outcome outcome;

	if (!repository_git(words, &outcome, problem))
		return false;
	bool is_good = is_good_end(&outcome);
	if (!is_good)
		problem_set(
			problem, EXIT_NOT_MEASURED, "git %s: %s", words[0], last_words(&outcome));
	process_outcome_free(&outcome);
	return is_good;
}

// ---- beginning

// Whether git is in the middle of a bisect, and whether of these two commits.
static bool log_look(
	const struct bisection *bisection, bool *is_there, bool *is_ours, struct problem *problem)
{
	static const char *const words[] = {"bisect", "log", NULL};
	struct process_outcome outcome;

	if (!repository_git(words, &outcome, problem))
		return false;
	*is_there = is_good_end(&outcome);
	*is_ours = *is_there && strstr(outcome.output, bisection->good) &&
		   strstr(outcome.output, bisection->bad) &&
		   strstr(outcome.output, "--no-checkout");
	process_outcome_free(&outcome);
	return true;
}

bool bisection_look(struct bisection *bisection, struct problem *problem)
{
	const char *const ancestor[] = {
		"merge-base", "--is-ancestor", bisection->good, bisection->bad, NULL};
	bool is_there = false;

	if (!git_do(ancestor, NULL))
		return problem_set(problem, EXIT_WRONG_USE,
			"%.12s is no ancestor of %.12s: name the older, quicker commit first",
			bisection->good, bisection->bad);
	if (!log_look(bisection, &is_there, &bisection->is_resumed, problem))
		return false;
	if (is_there && !bisection->is_resumed)
		return problem_set(problem, EXIT_WRONG_USE,
			"git is in the middle of another bisect; 'git bisect reset' ends it");
	return true;
}

bool bisection_begin(const struct bisection *bisection, struct problem *problem)
{
	const char *const words[] = {
		"bisect", "start", "--no-checkout", bisection->bad, bisection->good, NULL};

	return git_do(words, problem);
}

// ---- step by step

bool bisection_next(char commit[COMMIT_NAME_SIZE], struct problem *problem)
{
	return revision_parse("BISECT_HEAD", commit, problem);
}

// git's answer: "NAME is the first bad commit", or that only skipped ones are left.
static void answer_read(struct bisection *bisection, const char *answer)
{
	const char *found = strstr(answer, " is the first bad commit");

	if (strstr(answer, "only 'skip'ped commits left"))
		bisection->is_done = true;
	if (!found)
		return;
	const char *line = found;
	while (line > answer && line[-1] != '\n')
		line--;
	snprintf(bisection->found, sizeof(bisection->found), "%.*s", (int)(found - line), line);
	bisection->is_done = true;
}

bool bisection_tell(struct bisection *bisection, const char *commit, enum bisection_word word,
	struct problem *problem)
{
	static const char *const names[] = {"good", "bad", "skip"};
	const char *const words[] = {"bisect", names[word], commit, NULL};
	struct process_outcome outcome;

	if (!repository_git(words, &outcome, problem))
		return false;
	answer_read(bisection, outcome.output);
	bool is_good = is_good_end(&outcome) || bisection->is_done;
	if (!is_good)
		problem_set(problem, EXIT_NOT_MEASURED, "git bisect %s: %s", names[word],
			last_words(&outcome));
	process_outcome_free(&outcome);
	return is_good;
}

bool bisection_end(struct problem *problem)
{
	static const char *const words[] = {"bisect", "reset", NULL};

	return git_do(words, problem);
}
