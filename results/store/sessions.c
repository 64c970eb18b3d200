// SPDX-License-Identifier: GPL-2.0-or-later
// Lists sessions. Entry: store_sessions(). A first query gives the sessions, a second one what ran in
// them.
#include "sessions.h"

#include <stdio.h>
#include <string.h>

#include "internal.h"
#include "results/text/memory.h"
#include "results/text/timestamp.h"

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

// What the plan says the session was for; null: results.
static json_t *purpose_of(const char *plan)
{
	json_t *read = plan ? json_loads(plan, 0, NULL) : NULL;
	json_t *purpose = text_or_null(json_string_value(json_object_get(read, "purpose")));

	json_decref(read);
	return purpose;
}

// The list in `context` is an object by the session's number, which keeps its order.
static bool session_take(const struct statement *row, void *context, struct problem *problem)
{
	char started[TIMESTAMP_SIZE];
	char number[24];
	json_t *session = json_pack("{s:I, s:s, s:[], s:[], s:[], s:o, s:o, s:I, s:o}", "session",
		(json_int_t)statement_integer(row, 0), "started",
		timestamp(statement_integer(row, 1), started), "commits", "configs", "machines",
		"purpose", purpose_of(statement_peek(row, 2)), "ended",
		text_or_null(statement_peek(row, 3)), "processes",
		(json_int_t)statement_integer(row, 4), "gate",
		statement_is_null(row, 5) ? json_null() : json_integer(statement_integer(row, 5)));

	(void)snprintf(number, sizeof(number), "%lld", (long long)statement_integer(row, 0));
	return (session && json_object_set_new(context, number, session) == 0) ||
	       no_memory(problem, "the list of sessions");
}

static bool sessions_read(struct store *store, json_t *sessions, struct problem *problem)
{
	struct statement statement;
	bool is_good = statement_prepare(&statement, store,
			       "SELECT s.id, s.started_unix_ns, s.plan, s.ended,"
			       " (SELECT count(*) FROM processes AS p WHERE p.session_id = s.id),"
			       " (SELECT g.status FROM gates AS g WHERE g.session_id = s.id"
			       "  ORDER BY g.id DESC LIMIT 1)"
			       " FROM sessions AS s ORDER BY s.id",
			       problem) &&
		       statement_each(&statement, session_take, sessions, problem);

	statement_close(&statement);
	return is_good;
}

static void name_add(json_t *session, const char *list, const char *name)
{
	json_t *names = json_object_get(session, list);
	size_t i;
	const json_t *known;

	json_array_foreach(names, i, known)
	{
		if (name && strcmp(json_string_value(known), name) == 0)
			return;
	}
	if (name)
		json_array_append_new(names, json_string(name));
}

static bool run_take(const struct statement *row, void *context, struct problem *problem)
{
	char number[24];
	json_t *session;

	(void)problem;
	(void)snprintf(number, sizeof(number), "%lld", (long long)statement_integer(row, 0));
	session = json_object_get(context, number);
	name_add(session, "configs", statement_peek(row, 1));
	name_add(session, "commits", statement_peek(row, 2));
	name_add(session, "machines", statement_peek(row, 3));
	return true;
}

static bool runs_read(struct store *store, json_t *sessions, struct problem *problem)
{
	struct statement statement;
	bool is_good = statement_prepare(&statement, store,
			       "SELECT p.session_id, p.config, b.\"commit\", m.fingerprint,"
			       " min(p.id) AS first_id"
			       " FROM processes AS p JOIN builds AS b ON b.id = p.build_id"
			       " LEFT JOIN machines AS m ON m.id = p.machine_id"
			       " GROUP BY p.session_id, p.config, b.\"commit\", m.fingerprint"
			       " ORDER BY first_id",
			       problem) &&
		       statement_each(&statement, run_take, sessions, problem);

	statement_close(&statement);
	return is_good;
}

json_t *store_sessions(struct store *store, struct problem *problem)
{
	json_t *sessions = json_object();
	json_t *list = json_array();
	const char *number;
	json_t *session;

	if (sessions_read(store, sessions, problem) && runs_read(store, sessions, problem)) {
		json_object_foreach(sessions, number, session) json_array_append(list, session);
	} else {
		json_decref(list);
		list = NULL;
	}
	json_decref(sessions);
	return list;
}
