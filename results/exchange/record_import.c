// SPDX-License-Identifier: GPL-2.0-or-later
// Records on their way into a store: each member is checked by its column's row before anything is
// written. Entry: record_import(). Of two records with the same key the newer stays, whichever
// comes first.
#include "record.h"

#include <stdlib.h>
#include <string.h>

#include "results/gate/gate.h"
#include "results/history/triage.h"
#include "results/store/driver.h"
#include "results/store/internal.h"
#include "results/store/machines.h"
#include "results/text/memory.h"

// A member as it goes into its column.
struct value {
	const struct record_column *column;
	const json_t *json;
	int64_t session; // of the store; 0: none
	char *text; // of an object, an id or a machine; owned
};

struct record {
	const struct record_kind *kind;
	struct value values[RECORD_COLUMNS_MAX];
	size_t count;
};

static const struct record_kind *kind_of(const json_t *line)
{
	for (size_t i = 0; i < RECORD_KINDS; i++) {
		if (json_object_get(line, record_kinds[i].member))
			return &record_kinds[i];
	}
	return NULL;
}

bool record_is_line(const json_t *line)
{
	return kind_of(line) != NULL;
}

// ---- checking

static bool is_word(const char *choices, const char *text)
{
	size_t length = strlen(text);

	while (choices) {
		const char *next = strchr(choices, '|');

		if (strcspn(choices, "|") == length && strncmp(choices, text, length) == 0)
			return true;
		choices = next ? next + 1 : NULL;
	}
	return false;
}

static bool is_id(const char *text)
{
	return strlen(text) == HISTORY_ID_SIZE - 1 &&
	       strspn(text, "0123456789abcdef") == HISTORY_ID_SIZE - 1;
}

static bool is_of_numbers(const json_t *object)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return false;
	// Walking an object takes one that may change, and changes nothing.
	json_object_foreach((json_t *)object, key, value)
	{
		if (!json_is_number(value))
			return false;
	}
	return true;
}

// What was expected in place of a value; NULL: nothing, it is good.
static const char *value_fault(const struct record_column *column, const json_t *json)
{
	const char *text = json_string_value(json);

	switch (column->type) {
	case RECORD_TEXT:
	case RECORD_MACHINE:
		return text ? NULL : "a text";
	case RECORD_TEXT_OR_NULL:
		return text || json_is_null(json) ? NULL : "a text or null";
	case RECORD_WORD:
		return text && is_word(column->choices, text) ? NULL : column->choices;
	case RECORD_NAME:
		return text && gate_baseline_is_name(text)
			       ? NULL
			       : "a name of letters, digits, dots, dashes and underscores";
	case RECORD_ID:
		return text && is_id(text) ? NULL : "ten hexadecimal digits";
	case RECORD_INTEGER:
		return json_is_integer(json) && json_number_value(json) >= column->least
			       ? NULL
			       : "a whole number that is not too small";
	case RECORD_REAL_OR_NULL:
		if (json_is_null(json))
			return NULL;
		// fallthrough
	case RECORD_REAL:
		return json_is_number(json) && json_number_value(json) >= column->least
			       ? NULL
			       : "a number that is not too small";
	case RECORD_OBJECT:
		return is_of_numbers(json) ? NULL : "an object of numbers";
	case RECORD_SESSION_OR_NULL:
		return json_is_integer(json) || json_is_null(json) ? NULL
								   : "a session's number or null";
	case RECORD_STAMP:
	case RECORD_SESSION:
	case RECORD_SESSION_NEAR:
		break;
	}
	return json_is_integer(json) ? NULL : "a whole number";
}

static bool is_of_session(enum record_type type)
{
	return type == RECORD_SESSION || type == RECORD_SESSION_OR_NULL ||
	       type == RECORD_SESSION_NEAR;
}

static bool value_read(struct value *value, const struct record_kind *kind, record_session session,
	const void *context, struct problem *problem)
{
	const struct record_column *column = value->column;
	const char *fault = value_fault(column, value->json);

	if (fault)
		return problem_set(problem, EXIT_WRONG_USE, "\"%s\": \"%s\" %s; expected %s",
			kind->member, column->member, value->json ? "is wrong" : "is missing",
			fault);
	if (column->type == RECORD_OBJECT || column->type == RECORD_ID)
		value->text = json_dumps(value->json, JSON_COMPACT | JSON_ENCODE_ANY);
	if (is_of_session(column->type) && json_is_integer(value->json))
		value->session = session(context, json_integer_value(value->json),
			column->type == RECORD_SESSION_NEAR);
	if (is_of_session(column->type) && column->type != RECORD_SESSION_OR_NULL &&
		!value->session)
		return problem_set(problem, EXIT_WRONG_USE,
			"\"%s\": \"%s\" is %lld, and no line before this one is of that session",
			kind->member, column->member, (long long)json_integer_value(value->json));
	return true;
}

static bool record_read(struct record *record, const json_t *line, record_session session,
	const void *context, struct problem *problem)
{
	const json_t *version = json_object_get(line, record->kind->member);

	if (json_integer_value(version) != 1)
		return problem_set(problem, EXIT_WRONG_USE,
			"\"%s\" is not 1, which is what this slabmark knows; use a newer slabmark",
			record->kind->member);
	while (record->kind->columns[record->count].member) {
		struct value *value = &record->values[record->count];

		value->column = &record->kind->columns[record->count++];
		value->json = json_object_get(line, value->column->member);
		if (!value_read(value, record->kind, session, context, problem))
			return false;
	}
	return true;
}

// ---- writing

static void value_bind(struct statement *statement, const struct value *value)
{
	switch (value->column->type) {
	case RECORD_TEXT:
	case RECORD_TEXT_OR_NULL:
	case RECORD_WORD:
	case RECORD_NAME:
		statement_bind_text(statement, json_string_value(value->json));
		return;
	case RECORD_ID:
	case RECORD_OBJECT:
	case RECORD_MACHINE:
		statement_bind_text(statement, value->text);
		return;
	case RECORD_INTEGER:
	case RECORD_STAMP:
		statement_bind_integer(statement, json_integer_value(value->json));
		return;
	case RECORD_REAL:
	case RECORD_REAL_OR_NULL:
		if (json_is_null(value->json))
			break;
		statement_bind_real(statement, json_number_value(value->json));
		return;
	case RECORD_SESSION:
	case RECORD_SESSION_OR_NULL:
	case RECORD_SESSION_NEAR:
		if (!value->session)
			break;
		statement_bind_integer(statement, value->session);
		return;
	}
	statement_bind_null(statement);
}

// `start`, then " WHERE a = ? AND b = ?" of the key. The caller's; NULL: no memory.
static char *key_sql(const struct record_kind *kind, const char *start)
{
	const char *glue = "WHERE";
	char *sql = NULL;
	size_t size = 0;
	FILE *text = open_memstream(&sql, &size);

	if (!text)
		return NULL;
	(void)fprintf(text, "%s FROM %s", start, kind->table);
	for (const struct record_column *column = kind->columns; column->member; column++) {
		if (!column->is_key)
			continue;
		(void)fprintf(text, " %s %s = ?", glue, column->column);
		glue = "AND";
	}
	if (fclose(text) == 0)
		return sql;
	free(sql);
	return NULL;
}

static void key_bind(struct statement *statement, const struct record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		if (record->values[i].column->is_key)
			value_bind(statement, &record->values[i]);
	}
}

static size_t stamp_at(const struct record_kind *kind)
{
	size_t i = 0;

	while (kind->columns[i].type != RECORD_STAMP)
		i++;
	return i;
}

// Whether the store holds this record, or a newer one in its place.
static bool record_is_known(
	struct store *store, const struct record *record, bool *is_known, struct problem *problem)
{
	size_t stamp = stamp_at(record->kind);
	struct statement statement = {0};
	bool has_row = false;
	bool is_good = false;
	char *start = NULL;
	char *sql = asprintf(&start, "SELECT %s", record->kind->columns[stamp].column) < 0
			    ? NULL
			    : key_sql(record->kind, start);

	is_good = sql ? statement_prepare(&statement, store, sql, problem)
		      : no_memory(problem, "the store");
	if (is_good) {
		key_bind(&statement, record);
		is_good = statement_next(&statement, &has_row, problem);
		*is_known = has_row && statement_integer(&statement, 0) >=
					       json_integer_value(record->values[stamp].json);
	}
	statement_close(&statement);
	free(start);
	free(sql);
	return is_good;
}

static bool older_remove(struct store *store, const struct record *record, struct problem *problem)
{
	char *sql = key_sql(record->kind, "DELETE");
	struct statement statement = {0};
	bool is_good = sql ? statement_prepare(&statement, store, sql, problem)
			   : no_memory(problem, "the store");

	if (is_good) {
		key_bind(&statement, record);
		is_good = statement_run(&statement, problem);
	}
	statement_close(&statement);
	free(sql);
	return is_good;
}

static bool id_is_taken(
	struct store *store, const char *id, bool *is_taken, struct problem *problem)
{
	struct statement statement;
	bool is_good = statement_prepare(
		&statement, store, "SELECT 1 FROM triage WHERE change_id = ?", problem);

	if (is_good) {
		statement_bind_text(&statement, id);
		is_good = statement_next(&statement, is_taken, problem);
	}
	statement_close(&statement);
	return is_good;
}

static const char *text_of(const struct record *record, const char *member)
{
	size_t i = 0;

	while (strcmp(record->kind->columns[i].member, member) != 0)
		i++;
	return record->values[i].text ? record->values[i].text
				      : json_string_value(record->values[i].json);
}

static int64_t session_of(const struct record *record)
{
	size_t i = 0;

	while (!is_of_session(record->kind->columns[i].type))
		i++;
	return record->values[i].session;
}

// An id is made of a session's number, so that two stores may give the same one to two changes:
// then the one that comes gets the id that its place in this store has, or the next that is free.
static bool id_settle(struct store *store, const struct record *record, struct value *value,
	struct problem *problem)
{
	char id[HISTORY_ID_SIZE];
	bool is_taken = true;

	(void)snprintf(id, sizeof(id), "%s", json_string_value(value->json));
	for (int64_t session = session_of(record);; session++) {
		if (!id_is_taken(store, id, &is_taken, problem))
			return false;
		if (!is_taken)
			break;
		triage_id(text_of(record, "name"), text_of(record, "config"),
			text_of(record, "machine"), text_of(record, "kind"), session, id);
	}
	free(value->text);
	value->text = strdup(id);
	return value->text || no_memory(problem, "the store");
}

static bool ids_settle(struct store *store, struct record *record, struct problem *problem)
{
	for (size_t i = 0; i < record->count; i++) {
		if (record->values[i].column->type == RECORD_ID &&
			!id_settle(store, record, &record->values[i], problem))
			return false;
	}
	return true;
}

static bool record_insert(struct store *store, const struct record *record, struct problem *problem)
{
	struct statement statement = {0};
	char *sql = NULL;
	size_t size = 0;
	FILE *text = open_memstream(&sql, &size);
	bool is_good;

	if (!text)
		return no_memory(problem, "the store");
	(void)fprintf(text, "INSERT INTO %s", record->kind->table);
	for (size_t i = 0; i < record->count; i++)
		(void)fprintf(text, "%s%s", i ? ", " : " (", record->values[i].column->column);
	for (size_t i = 0; i < record->count; i++)
		(void)fprintf(text, "%s?", i ? ", " : ") VALUES (");
	(void)fputc(')', text);
	is_good = fclose(text) == 0 ? statement_prepare(&statement, store, sql, problem)
				    : no_memory(problem, "the store");
	if (is_good) {
		for (size_t i = 0; i < record->count; i++)
			value_bind(&statement, &record->values[i]);
		is_good = statement_run(&statement, problem);
	}
	statement_close(&statement);
	free(sql);
	return is_good;
}

// The file may be older than today's fingerprints; its processes, which came first, or the store
// know the machine.
static bool machines_lead(struct store *store, struct record *record, struct problem *problem)
{
	for (size_t i = 0; i < record->count; i++) {
		struct value *value = &record->values[i];

		if (value->column->type == RECORD_MACHINE &&
			!store_machine_today(
				store, json_string_value(value->json), &value->text, problem))
			return false;
	}
	return true;
}

static bool record_store(
	struct store *store, struct record *record, bool *is_new, struct problem *problem)
{
	bool is_known = false;

	if (!machines_lead(store, record, problem) ||
		!record_is_known(store, record, &is_known, problem))
		return false;
	*is_new = !is_known;
	return is_known ||
	       (older_remove(store, record, problem) && ids_settle(store, record, problem) &&
		       record_insert(store, record, problem));
}

bool record_import(struct store *store, const json_t *line, record_session session,
	const void *context, bool *is_new, struct problem *problem)
{
	struct record record = {.kind = kind_of(line)};
	bool is_good = record_read(&record, line, session, context, problem) &&
		       record_store(store, &record, is_new, problem);

	for (size_t i = 0; i < record.count; i++)
		free(record.values[i].text);
	return is_good;
}
