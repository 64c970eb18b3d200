// SPDX-License-Identifier: GPL-2.0-or-later
// PostgreSQL's statements behind the driver's interface. A statement is prepared when it runs for
// the first time, because only its parameters tell their types: `?1 IS NULL OR config = ?1` does
// not. Rows of a query arrive all at once, so that another statement may run between two of them.
// Many rows are gathered and sent as one COPY.
#include "postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "copy_rows.h"
#include "results/text/memory.h"

enum {
	PARAMETERS_MAX = 32,
	NUMBER_SIZE = 32,
	NAME_SIZE = 32,
	OID_UNKNOWN = 0, // the server takes it from where the parameter stands
	OID_INT8 = 20, // pg_type.dat; fixed for ever, as clients rely on them
	OID_TEXT = 25,
	OID_FLOAT8 = 701,
};

struct postgres_handle {
	struct store_handle base;
	char *translated; // with $1 for ?1; of rows: the COPY
	char name[NAME_SIZE]; // in the server; empty: not prepared yet
	struct store_value values[PARAMETERS_MAX]; // of the parameters; texts are borrowed
	char numbers[PARAMETERS_MAX][NUMBER_SIZE]; // those that are numbers, as text, while it runs
	int count; // of the parameters bound
	bool is_overflown; // more were bound than there is room for
	PGresult *result; // NULL: did not run yet
	int row; // of the result: the current one
	int64_t changes;
	struct copy_rows rows; // of a statement for many rows: what was not sent yet
};

static struct postgres_handle *of(struct store_handle *handle)
{
	return (struct postgres_handle *)handle;
}

static const struct postgres_handle *row_of(const struct store_handle *handle)
{
	return (const struct postgres_handle *)handle;
}

// ---- failures

void postgres_message(char *to, size_t size, const char *message)
{
	size_t used = 0;

	for (const char *c = message; *c && used + 2 < size; c++) {
		if (*c == '\n' && c[1] != '\0')
			to[used++] = ';';
		to[used++] = (*c == '\n' || *c == '\t') ? ' ' : *c;
	}
	while (used > 0 && to[used - 1] == ' ')
		used--;
	to[used] = '\0';
}

static bool is_of_class(const char *state, const char *class)
{
	return state && strncmp(state, class, strlen(class)) == 0;
}

bool postgres_failed(
	struct store *store, const PGresult *result, const char *doing, struct problem *problem)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *primary = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	char message[512];

	postgres_message(
		message, sizeof(message), primary ? primary : PQerrorMessage(store->postgres));
	if (PQstatus(store->postgres) == CONNECTION_BAD)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"%s: lost the server, could not %s (%s); what was stored before stays "
			"readable",
			store->path, doing, message);
	if (is_of_class(state, "53100"))
		return problem_set(problem, EXIT_NOT_MEASURED,
			"%s: the disk is full, could not %s; what was stored before stays readable",
			store->path, doing);
	if (is_of_class(state, "55P03"))
		return problem_set(problem, EXIT_NOT_MEASURED,
			"%s: another program keeps the store locked, could not %s; try again when "
			"it has ended",
			store->path, doing);
	if (is_of_class(state, "42P01") || is_of_class(state, "42703"))
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: the store's tables are not those that slabmark makes (%s); expected "
			"an intact store",
			store->path, message);
	if (is_of_class(state, "22P02") || is_of_class(state, "22032"))
		return store_damaged(store, "a text in it is no JSON", problem);
	if (is_of_class(state, "XX"))
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: the store is damaged, could not %s (%s); expected an intact database",
			store->path, doing, message);
	return problem_set(
		problem, EXIT_NOT_MEASURED, "%s: could not %s: %s", store->path, doing, message);
}

bool postgres_execute(struct store *store, const char *sql, struct problem *problem)
{
	PGresult *result = PQexec(store->postgres, sql);
	ExecStatusType status = PQresultStatus(result);
	bool is_good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
		       status == PGRES_EMPTY_QUERY ||
		       postgres_failed(store, result, "write to it", problem);

	PQclear(result);
	return is_good;
}

// ---- preparing

// Writes ? and ?2 as $1 and $2, ifnull as coalesce; leaves quoted text alone.
static void translate(const char *sql, FILE *output)
{
	char quote = '\0';
	int count = 0;

	for (const char *c = sql; *c; c++) {
		if (quote) {
			quote = *c == quote ? '\0' : quote;
			(void)fputc(*c, output);
		} else if (*c == '?' && c[1] >= '1' && c[1] <= '9') {
			(void)fputc('$', output);
		} else if (*c == '?') {
			(void)fprintf(output, "$%d", ++count);
		} else if (strncmp(c, "ifnull(", 7) == 0) {
			(void)fputs("coalesce(", output);
			c += 6;
		} else {
			quote = *c == '\'' || *c == '"' ? *c : '\0';
			(void)fputc(*c, output);
		}
	}
}

static char *translated(const char *sql)
{
	char *text = NULL;
	size_t size = 0;
	FILE *output = open_memstream(&text, &size);

	if (!output)
		return NULL;
	translate(sql, output);
	if (fclose(output) == 0)
		return text;
	free(text);
	return NULL;
}

// Takes `text`, which may be NULL for no memory.
static struct store_handle *handle_make(
	struct store *store, const char *sql, char *text, struct problem *problem)
{
	struct postgres_handle *handle = calloc(1, sizeof(*handle));

	if (handle)
		handle->base = (struct store_handle){.store = store, .sql = strdup(sql)};
	if (handle && handle->base.sql && text) {
		handle->translated = text;
		return &handle->base;
	}
	if (handle)
		free(handle->base.sql);
	free(handle);
	free(text);
	no_memory(problem, "the store");
	return NULL;
}

struct store_handle *postgres_prepare(struct store *store, const char *sql, struct problem *problem)
{
	return handle_make(store, sql, translated(sql), problem);
}

struct store_handle *postgres_prepare_rows(struct store *store, const char *sql, const char *table,
	const char *columns, struct problem *problem)
{
	char *copy = NULL;

	if (asprintf(&copy, "COPY %s (%s) FROM STDIN (FORMAT binary)", table, columns) < 0)
		copy = NULL;
	return handle_make(store, sql, copy, problem);
}

static bool is_for_rows(const struct postgres_handle *handle)
{
	return strncmp(handle->translated, "COPY ", 5) == 0;
}

void postgres_bind(struct store_handle *handle, int index, const struct store_value *value)
{
	if (index > PARAMETERS_MAX) {
		of(handle)->is_overflown = true;
		return;
	}
	of(handle)->values[index - 1] = *value;
	of(handle)->count = index;
}

// ---- running

static Oid type_of(const struct store_value *value)
{
	static const Oid TYPES[] = {[VALUE_NULL] = OID_UNKNOWN,
		[VALUE_TEXT] = OID_TEXT,
		[VALUE_INTEGER] = OID_INT8,
		[VALUE_REAL] = OID_FLOAT8};

	return TYPES[value->kind];
}

// A value as text, in `number` where it is one; NULL is NULL.
static const char *text_of(const struct store_value *value, char number[NUMBER_SIZE])
{
	switch (value->kind) {
	case VALUE_NULL:
		return NULL;
	case VALUE_TEXT:
		return value->text;
	case VALUE_INTEGER:
		(void)snprintf(number, NUMBER_SIZE, "%lld", (long long)value->integer);
		break;
	case VALUE_REAL:
		(void)snprintf(number, NUMBER_SIZE, "%.17g", value->real);
		break;
	}
	return number;
}

static bool prepare_in_server(struct postgres_handle *handle, struct problem *problem)
{
	struct store *store = handle->base.store;
	Oid types[PARAMETERS_MAX];
	PGresult *result;
	bool is_good;

	(void)snprintf(handle->name, NAME_SIZE, "slabmark_%u", ++store->statements_made);
	for (int i = 0; i < handle->count; i++)
		types[i] = type_of(&handle->values[i]);
	result = PQprepare(store->postgres, handle->name, handle->translated, handle->count, types);
	is_good = PQresultStatus(result) == PGRES_COMMAND_OK ||
		  postgres_failed(store, result, "read it", problem);
	PQclear(result);
	if (!is_good)
		handle->name[0] = '\0';
	return is_good;
}

static bool run(struct postgres_handle *handle, struct problem *problem)
{
	struct store *store = handle->base.store;
	const char *values[PARAMETERS_MAX];
	ExecStatusType status;

	if (!handle->name[0] && !prepare_in_server(handle, problem))
		return false;
	for (int i = 0; i < handle->count; i++)
		values[i] = text_of(&handle->values[i], handle->numbers[i]);
	handle->result =
		PQexecPrepared(store->postgres, handle->name, handle->count, values, NULL, NULL, 0);
	handle->row = -1;
	status = PQresultStatus(handle->result);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		return postgres_failed(store, handle->result, "read or write it", problem);
	handle->changes = strtoll(PQcmdTuples(handle->result), NULL, 10);
	return true;
}

bool postgres_next(struct store_handle *base, bool *has_row, struct problem *problem)
{
	struct postgres_handle *handle = of(base);

	if (handle->is_overflown)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"%s: a statement has more than %d parameters", base->store->path,
			PARAMETERS_MAX);
	if (is_for_rows(handle))
		return copy_rows_append(&handle->rows, handle->values, handle->count) ||
		       no_memory(problem, "the store");
	if (!handle->result && !run(handle, problem))
		return false;
	*has_row = ++handle->row < PQntuples(handle->result);
	return true;
}

// Sends what was gathered and takes the server's word on it.
static bool rows_send(struct postgres_handle *handle, struct problem *problem)
{
	struct store *store = handle->base.store;
	PGconn *connection = store->postgres;
	PGresult *result = PQexec(connection, handle->translated);
	bool is_good = PQresultStatus(result) == PGRES_COPY_IN;

	for (size_t sent = 0; is_good && sent < handle->rows.size;) {
		size_t rest = handle->rows.size - sent;
		int part = rest > 1 << 20 ? 1 << 20 : (int)rest;

		is_good = PQputCopyData(connection, handle->rows.text + sent, part) == 1;
		sent += (size_t)part;
	}
	if (is_good && PQputCopyEnd(connection, NULL) == 1) {
		PQclear(result);
		result = PQgetResult(connection);
	}
	is_good = PQresultStatus(result) == PGRES_COMMAND_OK ||
		  postgres_failed(store, result, "write to it", problem);
	PQclear(result);
	while ((result = PQgetResult(connection)))
		PQclear(result);
	return is_good;
}

bool postgres_flush(struct store_handle *base, struct problem *problem)
{
	struct postgres_handle *handle = of(base);
	bool is_good = true;

	if (handle->rows.stream)
		is_good = (copy_rows_end(&handle->rows) || no_memory(problem, "the store")) &&
			  rows_send(handle, problem);
	copy_rows_free(&handle->rows);
	return is_good;
}

void postgres_reset(struct store_handle *handle)
{
	PQclear(of(handle)->result);
	of(handle)->result = NULL;
	of(handle)->count = 0;
	of(handle)->is_overflown = false;
}

void postgres_release(struct store_handle *handle)
{
	postgres_reset(handle);
	copy_rows_free(&of(handle)->rows);
}

void postgres_finalize(struct store_handle *handle)
{
	PGconn *connection = handle->store->postgres;
	char sql[NAME_SIZE + sizeof("DEALLOCATE ")];

	postgres_release(handle);
	if (connection && of(handle)->name[0]) {
		(void)snprintf(sql, sizeof(sql), "DEALLOCATE %s", of(handle)->name);
		PQclear(PQexec(connection, sql));
	}
	free(of(handle)->translated);
	free(handle->sql);
	free(handle);
}

// ---- columns

bool postgres_is_null(const struct store_handle *handle, int column)
{
	return PQgetisnull(row_of(handle)->result, row_of(handle)->row, column);
}

const char *postgres_text(const struct store_handle *handle, int column)
{
	if (postgres_is_null(handle, column))
		return NULL;
	return PQgetvalue(row_of(handle)->result, row_of(handle)->row, column);
}

int64_t postgres_integer(const struct store_handle *handle, int column)
{
	const char *text = postgres_text(handle, column);

	return text ? strtoll(text, NULL, 10) : 0;
}

double postgres_real(const struct store_handle *handle, int column)
{
	const char *text = postgres_text(handle, column);

	return text ? strtod(text, NULL) : 0;
}

int64_t postgres_changes(const struct store_handle *handle)
{
	return row_of(handle)->changes;
}
