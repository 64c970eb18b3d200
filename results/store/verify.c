// SPDX-License-Identifier: GPL-2.0-or-later
// Whether all in a store is sound. Each check adds what it finds to a list of faults; one that
// stumbles over damage adds that and lets the next have its turn. Entry: store_verify().
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"
#include "upkeep.h"

enum { FAULTS_MAX = 100 };

struct verification {
	struct store *store;
	json_t *faults;
	json_int_t left_out; // beyond FAULTS_MAX
	struct problem *problem;
};

// text is NULL where it could not be made: no UTF-8, as damage leaves it. The fault counts all the
// same.
static void fault_add(struct verification *verification, json_t *text)
{
	if (!text)
		text = json_string("a fault that is no readable text");
	if (json_array_size(verification->faults) < FAULTS_MAX) {
		json_array_append_new(verification->faults, text);
		return;
	}
	verification->left_out++;
	json_decref(text);
}

// A check that did not come to its end: damage is what was looked for, anything else ends the
// verification.
static bool check_ended(struct verification *verification, bool is_good, const char *what,
	const struct problem *problem)
{
	if (is_good)
		return true;
	if (problem->status != EXIT_WRONG_USE) {
		*verification->problem = *problem;
		return false;
	}
	fault_add(verification,
		json_sprintf("%s could not be read to the end: %s", what, problem->text));
	return true;
}

// SQLite reports many faults in one text, below a headline between stars; "ok" is none.
static void lines_add(struct verification *verification, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		if (length > 0 && *text != '*' && strcmp(text, "ok") != 0)
			fault_add(verification, json_stringn(text, length));
		text += length + (text[length] == '\n');
	}
}

// Runs a query whose rows are faults.
static bool check_rows(struct verification *verification, const char *what, const char *sql)
{
	struct problem problem = {0};
	struct statement statement;
	bool has_row = true;
	bool is_good = statement_prepare(&statement, verification->store, sql, &problem);

	while (is_good && has_row) {
		is_good = statement_next(&statement, &has_row, &problem);
		if (!is_good || !has_row)
			break;
		if (!statement_is_null(&statement, 0))
			lines_add(verification, statement_peek(&statement, 0));
	}
	statement_close(&statement);
	return check_ended(verification, is_good, what, &problem);
}

// ---- what the rows say

// Texts that are to hold JSON objects: id and text of each row.
static const struct {
	const char *table;
	const char *column;
} OBJECTS[] = {{"sessions", "plan"}, {"processes", "context"}, {"samples", "counters"}};

static bool is_object(const char *text)
{
	json_t *json = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
	bool is_one = json_is_object(json);

	json_decref(json);
	return is_one;
}

static bool check_objects(struct verification *verification, const char *table, const char *column)
{
	char sql[128];
	struct problem problem = {0};
	struct statement statement;
	bool has_row = true;
	bool is_good;

	(void)snprintf(sql, sizeof(sql), "SELECT id, %s FROM %s ORDER BY id", column, table);
	is_good = statement_prepare(&statement, verification->store, sql, &problem);
	while (is_good && has_row) {
		is_good = statement_next(&statement, &has_row, &problem);
		if (is_good && has_row && !is_object(statement_peek(&statement, 1)))
			fault_add(verification,
				json_sprintf("%s, row %lld: %s is no JSON object", table,
					(long long)statement_integer(&statement, 0), column));
	}
	statement_close(&statement);
	return check_ended(verification, is_good, table, &problem);
}

static bool check_all(struct verification *verification)
{
	const struct store_driver *driver = verification->store->driver;

	if (!check_rows(verification, "the database", driver->integrity) ||
		!check_rows(verification, "what refers to other tables", driver->orphans))
		return false;
	for (size_t i = 0; i < sizeof(OBJECTS) / sizeof(OBJECTS[0]); i++) {
		if (!check_objects(verification, OBJECTS[i].table, OBJECTS[i].column))
			return false;
	}
	return true;
}

// What was looked at; null where a damaged file does not let it be counted.
static void counts_set(struct store *store, json_t *result)
{
	static const char *const TABLES[] = {"sessions", "processes", "samples"};

	for (size_t i = 0; i < sizeof(TABLES) / sizeof(TABLES[0]); i++) {
		char sql[64];
		int64_t rows;

		(void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", TABLES[i]);
		json_object_set_new(result, TABLES[i],
			store_query_integer(store, sql, &rows, NULL) ? json_integer(rows)
								     : json_null());
	}
}

json_t *store_verify(struct store *store, struct problem *problem)
{
	struct verification verification = {
		.store = store, .faults = json_array(), .problem = problem};
	json_t *result = NULL;

	if (check_all(&verification))
		result = store_facts(store, problem);
	if (result) {
		counts_set(store, result);
		json_object_set_new(result, "is_sound",
			json_boolean(json_array_size(verification.faults) == 0));
		json_object_set(result, "faults", verification.faults);
		json_object_set_new(result, "faults_left_out", json_integer(verification.left_out));
	}
	json_decref(verification.faults);
	return result;
}
