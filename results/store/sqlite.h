// SPDX-License-Identifier: GPL-2.0-or-later
// What the two files of the SQLite driver share: sqlite.c opens, statement_sqlite.c runs
// statements. The functions are those of struct store_driver.
#ifndef RESULTS_STORE_SQLITE_H
#define RESULTS_STORE_SQLITE_H

#include <sqlite3.h>

#include "driver.h"

// Says what SQLite's last failure means for the user: a full disk, a damaged file, a locked one.
// Returns false.
bool sqlite_failed(struct store *store, const char *doing, struct problem *problem);

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
