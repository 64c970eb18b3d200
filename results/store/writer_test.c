// SPDX-License-Identifier: GPL-2.0-or-later
// What tells a writer that lives from one that is gone, and what becomes of its session. Processes
// are made and killed here; nothing waits for time to pass.
#include "writer.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "internal.h"
#include "results/made/results.h"

// Replaces the part of a name that stands at `place` (0: host … 4: start).
static const char *with_part(const char *name, int place, const char *part)
{
	static char changed[WRITER_SIZE * 2];
	char copy[WRITER_SIZE];
	char *rest = copy;
	size_t used = 0;

	(void)snprintf(copy, sizeof(copy), "%s", name);
	for (int i = 0; i < 5; i++) {
		const char *word = strsep(&rest, " ");

		assert_non_null(word);
		used += (size_t)snprintf(changed + used, sizeof(changed) - used, "%s%s",
			i > 0 ? " " : "", i == place ? part : word);
	}
	return changed;
}

static void a_process_that_runs_is_not_gone(void **state)
{
	char name[WRITER_SIZE];

	(void)state;
	assert_non_null(writer_name(name));
	assert_false(writer_is_gone(name, true));
	assert_false(writer_is_gone(name, false));
}

static void another_process_of_the_same_pid_is_not_it(void **state)
{
	char name[WRITER_SIZE];

	(void)state;
	assert_non_null(writer_name(name));
	assert_true(writer_is_gone(with_part(name, 4, "1"), true));
	assert_true(writer_is_gone(with_part(name, 4, "1"), false));
}

static void nothing_outlives_a_restart(void **state)
{
	static const char BOOT[] = "00000000-0000-0000-0000-000000000000";
	char name[WRITER_SIZE];

	(void)state;
	assert_non_null(writer_name(name));
	assert_true(writer_is_gone(with_part(name, 1, BOOT), true));
	// Of the same host, if it is that: only a server's store is written from others.
	assert_true(writer_is_gone(with_part(name, 1, BOOT), false));
	(void)snprintf(name, sizeof(name), "elsewhere %s pid:[1] 1 1", BOOT);
	assert_true(writer_is_gone(name, true));
	assert_false(writer_is_gone(name, false));
}

static void what_cannot_be_known_is_not_gone(void **state)
{
	static const char *const NAMES[] = {
		"", "x", "a b c d e", "a b c 1", "a b c 1 2 3", "a b c -1 2"};
	char name[WRITER_SIZE];

	(void)state;
	assert_non_null(writer_name(name));
	assert_false(writer_is_gone(with_part(name, 2, "pid:[1]"), true));
	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
		assert_false(writer_is_gone(NAMES[i], true));
}

static void write_and_wait(const char *path, int ready)
{
	struct store *store;
	int64_t session;
	json_t *document = made_document("default");

	store = made_store(path);
	session = made_session(store);
	made_sample(document, "pair", 10);
	made_process(store, session, 0, "default", "pair", document);
	// The process in flight: begun, and never committed.
	if (!store_begin(store, NULL) || !store_execute(store, "DELETE FROM samples", NULL) ||
		write(ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

// A process that is writing a session into the store when this returns. The caller kills it.
static pid_t writer_start(const char *path)
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		write_and_wait(path, ready[1]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

// expected NULL: it has not ended.
static void assert_ended(struct store *store, int64_t session, const char *expected)
{
	struct store_session_facts facts;
	bool found;

	assert_true(store_session_read(store, session, &facts, &found, NULL));
	assert_true(found);
	if (expected && facts.ended)
		assert_string_equal(facts.ended, expected);
	else
		assert_true(!expected && !facts.ended);
	store_session_facts_free(&facts);
}

static void a_killed_writers_session_is_marked_and_keeps_what_was_stored(void **state)
{
	const char *path = made_path("killed.db");
	pid_t pid;
	struct store *store;
	struct store_samples samples;

	(void)state;
	pid = writer_start(path);
	assert_true(store_open(&store, path, STORE_READ, NULL));
	assert_ended(store, 1, NULL);
	store_close(store);

	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(store_open(&store, path, STORE_READ, NULL));
	assert_ended(store, 1, NULL); // a reader changes nothing
	store_close(store);

	store = made_store(path);
	assert_ended(store, 1, "cut short");
	assert_true(store_session_samples(store, 1, &samples, NULL));
	assert_int_equal(samples.count, 1);
	store_samples_free(&samples);
	store_close(store);
}

static void a_living_writers_session_is_left_alone(void **state)
{
	const char *path = made_path("living.db");
	struct store *first = made_store(path);
	int64_t session = made_session(first);
	struct store *second = made_store(path);

	(void)state;
	assert_ended(second, session, NULL);
	store_close(second);
	store_close(first);
}

static void a_session_that_was_copied_here_stays_as_it_was(void **state)
{
	const char *path = made_path("copied.db");
	const struct store_session session = {
		.command = "elsewhere", .plan = "{}", .started_unix_ns = 1, .is_copy = true};
	struct store *store = made_store(path);
	int64_t unnamed;
	int64_t id;

	(void)state;
	assert_true(store_session_begin(store, &session, &id, NULL));
	assert_true(store_query_integer(
		store, "SELECT count(*) FROM sessions WHERE writer IS NULL", &unnamed, NULL));
	assert_int_equal(unnamed, 1);
	store_close(store);
	store = made_store(path);
	assert_ended(store, id, NULL);
	store_close(store);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_process_that_runs_is_not_gone),
		cmocka_unit_test(another_process_of_the_same_pid_is_not_it),
		cmocka_unit_test(nothing_outlives_a_restart),
		cmocka_unit_test(what_cannot_be_known_is_not_gone),
		cmocka_unit_test(a_killed_writers_session_is_marked_and_keeps_what_was_stored),
		cmocka_unit_test(a_living_writers_session_is_left_alone),
		cmocka_unit_test(a_session_that_was_copied_here_stays_as_it_was),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
