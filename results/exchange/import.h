// SPDX-License-Identifier: GPL-2.0-or-later
// Brings measurements from files into a store: our own JSON lines, and Google Benchmark's JSON from
// anywhere. One transaction a file: it is there whole, or nothing of it is.
#ifndef RESULTS_EXCHANGE_IMPORT_H
#define RESULTS_EXCHANGE_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "results/store/store.h"

// One call of the import, over any number of files.
struct import;

struct import_options {
	const char *command; // recorded as what the session of the documents was asked by
	const char *config; // of documents; NULL: what the document says, else the file's name
	// What users should know of a file that is imported all the same, a sentence without a full
	// stop; may be NULL.
	void (*say)(void *context, const char *path, const char *text);
	void *say_context;
};

// A file of documents, all borrowed until it is ended.
struct import_file {
	const char *path; // names the config where nothing else does
	const char *digest; // of its bytes; NULL: it is not looked whether the store knows it
	int64_t time_unix_ns; // its own: when a document without a date was measured
};

struct import_counts {
	size_t processes; // brought in
	size_t processes_known; // that the store held already
	size_t sessions; // that something was brought into
	size_t records; // brought in: judgements, calibrations and the like (record.h)
	size_t records_known; // that the store held already, or newer ones in their place
};

// What it points into lives as long as the import. NULL when memory runs out.
struct import *import_begin(struct store *store, const struct import_options *options);
void import_free(struct import *import);

// A file is begun, then filled with documents or lines, then ended: kept when all of it was good,
// else undone.
bool import_file_begin(
	struct import *import, const struct import_file *file, struct problem *problem);
bool import_file_end(struct import *import, bool is_good, struct problem *problem);

// One Google Benchmark document is one process. All documents of an import make one session; the
// n-th document of a config is its round n. A bad row is left out, or kept as one that failed, and
// said. A file whose digest the store holds under the same config is said to be known, and left
// out. The machine is the context's "machine", else it is made of what the context says of the host.
bool import_document(struct import *import, const json_t *document, struct problem *problem);

// What follows belongs to a session of its own.
void import_session_next(struct import *import);

// One line of `slabmark export --format=jsonl`. Its session is made anew, or is the one that the
// store holds already (the same command, plan and start); of that, a process that is there (the
// same place in the plan, the same start) is left out, so that a file which was imported while its
// session ran can be imported again when it has ended. A line of a record comes after those of the
// sessions that it names.
bool import_line(struct import *import, const json_t *line, struct problem *problem);

struct import_counts import_counts(const struct import *import);

#endif
