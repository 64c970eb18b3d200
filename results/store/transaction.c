// SPDX-License-Identifier: GPL-2.0-or-later
// Transactions and SQL that needs no parameters, and what is said of a store that is damaged. Knows
// no kind of database: each brings its driver.
#include "driver.h"

bool store_execute(struct store *store, const char *sql, struct problem *problem)
{
	return store->driver->execute(store, sql, problem);
}

bool store_begin(struct store *store, struct problem *problem)
{
	return store_execute(store, store->driver->begin, problem);
}

bool store_commit(struct store *store, struct problem *problem)
{
	return store_execute(store, "COMMIT", problem);
}

void store_rollback(struct store *store)
{
	json_decref(store->ids); // some may be undone
	store->ids = NULL;
	if (store_is_in_transaction(store))
		store_execute(store, "ROLLBACK", NULL);
}

bool store_is_in_transaction(const struct store *store)
{
	return store->driver->is_in_transaction(store);
}

bool store_damaged(const struct store *store, const char *what, struct problem *problem)
{
	return problem_set(problem, EXIT_WRONG_USE,
		"%s: the store is damaged: %s; `slabmark db verify` looks for more", store->path,
		what);
}

bool store_query_integer(
	struct store *store, const char *sql, int64_t *value, struct problem *problem)
{
	struct statement statement;
	bool has_row = false;
	bool is_read = statement_prepare(&statement, store, sql, problem) &&
		       statement_next(&statement, &has_row, problem);

	*value = has_row ? statement_integer(&statement, 0) : 0;
	statement_close(&statement);
	return is_read;
}
