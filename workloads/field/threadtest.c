// SPDX-License-Identifier: GPL-2.0-or-later
// Hoard's threadtest: each thread allocates its part of a number of objects, then frees them, and
// computes a little for each. Nothing is shared. One operation is one object.
#include <stdio.h>

#include "workloads/parts/parameter.h"
#include "workloads/parts/rows.h"

enum { SIZE, OBJECTS, WORK };

static bool threadtest_setup(struct workload_context *context)
{
	return rows_setup(context, "slabmark-threadtest", (size_t)context->values[SIZE],
		(size_t)context->values[OBJECTS]);
}

static int64_t threadtest_operations(const int64_t *values)
{
	return values[OBJECTS];
}

static inline void work_do(int64_t work)
{
	for (volatile int64_t i = 0; i < work; i++)
		continue;
}

BODY iteration(struct workload_context *context, int64_t count, const bool is_checked)
{
	struct kmem_cache *cache = rows_of(context)->cache;
	size_t size = (size_t)context->values[SIZE];
	int64_t work = context->values[WORK];
	struct item *row = row_of(context);

	for (int64_t i = 0; i < count; i++) {
		if (!item_make(context, cache, &row[i], size, is_checked))
			return false;
		work_do(work);
	}
	for (int64_t i = 0; i < count; i++) {
		if (!item_free(context, cache, &row[i], is_checked))
			return false;
		work_do(work);
	}
	return true;
}

// A thread's part of the objects, at a time; the last part of a run is smaller.
BODY threadtest(struct workload_context *context, int64_t count, const bool is_checked)
{
	int64_t part = context->values[OBJECTS] / context->threads;

	part = part > 0 ? part : 1;
	while (count > 0) {
		int64_t now = count < part ? count : part;

		if (!iteration(context, now, is_checked))
			return false;
		count -= now;
	}
	return true;
}
WORKLOAD_BODIES(threadtest)

static void threadtest_report(
	const struct workload_context *contexts, struct workload_report *report)
{
	char line[64];

	(void)contexts;
	snprintf(line, sizeof(line), "Time elapsed = %f", report->seconds);
	report->classic(report, line);
}

static void threadtest_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	int64_t part = values[OBJECTS] / counts[0];

	part = part > 0 ? part : 1;
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = part,
		.live_max = part * counts[0],
		.size_min = values[SIZE],
		.size_max = values[SIZE],
		.is_by_cache = true};
}

const struct workload workload_threadtest = {
	.name = "threadtest",
	.summary = "Threads allocate many objects each, then free their own.",
	.stresses = "scaling without sharing: refill, flush, new slabs",
	.published =
		"Berger et al., \"Hoard\" (ASPLOS 2000), benchmarks/threadtest: N 50 30000 0 1 "
		"(there objects of 1 byte)",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = {[SIZE] = PARAMETER("size", "size of an object", "bytes", 8, 8, 65536),
		[OBJECTS] = PARAMETER_QUIET(
			"objects", "alive, of all threads together", "objects", 30000, 1, 10000000),
		[WORK] = PARAMETER_QUIET(
			"work", "turns of an empty loop after each call", "turns", 0, 0, 1000000)},
	.operations = threadtest_operations,
	.setup = threadtest_setup,
	.thread_start = rows_thread_start,
	.run = threadtest_run,
	.verify = threadtest_verify,
	.thread_end = rows_thread_end,
	.teardown = rows_teardown,
	.report = threadtest_report,
	.promise = threadtest_promise,
};
