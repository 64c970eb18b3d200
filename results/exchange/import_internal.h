// SPDX-License-Identifier: GPL-2.0-or-later
// What the two ways into the store share: import.c for our own lines, import_document.c for
// documents.
#ifndef RESULTS_EXCHANGE_IMPORT_INTERNAL_H
#define RESULTS_EXCHANGE_IMPORT_INTERNAL_H

#include "import.h"

// A session of the file being read.
struct session_map {
	int64_t there; // its number in the file
	int64_t here; // its number in the store
	bool is_known; // the store held it before this file
	bool is_counted; // as one that something was brought into
};

struct import {
	struct store *store;
	struct import_options options;
	int64_t session; // of the documents; 0 before the first
	json_t *rounds; // by config: how many documents there were
	struct session_map *maps; // of the file being read
	size_t maps_count;
	struct import_file file; // that is read
	bool is_date_said; // of the file, that it has none
	struct import_counts counts;
	struct import_counts counts_before; // the file being read
	int64_t session_before;
	int64_t newest_before; // session in the store; what is newer is of this file
	int64_t newest_process; // in the store, before this file
	json_t *rounds_before;
};

// Adds a process and counts it.
bool import_process_add(struct import *import, const struct store_process *process,
	const json_t *document, struct problem *problem);

#endif
