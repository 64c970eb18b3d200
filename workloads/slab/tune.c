// SPDX-License-Identifier: GPL-2.0-or-later
// Limit and batchcount: bursts on a cache whose arrays are set before. Sweep limit and batchcount to
// see what the kernel's choice gives away. One operation is one object.
#include "burst.h"
#include "tuned.h"

enum { TUNED_LIMIT = BURST_OBJECTS + 1, TUNED_BATCHCOUNT, TUNED_SHARED };

static const char cache_name[] = "slabmark-tune";

static bool tune_check(const int64_t *values, const char **why)
{
	*why = "batchcount must not be above limit";
	return values[TUNED_LIMIT] == 0 || values[TUNED_BATCHCOUNT] <= values[TUNED_LIMIT];
}

static bool tune_setup(struct workload_context *context)
{
	const int64_t *values = context->values;

	return rows_setup(context, cache_name, (size_t)values[BURST_SIZE],
		       (size_t)values[BURST_OBJECTS]) &&
	       tuned_set(context, cache_name, values[TUNED_LIMIT], values[TUNED_BATCHCOUNT],
		       values[TUNED_SHARED]);
}

BODY tune(struct workload_context *context, int64_t count, const bool is_checked)
{
	for (int64_t done = 0; done < count; done += context->values[BURST_OBJECTS])
		if (!burst_do(context, is_checked))
			return false;
	return true;
}
WORKLOAD_BODIES(tune)

const struct workload workload_tune = {
	.name = "tune",
	.summary = "Threads allocate and free bursts of objects on arrays of chosen sizes.",
	.stresses = "refill and flush at a chosen limit and batchcount",
	.published = "J. Bonwick and J. Adams, \"Magazines and Vmem\" (USENIX 2001); slabinfo(5)",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = {[BURST_SIZE] = PARAMETER_OBJECT_SIZE,
		[BURST_OBJECTS] = PARAMETER_QUIET("objects", "allocated before the first is freed",
			"objects", 200, 1, 1000000),
		PARAMETERS_TUNED(120, 60, 8)},
	.check = tune_check,
	.operations = burst_operations,
	.setup = tune_setup,
	.thread_start = rows_thread_start,
	.run = tune_run,
	.verify = tune_verify,
	.thread_end = rows_thread_end,
	.teardown = rows_teardown,
	.is_possible = tuned_is_possible,
	.promise = burst_promise,
};
