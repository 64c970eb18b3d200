// SPDX-License-Identifier: GPL-2.0-or-later
// Two threads on CPUs of their own, each with its own pairs of one cache: beside `pair` it shows
// what the threads cost each other. An operation is one thread's pair, so that with perfect scaling
// one takes half as long as in `pair`.
#include "pair.h"

static bool pair_threads_run(struct workload_context *context, int64_t count)
{
	return pairs(context, count, false, false);
}

static bool pair_threads_verify(struct workload_context *context, int64_t count)
{
	return pairs(context, count, false, true);
}

const struct workload workload_pair_threads = {
	.name = "pair-threads",
	.summary = "Two threads each allocate an object and free it at once, from one cache.",
	.stresses = "what the fast paths of two CPUs share, which should be nothing",
	.published = "slab_test.c by C. Lameter (concurrent allocations); will-it-scale, malloc1",
	.relations = RELATION_BIT(RELATION_SMT_SIBLING) | RELATION_BIT(RELATION_SAME_CACHE) |
		     RELATION_BIT(RELATION_SAME_NODE) | RELATION_BIT(RELATION_NODE_NEAR) |
		     RELATION_BIT(RELATION_NODE_FAR),
	.roles = {ROLE_WORKERS(2)},
	.parameters = PAIR_PARAMETERS,
	.setup = pair_setup,
	.run = pair_threads_run,
	.verify = pair_threads_verify,
	.teardown = pair_teardown,
	.promise = pair_promise,
};
