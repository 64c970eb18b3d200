// SPDX-License-Identifier: GPL-2.0-or-later
// Damaged and hostile SQLite files: whatever is in one, opening and reading it ends with a result
// or with a problem, never otherwise, and a refused file stays as it is. Random damage is made of a
// fixed seed.
#include "store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <gsl/gsl_rng.h>
#include <sqlite3.h>

#include "internal.h"
#include "results/compare/compare.h"
#include "results/exchange/export.h"
#include "results/history/history.h"
#include "results/made/results.h"
#include "schema.h"
#include "upkeep.h"

enum { DAMAGES = 300, PAGE = 4096 };

static unsigned char *good; // a good store's bytes
static size_t good_length;

static unsigned char *file_read(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	unsigned char *bytes = malloc(1 << 22);

	assert_non_null(file);
	assert_non_null(bytes);
	*length = fread(bytes, 1, 1 << 22, file);
	assert_in_range(*length, 1, (1 << 22) - 1);
	(void)fclose(file);
	return bytes;
}

static void file_write(const char *path, const unsigned char *bytes, size_t length)
{
	FILE *file = fopen(path, "wb");
	char beside[600];

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	(void)snprintf(beside, sizeof(beside), "%s-wal", path);
	(void)unlink(beside);
	(void)snprintf(beside, sizeof(beside), "%s-shm", path);
	(void)unlink(beside);
}

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *database;
	char *error = NULL;

	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	if (sqlite3_exec(database, sql, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s: %s", sql, error);
	assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static int set_up(void **state)
{
	const char *path;
	struct store *store;

	(void)state;
	(void)made_folder_create(state);
	path = made_path("good.db");
	store = made_store(path);
	made_comparison(store, 3);
	store_close(store);
	run_sql(path, "PRAGMA journal_mode = DELETE");
	good = file_read(path, &good_length);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(good);
	(void)made_folder_remove(state);
	return 0;
}

// ---- everything that reads

static void export_all(struct store *store, const char *format, struct problem *problem)
{
	struct export_request request = {.format = format,
		.round = -1,
		.base = "default",
		.output = fopen("/dev/null", "w")};

	assert_non_null(request.output);
	(void)export_write(store, &request, problem);
	(void)fclose(request.output);
}

static void compare_all(struct store *store, struct problem *problem)
{
	static const char *const CONFIGS[] = {"default", "offslab"};
	const struct compare_options options = {.sides = CONFIGS,
		.sides_count = 2,
		.margin = COMPARE_MARGIN_DEFAULT,
		.alpha = COMPARE_ALPHA_DEFAULT};
	struct comparison *comparison;

	if (compare_make(store, &options, &comparison, problem))
		comparison_free(comparison);
}

static void read_session(struct store *store, int64_t session, struct problem *problem)
{
	struct store_session_facts facts;
	struct store_samples samples;
	struct store_builds builds;
	bool found;

	if (store_session_read(store, session, &facts, &found, problem) && found)
		store_session_facts_free(&facts);
	if (store_session_samples(store, session, &samples, problem))
		store_samples_free(&samples);
	if (store_session_builds(store, session, &builds, problem))
		store_builds_free(&builds);
}

static void read_all(struct store *store)
{
	const struct history_filter filter = {0};
	struct store_names configs;
	struct history history = {0};
	struct problem problem = {0};

	if (store_configs(store, &configs, &problem))
		store_names_free(&configs);
	read_session(store, 1, &problem);
	(void)history_read(store, &filter, &history, &problem);
	history_free(&history);
	compare_all(store, &problem);
	export_all(store, "jsonl", &problem);
	export_all(store, "csv", &problem);
	json_decref(store_verify(store, &problem));
	json_decref(store_size(store, 0, &problem));
}

static void write_all(struct store *store)
{
	const struct store_prune_options options = {.before_unix_ns = INT64_MAX};
	const struct store_session session = {.command = "x", .plan = "{}", .started_unix_ns = 1};
	struct store_process process = {.config = "default", .workload = "pair"};
	json_t *document = made_document("default");
	struct problem problem = {0};

	made_sample(document, "pair", 10);
	if (store_session_begin(store, &session, &process.session, &problem))
		(void)store_process_add(store, &process, document, &problem);
	json_decref(document);
	json_decref(store_prune(store, &options, &problem));
	json_decref(store_vacuum(store, &problem));
}

// Opens it for reading, goes on as far as it lets us, and finds it unchanged. Returns whether it
// could be opened.
static bool read_from(const char *path, struct problem *problem)
{
	size_t before_length;
	unsigned char *before = file_read(path, &before_length);
	struct store *store;
	bool is_open = store_open(&store, path, STORE_LOOK, problem);

	if (is_open)
		json_decref(store_facts(store, problem));
	store_close(store);
	is_open = store_open(&store, path, STORE_READ, problem);
	if (is_open)
		read_all(store);
	store_close(store);
	size_t after_length;
	unsigned char *after = file_read(path, &after_length);
	assert_int_equal(before_length, after_length);
	assert_memory_equal(before, after, before_length);
	free(before);
	free(after);
	if (!is_open) {
		assert_in_range(problem->status, EXIT_WRONG_USE, EXIT_NOT_MEASURED);
		assert_true(strlen(problem->text) > 20);
	}
	return is_open;
}

// And then for writing.
static bool use(const char *path, struct problem *problem)
{
	bool is_open = read_from(path, problem);
	struct store *store;

	if (store_open(&store, path, STORE_WRITE, NULL))
		write_all(store);
	store_close(store);
	return is_open;
}

// ---- damage

static void a_truncated_file_says_where_it_ends(void **state)
{
	static const size_t LENGTHS[] = {100, 511, 4096, 4097, 6000, 40960};
	const char *path = made_path("truncated.db");
	char expected[128];

	(void)state;
	for (size_t i = 0; i < sizeof(LENGTHS) / sizeof(LENGTHS[0]); i++) {
		struct problem problem = {0};

		file_write(path, good, LENGTHS[i]);
		assert_false(use(path, &problem));
		assert_int_equal(problem.status, EXIT_WRONG_USE);
		(void)snprintf(expected, sizeof(expected), "it ends after %zu of %zu bytes",
			LENGTHS[i], good_length);
		if (!strstr(problem.text, expected))
			fail_msg("'%s' is missing in: %s", expected, problem.text);
	}
	file_write(path, good, 20);
	assert_false(use(path, &(struct problem){0}));
}

static void random_bytes_behind_the_header_are_survived(void **state)
{
	const char *path = made_path("random.db");
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	unsigned char bytes[3 * PAGE];

	(void)state;
	for (int i = 0; i < DAMAGES / 3; i++) {
		// The magic alone; magic and a good header; a good first page.
		size_t kept = i % 3 == 0 ? 16 : i % 3 == 1 ? 100 : PAGE;
		struct problem problem = {0};

		gsl_rng_set(random, (unsigned long)i + 1);
		memcpy(bytes, good, sizeof(bytes));
		for (size_t j = kept; j < sizeof(bytes); j++)
			bytes[j] = (unsigned char)gsl_rng_uniform_int(random, 256);
		file_write(path, bytes, sizeof(bytes));
		(void)(i % 10 ? read_from(path, &problem) : use(path, &problem));
	}
	gsl_rng_free(random);
}

// Some bytes anywhere, of one page or a few: what a bad disk or a hostile sender does.
static void damage(unsigned char *bytes, gsl_rng *random)
{
	unsigned long count = 1 + gsl_rng_uniform_int(random, 40);
	size_t start = gsl_rng_uniform_int(random, good_length);

	for (unsigned long i = 0; i < count; i++) {
		size_t at = gsl_rng_uniform_int(random, 2)
				    ? start + i
				    : gsl_rng_uniform_int(random, good_length);

		bytes[at % good_length] = (unsigned char)gsl_rng_uniform_int(random, 256);
	}
}

static void random_damage_is_survived(void **state)
{
	const char *path = made_path("damaged.db");
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	unsigned char *bytes = malloc(good_length);

	(void)state;
	assert_non_null(bytes);
	for (int i = 0; i < DAMAGES; i++) {
		struct problem problem = {0};

		gsl_rng_set(random, (unsigned long)i + 1);
		memcpy(bytes, good, good_length);
		damage(bytes, random);
		file_write(path, bytes, good_length);
		// Writing waits for the disk; reading does not.
		(void)(i % 10 ? read_from(path, &problem) : use(path, &problem));
	}
	free(bytes);
	gsl_rng_free(random);
}

static void verify_finds_a_page_that_is_none(void **state)
{
	const char *path = made_path("page.db");
	unsigned char *bytes = malloc(good_length);
	struct problem problem = {0};
	struct store *store;
	size_t found = 0;

	(void)state;
	assert_non_null(bytes);
	// Any page but the first, which says whose file it is. A few hold nothing that is read.
	for (size_t page = 1; page < good_length / PAGE; page++) {
		json_t *result;

		memcpy(bytes, good, good_length);
		memset(bytes + page * PAGE, 0xff, PAGE);
		file_write(path, bytes, good_length);
		if (!store_open(&store, path, STORE_READ, &problem)) {
			assert_int_equal(problem.status, EXIT_WRONG_USE);
			found++;
			continue;
		}
		result = store_verify(store, &problem);
		assert_non_null(result);
		found += json_is_false(json_object_get(result, "is_sound"));
		json_decref(result);
		store_close(store);
	}
	assert_int_equal(found, good_length / PAGE - 1);
	free(bytes);
}

// ---- hostile, but a good SQLite file

static void tables_that_are_not_ours_are_said(void **state)
{
	const char *path = made_path("other.db");
	struct problem problem = {0};
	char sql[256];

	(void)state;
	(void)snprintf(sql, sizeof(sql),
		"CREATE TABLE samples (a); CREATE TABLE sessions (b); PRAGMA application_id = %d; "
		"PRAGMA user_version = %d;",
		SCHEMA_APPLICATION_ID, schema_version());
	run_sql(path, sql);
	assert_false(use(path, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_non_null(strstr(problem.text, "expected a store that slabmark made"));
}

// Values that the constraints do not let in, as damage brings them: the constraints are taken away,
// the values put in, and the constraints given back, word for word.
static void values_of_the_wrong_kind_are_survived(void **state)
{
	static const char *const CHANGES[] = {
		"UPDATE samples SET name = NULL, counters = NULL",
		"UPDATE samples SET name = x'00ff', real_time_ns = 'soon', failed = 'maybe'",
		"UPDATE samples SET run_type = 7, repetition = -1, real_time_ns = 9e999",
		"UPDATE samples SET counters = '[1]', real_time_ns = -1",
		"UPDATE processes SET config = NULL, workload = NULL, context = NULL",
		"UPDATE processes SET round = -5, context = '{\"kernel\": {\"a\": []}}'",
		"UPDATE processes SET config = zeroblob(5000), round = 9223372036854775807",
		"UPDATE sessions SET command = NULL, plan = NULL, started_unix_ns = 'never'",
		"UPDATE sessions SET ended = NULL, writer = zeroblob(1000)",
		"UPDATE machines SET fingerprint = NULL",
		"UPDATE builds SET config = x'80' WHERE id = 1",
	};
	const char *path = made_path("values.db");
	char sql[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(CHANGES) / sizeof(CHANGES[0]); i++) {
		struct problem problem = {0};

		(void)snprintf(sql, sizeof(sql),
			"PRAGMA ignore_check_constraints = ON; CREATE TABLE kept AS SELECT name, "
			"sql "
			"FROM sqlite_master; PRAGMA writable_schema = ON; UPDATE sqlite_master SET "
			"sql = replace(sql, 'NOT NULL', ''); PRAGMA writable_schema = RESET; %s; "
			"PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = (SELECT sql "
			"FROM kept WHERE kept.name = sqlite_master.name) WHERE name IN (SELECT "
			"name "
			"FROM kept); PRAGMA writable_schema = RESET;",
			CHANGES[i]);
		file_write(path, good, good_length);
		run_sql(path, sql);
		if (!use(path, &problem))
			fail_msg("%s: %s", CHANGES[i], problem.text);
	}
}

static void a_store_with_a_trigger_is_refused(void **state)
{
	const char *path = made_path("trigger.db");
	struct problem problem = {0};

	(void)state;
	file_write(path, good, good_length);
	run_sql(path, "CREATE VIEW mine AS SELECT * FROM samples; CREATE INDEX mine_too ON samples "
		      "(name);");
	assert_true(use(path, &problem));
	file_write(path, good, good_length);
	run_sql(path, "CREATE TRIGGER reach AFTER INSERT ON sessions BEGIN DELETE FROM samples; "
		      "END");
	assert_false(use(path, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_non_null(strstr(problem.text, "there is a trigger in it, 'reach'"));
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_truncated_file_says_where_it_ends),
		cmocka_unit_test(random_bytes_behind_the_header_are_survived),
		cmocka_unit_test(random_damage_is_survived),
		cmocka_unit_test(verify_finds_a_page_that_is_none),
		cmocka_unit_test(tables_that_are_not_ours_are_said),
		cmocka_unit_test(values_of_the_wrong_kind_are_survived),
		cmocka_unit_test(a_store_with_a_trigger_is_refused),
	};

	return cmocka_run_group_tests(TESTS, set_up, tear_down);
}
