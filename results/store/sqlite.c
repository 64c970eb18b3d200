// SPDX-License-Identifier: GPL-2.0-or-later
// Opens a store that is a SQLite file. What is inside a file is looked at before SQLite may write
// to it, because a file that is not ours must stay as it is, byte for byte.
#include "sqlite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "results/text/memory.h"

static bool version_read(struct store *store, int64_t *version, struct problem *problem)
{
	return store_query_integer(store, "PRAGMA user_version", version, problem);
}

static bool version_write(struct store *store, int version, struct problem *problem)
{
	char pragma[128];

	(void)snprintf(pragma, sizeof(pragma),
		"PRAGMA application_id = %d; PRAGMA user_version = %d;", SCHEMA_APPLICATION_ID,
		version);
	return sqlite_execute(store, pragma, problem);
}

// Whether the file is ours or still empty. *version is 0 for an empty one.
static bool check_owner(struct store *store, int64_t *version, struct problem *problem)
{
	int64_t application = 0;
	int64_t tables = 0;

	if (!store_query_integer(store, "PRAGMA application_id", &application, problem) ||
		!version_read(store, version, problem) ||
		!store_query_integer(store, "SELECT count(*) FROM sqlite_master", &tables, problem))
		return false;
	if (application == SCHEMA_APPLICATION_ID && *version > 0)
		return true;
	if (application != 0 || tables > 0 || *version != 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: this SQLite file belongs to another application; expected a file that "
			"`slabmark run` made",
			store->path);
	return true;
}

static bool prepare_for_writing(struct store *store, int64_t version, struct problem *problem)
{
	if (!sqlite_without_log(store, problem))
		return false;
	// Before the log is switched on, so that the file's own header says whose it is from the
	// first write.
	if (version < schema_version() && !store_migrate(store, problem))
		return false;
	return sqlite_journal_choose(store, version == 0, problem) &&
	       sqlite_execute(store,
		       "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA cache_size = "
		       "-32768;",
		       problem);
}

void sqlite_disconnect(struct store *store)
{
	store_forget_statements(store);
	sqlite3_close(store->sqlite);
	store->sqlite = NULL;
}

bool sqlite_connect(
	struct store *store, const char *file, const char *query, struct problem *problem)
{
	// SQLite's own formatting cannot escape a path, so that each special character is written
	// as %XX.
	const char *start = *file == '/' ? "file://" : "file:"; // "//x" would be a host
	size_t size = strlen(file) * 3 + strlen(query) + sizeof("file://");
	char *uri = malloc(size);
	char *end = uri;
	int status;

	if (!uri)
		return no_memory(problem, "the store");
	end += snprintf(end, size, "%s", start);
	for (const char *c = file; *c; c++)
		end += snprintf(end, 4, strchr("%?#", *c) ? "%%%02x" : "%c", (unsigned char)*c);
	(void)snprintf(end, strlen(query) + 1, "%s", query);
	sqlite_disconnect(store);
	status = sqlite3_open_v2(uri, &store->sqlite,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
		NULL);
	free(uri);
	if (status != SQLITE_OK)
		return sqlite_failed(store, "open it", problem);
	sqlite3_busy_timeout(store->sqlite, SQLITE_TIMEOUT_MS);
	// A file may come from anywhere: nothing in its schema may call what has an effect, and no
	// page is believed unseen.
	sqlite3_db_config(store->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(store->sqlite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_exec(store->sqlite, "PRAGMA cell_size_check = ON", NULL, NULL, NULL);
	return true;
}

// Whether the last failure was one of the files beside the store.
static bool lacks_file(const struct store *store)
{
	switch (sqlite3_errcode(store->sqlite) & 0xff) {
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
	case SQLITE_READONLY:
		return true;
	default:
		return false;
	}
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

// Reading a file in WAL mode needs a small file beside it. Where none can be made (a folder without
// write permission, a full disk) and no log waits to be read, the file alone is complete. *is_cut:
// a log waits.
static bool connect_for_reading(struct store *store, bool *is_cut, struct problem *problem)
{
	int64_t tables;

	if (!sqlite_connect(store, store->path, "?mode=ro", problem))
		return false;
	if (store_query_integer(store, "SELECT count(*) FROM sqlite_master", &tables, NULL))
		return true;
	if (!has_write_ahead_log(store->path))
		return sqlite_connect(store, store->path, "?mode=ro&immutable=1", problem);
	*is_cut = lacks_file(store);
	return true; // check_owner() meets any other failure again and reports it
}

// Looks at the file without SQLite, which would only find out what it is when it is asked for the
// first row.
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
	if (stat(path, &status) != 0 && errno == ENOENT)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"%s: no store there (%s); `slabmark run` makes one", path, strerror(errno));
	if (stat(path, &status) != 0)
		return problem_set(problem, EXIT_NOT_MEASURED, "%s: could not look at it: %s", path,
			strerror(errno));
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

static bool copy_look(struct store *store, struct problem *problem)
{
	int64_t version = 0;

	return check_owner(store, &version, problem) &&
	       store_version_check(store, version, STORE_WRITE, problem) &&
	       sqlite_schema_check(store, version, problem);
}

// Even for writing the first look is a reader's, so that what is refused stays untouched.
static bool look(
	struct store *store, enum store_mode mode, int64_t *version, struct problem *problem)
{
	bool is_cut = sqlite_was_cut(store->path);

	if (!is_cut && !connect_for_reading(store, &is_cut, problem))
		return false;
	if (is_cut && (!sqlite_recover(store, copy_look, problem) ||
			      !connect_for_reading(store, &is_cut, problem)))
		return false;
	return check_owner(store, version, problem) &&
	       store_version_check(store, *version, mode, problem) &&
	       (mode == STORE_LOOK || sqlite_schema_check(store, *version, problem));
}

static bool sqlite_open(
	struct store *store, const char *path, enum store_mode mode, struct problem *problem)
{
	int64_t version = 0;
	bool is_new;

	if (strcmp(path, ":memory:") == 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: a store in memory ends with the program, and every sample with it; "
			"name a file (./:memory: is one)",
			path);
	store->path = strdup(path);
	if (!store->path)
		return no_memory(problem, "the store");
	if (!check_file(path, mode, &is_new, problem) ||
		(!is_new && !look(store, mode, &version, problem)))
		return false;
	if (mode != STORE_WRITE)
		return true;
	return sqlite_connect(store, store->path, "?mode=rwc", problem) &&
	       prepare_for_writing(store, version, problem);
}

static bool is_in_transaction(const struct store *store)
{
	return !sqlite3_get_autocommit(store->sqlite);
}

static bool vacuum(struct store *store, struct problem *problem)
{
	// In WAL mode the smaller file is in the log until it is written back.
	return sqlite_execute(store, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE);", problem);
}

const struct store_driver store_sqlite = {
	.name = "SQLite",
	.kind = SCHEMA_SQLITE,
	.open = sqlite_open,
	.close = sqlite_disconnect,
	.begin = "BEGIN IMMEDIATE",
	.is_in_transaction = is_in_transaction,
	.version_read = version_read,
	.version_write = version_write,
	.execute = sqlite_execute,
	.prepare = sqlite_prepare,
	.prepare_rows = sqlite_prepare_rows,
	.bind = sqlite_bind,
	.next = sqlite_next,
	.flush = sqlite_flush,
	.reset = sqlite_reset,
	.release = sqlite_release,
	.finalize = sqlite_finalize,
	.is_null = sqlite_is_null,
	.integer = sqlite_integer,
	.real = sqlite_real,
	.text = sqlite_text,
	.changes = sqlite_changes,
	.tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' "
		  "ORDER BY name",
	.bytes = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
	.bytes_free = "SELECT freelist_count * page_size FROM pragma_freelist_count, "
		      "pragma_page_size",
	.table_bytes =
		"SELECT sum(pgsize) FROM dbstat WHERE aggregate = 1 AND name IN (SELECT name "
		"FROM sqlite_master WHERE tbl_name = ?)",
	.integrity = "PRAGMA integrity_check(200)",
	.orphans =
		"SELECT format('%s, row %s: its row of %s is missing', \"table\", rowid, parent) "
		"FROM pragma_foreign_key_check",
	.vacuum = vacuum,
};
