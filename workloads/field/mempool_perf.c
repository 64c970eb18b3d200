// SPDX-License-Identifier: GPL-2.0-or-later
// DPDK's mempool performance test: each thread gets objects n_get_bulk a call until it keeps n_keep of
// them, then puts them back n_put_bulk a call. One operation is one object.
#include <inttypes.h>
#include <stdio.h>

#include "workloads/parts/parameter.h"
#include "workloads/parts/rows.h"

enum { SIZE, GET, PUT, KEEP, CACHED };

static bool mempool_check(const int64_t *values, const char **why)
{
	*why = "n_keep must be a multiple of n_get_bulk and of n_put_bulk";
	return values[KEEP] % values[GET] == 0 && values[KEEP] % values[PUT] == 0;
}

static int64_t mempool_operations(const int64_t *values)
{
	int64_t times = OPERATIONS_PER_RUN / values[KEEP];

	return values[KEEP] * (times > 0 ? times : 1);
}

// Without its cache the allocator's arrays hold one object a CPU and share none.
static bool arrays_take_away(struct workload_context *context)
{
	static const char text[] = "slabmark-mempool 1 1 0";

	return slabinfo_write(text, sizeof(text) - 1) > 0 ||
	       workload_fail(context, "cache=off: this allocator has no arrays to take away");
}

static bool mempool_setup(struct workload_context *context)
{
	return rows_setup(context, "slabmark-mempool", (size_t)context->values[SIZE],
		       (size_t)context->values[KEEP]) &&
	       (context->values[CACHED] || arrays_take_away(context));
}

static bool mempool_thread_start(struct workload_context *context)
{
	context->own = calloc((size_t)context->values[KEEP], sizeof(void *));
	return context->own || workload_fail(context, "no memory for the objects' pointers");
}

BODY get(struct workload_context *context, void **kept, const bool is_checked)
{
	struct kmem_cache *cache = rows_of(context)->cache;
	int64_t bulk = context->values[GET];

	for (int64_t i = 0; i < context->values[KEEP]; i += bulk) {
		if (!kmem_cache_alloc_bulk(cache, GFP_KERNEL, (size_t)bulk, &kept[i])) {
			kmem_cache_free_bulk(cache, (size_t)i, kept);
			return workload_out_of_memory(context, context->values[SIZE]);
		}
		for (int64_t j = i; j < i + bulk; j++)
			*(volatile char *)kept[j] = 1;
		for (int64_t j = i; is_checked && j < i + bulk; j++)
			if (!pattern_write(context, kept[j], (size_t)context->values[SIZE],
				    kmem_cache_size(cache), pattern_tag(context, (uint64_t)j)))
				return false;
	}
	return true;
}

BODY put(struct workload_context *context, void **kept, const bool is_checked)
{
	int64_t bulk = context->values[PUT];
	bool is_good = true;

	for (int64_t i = 0; is_checked && i < context->values[KEEP]; i++)
		is_good = is_good && pattern_check(context, kept[i], (size_t)context->values[SIZE],
					     pattern_tag(context, (uint64_t)i));
	for (int64_t i = 0; i < context->values[KEEP]; i += bulk)
		kmem_cache_free_bulk(rows_of(context)->cache, (size_t)bulk, &kept[i]);
	return is_good;
}

BODY mempool(struct workload_context *context, int64_t count, const bool is_checked)
{
	void **kept = context->own;

	for (int64_t done = 0; done < count; done += context->values[KEEP])
		if (!get(context, kept, is_checked) || !put(context, kept, is_checked))
			return false;
	return true;
}
WORKLOAD_BODIES(mempool)

static void mempool_thread_end(struct workload_context *context)
{
	free(context->own);
	context->own = NULL;
	rows_thread_end(context);
}

static void mempool_report(const struct workload_context *contexts, struct workload_report *report)
{
	const int64_t *values = contexts->values;
	char line[192];

	snprintf(line, sizeof(line),
		"mempool_autotest cache=%d cores=%u n_get_bulk=%" PRId64 " n_put_bulk=%" PRId64
		" n_keep=%" PRId64 " rate_persec=%.0f",
		values[CACHED] ? 512 : 0, contexts->threads, values[GET], values[PUT], values[KEEP],
		(double)report->operations / report->seconds);
	report->classic(report, line);
}

static void mempool_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = values[KEEP],
		.live_max = values[KEEP] * counts[0],
		.size_min = values[SIZE],
		.size_max = values[SIZE],
		.is_by_cache = true};
}

static const char *const switches[] = {"off", "on", NULL};

const struct workload workload_mempool_perf = {
	.name = "mempool-perf",
	.summary = "Threads get objects many a call, keep some, and put them back many a call.",
	.stresses = "calls for many objects that pass each other's sizes; arrays, or none",
	.published = "DPDK app/test/test_mempool_perf.c: bulks of 1, 4, 32, keep 32, 128, 512",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = {[SIZE] = PARAMETER("size", "size of an object", "bytes", 2048, 8, 65536),
		[GET] = PARAMETER("n_get_bulk", "objects a call that gets", "objects", 32, 1, 4096),
		[PUT] = PARAMETER("n_put_bulk", "objects a call that puts", "objects", 32, 1, 4096),
		[KEEP] = PARAMETER("n_keep", "objects kept before the first is put back", "objects",
			128, 1, 1000000),
		[CACHED] = {.name = "cache",
			.summary = "whether CPUs have arrays of objects",
			.unit = "",
			.initial = 1,
			.maximum = 1,
			.value_names = switches,
			.is_named_if_changed = true}},
	.check = mempool_check,
	.operations = mempool_operations,
	.setup = mempool_setup,
	.thread_start = mempool_thread_start,
	.run = mempool_run,
	.verify = mempool_verify,
	.thread_end = mempool_thread_end,
	.teardown = rows_teardown,
	.report = mempool_report,
	.promise = mempool_promise,
};
