// SPDX-License-Identifier: GPL-2.0-or-later
// The store: every sample that was ever measured, raw, with what it takes to believe it. One SQLite file (WAL, one
// writer, many readers), one schema version, forward migrations. One transaction a measured process, so that a crash
// loses only the process in flight.
#ifndef RESULTS_STORE_H
#define RESULTS_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "problem.h"

struct store;

enum store_mode {
	STORE_READ,  // must exist; never written, not even migrated
	STORE_WRITE, // made when missing, migrated when older
};

// One call of `slabmark run`: what was asked for.
struct store_session {
	const char *command;      // the command line, for the record
	const char *plan;         // JSON text: configs, workloads, rounds, order seed
	int64_t started_unix_ns;  // wall clock
};

// Where in the plan a process stood.
struct store_process {
	int64_t session;
	int round;                // from 0; the block of the comparison
	int position;             // from 0, within the round, after shuffling
	const char *config;
	const char *workload;     // the benchmark's name without parameters
	int64_t started_unix_ns;
	double elapsed_s;         // wall time of the whole process
};

// Opens a store. A file that is no SQLite database, holds another application's tables, or a newer schema is refused
// and left untouched (EXIT_WRONG_USE). *store is NULL on failure.
bool store_open(struct store **store, const char *path, enum store_mode mode, struct problem *problem);
void store_close(struct store *store);

// Records a session and gives its id.
bool store_session_begin(struct store *store, const struct store_session *session, int64_t *id, struct problem *problem);
// Marks a session as ended: "complete", or "interrupted".
bool store_session_end(struct store *store, int64_t id, const char *how, struct problem *problem);

// Saves one process whole or not at all: its place in the plan and its Google Benchmark JSON document (context and
// benchmarks[]), borrowed. On a full disk the problem says so and what was stored before stays readable.
bool store_process_add(
	struct store *store, const struct store_process *process, const json_t *document, struct problem *problem);

#endif
