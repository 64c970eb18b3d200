// SPDX-License-Identifier: GPL-2.0-or-later
// The store apart from what is in it: which kind of database, its version and migrations,
// transactions. Entry: store_open(). How a kind of database is opened is in sqlite.c and
// postgres.c.
#include "store.h"

#include <stdlib.h>
#include <string.h>

#include "driver.h"
#include "machines.h"
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

void store_close(struct store *store)
{
	if (!store)
		return;
	store->driver->close(store);
	json_decref(store->ids);
	free(store->path);
	free(store);
}

// ---- versions

bool store_version_check(
	struct store *store, int64_t version, enum store_mode mode, struct problem *problem)
{
	if (mode == STORE_LOOK)
		return true;
	if (version > schema_version())
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: the store has schema version %lld, this slabmark knows up to %d; use "
			"a newer "
			"slabmark",
			store->path, (long long)version, schema_version());
	if (mode == STORE_WRITE)
		return true;
	if (version == 0)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"%s: the store is empty; `slabmark run` fills it", store->path);
	if (version < schema_version())
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: the store has the older schema version %lld; `slabmark db migrate` "
			"brings it to version %d",
			store->path, (long long)version, schema_version());
	return true;
}

static bool step_run(struct store *store, int version, struct problem *problem)
{
	char *step = schema_step(version, store->driver->kind);
	bool is_good = step ? store_execute(store, step, problem) : no_memory(problem, "the store");

	free(step);
	return is_good;
}

static bool migrate(struct store *store, struct problem *problem)
{
	int64_t version = 0;

	// Asked again under the lock: another writer may just have done it.
	if (!store->driver->version_read(store, &version, problem))
		return false;
	for (; version < schema_version(); version++) {
		if (!step_run(store, (int)version, problem) ||
			(version + 1 == STORE_VERSION_OF_MACHINES &&
				!store_machines_lead(store, problem)))
			return false;
	}
	return store->driver->version_write(store, schema_version(), problem);
}

bool store_migrate(struct store *store, struct problem *problem)
{
	if (!store_begin(store, problem))
		return false;
	if (migrate(store, problem) && store_commit(store, problem))
		return true;
	store_rollback(store);
	return false;
}

// ---- transactions

bool store_execute(struct store *store, const char *sql, struct problem *problem)
{
	return store->driver->execute(store, sql, problem);
}

bool store_begin(struct store *store, struct problem *problem)
{
	return store_execute(store, store->driver->begin, problem);
}

bool store_commit(struct store *store, struct problem *problem)
{
	return store_execute(store, "COMMIT", problem);
}

void store_rollback(struct store *store)
{
	json_decref(store->ids); // some may be undone
	store->ids = NULL;
	if (store_is_in_transaction(store))
		store_execute(store, "ROLLBACK", NULL);
}

bool store_is_in_transaction(const struct store *store)
{
	return store->driver->is_in_transaction(store);
}

bool store_damaged(const struct store *store, const char *what, struct problem *problem)
{
	return problem_set(problem, EXIT_WRONG_USE,
		"%s: the store is damaged: %s; `slabmark db verify` looks for more", store->path,
		what);
}

bool store_query_integer(
	struct store *store, const char *sql, int64_t *value, struct problem *problem)
{
	struct statement statement;
	bool has_row = false;
	bool is_read = statement_prepare(&statement, store, sql, problem) &&
		       statement_next(&statement, &has_row, problem);

	*value = has_row ? statement_integer(&statement, 0) : 0;
	statement_close(&statement);
	return is_read;
}
