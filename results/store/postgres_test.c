// SPDX-License-Identifier: GPL-2.0-or-later
// What only a store in PostgreSQL can meet: another application's schema, a server that does not
// answer or goes away, passwords in a URL. What it has in common with a file is in store_test.c.
// Needs SLABMARK_TEST_POSTGRES.
#include "store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "internal.h"
#include "results/made/machines.h"
#include "results/made/results.h"
#include "schema.h"

static void run_sql(const char *url, const char *sql)
{
	PGconn *connection = PQconnectdb(url);
	PGresult *result = PQexec(connection, sql);

	if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
		fail_msg("%s", PQerrorMessage(connection));
	PQclear(result);
	PQfinish(connection);
}

static void assert_refused(
	const char *url, enum store_mode mode, enum exit_status status, const char *expected)
{
	struct problem problem = {0};
	struct store *store;

	assert_false(store_open(&store, url, mode, &problem));
	assert_null(store);
	assert_int_equal(problem.status, status);
	if (!strstr(problem.text, expected))
		fail_msg("'%s' is missing in: %s", expected, problem.text);
}

static void another_applications_schema_is_refused(void **state)
{
	const char *url = made_path("bookmarks.db");

	(void)state;
	run_sql(url, "CREATE TABLE bookmarks (address TEXT)");
	assert_refused(url, STORE_WRITE, EXIT_WRONG_USE, "belongs to another application");
	assert_refused(url, STORE_READ, EXIT_WRONG_USE, "it holds 'bookmarks'");
	run_sql(url, "CREATE TABLE slabmark_store (application BIGINT, version BIGINT)");
	assert_refused(url, STORE_WRITE, EXIT_WRONG_USE, "belongs to another application");
	// Untouched: both go, and the schema is empty.
	run_sql(url, "DROP TABLE bookmarks, slabmark_store");
	assert_refused(url, STORE_READ, EXIT_NOT_MEASURED, "the store is empty");
}

static void a_newer_schema_is_refused(void **state)
{
	const char *url = made_path("newer.db");

	(void)state;
	store_close(made_store(url));
	run_sql(url, "UPDATE slabmark_store SET version = version + 1");
	assert_refused(url, STORE_WRITE, EXIT_WRONG_USE, "newer slabmark");
	assert_refused(url, STORE_READ, EXIT_WRONG_USE, "newer slabmark");
}

// A schema as a slabmark of that version left it, with a session in it.
static void old_store_make(const char *url, int version)
{
	char sql[256];

	for (int i = 0; i < version; i++) {
		char *step = schema_step(i, SCHEMA_POSTGRES);

		assert_non_null(step);
		run_sql(url, step);
		free(step);
	}
	(void)snprintf(sql, sizeof(sql),
		"CREATE TABLE slabmark_store (application BIGINT NOT NULL, version BIGINT NOT "
		"NULL); INSERT INTO slabmark_store VALUES (%d, %d);",
		SCHEMA_APPLICATION_ID, version);
	run_sql(url, sql);
	run_sql(url, "INSERT INTO sessions (command, plan, started_unix_ns, ended) VALUES "
		     "('slabmark run', '{}', 1795363200000000000, 'complete')");
}

static void every_earlier_version_becomes_the_current_one(void **state)
{
	(void)state;
	for (int version = 1; version < schema_version(); version++) {
		struct store_session_facts facts;
		struct store *store;
		char name[32];
		const char *url;
		bool found;

		(void)snprintf(name, sizeof(name), "old%d.db", version);
		url = made_path(name);
		old_store_make(url, version);
		assert_refused(url, STORE_READ, EXIT_WRONG_USE, "older schema version");
		store = made_store(url);
		assert_true(store_session_read(store, 1, &facts, &found, NULL));
		assert_true(found);
		assert_string_equal(facts.ended, "complete");
		store_session_facts_free(&facts);
		made_comparison(store, 1);
		store_close(store);
	}
}

static void machines_that_differ_in_memory_alone_are_joined(void **state)
{
	const char *url = made_path("machines.db");
	struct store *store;

	(void)state;
	old_store_make(url, 4);
	run_sql(url, made_former_machines);
	store = made_store(url);
	assert_machines_are_led(store);
	store_close(store);
}

static void a_schema_that_is_not_there_is_said(void **state)
{
	char url[512];

	(void)state;
	(void)snprintf(url, sizeof(url), "%s_gone", made_path("missing.db"));
	assert_refused(url, STORE_WRITE, EXIT_WRONG_USE, "CREATE SCHEMA");
}

static void a_server_that_does_not_answer_is_said_without_the_password(void **state)
{
	static const char URL[] =
		"postgres://me:secret@localhost:1/results?password=secret&sslmode=disable";
	struct problem problem = {0};
	struct store *store;

	(void)state;
	assert_false(store_open(&store, URL, STORE_WRITE, &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text,
		"postgres://me@localhost:1/results?password=&sslmode=disable: could not connect"));
	assert_null(strstr(problem.text, "secret"));
	assert_false(store_open(&store, "postgres://me:secret@[/x", STORE_WRITE, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_non_null(strstr(problem.text, "postgresql://HOST/DATABASE"));
	assert_null(strstr(problem.text, "secret"));
}

static void a_connection_that_is_cut_loses_the_process_in_flight_alone(void **state)
{
	const char *url = made_path("cut.db");
	struct store *store = made_store(url);
	int64_t session = made_session(store);
	const struct store_process place = {
		.session = session, .config = "default", .workload = "pair"};
	json_t *document = made_document("default");
	struct problem problem = {0};
	struct store_samples samples;

	(void)state;
	made_sample(document, "pair", 10);
	made_process(store, session, 0, "default", "pair", json_deep_copy(document));
	assert_true(store_begin(store, &problem));
	assert_true(store_process_add(store, &place, document, &problem));
	run_sql(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
		     "application_name = 'slabmark'");
	assert_false(store_process_add(store, &place, document, &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, "lost the server"));
	store_rollback(store);
	store_close(store);
	json_decref(document);

	assert_true(store_open(&store, url, STORE_READ, &problem));
	assert_true(store_session_samples(store, session, &samples, &problem));
	assert_int_equal(samples.count, 1);
	store_samples_free(&samples);
	store_close(store);
}

static void text_with_what_copy_takes_for_its_own_comes_back(void **state)
{
	static const char NAME[] = "a\tb\\N\nc\rd \xc3\xa9 \\.";
	struct store *store = made_store(made_path("copy.db"));
	int64_t session = made_session(store);
	json_t *document = made_document("default");
	struct store_samples samples;

	(void)state;
	made_sample(document, NAME, 10);
	made_process(store, session, 0, "default", "pair", document);
	assert_true(store_session_samples(store, session, &samples, NULL));
	assert_string_equal(samples.items[0].name, NAME);
	store_samples_free(&samples);
	store_close(store);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(another_applications_schema_is_refused),
		cmocka_unit_test(a_newer_schema_is_refused),
		cmocka_unit_test(every_earlier_version_becomes_the_current_one),
		cmocka_unit_test(machines_that_differ_in_memory_alone_are_joined),
		cmocka_unit_test(a_schema_that_is_not_there_is_said),
		cmocka_unit_test(a_server_that_does_not_answer_is_said_without_the_password),
		cmocka_unit_test(a_connection_that_is_cut_loses_the_process_in_flight_alone),
		cmocka_unit_test(text_with_what_copy_takes_for_its_own_comes_back),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
