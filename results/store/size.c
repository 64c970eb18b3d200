// SPDX-License-Identifier: GPL-2.0-or-later
// Where a store is and what is in it, counted: rows and bytes by table, sessions by age. And giving
// space back.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "driver.h"
#include "upkeep.h"

static const int64_t DAY_NS = 86400LL * 1000000000;

// By the upper end of an age; the last has none.
static const struct {
	const char *name;
	int days;
} AGES[] = {{"day", 1}, {"week", 7}, {"month", 30}, {"quarter", 91}, {"year", 365}, {"older", 0}};
enum { AGES_COUNT = sizeof(AGES) / sizeof(AGES[0]) };

json_t *store_facts(struct store *store, struct problem *problem)
{
	char *path = NULL;
	int64_t version;
	json_t *facts;

	if (!store->driver->version_read(store, &version, problem))
		return NULL;
	if (store->driver->kind == SCHEMA_SQLITE)
		path = realpath(store->path, NULL);
	facts = json_pack("{s:s, s:s, s:I, s:i, s:b}", "store", path ? path : store->path, "kind",
		store->driver->name, "version", (json_int_t)version, "version_known",
		schema_version(), "is_current", version == schema_version());
	free(path);
	return facts;
}

// The first column of a query with one text parameter (NULL: without one); null where the database
// cannot tell.
static json_t *figure(struct store *store, const char *sql, const char *parameter)
{
	struct statement statement = {0};
	json_t *value = json_null();
	bool has_row = false;
	bool is_good = sql && statement_prepare(&statement, store, sql, NULL);

	if (is_good && parameter)
		statement_bind_text(&statement, parameter);
	if (is_good && statement_next(&statement, &has_row, NULL) && has_row &&
		!statement_is_null(&statement, 0))
		value = json_integer(statement_integer(&statement, 0));
	if (is_good)
		statement_close(&statement);
	return value;
}

// Beside a SQLite file, what is not in it yet; of a server null.
static json_t *log_bytes(const struct store *store)
{
	char path[4096];
	struct stat status;

	if (store->driver->kind != SCHEMA_SQLITE)
		return json_null();
	(void)snprintf(path, sizeof(path), "%s-wal", store->path);
	return json_integer(stat(path, &status) == 0 ? (json_int_t)status.st_size : 0);
}

// ---- tables

static bool table_add(
	struct store *store, const char *name, json_t *tables, struct problem *problem)
{
	char sql[256];
	int64_t rows;

	(void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM \"%s\"", name);
	if (!store_query_integer(store, sql, &rows, problem))
		return false;
	json_array_append_new(
		tables, json_pack("{s:s, s:I, s:o}", "name", name, "rows", (json_int_t)rows,
				"bytes", figure(store, store->driver->table_bytes, name)));
	return true;
}

static bool tables_add(struct store *store, json_t *tables, struct problem *problem)
{
	struct statement statement;
	bool has_row = true;
	bool is_good = statement_prepare(&statement, store, store->driver->tables, problem);

	while (is_good && has_row) {
		is_good = statement_next(&statement, &has_row, problem);
		if (is_good && has_row)
			is_good = table_add(store, statement_peek(&statement, 0), tables, problem);
	}
	statement_close(&statement);
	return is_good;
}

// ---- ages

struct age {
	json_int_t sessions;
	json_int_t processes;
	json_int_t samples;
};

static size_t age_of(int64_t age_ns)
{
	size_t i = 0;

	while (AGES[i].days && age_ns > AGES[i].days * DAY_NS)
		i++;
	return i;
}

static bool ages_count(
	struct store *store, int64_t now, struct age ages[AGES_COUNT], struct problem *problem)
{
	struct statement statement;
	bool has_row = true;
	bool is_good = statement_prepare(&statement, store,
		"SELECT started_unix_ns,"
		" (SELECT count(*) FROM processes WHERE session_id = sessions.id),"
		" (SELECT count(*) FROM samples AS s JOIN processes AS p ON p.id = s.process_id"
		"  WHERE p.session_id = sessions.id) FROM sessions",
		problem);

	while (is_good && has_row) {
		is_good = statement_next(&statement, &has_row, problem);
		if (is_good && has_row) {
			struct age *age = &ages[age_of(now - statement_integer(&statement, 0))];

			age->sessions++;
			age->processes += statement_integer(&statement, 1);
			age->samples += statement_integer(&statement, 2);
		}
	}
	statement_close(&statement);
	return is_good;
}

static bool ages_add(struct store *store, int64_t now, json_t *list, struct problem *problem)
{
	struct age ages[AGES_COUNT] = {{0}};

	if (!ages_count(store, now, ages, problem))
		return false;
	for (size_t i = 0; i < AGES_COUNT; i++)
		json_array_append_new(list, json_pack("{s:s, s:I, s:I, s:I}", "age", AGES[i].name,
						    "sessions", ages[i].sessions, "processes",
						    ages[i].processes, "samples", ages[i].samples));
	return true;
}

json_t *store_size(struct store *store, int64_t now_unix_ns, struct problem *problem)
{
	json_t *size = store_facts(store, problem);
	json_t *tables = json_array();
	json_t *ages = json_array();

	if (!size)
		goto failed;
	json_object_set_new(size, "bytes", figure(store, store->driver->bytes, NULL));
	json_object_set_new(size, "bytes_free", figure(store, store->driver->bytes_free, NULL));
	json_object_set_new(size, "bytes_log", log_bytes(store));
	json_object_set(size, "tables", tables);
	json_object_set(size, "ages", ages);
	if (!tables_add(store, tables, problem) || !ages_add(store, now_unix_ns, ages, problem)) {
		json_decref(size);
		size = NULL;
	}
failed:
	json_decref(tables);
	json_decref(ages);
	return size;
}

json_t *store_vacuum(struct store *store, struct problem *problem)
{
	json_t *before = figure(store, store->driver->bytes, NULL);

	if (store->driver->vacuum(store, problem))
		return json_pack("{s:s, s:o, s:o}", "store", store->path, "bytes_before", before,
			"bytes_after", figure(store, store->driver->bytes, NULL));
	json_decref(before);
	return NULL;
}
