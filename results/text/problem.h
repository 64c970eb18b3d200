// SPDX-License-Identifier: GPL-2.0-or-later
// What went wrong, in words for the user: a function that can fail returns bool and fills the
// caller's struct problem. Only main prints it and exits.
#ifndef RESULTS_TEXT_PROBLEM_H
#define RESULTS_TEXT_PROBLEM_H

#include <stdbool.h>

// Exit statuses of every program here.
enum exit_status {
	EXIT_GOOD = 0,
	EXIT_REGRESSION = 1, // or a failed check
	EXIT_WRONG_USE = 2, // bad arguments or bad input
	EXIT_NOT_MEASURED = 3, // nothing could be measured, read or written
	EXIT_UNDECIDED = 4, // gate --strict, try
};

struct problem {
	enum exit_status status; // what main exits with
	char text
		[1024]; // one sentence without a trailing newline: what was wrong, where, what would be right
};

// Fills *problem and returns false, so that a failing function can end with `return
// problem_set(…)`. A text too long is cut, control characters in it become '?'. problem may be
// NULL.
__attribute__((format(printf, 3, 4))) bool problem_set(
	struct problem *problem, enum exit_status status, const char *format, ...);

// Puts "WHERE: " before the problem's text, for a caller that knows where it arose (a file).
// Returns false.
bool problem_locate(struct problem *problem, const char *where);

#endif
