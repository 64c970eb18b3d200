// SPDX-License-Identifier: GPL-2.0-or-later
// Which benchmarks are wanted, by their names, as Google Benchmark filters: a regular expression that
// matches a part of the name; behind a "-" those are wanted that it does not match.
#ifndef HARNESS_MEASURED_ONLY_H
#define HARNESS_MEASURED_ONLY_H

#include <regex.h>
#include <stdbool.h>

#include "results/text/problem.h"

struct only {
	bool is_set; // else all are wanted
	bool is_negative;
	regex_t expression;
};

// False: it is no extended regular expression.
bool only_read(struct only *only, const char *text, struct problem *problem);
bool only_matches(const struct only *only, const char *name);
void only_free(struct only *only);

#endif
