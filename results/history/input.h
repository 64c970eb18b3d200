// SPDX-License-Identifier: GPL-2.0-or-later
// Plain data as histories: CSV with one value a line or in columns, JSON arrays, and documents
// {"name": …, "series": […]} of numbers or of {"raw": […]}. Anything may be in them; what cannot be
// read is refused with its place.
#ifndef RESULTS_HISTORY_INPUT_H
#define RESULTS_HISTORY_INPUT_H

#include "history.h"

// Of CSV; a column is named by its header or its number from 1.
struct history_input_options {
	const char *const *columns; // the figures
	size_t columns_count; // 0: all columns that hold numbers
	const char *time; // orders the rows, and is told with a change; NULL: as they stand
	const char *as_of; // only rows whose time is not later; NULL: all
	const char *commit; // is told with a change; NULL: none is
	const char *const *filters; // "COLUMN:VALUE" or "-COLUMN:VALUE"; a row must fit all
	size_t filters_count;
};

// Adds the series of one file to *history, or, on failure, possibly some of them. `text` is the
// whole file, followed by a zero byte; it is changed.
bool history_input(char *text, size_t size, const char *source,
	const struct history_input_options *options, struct history *history,
	struct problem *problem);

// The CSV part of it.
bool history_csv(char *text, size_t size, const char *source,
	const struct history_input_options *options, struct history *history,
	struct problem *problem);

#endif
