// SPDX-License-Identifier: GPL-2.0-or-later
// Opens a store that is a PostgreSQL database, or one schema of it: the first of the URL's
// search_path. The table slabmark_store says whose the schema is and which version it has. A schema
// with other tables is refused untouched.
#include "postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/memory.h"

enum {
	SERVER_VERSION_MIN = 120000, // jsonpath
};

// Writers queue up for the transaction, one store apart from the other: as in a SQLite file there
// is one at a time. The first number is SCHEMA_APPLICATION_ID.
static const char BEGIN[] =
	"BEGIN; SELECT pg_advisory_xact_lock(1397509451, hashtext(current_schema()))";

// Behind the version come SQLite's JSON functions, as far as the store's SQL uses them.
static const char VERSION_WRITE[] =
	"CREATE TABLE IF NOT EXISTS slabmark_store (application BIGINT NOT NULL, version BIGINT "
	"NOT NULL);"
	"DELETE FROM slabmark_store; INSERT INTO slabmark_store VALUES (%d, %d);"
	"CREATE OR REPLACE FUNCTION json_extract(document TEXT, path TEXT) RETURNS TEXT "
	"LANGUAGE SQL IMMUTABLE PARALLEL SAFE AS "
	"$$ SELECT jsonb_path_query_first($1::jsonb, $2::jsonpath) #>> '{}' $$;"
	"CREATE OR REPLACE FUNCTION json_each(document TEXT) RETURNS TABLE (key BIGINT, value "
	"TEXT) LANGUAGE SQL IMMUTABLE PARALLEL SAFE AS "
	"$$ SELECT e.place - 1, e.item FROM jsonb_array_elements_text($1::jsonb) "
	"WITH ORDINALITY AS e (item, place) $$;";

static bool version_read(struct store *store, int64_t *version, struct problem *problem)
{
	int64_t is_there;

	*version = 0;
	if (!store_query_integer(store,
		    "SELECT count(*) FROM pg_class WHERE relname = 'slabmark_store' AND "
		    "relnamespace = current_schema()::regnamespace",
		    &is_there, problem))
		return false;
	return !is_there || store_query_integer(store,
				    "SELECT version FROM slabmark_store WHERE application = "
				    "1397509451",
				    version, problem);
}

static bool version_write(struct store *store, int version, struct problem *problem)
{
	char sql[sizeof(VERSION_WRITE) + 64];

	(void)snprintf(sql, sizeof(sql), VERSION_WRITE, SCHEMA_APPLICATION_ID, version);
	return postgres_execute(store, sql, problem);
}

// ---- the URL

// Copies a URL without what follows "user:" up to "@", and without the value of a password
// parameter. to is as large.
static void mask(char *to, const char *url)
{
	const char *host = strstr(url, "://") + 3;
	const char *at = strchr(host, '@');
	const char *colon = strchr(host, ':');
	bool has_password = at && colon && colon < at && host + strcspn(host, "/?") > at;

	while (*url) {
		if (has_password && url == colon)
			url = at;
		*to++ = *url;
		if ((*url == '?' || *url == '&') && strncmp(url + 1, "password=", 9) == 0) {
			(void)memcpy(to, "password=", 9);
			to += 9;
			url += 10 + strcspn(url + 10, "&");
			continue;
		}
		url++;
	}
	*to = '\0';
}

bool store_is_url(const char *path)
{
	return strncmp(path, "postgresql://", 13) == 0 || strncmp(path, "postgres://", 11) == 0;
}

char *store_path_shown(const char *path)
{
	char *shown = strdup(path);

	if (shown && store_is_url(path))
		mask(shown, path);
	return shown;
}

static bool url_check(struct store *store, const char *url, struct problem *problem)
{
	char *message = NULL;
	PQconninfoOption *options = PQconninfoParse(url, &message);

	if (options) {
		PQconninfoFree(options);
		return true;
	}
	// Of the server's words those that repeat the URL are left out: it may hold a password.
	char *repeats = message ? strstr(message, ": \"postgres") : NULL;
	if (repeats)
		*repeats = '\0';
	problem_set(problem, EXIT_WRONG_USE,
		"%s: not a PostgreSQL URL (%s); expected postgresql://HOST/DATABASE", store->path,
		message ? message : "no memory");
	PQfreemem(message);
	return false;
}

// ---- connecting

static void ignore_notice(void *context, const char *message)
{
	(void)context;
	(void)message;
}

static bool refuse_connection(struct store *store, struct problem *problem)
{
	char message[512];

	postgres_message(message, sizeof(message), PQerrorMessage(store->postgres));
	return problem_set(
		problem, EXIT_NOT_MEASURED, "%s: could not connect: %s", store->path, message);
}

// What the URL says goes before the first two, and after the last it can say nothing.
static bool connect(struct store *store, const char *url, struct problem *problem)
{
	static const char *const NAMES[] = {
		"connect_timeout", "fallback_application_name", "dbname", "client_encoding", NULL};
	const char *const values[] = {"10", "slabmark", url, "UTF8", NULL};

	store->postgres = PQconnectdbParams(NAMES, values, 1);
	if (!store->postgres)
		return no_memory(problem, "the store");
	if (PQstatus(store->postgres) != CONNECTION_OK)
		return refuse_connection(store, problem);
	PQsetNoticeProcessor(store->postgres, ignore_notice, NULL);
	if (PQserverVersion(store->postgres) < SERVER_VERSION_MIN)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: the server is PostgreSQL %d; expected 12 or newer", store->path,
			PQserverVersion(store->postgres) / 10000);
	return true;
}

// One of the tables, views … that are there although we did not make them.
static bool refuse_foreign(struct store *store, struct problem *problem)
{
	struct statement statement;
	bool has_row;

	if (statement_prepare(&statement, store,
		    "SELECT min(relname::text), current_schema() FROM pg_class WHERE relnamespace "
		    "= "
		    "current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')",
		    problem) &&
		statement_next(&statement, &has_row, problem))
		problem_set(problem, EXIT_WRONG_USE,
			"%s: schema '%s' belongs to another application, it holds '%s'; expected a "
			"store or an empty schema (append ?options=-csearch_path%%3DNAME to choose "
			"one)",
			store->path, statement_peek(&statement, 1), statement_peek(&statement, 0));
	statement_close(&statement);
	return false;
}

static bool check_owner(struct store *store, int64_t *version, struct problem *problem)
{
	int64_t is_there;
	int64_t others;

	if (!store_query_integer(store,
		    "SELECT CASE WHEN current_schema() IS NULL THEN 0 ELSE 1 END", &is_there,
		    problem))
		return false;
	if (!is_there)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: there is no schema of the URL's search_path in the database; make it "
			"with CREATE SCHEMA",
			store->path);
	// The version last: who sees the tables that another writer has just made sees their version, too.
	if (!store_query_integer(store,
		    "SELECT count(*) FROM pg_class WHERE relnamespace = "
		    "current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')",
		    &others, problem) ||
		!version_read(store, version, problem))
		return false;
	return *version > 0 || others == 0 || refuse_foreign(store, problem);
}

// Compiling a query, which the server does where it guesses wrong, takes longer than running it.
static bool settings_make(struct store *store, enum store_mode mode, struct problem *problem)
{
	if (!postgres_execute(store,
		    "SET lock_timeout = '30s'; SET standard_conforming_strings = on; SET "
		    "extra_float_digits = 1; SET jit = off",
		    problem))
		return false;
	return mode == STORE_WRITE ||
	       postgres_execute(store, "SET default_transaction_read_only = on", problem);
}

static bool postgres_open(
	struct store *store, const char *path, enum store_mode mode, struct problem *problem)
{
	int64_t version = 0;

	store->path = store_path_shown(path);
	if (!store->path)
		return no_memory(problem, "the store");
	if (!url_check(store, path, problem) || !connect(store, path, problem) ||
		!settings_make(store, mode, problem) || !check_owner(store, &version, problem) ||
		!store_version_check(store, version, mode, problem))
		return false;
	return mode != STORE_WRITE || version == schema_version() || store_migrate(store, problem);
}

static void postgres_close(struct store *store)
{
	PQfinish(store->postgres);
	store->postgres = NULL;
	store_forget_statements(store); // the server has forgotten them already
}

static bool is_in_transaction(const struct store *store)
{
	PGTransactionStatusType status = PQtransactionStatus(store->postgres);

	return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

// The server keeps foreign keys, unless somebody switched that off.
static const char ORPHANS[] =
	"SELECT format('processes, row %s: its row of sessions is missing', id) FROM processes AS "
	"c "
	"WHERE NOT EXISTS (SELECT 1 FROM sessions AS p WHERE p.id = c.session_id) UNION ALL "
	"SELECT format('processes, row %s: its row of builds is missing', id) FROM processes AS c "
	"WHERE NOT EXISTS (SELECT 1 FROM builds AS p WHERE p.id = c.build_id) UNION ALL "
	"SELECT format('processes, row %s: its row of machines is missing', id) FROM processes AS "
	"c "
	"WHERE c.machine_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM machines AS p WHERE p.id = "
	"c.machine_id) UNION ALL "
	"SELECT format('samples, row %s: its row of processes is missing', id) FROM samples AS c "
	"WHERE NOT EXISTS (SELECT 1 FROM processes AS p WHERE p.id = c.process_id)";

// VACUUM wants to be alone in its call.
static bool vacuum(struct store *store, struct problem *problem)
{
	struct statement statement;
	bool has_row = true;
	bool is_good = statement_prepare(&statement, store, store_postgres.tables, problem);

	while (is_good && has_row) {
		char sql[128];

		is_good = statement_next(&statement, &has_row, problem);
		if (!is_good || !has_row)
			break;
		(void)snprintf(sql, sizeof(sql), "VACUUM (FULL, ANALYZE) \"%s\"",
			statement_peek(&statement, 0));
		is_good = postgres_execute(store, sql, problem);
	}
	statement_close(&statement);
	return is_good;
}

const struct store_driver store_postgres = {
	.name = "PostgreSQL",
	.kind = SCHEMA_POSTGRES,
	.open = postgres_open,
	.close = postgres_close,
	.begin = BEGIN,
	.is_in_transaction = is_in_transaction,
	.version_read = version_read,
	.version_write = version_write,
	.execute = postgres_execute,
	.prepare = postgres_prepare,
	.prepare_rows = postgres_prepare_rows,
	.bind = postgres_bind,
	.next = postgres_next,
	.flush = postgres_flush,
	.reset = postgres_reset,
	.release = postgres_release,
	.finalize = postgres_finalize,
	.is_null = postgres_is_null,
	.integer = postgres_integer,
	.real = postgres_real,
	.text = postgres_text,
	.changes = postgres_changes,
	.tables = "SELECT relname::text FROM pg_class WHERE relnamespace = "
		  "current_schema()::regnamespace AND relkind = 'r' ORDER BY relname",
	.bytes = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relnamespace = "
		 "current_schema()::regnamespace AND relkind = 'r'",
	.table_bytes = "SELECT pg_total_relation_size(to_regclass(quote_ident(?)))",
	.integrity = "SELECT format('index %s is not valid', c.relname) FROM pg_index AS i JOIN "
		     "pg_class AS c ON c.oid = i.indexrelid WHERE c.relnamespace = "
		     "current_schema()::regnamespace AND NOT i.indisvalid",
	.orphans = ORPHANS,
	.vacuum = vacuum,
};
