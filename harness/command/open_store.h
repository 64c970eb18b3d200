// SPDX-License-Identifier: GPL-2.0-or-later
// A store that a command writes to.
#ifndef HARNESS_COMMAND_OPEN_STORE_H
#define HARNESS_COMMAND_OPEN_STORE_H

#include "harness/command_line/command_line.h"
#include "results/store/store.h"

// store_open() for writing. What users should know of the store goes to standard error.
bool open_store_for_writing(const struct command_call *call, const char *path, struct store **store,
	struct problem *problem);

#endif
