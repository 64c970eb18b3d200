// SPDX-License-Identifier: GPL-2.0-or-later
// What most workloads here share: a row of items a thread, and one cache for all objects or
// kmalloc(). A thread makes its own row, so that it lies on its node; whoever ends the benchmark
// frees what the rows still hold.
#ifndef WORKLOADS_PARTS_ROWS_H
#define WORKLOADS_PARTS_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "exchange.h"
#include "item.h"
#include "workloads/workload.h"

struct rows {
	struct kmem_cache *cache; // NULL: kmalloc()
	unsigned threads;
	size_t each; // items a row
	struct item **items; // of each thread
	void *more; // of the workload
	struct exchange exchange; // closed where the workload hands nothing on
};

// Makes context->shared with no rows yet. cache_name NULL: kmalloc(); else a cache of `size` bytes.
bool rows_setup(struct workload_context *context, const char *cache_name, size_t size, size_t each);
// The same, and boxes of `each` items between each thread and the next.
bool rows_setup_exchange(
	struct workload_context *context, const char *cache_name, size_t size, size_t each);
// The thread's row, empty, as context->own. Kept from loop to loop.
bool rows_thread_start(struct workload_context *context);
// Lets the other threads go where this one has failed.
void rows_thread_end(struct workload_context *context);
void rows_teardown(void *shared);

static inline struct rows *rows_of(const struct workload_context *context)
{
	return context->shared;
}

static inline struct item *row_of(const struct workload_context *context)
{
	return rows_of(context)->items[context->thread];
}

#endif
