// SPDX-License-Identifier: GPL-2.0-or-later
// Statements as the store's files use them, over whichever driver the store has. Closed ones stay
// prepared in the store: to parse an INSERT takes longer than to run it.
#include "internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"
#include "results/text/memory.h"

// Takes the statement out of those that are idle, so that the same SQL can run within itself.
static struct store_handle *idle_take(struct store *store, const char *sql)
{
	for (size_t i = store->idle_count; i > 0; i--) {
		struct store_handle *handle = store->idle[i - 1];

		if (strcmp(handle->sql, sql) != 0)
			continue;
		memmove(&store->idle[i - 1], &store->idle[i],
			(store->idle_count - i) * sizeof(struct store_handle *));
		store->idle_count--;
		return handle;
	}
	return NULL;
}

static void idle_put(struct store *store, struct store_handle *handle)
{
	if (store->idle_count == STORE_IDLE_MAX) {
		store->driver->finalize(store->idle[0]);
		memmove(&store->idle[0], &store->idle[1],
			(STORE_IDLE_MAX - 1) * sizeof(struct store_handle *));
		store->idle_count--;
	}
	store->idle[store->idle_count++] = handle;
}

void store_forget_statements(struct store *store)
{
	while (store->idle_count > 0)
		store->driver->finalize(store->idle[--store->idle_count]);
}

bool statement_prepare(
	struct statement *statement, struct store *store, const char *sql, struct problem *problem)
{
	*statement = (struct statement){.store = store, .handle = idle_take(store, sql)};
	if (!statement->handle)
		statement->handle = store->driver->prepare(store, sql, problem);
	return statement->handle != NULL;
}

// "INSERT INTO table (a, b) VALUES (?, ?)"; the caller's, NULL: no memory.
static char *insert_sql(const char *table, const char *columns)
{
	char *sql = NULL;
	size_t size = 0;
	FILE *output = open_memstream(&sql, &size);

	if (!output)
		return NULL;
	(void)fprintf(output, "INSERT INTO %s (%s) VALUES (?", table, columns);
	for (const char *c = strchr(columns, ','); c; c = strchr(c + 1, ','))
		(void)fputs(", ?", output);
	(void)fputc(')', output);
	if (fclose(output) == 0)
		return sql;
	free(sql);
	return NULL;
}

bool statement_prepare_rows(struct statement *statement, struct store *store, const char *table,
	const char *columns, struct problem *problem)
{
	char *sql = insert_sql(table, columns);

	*statement = (struct statement){.store = store};
	if (!sql)
		return no_memory(problem, "the store");
	statement->handle = idle_take(store, sql);
	if (!statement->handle)
		statement->handle =
			store->driver->prepare_rows(store, sql, table, columns, problem);
	free(sql);
	return statement->handle != NULL;
}

static void bind(struct statement *statement, const struct store_value *value)
{
	statement->store->driver->bind(statement->handle, ++statement->bound, value);
}

void statement_bind_text(struct statement *statement, const char *text)
{
	bind(statement, &(struct store_value){.kind = VALUE_TEXT, .text = text});
}

void statement_bind_integer(struct statement *statement, int64_t value)
{
	bind(statement, &(struct store_value){.kind = VALUE_INTEGER, .integer = value});
}

void statement_bind_real(struct statement *statement, double value)
{
	if (isnan(value))
		statement_bind_null(statement);
	else
		bind(statement, &(struct store_value){.kind = VALUE_REAL, .real = value});
}

void statement_bind_null(struct statement *statement)
{
	bind(statement, &(struct store_value){.kind = VALUE_NULL});
}

bool statement_run(struct statement *statement, struct problem *problem)
{
	bool has_row = false;

	if (!statement_next(statement, &has_row, problem))
		return false;
	statement->store->driver->reset(statement->handle);
	statement->bound = 0;
	return true;
}

bool statement_next(struct statement *statement, bool *has_row, struct problem *problem)
{
	*has_row = false;
	return statement->store->driver->next(statement->handle, has_row, problem);
}

bool statement_each(struct statement *statement,
	bool (*take)(const struct statement *row, void *context, struct problem *problem),
	void *context, struct problem *problem)
{
	bool has_row = false;

	while (statement_next(statement, &has_row, problem)) {
		if (!has_row)
			return true;
		if (!take(statement, context, problem))
			return false;
	}
	return false;
}

bool statement_flush(struct statement *statement, struct problem *problem)
{
	return statement->store->driver->flush(statement->handle, problem);
}

int64_t statement_changes(const struct statement *statement)
{
	return statement->store->driver->changes(statement->handle);
}

void statement_close(struct statement *statement)
{
	if (!statement->handle)
		return;
	statement->store->driver->release(statement->handle);
	idle_put(statement->store, statement->handle);
	statement->handle = NULL;
}

bool statement_is_null(const struct statement *statement, int column)
{
	return statement->store->driver->is_null(statement->handle, column);
}

int64_t statement_integer(const struct statement *statement, int column)
{
	return statement->store->driver->integer(statement->handle, column);
}

double statement_real(const struct statement *statement, int column)
{
	if (statement_is_null(statement, column))
		return NAN;
	return statement->store->driver->real(statement->handle, column);
}

const char *statement_peek(const struct statement *statement, int column)
{
	return statement->store->driver->text(statement->handle, column);
}

char *statement_text(const struct statement *statement, int column)
{
	const char *text = statement_peek(statement, column);

	return text ? strdup(text) : NULL;
}
