// SPDX-License-Identifier: GPL-2.0-or-later
// Processes as the store holds them, each put together again as the document it came from: for
// exports, which must lose nothing. Times are in ns; members that the store does not keep
// (family_index, an aggregate in per cent) are gone.
#ifndef RESULTS_STORE_STORED_PROCESS_H
#define RESULTS_STORE_STORED_PROCESS_H

#include "store.h"

struct stored_process {
	struct store_process place;
	const json_t *document; // context and benchmarks[], as store_process_add() takes them
	const char *session_command;
	const char *session_plan;
	const char *session_ended; // NULL: it runs still, or crashed
	int64_t session_started_unix_ns;
};

// Calls visit for each process of a session, in the order of measurement; session 0: of all, config
// NULL: of any. What it gets is borrowed for the call. Ends early, and returns false, when visit
// returns false.
bool stored_processes_visit(struct store *store, int64_t session, const char *config,
	bool (*visit)(const struct stored_process *process, void *context, struct problem *problem),
	void *context, struct problem *problem);

#endif
