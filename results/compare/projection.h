// SPDX-License-Identifier: GPL-2.0-or-later
// What a comparison puts side by side, in benchstat's manner: a filter says which results count,
// `columns` what is compared (the configs, unless said otherwise), `rows` what tells rows apart.
// Keys:
//
//	config  commit  session  machine  compiler  workload  name (of the benchmark, with its
//	parameters)  /PARAMETER of the name
//
// Which sessions count: those that the filter names or that are compared themselves; else the
// newest that has every value of the columns which was asked for (at least two, where none were),
// so that rounds pair the sides; else, of each side, the newest that measured it, config by config
// and workload by workload. Sides of different sessions are independent. A session that had a
// purpose of its own (a calibration, a gate's confirmation) counts only where it is named.
//
// comparison->projection becomes {"filter", "row", "col", "across", "paired", "sides": [{"label",
// "sessions", "configs", "commits", "compilers", "machines", "processes"}]}, the base first.
#ifndef RESULTS_COMPARE_PROJECTION_H
#define RESULTS_COMPARE_PROJECTION_H

#include "filter.h"
#include "internal.h"

// What filter, rows and columns of the options mean, read.
struct projection {
	struct filter *filter;
	struct store_names rows; // keys
	struct store_names columns;
	bool names_session; // somebody said which sessions: those with a purpose count, too
};

// EXIT_WRONG_USE: a key that is none, a filter that cannot be read.
bool projection_make(struct projection *projection, const struct compare_options *options,
	struct problem *problem);
void projection_free(struct projection *projection);

// Whether a key can only be asked of a benchmark, not of a whole process.
bool key_is_of_name(const char *key);

// What the filter says of a source, which may be a whole process (name is NULL).
enum filter_answer projection_filter(
	const struct projection *projection, const struct store_source *source);

// Whether a word of the user's names this value of a key: commits and machines by their beginning,
// too. "X" names no build of commit X that had changes on top: "X-dirty" does.
bool key_value_is_named(const char *key, const char *value, const char *word);
// Of the values that a word names, leaves the one that it is in full, if any. Returns whether there
// is one alone.
bool key_values_settle(struct store_names *named, const char *word);

// Writes the value of a key, "unknown" where nothing was recorded.
void key_value_write(FILE *output, const char *key, const struct store_source *source);

// Writes what the columns make of a source, without the keys of the name where it is a whole
// process: the value of a single key, "key:value key:value" of several.
void projection_write_side(
	const struct projection *projection, const struct store_source *source, FILE *output);

// Writes what the rows make of a source: the benchmark's name without the columns' parameters, then
// the other keys, of which those in `constant` are left out.
void projection_write_row(const struct projection *projection, const struct store_source *source,
	const struct store_names *constant, FILE *output);

#endif
