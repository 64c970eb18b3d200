// SPDX-License-Identifier: GPL-2.0-or-later
// What the store's own files share: the open database, and statements whose failures become a struct problem.
#ifndef RESULTS_STORE_INTERNAL_H
#define RESULTS_STORE_INTERNAL_H

#include <sqlite3.h>

#include "store.h"

struct store {
	sqlite3 *database;
	char *path;
};

// Says what SQLite's last failure means for the user: a full disk, a damaged file, a locked one. Returns false.
bool store_failed(struct store *store, const char *doing, struct problem *problem);

// Runs SQL text without parameters.
bool store_execute(struct store *store, const char *sql, struct problem *problem);

// A statement whose parameters are bound one after the other. binding_* remember the first failure, which run and next
// then report, so that a value which could not be bound never reaches the file as NULL.
struct statement {
	struct store *store;
	sqlite3_stmt *handle;
	int bound; // parameters so far
	int status; // of the first failed bind, else SQLITE_OK
};

bool statement_prepare(
	struct statement *statement, struct store *store, const char *sql, struct problem *problem);
void statement_bind_text(
	struct statement *statement, const char *text); // NULL is NULL; borrowed until it ran
void statement_bind_integer(struct statement *statement, int64_t value);
void statement_bind_real(struct statement *statement, double value); // NaN is NULL
void statement_bind_null(struct statement *statement);

// Runs a statement that gives no rows, and makes it ready for the next set of parameters.
bool statement_run(struct statement *statement, struct problem *problem);
// Steps to the next row. *has_row is false after the last.
bool statement_next(struct statement *statement, bool *has_row, struct problem *problem);
void statement_close(struct statement *statement);

// A column of the current row as a text of the caller's own; NULL where it is NULL.
char *statement_text(const struct statement *statement, int column);

#endif
