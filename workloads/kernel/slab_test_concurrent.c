// SPDX-License-Identifier: GPL-2.0-or-later
// slab_test's "Concurrent allocs", N*alloc N*free: all threads allocate N objects by kmalloc() at the
// same time; when the last one has, all of them free their own. One operation is one object.
#include "phase_loops.h"
#include "workloads/parts/rows.h"

static bool concurrent_setup(struct workload_context *context)
{
	return rows_setup(context, NULL, 0, (size_t)context->values[LOOPS_COUNT]);
}

BODY concurrent(struct workload_context *context, int64_t count, const bool is_checked)
{
	for (int64_t done = 0; done < count; done += context->values[LOOPS_COUNT])
		if (!workload_meet(context) ||
			!loop_allocate(context, row_of(context), context->values[LOOPS_COUNT],
				is_checked) ||
			!workload_meet(context) ||
			!loop_free(
				context, row_of(context), context->values[LOOPS_COUNT], is_checked))
			return false;
	return true;
}
WORKLOAD_BODIES(concurrent)

static void concurrent_report(
	const struct workload_context *contexts, struct workload_report *report)
{
	phases_report(contexts, report);
	phases_classic(contexts, report, "Kmalloc N*alloc N*free", contexts->values[LOOPS_SIZE], 0);
}

static void concurrent_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = values[LOOPS_COUNT] * counts[0],
		.live_max = values[LOOPS_COUNT] * counts[0],
		.size_min = values[LOOPS_SIZE],
		.size_max = values[LOOPS_SIZE]};
}

const struct workload workload_slab_test_concurrent = {
	.name = "slab-test-concurrent",
	.summary = "All threads allocate N objects by kmalloc, then all free their own.",
	.stresses = "list locks of the node, new slabs and free ones by many CPUs at a time",
	.published = "slab_test.c by C. Lameter, \"Concurrent allocs\" N*alloc N*free "
		     "(netoptimizer/prototype-kernel kernel/mm); there 8 to 4096 bytes",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = LOOPS_PARAMETERS,
	.operations = loops_operations,
	.setup = concurrent_setup,
	.thread_start = rows_thread_start,
	.run = concurrent_run,
	.verify = concurrent_verify,
	.thread_end = rows_thread_end,
	.teardown = rows_teardown,
	.report = concurrent_report,
	.promise = concurrent_promise,
};
