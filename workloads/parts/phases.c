// SPDX-License-Identifier: GPL-2.0-or-later
// What the report says of phases.
#include "phases.h"

#include <inttypes.h>
#include <stdio.h>

static void phase_tell(const struct workload_context *contexts, struct workload_report *report,
	const char *name, enum phase_tally ticks)
{
	double sum = 0;
	double objects = 0;

	for (unsigned i = 0; i < contexts->threads; i++) {
		sum += contexts[i].tallies[ticks];
		objects += contexts[i].tallies[ticks + PHASE_ALLOCATED];
	}
	if (objects > 0)
		report->tell(report, name, sum * contexts->clock->ns_per_tick / objects);
}

void phases_report(const struct workload_context *contexts, struct workload_report *report)
{
	phase_tell(contexts, report, "alloc_ns", PHASE_ALLOC_TICKS);
	phase_tell(contexts, report, "free_ns", PHASE_FREE_TICKS);
}

// Cycles an object, in whole ones, as the kernel's integers have it.
static uint64_t each(const struct workload_context *context, enum phase_tally ticks, double divisor)
{
	double objects = context->tallies[ticks + PHASE_ALLOCATED];
	double by = divisor > 0 ? divisor : objects;

	return objects > 0 && by > 0 ? (uint64_t)(context->tallies[ticks] / by) : 0;
}

void phases_classic(const struct workload_context *contexts, struct workload_report *report,
	const char *name, int64_t size, double divisor)
{
	unsigned threads = contexts->threads > 0 ? contexts->threads : 1;
	uint64_t sums[2] = {0, 0};
	char line[4096];
	int used = snprintf(line, sizeof(line), "%s(%" PRId64 "):", name, size);

	for (unsigned i = 0; i < threads; i++) {
		uint64_t alloc = each(&contexts[i], PHASE_ALLOC_TICKS, divisor);
		uint64_t freed = each(&contexts[i], PHASE_FREE_TICKS, divisor);

		sums[0] += alloc;
		sums[1] += freed;
		if ((size_t)used < sizeof(line))
			used += snprintf(line + used, sizeof(line) - (size_t)used,
				" %u=%" PRIu64 "/%" PRIu64, contexts[i].cpu, alloc, freed);
	}
	if ((size_t)used < sizeof(line))
		snprintf(line + used, sizeof(line) - (size_t)used, " Average=%" PRIu64 "/%" PRIu64,
			sums[0] / threads, sums[1] / threads);
	report->classic(report, line);
}
