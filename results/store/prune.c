// SPDX-License-Identifier: GPL-2.0-or-later
// Takes old sessions out of a store, by age and by rules on what stays. Entry: store_prune(). The
// sessions are read with what speaks for each, the choice is made on that list, and what is chosen
// goes in one transaction.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "driver.h"
#include "results/text/memory.h"
#include "results/text/timestamp.h"
#include "upkeep.h"
#include "writer.h"

struct session {
	int64_t id;
	int64_t started_unix_ns;
	int64_t machine; // 0: none is known
	int64_t processes;
	int64_t samples;
	bool is_running;
	bool is_named; // by a baseline
	bool is_good; // it passed the gate
	bool has_purpose; // it holds no results: a calibration, a gate's confirmation
	bool is_old;
	const char *why; // it stays; NULL: nothing speaks for it
};

struct sessions {
	struct session *items; // by machine, the newest first
	size_t count;
};

// A session is one machine's; one of several counts as that of its first process.
static const char SESSIONS_SQL[] =
	"SELECT s.id, s.started_unix_ns, coalesce((SELECT p.machine_id FROM processes AS p WHERE "
	"p.session_id = s.id ORDER BY p.id LIMIT 1), 0) AS machine,"
	" (SELECT count(*) FROM processes AS p WHERE p.session_id = s.id),"
	" (SELECT count(*) FROM samples AS a JOIN processes AS p ON p.id = a.process_id WHERE "
	"p.session_id = s.id),"
	" CASE WHEN s.ended IS NULL THEN s.writer END,"
	" (SELECT count(*) FROM baselines AS b WHERE b.session_id = s.id),"
	" (SELECT count(*) FROM gates AS g WHERE g.session_id = s.id AND g.status = 0),"
	" CASE WHEN " SESSION_HAS_PURPOSE(
		"s.plan") " THEN 1 ELSE 0 END"
			  " FROM sessions AS s ORDER BY machine, s.started_unix_ns DESC, s.id DESC";

static bool session_take(
	struct sessions *sessions, const struct statement *statement, struct problem *problem)
{
	const char *writer = statement_peek(statement, 5);
	bool is_local = statement->store->driver == &store_sqlite;
	struct session *items =
		array_grown(sessions->items, sessions->count, sizeof(struct session));

	if (!items)
		return no_memory(problem, "the store");
	sessions->items = items;
	items[sessions->count++] = (struct session){
		.id = statement_integer(statement, 0),
		.started_unix_ns = statement_integer(statement, 1),
		.machine = statement_integer(statement, 2),
		.processes = statement_integer(statement, 3),
		.samples = statement_integer(statement, 4),
		.is_running = writer && !writer_is_gone(writer, is_local),
		.is_named = statement_integer(statement, 6) != 0,
		.is_good = statement_integer(statement, 7) != 0,
		.has_purpose = statement_integer(statement, 8) != 0,
	};
	return true;
}

static bool sessions_read(struct store *store, struct sessions *sessions, struct problem *problem)
{
	struct statement statement;
	bool has_row = true;
	bool is_good = statement_prepare(&statement, store, SESSIONS_SQL, problem);

	while (is_good && has_row) {
		is_good = statement_next(&statement, &has_row, problem);
		if (is_good && has_row)
			is_good = session_take(sessions, &statement, problem);
	}
	statement_close(&statement);
	return is_good;
}

// ---- what stays

// Weeks since the one of 1970-01-01, from Monday on; that day was a Thursday.
static int64_t week_of(int64_t unix_ns)
{
	int64_t days = unix_ns / 1000000000 / 86400 - (unix_ns < 0);

	return (days + 3) / 7 - (days + 3 < 0);
}

static int64_t month_of(int64_t unix_ns)
{
	time_t seconds = (time_t)(unix_ns / 1000000000);
	struct tm parts = {0};

	(void)gmtime_r(&seconds, &parts);
	return (int64_t)parts.tm_year * 12 + parts.tm_mon;
}

static void keep(struct session *session, const char *why)
{
	if (!session->why)
		session->why = why;
}

// The newest of each machine first, so that the first of a week or month is the one that stands for
// it. The rules are about results.
static void keep_by_rule(struct sessions *sessions, const struct store_prune_options *options)
{
	const struct session *before = NULL;
	size_t newer = 0; // of the same machine
	bool was_good = false; // one of these passed the gate

	for (size_t i = 0; i < sessions->count; i++) {
		struct session *session = &sessions->items[i];
		bool is_first = !before || before->machine != session->machine;

		if (session->has_purpose)
			continue;
		newer = is_first ? 0 : newer + 1;
		was_good = !is_first && was_good;
		if (session->is_good && !was_good)
			keep(session, "the newest that passed the gate");
		was_good = was_good || session->is_good;
		if (newer < options->keep_last)
			keep(session, "one of the last");
		if (options->keep_weekly && (is_first || week_of(before->started_unix_ns) !=
								 week_of(session->started_unix_ns)))
			keep(session, "the newest of its week");
		if (options->keep_monthly &&
			(is_first || month_of(before->started_unix_ns) !=
					     month_of(session->started_unix_ns)))
			keep(session, "the newest of its month");
		before = session;
	}
}

static void choose(struct sessions *sessions, const struct store_prune_options *options)
{
	for (size_t i = 0; i < sessions->count; i++) {
		struct session *session = &sessions->items[i];

		session->is_old = session->started_unix_ns < options->before_unix_ns;
		if (session->is_running)
			keep(session, "it runs still");
		if (session->is_named)
			keep(session, "a baseline names it");
	}
	keep_by_rule(sessions, options);
}

// ---- what goes

static bool sessions_delete(
	struct store *store, const struct sessions *sessions, struct problem *problem)
{
	struct statement statement;
	bool is_good =
		statement_prepare(&statement, store, "DELETE FROM sessions WHERE id = ?", problem);

	for (size_t i = 0; is_good && i < sessions->count; i++) {
		if (!sessions->items[i].is_old || sessions->items[i].why)
			continue;
		statement_bind_integer(&statement, sessions->items[i].id);
		is_good = statement_run(&statement, problem);
	}
	statement_close(&statement);
	return is_good;
}

static json_t *outcome(const struct store *store, const struct sessions *sessions, bool is_dry_run)
{
	json_t *pruned = json_array();
	json_t *kept = json_array();

	for (size_t i = 0; i < sessions->count; i++) {
		const struct session *session = &sessions->items[i];
		char started[TIMESTAMP_SIZE];

		if (!session->is_old)
			continue;
		(void)timestamp(session->started_unix_ns, started);
		if (session->why)
			json_array_append_new(kept,
				json_pack("{s:I, s:s, s:s}", "session", (json_int_t)session->id,
					"started", started, "why", session->why));
		else
			json_array_append_new(
				pruned, json_pack("{s:I, s:s, s:I, s:I}", "session",
						(json_int_t)session->id, "started", started,
						"processes", (json_int_t)session->processes,
						"samples", (json_int_t)session->samples));
	}
	return json_pack("{s:s, s:b, s:o, s:o}", "store", store->path, "is_dry_run", is_dry_run,
		"pruned", pruned, "kept", kept);
}

json_t *store_prune(
	struct store *store, const struct store_prune_options *options, struct problem *problem)
{
	struct sessions sessions = {0};
	json_t *result = NULL;
	bool is_good = options->is_dry_run || store_begin(store, problem);

	is_good = is_good && sessions_read(store, &sessions, problem);
	if (is_good) {
		choose(&sessions, options);
		is_good = options->is_dry_run || (sessions_delete(store, &sessions, problem) &&
							 store_commit(store, problem));
	}
	if (is_good)
		result = outcome(store, &sessions, options->is_dry_run);
	store_rollback(store); // nothing where all went well
	free(sessions.items);
	return result;
}
