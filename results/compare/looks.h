// SPDX-License-Identifier: GPL-2.0-or-later
// When a session of the store looked at its results: part of its plan, written before its first
// process, so that whoever judges the session later spends alpha as the run did.
#ifndef RESULTS_COMPARE_LOOKS_H
#define RESULTS_COMPARE_LOOKS_H

#include "results/statistics/sequential.h"
#include "results/store/store.h"

// The member "until" of a session's plan: {"verdict": {"rounds_max", "looks": [rounds, ...]}};
// NULL: no memory.
json_t *sequential_json(const struct sequential *schedule);

// Reads it back. `rounds_done` is how many rounds the session has at least a process of. *schedule is
// the caller's to free; NULL where the session did not look. EXIT_WRONG_USE: the plan in the store
// is damaged.
bool sequential_of_session(struct store *store, int64_t session, size_t rounds_done,
	struct sequential **schedule, struct problem *problem);

#endif
