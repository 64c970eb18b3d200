// SPDX-License-Identifier: GPL-2.0-or-later
// Whether a session may pass: each series of its configs against a baseline, which is one or
// several earlier sessions of the same machine, or other builds of the session itself. Exact metrics
// (compare/counters/exact.h) are compared exactly. What was not measured is never good.
//
// Of times there are two comparisons. Against sessions of other nights nothing pairs the sides, and
// nights differ: what is slower there must be so beyond what nights differ by, as far as the store's
// sessions tell, and is a candidate at first. Side by side, that is in the same rounds of one
// session, the baseline's builds are measured again with the judged ones. That needs no assumption
// about nights, so it decides.
#ifndef RESULTS_GATE_GATE_H
#define RESULTS_GATE_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "results/compare/counters/exact.h"
#include "results/store/store.h"

// What becomes of an exact metric that changed for the worse.
enum gate_exact {
	GATE_EXACT_USUAL, // sizes of code are warned of, geometry and counts fail
	GATE_EXACT_FAIL,
	GATE_EXACT_WARN,
	GATE_EXACT_OFF, // it is not even looked at
};

// How far nights are believed to differ.
enum gate_nights {
	GATE_NIGHTS_HISTORY, // as far as the store's sessions do
	GATE_NIGHTS_EQUAL, // not at all: processes are the unit
};

// From so many earlier nights on the store tells how far nights differ.
enum { GATE_NIGHTS_MIN = 5 };

struct gate_options {
	int64_t session; // to judge; 0: the newest that `slabmark run` made
	// "commit:PREFIX", "tag:NAME", "session:N", "last-good", "rolling:N" or "side:BUILD"
	const char *baseline;
	enum gate_nights nights;
	bool is_beside; // gate_confirm() judges every series, and not the candidates alone
	double margin; // as in struct compare_options
	double alpha;
	enum gate_exact exact[EXACT_KINDS];
};

enum gate_outcome {
	GATE_SAME, // equivalent, or the same figure
	GATE_FASTER, // changed for the better
	GATE_UNDECIDED,
	GATE_SLOWER, // changed for the worse, perhaps by less than the margin
	GATE_UNCONFIRMED, // changed for the worse, and side by side it is not
	GATE_WARNED, // an exact metric changed for the worse, of a kind that is warned of
	GATE_ACCEPTED, // changed for the worse, and somebody said why that is right
	GATE_NOT_MEASURED, // the baseline has it, and the session was to have it
	GATE_REGRESSION, // of times: slower by more than the margin, with the whole interval
	GATE_OUTCOMES
};

const char *gate_outcome_name(enum gate_outcome outcome);

// The series of the rows that are of a whole build: how large its code is.
#define GATE_BUILD "build"

struct gate_row {
	char *series;
	char *workload;
	char *config;
	char *metric; // "time", or the name of an exact metric
	double baseline; // ns an operation, or the metric's figure; NaN: none
	double value;
	double ratio; // value / baseline; of times the interval's middle
	double ratio_low, ratio_high, q; // NaN of exact metrics
	double margin; // of times
	const char *margin_from; // as in struct compare_row; NULL: of no time
	size_t baseline_count, count; // processes
	bool is_insufficient; // too few processes for any change to show
	int64_t anchor; // the session that the row is held against; 0: the baseline
	double seen_low; // of times the low end by processes alone, whatever nights differ by
	bool is_candidate; // slower by processes alone: side by side it can be judged
	size_t nights; // in the store that tell how far nights differ; 0: not asked
	double night_spread; // that, the standard deviation of logs; NaN: too few nights, or not asked
	bool is_beside; // the figures above are those side by side, and these the ones before
	double night_ratio, night_low, night_high;
	enum gate_outcome outcome;
	char *remark; // why; NULL: the figures say it
};

struct gate {
	int64_t session;
	int64_t session_started_unix_ns;
	char *session_commit; // NULL: not recorded
	char *machine; // fingerprint; NULL: not recorded
	char *asked; // the baseline as it was asked for
	int64_t *baselines; // sessions, newest first
	size_t baselines_count;
	int64_t baseline_started_unix_ns; // of the newest
	char *baseline_commit; // of the newest; NULL: not recorded
	int64_t anchor; // the session that last-good is held against, too; 0: none
	char *anchor_commit; // NULL: not recorded
	int64_t confirmed_by; // the session side by side; 0: none
	char *margins; // of the rows, in words, and where they come from; NULL: there is no row of times
	bool is_complete; // the session did all that it was to do, or its time was up
	double alpha;
	struct gate_row *rows; // by config, then by series
	size_t rows_count;
	size_t new_count; // series that the baseline lacks
	json_t *warnings; // array of texts
	struct comparison *counters; // of the rows whose time changed; NULL: not asked for, or none
	const char *refusal; // why there is no judgement; NULL: there is one
};

// Makes the judgement; side by side only where the baseline is other builds of the session. EXIT_WRONG_USE: a baseline that is named
// wrongly, or of another machine; EXIT_NOT_MEASURED: no such session or baseline, or nothing that
// both have.
bool gate_make(struct store *store, const struct gate_options *options, struct gate **gate,
	struct problem *problem);
void gate_free(struct gate *gate);

// Rows that a session side by side is to decide on: the candidates that nobody accepted, or every
// row of times where all are to be judged so.
size_t gate_candidates(const struct gate *gate, bool is_beside);
bool gate_row_is_candidate(const struct gate_row *row, bool is_beside);

// Judges the candidates, or all rows, by a session that measured the baseline's builds and the judged
// ones in the same rounds; its sides are CONFIG@COMMIT or CONFIG=FOLDER (text/side.h), of the judged
// one also CONFIG. EXIT_NOT_MEASURED: it ran on another machine, or lacks one of the builds.
bool gate_confirm(struct store *store, const struct gate_options *options, struct gate *gate,
	int64_t session, struct problem *problem);

// Compares what both sides counted, for the rows whose time changed: a section of what is shown. It
// decides nothing.
bool gate_explain(struct store *store, const struct gate_options *options, struct gate *gate,
	struct problem *problem);

// EXIT_GOOD, EXIT_REGRESSION, EXIT_NOT_MEASURED, or EXIT_UNDECIDED, the latter only when strict. A
// text says why it is not good: "2 regressions: …".
int gate_status(const struct gate *gate, bool is_strict, struct problem *problem);

// Keeps the outcome, for last-good.
bool gate_write(struct store *store, const struct gate *gate, int status, int64_t now_unix_ns,
	struct problem *problem);

size_t gate_count(const struct gate *gate, enum gate_outcome outcome);

// ---- showing it

void gate_text(const struct gate *gate, FILE *output);
void gate_markdown(const struct gate *gate, FILE *output);
// A test case a row: failure = regression, error = not measured, skipped = undecided, slower or not
// confirmed. A warning passes, and says itself as the case's output.
void gate_junit(const struct gate *gate, FILE *output);
json_t *gate_json(const struct gate *gate); // NULL: no memory, or a text that is not UTF-8

// ---- baselines

// Finds the sessions of gate->asked, for the configs of gate->session on gate->machine; that one itself
// where the baseline is other builds of it.
bool gate_baselines_find(
	struct store *store, struct gate *gate, bool is_beside, struct problem *problem);

// Whether a baseline may be called so.
bool gate_baseline_is_name(const char *name);

// Gives a session a name, in place of the one that had it. "last-good" marks it as good.
// EXIT_WRONG_USE: no such session, or a name that is none.
bool gate_baseline_set(struct store *store, const char *name, int64_t session, const char *note,
	int64_t now_unix_ns, struct problem *problem);
// Every name with its session, date and note, as lines.
bool gate_baselines_list(struct store *store, FILE *output, struct problem *problem);

// ---- accepted changes

// Accepts the regressions and warnings of "CONFIG:SERIES" as they are now, for baselines that were
// measured before. *count: how many.
bool gate_accept(struct store *store, const struct gate *gate, const char *which,
	const char *reason, int64_t now_unix_ns, size_t *count, struct problem *problem);
// Marks those rows that were accepted.
bool gate_accepted_apply(struct store *store, struct gate *gate, struct problem *problem);
bool gate_accepted_list(struct store *store, FILE *output, struct problem *problem);

#endif
