// SPDX-License-Identifier: GPL-2.0-or-later
// A series as it is watched: value after value, each judged once, with what was known then. Pure:
// the same values in the same order give the same alarms, and what was opened is never taken back.
// Unlike change_point.h, which looks once at all values, this one may look every night: the chance
// that it gives is that of a night, so that a caller can say how many false alarms a year he bears
// (365 nights of a chance of 0.05 / 365 are 5 % a series and year), and over how many series.
#ifndef RESULTS_SERIES_WATCH_H
#define RESULTS_SERIES_WATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "level.h"
#include "split.h"

// So many values of a level must be known before it can be left.
#define WATCH_BASE_MIN 10
// A level that is held by so many equal values has no noise: the first other value is a change.
#define WATCH_EXACT_MIN 10

// What the newest value says.
struct watch_evidence {
	double chance; // of noise, a night, to say as much; 1: nothing
	size_t since; // the first value of the new level, as the caller counts
	double before, after; // the levels
	double autocorrelation; // of the noise, as it is presumed
	bool is_exact; // there is no noise at all
};

// An alarm is opened once, and stays.
struct watch_alarm {
	size_t since; // the first value of the new level, as it was known then
	size_t opened; // the value with which it was known
	size_t moved; // the value with which it was last seen to go on the same way; else opened
	double before, after; // the levels, as far as they are known
	double after_first; // the newer one, as it was known when the alarm was opened
	bool is_exact;
	bool is_gone; // the level before is there again …
	size_t gone_since; // … from this value on,
	size_t gone_known; // which was known with this one
	double autocorrelation; // of the noise before it …
	double deviation; // … and how it scatters
	size_t level_first; // where in watch->segment the level before begins
};

// A series under watch. Only watch.c changes it.
struct watch {
	double *values; // that are finite
	size_t *places; // of the values, as the caller counts
	size_t count, room;
	size_t *segment; // indices of values, ascending, without those of alarms that are gone
	size_t segment_count;
	size_t segment_first; // of the level now
	double *level; // room for the values of a level
	struct watch_alarm *alarms; // in the order in which they were opened
	size_t alarms_count;
	struct split_work work;
};

// For a series of so many values at most. False only when memory runs out; watch_free() then, too.
bool watch_make(struct watch *watch, size_t room);
void watch_free(struct watch *watch);

// Takes a value; not finite: missing, which says nothing. An alarm whose level is left for the one
// before is gone from now on.
struct watch_evidence watch_add(struct watch *watch, size_t place, double value);

// Takes the evidence of the newest value for a change: opens an alarm, lets an open one go on, or
// ends it. False only when memory runs out.
bool watch_believe(struct watch *watch, const struct watch_evidence *evidence);

// How large the change of an alarm is, as all values say so far: levels as in change_point.h, with
// their interval.
struct level_shift watch_shift(struct watch *watch, size_t alarm, double *before, double *after);

#endif
