// SPDX-License-Identifier: GPL-2.0-or-later
// The store's promises, in a SQLite file and in PostgreSQL: raw values come back, names are only
// names, and a process is stored whole or not at all.
#include "store.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "internal.h"
#include "results/made/results.h"

static void samples_come_back_as_they_were_measured(void **state)
{
	struct store *store = made_store(made_path("samples.db"));
	int64_t session = made_session(store);
	json_t *document = made_document("default");
	struct store_samples samples;
	struct problem problem;

	(void)state;
	made_sample(document, "pair/64", 12.345678901234567);
	made_sample(document, "pair/64", 12.5);
	made_process(store, session, 3, "default", "pair", document);
	assert_true(store_session_samples(store, session, &samples, &problem));
	assert_int_equal(samples.count, 2);
	assert_string_equal(samples.items[0].name, "pair/64");
	assert_string_equal(samples.items[0].workload, "pair");
	assert_string_equal(samples.items[0].config, "default");
	assert_int_equal(samples.items[0].round, 3);
	assert_int_equal(samples.items[0].process, samples.items[1].process);
	assert_true(samples.items[0].real_time_ns == 12.345678901234567);
	store_samples_free(&samples);
	store_close(store);
}

static void the_same_machine_and_build_are_stored_once(void **state)
{
	struct store *store = made_store(made_path("once.db"));
	int64_t session = made_session(store);
	json_t *bare = json_loads("{\"context\": {}, \"benchmarks\": []}", 0, NULL);

	(void)state;
	for (int round = 0; round < 3; round++) {
		json_t *document = made_document("default");
		json_t *nameless = json_deep_copy(bare);

		made_sample(document, "pair", 10);
		made_process(store, session, round, "default", "pair", document);
		made_sample(nameless, "pair", 10);
		made_process(store, session, round, "unnamed", "pair", nameless);
	}
	json_decref(bare);
	assert_int_equal(made_count(store, "machines"), 1);
	assert_int_equal(made_count(store, "builds"), 2);
	assert_int_equal(made_count(store, "processes WHERE machine_id IS NULL"), 3);
	store_close(store);
}

static void a_failed_benchmark_is_kept_with_its_message(void **state)
{
	struct store *store = made_store(made_path("failed.db"));
	int64_t session = made_session(store);
	json_t *document = made_document("default");
	struct store_samples samples;

	(void)state;
	json_array_append_new(json_object_get(document, "benchmarks"),
		json_pack("{s:s, s:b, s:s}", "name", "pair", "error_occurred", 1, "error_message",
			"no second CPU"));
	made_process(store, session, 0, "default", "pair", document);
	assert_true(store_session_samples(store, session, &samples, NULL));
	assert_int_equal(samples.count, 1);
	assert_true(samples.items[0].failed);
	assert_string_equal(samples.items[0].error_message, "no second CPU");
	assert_true(isnan(samples.items[0].real_time_ns));
	store_samples_free(&samples);
	store_close(store);
}

static void a_document_with_one_bad_sample_leaves_nothing_behind(void **state)
{
	struct store *store = made_store(made_path("whole.db"));
	struct store_process process = {
		.session = made_session(store), .config = "default", .workload = "pair"};
	json_t *document = made_document("default");
	struct problem problem = {0};

	(void)state;
	made_sample(document, "pair", 10);
	made_sample(document, "pair", 11);
	json_object_del(json_array_get(json_object_get(document, "benchmarks"), 1), "real_time");
	assert_false(store_process_add(store, &process, document, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_non_null(strstr(problem.text, "[1].\"real_time\""));
	assert_int_equal(made_count(store, "samples"), 0);
	assert_int_equal(made_count(store, "processes"), 0);
	assert_int_equal(made_count(store, "builds"), 0);
	assert_int_equal(made_count(store, "machines"), 0);
	json_decref(document);
	store_close(store);
}

static void a_process_of_no_session_is_refused(void **state)
{
	struct store *store = made_store(made_path("orphan.db"));
	struct store_process process = {.session = 99, .config = "default", .workload = "pair"};
	json_t *document = made_document("default");

	(void)state;
	made_sample(document, "pair", 10);
	assert_false(store_process_add(store, &process, document, NULL));
	assert_int_equal(made_count(store, "processes"), 0);
	json_decref(document);
	store_close(store);
}

static void names_that_look_like_sql_are_only_names(void **state)
{
	static const char NAME[] = "x'); DROP TABLE samples; --\"";
	struct store *store = made_store(made_path("names.db"));
	int64_t session = made_session(store);
	json_t *document = made_document(NAME);
	const char *const configs[] = {NAME};
	struct store_samples samples;
	int64_t newest;

	(void)state;
	made_sample(document, NAME, 10);
	made_process(store, session, 0, NAME, NAME, document);
	assert_true(store_session_samples(store, session, &samples, NULL));
	assert_string_equal(samples.items[0].name, NAME);
	store_samples_free(&samples);
	assert_true(store_session_newest(store, configs, 1, &newest, NULL));
	assert_int_equal(newest, session);
	store_close(store);
}

static void a_reader_sees_whole_processes_while_a_writer_writes(void **state)
{
	const char *path = made_path("shared.db");
	struct store *writer = made_store(path);
	int64_t session = made_session(writer);
	json_t *document = made_document("default");
	struct problem problem = {0};
	struct store *reader;

	(void)state;
	made_sample(document, "pair", 10);
	made_process(writer, session, 0, "default", "pair", document);
	assert_true(store_open(&reader, path, STORE_READ, &problem));
	assert_true(
		store_begin(writer, NULL) && store_execute(writer, "DELETE FROM samples", NULL));
	assert_int_equal(made_count(reader, "samples"), 1);
	store_rollback(writer);
	assert_int_equal(made_count(writer, "samples"), 1);
	assert_false(store_execute(reader, "DELETE FROM samples", &problem));
	store_close(reader);
	store_close(writer);
}

static void the_newest_session_that_measured_all_is_found(void **state)
{
	struct store *store = made_store(made_path("sessions.db"));
	int64_t both = made_comparison(store, 1);
	int64_t one = made_session(store);
	json_t *document = made_document("default");
	const char *const configs[] = {"default", "null"};
	int64_t session;

	(void)state;
	made_sample(document, "pair", 10);
	made_process(store, one, 0, "default", "pair", document);
	assert_true(store_session_newest(store, configs, 1, &session, NULL));
	assert_int_equal(session, one);
	assert_true(store_session_newest(store, configs, 2, &session, NULL));
	assert_int_equal(session, both);
	store_close(store);
}

static void a_session_says_how_it_ended(void **state)
{
	struct store *store = made_store(made_path("ended.db"));
	int64_t session = made_session(store);
	struct store_session_facts facts;
	struct problem problem = {0};
	bool found;

	(void)state;
	assert_true(store_session_read(store, session, &facts, &found, &problem));
	assert_true(found);
	assert_null(facts.ended);
	store_session_facts_free(&facts);
	assert_true(store_session_end(store, session, "interrupted", &problem));
	assert_true(store_session_read(store, session, &facts, &found, &problem));
	assert_string_equal(facts.ended, "interrupted");
	store_session_facts_free(&facts);
	assert_false(store_session_end(store, session + 1, "complete", &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_true(store_session_read(store, session + 1, &facts, &found, &problem));
	assert_false(found);
	store_close(store);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(samples_come_back_as_they_were_measured),
		cmocka_unit_test(the_same_machine_and_build_are_stored_once),
		cmocka_unit_test(a_failed_benchmark_is_kept_with_its_message),
		cmocka_unit_test(a_document_with_one_bad_sample_leaves_nothing_behind),
		cmocka_unit_test(a_process_of_no_session_is_refused),
		cmocka_unit_test(names_that_look_like_sql_are_only_names),
		cmocka_unit_test(a_reader_sees_whole_processes_while_a_writer_writes),
		cmocka_unit_test(the_newest_session_that_measured_all_is_found),
		cmocka_unit_test(a_session_says_how_it_ended),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
