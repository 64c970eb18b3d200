// SPDX-License-Identifier: GPL-2.0-or-later
// The first half of compare_make(): fills a comparison with what its session holds, before anything
// is computed.
#ifndef RESULTS_COMPARE_SESSION_H
#define RESULTS_COMPARE_SESSION_H

#include "compare.h"

// Chooses the session and loads sides, builds and samples into *comparison, which
// comparison_free() frees also after a failure. Refusals as compare_make() documents them.
bool session_load(struct store *store, const struct compare_options *options,
	struct comparison *comparison, struct problem *problem);

// Warns of what differs between the comparison's builds, the base's first, and is not in `columns`
// (NULL: nothing is).
void builds_warn(struct comparison *comparison, const struct store_names *columns);
// Warns of a session that is not complete.
void session_warn(json_t *warnings, int64_t session, const char *ended);

// Adds a warning, a sentence without a full stop, to an array of texts.
__attribute__((format(printf, 2, 3))) void comparison_warn(
	json_t *warnings, const char *format, ...);

#endif
