// SPDX-License-Identifier: GPL-2.0-or-later
// slab_test's "Single thread testing", part 1: N objects allocated by kmalloc(), then freed in the
// order in which they were made. One operation is one object.
#include <inttypes.h>
#include <stdio.h>

#include "phase_loops.h"
#include "workloads/parts/rows.h"

static bool single_setup(struct workload_context *context)
{
	return rows_setup(context, NULL, 0, (size_t)context->values[LOOPS_COUNT]);
}

BODY single(struct workload_context *context, int64_t count, const bool is_checked)
{
	for (int64_t done = 0; done < count; done += context->values[LOOPS_COUNT])
		if (!loop_allocate(
			    context, row_of(context), context->values[LOOPS_COUNT], is_checked) ||
			!loop_free(
				context, row_of(context), context->values[LOOPS_COUNT], is_checked))
			return false;
	return true;
}
WORKLOAD_BODIES(single)

static void single_report(const struct workload_context *contexts, struct workload_report *report)
{
	const double *tallies = contexts->tallies;
	char line[160];

	phases_report(contexts, report);
	snprintf(line, sizeof(line),
		"%" PRId64 " times kmalloc(%" PRId64 ") -> %.0f cycles kfree -> %.0f cycles",
		contexts->values[LOOPS_COUNT], contexts->values[LOOPS_SIZE],
		tallies[PHASE_ALLOC_TICKS] / tallies[PHASE_ALLOCATED],
		tallies[PHASE_FREE_TICKS] / tallies[PHASE_FREED]);
	report->classic(report, line);
}

static void single_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = values[LOOPS_COUNT],
		.live_max = values[LOOPS_COUNT] * counts[0],
		.size_min = values[LOOPS_SIZE],
		.size_max = values[LOOPS_SIZE]};
}

const struct workload workload_slab_test_single = {
	.name = "slab-test-single",
	.summary = "One thread allocates N objects by kmalloc, then frees them in the same order.",
	.stresses = "refill, new slabs, flush, slabs that become free: the slow paths' sum",
	.published = "slab_test.c by C. Lameter, \"Single thread testing\" 1 "
		     "(netoptimizer/prototype-kernel kernel/mm); there 10000 objects of 8 to 16384 "
		     "bytes",
	.relations = RELATIONS_ALONE,
	.roles = {ROLE_WORKERS(1)},
	.parameters = LOOPS_PARAMETERS,
	.operations = loops_operations,
	.setup = single_setup,
	.thread_start = rows_thread_start,
	.run = single_run,
	.verify = single_verify,
	.thread_end = rows_thread_end,
	.teardown = rows_teardown,
	.report = single_report,
	.promise = single_promise,
};
