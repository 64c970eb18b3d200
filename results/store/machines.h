// SPDX-License-Identifier: GPL-2.0-or-later
// What older slabmarks stored or wrote under another fingerprint becomes the machine that it is
// today (text/fingerprint.h).
#ifndef RESULTS_STORE_MACHINES_H
#define RESULTS_STORE_MACHINES_H

#include "store.h"

// The schema version whose migration leads the machines of a store; no fingerprint changed since.
enum { STORE_VERSION_OF_MACHINES = 5 };

// Gives every machine today's fingerprint, and joins those that then are one: their processes,
// calibrations, accepted changes and judgements follow. Within the caller's transaction.
bool store_machines_lead(struct store *store, struct problem *problem);

// The document under today's fingerprint, which is remembered beside its former one. A new
// reference, to the document itself where there is nothing to lead; NULL with a problem.
json_t *store_document_lead(struct store *store, const json_t *document, struct problem *problem);

// Today's fingerprint of a machine that the store may know by a former one; the caller's.
bool store_machine_today(
	struct store *store, const char *fingerprint, char **today, struct problem *problem);

#endif
