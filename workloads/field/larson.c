// SPDX-License-Identifier: GPL-2.0-or-later
// Larson's server: each thread replaces random ones of its chunks by others of random sizes. After a
// number of rounds it ends, and a new thread inherits its chunks; here the next thread does, at a
// meeting of all. larson by kmalloc() and kfree(), larson-sized by caches, whose frees are told the
// size. One operation is one replacement.
#include <stdio.h>
#include <stdlib.h>

#include "workloads/parts/draws.h"
#include "workloads/parts/parameter.h"
#include "workloads/parts/rows.h"

enum { MIN, MAX, CHUNKS, ROUNDS, SEED };
enum { CLASSES = 20, CLASS_STEP = 64 }; // larson-sized: caches of 64, 128, 192 … bytes

struct larson {
	unsigned row; // whose chunks the thread has now
	int64_t left; // operations until it hands them on
	struct draws *draws;
};

static bool larson_check(const int64_t *values, const char **why)
{
	return draws_check(values[MIN], values[MAX], why);
}

static bool sized_check(const int64_t *values, const char **why)
{
	*why = "max must be at most 1280, the largest cache's size";
	return values[MAX] <= CLASSES * CLASS_STEP && draws_check(values[MIN], values[MAX], why);
}

static int64_t generation(const struct workload_context *context)
{
	return context->values[CHUNKS] * context->values[ROUNDS];
}

static bool larson_setup(struct workload_context *context)
{
	return rows_setup(context, NULL, 0, (size_t)context->values[CHUNKS]);
}

static bool sized_setup(struct workload_context *context)
{
	struct kmem_cache **caches;

	if (!larson_setup(context))
		return false;
	caches = (struct kmem_cache **)calloc(CLASSES, sizeof(void *));
	rows_of(context)->more = (void *)caches;
	for (unsigned i = 0; caches && i < CLASSES; i++) {
		char name[32];

		snprintf(name, sizeof(name), "slabmark-larson-%u", (i + 1) * CLASS_STEP);
		caches[i] = kmem_cache_create(name, (i + 1) * CLASS_STEP, 0, 0, NULL);
		if (!caches[i])
			return workload_out_of_memory(context, (size_t)(i + 1) * CLASS_STEP);
	}
	return caches || workload_fail(context, "no memory for the caches");
}

static inline struct kmem_cache *cache_of(
	const struct workload_context *context, size_t size, const bool is_sized)
{
	struct kmem_cache *const *caches = rows_of(context)->more;

	return is_sized ? caches[(size - 1) / CLASS_STEP] : NULL;
}

BODY fill(struct workload_context *context, const bool is_sized)
{
	struct larson *larson = context->own;
	struct item *row = row_of(context);

	for (int64_t i = 0; i < context->values[CHUNKS]; i++) {
		size_t size = draws_size(larson->draws);

		if (!item_make(context, cache_of(context, size, is_sized), &row[i], size, false))
			return false;
	}
	return true;
}

// The seed of the sizes is the workload's own, so that each run and each config draws the same.
static bool start(struct workload_context *context, const bool is_sized)
{
	struct larson *larson = calloc(1, sizeof(*larson));
	const int64_t *values = context->values;

	context->own = larson;
	if (!larson)
		return workload_fail(context, "no memory for the thread's state");
	context->random[0] = (unsigned short)(values[SEED] + context->thread);
	context->random[1] = context->random[2] = 0;
	*larson = (struct larson){context->thread, generation(context),
		draws_make(context, DRAWS_EVEN, values[MIN], values[MAX], values[CHUNKS])};
	return larson->draws && rows_thread_start(context) && fill(context, is_sized);
}

static bool larson_thread_start(struct workload_context *context)
{
	return start(context, false);
}

static bool sized_thread_start(struct workload_context *context)
{
	return start(context, true);
}

BODY replace(struct workload_context *context, struct larson *larson, int64_t count,
	const bool is_sized, const bool is_checked)
{
	struct item *row = rows_of(context)->items[larson->row];

	for (int64_t i = 0; i < count; i++) {
		struct item *item = &row[draws_slot(larson->draws)];
		size_t size = draws_size(larson->draws);

		if (!item_free(context, cache_of(context, item->size, is_sized), item, is_checked))
			return false;
		if (!item_make(context, cache_of(context, size, is_sized), item, size, is_checked))
			return false;
	}
	return true;
}

// The chunks go to the next thread. All threads come here equally often.
static bool inherit(struct workload_context *context, struct larson *larson)
{
	if (!workload_meet(context))
		return false;
	larson->row = larson->row + 1 < context->threads ? larson->row + 1 : 0;
	larson->left = generation(context);
	return true;
}

BODY serve(
	struct workload_context *context, int64_t count, const bool is_sized, const bool is_checked)
{
	struct larson *larson = context->own;

	while (count > 0) {
		int64_t now = count < larson->left ? count : larson->left;

		if (!replace(context, larson, now, is_sized, is_checked))
			return false;
		count -= now;
		larson->left -= now;
		if (larson->left == 0 && !inherit(context, larson))
			return false;
	}
	return true;
}

BODY larson(struct workload_context *context, int64_t count, const bool is_checked)
{
	return serve(context, count, false, is_checked);
}
WORKLOAD_BODIES(larson)

BODY sized(struct workload_context *context, int64_t count, const bool is_checked)
{
	return serve(context, count, true, is_checked);
}
WORKLOAD_BODIES(sized)

// ---- the end

// A row is emptied by the thread that has it last. An item without an object was lost to a failure.
static void empty(struct workload_context *context, const bool is_sized)
{
	struct larson *larson = context->own;
	struct item *row = larson && context->shared && rows_of(context)->items
				   ? rows_of(context)->items[larson->row]
				   : NULL;

	for (int64_t i = 0; row && i < context->values[CHUNKS]; i++)
		if (row[i].object)
			item_free(
				context, cache_of(context, row[i].size, is_sized), &row[i], false);
	if (larson)
		free(larson->draws);
	free(larson);
	context->own = NULL;
}

static void larson_thread_end(struct workload_context *context)
{
	empty(context, false);
}

static void sized_thread_end(struct workload_context *context)
{
	empty(context, true);
}

static void sized_teardown(void *shared)
{
	struct kmem_cache **caches = shared ? ((struct rows *)shared)->more : NULL;

	for (unsigned i = 0; caches && i < CLASSES; i++)
		kmem_cache_destroy(caches[i]);
	free((void *)caches);
	rows_teardown(shared);
}

static void larson_report(const struct workload_context *contexts, struct workload_report *report)
{
	char line[96];

	(void)contexts;
	snprintf(line, sizeof(line), "Throughput = %8.0f operations per second.",
		(double)report->operations / report->seconds);
	report->classic(report, line);
}

// Of the frees of a generation, the first of each chunk that is drawn at all is of an object that
// another thread made. What is drawn follows a table of 4099 slots.
static void larson_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	double operations = (double)(values[CHUNKS] * values[ROUNDS]);
	double most = (double)values[CHUNKS] / operations;

	*promise = (struct workload_promise){.allocations = 1,
		.remote_min = counts[0] > 1 ? most / 4 : 0,
		.remote_max = counts[0] > 1 ? most : 0,
		.live_min = values[CHUNKS] * counts[0] - counts[0],
		.live_max = values[CHUNKS] * counts[0],
		.size_min = values[MIN],
		.size_max = values[MAX]};
}

static void sized_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	larson_promise(values, counts, promise);
	promise->size_min = CLASS_STEP;
	promise->size_max = (values[MAX] + CLASS_STEP - 1) / CLASS_STEP * CLASS_STEP;
	promise->is_by_cache = true;
}

#define LARSON_PARAMETERS                                                                          \
	{                                                                                          \
		[MIN] = PARAMETER_MIN(8), [MAX] = PARAMETER_MAX(1000),                             \
		[CHUNKS] = PARAMETER_QUIET(                                                        \
			"chunks", "objects alive a thread", "objects", 5000, 1, 1000000),          \
		[ROUNDS] = PARAMETER_QUIET("rounds",                                               \
			"times the chunks a thread replaces before it ends", "rounds", 100, 1,     \
			1000000),                                                                  \
		[SEED] = PARAMETER_QUIET("seed", "seed of the sizes", "", 4141, 0, 65535)          \
	}

const struct workload workload_larson = {
	.name = "larson",
	.summary = "Threads replace random objects of random sizes; the next thread inherits them.",
	.stresses = "random order of frees, many sizes, remote frees after a thread's end",
	.published = "Larson and Krishnan, \"Memory allocation for long-running server "
		     "applications\" (ISMM 1998); mimalloc-bench larson 5 8 1000 5000 100 4141 N",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = LARSON_PARAMETERS,
	.check = larson_check,
	.setup = larson_setup,
	.thread_start = larson_thread_start,
	.run = larson_run,
	.verify = larson_verify,
	.thread_end = larson_thread_end,
	.teardown = rows_teardown,
	.report = larson_report,
	.promise = larson_promise,
};

const struct workload workload_larson_sized = {
	.name = "larson-sized",
	.summary = "As larson, with a cache for every 64 bytes, whose frees are told the size.",
	.stresses = "larson's load on caches, without looking for an object's cache",
	.published = "mimalloc-bench larson-sized 5 8 1000 5000 100 4141 N",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = LARSON_PARAMETERS,
	.check = sized_check,
	.setup = sized_setup,
	.thread_start = sized_thread_start,
	.run = sized_run,
	.verify = sized_verify,
	.thread_end = sized_thread_end,
	.teardown = sized_teardown,
	.report = larson_report,
	.promise = sized_promise,
};
