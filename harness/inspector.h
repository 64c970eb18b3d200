// SPDX-License-Identifier: GPL-2.0-or-later
// Handing a command over to a config's inspecting program, slabmark-inspect-<config>.
#ifndef HARNESS_INSPECTOR_H
#define HARNESS_INSPECTOR_H

#include "command.h"

// "--option=VALUE" as one word, for inspector_become(). The word lives until exec; NULL when memory runs out.
const char *inspector_word(const char *option, const char *value);

// Becomes the inspecting program of the config that the call names, with these words behind the program's name (NULL at
// the end). Returns only when that failed: the exit status, with the problem set. peer_says: why a config that is a peer
// cannot serve, after "config '…' is a peer, no SLAB allocator: ".
int inspector_become(const struct command_call *call, const char *const *words,
	const char *peer_says, struct problem *problem);

#endif
