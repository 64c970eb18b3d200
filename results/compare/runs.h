// SPDX-License-Identifier: GPL-2.0-or-later
// The processes of a store as a projection sees them: a run is all processes of a session that have
// config, workload, build and machine in common. Few enough to be looked at one by one, before any
// sample is read.
#ifndef RESULTS_COMPARE_RUNS_H
#define RESULTS_COMPARE_RUNS_H

#include "projection.h"

struct compare_run {
	struct store_source source; // without a name; its texts belong to the run
	int64_t processes;
	char *side; // what those keys of the columns make of it that a whole process has
	bool is_candidate; // neither the filter nor the operands rule it out
	bool is_chosen;
};
struct compare_runs {
	struct compare_run *items; // by session, then as measured
	size_t count;
};

// Reads all runs of the store. Those that the filter may let pass are candidates.
bool runs_read(struct store *store, const struct projection *projection, struct compare_runs *runs,
	struct problem *problem);
void runs_free(struct compare_runs *runs);

// Of the candidates, chooses those whose sessions count (projection.h). `wanted` are the sides that
// were asked for, as runs spell them; none: all that there are. False only when memory runs out.
bool runs_choose(struct compare_runs *runs, const struct projection *projection,
	const struct store_names *wanted, struct problem *problem);

// The chosen run that a source is of; NULL: none.
const struct compare_run *runs_find(
	const struct compare_runs *runs, const struct store_source *source);

#endif
