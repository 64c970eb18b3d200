// SPDX-License-Identifier: GPL-2.0-or-later
// What the two files of the PostgreSQL driver share: postgres.c connects, statement_postgres.c runs
// statements. The functions are those of struct store_driver.
#ifndef RESULTS_STORE_POSTGRES_H
#define RESULTS_STORE_POSTGRES_H

#include <libpq-fe.h>

#include "driver.h"

// The server's words as one line.
void postgres_message(char *to, size_t size, const char *message);

// Says what the failure behind a result (NULL: of the connection) means for the user. Returns
// false.
bool postgres_failed(
	struct store *store, const PGresult *result, const char *doing, struct problem *problem);

bool postgres_execute(struct store *store, const char *sql, struct problem *problem);
struct store_handle *postgres_prepare(
	struct store *store, const char *sql, struct problem *problem);
struct store_handle *postgres_prepare_rows(struct store *store, const char *sql, const char *table,
	const char *columns, struct problem *problem);
void postgres_bind(struct store_handle *handle, int index, const struct store_value *value);
bool postgres_next(struct store_handle *handle, bool *has_row, struct problem *problem);
bool postgres_flush(struct store_handle *handle, struct problem *problem);
void postgres_reset(struct store_handle *handle);
void postgres_release(struct store_handle *handle);
void postgres_finalize(struct store_handle *handle);
bool postgres_is_null(const struct store_handle *handle, int column);
int64_t postgres_integer(const struct store_handle *handle, int column);
double postgres_real(const struct store_handle *handle, int column);
const char *postgres_text(const struct store_handle *handle, int column);
int64_t postgres_changes(const struct store_handle *handle);

#endif
