// SPDX-License-Identifier: GPL-2.0-or-later
// What the files of the gate share.
#ifndef RESULTS_GATE_INTERNAL_H
#define RESULTS_GATE_INTERNAL_H

#include "gate.h"
#include "plan.h"
#include "results/compare/internal.h"

// A row, zeroed but for NaNs, in the gate's array; NULL when memory runs out.
struct gate_row *gate_row_add(struct gate *gate, const char *series, const char *workload,
	const char *config, const char *metric, struct problem *problem);

// Both sides of all rows of times, not yet judged; comparison_free(). The session is the judged one
// or that of the second set of rounds. A row is a series of a config.
struct comparison *gate_comparison_load(struct store *store, const struct gate_options *options,
	const struct gate *gate, int64_t session, struct problem *problem);

// What a row's verdict means for a gate.
enum gate_outcome gate_outcome_of(const struct compare_row *row);

// Machine and commit of a session's processes, the caller's; NULL where not recorded. False for a
// session of several machines, or of no process.
bool gate_session_place(struct store *store, int64_t session, char **machine, char **commit,
	struct problem *problem);

// Compares the times of both sides and adds a row for each series, those that are missing too.
bool gate_times_add(struct store *store, const struct gate_options *options, struct gate *gate,
	struct problem *problem);

// Compares the exact metrics of both sides and adds a row for each; of a build's own one row for all
// its series.
bool gate_exact_add(struct store *store, const struct gate_options *options, struct gate *gate,
	struct problem *problem);

#endif
