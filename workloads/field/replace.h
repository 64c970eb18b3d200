// SPDX-License-Identifier: GPL-2.0-or-later
// A working set a thread: each operation replaces a random object by one of a random size, by
// kmalloc(). Several workloads are this with their own sizes and laws.
#ifndef WORKLOADS_FIELD_REPLACE_H
#define WORKLOADS_FIELD_REPLACE_H

#include "workloads/parts/draws.h"
#include "workloads/parts/parameter.h"
#include "workloads/parts/rows.h"

enum { REPLACE_MIN, REPLACE_MAX, REPLACE_LIVE }; // the parameters that they begin with

static inline bool replace_check(const int64_t *values, const char **why)
{
	return draws_check(values[REPLACE_MIN], values[REPLACE_MAX], why);
}

static inline bool replace_setup(struct workload_context *context)
{
	return rows_setup(context, NULL, 0, (size_t)context->values[REPLACE_LIVE]);
}

// Draws the thread's tables and fills its row.
static inline bool replace_start(struct workload_context *context, enum draws_law law)
{
	const int64_t *values = context->values;
	struct draws *draws = draws_make(
		context, law, values[REPLACE_MIN], values[REPLACE_MAX], values[REPLACE_LIVE]);

	context->own = draws;
	if (!draws || !rows_thread_start(context))
		return false;
	for (int64_t i = 0; i < values[REPLACE_LIVE]; i++)
		if (!item_make(context, NULL, &row_of(context)[i], draws_size(draws), false))
			return false;
	return true;
}

BODY replace(struct workload_context *context, int64_t count, const bool is_checked)
{
	struct draws *draws = context->own;
	struct item *row = row_of(context);

	for (int64_t i = 0; i < count; i++) {
		struct item *item = &row[draws_slot(draws)];

		if (!item_free(context, NULL, item, is_checked) ||
			!item_make(context, NULL, item, draws_size(draws), is_checked))
			return false;
	}
	return true;
}

static inline void replace_end(struct workload_context *context)
{
	if (context->shared && rows_of(context)->items)
		items_free(NULL, row_of(context), (size_t)context->values[REPLACE_LIVE]);
	free(context->own);
	context->own = NULL;
	rows_thread_end(context);
}

static inline void replace_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = values[REPLACE_LIVE] * counts[0] - counts[0],
		.live_max = values[REPLACE_LIVE] * counts[0],
		.size_min = values[REPLACE_MIN],
		.size_max = values[REPLACE_MAX]};
}

#endif
