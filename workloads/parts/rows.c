// SPDX-License-Identifier: GPL-2.0-or-later
// Rows of items: their memory from the first setup to the end.
#include "rows.h"

#include <stdlib.h>

bool rows_setup(struct workload_context *context, const char *cache_name, size_t size, size_t each)
{
	struct rows *rows = calloc(1, sizeof(*rows));

	context->shared = rows;
	if (!rows)
		return workload_fail(context, "no memory for the workload's state");
	*rows = (struct rows){.threads = context->threads,
		.each = each,
		.items = (struct item **)calloc(context->threads, sizeof(struct item *))};
	if (!rows->items)
		return workload_fail(context, "no memory for %u rows", context->threads);
	if (!cache_name)
		return true;
	// A region for copying to user space keeps the cache from being merged with another
	// benchmark's.
	rows->cache = context->cache = kmem_cache_create_usercopy(
		cache_name, (unsigned)size, 0, 0, 0, (unsigned)size, NULL);
	return rows->cache || workload_out_of_memory(context, size);
}

bool rows_setup_exchange(
	struct workload_context *context, const char *cache_name, size_t size, size_t each)
{
	return rows_setup(context, cache_name, size, each) &&
	       exchange_open(context, &rows_of(context)->exchange, context->threads, each);
}

bool rows_thread_start(struct workload_context *context)
{
	struct rows *rows = context->shared;
	struct item **row = &rows->items[context->thread];

	if (!*row)
		*row = calloc(rows->each, sizeof(**row));
	return *row || workload_fail(context, "no memory for a row of %zu objects", rows->each);
}

void rows_thread_end(struct workload_context *context)
{
	if (context->shared && context->failure[0] != '\0')
		exchange_close(&rows_of(context)->exchange);
}

void rows_teardown(void *shared)
{
	struct rows *rows = shared;

	if (!rows)
		return;
	for (unsigned i = 0; rows->items && i < rows->threads; i++) {
		items_free(rows->cache, rows->items[i], rows->each);
		free(rows->items[i]);
	}
	exchange_free(&rows->exchange, rows->cache);
	kmem_cache_destroy(rows->cache);
	free((void *)rows->items);
	free(rows);
}
