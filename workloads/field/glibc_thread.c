// SPDX-License-Identifier: GPL-2.0-or-later
// Working sets whose random objects are replaced. glibc-thread: glibc's bench-malloc-thread, sizes by
// an inverse square law and a seed of its own; multi: sizes spread evenly. One operation is one
// replacement.
#include "replace.h"

enum { MIN = REPLACE_MIN, MAX = REPLACE_MAX, LIVE = REPLACE_LIVE, SEED };

WORKLOAD_BODIES(replace)

// The original seeds every run with 88; the thread's number keeps threads apart.
static bool glibc_thread_start(struct workload_context *context)
{
	context->random[0] = (unsigned short)(context->values[SEED] + context->thread);
	context->random[1] = context->random[2] = 0;
	return replace_start(context, DRAWS_SQUARE);
}

static bool multi_thread_start(struct workload_context *context)
{
	return replace_start(context, DRAWS_EVEN);
}

const struct workload workload_glibc_thread = {
	.name = "glibc-thread",
	.summary = "Threads replace random objects of a working set, small ones far more often.",
	.stresses = "the size classes, random order of frees",
	.published =
		"glibc benchtests/bench-malloc-thread.c: 1024 live, 4 to 32768 bytes, seed 88; "
		"mimalloc-bench glibc-thread N",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = {[MIN] = PARAMETER_MIN(4),
		[MAX] = PARAMETER_MAX(32768),
		[LIVE] = PARAMETER_QUIET(
			"live", "objects alive a thread", "objects", 1024, 1, 1000000),
		[SEED] = PARAMETER_QUIET("seed", "seed of the sizes", "", 88, 0, 65535)},
	.check = replace_check,
	.setup = replace_setup,
	.thread_start = glibc_thread_start,
	.run = replace_run,
	.verify = replace_verify,
	.thread_end = replace_end,
	.teardown = rows_teardown,
	.promise = replace_promise,
};

const struct workload workload_multi = {
	.name = "multi",
	.summary = "Threads replace random objects of a working set, all sizes as often.",
	.stresses = "many sizes at a time on many CPUs",
	.published = "gburd/libumem bench multi min:max",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = {[MIN] = PARAMETER_MIN(16),
		[MAX] = PARAMETER_MAX(512),
		[LIVE] = PARAMETER_QUIET(
			"live", "objects alive a thread", "objects", 1024, 1, 1000000)},
	.check = replace_check,
	.setup = replace_setup,
	.thread_start = multi_thread_start,
	.run = replace_run,
	.verify = replace_verify,
	.thread_end = replace_end,
	.teardown = rows_teardown,
	.promise = replace_promise,
};
