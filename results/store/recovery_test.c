// SPDX-License-Identifier: GPL-2.0-or-later
// A SQLite store whose writer died at any write, was stopped by a limit, or stood on a file system
// without shared memory. What SQLite asks of the system goes through a VFS of ours that fails on
// demand.
#include "store.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "internal.h"
#include "results/made/results.h"
#include "schema.h"
#include "upkeep.h"

enum { DIED = 9, FAILED = 8, WRITES_MOST = 2000 };

// ---- the VFS

static sqlite3_vfs *base;
static struct {
	const sqlite3_io_methods *real;
	sqlite3_io_methods ours;
} methods[8]; // SQLite has a table for each way of locking
static int writes_left; // 0: no limit; the last one is not done, and we die
static int shm_status = SQLITE_OK; // of the shared memory's mapping
static bool is_copy; // in the folder for temporary files, which has shared memory

static const sqlite3_io_methods *real_of(const sqlite3_file *file)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (file->pMethods == &methods[i].ours)
			return methods[i].real;
	}
	abort();
}

static int our_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at)
{
	if (writes_left > 0 && --writes_left == 0)
		_exit(DIED);
	return real_of(file)->xWrite(file, bytes, count, at);
}

static int our_shm(sqlite3_file *file, int region, int size, int extend, void volatile **memory)
{
	*memory = NULL;
	return shm_status && !is_copy ? shm_status
				      : real_of(file)->xShmMap(file, region, size, extend, memory);
}

static const sqlite3_io_methods *ours_of(const sqlite3_io_methods *real)
{
	size_t i = 0;

	while (methods[i].real && methods[i].real != real)
		i++;
	assert_true(i + 1 < sizeof(methods) / sizeof(methods[0]));
	methods[i].real = real;
	methods[i].ours = *real;
	methods[i].ours.xWrite = our_write;
	if (real->iVersion >= 2 && real->xShmMap)
		methods[i].ours.xShmMap = our_shm;
	return &methods[i].ours;
}

static int our_open(
	sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *flags_out)
{
	int status = base->xOpen(base, name, file, flags, flags_out);

	(void)vfs;
	if (flags & SQLITE_OPEN_MAIN_DB)
		is_copy = strcmp(strrchr(name, '/'), "/copy") == 0;
	if (file->pMethods)
		file->pMethods = ours_of(file->pMethods);
	return status;
}

static int set_up(void **state)
{
	static sqlite3_vfs ours;

	base = sqlite3_vfs_find(NULL);
	ours = *base;
	ours.zName = "tested";
	ours.xOpen = our_open;
	return sqlite3_vfs_register(&ours, 1) == SQLITE_OK ? made_folder_create(state) : -1;
}

// ---- helpers

static char *bytes_of(const char *path, const char *suffix, size_t *length)
{
	char name[512];
	char *bytes = calloc(1, 1 << 20);
	FILE *file;

	(void)snprintf(name, sizeof(name), "%s%s", path, suffix);
	file = fopen(name, "rb");
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

// What a child that runs act(path) ends with.
static int child_of(void (*act)(const char *path), const char *path)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		act(path);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void must_open(const char *path, enum store_mode mode)
{
	struct problem problem = {0};
	struct store *store;

	if (!store_open(&store, path, mode, &problem))
		fail_msg("%s", problem.text);
	store_close(store);
}

static void assert_sound(const char *path)
{
	struct problem problem = {0};
	struct store *store;
	json_t *result;

	if (!store_open(&store, path, STORE_READ, &problem))
		fail_msg("%s", problem.text);
	result = store_verify(store, &problem);
	assert_non_null(result);
	assert_int_equal(json_array_size(json_object_get(result, "faults")), 0);
	json_decref(result);
	store_close(store);
}

static void remove_store(const char *path)
{
	static const char *const SUFFIXES[] = {"", "-wal", "-shm", "-journal"};
	char name[512];

	for (size_t i = 0; i < sizeof(SUFFIXES) / sizeof(SUFFIXES[0]); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", path, SUFFIXES[i]);
		(void)unlink(name);
	}
}

// ---- death

static void make_store(const char *path)
{
	struct problem problem = {0};
	struct store *store;

	if (!store_open(&store, path, STORE_WRITE, &problem))
		_exit(FAILED);
	made_comparison(store, 2);
	store_close(store);
}

// Whatever write was the last one: who writes next goes on, and who reads is not told of damage.
static void a_writer_may_die_at_any_write(void **state)
{
	const char *path = made_path("killed.db");
	int status = DIED;
	int dead = 0;

	(void)state;
	// The making needs every one, the filling a sample.
	for (int last = 1; status == DIED && last < WRITES_MOST; last += last < 60 ? 1 : 11) {
		struct problem problem = {0};
		struct store *store;

		remove_store(path);
		writes_left = last;
		status = child_of(make_store, path);
		writes_left = 0;
		dead += status == DIED;
		// Nothing is in it yet, or it can be read.
		if (store_open(&store, path, STORE_READ, &problem))
			store_close(store);
		else if (!strstr(problem.text, "the store is empty") &&
			 !strstr(problem.text, "no store there"))
			fail_msg("write %d: %s", last, problem.text);
		must_open(path, STORE_WRITE);
		assert_sound(path);
	}
	assert_int_equal(status, 0);
	assert_in_range(dead, 20, WRITES_MOST - 1);
}

// Leaves half of a transaction in the file, and the journal that undoes it.
static void die_in_a_transaction(const char *path)
{
	sqlite3 *database;

	if (sqlite3_open(path, &database) == SQLITE_OK &&
		sqlite3_exec(database,
			"PRAGMA cache_size = 2; BEGIN; CREATE TABLE IF NOT EXISTS half (t TEXT); "
			"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
			"900) "
			"INSERT INTO half SELECT hex(randomblob(100)) FROM n",
			NULL, NULL, NULL) == SQLITE_OK)
		_exit(DIED);
	_exit(FAILED);
}

static void assert_refused_with_its_journal(const char *path, const char *expected)
{
	size_t length[2];
	size_t length_after[2];
	char *bytes[2] = {bytes_of(path, "", &length[0]), bytes_of(path, "-journal", &length[1])};
	char *after[2];

	for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
		struct problem problem = {0};
		struct store *store;

		assert_false(store_open(&store, path, mode, &problem));
		assert_int_equal(problem.status, EXIT_WRONG_USE);
		if (!strstr(problem.text, expected))
			fail_msg("%s", problem.text);
	}
	after[0] = bytes_of(path, "", &length_after[0]);
	after[1] = bytes_of(path, "-journal", &length_after[1]);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(length[i], length_after[i]);
		assert_memory_equal(bytes[i], after[i], length[i]);
		free(bytes[i]);
		free(after[i]);
	}
}

static void anothers_half_written_database_is_refused_and_left_untouched(void **state)
{
	const char *path = made_path("theirs.db");

	(void)state;
	run_sql(path, "CREATE TABLE notes (t TEXT); INSERT INTO notes VALUES ('whole');");
	assert_int_equal(child_of(die_in_a_transaction, path), DIED);
	assert_refused_with_its_journal(path, "another application");
}

static void a_newer_half_written_store_is_refused_and_left_untouched(void **state)
{
	const char *path = made_path("newer.db");
	char sql[128];

	(void)state;
	make_store(path);
	(void)snprintf(sql, sizeof(sql), "PRAGMA user_version = %d; PRAGMA journal_mode = DELETE;",
		schema_version() + 1);
	run_sql(path, sql);
	assert_int_equal(child_of(die_in_a_transaction, path), DIED);
	assert_refused_with_its_journal(path, "newer slabmark");
}

// Without a log, as on a network file system.
static void a_store_with_a_rollback_journal_is_recovered_by_a_reader(void **state)
{
	const char *path = made_path("rollback.db");
	struct problem problem = {0};
	struct store *store;

	(void)state;
	make_store(path);
	run_sql(path, "PRAGMA journal_mode = DELETE");
	assert_int_equal(child_of(die_in_a_transaction, path), DIED);
	if (!store_open(&store, path, STORE_READ, &problem))
		fail_msg("%s", problem.text);
	assert_int_equal(made_count(store, "sessions"), 1);
	assert_int_equal(made_count(store, "sqlite_master WHERE name = 'half'"), 0);
	store_close(store);
	assert_sound(path);
}

// ---- limits

static void fill_within_a_limit(const char *path)
{
	struct rlimit limit = {200 * 1024, 200 * 1024};
	struct problem problem = {0};
	struct store *store;

	(void)signal(SIGXFSZ, SIG_IGN);
	if (!store_open(&store, path, STORE_WRITE, &problem))
		_exit(FAILED);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		_exit(FAILED);
	for (int i = 0; i < 10000; i++) {
		char *json = NULL;
		json_t *document;
		bool is_good;

		if (asprintf(&json,
			    "{\"context\": {}, \"benchmarks\": [{\"name\": \"x\", \"iterations\": "
			    "1, \"real_time\": 1, \"cpu_time\": 1, \"time_unit\": \"ns\", "
			    "\"label\": "
			    "\"%0999d\"}]}",
			    i) < 0)
			_exit(FAILED);
		document = json_loads(json, 0, NULL);
		is_good = store_process_add(store,
			&(struct store_process){
				.session = 1, .round = i, .config = "c", .workload = "x"},
			document, &problem);
		json_decref(document);
		free(json);
		if (!is_good)
			_exit(problem.status == EXIT_NOT_MEASURED &&
						strstr(problem.text,
							"may grow no larger (ulimit -f)")
					? DIED
					: FAILED);
	}
	_exit(FAILED);
}

static void a_file_that_may_not_grow_is_said_and_the_store_stays_sound(void **state)
{
	const char *path = made_path("limited.db");
	struct store *store;
	struct problem problem = {0};

	(void)state;
	make_store(path);
	assert_int_equal(child_of(fill_within_a_limit, path), DIED);
	assert_sound(path);
	assert_true(store_open(&store, path, STORE_READ, &problem));
	assert_true(made_count(store, "processes WHERE config = 'c'") > 0);
	store_close(store);
}

// ---- no shared memory

static void assert_works_without_log(const char *path)
{
	struct problem problem = {0};
	struct store *store;

	if (!store_open(&store, path, STORE_WRITE, &problem))
		fail_msg("%s", problem.text);
	assert_non_null(strstr(store_notice(store), "rollback journal"));
	made_comparison(store, 2);
	store_close(store);
	assert_sound(path);
	assert_true(store_open(&store, path, STORE_WRITE, &problem));
	assert_null(store_notice(store)); // it was said
	assert_int_equal(made_count(store, "sessions"), 1);
	store_close(store);
}

static void a_new_store_does_without_shared_memory(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		static const int STATUSES[] = {
			SQLITE_IOERR_SHMMAP, SQLITE_CANTOPEN, SQLITE_IOERR_SHMOPEN};
		char name[32];

		(void)snprintf(name, sizeof(name), "network%d.db", i);
		shm_status = STATUSES[i];
		assert_works_without_log(made_path(name));
	}
	shm_status = SQLITE_OK;
	must_open(made_path("network0.db"), STORE_WRITE);
	assert_sound(made_path("network0.db"));
}

// The log of a writer that died elsewhere is in it, too.
static void write_and_die(const char *path)
{
	struct problem problem = {0};
	struct store *store;

	if (!store_open(&store, path, STORE_WRITE, &problem))
		_exit(FAILED);
	made_comparison(store, 2);
	_exit(DIED);
}

static void a_store_with_a_log_is_led_to_where_there_is_no_shared_memory(void **state)
{
	const char *path = made_path("moved.db");
	struct problem problem = {0};
	struct store *store;

	(void)state;
	assert_int_equal(child_of(write_and_die, path), DIED);
	shm_status = SQLITE_IOERR_SHMMAP;
	if (!store_open(&store, path, STORE_WRITE, &problem))
		fail_msg("%s", problem.text);
	assert_non_null(store_notice(store));
	assert_int_equal(made_count(store, "sessions"), 1);
	store_close(store);
	assert_sound(path);
	shm_status = SQLITE_OK;
}

// ---- no store at all

static void a_store_in_memory_is_refused(void **state)
{
	struct problem problem = {0};
	struct store *store;

	(void)state;
	for (int mode = STORE_READ; mode <= STORE_LOOK; mode++) {
		assert_false(store_open(&store, ":memory:", mode, &problem));
		assert_int_equal(problem.status, EXIT_WRONG_USE);
		assert_non_null(strstr(problem.text, "in memory ends with the program"));
	}
}

static void a_path_may_begin_with_two_slashes(void **state)
{
	char path[600];

	(void)state;
	(void)snprintf(path, sizeof(path), "/%s", made_path("slashes.db"));
	make_store(path);
	assert_sound(path + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_writer_may_die_at_any_write),
		cmocka_unit_test(anothers_half_written_database_is_refused_and_left_untouched),
		cmocka_unit_test(a_newer_half_written_store_is_refused_and_left_untouched),
		cmocka_unit_test(a_store_with_a_rollback_journal_is_recovered_by_a_reader),
		cmocka_unit_test(a_file_that_may_not_grow_is_said_and_the_store_stays_sound),
		cmocka_unit_test(a_new_store_does_without_shared_memory),
		cmocka_unit_test(a_store_with_a_log_is_led_to_where_there_is_no_shared_memory),
		cmocka_unit_test(a_store_in_memory_is_refused),
		cmocka_unit_test(a_path_may_begin_with_two_slashes),
	};

	return cmocka_run_group_tests(tests, set_up, made_folder_remove);
}
