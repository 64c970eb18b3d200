// SPDX-License-Identifier: GPL-2.0-or-later
// From the options of a command to a struct run: what all commands that measure have in common.
#ifndef HARNESS_COMMAND_RUN_OPTIONS_H
#define HARNESS_COMMAND_RUN_OPTIONS_H

#include "harness/command_line/command_line.h"
#include "harness/run/run.h"

// A run that the call asks for: its words, and the store that --db names, not open yet.
struct run run_of_call(const struct command_call *call);

// Reads what ROWS_SESSION and ROWS_BENCHMARKS have (rows.h), and --rounds, --min-time and --timeout.
bool run_settings_read(struct run *run, const struct command_call *call, struct problem *problem);

// Reads the same and --workload, and selects the configs.
bool run_options_read(struct run *run, const struct command_call *call, struct texts configs,
	struct problem *problem);

// Whether the machine is as quiet as --require-quiet wants it; asked when all else is right, just
// before the first process.
bool run_may_begin(const struct command_call *call, struct problem *problem);

// Whether what stands behind "--" leaves alone what a measured process is told by us.
bool run_passed_check(const struct command_call *call, struct problem *problem);

// What was given of an option that may have many values.
struct texts call_texts(const struct command_call *call, const char *name);

#endif
