// SPDX-License-Identifier: GPL-2.0-or-later
// Sides against each other: for each benchmark that both measured, the ratio of their times, how
// sure it is, and a verdict. A side is one of the things that are compared: a config of a session, a
// value of a projection's columns (projection.h), or some files (files.h). The first one is the
// base, which the others are held against. Prints nothing; compare_text() and its like show the
// result.
#ifndef RESULTS_COMPARE_COMPARE_H
#define RESULTS_COMPARE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "calibration.h"
#include "results/store/store.h"

// As a share: ±2 % is too little to care about, where the machine does not know better.
#define COMPARE_MARGIN_DEFAULT 0.02
#define COMPARE_ALPHA_DEFAULT  0.05
// Each row's is what `slabmark calibrate` found for its series on the machine, else
// COMPARE_MARGIN_DEFAULT.
#define COMPARE_MARGIN_CALIBRATED 0
#define COMPARE_CONFIDENCE        0.95 // of every interval

struct sequential;

struct compare_options {
	const char *const
		*sides; // the base first: configs; of a projection values of its column, or none
	size_t sides_count; // at least 2, but for a projection; 1: its figures alone, no rows
	int64_t session; // 0: the newest that measured all of them
	double margin; // a share: 0.02 is 2 %; or COMPARE_MARGIN_CALIBRATED
	double alpha; // the false discovery rate at which a row counts as changed
	// What is compared where it is not the configs of one session (projection.h); all NULL: it
	// is.
	const char *filter; // in the syntax of filter.h
	const char *rows; // "KEY,..."; what tells rows apart
	const char *columns; // "KEY,..."; what is compared
	bool is_across; // unequal machines are compared, and labelled, instead of refused
	bool is_page; // the same for the configs of one session: a page shows what there is
	// A config of the session whose times are taken off, beside the plain ones; NULL: none.
	const char *floor;
	// Counters to show beside the times; NULL: none. One item "all" stands for all.
	const char *const *counters;
	size_t counters_count;
};

// A sample of a comparison, wherever it came from.
struct compare_sample {
	char *name; // of its row
	char *series; // the benchmark, with its parameters
	char *config; // NULL: of a file
	char *workload;
	const char *side; // the comparison's text
	int64_t process;
	int64_t block; // what pairs processes: session and round; ascending with time
	bool failed; // no figure below holds then
	char *error_message; // why it failed
	const char
		*aggregate; // "mean" or "median", where its process kept no repetition; else NULL
	double real_time_ns; // an operation
	double iterations; // operations; NaN where nobody said
	double migrations; // times that a thread changed its CPU; NaN where it was not counted
	json_t *counters; // NULL: not asked for
	bool is_simulated; // time and counters come from a simulator, or the machine is made up
	bool is_timeless; // its time is a simulator's own: no result
};
struct compare_samples {
	struct compare_sample *items; // sorted by name, side, block, process
	size_t count;
};

enum verdict {
	// Beyond chance (q is at most alpha, the interval excludes 1), and not shown to lie within
	// the margin.
	VERDICT_CHANGED,
	VERDICT_EQUIVALENT, // the whole interval lies within the margin
	VERDICT_UNDECIDED, // neither: more rounds would tell
	VERDICT_NONE, // a side has aggregates alone
};

const char *verdict_name(enum verdict verdict);

// The verdict from what it rests on, options->margin (above 0) included. The interval is that of
// the ratio; is_reached as in struct interval.
enum verdict verdict_of(double ratio_low, double ratio_high, bool is_reached, double q,
	const struct compare_options *options);

// Whether the whole interval lies beyond the margin: a change that is slower by then is what the
// gate calls a regression.
bool verdict_is_beyond(double ratio_low, double ratio_high, double margin);

struct compare_row {
	const char *name; // what the outputs call it; the texts live as long as the comparison
	const char *series; // the benchmark that both sides measured; NULL: not the same one
	const char *config; // likewise; NULL: several, or a file's
	const char *workload;
	const char *base;
	const char *other; // the sides; the ratio is the other one's to the base
	size_t rounds; // pairs: rounds with a process of each side; 0 where nothing pairs the sides
	size_t base_count; // processes that the row rests on
	size_t other_count;
	bool is_of_aggregates; // there is no verdict then
	bool is_timeless; // simulated: nothing about its times is known, its counters are the result
	double ratio; // other / base of real time an operation; above 1 is slower
	double ratio_low; // the interval; NaN where a single round gives none
	double ratio_high;
	double confidence; // that the interval reaches
	double p;
	double p_smallest; // that so many processes can give
	double q;
	double margin; // that the verdict rests on
	const char *margin_from; // "given", "calibration" or "default"
	double ratio_unselected; // of a changed row: without the luck that it was picked for; else NaN
	double superiority; // that the other side takes longer: share of the pairs (where nothing pairs: of all), ties half
	double base_ns; // an operation; the median of the base's processes
	double other_ns; // that times the ratio, so that the three agree
	// Above the floor, where there is one; else NaN. Times and ratio are as those of the row.
	double floor_ns;
	double above_base_ns;
	double above_other_ns;
	double above_ratio, above_low, above_high;
	size_t floor_left_out; // samples that were no longer than the floor
	enum verdict verdict;
	json_t *warnings; // array of texts
	json_t *counters; // array, see counters.h; NULL: not asked for
	struct compare_block
		*blocks; // what each round or process adds to the geometric mean's interval
	size_t blocks_count;
};

// How far one round (of paired sides), or one process, lies from its row's own average.
struct compare_block {
	int64_t block;
	bool is_other; // a process of the other side; false for pairs
	double deviation; // of the logs
};

struct compare_mean {
	const char *side;
	double ratio; // geometric mean over the rows
	double ratio_low; // the interval; NaN where there is none
	double ratio_high;
	double confidence; // that the interval reaches
	size_t rows;
};

struct comparison {
	json_t *files; // what was compared, where it was files; see files.h
	json_t *projection; // what was compared, where it was a projection; see projection.h
	bool is_independent; // nothing pairs the sides' processes
	int64_t session; // what follows is known of a session only
	struct store_session_facts session_facts;
	struct sequential *looks; // when the session looked at its results; NULL: never
	size_t layouts; // that its sides were linked in, by round; a layout is then the unit; 0: one
	double margin; // of rows that have no other
	bool is_margin_given; // by the caller
	struct calibrations calibrations; // of the machine, where its own margins are asked for
	double alpha;
	size_t rounds_most; // pairs of the row that has most
	struct compare_row *rows; // by side in the order asked for, then by name
	size_t rows_count;
	json_t *figures; // array, of a single side (internal.h); NULL: there are two or more
	char *floor; // the config that is taken off; NULL: none
	json_t *curves; // arrays, of scaling and of hand-over between nodes: curves.h
	json_t *matrices;
	struct compare_mean *means; // one for each side but the base
	size_t means_count;
	json_t *warnings; // array of texts: what concerns all rows
	struct store_builds
		builds; // of the sides only, the base first; `config` of each is its side
	struct compare_samples samples; // what the rows' texts point into
	char **sides;
	size_t sides_count;
};

// Makes the comparison. EXIT_WRONG_USE: a config that the store has never seen, no such session,
// unequal machines; EXIT_NOT_MEASURED: nothing that could be paired. *comparison is NULL on
// failure.
bool compare_make(struct store *store, const struct compare_options *options,
	struct comparison **comparison, struct problem *problem);
// The first part of it alone: whether the store has ever seen all of these configs.
bool compare_configs_check(
	struct store *store, const struct compare_options *options, struct problem *problem);

void comparison_free(struct comparison *comparison);

// Whether measured programs count it over all of their loop, so that it is told an operation.
bool compare_counter_is_total(const char *name);

// The verdict in words that need no footnote: "changed, slower", "changed, slower, perhaps by less
// than 2 %", "equivalent" … Returns text.
const char *verdict_words(const struct compare_row *row, char *text, size_t size);

// Where a row's margin comes from, in words: "this machine's own", "as asked for", "the default".
const char *margin_source_words(const char *margin_from);

// "faster" or "slower", by which side of 1 the ratio lies on; "same" at 1.
const char *compare_direction(const struct compare_row *row);

// An aligned table with a head that says where and when. Colour is the caller's decision.
void compare_text(const struct comparison *comparison, FILE *output, bool with_colour);

// The same as JSON, owned by the caller; NULL when memory runs out or a text of the store is not
// UTF-8.
json_t *compare_json(const struct comparison *comparison);

// A table that code hosts show, names escaped; and one line a row for spreadsheets (RFC 4180), all
// figures in full.
void compare_markdown(const struct comparison *comparison, FILE *output);
void compare_csv(const struct comparison *comparison, FILE *output);

#endif
