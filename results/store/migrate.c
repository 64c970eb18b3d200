// SPDX-License-Identifier: GPL-2.0-or-later
// The versions of a store: which can be opened, and how an older one becomes today's. Entries:
// store_version_check(), store_migrate(), for the drivers.
#include <stdlib.h>

#include "driver.h"
#include "machines.h"
#include "results/text/memory.h"

bool store_version_check(
	struct store *store, int64_t version, enum store_mode mode, struct problem *problem)
{
	if (mode == STORE_LOOK)
		return true;
	if (version > schema_version())
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: the store has schema version %lld, this slabmark knows up to %d; use "
			"a newer "
			"slabmark",
			store->path, (long long)version, schema_version());
	if (mode == STORE_WRITE)
		return true;
	if (version == 0)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"%s: the store is empty; `slabmark run` fills it", store->path);
	if (version < schema_version())
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: the store has the older schema version %lld; `slabmark db migrate` "
			"brings it to version %d",
			store->path, (long long)version, schema_version());
	return true;
}

static bool step_run(struct store *store, int version, struct problem *problem)
{
	char *step = schema_step(version, store->driver->kind);
	bool is_good = step ? store_execute(store, step, problem) : no_memory(problem, "the store");

	free(step);
	return is_good;
}

static bool migrate(struct store *store, struct problem *problem)
{
	int64_t version = 0;

	// Asked again under the lock: another writer may just have done it.
	if (!store->driver->version_read(store, &version, problem))
		return false;
	for (; version < schema_version(); version++) {
		if (!step_run(store, (int)version, problem) ||
			(version + 1 == STORE_VERSION_OF_MACHINES &&
				!store_machines_lead(store, problem)))
			return false;
	}
	return store->driver->version_write(store, schema_version(), problem);
}

bool store_migrate(struct store *store, struct problem *problem)
{
	if (!store_begin(store, problem))
		return false;
	if (migrate(store, problem) && store_commit(store, problem))
		return true;
	store_rollback(store);
	return false;
}
