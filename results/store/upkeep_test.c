// SPDX-License-Identifier: GPL-2.0-or-later
// What prune lets go and what stays, what verify finds, and what size counts; in a SQLite file and
// in PostgreSQL.
#include "upkeep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "internal.h"
#include "results/made/results.h"

static const int64_t DAY_NS = 86400LL * 1000000000;
static const int64_t MONDAY_NS = 1767571200LL * 1000000000; // 2026-01-05 00:00:00 UTC

static bool is_file(const char *path)
{
	return !store_is_url(path);
}

// An ended session that began so many days after the Monday, with one process of one sample on that
// machine.
static int64_t session_of_day(struct store *store, double day, const char *machine)
{
	const struct store_session session = {.command = "made",
		.plan = "{}",
		.started_unix_ns = MONDAY_NS + (int64_t)(day * (double)DAY_NS)};
	json_t *document = made_document("default");
	int64_t id;

	json_object_set_new(json_object_get(document, "context"), "machine", json_string(machine));
	made_sample(document, "pair", 10);
	assert_true(store_session_begin(store, &session, &id, NULL));
	made_process(store, id, 0, "default", "pair", document);
	assert_true(store_session_end(store, id, "complete", NULL));
	return id;
}

static bool list_has(const json_t *result, const char *list, int64_t session)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(result, list), i, item)
	{
		if (json_integer_value(json_object_get(item, "session")) == session)
			return true;
	}
	return false;
}

static bool is_stored(struct store *store, int64_t session)
{
	struct store_session_facts facts;
	bool found;

	assert_true(store_session_read(store, session, &facts, &found, NULL));
	if (found)
		store_session_facts_free(&facts);
	return found;
}

// ---- prune

// Sessions on these days; which of them stay when all before day 100 may go.
static const struct prune_case {
	const char *what;
	struct store_prune_options options;
	double days[6];
	bool stays[6];
} PRUNE_CASES[] = {
	{"age alone", {0}, {0, 50, 99.9, 100, 101, 200}, {0, 0, 0, 1, 1, 1}},
	{"the last two", {.keep_last = 2}, {0, 1, 2, 3, 4, 5}, {0, 0, 0, 0, 1, 1}},
	{"the last two are young", {.keep_last = 2}, {0, 1, 2, 3, 104, 105}, {0, 0, 0, 0, 1, 1}},
	// Sunday's last second belongs to the week, Monday's first to the next.
	{"weekly", {.keep_weekly = true}, {0, 3, 6.99999, 7, 8, 14}, {0, 0, 1, 0, 1, 1}},
	// January ends on day 26.
	{"monthly", {.keep_monthly = true}, {0, 26, 26.5, 27, 54, 55}, {0, 0, 1, 0, 1, 1}},
	{"the last one and weekly", {.keep_last = 1, .keep_weekly = true}, {0, 1, 8, 9, 15, 16},
		{0, 1, 0, 1, 0, 1}},
};

static void check_prune_case(const struct prune_case *test, const char *path, bool is_dry_run)
{
	struct store_prune_options options = test->options;
	struct store *store = made_store(path);
	int64_t sessions[6];
	json_t *result;

	assert_true(store_execute(store, "DELETE FROM sessions", NULL));
	for (int i = 0; i < 6; i++)
		sessions[i] = session_of_day(store, test->days[i], "m");
	options.before_unix_ns = MONDAY_NS + 100 * DAY_NS;
	options.is_dry_run = is_dry_run;
	result = store_prune(store, &options, NULL);
	assert_non_null(result);
	for (int i = 0; i < 6; i++) {
		if (list_has(result, "pruned", sessions[i]) == test->stays[i] ||
			is_stored(store, sessions[i]) != (test->stays[i] || is_dry_run))
			fail_msg("%s: the session of day %g", test->what, test->days[i]);
	}
	assert_int_equal(made_count(store, "samples"), made_count(store, "sessions"));
	json_decref(result);
	store_close(store);
}

static void rules_say_what_stays(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(PRUNE_CASES) / sizeof(PRUNE_CASES[0]); i++) {
		check_prune_case(&PRUNE_CASES[i], made_path("prune.db"), true);
		check_prune_case(&PRUNE_CASES[i], made_path("prune.db"), false);
	}
}

static void rules_hold_for_each_machine(void **state)
{
	const struct store_prune_options options = {
		.before_unix_ns = MONDAY_NS + 100 * DAY_NS, .keep_last = 1};
	struct store *store = made_store(made_path("machines.db"));
	int64_t old = session_of_day(store, 1, "a");
	int64_t last_of_a = session_of_day(store, 2, "a");
	int64_t last_of_b = session_of_day(store, 1.5, "b");
	json_t *result = store_prune(store, &options, NULL);

	(void)state;
	assert_non_null(result);
	assert_false(is_stored(store, old));
	assert_true(is_stored(store, last_of_a));
	assert_true(is_stored(store, last_of_b));
	json_decref(result);
	store_close(store);
}

static void what_others_rely_on_stays(void **state)
{
	const struct store_prune_options options = {.before_unix_ns = MONDAY_NS + 100 * DAY_NS};
	struct store *store = made_store(made_path("relied.db"));
	int64_t named = session_of_day(store, 1, "m");
	int64_t good = session_of_day(store, 2, "m");
	int64_t last_good = session_of_day(store, 3, "m");
	int64_t bad = session_of_day(store, 4, "m");
	const struct store_session running = {
		.command = "made", .plan = "{}", .started_unix_ns = MONDAY_NS};
	char sql[512];
	int64_t runs;
	json_t *result;

	(void)state;
	assert_true(store_session_begin(store, &running, &runs, NULL));
	(void)snprintf(sql, sizeof(sql),
		"INSERT INTO baselines (name, session_id, created_unix_ns) VALUES ('release', "
		"%lld, 1); INSERT INTO gates (session_id, created_unix_ns, baseline, status) "
		"VALUES "
		"(%lld, 1, 'x', 0), (%lld, 1, 'x', 0), (%lld, 1, 'x', 1)",
		(long long)named, (long long)good, (long long)last_good, (long long)bad);
	assert_true(store_execute(store, sql, NULL));
	result = store_prune(store, &options, NULL);
	assert_non_null(result);
	assert_true(is_stored(store, named));
	assert_false(is_stored(store, good));
	assert_true(is_stored(store, last_good));
	assert_false(is_stored(store, bad));
	assert_true(is_stored(store, runs));
	assert_int_equal(json_array_size(json_object_get(result, "kept")), 3);
	assert_int_equal(made_count(store, "gates"), 1); // a gate goes with its session
	json_decref(result);
	store_close(store);
}

// ---- verify

static json_t *assert_sound(struct store *store, bool is_sound)
{
	struct problem problem = {0};
	json_t *result = store_verify(store, &problem);

	if (!result)
		fail_msg("%s", problem.text);
	assert_int_equal(json_is_true(json_object_get(result, "is_sound")), is_sound);
	return result;
}

static void assert_fault(struct store *store, const char *expected)
{
	json_t *result = assert_sound(store, false);
	const char *fault = json_string_value(json_array_get(json_object_get(result, "faults"), 0));

	assert_non_null(fault);
	if (!strstr(fault, expected))
		fail_msg("'%s' is missing in: %s", expected, fault);
	json_decref(result);
}

static void a_good_store_is_sound(void **state)
{
	struct store *store = made_store(made_path("sound.db"));
	json_t *result;

	(void)state;
	made_comparison(store, 2);
	result = assert_sound(store, true);
	assert_int_equal(json_integer_value(json_object_get(result, "processes")),
		made_count(store, "processes"));
	json_decref(result);
	store_close(store);
}

static void text_that_is_no_json_is_found(void **state)
{
	static const char *const TEXTS[] = {"", "{", "[]", "{\"a\": NaN}", "{\"a\":1,\"a\":2}"};
	struct store *store = made_store(made_path("json.db"));

	(void)state;
	made_comparison(store, 1);
	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
		char sql[256];

		(void)snprintf(sql, sizeof(sql),
			"UPDATE samples SET counters = '%s' WHERE id = (SELECT min(id) + 2 FROM "
			"samples)",
			TEXTS[i]);
		assert_true(store_execute(store, sql, NULL));
		assert_fault(store, "counters is no JSON object");
	}
	store_close(store);
}

static void rows_without_a_parent_are_found(void **state)
{
	const char *path = made_path("orphans.db");
	struct store *store = made_store(path);

	(void)state;
	made_comparison(store, 1);
	assert_true(store_execute(store,
		is_file(path) ? "PRAGMA foreign_keys = OFF"
			      : "SET session_replication_role = replica",
		NULL));
	assert_true(store_execute(
		store, "DELETE FROM processes WHERE id = (SELECT min(id) FROM processes)", NULL));
	assert_fault(store, "its row of processes is missing");
	store_close(store);
}

static void many_faults_are_counted_and_not_all_shown(void **state)
{
	struct store *store = made_store(made_path("many.db"));
	json_t *result;

	(void)state;
	made_comparison(store, 3);
	assert_true(store_execute(store, "UPDATE samples SET counters = ''", NULL));
	result = assert_sound(store, false);
	assert_int_equal(json_array_size(json_object_get(result, "faults")), 100);
	assert_int_equal(json_integer_value(json_object_get(result, "faults_left_out")),
		made_count(store, "samples") - 100);
	json_decref(result);
	store_close(store);
}

// ---- size and vacuum

static json_int_t rows_of(const json_t *size, const char *table)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(size, "tables"), i, item)
	{
		if (strcmp(json_string_value(json_object_get(item, "name")), table) == 0)
			return json_integer_value(json_object_get(item, "rows"));
	}
	fail_msg("no table %s", table);
	return -1;
}

static void size_counts_rows_and_ages(void **state)
{
	static const double AGES[] = {0.5, 6, 29, 90, 300, 1000};
	struct store *store = made_store(made_path("size.db"));
	int64_t now = MONDAY_NS + 2000 * DAY_NS;
	json_t *size;

	(void)state;
	for (size_t i = 0; i < sizeof(AGES) / sizeof(AGES[0]); i++)
		session_of_day(store, 2000 - AGES[i], "m");
	size = store_size(store, now, NULL);
	assert_non_null(size);
	assert_int_equal(rows_of(size, "sessions"), 6);
	assert_int_equal(rows_of(size, "samples"), 6);
	assert_int_equal(rows_of(size, "machines"), 1);
	assert_true(json_integer_value(json_object_get(size, "bytes")) > 10000);
	for (size_t i = 0; i < 6; i++) {
		const json_t *age = json_array_get(json_object_get(size, "ages"), i);

		assert_int_equal(json_integer_value(json_object_get(age, "sessions")), 1);
		assert_int_equal(json_integer_value(json_object_get(age, "samples")), 1);
	}
	json_decref(size);
	store_close(store);
}

static void vacuum_gives_the_space_back(void **state)
{
	const struct store_prune_options options = {.before_unix_ns = INT64_MAX};
	struct store *store = made_store(made_path("vacuum.db"));
	json_t *pruned;
	json_t *vacuumed;

	(void)state;
	made_comparison(store, 10);
	pruned = store_prune(store, &options, NULL);
	assert_non_null(pruned);
	vacuumed = store_vacuum(store, NULL);
	assert_non_null(vacuumed);
	assert_true(json_integer_value(json_object_get(vacuumed, "bytes_after")) <
		    json_integer_value(json_object_get(vacuumed, "bytes_before")) / 2);
	assert_int_equal(made_count(store, "samples"), 0);
	json_decref(pruned);
	json_decref(vacuumed);
	store_close(store);
}

static void a_look_tells_kind_and_version_of_any_store(void **state)
{
	const char *path = made_path("look.db");
	struct problem problem = {0};
	struct store *store;
	json_t *facts;

	(void)state;
	store = made_store(path);
	assert_true(store_execute(store,
		is_file(path) ? "PRAGMA user_version = 99"
			      : "UPDATE slabmark_store SET version = 99",
		NULL));
	store_close(store);
	assert_false(store_open(&store, path, STORE_READ, &problem));
	assert_true(store_open(&store, path, STORE_LOOK, &problem));
	facts = store_facts(store, &problem);
	assert_non_null(facts);
	assert_int_equal(json_integer_value(json_object_get(facts, "version")), 99);
	assert_true(json_is_false(json_object_get(facts, "is_current")));
	assert_string_equal(json_string_value(json_object_get(facts, "kind")),
		is_file(path) ? "SQLite" : "PostgreSQL");
	json_decref(facts);
	store_close(store);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(rules_say_what_stays),
		cmocka_unit_test(rules_hold_for_each_machine),
		cmocka_unit_test(what_others_rely_on_stays),
		cmocka_unit_test(a_good_store_is_sound),
		cmocka_unit_test(text_that_is_no_json_is_found),
		cmocka_unit_test(rows_without_a_parent_are_found),
		cmocka_unit_test(many_faults_are_counted_and_not_all_shown),
		cmocka_unit_test(size_counts_rows_and_ages),
		cmocka_unit_test(vacuum_gives_the_space_back),
		cmocka_unit_test(a_look_tells_kind_and_version_of_any_store),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
