// SPDX-License-Identifier: GPL-2.0-or-later
// Handing a command over to a config's inspecting program, slabmark-inspect-<config>.
#ifndef HARNESS_COMMAND_INSPECTOR_H
#define HARNESS_COMMAND_INSPECTOR_H

#include "command.h"

// Becomes the inspecting program of the config that the call names. Its words are those of the
// call: the command's name, each option that was given or has a default under its own name (all but
// --config), and behind "--" the operands, or operand_default where there are none (NULL: nothing).
// Returns only when that failed: the exit status, with the problem set. peer_says: why a config
// that is a peer cannot serve, in parentheses behind "no SLAB allocator".
int inspector_become(const struct command_call *call, const char *operand_default,
	const char *peer_says, struct problem *problem);

#endif
