// SPDX-License-Identifier: GPL-2.0-or-later
// What the slab_bulk_tests share.
#include "bulk_test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "workloads/clock.h"

bool bulk_setup(struct workload_context *context, const char *cache_name, size_t held)
{
	struct bulk_test *test = calloc(1, sizeof(*test));
	size_t count = (size_t)context->values[BULK_COUNT];

	context->shared = test;
	if (!test)
		return workload_fail(context, "no memory for the test's state");
	test->objects = (void **)calloc(count, sizeof(void *));
	test->held = (void **)calloc(held + 1, sizeof(void *));
	test->held_count = held;
	if (!test->objects || !test->held)
		return workload_fail(context, "no memory for the objects' pointers");
	if (!cache_name)
		return true;
	test->cache = context->cache =
		kmem_cache_create(cache_name, (unsigned)context->values[BULK_SIZE], 0, 0, NULL);
	return test->cache || workload_out_of_memory(context, context->values[BULK_SIZE]);
}

void bulk_teardown(void *shared)
{
	struct bulk_test *test = shared;

	if (!test)
		return;
	for (size_t i = 0; test->held && i < test->held_count; i++)
		kmem_cache_free(test->cache, test->held[i]);
	kmem_cache_destroy(test->cache);
	free((void *)test->objects);
	free((void *)test->held);
	free(test);
}

int64_t bulk_operations(const int64_t *values)
{
	int64_t times = OPERATIONS_PER_RUN / values[BULK_COUNT];

	return values[BULK_COUNT] * (times > 0 ? times : 1);
}

bool bulk_singles(struct workload_context *context, void **array, int64_t count)
{
	struct bulk_test *test = context->shared;

	for (int64_t i = 0; i < count; i++) {
		array[i] = kmem_cache_alloc(test->cache, GFP_KERNEL);
		if (array[i])
			continue;
		while (i-- > 0) {
			kmem_cache_free(test->cache, array[i]);
			array[i] = NULL;
		}
		return workload_out_of_memory(context, context->values[BULK_SIZE]);
	}
	return true;
}

bool bulk_check(struct workload_context *context, void **objects, int64_t count)
{
	const struct bulk_test *test = context->shared;
	size_t size = (size_t)context->values[BULK_SIZE];
	uint64_t first = context->checked;
	bool is_good = true;

	context->checked += (uint64_t)count;
	for (int64_t i = 0; is_good && i < count; i++)
		is_good = pattern_write(context, objects[i], size,
			test->cache ? kmem_cache_size(test->cache) : ksize(objects[i]),
			pattern_tag(context, first + (uint64_t)i));
	for (int64_t i = 0; is_good && i < count; i++)
		is_good = pattern_check(
			context, objects[i], size, pattern_tag(context, first + (uint64_t)i));
	return is_good;
}

void bulk_classic(const struct workload_context *contexts, struct workload_report *report,
	const char *name, int64_t bulk)
{
	double ns = report->seconds * 1e9;
	double cycles = ns / contexts->clock->ns_per_tick;
	double count = (double)report->operations;
	char line[320];

	snprintf(line, sizeof(line),
		"Type:%s Per elem: %.0f cycles(tsc) %.3f ns (step:%" PRId64
		") - (measurement period time:%.9f sec time_interval:%.0f) - (invoke count:%" PRId64
		" tsc_interval:%.0f)",
		name, cycles / count, ns / count, bulk, report->seconds, ns, report->operations,
		cycles);
	report->classic(report, line);
}
