// SPDX-License-Identifier: GPL-2.0-or-later
// slab_test's pairs: an object allocated by kmalloc() and freed at once. By one thread ("Single
// thread testing" 2) and by many at a time ("Concurrent allocs", N*(alloc free)). One operation is one
// pair.
#include <inttypes.h>
#include <stdio.h>

#include "workloads/parts/item.h"
#include "workloads/parts/parameter.h"
#include "workloads/parts/phases.h"

enum { SIZE };

static bool pairs_setup(struct workload_context *context)
{
	context->shared = NULL;
	return true;
}

static void pairs_teardown(void *shared)
{
	(void)shared;
}

BODY pairs(struct workload_context *context, int64_t count, const bool is_checked)
{
	size_t size = (size_t)context->values[SIZE];
	uint64_t begin = phase_begin(context);

	for (int64_t i = 0; i < count; i++) {
		struct item item;

		if (!item_make(context, NULL, &item, size, is_checked))
			return false;
		if (!item_free(context, NULL, &item, is_checked))
			return false;
	}
	phase_end(context, begin, PHASE_ALLOC_TICKS, count);
	return true;
}
WORKLOAD_BODIES(pairs)

static double cycles(const struct workload_context *context)
{
	return context->tallies[PHASE_ALLOC_TICKS] / context->tallies[PHASE_ALLOCATED];
}

static void single_report(const struct workload_context *contexts, struct workload_report *report)
{
	char line[160];

	snprintf(line, sizeof(line), "%.0f times kmalloc(%" PRId64 ")/kfree -> %.0f cycles",
		contexts->tallies[PHASE_ALLOCATED], contexts->values[SIZE], cycles(contexts));
	report->classic(report, line);
}

static void concurrent_report(
	const struct workload_context *contexts, struct workload_report *report)
{
	double sum = 0;
	char line[4096];
	int used = snprintf(
		line, sizeof(line), "Kmalloc N*(alloc free)(%" PRId64 "):", contexts->values[SIZE]);

	for (unsigned i = 0; i < contexts->threads; i++) {
		sum += cycles(&contexts[i]);
		if ((size_t)used < sizeof(line))
			used += snprintf(line + used, sizeof(line) - (size_t)used, " %u=%.0f",
				contexts[i].cpu, cycles(&contexts[i]));
	}
	if ((size_t)used < sizeof(line))
		snprintf(line + used, sizeof(line) - (size_t)used, " Average=%.0f",
			sum / contexts->threads);
	report->classic(report, line);
}

static void pairs_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = 1,
		.live_max = counts[0],
		.size_min = values[SIZE],
		.size_max = values[SIZE]};
}

const struct workload workload_slab_test_pairs = {
	.name = "slab-test-pairs",
	.summary = "One thread allocates an object by kmalloc and frees it at once.",
	.stresses = "the size's cache and the fast path",
	.published = "slab_test.c by C. Lameter, \"Single thread testing\" 2 "
		     "(netoptimizer/prototype-kernel kernel/mm); there 8 to 16384 bytes",
	.relations = RELATIONS_ALONE,
	.roles = {ROLE_WORKERS(1)},
	.parameters = {[SIZE] = PARAMETER("size", "size of an object", "bytes", 256, 1, 4194304)},
	.setup = pairs_setup,
	.run = pairs_run,
	.verify = pairs_verify,
	.teardown = pairs_teardown,
	.report = single_report,
	.promise = pairs_promise,
};

const struct workload workload_slab_test_concurrent_pairs = {
	.name = "slab-test-concurrent-pairs",
	.summary = "All threads allocate an object by kmalloc and free it at once.",
	.stresses = "what the fast paths of many CPUs share, which should be nothing",
	.published = "slab_test.c by C. Lameter, \"Concurrent allocs\" N*(alloc free) "
		     "(netoptimizer/prototype-kernel kernel/mm); there 8 to 4096 bytes",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = {[SIZE] = PARAMETER("size", "size of an object", "bytes", 256, 1, 4194304)},
	.setup = pairs_setup,
	.run = pairs_run,
	.verify = pairs_verify,
	.teardown = pairs_teardown,
	.report = concurrent_report,
	.promise = pairs_promise,
};
