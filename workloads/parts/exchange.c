// SPDX-License-Identifier: GPL-2.0-or-later
// The boxes' rings.
#include "exchange.h"

#include <stdlib.h>

static bool path_open(struct exchange_path *path, size_t each, bool yields)
{
	bool is_good = ring_open(&path->full, EXCHANGE_BOXES, yields) &&
		       ring_open(&path->empty, EXCHANGE_BOXES, yields);

	for (unsigned i = 0; is_good && i < EXCHANGE_BOXES; i++) {
		path->boxes[i] = calloc(each, sizeof(struct item));
		is_good = path->boxes[i] && ring_try_push(&path->empty, path->boxes[i]);
	}
	return is_good;
}

bool exchange_open(
	struct workload_context *context, struct exchange *exchange, unsigned threads, size_t each)
{
	size_t bytes = threads * sizeof(struct exchange_path);
	bool is_good = true;

	*exchange = (struct exchange){aligned_alloc(RING_LINE, bytes), threads, each};
	if (!exchange->paths)
		return workload_fail(context, "no memory for %u paths", threads);
	for (unsigned i = 0; i < threads; i++)
		exchange->paths[i] = (struct exchange_path){0};
	for (unsigned i = 0; is_good && i < threads; i++)
		is_good = path_open(&exchange->paths[i], each, context->shares_cpu);
	return is_good || workload_fail(context, "no memory for boxes of %zu objects", each);
}

void exchange_close(struct exchange *exchange)
{
	for (unsigned i = 0; exchange->paths && i < exchange->threads; i++) {
		ring_close(&exchange->paths[i].full);
		ring_close(&exchange->paths[i].empty);
	}
}

void exchange_free(struct exchange *exchange, struct kmem_cache *cache)
{
	for (unsigned i = 0; exchange->paths && i < exchange->threads; i++) {
		struct exchange_path *path = &exchange->paths[i];

		for (unsigned j = 0; j < EXCHANGE_BOXES; j++) {
			items_free(cache, path->boxes[j], exchange->each);
			free(path->boxes[j]);
		}
		ring_free(&path->full);
		ring_free(&path->empty);
	}
	free(exchange->paths);
	exchange->paths = NULL;
}

static bool other_has_ended(struct workload_context *context)
{
	return workload_fail(context, "another thread of this benchmark has failed");
}

static struct exchange_path *path_before(
	const struct workload_context *context, struct exchange *exchange)
{
	return &exchange->paths[(context->thread + exchange->threads - 1) % exchange->threads];
}

struct item *exchange_box(struct workload_context *context, struct exchange *exchange)
{
	struct item *box = ring_pop(&exchange->paths[context->thread].empty);

	if (!box)
		other_has_ended(context);
	return box;
}

bool exchange_give(struct workload_context *context, struct exchange *exchange, struct item *box)
{
	return ring_push(&exchange->paths[context->thread].full, box) || other_has_ended(context);
}

struct item *exchange_take(struct workload_context *context, struct exchange *exchange)
{
	struct item *box = ring_pop(&path_before(context, exchange)->full);

	if (!box)
		other_has_ended(context);
	return box;
}

bool exchange_return(struct workload_context *context, struct exchange *exchange, struct item *box)
{
	return ring_push(&path_before(context, exchange)->empty, box) || other_has_ended(context);
}
