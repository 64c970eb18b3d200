// SPDX-License-Identifier: GPL-2.0-or-later
// Warnings of a comparison, and of whoever uses its parts: sentences without a full stop, as texts of
// a JSON array.
#ifndef RESULTS_COMPARE_WARNINGS_H
#define RESULTS_COMPARE_WARNINGS_H

#include "compare.h"

// Warns of what differs between the comparison's builds, the base's first, and is not in `columns`
// (NULL: nothing is).
void builds_warn(struct comparison *comparison, const struct store_names *columns);
// Warns of a session that is not complete.
void session_warn(json_t *warnings, int64_t session, const char *ended);

// Adds a warning, a sentence without a full stop, to an array of texts.
__attribute__((format(printf, 2, 3))) void comparison_warn(
	json_t *warnings, const char *format, ...);

#endif
