// SPDX-License-Identifier: GPL-2.0-or-later
// Objects that change hands at a chosen rate. Threads allocate batches; of all objects of each batch,
// `remote` of 1000 are freed by the next thread, the others by the thread itself. shared-array: at
// the threads of one node, where they pass through the node's shared array. alien-drain: at threads of
// two nodes, where they pass through alien arrays, which are drained when they overflow. One
// operation is one object.
#include "workloads/parts/parameter.h"
#include "workloads/parts/rows.h"

enum { SIZE, REMOTE, BATCH };

static int64_t remote_operations(const int64_t *values)
{
	return values[BATCH];
}

static bool remote_check(const int64_t *values, const char **why)
{
	*why = "remote * batch must be a multiple of 1000, so that each batch has its share";
	return values[REMOTE] * values[BATCH] % 1000 == 0;
}

static bool shared_array_setup(struct workload_context *context)
{
	return rows_setup_exchange(context, "slabmark-shared-array", (size_t)context->values[SIZE],
		(size_t)context->values[BATCH]);
}

static bool alien_drain_setup(struct workload_context *context)
{
	return rows_setup_exchange(context, "slabmark-alien-drain", (size_t)context->values[SIZE],
		(size_t)context->values[BATCH]);
}

BODY make(
	struct workload_context *context, struct item *items, int64_t count, const bool is_checked)
{
	for (int64_t i = 0; i < count; i++)
		if (!item_make(context, rows_of(context)->cache, &items[i],
			    (size_t)context->values[SIZE], is_checked))
			return false;
	return true;
}

BODY release(
	struct workload_context *context, struct item *items, int64_t count, const bool is_checked)
{
	bool is_good = true;

	for (int64_t i = 0; i < count; i++)
		is_good = item_free(context, rows_of(context)->cache, &items[i], is_checked) &&
			  is_good;
	return is_good;
}

// The part of a batch that the next thread frees.
BODY hand_over(struct workload_context *context, int64_t count, const bool is_checked)
{
	struct exchange *exchange = &rows_of(context)->exchange;
	struct item *box = exchange_box(context, exchange);

	if (!box || !make(context, box, count, is_checked) ||
		!exchange_give(context, exchange, box))
		return false;
	box = exchange_take(context, exchange);
	return box && release(context, box, count, is_checked) &&
	       exchange_return(context, exchange, box);
}

BODY remote(struct workload_context *context, int64_t count, const bool is_checked)
{
	int64_t batch = context->values[BATCH];
	int64_t away = context->values[REMOTE] * batch / 1000;
	struct item *row = row_of(context);

	for (int64_t done = 0; done < count; done += batch) {
		if (!make(context, row, batch - away, is_checked) ||
			(away > 0 && !hand_over(context, away, is_checked)) ||
			!release(context, row, batch - away, is_checked))
			return false;
	}
	return true;
}
WORKLOAD_BODIES(remote)

static void remote_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	double share = counts[0] > 1 ? (double)values[REMOTE] / 1000 : 0;

	*promise = (struct workload_promise){.allocations = 1,
		.remote_min = share,
		.remote_max = share,
		.live_min = values[BATCH],
		.live_max = values[BATCH] * counts[0] * (1 + EXCHANGE_BOXES),
		.size_min = values[SIZE],
		.size_max = values[SIZE],
		.is_by_cache = true};
}

#define REMOTE_PARAMETERS(share)                                                                   \
	{                                                                                          \
		[SIZE] = PARAMETER_OBJECT_SIZE,                                                    \
		[REMOTE] = PARAMETER("remote", "objects of a thousand that the next thread frees", \
			"per mille", share, 0, 1000),                                              \
		[BATCH] = PARAMETER_QUIET(                                                         \
			"batch", "objects a thread makes at a time", "objects", 100, 1, 1000000)   \
	}

const struct workload workload_shared_array = {
	.name = "shared-array",
	.summary = "Threads of a node free a chosen share of each other's objects.",
	.stresses = "the node's shared array: full arrays flush into it, empty ones refill from it",
	.published = "J. Bonwick and J. Adams, \"Magazines and Vmem\" (USENIX 2001): the depot",
	.relations = RELATION_BIT(RELATION_SMT_SIBLING) | RELATION_BIT(RELATION_SAME_CACHE) |
		     RELATION_BIT(RELATION_SAME_NODE),
	.roles = {ROLE_WORKERS(2)},
	.parameters = REMOTE_PARAMETERS(1000),
	.check = remote_check,
	.operations = remote_operations,
	.setup = shared_array_setup,
	.thread_start = rows_thread_start,
	.run = remote_run,
	.verify = remote_verify,
	.thread_end = rows_thread_end,
	.teardown = rows_teardown,
	.promise = remote_promise,
};

const struct workload workload_alien_drain = {
	.name = "alien-drain",
	.summary = "Threads of two nodes free a chosen share of each other's objects.",
	.stresses =
		"alien arrays: how often they overflow and are drained at a share of remote frees",
	.published = "C. Lameter, \"Slab allocators in the Linux kernel\" (LinuxCon 2014): alien "
		     "caches",
	.relations = RELATION_BIT(RELATION_NODE_NEAR) | RELATION_BIT(RELATION_NODE_FAR),
	.roles = {ROLE_WORKERS(2)},
	.parameters = REMOTE_PARAMETERS(500),
	.check = remote_check,
	.operations = remote_operations,
	.setup = alien_drain_setup,
	.thread_start = rows_thread_start,
	.run = remote_run,
	.verify = remote_verify,
	.thread_end = rows_thread_end,
	.teardown = rows_teardown,
	.promise = remote_promise,
};
