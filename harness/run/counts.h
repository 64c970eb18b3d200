// SPDX-License-Identifier: GPL-2.0-or-later
// What the samples of a session counted, as a table for its end: a line a counter, a column a side.
#ifndef HARNESS_RUN_COUNTS_H
#define HARNESS_RUN_COUNTS_H

#include "session.h"

// Writes the means over the session's samples. A counter that a side did not count is "-" there,
// never 0; one that was counted for a share of the time says for which. Samples with migrations in
// them are told.
bool counts_show(const struct session *session, FILE *output, struct problem *problem);

#endif
