// SPDX-License-Identifier: GPL-2.0-or-later
// glibc's bench-malloc-simple: many objects of one size allocated, then freed in the same order. One
// operation is one object.
#include <stdio.h>

#include "workloads/parts/parameter.h"
#include "workloads/parts/rows.h"

enum { SIZE, LIVE };

static int64_t simple_operations(const int64_t *values)
{
	int64_t times = OPERATIONS_PER_RUN / values[LIVE];

	return values[LIVE] * (times > 0 ? times : 1);
}

static bool simple_setup(struct workload_context *context)
{
	return rows_setup(context, NULL, 0, (size_t)context->values[LIVE]);
}

BODY simple(struct workload_context *context, int64_t count, const bool is_checked)
{
	size_t size = (size_t)context->values[SIZE];
	int64_t live = context->values[LIVE];
	struct item *row = row_of(context);

	for (int64_t done = 0; done < count; done += live) {
		for (int64_t i = 0; i < live; i++)
			if (!item_make(context, NULL, &row[i], size, is_checked))
				return false;
		for (int64_t i = 0; i < live; i++)
			if (!item_free(context, NULL, &row[i], is_checked))
				return false;
	}
	return true;
}
WORKLOAD_BODIES(simple)

static void simple_report(const struct workload_context *contexts, struct workload_report *report)
{
	char line[96];

	(void)contexts;
	snprintf(line, sizeof(line), "\"time_per_iteration\": %.2f",
		report->seconds * 1e9 / (double)report->operations);
	report->classic(report, line);
}

static void simple_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = values[LIVE],
		.live_max = values[LIVE] * counts[0],
		.size_min = values[SIZE],
		.size_max = values[SIZE]};
}

const struct workload workload_glibc_simple = {
	.name = "glibc-simple",
	.summary = "One thread allocates many small objects, then frees them in the same order.",
	.stresses = "a burst of one size; what glibc's tcache is made for",
	.published = "glibc benchtests/bench-malloc-simple.c: 16 bytes, 1600 live",
	.relations = RELATIONS_ALONE,
	.roles = {ROLE_WORKERS(1)},
	.parameters = {[SIZE] = PARAMETER("size", "size of an object", "bytes", 16, 1, 4194304),
		[LIVE] = PARAMETER_QUIET(
			"live", "objects before the first is freed", "objects", 1600, 1, 1000000)},
	.operations = simple_operations,
	.setup = simple_setup,
	.thread_start = rows_thread_start,
	.run = simple_run,
	.verify = simple_verify,
	.thread_end = rows_thread_end,
	.teardown = rows_teardown,
	.report = simple_report,
	.promise = simple_promise,
};
