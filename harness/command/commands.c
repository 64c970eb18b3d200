// SPDX-License-Identifier: GPL-2.0-or-later
// The table of commands: what `slabmark` finds a command in, and help, man page and completion
// walk.
#include "command.h"

// In the order of a newcomer's day.
const struct command *const slabmark_commands[COMMANDS_MAX] = {
	&list_command,
	&doctor_command,
	&run_command,
	&try_command,
	&bisect_command,
	&calibrate_command,
	&selfcheck_command,
	&sessions_command,
	&compare_command,
	&gate_command,
	&history_command,
	&report_command,
	&export_command,
	&import_command,
	&db_command,
	&geometry_command,
	&replay_command,
	&record_command,
	&help_command,
	NULL,
};
