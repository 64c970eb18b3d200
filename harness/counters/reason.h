// SPDX-License-Identifier: GPL-2.0-or-later
// Why an event cannot be counted here, in words for the user: what the kernel's error number means
// for perf_event_open(2), and what would lift it.
#ifndef HARNESS_COUNTERS_REASON_H
#define HARNESS_COUNTERS_REASON_H

#include <stddef.h>

#include "counters.h"

void reason_write(char *reason, size_t size, int error, const struct perf_event_attr *attributes,
	const struct system_calls *calls);

#endif
