// SPDX-License-Identifier: GPL-2.0-or-later
// The shortest life of an object: allocated and freed at once, by one thread, again and again. The
// per-CPU array serves every call, so this is the fast path and nothing else.
#include "pair.h"

static bool pair_run(struct workload_context *context, int64_t count)
{
	return pairs(context, count, false, false);
}

static bool pair_verify(struct workload_context *context, int64_t count)
{
	return pairs(context, count, false, true);
}

const struct workload workload_pair = {
	.name = "pair",
	.summary = "Each thread allocates an object and frees it at once.",
	.stresses = "the fast path: one entry of the per-CPU array, back and forth",
	.published =
		"slab_test.c by C. Lameter (kmalloc/kfree pairs); netoptimizer/prototype-kernel",
	.relations = RELATION_BIT(RELATION_ALONE),
	.roles = {ROLE_WORKERS(1)},
	.parameters = PAIR_PARAMETERS,
	.setup = pair_setup,
	.run = pair_run,
	.verify = pair_verify,
	.teardown = pair_teardown,
	.promise = pair_promise,
};
