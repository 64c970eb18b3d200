// SPDX-License-Identifier: GPL-2.0-or-later
// frag: a thread fills memory with objects of random sizes, frees every second one and fills the holes
// with objects of other sizes, then frees all. One operation is one object.
#include "workloads/parts/draws.h"
#include "workloads/parts/parameter.h"
#include "workloads/parts/rows.h"

enum { MIN, MAX, OBJECTS };

static bool frag_check(const int64_t *values, const char **why)
{
	*why = "objects must be even";
	return values[OBJECTS] % 2 == 0 && draws_check(values[MIN], values[MAX], why);
}

// As many as there are objects, and half as many again for the holes.
static int64_t frag_operations(const int64_t *values)
{
	return values[OBJECTS] / 2 * 3;
}

static bool frag_setup(struct workload_context *context)
{
	return rows_setup(context, NULL, 0, (size_t)context->values[OBJECTS]);
}

static bool frag_thread_start(struct workload_context *context)
{
	context->own =
		draws_make(context, DRAWS_EVEN, context->values[MIN], context->values[MAX], 1);
	return context->own && rows_thread_start(context);
}

// Makes every `step`-th object.
BODY fill(struct workload_context *context, int64_t step, const bool is_checked)
{
	struct item *row = row_of(context);

	for (int64_t i = 0; i < context->values[OBJECTS]; i += step)
		if (!item_make(context, NULL, &row[i], draws_size(context->own), is_checked))
			return false;
	return true;
}

BODY release(struct workload_context *context, int64_t step, const bool is_checked)
{
	struct item *row = row_of(context);
	bool is_good = true;

	for (int64_t i = 0; i < context->values[OBJECTS]; i += step)
		is_good = item_free(context, NULL, &row[i], is_checked) && is_good;
	return is_good;
}

BODY frag(struct workload_context *context, int64_t count, const bool is_checked)
{
	for (int64_t done = 0; done < count; done += frag_operations(context->values))
		if (!fill(context, 1, is_checked) || !release(context, 2, is_checked) ||
			!fill(context, 2, is_checked) || !release(context, 1, is_checked))
			return false;
	return true;
}
WORKLOAD_BODIES(frag)

static void frag_thread_end(struct workload_context *context)
{
	free(context->own);
	context->own = NULL;
	rows_thread_end(context);
}

static void frag_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = values[OBJECTS],
		.live_max = values[OBJECTS] * counts[0],
		.size_min = values[MIN],
		.size_max = values[MAX]};
}

const struct workload workload_frag = {
	.name = "frag",
	.summary = "Threads fill memory, free every second object and fill the holes again.",
	.stresses = "partly full slabs of many sizes",
	.published = "gburd/libumem bench frag min:max",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = {[MIN] = PARAMETER_MIN(16),
		[MAX] = PARAMETER_MAX(512),
		[OBJECTS] = PARAMETER_QUIET(
			"objects", "alive at a time a thread", "objects", 10000, 2, 1000000)},
	.check = frag_check,
	.operations = frag_operations,
	.setup = frag_setup,
	.thread_start = frag_thread_start,
	.run = frag_run,
	.verify = frag_verify,
	.thread_end = frag_thread_end,
	.teardown = rows_teardown,
	.promise = frag_promise,
};
