// SPDX-License-Identifier: GPL-2.0-or-later
// From the name of an event to what perf_event_open(2) takes, by libpfm4: its own names
// (MEM_LOAD_L3_MISS_RETIRED:REMOTE_DRAM), perf's generic and software events (cache-misses,
// page-faults) and raw codes (r1a8, 0x1a8, cpu/r1a8/, cpu/config=0x1a8/, cpu/event=0xa8,umask=1/).
// No event is opened here.
#ifndef HARNESS_COUNTERS_EVENT_H
#define HARNESS_COUNTERS_EVENT_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>

#include "results/text/problem.h"

enum { EVENT_NAME_SIZE = 160 };

struct event {
	// Disabled, of user space only unless the name says otherwise (:u, :k).
	struct perf_event_attr attributes;
	char taken
		[EVENT_NAME_SIZE]; // what was taken, with its encoding: "skx::L1D:REPLACEMENT r151"
};

// False: no such event on this processor.
bool event_find(const char *name, struct event *event);

// Whether libpfm4 sees one of these PMUs ("skx clx icx") on this machine; "*" is any.
bool event_has_pmu(const char *pmus);

// Whether libpfm4 knows the event, of whatever name behind a colon, on another processor; pmu says
// on which.
bool event_is_elsewhere(const char *name, char *pmu, size_t size);

// Calls for each event's name of the PMUs of this machine, for offers.
void event_names(void (*take)(void *context, const char *name), void *context);

#endif
