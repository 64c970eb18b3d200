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

#endif
