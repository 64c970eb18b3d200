// SPDX-License-Identifier: GPL-2.0-or-later
// The commands of slabmark. Each is a struct command in command/<name>.c: its table of options and
// its run function. A new one is a file, a line here and a line in commands.c.
#ifndef HARNESS_COMMAND_COMMAND_H
#define HARNESS_COMMAND_COMMAND_H

#include "harness/command_line/command_line.h"

extern const struct command list_command;
extern const struct command run_command;
extern const struct command try_command;
extern const struct command selfcheck_command;
extern const struct command bisect_command;
extern const struct command calibrate_command;
extern const struct command compare_command;
extern const struct command gate_command;
extern const struct command history_command;
extern const struct command report_command;
extern const struct command sessions_command;
extern const struct command doctor_command;
extern const struct command export_command;
extern const struct command import_command;
extern const struct command db_command;
extern const struct command geometry_command;
extern const struct command replay_command;
extern const struct command record_command;
extern const struct command help_command;

// All of them, NULL at the end.
enum { COMMANDS_MAX = 32 };
extern const struct command *const slabmark_commands[COMMANDS_MAX];

// Help as text: of the whole program, or of one command.
void help_print(FILE *output, const struct command *const *commands);
void help_print_command(FILE *output, const struct command *command);

#endif
