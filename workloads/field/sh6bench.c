// SPDX-License-Identifier: GPL-2.0-or-later
// MicroQuill's sh6bench and sh8bench, in shape: rounds of objects of all sizes from 1 to 1000 bytes,
// small ones more often. Of a round, the younger half is freed last in, first out; the older half in
// the order in which it was made. sh8bench: every `cross`-th round is freed by the next thread. One
// operation is one object.
#include "workloads/parts/parameter.h"
#include "workloads/parts/rows.h"

enum { MIN, MAX, ROUND, CROSS };

static bool sh_check(const int64_t *values, const char **why)
{
	*why = "min must not be above max";
	return values[MIN] <= values[MAX];
}

static int64_t sh6_operations(const int64_t *values)
{
	return values[ROUND];
}

static int64_t sh8_operations(const int64_t *values)
{
	return values[ROUND] * values[CROSS];
}

struct sh {
	uint32_t *sizes; // of a round's objects
	int64_t round; // number of the next one
};

static bool sh6_setup(struct workload_context *context)
{
	return rows_setup(context, NULL, 0, (size_t)context->values[ROUND]);
}

static bool sh8_setup(struct workload_context *context)
{
	return rows_setup_exchange(context, NULL, 0, (size_t)context->values[ROUND]);
}

// Sizes go up from min to max again and again; each time fewer large ones are left: a size's objects
// are as many as its share of the range from the top.
static void sizes_fill(struct sh *sh, const int64_t *values)
{
	int64_t top = values[MAX];
	int64_t size = values[MIN];

	for (int64_t i = 0; i < values[ROUND]; i++) {
		sh->sizes[i] = (uint32_t)size;
		size += 1 + size / 8;
		if (size <= top)
			continue;
		size = values[MIN];
		top = top / 2 > values[MIN] ? top / 2 : values[MAX];
	}
}

static bool sh_thread_start(struct workload_context *context)
{
	struct sh *sh = calloc(1, sizeof(*sh));

	context->own = sh;
	if (sh)
		sh->sizes = calloc((size_t)context->values[ROUND], sizeof(*sh->sizes));
	if (!sh || !sh->sizes)
		return workload_fail(context, "no memory for a round's sizes");
	sizes_fill(sh, context->values);
	return rows_thread_start(context);
}

BODY make(struct workload_context *context, struct item *items, const bool is_checked)
{
	const struct sh *sh = context->own;

	for (int64_t i = 0; i < context->values[ROUND]; i++)
		if (!item_make(context, NULL, &items[i], sh->sizes[i], is_checked))
			return false;
	return true;
}

BODY release(struct workload_context *context, struct item *items, const bool is_checked)
{
	int64_t count = context->values[ROUND];
	bool is_good = true;

	for (int64_t i = count - 1; i >= count / 2; i--)
		is_good = item_free(context, NULL, &items[i], is_checked) && is_good;
	for (int64_t i = 0; i < count / 2; i++)
		is_good = item_free(context, NULL, &items[i], is_checked) && is_good;
	return is_good;
}

BODY cross(struct workload_context *context, const bool is_checked)
{
	struct exchange *exchange = &rows_of(context)->exchange;
	struct item *box = exchange_box(context, exchange);

	if (!box || !make(context, box, is_checked) || !exchange_give(context, exchange, box))
		return false;
	box = exchange_take(context, exchange);
	return box && release(context, box, is_checked) && exchange_return(context, exchange, box);
}

BODY stay(struct workload_context *context, const bool is_checked)
{
	return make(context, row_of(context), is_checked) &&
	       release(context, row_of(context), is_checked);
}

BODY sh6(struct workload_context *context, int64_t count, const bool is_checked)
{
	for (int64_t done = 0; done < count; done += context->values[ROUND])
		if (!stay(context, is_checked))
			return false;
	return true;
}
WORKLOAD_BODIES(sh6)

BODY sh8(struct workload_context *context, int64_t count, const bool is_checked)
{
	struct sh *sh = context->own;
	bool is_good = true;

	for (int64_t done = 0; is_good && done < count; done += context->values[ROUND])
		is_good = ++sh->round % context->values[CROSS] == 0 ? cross(context, is_checked)
								    : stay(context, is_checked);
	return is_good;
}
WORKLOAD_BODIES(sh8)

static void sh_thread_end(struct workload_context *context)
{
	struct sh *sh = context->own;

	rows_thread_end(context);
	if (sh)
		free(sh->sizes);
	free(sh);
	context->own = NULL;
}

static void sh6_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = values[ROUND],
		.live_max = values[ROUND] * counts[0],
		.size_min = values[MIN],
		.size_max = values[MAX]};
}

static void sh8_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	double remote = counts[0] > 1 ? 1.0 / (double)values[CROSS] : 0;

	sh6_promise(values, counts, promise);
	promise->remote_min = promise->remote_max = remote;
	promise->live_max = values[ROUND] * counts[0] * (1 + EXCHANGE_BOXES);
}

#define SH_MIN   PARAMETER_MIN(1)
#define SH_MAX   PARAMETER_MAX(1000)
#define SH_ROUND PARAMETER_QUIET("round", "objects of a round", "objects", 1000, 2, 1000000)

const struct workload workload_sh6bench = {
	.name = "sh6bench",
	.summary = "Threads allocate rounds of all sizes; half is freed in reverse, half in order.",
	.stresses = "mixed orders of frees, sizes in sweeps",
	.published = "MicroQuill SmartHeap sh6bench; mimalloc-bench sh6bench 2N",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = {[MIN] = SH_MIN, [MAX] = SH_MAX, [ROUND] = SH_ROUND},
	.check = sh_check,
	.operations = sh6_operations,
	.setup = sh6_setup,
	.thread_start = sh_thread_start,
	.run = sh6_run,
	.verify = sh6_verify,
	.thread_end = sh_thread_end,
	.teardown = rows_teardown,
	.promise = sh6_promise,
};

const struct workload workload_sh8bench = {
	.name = "sh8bench",
	.summary = "As sh6bench, but every cross-th round is freed by the next thread.",
	.stresses = "mixed orders of frees, some of them remote",
	.published = "MicroQuill SmartHeap sh8bench; mimalloc-bench sh8bench 2N",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = {[MIN] = SH_MIN,
		[MAX] = SH_MAX,
		[ROUND] = SH_ROUND,
		[CROSS] = PARAMETER_QUIET("cross",
			"one round of so many is freed by the next thread", "rounds", 2, 1, 1000)},
	.check = sh_check,
	.operations = sh8_operations,
	.setup = sh8_setup,
	.thread_start = sh_thread_start,
	.run = sh8_run,
	.verify = sh8_verify,
	.thread_end = sh_thread_end,
	.teardown = rows_teardown,
	.promise = sh8_promise,
};
