// SPDX-License-Identifier: GPL-2.0-or-later
// Everything that was recorded of the processes of some sessions: the nights that the site is about,
// and those in which a change was first seen. Entry: site_runs(). A year of raw samples would be no
// site any more; the page says how `slabmark export` gives those of the other sessions.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/store/internal.h"
#include "results/text/memory.h"
#include "site.h"

enum { RUNS_MAX = 40 }; // sessions

static const char PROCESSES_SQL[] =
	"SELECT id, round, position, config, workload, started_unix_ns, elapsed_s, context"
	" FROM processes WHERE session_id = ?1 ORDER BY round, position, id";
static const char SAMPLES_SQL[] =
	"SELECT s.process_id, s.name, s.run_type, s.aggregate_name, s.repetition, s.threads,"
	" s.iterations, s.real_time_ns, s.cpu_time_ns, s.label, s.failed, s.error_message,"
	" s.counters FROM samples AS s JOIN processes AS p ON p.id = s.process_id"
	" WHERE p.session_id = ?1 ORDER BY s.process_id, s.id";

struct run {
	struct site *site;
	json_t *processes; // in the order of the plan
	json_t *by_id; // the same
};

static json_t *text_of(const struct statement *row, int column)
{
	const char *text = statement_peek(row, column);

	return text ? json_string(text) : json_null();
}

static json_t *number_of(const struct statement *row, int column)
{
	return statement_is_null(row, column) ? json_null()
					      : json_integer(statement_integer(row, column));
}

static bool process_take(const struct statement *row, void *context, struct problem *problem)
{
	struct run *run = context;
	const char *recorded = statement_peek(row, 7);
	char key[24];
	json_t *facts = recorded ? json_loads(recorded, 0, NULL) : NULL;
	json_t *process = json_pack("{s:I, s:I, s:I, s:o, s:o, s:I, s:o, s:o, s:[]}", "id",
		(json_int_t)statement_integer(row, 0), "round",
		(json_int_t)statement_integer(row, 1), "position",
		(json_int_t)statement_integer(row, 2), "config", text_of(row, 3), "workload",
		text_of(row, 4), "started", (json_int_t)(statement_integer(row, 5) / NS_A_SECOND),
		"elapsed_s", real_or_null(statement_real(row, 6)), "facts",
		facts ? facts : json_object(), "samples");

	(void)snprintf(key, sizeof(key), "%lld", (long long)statement_integer(row, 0));
	if (!process || json_object_set(run->by_id, key, process) != 0 ||
		json_array_append_new(run->processes, process) != 0)
		return no_memory(problem, "the site");
	return true;
}

// What is 0, empty or as in all samples is left out.
static json_t *sample_json(const struct statement *row)
{
	const char *counters = statement_peek(row, 12);
	json_t *read = counters ? json_loads(counters, 0, NULL) : NULL;
	json_t *sample = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name", text_of(row, 1),
		"repetition", number_of(row, 4), "threads", number_of(row, 5), "iterations",
		number_of(row, 6), "ns", real_or_null(statement_real(row, 7)), "cpu_ns",
		real_or_null(statement_real(row, 8)), "counters", read ? read : json_object());

	if (!statement_is_null(row, 3))
		json_object_set_new(sample, "aggregate", text_of(row, 3));
	if (!statement_is_null(row, 9))
		json_object_set_new(sample, "label", text_of(row, 9));
	if (statement_integer(row, 10) != 0)
		json_object_set_new(sample, "error", text_of(row, 11));
	return sample;
}

static bool sample_take(const struct statement *row, void *context, struct problem *problem)
{
	struct run *run = context;
	char key[24];
	json_t *process;

	(void)problem;
	(void)snprintf(key, sizeof(key), "%lld", (long long)statement_integer(row, 0));
	process = json_object_get(run->by_id, key);
	json_array_append_new(json_object_get(process, "samples"), sample_json(row));
	return true;
}

// The facts that all processes share, which are taken away from each of them.
static json_t *facts_in_common(json_t *processes)
{
	json_t *common = json_deep_copy(json_object_get(json_array_get(processes, 0), "facts"));
	size_t i;
	json_t *process;
	const char *name;
	json_t *value;
	void *next;

	json_array_foreach(processes, i, process)
	{
		json_object_foreach_safe(common, next, name, value)
		{
			json_t *facts_of = json_object_get(process, "facts");

			if (!json_equal(value, json_object_get(facts_of, name)))
				json_object_del(common, name);
		}
	}
	json_array_foreach(processes, i, process)
	{
		json_object_foreach(common, name, value)
			json_object_del(json_object_get(process, "facts"), name);
	}
	return common ? common : json_object();
}

static bool rows_each(struct run *run, const char *sql, int64_t session,
	bool (*take)(const struct statement *row, void *context, struct problem *problem))
{
	struct statement statement;
	bool is_good = statement_prepare(&statement, run->site->store, sql, run->site->problem);

	if (is_good)
		statement_bind_integer(&statement, session);
	is_good = is_good && statement_each(&statement, take, run, run->site->problem);
	statement_close(&statement);
	return is_good;
}

static bool run_add(struct site *site, int64_t session)
{
	struct run run = {site, json_array(), json_object()};
	bool is_good = rows_each(&run, PROCESSES_SQL, session, process_take) &&
		       rows_each(&run, SAMPLES_SQL, session, sample_take);
	char name[CHUNK_NAME_SIZE];

	(void)snprintf(name, sizeof(name), "run/%lld", (long long)session);
	if (is_good)
		chunk_add(&site->chunks, name,
			json_pack("{s:I, s:o, s:O}", "session", (json_int_t)session, "facts",
				facts_in_common(run.processes), "processes", run.processes));
	json_decref(run.by_id);
	json_decref(run.processes);
	return is_good;
}

// ---- which

static void session_choose(json_t *chosen, int64_t session)
{
	size_t i;
	json_t *known;

	json_array_foreach(chosen, i, known)
	{
		if (json_integer_value(known) == session)
			return;
	}
	if (json_array_size(chosen) < RUNS_MAX)
		json_array_append_new(chosen, json_integer(session));
}

static int newest_first(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left;
	int64_t b = *(const int64_t *)right;

	return (a < b) - (a > b);
}

// The sessions of all changes, the newest first. Returns how many; the caller frees them.
static size_t change_sessions(const struct history *history, int64_t **sessions)
{
	size_t room = 0;
	size_t count = 0;

	for (size_t i = 0; i < history->count; i++)
		room += history->items[i].found.count;
	*sessions = calloc(room + 1, sizeof(**sessions));
	for (size_t i = 0; *sessions && i < history->count; i++) {
		const struct history_series *series = &history->items[i];

		for (size_t k = 0; k < series->found.count; k++)
			(*sessions)[count++] = series->sessions[series->found.items[k].index];
	}
	if (count > 0)
		qsort(*sessions, count, sizeof(**sessions), newest_first);
	return count;
}

bool site_runs(struct site *site, json_t *index)
{
	json_t *chosen = json_array();
	int64_t *changes = NULL;
	size_t count = change_sessions(&site->history, &changes);
	bool is_good = true;

	for (size_t i = 0; i < site->nights_count; i++)
		session_choose(chosen, site->nights[i].session);
	for (size_t i = 0; !site->options->single_file && i < count; i++)
		session_choose(chosen, changes[i]);
	for (size_t i = 0; is_good && i < json_array_size(chosen); i++)
		is_good = run_add(site, json_integer_value(json_array_get(chosen, i)));
	json_object_set_new(index, "runs", chosen);
	free(changes);
	return is_good;
}
