// SPDX-License-Identifier: GPL-2.0-or-later
// The folder of a test program, its schemas on a server, and stores in it. For tests only: not part
// of the library.
#include "folder.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "results/store/internal.h"

static char folder[64]; // of this test program; written when it is made

static const char *server(void)
{
	return getenv("SLABMARK_TEST_POSTGRES"); // NOLINT(concurrency-mt-unsafe): nothing sets it
}

static void server_execute(const char *sql)
{
	PGconn *connection = PQconnectdb(server());
	PGresult *result = PQexec(connection, sql);

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(connection));
	PQclear(result);
	PQfinish(connection);
}

// What stands for the folder in the names of its schemas: the random end of its path, in small
// letters.
static const char *schema_prefix(void)
{
	static char prefix[64];
	size_t length = strlen(folder);

	(void)snprintf(prefix, sizeof(prefix), "slabmark_test_%s", folder + length - 6);
	for (char *c = prefix; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return prefix;
}

static void schemas_drop(void)
{
	char sql[512];

	(void)snprintf(sql, sizeof(sql),
		"SET client_min_messages = warning; DO $$ DECLARE name TEXT; BEGIN FOR name IN "
		"SELECT nspname FROM pg_namespace WHERE starts_with(nspname, '%s') LOOP EXECUTE "
		"'DROP SCHEMA ' || quote_ident(name) || ' CASCADE'; END LOOP; END $$",
		schema_prefix());
	server_execute(sql);
}

static void schema_path(const char *name, char *path, size_t size)
{
	char schema[128];
	char sql[256];

	(void)snprintf(schema, sizeof(schema), "%s_%s", schema_prefix(), name);
	for (char *c = schema; *c; c++)
		*c = (char)(isalnum((unsigned char)*c) ? tolower((unsigned char)*c) : '_');
	(void)snprintf(sql, sizeof(sql),
		"SET client_min_messages = warning; CREATE SCHEMA IF NOT EXISTS %s", schema);
	server_execute(sql);
	(void)snprintf(path, size, "%s%coptions=-csearch_path%%3D%s", server(),
		strchr(server(), '?') ? '&' : '?', schema);
}

int made_folder_create(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof(folder), "/tmp/slabmark-results-XXXXXX");
	if (!mkdtemp(folder))
		fail_msg("no temporary folder");
	return 0;
}

int made_folder_remove(void **state)
{
	char command[128];

	(void)state;
	if (server())
		schemas_drop();
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	if (system(command) != 0) // NOLINT(cert-env33-c): a fixed command on a path of our own
		fail_msg("could not remove %s", folder);
	return 0;
}

const char *made_folder(void)
{
	return folder;
}

const char *made_path(const char *name)
{
	static char paths[4][512];
	static int next;
	char *path = paths[next++ % 4];
	size_t length = strlen(name);

	if (server() && length > 3 && strcmp(name + length - 3, ".db") == 0)
		schema_path(name, path, sizeof(paths[0]));
	else
		(void)snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

// ---- stores

struct store *made_store(const char *path)
{
	struct problem problem;
	struct store *store;

	if (!store_open(&store, path, STORE_WRITE, &problem))
		fail_msg("%s", problem.text);
	return store;
}

int made_store_open(void **state)
{
	static int number;
	char name[32];

	(void)snprintf(name, sizeof(name), "%d.db", number++);
	*state = made_store(made_path(name));
	return 0;
}

int made_store_close(void **state)
{
	store_close(*state);
	return 0;
}

int64_t made_count(struct store *store, const char *table)
{
	char sql[128];
	int64_t rows;

	(void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", table);
	assert_true(store_query_integer(store, sql, &rows, NULL));
	return rows;
}
