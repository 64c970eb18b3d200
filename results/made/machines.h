// SPDX-License-Identifier: GPL-2.0-or-later
// A made-up store of version 4, when a machine with other memory was another machine. For tests
// only: not part of the library.
#ifndef RESULTS_MADE_MACHINES_H
#define RESULTS_MADE_MACHINES_H

#include "results/store/store.h"

// SQL for any kind of database. Sessions 21 and 22 were measured on one machine whose memory grew
// between them and within the second one, session 23 on another processor, session 24 on a machine
// that somebody named. Each has records.
extern const char made_former_machines[];

// The store opened by today's slabmark: one machine where there were three, and all that belongs to
// it.
void assert_machines_are_led(struct store *store);

#endif
