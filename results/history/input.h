// SPDX-License-Identifier: GPL-2.0-or-later
// Plain data as histories: CSV with one value a line or a column of it, JSON arrays, and documents
// {"name": …, "series": [{"raw": […]}]}. Anything may be in them; what cannot be read is refused
// with its place.
#ifndef RESULTS_HISTORY_INPUT_H
#define RESULTS_HISTORY_INPUT_H

#include "history.h"

// Adds the series of one file to *history, or, on failure, possibly some of them. `text` is the
// whole file, followed by a zero byte; it is changed. `column` is the name or the number (from 1)
// of a CSV column; NULL: there must be only one.
bool history_input(char *text, size_t size, const char *source, const char *column,
	struct history *history, struct problem *problem);

// The CSV part of it.
bool history_csv(char *text, size_t size, const char *source, const char *column,
	struct history *history, struct problem *problem);

#endif
