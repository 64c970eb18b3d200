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

// The two sides of every comparison of times.
#define GATE_SIDE_BASELINE "baseline"
#define GATE_SIDE_SESSION  "session"

// An empty comparison of those two, with the machine's margins; comparison_free().
struct comparison *gate_comparison_new(struct store *store, const struct gate_options *options,
	const struct gate *gate, struct problem *problem);
// The row of a comparison that a series of a config is; the caller's. NULL: no memory.
char *gate_row_key(const char *series, const char *config);
// Whether a sample counts for the gate at all: it is of the machine, and its time was measured.
bool gate_source_counts(const struct gate *gate, const struct store_source *source);
// Adds the samples of one session, of the configs that the judged one measured.
bool gate_samples_add(struct store *store, const struct gate *gate, int64_t session,
	const char *side, struct compare_samples *samples, struct problem *problem);

// Gives a row of times the figures, the margin and the outcome of a comparison's row.
void gate_row_figures(struct gate_row *row, const struct compare_row *compared, double alpha);

// Says something of the row in place of what was said.
void gate_row_remark(struct gate_row *row, const char *text);

// Machine and commit of a session's processes, the caller's; NULL where not recorded. Sides that are
// builds of their own (text/side.h) count only where there are no others. False for a session of
// several machines, or of no process.
bool gate_session_place(struct store *store, int64_t session, char **machine, char **commit,
	struct problem *problem);

// ---- nights

// How far one row's series differs from night to night.
struct gate_spread {
	const char *row; // of the comparison
	size_t nights;
	double deviation; // of logs, of one night; NaN where there are too few
	double freedom; // degrees of freedom that it is known with
};
// Of all rows, sorted by their names.
struct gate_spreads {
	struct gate_spread *items;
	size_t count;
	struct compare_samples samples; // whose texts the rows are
	size_t baseline_nights;
};
bool gate_spreads_read(struct store *store, const struct gate *gate, struct gate_spreads *spreads,
	struct problem *problem);
const struct gate_spread *gate_spread_find(const struct gate_spreads *spreads, const char *row);
void gate_spreads_free(struct gate_spreads *spreads);
// Widens a row by what nights differ by: its interval and its p; its q, which all rows decide, and
// its verdict are then the caller's. A deviation of 0 changes nothing.
void gate_spread_widen(const struct gate_spreads *spreads, const struct gate_spread *spread,
	struct compare_row *row);
// The sessions before the judged one that measured any of its configs on its machine, newest first;
// at most `wanted`. The caller's.
bool gate_sessions_before(struct store *store, const struct gate *gate, size_t wanted,
	int64_t **sessions, size_t *count, struct problem *problem);

// ---- side by side

// The two builds of a config in one session, by the names of their sides.
struct gate_pair {
	char *config, *baseline, *head;
};
struct gate_pairs {
	struct gate_pair *items;
	size_t count;
};
void gate_pairs_free(struct gate_pairs *pairs);
// The pairs of a session whose baseline is of a commit (NULL: of any).
bool gate_pairs_of_commit(struct store *store, const struct gate *gate, int64_t session,
	const char *commit, struct gate_pairs *pairs, struct problem *problem);
// Those of the judged session whose baseline's side gate->asked names: "side:default@4d5f347", or
// "side:@4d5f347" and "commit:4d5f347" of each config.
bool gate_pairs_asked(struct store *store, const struct gate *gate, struct gate_pairs *pairs,
	struct problem *problem);
// The config of which a side is the baseline's or the judged build; NULL: neither.
const char *gate_pairs_config(const struct gate_pairs *pairs, const char *side, bool is_baseline);
// Both sides of all rows, paired by rounds, not yet judged; comparison_free().
struct comparison *gate_beside_load(struct store *store, const struct gate_options *options,
	const struct gate *gate, int64_t session, const struct gate_pairs *pairs,
	struct problem *problem);

// The share of alpha that the comparison with the baseline has, or that with the anchor.
double gate_alpha(const struct gate *gate, double alpha, bool is_of_anchor);
// Judges it: what is slower by one-sided chance.
bool gate_beside_judge(
	struct comparison *comparison, const struct gate_options *options, struct problem *problem);

// Holds the session against gate->anchor, and adds the rows that are worse so.
bool gate_anchor_add(struct store *store, const struct gate_options *options, struct gate *gate,
	struct problem *problem);

// The row of times that a row of gate->counters, "CONFIG:SERIES", is of; NULL: its time did not change.
const struct gate_row *gate_row_explained(const struct gate *gate, const char *name);

// ---- rows

// Compares the times of both sides and adds a row for each series, those that are missing too. Pairs:
// the baseline is other builds of the session; NULL: it is other sessions.
bool gate_times_add(struct store *store, const struct gate_options *options, struct gate *gate,
	const struct gate_pairs *pairs, struct problem *problem);
// Adds a row for what the baseline's side of the samples has and the session's lacks.
bool gate_missing_add(struct store *store, struct gate *gate, const struct compare_samples *samples,
	struct problem *problem);

// Compares the exact metrics of both sides and adds a row for each; of a build's own one row for all
// its series.
bool gate_exact_add(struct store *store, const struct gate_options *options, struct gate *gate,
	const struct gate_pairs *pairs, struct problem *problem);

#endif
