// SPDX-License-Identifier: GPL-2.0-or-later
// qmempool's pattern: ready objects in queues in front of a cache. A thread takes from its own stack,
// which is refilled from a shared queue under a lock, and that from the cache; beside it the cache
// alone. One operation is one object.
#include <stdatomic.h>
#include <stdlib.h>

#include "workloads/parts/parameter.h"
#include "workloads/parts/rows.h"
#include "workloads/relax.h"

enum { SIZE, BULK, QUEUE };
enum { STACK = 64, HALF = STACK / 2, SHARED = 1024 }; // objects; qmempool's are of these sizes

struct shared_queue {
	_Alignas(RING_LINE) atomic_flag lock;
	unsigned count;
	void *objects[SHARED];
};

struct stack {
	unsigned count;
	void *objects[STACK];
};

static struct shared_queue *queue_of(const struct workload_context *context)
{
	return rows_of(context)->more;
}

static bool qmempool_setup(struct workload_context *context)
{
	struct shared_queue *queue =
		aligned_alloc(RING_LINE, (sizeof(*queue) + RING_LINE - 1) / RING_LINE * RING_LINE);

	if (!queue || !rows_setup(context, "slabmark-qmempool", (size_t)context->values[SIZE],
			      (size_t)context->values[BULK])) {
		free(queue);
		return workload_fail(context, "no memory for the queue");
	}
	*queue = (struct shared_queue){.lock = ATOMIC_FLAG_INIT};
	rows_of(context)->more = queue;
	return true;
}

static bool qmempool_thread_start(struct workload_context *context)
{
	context->own = calloc(1, sizeof(struct stack));
	return rows_thread_start(context) &&
	       (context->own || workload_fail(context, "no memory for the thread's stack"));
}

// ---- the shared queue

static void queue_lock(const struct workload_context *context, struct shared_queue *queue)
{
	while (atomic_flag_test_and_set_explicit(&queue->lock, memory_order_acquire))
		relax(context->shares_cpu);
}

static void queue_unlock(struct shared_queue *queue)
{
	atomic_flag_clear_explicit(&queue->lock, memory_order_release);
}

// Fills the empty stack to the half, from the queue and, where that is short, from the cache.
static bool stack_refill(struct workload_context *context, struct stack *stack)
{
	struct shared_queue *queue = queue_of(context);

	queue_lock(context, queue);
	while (queue->count > 0 && stack->count < HALF)
		stack->objects[stack->count++] = queue->objects[--queue->count];
	queue_unlock(queue);
	unsigned lacking = HALF - stack->count;
	if (lacking > 0 && kmem_cache_alloc_bulk(rows_of(context)->cache, GFP_KERNEL, lacking,
				   &stack->objects[stack->count]))
		stack->count += lacking;
	return stack->count > 0;
}

// Empties the full stack to the half; what the queue has no room for goes to the cache.
static void stack_flush(struct workload_context *context, struct stack *stack)
{
	struct shared_queue *queue = queue_of(context);

	queue_lock(context, queue);
	while (queue->count < SHARED && stack->count > HALF)
		queue->objects[queue->count++] = stack->objects[--stack->count];
	queue_unlock(queue);
	if (stack->count > HALF)
		kmem_cache_free_bulk(
			rows_of(context)->cache, stack->count - HALF, &stack->objects[HALF]);
	if (stack->count > HALF)
		stack->count = HALF;
}

// ---- the loop

BODY take(
	struct workload_context *context, struct item *item, bool has_queue, const bool is_checked)
{
	struct kmem_cache *cache = rows_of(context)->cache;
	struct stack *stack = context->own;
	size_t size = (size_t)context->values[SIZE];

	if (!has_queue)
		return item_make(context, cache, item, size, is_checked);
	if (stack->count == 0 && !stack_refill(context, stack))
		return workload_out_of_memory(context, size);
	return item_adopt(context, cache, item, stack->objects[--stack->count], size, is_checked);
}

BODY give(
	struct workload_context *context, struct item *item, bool has_queue, const bool is_checked)
{
	struct stack *stack = context->own;

	if (!has_queue)
		return item_free(context, rows_of(context)->cache, item, is_checked);
	if (stack->count == STACK)
		stack_flush(context, stack);
	stack->objects[stack->count++] = item->object;
	item->object = NULL;
	return !is_checked || item->tag == 0 ||
	       pattern_check(context, stack->objects[stack->count - 1], item->size, item->tag);
}

BODY qmempool(struct workload_context *context, int64_t count, const bool is_checked)
{
	int64_t bulk = context->values[BULK];
	bool has_queue = context->values[QUEUE] != 0;
	struct item *row = row_of(context);

	for (int64_t done = 0; done < count; done += bulk) {
		for (int64_t i = 0; i < bulk; i++)
			if (!take(context, &row[i], has_queue, is_checked))
				return false;
		for (int64_t i = 0; i < bulk; i++)
			if (!give(context, &row[i], has_queue, is_checked))
				return false;
	}
	return true;
}
WORKLOAD_BODIES(qmempool)

static int64_t qmempool_operations(const int64_t *values)
{
	int64_t times = OPERATIONS_PER_RUN / values[BULK];

	return values[BULK] * (times > 0 ? times : 1);
}

static void qmempool_thread_end(struct workload_context *context)
{
	struct stack *stack = context->own;

	if (stack && stack->count > 0)
		kmem_cache_free_bulk(rows_of(context)->cache, stack->count, stack->objects);
	free(stack);
	context->own = NULL;
}

static void qmempool_teardown(void *shared)
{
	struct rows *rows = shared;
	struct shared_queue *queue = rows ? rows->more : NULL;

	if (queue && queue->count > 0)
		kmem_cache_free_bulk(rows->cache, queue->count, queue->objects);
	free(queue);
	rows_teardown(shared);
}

// With queues an object is allocated once and taken often: how often depends on the threads.
static void qmempool_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	bool has_queue = values[QUEUE] != 0;
	int64_t bulk = values[BULK] * counts[0];

	*promise = (struct workload_promise){.allocations = has_queue ? WORKLOAD_FEWER : 1,
		.remote_max = has_queue && counts[0] > 1 ? 1 : 0,
		.live_min = has_queue ? 1 : values[BULK],
		.live_max = has_queue ? bulk + (int64_t)counts[0] * STACK + SHARED : bulk,
		.size_min = values[SIZE],
		.size_max = values[SIZE],
		.is_by_cache = true};
}

static const char *const arms[] = {"kmem_cache", "qmempool", NULL};

const struct workload workload_qmempool = {
	.name = "qmempool-bench",
	.summary = "Threads take objects from queues in front of a cache, or from the cache alone.",
	.stresses = "the fast path, beside a queue that makes it needless",
	.published = "qmempool_bench, qmempool_bench_parallel by J. D. Brouer "
		     "(netoptimizer/prototype-kernel kernel/lib); there 256 bytes",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = {[SIZE] = PARAMETER("size", "size of an object", "bytes", 256, 8, 65536),
		[BULK] = PARAMETER_QUIET("bulk", "objects taken before the first is given back",
			"objects", 1, 1, 100000),
		[QUEUE] = PARAMETER_WORD("arm", "where objects are taken from", arms, 1, 1)},
	.operations = qmempool_operations,
	.setup = qmempool_setup,
	.thread_start = qmempool_thread_start,
	.run = qmempool_run,
	.verify = qmempool_verify,
	.thread_end = qmempool_thread_end,
	.teardown = qmempool_teardown,
	.promise = qmempool_promise,
};
