// SPDX-License-Identifier: GPL-2.0-or-later
// The sessions of a store, one by one: what a reader needs to name the right one.
#ifndef RESULTS_STORE_SESSIONS_H
#define RESULTS_STORE_SESSIONS_H

#include <jansson.h>

#include "store.h"

// An array of {"session", "started", "commits": [], "configs": [], "machines": [], "purpose" (null:
// results), "ended" (null: it runs still, or nobody knows), "processes", "gate" (the exit status of
// the last gate that judged it; null: none did)}, the oldest first. The caller's; NULL: it failed.
json_t *store_sessions(struct store *store, struct problem *problem);

#endif
