// SPDX-License-Identifier: GPL-2.0-or-later
// Events of one group are counted together or not at all, and read by one call. Here are the steps
// on a group of the calling thread: open a member, run, read.
#ifndef HARNESS_COUNTERS_GROUP_H
#define HARNESS_COUNTERS_GROUP_H

#include <stdbool.h>
#include <stddef.h>

#include "count.h"
#include "counters.h"

enum { GROUP_NONE = -1 };

// Opens an event as the group's leader (leader: GROUP_NONE) or as its member. Returns a file; -1
// and errno.
int group_open(const struct system_calls *calls, const struct event *event, int leader);

// The whole group begins or ends to count.
bool group_start(const struct system_calls *calls, int leader);
bool group_stop(const struct system_calls *calls, int leader);

// Reads all members, the leader first. False: the kernel did not give them.
bool group_read(
	const struct system_calls *calls, int leader, struct reading *readings, size_t count);

#endif
