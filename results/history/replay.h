// SPDX-License-Identifier: GPL-2.0-or-later
// The nights of a history once more: what was known when.
#ifndef RESULTS_HISTORY_REPLAY_H
#define RESULTS_HISTORY_REPLAY_H

#include "history.h"

// A line for each alarm that was opened or gone, by night. After history_watch(). False only when
// memory runs out.
bool replay_text(const struct history *history, FILE *output, struct problem *problem);
// The same, an object each, in an array; NULL when memory runs out.
json_t *replay_json(const struct history *history);

#endif
