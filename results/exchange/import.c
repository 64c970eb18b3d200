// SPDX-License-Identifier: GPL-2.0-or-later
// Fills a store from files that were read elsewhere, each whole or not at all; and from our own
// lines. Entries: import_file_begin(), import_line(). Every value is checked by type before it is
// used; what the samples must be is document/document.c's to say.
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "import_internal.h"
#include "record.h"
#include "results/store/internal.h"
#include "results/store/machines.h"
#include "results/text/memory.h"

struct import *import_begin(struct store *store, const struct import_options *options)
{
	struct import *import = calloc(1, sizeof(*import));

	if (!import)
		return NULL;
	import->store = store;
	import->options = *options;
	import->rounds = json_object();
	return import;
}

void import_free(struct import *import)
{
	if (!import)
		return;
	json_decref(import->rounds);
	json_decref(import->rounds_before);
	free(import->maps);
	free(import);
}

struct import_counts import_counts(const struct import *import)
{
	return import->counts;
}

bool import_file_begin(
	struct import *import, const struct import_file *file, struct problem *problem)
{
	import->file = *file;
	import->is_date_said = false;
	import->counts_before = import->counts;
	import->session_before = import->session;
	json_decref(import->rounds_before);
	import->rounds_before = json_copy(import->rounds);
	import->maps_count = 0;
	return store_begin(import->store, problem) &&
	       store_session_newest(import->store, NULL, 0, &import->newest_before, problem) &&
	       store_query_integer(import->store, "SELECT coalesce(max(id), 0) FROM processes",
		       &import->newest_process, problem);
}

bool import_file_end(struct import *import, bool is_good, struct problem *problem)
{
	if (is_good && store_commit(import->store, problem))
		return true;
	store_rollback(import->store);
	import->counts = import->counts_before;
	import->session = import->session_before;
	json_decref(import->rounds);
	import->rounds = import->rounds_before;
	import->rounds_before = NULL;
	return false;
}

bool import_process_add(struct import *import, const struct store_process *process,
	const json_t *document, struct problem *problem)
{
	if (!store_process_add(import->store, process, document, problem))
		return false;
	import->counts.processes++;
	return true;
}

// ---- lines

// The members of a line as they are read.
struct line {
	json_int_t version;
	json_int_t session;
	json_int_t round;
	json_int_t position;
	json_int_t session_started;
	json_int_t started;
	double elapsed_s;
	const char *command;
	const char *plan;
	const char *ended; // NULL: it did not end
	const char *config;
	const char *workload;
	const json_t *document;
};

static bool line_read(const json_t *json, struct line *line, struct problem *problem)
{
	json_error_t error;
	json_t *ended;

	// Unpacking takes a const value and changes nothing.
	if (json_unpack_ex((json_t *)json, &error, 0,
		    "{s:I, s:{s:I, s:s, s:s, s:I, s:o}, s:{s:I, s:I, s:s, s:s, s:I, s:F}, s:o}",
		    "slabmark_process", &line->version, "session", "id", &line->session, "command",
		    &line->command, "plan", &line->plan, "started_unix_ns", &line->session_started,
		    "ended", &ended, "process", "round", &line->round, "position", &line->position,
		    "config", &line->config, "workload", &line->workload, "started_unix_ns",
		    &line->started, "elapsed_s", &line->elapsed_s, "document",
		    &line->document) != 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"not a line of `slabmark export --format=jsonl`: %s", error.text);
	line->ended = json_string_value(ended);
	if (!line->ended && !json_is_null(ended))
		return problem_set(problem, EXIT_WRONG_USE,
			"\"session\".\"ended\" is neither a text nor null");
	if (line->version != 1)
		return problem_set(problem, EXIT_WRONG_USE,
			"\"slabmark_process\" is %lld, and this slabmark knows 1; use a newer "
			"slabmark",
			(long long)line->version);
	if (line->round < 0 || line->round >= INT_MAX || line->position < INT_MIN ||
		line->position > INT_MAX)
		return problem_set(problem, EXIT_WRONG_USE,
			"\"round\" or \"position\" is out of range; expected a place in a plan");
	return true;
}

// The session of the store that the line's is, 0 where there is none: asked by the same command,
// plan and start. What this file has brought is not asked for, because a file may tell sessions
// apart that these three do not.
static bool session_known(
	struct import *import, const struct line *line, int64_t *here, struct problem *problem)
{
	struct statement statement;
	bool has_row = false;
	bool is_good = statement_prepare(&statement, import->store,
		"SELECT id FROM sessions WHERE command = ? AND plan = ? AND started_unix_ns = ? "
		"AND id <= ? ORDER BY id",
		problem);

	if (is_good) {
		statement_bind_text(&statement, line->command);
		statement_bind_text(&statement, line->plan);
		statement_bind_integer(&statement, line->session_started);
		statement_bind_integer(&statement, import->newest_before);
		is_good = statement_next(&statement, &has_row, problem);
	}
	*here = has_row ? statement_integer(&statement, 0) : 0;
	statement_close(&statement);
	return is_good;
}

// A session that was still running when it came first may have ended since.
static bool session_end_known(
	struct import *import, int64_t here, const char *ended, struct problem *problem)
{
	struct statement statement;
	bool is_good = statement_prepare(&statement, import->store,
		"UPDATE sessions SET ended = ? WHERE id = ? AND (ended IS NULL OR ended = 'cut "
		"short')",
		problem);

	if (is_good) {
		statement_bind_text(&statement, ended);
		statement_bind_integer(&statement, here);
		is_good = statement_run(&statement, problem);
	}
	statement_close(&statement);
	return is_good;
}

static bool session_make(
	struct import *import, const struct line *line, int64_t *here, struct problem *problem)
{
	const struct store_session session = {.command = line->command,
		.plan = line->plan,
		.started_unix_ns = line->session_started,
		.is_copy = true};

	if (!session_known(import, line, here, problem))
		return false;
	if (*here)
		return !line->ended || session_end_known(import, *here, line->ended, problem);
	return store_session_begin(import->store, &session, here, problem) &&
	       (!line->ended || store_session_end(import->store, *here, line->ended, problem));
}

// The session of a line in the store, made when this file names it for the first time. NULL: the
// problem says why.
static struct session_map *session_find(
	struct import *import, const struct line *line, struct problem *problem)
{
	struct session_map *maps;
	int64_t here;

	for (size_t i = import->maps_count; i > 0; i--) {
		if (import->maps[i - 1].there == line->session)
			return &import->maps[i - 1];
	}
	maps = array_grown(import->maps, import->maps_count, sizeof(*maps));
	if (!maps) {
		no_memory(problem, "the import");
		return NULL;
	}
	import->maps = maps;
	if (!session_make(import, line, &here, problem))
		return NULL;
	maps += import->maps_count++;
	*maps = (struct session_map){
		.there = line->session, .here = here, .is_known = here <= import->newest_before};
	return maps;
}

// Whether the store has the process, in this session or in a twin of it: the same place in the plan
// at the same time.
static bool process_is_there(struct import *import, const struct store_process *process,
	bool *is_there, struct problem *problem)
{
	struct statement statement;
	bool is_good = statement_prepare(&statement, import->store,
		"SELECT 1 FROM processes AS p JOIN sessions AS s ON s.id = p.session_id JOIN "
		"sessions AS own ON own.command = s.command AND own.plan = s.plan AND "
		"own.started_unix_ns = s.started_unix_ns WHERE own.id = ? AND (s.id = own.id OR "
		"s.id <= ?) AND p.config = ? AND p.round = ? AND p.position = ? AND p.workload = ? "
		"AND p.started_unix_ns = ? LIMIT 1",
		problem);

	*is_there = false;
	if (is_good) {
		statement_bind_integer(&statement, process->session);
		statement_bind_integer(&statement, import->newest_before);
		statement_bind_text(&statement, process->config);
		statement_bind_integer(&statement, process->round);
		statement_bind_integer(&statement, process->position);
		statement_bind_text(&statement, process->workload);
		statement_bind_integer(&statement, process->started_unix_ns);
		is_good = statement_next(&statement, is_there, problem);
	}
	statement_close(&statement);
	return is_good;
}

// Records that follow may name the machine as the document does.
static bool machine_learn(struct import *import, const json_t *document, struct problem *problem)
{
	json_t *led = store_document_lead(import->store, document, problem);

	json_decref(led);
	return led != NULL;
}

static bool process_line(struct import *import, const json_t *json, struct problem *problem)
{
	struct store_process process;
	struct session_map *map;
	struct line line;
	bool is_there = false;

	if (!line_read(json, &line, problem))
		return false;
	map = session_find(import, &line, problem);
	if (!map)
		return false;
	process = (struct store_process){.session = map->here,
		.round = (int)line.round,
		.position = (int)line.position,
		.config = line.config,
		.workload = line.workload,
		.started_unix_ns = line.started,
		.elapsed_s = line.elapsed_s,
		.is_foreign = true};
	if (map->is_known && !process_is_there(import, &process, &is_there, problem))
		return false;
	if (is_there) {
		import->counts.processes_known++;
		return machine_learn(import, line.document, problem);
	}
	import->counts.sessions += !map->is_counted;
	map->is_counted = true;
	return import_process_add(import, &process, line.document, problem);
}

// ---- records

// Sessions that a file has lines of are in its map. What lay in a session that is pruned lies where
// the next one begins.
static int64_t session_here(const void *context, int64_t there, bool is_near)
{
	const struct import *import = context;
	const struct session_map *next = NULL;
	const struct session_map *last = NULL;

	for (size_t i = 0; i < import->maps_count; i++) {
		const struct session_map *map = &import->maps[i];

		if (map->there == there)
			return map->here;
		if (map->there > there && (!next || map->there < next->there))
			next = map;
		if (!last || map->there > last->there)
			last = map;
	}
	if (!is_near || !last)
		return 0;
	return next ? next->here : last->here;
}

static bool record_line(struct import *import, const json_t *json, struct problem *problem)
{
	bool is_new = false;

	if (!record_import(import->store, json, session_here, import, &is_new, problem))
		return false;
	import->counts.records += is_new;
	import->counts.records_known += !is_new;
	return true;
}

bool import_line(struct import *import, const json_t *json, struct problem *problem)
{
	return record_is_line(json) ? record_line(import, json, problem)
				    : process_line(import, json, problem);
}
