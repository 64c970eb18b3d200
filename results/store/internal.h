// SPDX-License-Identifier: GPL-2.0-or-later
// What the store's own files share: SQL that is written once for both kinds of database, and whose
// failures become a struct problem. What the kinds do differently is behind driver.h.
//
// SQL is SQLite's, of which PostgreSQL understands most. What to mind, so that both do:
//   parameters are ? or ?1, ?2 …; flags are INTEGER, so `failed = 0`, never `NOT failed`;
//   `x IS NOT DISTINCT FROM y` where either may be NULL; `ON CONFLICT DO NOTHING`, never `OR IGNORE`;
//   an inserted row's id by `RETURNING id`; each column beside an aggregate is in GROUP BY; coalesce(), count(*),
//   json_extract(column, '$.name') and json_each(?) are there in both, the latter for arrays alone;
//   a sum of integers may come as a numeric: statement_integer() reads it; text sorts by its bytes in both.
#ifndef RESULTS_STORE_INTERNAL_H
#define RESULTS_STORE_INTERNAL_H

#include "store.h"

struct store_driver;
struct store_handle;
struct sqlite3;
struct pg_conn;

enum { STORE_IDLE_MAX = 24 }; // statements kept prepared; a process needs seven

// SQL that asks of a session's plan whether the session had a purpose of its own: a calibration, a
// gate's confirmation. What it measured is then no result, and is shown only to who names the
// session. A plan is JSON, in which these characters can only be its member.
#define SESSION_HAS_PURPOSE(plan) plan " LIKE '%\"purpose\":%'"

// SQL whether a process is a side that says where its build comes from: a config as a commit has it
// or out of a folder (text/side.h). It is measured to be held against others of its session, and is
// no result of the config.
#define SIDE_IS_OF_BUILD(process, build)                                                           \
	"(" build ".config IS NOT NULL AND " process ".config <> " build                           \
	".config AND substr(" process ".config, 1, length(" build ".config) + 1) IN (" build       \
	".config || '@', " build ".config || '='))"

struct store {
	const struct store_driver *driver;
	struct sqlite3 *sqlite; // or
	struct pg_conn *postgres;
	char *path; // of the file; a URL without its password
	bool lacks_log; // it was opened for writing, and its file system has no shared memory
	struct store_handle *idle[STORE_IDLE_MAX]; // prepared and not in use, the oldest first
	size_t idle_count;
	unsigned statements_made; // names them in PostgreSQL
	json_t *ids; // of machines and builds that were written through it, by their facts; NULL: none
};

// Runs SQL text without parameters.
bool store_execute(struct store *store, const char *sql, struct problem *problem);

// Says that the store holds what it cannot hold. Returns false.
bool store_damaged(const struct store *store, const char *what, struct problem *problem);

// The first column of the only row of a query; 0 where there is no row.
bool store_query_integer(
	struct store *store, const char *sql, int64_t *value, struct problem *problem);

// A transaction that writes; it waits until no other one does. After a failure store_rollback()
// undoes it.
bool store_begin(struct store *store, struct problem *problem);
bool store_commit(struct store *store, struct problem *problem);
void store_rollback(struct store *store);
bool store_is_in_transaction(const struct store *store);

// A statement whose parameters are bound one after the other. A failure to bind is remembered, and
// run and next then report it, so that a value which could not be bound never reaches the store as
// NULL.
struct statement {
	struct store *store;
	struct store_handle *handle; // the driver's; NULL: closed, or preparing it failed
	int bound; // parameters so far
};

// A statement stays prepared after statement_close(), for the next time that the same SQL is asked
// for.
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
// Calls take for each row that is left. Ends early, and returns false, when take returns false.
bool statement_each(struct statement *statement,
	bool (*take)(const struct statement *row, void *context, struct problem *problem),
	void *context, struct problem *problem);
// How many rows the last run changed.
int64_t statement_changes(const struct statement *statement);
void statement_close(struct statement *statement);

// Columns of the current row.
bool statement_is_null(const struct statement *statement, int column);
int64_t statement_integer(const struct statement *statement, int column); // 0 where it is NULL
double statement_real(const struct statement *statement, int column); // NaN where it is NULL
char *statement_text(
	const struct statement *statement, int column); // the caller's; NULL where it is NULL
// Borrowed until the statement moves on; NULL where it is NULL.
const char *statement_peek(const struct statement *statement, int column);

// Many rows into one table, the quickest way that the database has. `columns` as in INSERT: "a, b,
// c". Each row is bound and run as any statement; all rows are in the table after
// statement_flush(), and only then. Nothing else may use the store in between.
bool statement_prepare_rows(struct statement *statement, struct store *store, const char *table,
	const char *columns, struct problem *problem);
bool statement_flush(struct statement *statement, struct problem *problem);

#endif
