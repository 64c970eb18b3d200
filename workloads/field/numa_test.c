// SPDX-License-Identifier: GPL-2.0-or-later
// Hoard's numa-test: threads allocate batches of objects, write to each object a number of times and
// free it. local: all by the thread that made them; cross: by the next thread. One operation is one
// object.
#include <stdio.h>

#include "workloads/parts/parameter.h"
#include "workloads/parts/rows.h"

enum { SIZE, TOUCHES, MODE, BATCH };
enum { LOCAL, CROSS };

static int64_t numa_operations(const int64_t *values)
{
	return values[BATCH];
}

static bool numa_setup(struct workload_context *context)
{
	return rows_setup_exchange(context, "slabmark-numa-test", (size_t)context->values[SIZE],
		(size_t)context->values[BATCH]);
}

// Writes to the object's lines in turn.
static inline void touch(void *object, int64_t size, int64_t touches)
{
	volatile char *bytes = object;

	for (int64_t i = 0, at = 0; i < touches; i++) {
		bytes[at]++;
		at = at + 64 < size ? at + 64 : 0;
	}
}

BODY make(struct workload_context *context, struct item *items, const bool is_checked)
{
	for (int64_t i = 0; i < context->values[BATCH]; i++)
		if (!item_make(context, rows_of(context)->cache, &items[i],
			    (size_t)context->values[SIZE], is_checked))
			return false;
	return true;
}

BODY use(struct workload_context *context, struct item *items, const bool is_checked)
{
	bool is_good = true;

	for (int64_t i = 0; i < context->values[BATCH]; i++) {
		if (!is_checked)
			touch(items[i].object, context->values[SIZE], context->values[TOUCHES]);
		is_good = item_free(context, rows_of(context)->cache, &items[i], is_checked) &&
			  is_good;
	}
	return is_good;
}

BODY cross(struct workload_context *context, const bool is_checked)
{
	struct exchange *exchange = &rows_of(context)->exchange;
	struct item *box = exchange_box(context, exchange);

	if (!box || !make(context, box, is_checked) || !exchange_give(context, exchange, box))
		return false;
	box = exchange_take(context, exchange);
	return box && use(context, box, is_checked) && exchange_return(context, exchange, box);
}

BODY numa(struct workload_context *context, int64_t count, const bool is_checked)
{
	bool is_good = true;

	for (int64_t done = 0; is_good && done < count; done += context->values[BATCH])
		is_good = context->values[MODE] == CROSS
				  ? cross(context, is_checked)
				  : make(context, row_of(context), is_checked) &&
					    use(context, row_of(context), is_checked);
	return is_good;
}
WORKLOAD_BODIES(numa)

static void numa_report(const struct workload_context *contexts, struct workload_report *report)
{
	char line[96];

	snprintf(line, sizeof(line), "%s: %.2f M ops/s",
		contexts->values[MODE] == CROSS ? "cross" : "local",
		(double)report->operations / report->seconds / 1e6);
	report->classic(report, line);
}

static void numa_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	bool crosses = values[MODE] == CROSS;
	double remote = crosses && counts[0] > 1 ? 1 : 0;

	*promise = (struct workload_promise){.allocations = 1,
		.remote_min = remote,
		.remote_max = remote,
		.live_min = values[BATCH],
		.live_max = values[BATCH] * counts[0] * (crosses ? EXCHANGE_BOXES : 1),
		.size_min = values[SIZE],
		.size_max = values[SIZE],
		.is_by_cache = true};
}

static const char *const modes[] = {"local", "cross", NULL};

const struct workload workload_numa_test = {
	.name = "numa-test",
	.summary = "Threads write to objects many times: their own, or those of the next thread.",
	.stresses = "where objects lie beside where they are used, and remote frees",
	.published = "emeryberger/Hoard benchmarks/numa-test (2026): 256 bytes, 20 touches",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = {[SIZE] = PARAMETER("size", "size of an object", "bytes", 256, 8, 65536),
		[TOUCHES] = PARAMETER_QUIET(
			"touches", "writes to each object", "writes", 20, 0, 1000000),
		[MODE] = PARAMETER_WORD("mode", "who writes and frees", modes, CROSS, CROSS),
		[BATCH] = PARAMETER_QUIET("batch", "objects made before the first is used",
			"objects", 100, 1, 1000000)},
	.operations = numa_operations,
	.setup = numa_setup,
	.thread_start = rows_thread_start,
	.run = numa_run,
	.verify = numa_verify,
	.thread_end = rows_thread_end,
	.teardown = rows_teardown,
	.report = numa_report,
	.promise = numa_promise,
};
