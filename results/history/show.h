// SPDX-License-Identifier: GPL-2.0-or-later
// What the ways to show a history share: parts of a line for people, members of a JSON object.
#ifndef RESULTS_HISTORY_SHOW_H
#define RESULTS_HISTORY_SHOW_H

#include "alarms.h"

// "up from 9.8 to 11.2, by +1.4"; ratios for times.
void show_levels(
	const struct history_series *series, const struct change_shift *shift, FILE *output);
// "session 15", or "97 (2026-04-07, commit 4f2c1e0)".
void show_place(const struct history_series *series, size_t index, FILE *output);
// The same, with a session's day and commit.
void show_night(const struct history *history, const struct history_series *series, size_t index,
	FILE *output);
// "pair, default, machine 1a2b3c"
void show_series(const struct history_series *series, FILE *output);

// Adds direction, levels, and ratio or size.
void json_add_levels(
	json_t *json, const struct history_series *series, const struct change_shift *shift);
// Adds session, commit and day of a value of the store; time and commit of plain data. Each name
// begins with `prefix`.
void json_add_night(json_t *json, const struct history *history,
	const struct history_series *series, size_t index, const char *prefix);

#endif
