// SPDX-License-Identifier: GPL-2.0-or-later
// Carrying a trace out on the allocator, which has started with the trace's machine.
#ifndef SLAB_INSPECT_OPERATION_H
#define SLAB_INSPECT_OPERATION_H

#include <stdbool.h>
#include <stdio.h>

#include "inspect/run.h"
#include "inspect/trace.h"

// Runs every operation and prints the results, one operation after the other, each flushed when it
// is done. *line is always that of the operation under way, for whoever looks after a crash. Call
// it once a process. Returns false, with *problem filled, for what only shows when it runs: a cache
// that is gone by now, a label that still holds something.
bool trace_run(const struct trace *trace, FILE *output, bool has_statistics,
	volatile unsigned *line, struct trace_problem *problem);

// Carries one operation out and prints its result. The run has begun. Returns false after a
// complaint.
bool run_operation(struct run *run, const struct trace_operation *operation);

#endif
