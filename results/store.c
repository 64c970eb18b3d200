// SPDX-License-Identifier: GPL-2.0-or-later
// Opens the store. Entry: store_open(). What is inside a file is looked at before SQLite may write to it, because a
// file that is not ours must stay as it is, byte for byte.
#include "store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema.h"
#include "store_internal.h"

enum { BUSY_TIMEOUT_MS = 30000 };

static bool read_pragma(
	struct store *store, const char *sql, int64_t *value, struct problem *problem)
{
	struct statement statement;
	bool has_row = false;
	bool is_read = statement_prepare(&statement, store, sql, problem) &&
		       statement_next(&statement, &has_row, problem);

	*value = has_row ? sqlite3_column_int64(statement.handle, 0) : 0;
	statement_close(&statement);
	return is_read;
}

static bool refuse_newer(const struct store *store, int64_t version, struct problem *problem)
{
	return problem_set(problem, EXIT_WRONG_USE,
		"%s: the store has schema version %lld, this slabmark knows up to %d; use a newer "
		"slabmark",
		store->path, (long long)version, schema_version());
}

// Whether the file is ours, not newer than us, or still empty. *version is 0 for an empty one.
static bool check_owner(struct store *store, int64_t *version, struct problem *problem)
{
	int64_t application = 0;
	int64_t tables = 0;

	if (!read_pragma(store, "PRAGMA application_id", &application, problem) ||
		!read_pragma(store, "PRAGMA user_version", version, problem) ||
		!read_pragma(store, "SELECT count(*) FROM sqlite_master", &tables, problem))
		return false;
	if (application == SCHEMA_APPLICATION_ID && *version > schema_version())
		return refuse_newer(store, *version, problem);
	if (application == SCHEMA_APPLICATION_ID && *version > 0)
		return true;
	if (application != 0 || tables > 0 || *version != 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: this SQLite file belongs to another application; expected a file that "
			"`slabmark run` made",
			store->path);
	return true;
}

static bool migrate(struct store *store, struct problem *problem)
{
	char pragma[128];
	int64_t version = 0;

	// Asked again under the lock: another writer may just have done it.
	if (!read_pragma(store, "PRAGMA user_version", &version, problem))
		return false;
	for (; version < schema_version(); version++) {
		char *step = schema_step((int)version, SCHEMA_SQLITE);
		bool is_good = step && store_execute(store, step, problem);

		free(step);
		if (!is_good)
			return false;
	}
	(void)snprintf(pragma, sizeof(pragma),
		"PRAGMA application_id = %d; PRAGMA user_version = %d;", SCHEMA_APPLICATION_ID,
		schema_version());
	return store_execute(store, pragma, problem);
}

static bool migrate_in_transaction(struct store *store, struct problem *problem)
{
	if (!store_execute(store, "BEGIN IMMEDIATE", problem))
		return false;
	if (migrate(store, problem) && store_execute(store, "COMMIT", problem))
		return true;
	sqlite3_exec(store->database, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

static bool prepare_for_writing(struct store *store, int64_t version, struct problem *problem)
{
	// Before WAL is switched on, so that the file's own header says whose it is from the first write.
	if (version < schema_version() && !migrate_in_transaction(store, problem))
		return false;
	// A file system without shared memory stays with the rollback journal: slower, as safe.
	sqlite3_exec(store->database, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
	return store_execute(
		store, "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL;", problem);
}

// Opens the path with SQLite. `query` is appended to the URI ("?mode=ro").
static bool connect(struct store *store, const char *query, struct problem *problem)
{
	// SQLite's own formatting cannot escape a path, so that each special character is written as %XX.
	size_t size = strlen(store->path) * 3 + strlen(query) + sizeof("file:");
	char *uri = malloc(size);
	char *end = uri;
	int status;

	if (!uri)
		return problem_set(
			problem, EXIT_NOT_MEASURED, "%s: no memory left to open it", store->path);
	end += snprintf(end, size, "file:");
	for (const char *c = store->path; *c; c++)
		end += snprintf(end, 4, strchr("%?#", *c) ? "%%%02x" : "%c", (unsigned char)*c);
	(void)snprintf(end, strlen(query) + 1, "%s", query);
	sqlite3_close(store->database);
	status = sqlite3_open_v2(uri, &store->database,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI, NULL);
	free(uri);
	if (status != SQLITE_OK)
		return store_failed(store, "open it", problem);
	sqlite3_busy_timeout(store->database, BUSY_TIMEOUT_MS);
	return true;
}

static bool has_write_ahead_log(const char *path)
{
	struct stat status;
	char *log = NULL;
	bool is_there;

	if (asprintf(&log, "%s-wal", path) < 0)
		return true; // not known: take the careful way
	is_there = stat(log, &status) == 0 && status.st_size > 0;
	free(log);
	return is_there;
}

// Reading a file in WAL mode needs a small file beside it. Where none can be made (a folder without write permission,
// a full disk) and no log waits to be read, the file alone is complete.
static bool connect_for_reading(struct store *store, struct problem *problem)
{
	int64_t tables;

	if (!connect(store, "?mode=ro", problem))
		return false;
	if (read_pragma(store, "SELECT count(*) FROM sqlite_master", &tables, NULL))
		return true;
	if (has_write_ahead_log(store->path))
		return true; // check_owner() meets the failure again and reports it
	return connect(store, "?mode=ro&immutable=1", problem);
}

static bool open_checked(
	struct store *store, enum store_mode mode, bool is_new, struct problem *problem)
{
	int64_t version = 0;

	// Even for writing the first look is a reader's, so that what is refused stays untouched.
	if (!is_new &&
		(!connect_for_reading(store, problem) || !check_owner(store, &version, problem)))
		return false;
	if (mode == STORE_WRITE)
		return connect(store, "?mode=rwc", problem) &&
		       prepare_for_writing(store, version, problem);
	if (version == 0)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"%s: the store is empty; `slabmark run` fills it", store->path);
	if (version < schema_version())
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: the store has the older schema version %lld; `slabmark run` on it "
			"brings it to version %d",
			store->path, (long long)version, schema_version());
	return true;
}

// Looks at the file without SQLite, which would only find out what it is when it is asked for the first row.
static bool check_file(
	const char *path, enum store_mode mode, bool *is_new, struct problem *problem)
{
	static const char MAGIC[16] = "SQLite format 3";
	char head[sizeof(MAGIC)];
	struct stat status;
	size_t length;
	FILE *file;

	*is_new = false;
	if (stat(path, &status) != 0 && errno == ENOENT && mode == STORE_WRITE) {
		*is_new = true;
		return true;
	}
	if (stat(path, &status) != 0)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"%s: no store there (%s); `slabmark run` makes one", path, strerror(errno));
	if (!S_ISREG(status.st_mode))
		return problem_set(
			problem, EXIT_WRONG_USE, "%s: not a file; expected a SQLite file", path);
	file = fopen(path, "rb");
	if (!file)
		return problem_set(problem, EXIT_NOT_MEASURED, "%s: could not read it: %s", path,
			strerror(errno));
	length = fread(head, 1, sizeof(head), file);
	(void)fclose(file);
	if (status.st_size == 0 ||
		(length == sizeof(MAGIC) && memcmp(head, MAGIC, sizeof(MAGIC)) == 0))
		return true;
	return problem_set(problem, EXIT_WRONG_USE,
		"%s: not a SQLite file; expected a store that `slabmark run` made", path);
}

bool store_open(
	struct store **store, const char *path, enum store_mode mode, struct problem *problem)
{
	struct store *opened;
	bool is_new;

	*store = NULL;
	if (!check_file(path, mode, &is_new, problem))
		return false;
	opened = calloc(1, sizeof(*opened));
	if (opened)
		opened->path = strdup(path);
	if (!opened || !opened->path) {
		free(opened);
		return problem_set(
			problem, EXIT_NOT_MEASURED, "%s: no memory left to open it", path);
	}
	if (!open_checked(opened, mode, is_new, problem)) {
		store_close(opened);
		return false;
	}
	*store = opened;
	return true;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	sqlite3_close(store->database);
	free(store->path);
	free(store);
}
