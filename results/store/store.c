// SPDX-License-Identifier: GPL-2.0-or-later
// A store as a whole: opened as the kind of database that it is, repaired where a writer died, and
// closed. Entry: store_open(). How a kind of database is opened is in sqlite.c and postgres.c.
#include "store.h"

#include <stdlib.h>
#include <string.h>

#include "driver.h"
#include "results/text/memory.h"
#include "writer.h"

// Of the sessions that did not end, those whose writer is gone; a JSON array. NULL with a problem,
// on failure.
static json_t *cut_sessions(struct store *store, struct problem *problem)
{
	bool is_local = store->driver == &store_sqlite;
	json_t *sessions = json_array();
	struct statement statement;
	bool has_row = true;
	bool is_good = statement_prepare(&statement, store,
		"SELECT id, writer FROM sessions WHERE ended IS NULL AND writer IS NOT NULL",
		problem);

	while (is_good && has_row) {
		is_good = statement_next(&statement, &has_row, problem);
		if (is_good && has_row && writer_is_gone(statement_peek(&statement, 1), is_local))
			json_array_append_new(
				sessions, json_integer(statement_integer(&statement, 0)));
	}
	statement_close(&statement);
	if (is_good)
		return sessions;
	json_decref(sessions);
	return NULL;
}

// What a crash leaves half-written the database itself undoes. What is left is a session that looks
// as if it ran.
static bool sessions_repair(struct store *store, struct problem *problem)
{
	json_t *sessions = cut_sessions(store, problem);
	struct statement statement;
	const json_t *session;
	size_t i;
	bool is_good;

	if (!sessions)
		return false;
	is_good = statement_prepare(&statement, store,
		"UPDATE sessions SET ended = 'cut short' WHERE id = ? AND ended IS NULL", problem);
	json_array_foreach(sessions, i, session)
	{
		if (is_good)
			statement_bind_integer(&statement, json_integer_value(session));
		is_good = is_good && statement_run(&statement, problem);
	}
	statement_close(&statement);
	json_decref(sessions);
	return is_good;
}

bool store_open(
	struct store **store, const char *path, enum store_mode mode, struct problem *problem)
{
	struct store *opened;

	*store = NULL;
	if (!*path)
		return problem_set(problem, EXIT_WRONG_USE,
			"the store's name is empty; a file is expected, or "
			"postgresql://HOST/DATABASE");
	if (strstr(path, "://") && !store_is_url(path))
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: no store is reached so; a file is expected, or "
			"postgresql://HOST/DATABASE",
			path);
	opened = calloc(1, sizeof(*opened));
	if (!opened)
		return no_memory(problem, "the store");
	opened->driver = store_is_url(path) ? &store_postgres : &store_sqlite;
	if (!opened->driver->open(opened, path, mode, problem) ||
		(mode == STORE_WRITE && !sessions_repair(opened, problem))) {
		store_close(opened);
		return false;
	}
	*store = opened;
	return true;
}

const char *store_name(const struct store *store)
{
	return store->path;
}

const char *store_notice(const struct store *store)
{
	return store->lacks_log ? "its file system has no memory that programs share, so it keeps "
				  "a rollback journal: who writes and who reads wait for each other"
				: NULL;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	store->driver->close(store);
	json_decref(store->ids);
	free(store->path);
	free(store);
}
