// SPDX-License-Identifier: GPL-2.0-or-later
// The journal of a SQLite file: the write-ahead log, which lets others read while one writes, or
// the rollback journal. Entry: sqlite_journal_choose().
//
// The log needs memory that programs share by way of a file beside the store. Network file systems
// and some shared folders of virtual machines have none. A file that was switched to the log there
// could not be opened again; SQLite leaves the log without shared memory only for whoever has the
// file alone.
#include "sqlite.h"

#include <string.h>

// Whether it can be written, or could be if another program did not do so. To read is not enough:
// SQLite reads past a shared memory that it may only read.
static bool is_writable(struct store *store)
{
	int status;

	sqlite3_busy_timeout(store->sqlite, 0);
	status = sqlite3_exec(store->sqlite, "BEGIN IMMEDIATE; ROLLBACK", NULL, NULL, NULL) & 0xff;
	sqlite3_busy_timeout(store->sqlite, SQLITE_TIMEOUT_MS);
	return status == SQLITE_OK || status == SQLITE_BUSY || status == SQLITE_LOCKED;
}

static int name_take(void *is_log, int count, char **values, char **names)
{
	(void)names;
	*(bool *)is_log = count == 1 && values[0] && strcmp(values[0], "wal") == 0;
	return 0;
}

// Runs a PRAGMA that answers with the journal's name.
static bool has_log(struct store *store, const char *pragma)
{
	bool is_log = false;

	return sqlite3_exec(store->sqlite, pragma, name_take, &is_log, NULL) == SQLITE_OK && is_log;
}

static bool log_leave(struct store *store, struct problem *problem)
{
	return sqlite_connect(store, store->path, "?mode=rwc", problem) &&
	       sqlite_execute(store,
		       "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE", problem) &&
	       sqlite_connect(store, store->path, "?mode=rwc", problem) &&
	       (is_writable(store) || sqlite_failed(store, "write to it", problem));
}

bool sqlite_without_log(struct store *store, struct problem *problem)
{
	if (is_writable(store))
		return true;
	store->lacks_log = true;
	return log_leave(store, problem);
}

bool sqlite_journal_choose(struct store *store, bool is_new, struct problem *problem)
{
	bool had_log = is_new || has_log(store, "PRAGMA journal_mode");

	if (has_log(store, "PRAGMA journal_mode = WAL") && is_writable(store))
		return true;
	store->lacks_log |= had_log; // told once, by whoever finds it so
	return is_writable(store) && !has_log(store, "PRAGMA journal_mode")
		       ? true
		       : log_leave(store, problem);
}
