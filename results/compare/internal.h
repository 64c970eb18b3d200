// SPDX-License-Identifier: GPL-2.0-or-later
// What the files that make a comparison share: the samples come from a session or from files, all
// after that is one.
#ifndef RESULTS_COMPARE_INTERNAL_H
#define RESULTS_COMPARE_INTERNAL_H

#include "compare.h"
#include "results/store/stored_sample.h"

// An empty comparison; NULL when memory runs out.
struct comparison *comparison_new(const struct compare_options *options, struct problem *problem);

// Room for one more sample, zeroed; NULL when memory runs out.
struct compare_sample *compare_samples_add(
	struct compare_samples *samples, struct problem *problem);
// Brings the samples into their order: by name, side, block, process.
void compare_samples_sort(struct compare_samples *samples);
// How many rounds a session has at least a sample of, counted from its first.
size_t compare_samples_rounds(const struct compare_samples *samples);
void compare_samples_free(struct compare_samples *samples);
// Leaves only the samples that is_kept() wants, in the same order.
void compare_samples_keep(struct compare_samples *samples,
	bool (*is_kept)(const struct compare_sample *sample, const void *context),
	const void *context);

// "mean" or "median" as a text that stays; NULL: it is neither.
const char *compare_aggregate(const char *name);
// The benchmark that a name is of: of an aggregate without "_mean". The caller's; NULL: no memory.
char *compare_series(const char *name, const char *aggregate);

// Where in the comparison it belongs.
struct compare_place {
	const char *side; // lives as long as the comparison; NULL: it does not belong there
	const char *row; // borrowed until the next call
};
typedef bool (*compare_samples_place)(void *context, const struct store_source *source,
	struct compare_place *place, struct problem *problem);

enum samples_parts {
	SAMPLES_COUNTERS = 1, // on demand, because most time goes there
	SAMPLES_AGGREGATES = 2, // of a process without a repetition
};

// Adds the samples of a session that `place_of` gives a place; `parts` of enum samples_parts.
bool samples_read(struct store *store, int64_t session, unsigned parts,
	compare_samples_place place_of, void *context, struct compare_samples *samples,
	struct problem *problem);

// The samples of one benchmark and one side: a run within the sorted array, ordered by round,
// then by process.
struct compare_side {
	const struct compare_sample *samples;
	size_t count;
	size_t failed; // samples that failed
	size_t migrated; // samples during which a thread changed its CPU
	size_t rounds; // different rounds with a good sample
	const char *error; // of the first sample that failed
	const char *aggregate; // that stands for its repetitions; NULL: they are there
	bool is_timeless; // a sample's times are a simulator's
	bool is_timed; // a sample's times are not
};

// What of the samples, which are of one benchmark, is of this side. A count of 0: nothing.
struct compare_side side_find(
	const struct compare_sample *samples, size_t count, const char *other);

// Measures a row of two sides that both have a good sample; without a round in common its counts
// stay 0. False only when memory runs out. row_free() frees it also then.
bool row_measure(struct compare_row *row, const struct compare_side *base,
	const struct compare_side *other, const struct comparison *comparison,
	const struct compare_options *options, struct problem *problem);
void row_free(struct compare_row *row);

// Fills what every row is above the floor, where the comparison has one; see floor.c.
bool floor_add(struct comparison *comparison, const struct compare_options *options,
	struct problem *problem);

// In how many rows of a side a warning stands; those that stand in several, with that number.
size_t row_warning_count(
	const struct comparison *comparison, const char *side, const char *warning);
json_t *row_warnings_repeated(const struct comparison *comparison, const char *side);

// Warns where the logs of a side's processes fall into two groups. Sorts them.
void row_doubt(json_t *warnings, const char *side, double *logs, size_t count);
// Warns where times or ratios drift.
bool comparison_doubt(struct comparison *comparison, struct problem *problem);
// Warns of load that a session does not make by itself.
bool load_doubt(struct store *store, int64_t session, json_t *warnings, struct problem *problem);
// Warns, in one line, where the machine's memory was not the same in all of the sessions'
// processes.
bool memory_doubt(struct store *store, const int64_t *sessions, size_t count, json_t *warnings,
	struct problem *problem);

// Sets the row's margin and where it comes from: its series' calibration, else the comparison's.
void margin_set(const struct comparison *comparison, struct compare_row *row);

// The ratio of a changed row without the luck that it was picked for (statistics/selection.h); NaN
// of any other.
double unselected_of(const struct compare_row *row, double alpha);

// The margins of the rows and where they come from, in words: "0.8 to 3 % (this machine's own,
// calibrated 2026-11-22)". Returns text.
enum { MARGINS_SIZE = 240 };
const char *margins_text(const struct comparison *comparison, char *text, size_t size);

// Makes rows, verdicts and means of comparison->samples and comparison->sides. EXIT_NOT_MEASURED:
// no row.
bool comparison_judge(struct comparison *comparison, const struct compare_options *options,
	struct problem *problem);

// The figures of a single side, with nothing to hold them against: fills comparison->figures with
// {"name", "workload", "config", "ns" (the middle of its processes), "ns_low", "ns_high",
// "confidence", "n" processes, "failed" samples, "floor" (the standard deviation of equal programs'
// ratios here, null: not calibrated), "seen" (the slowdown that ten rounds see)}.
bool comparison_figures(struct comparison *comparison, struct problem *problem);
// They as a table for people; nothing where there are none.
void figures_show(const struct comparison *comparison, FILE *output);

// The geometric mean of each side's rows, with the interval of the processes' averages around it.
bool comparison_add_means(struct comparison *comparison, struct problem *problem);

// The width of the column that holds the names of a table's rows.
int compare_name_width(const struct comparison *comparison);

#endif
