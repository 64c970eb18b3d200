// SPDX-License-Identifier: GPL-2.0-or-later
// What a kind of database does in its own way: how it is opened, what tells that it is ours, how
// statements run. The two drivers are sqlite.c and postgres.c; only store.c and statement.c call
// them.
#ifndef RESULTS_STORE_DRIVER_H
#define RESULTS_STORE_DRIVER_H

#include "internal.h"
#include "schema.h"

// A prepared statement; each driver has more behind it.
struct store_handle {
	struct store *store;
	char *sql; // as it was asked for
};

enum store_value_kind { VALUE_NULL, VALUE_TEXT, VALUE_INTEGER, VALUE_REAL };

struct store_value {
	enum store_value_kind kind;
	const char *text; // NULL is NULL, and known to be a text
	int64_t integer;
	double real;
};

struct store_driver {
	const char *name; // as users know it
	enum schema_kind kind;

	// Connects, refuses what is not ours without a change to it, and migrates for STORE_WRITE.
	bool (*open)(struct store *store, const char *path, enum store_mode mode,
		struct problem *problem);
	void (*close)(struct store *store); // and forgets the prepared statements

	const char *begin; // the SQL that starts a transaction that writes
	bool (*is_in_transaction)(const struct store *store);
	// The version is read and written within the migration's transaction.
	bool (*version_read)(struct store *store, int64_t *version, struct problem *problem);
	bool (*version_write)(struct store *store, int version, struct problem *problem);

	bool (*execute)(struct store *store, const char *sql, struct problem *problem);
	struct store_handle *(*prepare)(
		struct store *store, const char *sql, struct problem *problem);
	// For many rows: `sql` is the INSERT that the driver may run for each, or may not.
	struct store_handle *(*prepare_rows)(struct store *store, const char *sql,
		const char *table, const char *columns, struct problem *problem);
	void (*bind)(struct store_handle *handle, int index, const struct store_value *value);
	bool (*next)(struct store_handle *handle, bool *has_row, struct problem *problem);
	bool (*flush)(struct store_handle *handle, struct problem *problem);
	void (*reset)(struct store_handle *handle); // forgets the result, parameters and failures
	void (*release)(struct store_handle *handle); // and rows that were not flushed
	void (*finalize)(struct store_handle *handle);

	bool (*is_null)(const struct store_handle *handle, int column);
	int64_t (*integer)(const struct store_handle *handle, int column);
	double (*real)(const struct store_handle *handle, int column);
	const char *(*text)(const struct store_handle *handle, int column);
	int64_t (*changes)(const struct store_handle *handle);

	// For upkeep.h, SQL; NULL where the database cannot tell.
	const char *tables; // names
	const char *bytes; // of all
	const char *bytes_free; // of them, those that no row uses
	const char *table_bytes; // of the table that the parameter names, with its indexes
	const char *integrity; // a text a fault, or "ok"
	const char *orphans; // a text for each row whose parent is missing
	bool (*vacuum)(struct store *store, struct problem *problem);
};

extern const struct store_driver store_sqlite;
extern const struct store_driver store_postgres;

// For the drivers' open: brings an empty or older store to the current version, whole or not at
// all.
bool store_migrate(struct store *store, struct problem *problem);
// Whether a store of this version can be opened so: refuses a newer one, and an empty or older one
// for reading.
bool store_version_check(
	struct store *store, int64_t version, enum store_mode mode, struct problem *problem);
// For the drivers: before the connection that the prepared statements belong to is closed.
void store_forget_statements(struct store *store);

#endif
