// SPDX-License-Identifier: GPL-2.0-or-later
// Looking after a store: where and how large it is, whether all in it is sound, old sessions out of
// it, and the space back. What is found comes as JSON, which `slabmark db` prints as it is or as
// text.
#ifndef RESULTS_STORE_UPKEEP_H
#define RESULTS_STORE_UPKEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "store.h"

// The results belong to the caller; NULL with a problem on failure.

// {"store", "kind", "version", "version_known", "is_current"}: for a store opened with STORE_LOOK.
json_t *store_facts(struct store *store, struct problem *problem);

// {"store", "kind", "version", "bytes", "bytes_free", "bytes_log", "tables": [{"name", "rows",
// "bytes"}], "ages": [{"age", "sessions", "processes", "samples"}]}. What the database cannot tell
// is null. An age counts what is not younger than the one before it.
json_t *store_size(struct store *store, int64_t now_unix_ns, struct problem *problem);

// {"store", "kind", "version", "sessions", "processes", "samples", "is_sound", "faults": [texts],
// "faults_left_out"}: the database's own check, rows whose parent is missing, and every JSON text
// parsed. A check that a damaged file does not let through is a fault as well.
json_t *store_verify(struct store *store, struct problem *problem);

struct store_prune_options {
	int64_t before_unix_ns; // sessions that began earlier may go
	size_t keep_last; // of each machine, so many of the newest stay
	bool keep_weekly,
		keep_monthly; // of each machine, the newest of each week (Monday to Sunday) or month stays, UTC
	bool is_dry_run; // only says what would go
};

// {"store", "is_dry_run", "pruned": [{"session", "started", "processes", "samples"}], "kept":
// [{"session", "started", "why"}]}; kept are those that are old enough to go and stay all the same.
// A session that still runs, one that a baseline names, and the newest one that passed the gate
// stay always. All go in one transaction, and their gates with them.
json_t *store_prune(
	struct store *store, const struct store_prune_options *options, struct problem *problem);

// Gives what pruning freed back to the disk. Others can't use the store meanwhile.
// {"store", "bytes_before", "bytes_after"}
json_t *store_vacuum(struct store *store, struct problem *problem);

#endif
