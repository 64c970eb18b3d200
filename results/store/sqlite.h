// SPDX-License-Identifier: GPL-2.0-or-later
// What the two files of the SQLite driver share: sqlite.c opens, statement_sqlite.c runs
// statements. The functions are those of struct store_driver.
#ifndef RESULTS_STORE_SQLITE_H
#define RESULTS_STORE_SQLITE_H

#include <sqlite3.h>

#include "driver.h"

// How long we wait for another program's lock.
enum { SQLITE_TIMEOUT_MS = 30000 };

// Says what SQLite's last failure means for the user: a full disk, a damaged file, a locked one.
// Returns false.
bool sqlite_failed(struct store *store, const char *doing, struct problem *problem);

// Opens `file`, which is the store's or a copy of it, in place of what was open. `query` is the end
// of its URI ("?mode=ro").
bool sqlite_connect(
	struct store *store, const char *file, const char *query, struct problem *problem);
void sqlite_disconnect(struct store *store);

// ---- recovery_sqlite.c

// Whether a writer died and left a rollback journal. True also while another program writes.
bool sqlite_was_cut(const char *path);
// Makes the store's file whole, which a dead writer left with a journal or a log, where `look`, called with a copy that was undone
// and is open, says that it is ours. What is not stays as it is, its journal too. The file is open
// for writing then.
typedef bool (*sqlite_look)(struct store *store, struct problem *problem);
bool sqlite_recover(struct store *store, sqlite_look look, struct problem *problem);

// ---- journal_sqlite.c

// For a file that is open for writing: makes that possible where it has a write-ahead log and the
// file system no shared memory.
bool sqlite_without_log(struct store *store, struct problem *problem);
// Takes the write-ahead log where it works, else the rollback journal: slower, as safe, but writer
// and readers wait for each other. store->lacks_log says that a store that had a log, or that is
// new, got none.
bool sqlite_journal_choose(struct store *store, bool is_new, struct problem *problem);

// Whether the file's tables are those of that version, and nothing in it acts on its own.
bool sqlite_schema_check(struct store *store, int64_t version, struct problem *problem);

bool sqlite_execute(struct store *store, const char *sql, struct problem *problem);
struct store_handle *sqlite_prepare(struct store *store, const char *sql, struct problem *problem);
struct store_handle *sqlite_prepare_rows(struct store *store, const char *sql, const char *table,
	const char *columns, struct problem *problem);
void sqlite_bind(struct store_handle *handle, int index, const struct store_value *value);
bool sqlite_next(struct store_handle *handle, bool *has_row, struct problem *problem);
bool sqlite_flush(struct store_handle *handle, struct problem *problem);
void sqlite_reset(struct store_handle *handle);
void sqlite_release(struct store_handle *handle);
void sqlite_finalize(struct store_handle *handle);
bool sqlite_is_null(const struct store_handle *handle, int column);
int64_t sqlite_integer(const struct store_handle *handle, int column);
double sqlite_real(const struct store_handle *handle, int column);
const char *sqlite_text(const struct store_handle *handle, int column);
int64_t sqlite_changes(const struct store_handle *handle);

#endif
