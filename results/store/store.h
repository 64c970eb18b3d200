// SPDX-License-Identifier: GPL-2.0-or-later
// The store: every sample that was ever measured, raw, with what it takes to believe it. One SQLite
// file (WAL, one writer, many readers) or one PostgreSQL schema, one schema version, forward
// migrations. One transaction a measured process, so that a crash loses only the process in flight.
#ifndef RESULTS_STORE_STORE_H
#define RESULTS_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "names.h"
#include "results/text/problem.h"

struct store;

enum store_mode {
	STORE_READ, // must exist; not even migrated: only a dead writer's half is undone
	STORE_WRITE, // made when missing, migrated when older
	STORE_LOOK, // as STORE_READ, but of any version, and empty: for store_facts() alone
};

// One call of `slabmark run`: what was asked for.
struct store_session {
	const char *command; // the command line, for the record
	const char *plan; // JSON text: configs, workloads, rounds, order seed
	int64_t started_unix_ns; // wall clock
	bool is_copy; // measured elsewhere: it does not end when this process does
};

// Where in the plan a process stood.
struct store_process {
	int64_t session;
	int round; // from 0; the block of the comparison
	int position; // from 0, within the round, after shuffling
	const char *config;
	const char *workload; // the benchmark's name without parameters
	int64_t started_unix_ns;
	double elapsed_s; // wall time of the whole process
	bool is_foreign; // another program may have written the document: times of the processor
		// and iterations may be absent
};

// ---- writing

// Opens a store: `path` is a SQLite file, or a URL that begins with postgresql:// or postgres://. A
// file that is no SQLite database, and whatever holds another application's tables or a newer
// schema, is refused and left untouched (EXIT_WRONG_USE). So is ":memory:". What is missing or empty is made by
// STORE_WRITE, and EXIT_NOT_MEASURED for STORE_READ; so is a server that does not answer. *store is
// NULL on failure.
bool store_open(
	struct store **store, const char *path, enum store_mode mode, struct problem *problem);
void store_close(struct store *store);

// Which store it is, for messages: its path, a URL without its password. The store's.
const char *store_name(const struct store *store);

// What users should know of a store that was opened, a sentence after its name; NULL: nothing.
const char *store_notice(const struct store *store);

bool store_is_url(const char *path);
// The path as it may be shown and recorded: a URL without its password. The caller's; NULL: no
// memory.
char *store_path_shown(const char *path);

// Records a session and gives its id.
bool store_session_begin(struct store *store, const struct store_session *session, int64_t *id,
	struct problem *problem);
// Marks a session as ended: "complete", or "interrupted". One whose writer died without a word is
// marked "cut short" by whoever opens the store for writing next.
bool store_session_end(struct store *store, int64_t id, const char *how, struct problem *problem);

// Saves one process whole or not at all: its place in the plan and its Google Benchmark JSON
// document (context and benchmarks[]), borrowed. On a full disk the problem says so and what was
// stored before stays readable.
bool store_process_add(struct store *store, const struct store_process *process,
	const json_t *document, struct problem *problem);

// ---- reading
// What a reader gives out belongs to the caller; texts that the store holds as NULL are NULL.

// Every config that any session measured, sorted.
bool store_configs(struct store *store, struct store_names *configs, struct problem *problem);
// The configs that one session measured, in order of first appearance.
bool store_session_configs(
	struct store *store, int64_t session, struct store_names *configs, struct problem *problem);

// The newest session that measured every one of these configs; 0 when none did. One that had a
// purpose (a calibration, a gate's confirmation) only where no other did.
bool store_session_newest(struct store *store, const char *const *configs, size_t configs_count,
	int64_t *session, struct problem *problem);

struct store_session_facts {
	int64_t started_unix_ns;
	char *command;
	char *ended; // "complete", "interrupted", "cut short"; NULL: it runs still, or nobody knows
};

// *found is false when there is no such session; then nothing needs to be freed.
bool store_session_read(struct store *store, int64_t session, struct store_session_facts *facts,
	bool *found, struct problem *problem);
void store_session_facts_free(struct store_session_facts *facts);

// The plan of a session as JSON, the caller's; NULL: it has none that can be read (a session that
// came from elsewhere).
bool store_session_plan(
	struct store *store, int64_t session, json_t **plan, struct problem *problem);

// A config as a session measured it. One row for each different build and machine, so usually one a
// config.
struct store_build {
	char *config;
	char *machine; // fingerprint
	json_t *context; // the context of the first process of it, whole
	int64_t processes;
};
struct store_builds {
	struct store_build *items;
	size_t count;
};
bool store_session_builds(
	struct store *store, int64_t session, struct store_builds *builds, struct problem *problem);
void store_builds_free(struct store_builds *builds);

// One raw sample (never an aggregate).
struct store_sample {
	char *name; // of the series: the benchmark's name with its parameters
	char *workload;
	char *config;
	int64_t process;
	int round;
	bool failed; // no figure below holds then
	char *error_message; // why it failed
	double real_time_ns; // an operation
};
struct store_samples {
	struct store_sample *items; // sorted by name, config, round, process
	size_t count;
};
bool store_session_samples(struct store *store, int64_t session, struct store_samples *samples,
	struct problem *problem);
void store_samples_free(struct store_samples *samples);

#endif
