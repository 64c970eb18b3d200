// SPDX-License-Identifier: GPL-2.0-or-later
// Made-up results for tests: documents as a measured program writes them, and stores filled with them in a folder of
// their own. Every failure ends the test.
#ifndef RESULTS_MADE_RESULTS_H
#define RESULTS_MADE_RESULTS_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "store.h"

// A folder that made_folder_remove() removes with all that is in it. path_in() gives "FOLDER/name" in static storage,
// good until its fourth next call. Where SLABMARK_TEST_POSTGRES is set, a name that ends in ".db" is no file but the URL
// of a schema of its own on that server, so that every test of a store can run there; it is removed with the folder.
struct made_folder {
	char path[64];
};
void made_folder_create(struct made_folder *folder);
void made_folder_remove(const struct made_folder *folder);
const char *path_in(const struct made_folder *folder, const char *name);

// A document of this config without benchmarks yet, and one good sample for it.
json_t *made_document(const char *config);
void made_sample(json_t *document, const char *name, double real_time_ns);

struct store *made_store(const char *path);
int64_t made_session(struct store *store);

// Adds a process with this document, which it takes over.
void made_process(struct store *store, int64_t session, int round, const char *config,
	const char *workload, json_t *document);

// A session of `rounds` rounds with five workloads and five configs: equal, slower, faster, barely different and noisy
// ones, and names that try to break out of the page.
int64_t made_comparison(struct store *store, int rounds);
#define MADE_WORKLOADS 5

#endif
