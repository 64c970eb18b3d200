// SPDX-License-Identifier: GPL-2.0-or-later
// What --slabmark_list_placements prints.
#ifndef HARNESS_MEASURED_PLACEMENT_LIST_H
#define HARNESS_MEASURED_PLACEMENT_LIST_H

#include <jansson.h>

#include "benchmark.h"

// The usable CPUs with what they share, and of each placement the CPUs that it gives to threads, two of
// them or as many as --slabmark_threads says first, or the reason why there are none. The caller's;
// NULL: no memory.
json_t *measured_placements(const struct measured_process *process);

#endif
