// SPDX-License-Identifier: GPL-2.0-or-later
// A pair that frees its object by the address alone. Beside `pair` it shows what it costs to find
// the cache.
#include "pair.h"

static bool pair_kfree_run(struct workload_context *context, int64_t count)
{
	return pairs(context, count, true, false);
}

static bool pair_kfree_verify(struct workload_context *context, int64_t count)
{
	return pairs(context, count, true, true);
}

const struct workload workload_pair_kfree = {
	.name = "pair-kfree",
	.summary = "Each thread allocates an object and frees it at once by kfree().",
	.stresses = "the way from an address to its cache, on top of the fast path",
	.published = "slab_test.c by C. Lameter (kmalloc/kfree pairs)",
	.relations = RELATION_BIT(RELATION_ALONE),
	.roles = {ROLE_WORKERS(1)},
	.parameters = PAIR_PARAMETERS,
	.setup = pair_setup,
	.run = pair_kfree_run,
	.verify = pair_kfree_verify,
	.teardown = pair_teardown,
	.promise = pair_promise,
};
