// SPDX-License-Identifier: GPL-2.0-or-later
// A store of every earlier version becomes a current one, with all that was in it. Version 1 is
// kept here as the SQL that made it, apart from schema.c, so that an edit of a step that was
// released shows.
#include "store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "internal.h"
#include "results/made/machines.h"
#include "results/made/results.h"
#include "schema.h"

static const char VERSION_1[] =
	"CREATE TABLE machines (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, "
	"cpu_model TEXT, microcode TEXT, topology_digest TEXT, topology_summary TEXT, kernel TEXT, "
	"kernel_command_line TEXT, governor TEXT, smt TEXT, thp TEXT, numa_balancing TEXT);"
	"CREATE TABLE builds (id INTEGER PRIMARY KEY, \"commit\" TEXT, config TEXT, "
	"config_description TEXT, cpu_mode TEXT, compiler TEXT, compiler_flags TEXT, "
	"build_type TEXT, slabmark_version TEXT);"
	"CREATE UNIQUE INDEX builds_identity ON builds (ifnull(\"commit\", ''), ifnull(config, "
	"''), "
	"ifnull(config_description, ''), ifnull(cpu_mode, ''), ifnull(compiler, ''), "
	"ifnull(compiler_flags, ''), ifnull(build_type, ''), ifnull(slabmark_version, ''));"
	"CREATE TABLE sessions (id INTEGER PRIMARY KEY AUTOINCREMENT, command TEXT NOT NULL, "
	"plan TEXT NOT NULL, started_unix_ns INTEGER NOT NULL, ended TEXT);"
	"CREATE TABLE processes (id INTEGER PRIMARY KEY, session_id INTEGER NOT NULL REFERENCES "
	"sessions (id) ON DELETE CASCADE, machine_id INTEGER REFERENCES machines (id), "
	"build_id INTEGER NOT NULL REFERENCES builds (id), round INTEGER NOT NULL CHECK (round >= "
	"0), position INTEGER NOT NULL, config TEXT NOT NULL, workload TEXT NOT NULL, "
	"started_unix_ns INTEGER NOT NULL, elapsed_s REAL NOT NULL, seed TEXT, placement TEXT, "
	"page_backing TEXT, time_source TEXT, simulated INTEGER NOT NULL CHECK (simulated IN (0, "
	"1)), simulator TEXT, context TEXT NOT NULL);"
	"CREATE INDEX processes_by_session ON processes (session_id, config);"
	"CREATE TABLE samples (id INTEGER PRIMARY KEY, process_id INTEGER NOT NULL REFERENCES "
	"processes (id) ON DELETE CASCADE, name TEXT NOT NULL, run_type TEXT NOT NULL CHECK "
	"(run_type IN ('iteration', 'aggregate')), aggregate_name TEXT, repetition INTEGER, "
	"repetitions INTEGER, threads INTEGER, iterations INTEGER, real_time_ns REAL, "
	"cpu_time_ns REAL, items_per_second REAL, bytes_per_second REAL, label TEXT, failed "
	"INTEGER "
	"NOT NULL CHECK (failed IN (0, 1)), error_message TEXT, counters TEXT NOT NULL);"
	"CREATE INDEX samples_by_process ON samples (process_id, name);"
	// Two sessions: one that ended, and one of which nobody knows.
	"INSERT INTO machines (id, fingerprint, kernel) VALUES (3, 'feedface', 'Linux 5.10');"
	"INSERT INTO builds (id, \"commit\", config) VALUES (5, '0123', 'default'), (6, NULL, "
	"'null');"
	"INSERT INTO sessions (id, command, plan, started_unix_ns, ended) VALUES"
	" (7, 'slabmark run', '{}', 1795363200000000000, 'complete'),"
	" (8, 'slabmark run', '{}', 1795363200000000001, NULL);"
	"INSERT INTO processes (id, session_id, machine_id, build_id, round, position, config, "
	"workload, started_unix_ns, elapsed_s, simulated, context) VALUES"
	" (9, 7, 3, 5, 0, 0, 'default', 'pair', 1795363200000000000, 0.5, 0, '{\"smt\":\"on\"}'),"
	" (10, 7, NULL, 6, 0, 1, 'null', 'pair', 1795363200000000000, 0.5, 0, '{}');"
	"INSERT INTO samples (id, process_id, name, run_type, real_time_ns, failed, counters) "
	"VALUES"
	" (11, 9, 'pair/64', 'iteration', 12.345678901234567, 0, '{\"migrations\":2}'),"
	" (12, 10, 'pair/64', 'iteration', 6.5, 0, '{}');";

static void execute(sqlite3 *database, const char *sql)
{
	char *error = NULL;

	if (sqlite3_exec(database, sql, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s", error);
}

// A file as a slabmark of that version left it.
static void old_store_make(const char *path, int version)
{
	char pragma[128];
	sqlite3 *database;

	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	execute(database, VERSION_1);
	for (int i = 1; i < version; i++) {
		char *step = schema_step(i, SCHEMA_SQLITE);

		assert_non_null(step);
		execute(database, step);
		free(step);
	}
	(void)snprintf(pragma, sizeof(pragma),
		"PRAGMA application_id = %d; PRAGMA user_version = %d;", SCHEMA_APPLICATION_ID,
		version);
	execute(database, pragma);
	assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static void assert_content_is_kept(struct store *store)
{
	struct store_session_facts facts;
	struct store_builds builds;
	struct store_samples samples;
	bool found;

	assert_true(store_session_read(store, 7, &facts, &found, NULL));
	assert_true(found);
	assert_string_equal(facts.ended, "complete");
	store_session_facts_free(&facts);
	assert_true(store_session_read(store, 8, &facts, &found, NULL));
	assert_true(found);
	assert_null(facts.ended);
	store_session_facts_free(&facts);
	assert_true(store_session_builds(store, 7, &builds, NULL));
	assert_int_equal(builds.count, 2);
	assert_string_equal(builds.items[0].machine, "feedface");
	assert_null(builds.items[1].machine);
	store_builds_free(&builds);
	assert_true(store_session_samples(store, 7, &samples, NULL));
	assert_int_equal(samples.count, 2);
	assert_true(samples.items[0].real_time_ns == 12.345678901234567);
	store_samples_free(&samples);
	assert_int_equal(made_count(store, "samples WHERE counters = '{\"migrations\":2}'"), 1);
}

// New processes go beside the old ones.
static void assert_takes_more(struct store *store)
{
	json_t *document = made_document("default");
	int64_t session = made_session(store);
	struct store_samples samples;

	assert_true(session > 8);
	made_sample(document, "pair", 10);
	made_process(store, session, 0, "default", "pair", document);
	assert_true(store_session_samples(store, session, &samples, NULL));
	assert_int_equal(samples.count, 1);
	store_samples_free(&samples);
}

static void every_earlier_version_becomes_the_current_one(void **state)
{
	(void)state;
	for (int version = 1; version <= schema_version(); version++) {
		const char *path = made_path("old.db");
		struct problem problem = {0};
		struct store *store;

		(void)remove(path);
		old_store_make(path, version);
		if (version < schema_version()) {
			assert_false(store_open(&store, path, STORE_READ, &problem));
			assert_int_equal(problem.status, EXIT_WRONG_USE);
			assert_non_null(strstr(problem.text, "older schema version"));
		}
		store = made_store(path);
		assert_content_is_kept(store);
		assert_takes_more(store);
		store_close(store);
		assert_true(store_open(&store, path, STORE_READ, &problem));
		assert_content_is_kept(store);
		store_close(store);
	}
}

// A list of "table.column type not-null default primary-key"; the caller's.
static char *columns_of(const char *path)
{
	char *text = NULL;
	size_t size = 0;
	FILE *output = open_memstream(&text, &size);
	sqlite3_stmt *rows;
	sqlite3 *database;

	assert_non_null(output);
	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	assert_int_equal(
		sqlite3_prepare_v2(database,
			"SELECT format('%s.%s %s %d %s %d', m.name, c.name, c.type, c.\"notnull\","
			" c.dflt_value, c.pk) FROM sqlite_master AS m, pragma_table_info(m.name) "
			"AS c ORDER BY m.type, m.name, c.cid",
			-1, &rows, NULL),
		SQLITE_OK);
	while (sqlite3_step(rows) == SQLITE_ROW)
		(void)fprintf(output, "%s\n", (const char *)sqlite3_column_text(rows, 0));
	sqlite3_finalize(rows);
	assert_int_equal(sqlite3_close(database), SQLITE_OK);
	assert_int_equal(fclose(output), 0);
	return text;
}

static void a_migrated_store_has_the_columns_of_a_new_one(void **state)
{
	const char *old_path = made_path("grown.db");
	const char *new_path = made_path("new.db");
	char *old_columns;
	char *new_columns;

	(void)state;
	old_store_make(old_path, 1);
	store_close(made_store(old_path));
	store_close(made_store(new_path));
	old_columns = columns_of(old_path);
	new_columns = columns_of(new_path);
	assert_non_null(strstr(new_columns, "sessions.command TEXT 1"));
	assert_string_equal(old_columns, new_columns);
	free(old_columns);
	free(new_columns);
}

// A migration that fails half-way changes nothing: here a later step's table is in the way.
static void a_migration_is_whole_or_not_at_all(void **state)
{
	const char *path = made_path("blocked.db");
	struct problem problem = {0};
	struct store *store;
	sqlite3 *database;

	(void)state;
	old_store_make(path, 1);
	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	execute(database, "CREATE TABLE calibrations (mine)");
	assert_int_equal(sqlite3_close(database), SQLITE_OK);
	assert_false(store_open(&store, path, STORE_WRITE, &problem));
	assert_non_null(strstr(problem.text, "calibrations"));
	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	execute(database, "DROP TABLE calibrations");
	assert_int_equal(sqlite3_close(database), SQLITE_OK);
	store = made_store(path);
	assert_content_is_kept(store);
	store_close(store);
}

static void machines_that_differ_in_memory_alone_are_joined(void **state)
{
	const char *path = made_path("machines.db");
	struct store *store;
	sqlite3 *database;

	(void)state;
	old_store_make(path, 4);
	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	execute(database, made_former_machines);
	assert_int_equal(sqlite3_close(database), SQLITE_OK);
	store = made_store(path);
	assert_machines_are_led(store);
	store_close(store);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(every_earlier_version_becomes_the_current_one),
		cmocka_unit_test(a_migrated_store_has_the_columns_of_a_new_one),
		cmocka_unit_test(a_migration_is_whole_or_not_at_all),
		cmocka_unit_test(machines_that_differ_in_memory_alone_are_joined),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
