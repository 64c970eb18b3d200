// SPDX-License-Identifier: GPL-2.0-or-later
// Times of a workload's two phases, allocating and freeing, in the thread's tallies, and what the
// report says of them. One reading of the clock a phase costs an object next to nothing.
#ifndef WORKLOADS_PARTS_PHASES_H
#define WORKLOADS_PARTS_PHASES_H

#include "workloads/clock.h"
#include "workloads/workload.h"

// The tallies.
enum phase_tally { PHASE_ALLOC_TICKS, PHASE_FREE_TICKS, PHASE_ALLOCATED, PHASE_FREED };

static inline uint64_t phase_begin(const struct workload_context *context)
{
	return clock_ticks(context->clock);
}

static inline void phase_end(
	struct workload_context *context, uint64_t begin, enum phase_tally ticks, int64_t objects)
{
	context->tallies[ticks] += (double)(clock_ticks(context->clock) - begin);
	context->tallies[ticks + PHASE_ALLOCATED] += (double)objects;
}

// Tells `alloc_ns` and `free_ns`: of an object, over the threads that did such.
void phases_report(const struct workload_context *contexts, struct workload_report *report);
// The line of slab_test's sections of several CPUs:
// "<name>(<size>): <cpu>=<alloc>/<free> ... Average=<alloc>/<free>", in cycles of the clock.
// divisor 0: of each object that the CPU itself handled; else of so many, as the original does.
void phases_classic(const struct workload_context *contexts, struct workload_report *report,
	const char *name, int64_t size, double divisor);

#endif
