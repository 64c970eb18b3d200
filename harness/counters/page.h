// SPDX-License-Identifier: GPL-2.0-or-later
// Reads a counter without a system call, where the kernel's page on the event allows it.
#ifndef HARNESS_COUNTERS_PAGE_H
#define HARNESS_COUNTERS_PAGE_H

#include <stdbool.h>

#include "count.h"
#include "system_calls.h"

// The times are those of the event's last change: not new, but their difference, the time that the
// event was not counted, is right as long as it runs. False: the event is not running, or must not
// be read here.
bool page_read(const struct system_calls *calls, const struct perf_event_mmap_page *page,
	struct reading *reading);

#endif
