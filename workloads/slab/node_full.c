// SPDX-License-Identifier: GPL-2.0-or-later
// A node that has run out of memory. A thread fills its own node; then it asks for
// objects of that node again and again, and frees them. Where there is another node, it helps out:
// every object is a fallback. Where there is none, every request is refused. One operation is one
// request.
//
// A node of 64 GiB of addresses takes long to fill and may exceed the machine; so the workload runs
// only where SLAB_OPTIONS makes nodes small.
#include <errno.h>
#include <stdlib.h>

#include "workloads/parts/item.h"
#include "workloads/parts/parameter.h"

enum { SIZE };
#define FILL_BYTES_MAX ((size_t)256 << 20)
#define PAGE_BYTES     ((size_t)4096)

// A list of what fills the node, through the objects themselves.
struct filler {
	struct filler *next;
};

struct node_full {
	struct filler *fillers;
	int node;
	bool has_help; // from another node
};

static bool node_full_is_possible(char *reason, size_t size)
{
	struct slab_options options;
	struct slab_counts counts;

	if (slab_counts(&counts) == -ENOTSUP) {
		snprintf(reason, size, "this allocator is no SLAB: it has no nodes of its own");
		return false;
	}
	if (slab_options_default(&options) == 0 && options.arena_size > 0 &&
		options.arena_size <= FILL_BYTES_MAX)
		return true;
	snprintf(reason, size,
		"needs nodes that are small enough to fill: SLAB_OPTIONS=arena_size=67108864");
	return false;
}

// Takes all of the node's memory in pieces of a size. False: there is far more than there should be.
static bool fill(struct node_full *full, size_t size, size_t *filled)
{
	struct filler *filler;

	while (*filled <= FILL_BYTES_MAX &&
		(filler = kmalloc_node(
			 size, GFP_KERNEL | __GFP_THISNODE | __GFP_NOWARN, full->node))) {
		filler->next = full->fillers;
		full->fillers = filler;
		*filled += size;
	}
	return *filled <= FILL_BYTES_MAX;
}

static bool node_full_setup(struct workload_context *context)
{
	context->shared = calloc(1, sizeof(struct node_full));
	return context->shared || workload_fail(context, "no memory for the workload's state");
}

// The node is full for the time of a loop: other benchmarks of the process need it, too.
static bool node_full_thread_start(struct workload_context *context)
{
	struct node_full *full = context->shared;
	size_t filled = 0;
	void *object;

	full->node = context->node >= 0 ? context->node : 0;
	for (size_t size = KMALLOC_MAX_SIZE; size >= PAGE_BYTES; size /= 2)
		if (!fill(full, size, &filled))
			return workload_fail(context, "node %d has more than %zu bytes", full->node,
				FILL_BYTES_MAX);
	// What is left of partly full slabs.
	if (!fill(full, (size_t)context->values[SIZE], &filled))
		return workload_fail(context, "node %d does not fill", full->node);
	object = kmalloc_node((size_t)context->values[SIZE], GFP_KERNEL | __GFP_NOWARN, full->node);
	full->has_help = object != NULL;
	kfree(object);
	return true;
}

static void node_full_thread_end(struct workload_context *context)
{
	struct node_full *full = context->shared;

	while (full && full->fillers) {
		struct filler *filler = full->fillers;

		full->fillers = filler->next;
		kfree(filler);
	}
}

static void node_full_teardown(void *shared)
{
	free(shared);
}

BODY node_full(struct workload_context *context, int64_t count, const bool is_checked)
{
	const struct node_full *full = context->shared;
	size_t size = (size_t)context->values[SIZE];

	for (int64_t i = 0; i < count; i++) {
		void *object = kmalloc_node(size, GFP_KERNEL | __GFP_NOWARN, full->node);
		struct item item;

		if (!object && !full->has_help)
			continue;
		if (!item_adopt(context, NULL, &item, object, size, is_checked) ||
			!item_free(context, NULL, &item, is_checked))
			return false;
	}
	return true;
}
WORKLOAD_BODIES(node_full)

static void node_full_report(
	const struct workload_context *contexts, struct workload_report *report)
{
	const struct node_full *full = contexts->shared;

	report->tell(report, "refused", full->has_help ? 0 : 1);
}

static void node_full_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	(void)counts;
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = 1,
		.live_max = INT64_MAX, // the fillers, as many as the node holds
		.size_min = values[SIZE],
		.size_max = values[SIZE]};
}

const struct workload workload_node_full = {
	.name = "node-full",
	.summary = "One thread asks for objects of a node whose memory has run out.",
	.stresses = "fallback to another node, or refusal where there is none",
	.published = "Linux Documentation/admin-guide/mm/numaperf.rst; mm/slab.c's fallback_alloc",
	.relations = RELATIONS_ALONE,
	.roles = {ROLE_ALONE},
	.parameters = {[SIZE] = PARAMETER("size", "size of an object", "bytes", 256, 8, 4096)},
	.setup = node_full_setup,
	.thread_start = node_full_thread_start,
	.run = node_full_run,
	.verify = node_full_verify,
	.thread_end = node_full_thread_end,
	.teardown = node_full_teardown,
	.is_possible = node_full_is_possible,
	.report = node_full_report,
	.promise = node_full_promise,
};
