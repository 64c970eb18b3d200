// SPDX-License-Identifier: GPL-2.0-or-later
// Histories: series of figures over time, from plain data (input.h) or from the store, with the
// change points found in them, and the ways to show them.
#ifndef RESULTS_HISTORY_HISTORY_H
#define RESULTS_HISTORY_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "results/series/change_point.h"
#include "results/store/store.h"
#include "results/text/problem.h"

// Something that changed on a machine from one session to the next: an explanation to look at
// first.
struct history_event {
	int64_t session; // the first that shows it
	char *machine;
	char *fact; // "kernel", "compiler" …
	char *before;
	char *after;
	size_t changes; // of series of the machine that came with it
	size_t series; // of the machine that were measured before and after it
};

// A session of the store: when it was, and what it measured.
struct history_session {
	int64_t session;
	int64_t started_unix_ns;
	char *commit; // NULL: not recorded, or several
};

// What goes with a change of the store's series: what people made of it, and what happened to the
// machine then.
enum { HISTORY_ID_SIZE = 11 };
struct history_mark {
	char id[HISTORY_ID_SIZE];
	char *state; // triage.h
	char *note; // NULL: none
	size_t *events; // of history->events, those that came with it
	size_t events_count;
};

// A series that left its level, as it was seen night after night (alarms.h). Places are indices of
// the series' values.
struct history_alarm {
	size_t since; // the first value of the new level
	size_t opened; // the value with which it was known
	size_t moved; // the value with which it last went on the same way; opened, if never
	bool is_exact; // the values before it were all the same
	bool is_gone; // the level before is there again …
	size_t gone_since; // … from this value on,
	size_t gone_known; // which was known with this one
	double before, after; // the levels as they were known when it was opened
	struct change_shift shift; // as all values say it
	double deviations; // its size in deviations of the noise before it; infinite: there is none
	struct history_mark mark;
};

// Alarms of series that are watched together and that left their levels at the same night, or two
// nights beside it: they have one cause, most probably.
struct history_incident {
	int64_t night; // at which most of them began
	size_t series; // any of them: an index of the history's
	struct history_member {
		size_t series; // of the history
		size_t alarm; // of the series
	} * members; // the largest first
	size_t count;
};

struct history_series {
	char *name;
	char *source; // the file; NULL: the store
	char *config; // these two NULL for plain data
	char *machine;
	double *values; // not finite: missing; of the store: logs of nanoseconds
	int64_t *sessions; // of the values; NULL for plain data
	char **times; // of the values of plain data, as they stand there; NULL: none
	char **commits; // likewise
	double *figures; // what the values condense: one a process, in the order of the values; NULL: not asked for
	size_t *figures_end; // of the values: where the next one's begin
	size_t count;
	bool has_logs; // the values are logs, and a change is a ratio; else it is a difference
	bool is_counter; // what is counted, without a unit; else of the store nanoseconds
	struct change_points found;
	struct history_mark *
		marks; // of found.items; NULL for plain data, as long as triage_read() was not called
	struct history_mark drift_mark;
	struct history_alarm *alarms; // as they were opened; NULL before history_watch()
	size_t alarms_count;
};

struct history {
	struct history_series *items;
	size_t count;
	// Of plain data: columns of numbers that are no figures, and why, as sentences for the user.
	char **left_out;
	size_t left_out_count;
	struct history_event *events; // of the store
	size_t events_count;
	struct history_session *sessions; // of the store, ascending
	size_t sessions_count;
	struct history_incident *incidents; // the newest first
	size_t incidents_count;
};

// A session of the history; NULL where it is not known.
const struct history_session *history_session_find(const struct history *history, int64_t session);
// The session of the last value before this one; NULL: there is none, or it is not known.
const struct history_session *history_session_before(
	const struct history *history, const struct history_series *series, size_t index);
void history_free(struct history *history);

// Adds an empty series; NULL when memory runs out. The name is copied; bytes that are not UTF-8
// become '?'.
struct history_series *history_add(struct history *history, const char *name);
// Adds a value to a series.
#define HISTORY_VALUES_MAX 100000
bool history_append(struct history_series *series, double value, struct problem *problem);

void history_mark_free(struct history_mark *mark);
void history_series_free(struct history_series *series);

// Finds the change points of every series.
bool history_judge(struct history *history, struct problem *problem);

// Which series of the store to take; NULL or 0: all.
struct history_filter {
	const char *const *configs;
	size_t configs_count;
	const char *const *workloads;
	size_t workloads_count;
	bool with_figures; // of each process, too
	const char *const *counters; // series of these, too
	size_t counters_count;
};
// A series a benchmark, config and machine over the store's sessions: the median over a session's
// processes of the mean log time; a session in which it failed has no value. Simulated times are
// left out.
bool history_read(struct store *store, const struct history_filter *filter, struct history *history,
	struct problem *problem);

// Leaves only sessions that had begun at this moment, and what was known by them. Before
// history_judge().
void history_cut(struct history *history, int64_t unix_ns);

// One object: name, changepoints, and what is known of each. NULL when memory runs out.
json_t *history_series_json(const struct history *history, const struct history_series *series);
json_t *history_incident_json(
	const struct history *history, const struct history_incident *incident);
json_t *history_event_json(const struct history_event *event);
void history_text(const struct history *history, FILE *output);

#endif
