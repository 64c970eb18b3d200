// SPDX-License-Identifier: GPL-2.0-or-later
// A document of Google Benchmark's form that another program wrote, of any version: what is clear in
// it is read, and one bad row is that row's loss. Pure.
#ifndef RESULTS_DOCUMENT_FOREIGN_H
#define RESULTS_DOCUMENT_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "results/text/problem.h"

struct foreign {
	json_t *document; // what the store and a comparison take; owned
	json_t *losses; // texts: which row gives no figure, and why; owned
	size_t measured; // rows with a time
	size_t aggregates; // rows that sum up others
};

// Reads the document. A row that was skipped, or whose figures make no sense, fails with a message;
// one without a name is left out. EXIT_WRONG_USE: it is no such document, or nothing in it can be
// read; then the problem is that of its first row. foreign_clear() afterwards, also after a
// failure.
bool foreign_read(const json_t *document, struct foreign *foreign, struct problem *problem);
void foreign_clear(struct foreign *foreign);

#endif
