// SPDX-License-Identifier: GPL-2.0-or-later
// A store that is a SQLite file: what is not ours stays untouched, byte for byte, a damaged file is
// said to be one, and a full disk loses nothing that was stored.
#include "store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "internal.h"
#include "results/made/results.h"
#include "schema.h"

// A file's bytes, ended by a zero that is not counted; the caller's.
static char *read_bytes(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	char *bytes = calloc(1, 1 << 20);

	assert_non_null(file);
	assert_non_null(bytes);
	*length = fread(bytes, 1, (1 << 20) - 1, file);
	(void)fclose(file);
	return bytes;
}

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *database;

	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

// Neither mode opens it, the problem says `expected`, and no byte of it or beside it changes.
static void assert_refused_untouched(const char *path, const char *expected)
{
	size_t before_length;
	size_t after_length;
	char *before = read_bytes(path, &before_length);
	char *after;

	for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
		struct problem problem = {0};
		struct store *store;

		assert_false(store_open(&store, path, mode, &problem));
		assert_null(store);
		assert_int_equal(problem.status, EXIT_WRONG_USE);
		assert_non_null(strstr(problem.text, expected));
	}
	after = read_bytes(path, &after_length);
	assert_int_equal(before_length, after_length);
	assert_memory_equal(before, after, before_length);
	free(before);
	free(after);
}

static void a_file_that_is_no_database_is_refused_and_left_untouched(void **state)
{
	const char *path = made_path("notes.txt");
	FILE *file = fopen(path, "wb");

	(void)state;
	assert_non_null(file);
	(void)fputs("These are notes, not results.\n", file);
	(void)fclose(file);
	assert_refused_untouched(path, "not a SQLite file");
}

static void another_applications_database_is_refused_and_left_untouched(void **state)
{
	const char *path = made_path("bookmarks.db");

	(void)state;
	run_sql(path,
		"CREATE TABLE bookmarks (address TEXT); INSERT INTO bookmarks VALUES ('here');");
	assert_refused_untouched(path, "another application");
	run_sql(path, "PRAGMA application_id = 42; PRAGMA user_version = 1;");
	assert_refused_untouched(path, "another application");
}

static void a_newer_schema_is_refused_and_left_untouched(void **state)
{
	const char *path = made_path("newer.db");
	char sql[128];

	(void)state;
	store_close(made_store(path));
	(void)snprintf(sql, sizeof(sql), "PRAGMA user_version = %d; PRAGMA journal_mode = DELETE;",
		schema_version() + 1);
	run_sql(path, sql);
	assert_refused_untouched(path, "newer slabmark");
}

static void a_folder_is_refused(void **state)
{
	struct problem problem = {0};
	struct store *store;

	(void)state;
	assert_false(store_open(&store, made_folder(), STORE_WRITE, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
}

static void names_that_reach_no_store_are_refused_with_those_that_do(void **state)
{
	static const char *const NAMES[] = {"", "mysql://host/results", "sqlite://slabmark.db"};

	(void)state;
	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		struct problem problem = {0};
		struct store *store;

		assert_false(store_open(&store, NAMES[i], STORE_WRITE, &problem));
		assert_null(store);
		assert_int_equal(problem.status, EXIT_WRONG_USE);
		assert_non_null(strstr(problem.text, "postgresql://HOST/DATABASE"));
	}
}

static void a_damaged_store_is_refused(void **state)
{
	const char *path = made_path("damaged.db");
	struct problem problem = {0};
	struct store *store;

	(void)state;
	store = made_store(path);
	made_comparison(store, 2);
	store_close(store);
	assert_int_equal(truncate(path, 6000), 0);
	assert_false(store_open(&store, path, STORE_READ, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_non_null(strstr(problem.text, "damaged"));
}

// "unable to open database file" is all that SQLite says.
static void a_store_that_cannot_be_made_says_why(void **state)
{
	struct problem problem = {0};
	struct store *store;

	(void)state;
	assert_false(store_open(&store, made_path("nowhere/s.db"), STORE_WRITE, &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, "could not open it: its folder "));
	assert_non_null(strstr(problem.text, "nowhere: No such file or directory"));
}

static void reading_a_missing_store_makes_no_file(void **state)
{
	const char *path = made_path("missing.db");
	struct problem problem = {0};
	struct store *store;

	(void)state;
	assert_false(store_open(&store, path, STORE_READ, &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, "missing.db"));
	assert_int_not_equal(access(path, F_OK), 0);
}

static void an_empty_file_becomes_a_store_when_written_only(void **state)
{
	const char *path = made_path("empty.db");
	FILE *file = fopen(path, "wb");
	struct problem problem = {0};
	struct store *store;
	struct stat status;

	(void)state;
	assert_non_null(file);
	(void)fclose(file);
	assert_false(store_open(&store, path, STORE_READ, &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, 0);
	store = made_store(path);
	made_comparison(store, 1);
	store_close(store);
}

static void a_path_may_hold_what_an_address_may_not(void **state)
{
	const char *path = made_path("100%41 sure? #1.db");
	struct store *store = made_store(path);

	(void)state;
	store_close(store);
	assert_int_equal(access(path, F_OK), 0);
}

static void add_until_full(
	struct store *store, int64_t session, int64_t *stored, struct problem *problem)
{
	for (*stored = 0; *stored < 10000; ++*stored) {
		struct store_process process = {
			.session = session, .config = "default", .workload = "pair"};
		json_t *document = made_document("default");
		bool is_stored;

		for (int i = 0; i < 20; i++)
			made_sample(document, "pair", 10);
		is_stored = store_process_add(store, &process, document, problem);
		json_decref(document);
		if (!is_stored)
			return;
	}
}

// SQLite reports its own limit on the number of pages as it reports a disk without room
// (SQLITE_FULL).
static void a_full_disk_is_said_and_what_was_stored_stays_readable(void **state)
{
	const char *path = made_path("full.db");
	struct store *store = made_store(path);
	int64_t session = made_session(store);
	struct problem problem = {0};
	struct store_samples samples;
	int64_t stored;

	(void)state;
	assert_true(store_execute(store, "PRAGMA max_page_count = 60", NULL));
	add_until_full(store, session, &stored, &problem);
	assert_in_range(stored, 2, 9999);
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, "disk is full"));
	assert_int_equal(made_count(store, "processes"), stored);
	store_close(store);

	assert_true(store_open(&store, path, STORE_READ, &problem));
	assert_true(store_session_samples(store, session, &samples, &problem));
	assert_int_equal(samples.count, stored * 20);
	store_samples_free(&samples);
	store_close(store);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_file_that_is_no_database_is_refused_and_left_untouched),
		cmocka_unit_test(another_applications_database_is_refused_and_left_untouched),
		cmocka_unit_test(a_newer_schema_is_refused_and_left_untouched),
		cmocka_unit_test(a_folder_is_refused),
		cmocka_unit_test(names_that_reach_no_store_are_refused_with_those_that_do),
		cmocka_unit_test(a_damaged_store_is_refused),
		cmocka_unit_test(a_store_that_cannot_be_made_says_why),
		cmocka_unit_test(reading_a_missing_store_makes_no_file),
		cmocka_unit_test(an_empty_file_becomes_a_store_when_written_only),
		cmocka_unit_test(a_path_may_hold_what_an_address_may_not),
		cmocka_unit_test(a_full_disk_is_said_and_what_was_stored_stays_readable),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
