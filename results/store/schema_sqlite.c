// SPDX-License-Identifier: GPL-2.0-or-later
// Whether the tables of a SQLite file are those that our steps make, word for word: who reads them
// relies on their constraints. Made by running the steps in memory, which takes about a
// millisecond. What else is in the file (a view, an index of the user's) is the user's business; a
// trigger is not, because it would change what we write.
#include "sqlite.h"

#include <stdlib.h>
#include <string.h>

#include "results/text/memory.h"

static bool made_in_memory(sqlite3 **model, int64_t version)
{
	bool is_good = sqlite3_open(":memory:", model) == SQLITE_OK;

	for (int i = 0; is_good && i < version; i++) {
		char *step = schema_step(i, SCHEMA_SQLITE);

		is_good = step && sqlite3_exec(*model, step, NULL, NULL, NULL) == SQLITE_OK;
		free(step);
	}
	return is_good;
}

// Blanks aside.
static bool is_same_sql(const char *a, const char *b)
{
	for (;; a++, b++) {
		a += strspn(a, " \t\n");
		b += strspn(b, " \t\n");
		if (*a != *b || !*a)
			return *a == *b;
	}
}

// Whether the file has this table or index, made by the same words.
static bool check_item(
	struct store *store, const char *name, const char *sql, struct problem *problem)
{
	struct statement statement;
	bool has_row = false;
	bool is_same = false;
	bool is_good = statement_prepare(
		&statement, store, "SELECT sql FROM sqlite_master WHERE name = ?", problem);

	if (is_good) {
		statement_bind_text(&statement, name);
		is_good = statement_next(&statement, &has_row, problem);
	}
	if (is_good && has_row) {
		const char *there = statement_peek(&statement, 0);

		is_same = there && is_same_sql(there, sql);
	}
	statement_close(&statement);
	if (is_good && !is_same)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: '%s' is %s; expected a store that slabmark made and nobody changed",
			store->path, name, has_row ? "not as slabmark makes it" : "missing");
	return is_good;
}

static bool check_triggers(struct store *store, struct problem *problem)
{
	struct statement statement;
	bool has_row = false;
	bool is_good = statement_prepare(&statement, store,
			       "SELECT name FROM sqlite_master WHERE type = 'trigger'", problem) &&
		       statement_next(&statement, &has_row, problem);

	if (is_good && has_row)
		is_good = problem_set(problem, EXIT_WRONG_USE,
			"%s: there is a trigger in it, '%s'; expected a store that slabmark made "
			"and nobody changed",
			store->path, statement_peek(&statement, 0));
	statement_close(&statement);
	return is_good;
}

static bool check_items(struct store *store, sqlite3 *model, struct problem *problem)
{
	sqlite3_stmt *items = NULL;
	bool is_good = sqlite3_prepare_v2(model,
			       "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name "
			       "NOT LIKE 'sqlite%'",
			       -1, &items, NULL) == SQLITE_OK ||
		       no_memory(problem, "the store");

	while (is_good && sqlite3_step(items) == SQLITE_ROW)
		is_good = check_item(store, (const char *)sqlite3_column_text(items, 0),
			(const char *)sqlite3_column_text(items, 1), problem);
	sqlite3_finalize(items);
	return is_good;
}

bool sqlite_schema_check(struct store *store, int64_t version, struct problem *problem)
{
	sqlite3 *model = NULL;
	bool is_good = (made_in_memory(&model, version) || no_memory(problem, "the store")) &&
		       check_items(store, model, problem) && check_triggers(store, problem);

	sqlite3_close(model);
	return is_good;
}
