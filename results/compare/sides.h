// SPDX-License-Identifier: GPL-2.0-or-later
// The first half of compare_make() for a projection: fills a comparison with what the store holds
// for it.
#ifndef RESULTS_COMPARE_SIDES_H
#define RESULTS_COMPARE_SIDES_H

#include "compare.h"

// Chooses sides and sessions and loads builds and samples into *comparison, which comparison_free()
// frees also after a failure. Refusals as compare_make() documents them.
bool sides_load(struct store *store, const struct compare_options *options,
	struct comparison *comparison, struct problem *problem);

#endif
