// SPDX-License-Identifier: GPL-2.0-or-later
// Our own lines in the tests: out of a store and into one, without a command line between. Every
// failure but that of an import ends the test.
#ifndef RESULTS_MADE_LINES_H
#define RESULTS_MADE_LINES_H

#include "results/exchange/import.h"

// All that a store exports as lines, for the caller to free.
char *made_lines(struct store *store);

// An import into the store, for the caller to free.
struct import *made_import(struct store *store);

// Imports a text of lines as one file.
bool made_lines_import(struct import *import, const char *text, struct problem *problem);

// The same, at once; refused lines end the test.
struct import_counts made_lines_take(struct store *store, const char *text);

#endif
