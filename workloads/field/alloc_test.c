// SPDX-License-Identifier: GPL-2.0-or-later
// alloc-test: an operation takes a slot, small numbers far more often. An empty slot gets an object of
// a size that falls with its square; a full one loses its object. So every second operation allocates.
#include <math.h>

#include "workloads/parts/draws.h"
#include "workloads/parts/parameter.h"
#include "workloads/parts/rows.h"

enum { MIN, MAX, SLOTS };

static bool alloc_check(const int64_t *values, const char **why)
{
	return draws_check(values[MIN], values[MAX], why);
}

// An even number of passes over the table of slots: each pass toggles the same slots, so that as many
// objects are freed as were made.
static int64_t alloc_operations(const int64_t *values)
{
	(void)values;
	return 2 * DRAWS_SLOTS;
}

static bool alloc_setup(struct workload_context *context)
{
	return rows_setup(context, NULL, 0, (size_t)context->values[SLOTS]);
}

// Slots by Pareto's law too: the number of a slot that is drawn falls with its square.
static void slots_draw(struct workload_context *context, struct draws *draws)
{
	double slots = (double)context->values[SLOTS];

	for (size_t i = 0; i < DRAWS_SLOTS; i++) {
		double uniform = erand48(context->random);
		double slot = 1 / (1 - uniform * (1 - 1 / (slots + 1)));

		draws->slots[i] = (uint32_t)fmin(slot - 1, slots - 1);
	}
}

static bool alloc_thread_start(struct workload_context *context)
{
	const int64_t *values = context->values;
	struct draws *draws =
		draws_make(context, DRAWS_SQUARE, values[MIN], values[MAX], values[SLOTS]);

	context->own = draws;
	if (!draws || !rows_thread_start(context))
		return false;
	slots_draw(context, draws);
	return true;
}

BODY alloc(struct workload_context *context, int64_t count, const bool is_checked)
{
	struct draws *draws = context->own;
	struct item *row = row_of(context);

	for (int64_t i = 0; i < count; i++) {
		struct item *item = &row[draws_slot(draws)];
		bool is_good = item->object ? item_free(context, NULL, item, is_checked)
					    : item_make(context, NULL, item, draws_size(draws),
						      is_checked);

		if (!is_good)
			return false;
	}
	return true;
}
WORKLOAD_BODIES(alloc)

static void alloc_thread_end(struct workload_context *context)
{
	if (context->shared && rows_of(context)->items)
		items_free(NULL, row_of(context), (size_t)context->values[SLOTS]);
	free(context->own);
	context->own = NULL;
	rows_thread_end(context);
}

static void alloc_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	int64_t most = values[SLOTS] < DRAWS_SLOTS ? values[SLOTS] : DRAWS_SLOTS;

	*promise = (struct workload_promise){.allocations = 0.5,
		.live_min = 1,
		.live_max = most * counts[0],
		.size_min = values[MIN],
		.size_max = values[MAX]};
}

const struct workload workload_alloc_test = {
	.name = "alloc-test",
	.summary =
		"Threads allocate into empty slots and free full ones; few slots get most calls.",
	.stresses = "sizes and lives by Pareto's law, as real programs have them",
	.published = "alloc-test by S. Ignatchenko (ITHare.com, 2018); mimalloc-bench alloc-test N",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = {[MIN] = PARAMETER_MIN(8),
		[MAX] = PARAMETER_MAX(4096),
		[SLOTS] = PARAMETER_QUIET("slots", "objects that may be alive a thread", "objects",
			16384, 1, 10000000)},
	.check = alloc_check,
	.operations = alloc_operations,
	.setup = alloc_setup,
	.thread_start = alloc_thread_start,
	.run = alloc_run,
	.verify = alloc_verify,
	.thread_end = alloc_thread_end,
	.teardown = rows_teardown,
	.promise = alloc_promise,
};
