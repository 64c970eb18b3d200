// SPDX-License-Identifier: GPL-2.0-or-later
// Comparing results with those expected: the first difference, and where in it to look.
#ifndef SLAB_INSPECT_CHECK_H
#define SLAB_INSPECT_CHECK_H

#include <stdbool.h>
#include <stdio.h>

#include "inspect/trace.h"

struct check_difference {
	unsigned line; // of the trace, whose result it is; 0: before any
	char row[64]; // of a dump: "node 1", "cpu 3"; empty elsewhere
	char field[64]; // "free_limit", "entry 2"
	char ours[64]; // the field's value; "nothing" where there is none
	char theirs[64];
	const char
		*our_line; // whole, within the texts given, not terminated; NULL: the results end
	const char *their_line;
};

// Compares two texts of results line by line, without the lines ' stats' where skip_statistics.
// Returns true when they are the same, else fills *difference.
bool check_compare(const char *ours, const char *theirs, bool skip_statistics,
	struct check_difference *difference);

// Says the difference: where, which field, both lines, and the operations that led there.
void check_print(FILE *output, const char *name, const struct trace *trace,
	const struct check_difference *difference);

#endif
