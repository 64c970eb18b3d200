// SPDX-License-Identifier: GPL-2.0-or-later
// The kinds of records, and their way out of the store. Entry: records_export(). The way in is
// record_import.c's.
#include "record.h"

#include <math.h>
#include <stdlib.h>

#include "results/history/triage.h"
#include "results/store/internal.h"
#include "results/text/memory.h"

// A session that has no process is in no line, and neither is what belongs to it.
#define OF_SESSIONS                                                                                \
	" AS r WHERE EXISTS (SELECT 1 FROM processes AS p WHERE p.session_id = r.session_id)"

const struct record_kind record_kinds[RECORD_KINDS] = {
	{"slabmark_judgement", "triage", " WHERE EXISTS (SELECT 1 FROM processes) ORDER BY id",
		{
			{"id", "change_id", RECORD_ID, false, NULL, 0},
			{"name", "name", RECORD_TEXT, true, NULL, 0},
			{"config", "config", RECORD_TEXT, true, NULL, 0},
			{"machine", "machine", RECORD_MACHINE, true, NULL, 0},
			{"kind", "kind", RECORD_WORD, true, "step|drift", 0},
			{"direction", "direction", RECORD_WORD, true, "up|down", 0},
			{"session", "session", RECORD_SESSION_NEAR, true, NULL, 0},
			{"state", "state", RECORD_WORD, false, TRIAGE_STATES, 0},
			{"note", "note", RECORD_TEXT_OR_NULL, false, NULL, 0},
			{"changed_unix_ns", "changed_unix_ns", RECORD_STAMP, false, NULL, 0},
		}},
	{"slabmark_calibration", "calibrations", " ORDER BY id",
		{
			{"machine", "fingerprint", RECORD_MACHINE, true, NULL, 0},
			{"series", "series", RECORD_TEXT, true, NULL, 0},
			{"config", "config", RECORD_TEXT, true, NULL, 0},
			{"session", "session_id", RECORD_SESSION_OR_NULL, false, NULL, 0},
			{"created_unix_ns", "created_unix_ns", RECORD_STAMP, true, NULL, 0},
			{"rounds", "rounds", RECORD_INTEGER, false, NULL, 1},
			{"spread", "spread", RECORD_REAL, false, NULL, 0},
			{"layout", "layout", RECORD_REAL_OR_NULL, false, NULL, 0},
			{"smallest", "smallest", RECORD_OBJECT, false, NULL, 0},
			{"margin", "margin", RECORD_REAL, false, NULL, 0},
		}},
	{"slabmark_baseline", "baselines", OF_SESSIONS " ORDER BY name",
		{
			{"name", "name", RECORD_NAME, true, NULL, 0},
			{"session", "session_id", RECORD_SESSION, false, NULL, 0},
			{"created_unix_ns", "created_unix_ns", RECORD_STAMP, false, NULL, 0},
			{"note", "note", RECORD_TEXT_OR_NULL, false, NULL, 0},
		}},
	{"slabmark_gate", "gates", OF_SESSIONS " ORDER BY id",
		{
			{"session", "session_id", RECORD_SESSION, true, NULL, 0},
			{"created_unix_ns", "created_unix_ns", RECORD_STAMP, true, NULL, 0},
			{"baseline", "baseline", RECORD_TEXT, true, NULL, 0},
			{"status", "status", RECORD_INTEGER, true, NULL, 0},
		}},
	{"slabmark_accepted", "accepted", " ORDER BY id",
		{
			{"machine", "fingerprint", RECORD_MACHINE, true, NULL, 0},
			{"config", "config", RECORD_TEXT, true, NULL, 0},
			{"series", "series", RECORD_TEXT, true, NULL, 0},
			{"metric", "metric", RECORD_TEXT, true, NULL, 0},
			{"value", "value", RECORD_REAL, true, NULL, -INFINITY},
			{"reason", "reason", RECORD_TEXT, true, NULL, 0},
			{"accepted_unix_ns", "created_unix_ns", RECORD_STAMP, true, NULL, 0},
		}},
};

// The caller's; NULL: no memory.
static char *select_sql(const struct record_kind *kind)
{
	char *sql = NULL;
	size_t size = 0;
	FILE *text = open_memstream(&sql, &size);

	if (!text)
		return NULL;
	for (const struct record_column *column = kind->columns; column->member; column++)
		(void)fprintf(
			text, "%s %s", column == kind->columns ? "SELECT" : ",", column->column);
	(void)fprintf(text, " FROM %s%s", kind->table, kind->rest);
	if (fclose(text) == 0)
		return sql;
	free(sql);
	return NULL;
}

// NULL: not what the column may hold, or no memory.
static json_t *column_json(
	const struct record_column *column, const struct statement *statement, int i)
{
	if (statement_is_null(statement, i))
		return column->type == RECORD_TEXT_OR_NULL || column->type == RECORD_REAL_OR_NULL ||
				       column->type == RECORD_SESSION_OR_NULL
			       ? json_null()
			       : NULL;
	switch (column->type) {
	case RECORD_TEXT:
	case RECORD_TEXT_OR_NULL:
	case RECORD_MACHINE:
	case RECORD_WORD:
	case RECORD_NAME:
	case RECORD_ID:
		return json_string(statement_peek(statement, i));
	case RECORD_REAL:
	case RECORD_REAL_OR_NULL:
		return json_real(statement_real(statement, i));
	case RECORD_OBJECT:
		return json_loads(statement_peek(statement, i), 0, NULL);
	case RECORD_INTEGER:
	case RECORD_STAMP:
	case RECORD_SESSION:
	case RECORD_SESSION_OR_NULL:
	case RECORD_SESSION_NEAR:
		break;
	}
	return json_integer(statement_integer(statement, i));
}

// Where the records of a kind go.
struct target {
	const struct record_kind *kind;
	FILE *output;
};

static bool record_write(const struct statement *statement, void *context, struct problem *problem)
{
	const struct target *target = context;
	const struct record_kind *kind = target->kind;
	json_t *line = json_pack("{s:i}", kind->member, 1);
	bool is_good = line != NULL;

	for (int i = 0; is_good && kind->columns[i].member; i++) {
		const struct record_column *column = &kind->columns[i];

		is_good = json_object_set_new(
				  line, column->member, column_json(column, statement, i)) == 0;
	}
	if (!is_good)
		(void)store_damaged(statement->store, kind->table, problem);
	else if (json_dumpf(line, target->output, JSON_COMPACT) != 0 ||
		 fputc('\n', target->output) == EOF)
		is_good = problem_set(problem, EXIT_NOT_MEASURED, "could not write the lines");
	json_decref(line);
	return is_good;
}

static bool kind_export(
	struct store *store, const struct record_kind *kind, FILE *output, struct problem *problem)
{
	char *sql = select_sql(kind);
	struct target target = {kind, output};
	struct statement statement = {0};
	bool is_good = sql ? statement_prepare(&statement, store, sql, problem)
			   : no_memory(problem, "the export");

	free(sql);
	is_good = is_good && statement_each(&statement, record_write, &target, problem);
	statement_close(&statement);
	return is_good;
}

bool records_export(struct store *store, FILE *output, struct problem *problem)
{
	for (size_t i = 0; i < RECORD_KINDS; i++) {
		if (!kind_export(store, &record_kinds[i], output, problem))
			return false;
	}
	return true;
}
