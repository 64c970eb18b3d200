// SPDX-License-Identifier: GPL-2.0-or-later
// slab_test's tests of frees on another CPU. "N*remote free": all threads but the last allocate N
// objects each, then the last one frees them all. "1 alloc N free": the first thread allocates N
// objects for each of the others, which free them at the same time. One operation is one object.
//
// Each object has a place that its maker writes and its freer clears before it frees, and the two are
// never at work at the same time: the original clears the place after the free.
#include "phase_loops.h"
#include "workloads/parts/rows.h"

enum { FIRST, SECOND }; // roles

static bool remote_setup(struct workload_context *context)
{
	return rows_setup(context, NULL, 0, (size_t)context->values[LOOPS_COUNT]);
}

// Rows are the freer's or the maker's, whichever there are many of: `row` counts them from `first`.
static struct item *row_at(const struct workload_context *context, unsigned first, unsigned row)
{
	return rows_of(context)->items[first + row];
}

// The rows of one round that this thread has to do with: its own, or all of them.
BODY rows_do(struct workload_context *context, unsigned first, unsigned rows, bool makes,
	const bool is_checked)
{
	int64_t count = context->values[LOOPS_COUNT];
	bool is_good = true;

	for (unsigned i = 0; is_good && i < rows; i++)
		is_good =
			makes ? loop_allocate(context, row_at(context, first, i), count, is_checked)
			      : loop_free(context, row_at(context, first, i), count, is_checked);
	return is_good;
}

// A round: the makers make, all meet, the freers free, all meet.
BODY round_do(
	struct workload_context *context, unsigned first, unsigned rows, const bool is_checked)
{
	bool makes = context->role == FIRST;

	if (makes && !rows_do(context, first, rows, true, is_checked))
		return false;
	if (!workload_meet(context))
		return false;
	if (!makes && !rows_do(context, first, rows, false, is_checked))
		return false;
	return workload_meet(context);
}

// ---- N*remote free

BODY remote_free(struct workload_context *context, int64_t count, const bool is_checked)
{
	bool is_freer = context->role == SECOND;
	unsigned first = is_freer ? 0 : context->index;
	unsigned rows = is_freer ? context->counts[FIRST] : 1;

	for (int64_t done = 0; done < count; done += context->values[LOOPS_COUNT] * rows)
		if (!round_do(context, first, rows, is_checked))
			return false;
	return true;
}
WORKLOAD_BODIES(remote_free)

// The original divides by N, whatever a CPU freed; `alloc_ns` and `free_ns` are of each object.
static void remote_free_report(
	const struct workload_context *contexts, struct workload_report *report)
{
	double rounds = contexts->tallies[PHASE_ALLOCATED] / (double)contexts->values[LOOPS_COUNT];

	phases_report(contexts, report);
	phases_classic(contexts, report, "N*remote free", contexts->values[LOOPS_SIZE],
		rounds * (double)contexts->values[LOOPS_COUNT]);
	phases_classic(
		contexts, report, "N*remote free, each object", contexts->values[LOOPS_SIZE], 0);
}

static void remote_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	unsigned threads = counts[FIRST] + counts[SECOND];
	int64_t live = values[LOOPS_COUNT] * (threads - 1);

	*promise = (struct workload_promise){.allocations = 1,
		.remote_min = 1,
		.remote_max = 1,
		.live_min = live,
		.live_max = live,
		.size_min = values[LOOPS_SIZE],
		.size_max = values[LOOPS_SIZE]};
}

const struct workload workload_slab_test_remote_free = {
	.name = "slab-test-remote-free",
	.summary = "All threads but one allocate N objects by kmalloc; that one frees them all.",
	.stresses =
		"remote frees by one CPU: alien arrays that overflow, list locks of other nodes",
	.published = "slab_test.c by C. Lameter, \"Remote free test\" N*remote free "
		     "(netoptimizer/prototype-kernel kernel/mm); there 8 to 4096 bytes",
	.relations = RELATIONS_OF_WORKERS,
	.is_handed_on = true,
	.roles = {[FIRST] = {.name = "maker", .plural = "makers", .threads = 1},
		[SECOND] = {.name = "freer", .plural = "freers", .threads = 1, .maximum = 1}},
	.parameters = LOOPS_PARAMETERS,
	.operations = loops_operations,
	.setup = remote_setup,
	.thread_start = rows_thread_start,
	.run = remote_free_run,
	.verify = remote_free_verify,
	.thread_end = rows_thread_end,
	.teardown = rows_teardown,
	.report = remote_free_report,
	.promise = remote_promise,
};

// ---- 1 alloc N free

// Rows are those of the freers, which are threads 1 and on.
BODY one_allocates(struct workload_context *context, int64_t count, const bool is_checked)
{
	bool is_maker = context->role == FIRST;
	unsigned first = is_maker ? 1 : 1 + context->index;
	unsigned rows = is_maker ? context->counts[SECOND] : 1;

	for (int64_t done = 0; done < count; done += context->values[LOOPS_COUNT] * rows)
		if (!round_do(context, first, rows, is_checked))
			return false;
	return true;
}
WORKLOAD_BODIES(one_allocates)

static void one_allocates_report(
	const struct workload_context *contexts, struct workload_report *report)
{
	phases_report(contexts, report);
	phases_classic(contexts, report, "1 alloc N free", contexts->values[LOOPS_SIZE], 0);
}

const struct workload workload_slab_test_one_allocates = {
	.name = "slab-test-one-allocates",
	.summary = "One thread allocates N objects by kmalloc for each of the others, which free "
		   "them.",
	.stresses = "remote frees by many CPUs at a time, into the slabs of one node",
	.published = "slab_test.c by C. Lameter, \"1 alloc N free test\" "
		     "(netoptimizer/prototype-kernel kernel/mm); there 8 to 4096 bytes",
	.relations = RELATIONS_OF_WORKERS,
	.is_handed_on = true,
	.roles = {[FIRST] = {.name = "maker", .plural = "makers", .threads = 1, .maximum = 1},
		[SECOND] = {.name = "freer", .plural = "freers", .threads = 1}},
	.parameters = LOOPS_PARAMETERS,
	.operations = loops_operations,
	.setup = remote_setup,
	.thread_start = rows_thread_start,
	.run = one_allocates_run,
	.verify = one_allocates_verify,
	.thread_end = rows_thread_end,
	.teardown = rows_teardown,
	.report = one_allocates_report,
	.promise = remote_promise,
};
