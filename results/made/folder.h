// SPDX-License-Identifier: GPL-2.0-or-later
// The one folder that a test program works in, and stores in it. What takes a state is a fixture as
// cmocka calls it. Every failure ends the test.
#ifndef RESULTS_MADE_FOLDER_H
#define RESULTS_MADE_FOLDER_H

#include <stdint.h>

#include "results/store/store.h"

// For a group of tests: makes the folder, and removes it with all that is in it.
int made_folder_create(void **state);
int made_folder_remove(void **state);

// Its path, and "FOLDER/name" in static storage, good until the fourth next call. Where
// SLABMARK_TEST_POSTGRES is set, a name that ends in ".db" is no file but the URL of a schema of
// its own on that server, so that every test of a store can run there; it is removed with the
// folder.
const char *made_folder(void);
const char *made_path(const char *name);

struct store *made_store(const char *path);

// For one test: a store of its own, as its state.
int made_store_open(void **state);
int made_store_close(void **state);

// How many rows a table has, or those of it that a condition behind its name picks.
int64_t made_count(struct store *store, const char *table);

#endif
