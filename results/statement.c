// SPDX-License-Identifier: GPL-2.0-or-later
// SQLite's statements, made to fit: one place that turns its statuses into words, one way to bind and to step.
#include "store_internal.h"

#include <errno.h>
#include <string.h>

static bool is_disk_full(sqlite3 *database, int status)
{
	return status == SQLITE_FULL ||
	       (status == SQLITE_IOERR && sqlite3_system_errno(database) == ENOSPC);
}

bool store_failed(struct store *store, const char *doing, struct problem *problem)
{
	int status = sqlite3_errcode(store->database) & 0xff; // the primary code of an extended one

	if (is_disk_full(store->database, status))
		return problem_set(problem, EXIT_NOT_MEASURED,
			"%s: the disk is full, could not %s; what was stored before stays readable",
			store->path, doing);
	if (status == SQLITE_CORRUPT || status == SQLITE_NOTADB)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: the store is damaged, could not %s (%s); expected an intact SQLite "
			"file",
			store->path, doing, sqlite3_errmsg(store->database));
	if (status == SQLITE_BUSY || status == SQLITE_LOCKED)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"%s: another program keeps the store locked, could not %s; try again when "
			"it has ended",
			store->path, doing);
	return problem_set(problem, EXIT_NOT_MEASURED, "%s: could not %s: %s", store->path, doing,
		sqlite3_errmsg(store->database));
}

bool store_execute(struct store *store, const char *sql, struct problem *problem)
{
	if (sqlite3_exec(store->database, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_failed(store, "write to it", problem);
	return true;
}

bool statement_prepare(
	struct statement *statement, struct store *store, const char *sql, struct problem *problem)
{
	*statement = (struct statement){.store = store};
	if (sqlite3_prepare_v2(store->database, sql, -1, &statement->handle, NULL) != SQLITE_OK)
		return store_failed(store, "read it", problem);
	return true;
}

static void note(struct statement *statement, int status)
{
	if (statement->status == SQLITE_OK)
		statement->status = status;
}

void statement_bind_text(struct statement *statement, const char *text)
{
	note(statement,
		sqlite3_bind_text(statement->handle, ++statement->bound, text, -1, SQLITE_STATIC));
}

void statement_bind_integer(struct statement *statement, int64_t value)
{
	note(statement, sqlite3_bind_int64(statement->handle, ++statement->bound, value));
}

void statement_bind_real(struct statement *statement, double value)
{
	note(statement, sqlite3_bind_double(statement->handle, ++statement->bound, value));
}

void statement_bind_null(struct statement *statement)
{
	note(statement, sqlite3_bind_null(statement->handle, ++statement->bound));
}

static bool bindings_failed(struct statement *statement, struct problem *problem)
{
	return problem_set(problem, EXIT_NOT_MEASURED,
		"%s: a value does not fit into the store: %s", statement->store->path,
		sqlite3_errstr(statement->status));
}

bool statement_run(struct statement *statement, struct problem *problem)
{
	bool has_row = false;

	if (!statement_next(statement, &has_row, problem))
		return false;
	sqlite3_reset(statement->handle);
	statement->bound = 0;
	return true;
}

bool statement_next(struct statement *statement, bool *has_row, struct problem *problem)
{
	int status;

	*has_row = false;
	if (statement->status != SQLITE_OK)
		return bindings_failed(statement, problem);
	status = sqlite3_step(statement->handle);
	*has_row = status == SQLITE_ROW;
	if (status != SQLITE_ROW && status != SQLITE_DONE)
		return store_failed(statement->store, "read or write it", problem);
	return true;
}

void statement_close(struct statement *statement)
{
	sqlite3_finalize(statement->handle);
	statement->handle = NULL;
}

char *statement_text(const struct statement *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement->handle, column);

	return text ? strdup((const char *)text) : NULL;
}
