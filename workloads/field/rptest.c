// SPDX-License-Identifier: GPL-2.0-or-later
// rpmalloc's benchmark: threads replace a number of random objects a turn. After every cross_rate-th
// turn a thread hands the objects that it just made to the next one, which frees them, and frees
// those that it got: so one free of cross_rate is remote, exactly. One operation is one object.
#include <stdio.h>
#include <stdlib.h>

#include "workloads/parts/draws.h"
#include "workloads/parts/parameter.h"
#include "workloads/parts/rows.h"

enum { MIN, MAX, CROSS_RATE, ALLOCS, OP_COUNT, MODE, SIZE_MODE };
enum mode { RANDOM_SIZES, ONE_SIZE };

struct rptest {
	struct draws *draws;
	int64_t turn; // of the thread, from 1
};

static bool rptest_check(const int64_t *values, const char **why)
{
	if (!draws_check(values[MIN], values[MAX], why))
		return false;
	*why = "op_count must not be above allocs";
	return values[OP_COUNT] <= values[ALLOCS];
}

static int64_t rptest_operations(const int64_t *values)
{
	int64_t cross = values[CROSS_RATE] > 0 ? values[CROSS_RATE] : 1;

	return values[OP_COUNT] * cross;
}

static bool rptest_setup(struct workload_context *context)
{
	size_t allocs = (size_t)context->values[ALLOCS];

	return rows_setup(context, NULL, 0, allocs) &&
	       exchange_open(context, &rows_of(context)->exchange, context->threads,
		       (size_t)context->values[OP_COUNT]);
}

static int64_t smallest(const int64_t *values)
{
	return values[MODE] == ONE_SIZE ? values[MAX] : values[MIN];
}

static bool rptest_thread_start(struct workload_context *context)
{
	const int64_t *values = context->values;
	struct rptest *rptest = calloc(1, sizeof(*rptest));

	context->own = rptest;
	if (!rptest || !rows_thread_start(context))
		return workload_fail(context, "no memory for the thread's state");
	rptest->draws = draws_make(context, (enum draws_law)values[SIZE_MODE], smallest(values),
		values[MAX], values[ALLOCS]);
	for (int64_t i = 0; rptest->draws && i < values[ALLOCS]; i++)
		if (!item_make(
			    context, NULL, &row_of(context)[i], draws_size(rptest->draws), false))
			return false;
	return rptest->draws != NULL;
}

// A turn in which everything stays with its thread.
BODY replace(struct workload_context *context, struct rptest *rptest, const bool is_checked)
{
	struct item *row = row_of(context);

	for (int64_t i = 0; i < context->values[OP_COUNT]; i++) {
		struct item *item = &row[draws_slot(rptest->draws)];

		if (!item_free(context, NULL, item, is_checked) ||
			!item_make(context, NULL, item, draws_size(rptest->draws), is_checked))
			return false;
	}
	return true;
}

// A turn whose objects are the next thread's, and are freed by it.
BODY hand_on(struct workload_context *context, struct rptest *rptest, const bool is_checked)
{
	struct exchange *exchange = &rows_of(context)->exchange;
	struct item *box = exchange_box(context, exchange);
	int64_t count = context->values[OP_COUNT];
	bool is_good = true;

	for (int64_t i = 0; box && i < count; i++)
		if (!item_make(context, NULL, &box[i], draws_size(rptest->draws), is_checked))
			return false;
	if (!box || !exchange_give(context, exchange, box))
		return false;
	box = exchange_take(context, exchange);
	for (int64_t i = 0; box && i < count; i++)
		is_good = item_free(context, NULL, &box[i], is_checked) && is_good;
	return box && is_good && exchange_return(context, exchange, box);
}

BODY rptest(struct workload_context *context, int64_t count, const bool is_checked)
{
	struct rptest *rptest = context->own;
	int64_t cross = context->values[CROSS_RATE];
	bool is_good = true;

	for (int64_t done = 0; is_good && done < count; done += context->values[OP_COUNT]) {
		bool crosses = cross > 0 && ++rptest->turn % cross == 0;

		is_good = crosses ? hand_on(context, rptest, is_checked)
				  : replace(context, rptest, is_checked);
	}
	return is_good;
}
WORKLOAD_BODIES(rptest)

static void rptest_thread_end(struct workload_context *context)
{
	struct rptest *rptest = context->own;

	rows_thread_end(context);
	if (context->shared && rows_of(context)->items[context->thread])
		items_free(NULL, row_of(context), (size_t)context->values[ALLOCS]);
	if (rptest)
		free(rptest->draws);
	free(rptest);
	context->own = NULL;
}

// The original's line gives memory operations (allocations and frees) a second of all threads' time.
static void rptest_report(const struct workload_context *contexts, struct workload_report *report)
{
	char line[128];
	double rate = 2 * (double)report->operations / (report->seconds * contexts->threads);

	report->tell(report, "memory_operations_per_thread_second", rate);
	snprintf(line, sizeof(line), "%.0f memory ops/CPU second", rate);
	report->classic(report, line);
}

static void rptest_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	double remote =
		values[CROSS_RATE] > 0 && counts[0] > 1 ? 1.0 / (double)values[CROSS_RATE] : 0;

	*promise = (struct workload_promise){.allocations = 1,
		.remote_min = remote,
		.remote_max = remote,
		.live_min = values[ALLOCS] * counts[0] - counts[0],
		.live_max = (values[ALLOCS] + EXCHANGE_BOXES * values[OP_COUNT]) * counts[0],
		.size_min = smallest(values),
		.size_max = values[MAX]};
}

static const char *const modes[] = {"random", "fixed", NULL};
static const char *const size_modes[] = {"even", "linear", "exponential", NULL};

const struct workload workload_rptest = {
	.name = "rptest",
	.summary = "Threads replace random objects; of every cross_rate frees one is another's.",
	.stresses = "many sizes, and remote frees at a chosen rate",
	.published =
		"rpmalloc-benchmark by M. Jansson; mimalloc-bench rptest N 0 1 2 500 1000 100 8 "
		"16000",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = {[MIN] = PARAMETER_MIN(8),
		[MAX] = PARAMETER_MAX(16000),
		[CROSS_RATE] = PARAMETER("cross_rate",
			"one turn of so many is handed to the next thread; 0: none", "turns", 2, 0,
			1000000),
		[ALLOCS] = PARAMETER_QUIET(
			"allocs", "objects alive a thread", "objects", 1000, 1, 1000000),
		[OP_COUNT] = PARAMETER_QUIET(
			"op_count", "objects replaced a turn", "objects", 100, 1, 1000000),
		[MODE] = {.name = "mode",
			.summary = "whether sizes are random, or all max",
			.unit = "",
			.initial = RANDOM_SIZES,
			.maximum = ONE_SIZE,
			.value_names = modes,
			.is_named_if_changed = true},
		[SIZE_MODE] = {.name = "size_mode",
			.summary = "how random sizes are spread",
			.unit = "",
			.initial = DRAWS_LINEAR,
			.maximum = DRAWS_EXPONENTIAL,
			.value_names = size_modes,
			.is_named_if_changed = true}},
	.check = rptest_check,
	.operations = rptest_operations,
	.setup = rptest_setup,
	.thread_start = rptest_thread_start,
	.run = rptest_run,
	.verify = rptest_verify,
	.thread_end = rptest_thread_end,
	.teardown = rows_teardown,
	.report = rptest_report,
	.promise = rptest_promise,
};
