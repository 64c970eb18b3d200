// SPDX-License-Identifier: GPL-2.0-or-later
// Which commit made a series slower: git chooses the commits and remembers what was said of them
// ('git bisect', without a checkout), trials say it. It goes on where an earlier call stopped.
#ifndef HARNESS_RUN_BISECTION_H
#define HARNESS_RUN_BISECTION_H

#include <stdbool.h>
#include <stdio.h>

#include "harness/process/revision.h"
#include "results/text/problem.h"

enum bisection_word {
	BISECTION_GOOD, // as quick as the good commit
	BISECTION_BAD,
	BISECTION_SKIP, // it cannot be told, or not be built
};

struct bisection {
	char good[COMMIT_NAME_SIZE];
	char bad[COMMIT_NAME_SIZE];
	bool is_resumed; // an earlier call has begun it
	bool is_done;
	char found
		[COMMIT_NAME_SIZE]; // is_done: the first bad commit; "": only skipped ones are left
};

// Looks whether an earlier call has begun with these two commits (is_resumed). EXIT_WRONG_USE: the
// good one is no ancestor of the bad one, or git is in the middle of another bisect.
bool bisection_look(struct bisection *bisection, struct problem *problem);

// Begins git's bisect.
bool bisection_begin(const struct bisection *bisection, struct problem *problem);

// The commit to try next.
bool bisection_next(char commit[COMMIT_NAME_SIZE], struct problem *problem);

// Tells git about it, and learns whether that was the last one.
bool bisection_tell(struct bisection *bisection, const char *commit, enum bisection_word word,
	struct problem *problem);

// Ends git's bisect.
bool bisection_end(struct problem *problem);

#endif
