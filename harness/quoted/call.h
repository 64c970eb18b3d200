// SPDX-License-Identifier: GPL-2.0-or-later
// One command of a quoted line, and what its checks share.
#ifndef HARNESS_QUOTED_CALL_H
#define HARNESS_QUOTED_CALL_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/command/command.h"

// One command of a line.
struct call {
	char *const *words; // the program first
	size_t count;
	bool is_mention;
	const char *root;
	struct problem *problem;
};

// `slabmark COMMAND …`, by the command's table and the parser of the command line.
bool slabmark_call_check(const struct call *call);

// The row of "--name" or "--name=VALUE" in a command's table; NULL: it has none.
const struct option_row *command_row_find(const struct command *command, const char *word);

// Whether there is such a config; a placeholder is one.
bool config_check(const char *name, const struct call *call);

// Whether FOLDER/NAMEEND is there, below the root.
bool path_exists(const char *root, const char *folder, const char *name, const char *end);

#endif
