// SPDX-License-Identifier: GPL-2.0-or-later
// What can be counted here, as a measured program says it (`--slabmark_list_counters`).
#ifndef HARNESS_RUN_COUNTER_LIST_H
#define HARNESS_RUN_COUNTER_LIST_H

#include <stdbool.h>

#include <jansson.h>

#include "programs.h"
#include "results/text/problem.h"

// Asks about the counters that `names` lists, or about all presets (NULL). *list is the answer's
// object, the caller's. A name that is none fills the problem with the program's own words
// (EXIT_WRONG_USE).
bool counter_list_ask(
	const struct program *program, const char *names, json_t **list, struct problem *problem);

// What the text of an entry is; "" where there is none.
const char *counter_text(const json_t *counter, const char *key);
// Whether it cannot be counted here; then its "reason" says why.
bool counter_is_missing(const json_t *counter);

#endif
