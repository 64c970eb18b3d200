// SPDX-License-Identifier: GPL-2.0-or-later
// Series as a nightly job judges them: every night, all that are measured together. Each night is
// judged with what was known then, so that the answer for a night is the same whenever it is asked
// for: the alarms are a function of the values alone.
#ifndef RESULTS_HISTORY_ALARMS_H
#define RESULTS_HISTORY_ALARMS_H

#include "history.h"

// False alarms that noise gives a series and year (365 values), at most.
#define ALARMS_A_YEAR 0.05
// However many series are watched together, noise gives an alarm in so large a share of nights at most.
#define ALARM_NIGHTS_MAX 0.01
// A level that came back within so many values was a bad spell.
#define ALARM_SPELL_MAX 30
// Alarms that began so many nights apart are one incident.
#define ALARM_NIGHTS_APART 2

struct history_watch_options {
	double floor; // a change of a smaller ratio is none, of the store's series: 0.01 is 1 %
	double floor_of_data; // the same of plain data, whose zero may mean nothing: 0
};
#define HISTORY_WATCH_DEFAULTS ((struct history_watch_options){.floor = 0.01})

// Finds the alarms of every series. Series of the store are watched together; of plain data, those of
// a file.
bool history_watch(struct history *history, const struct history_watch_options *options,
	struct problem *problem);

// "step", "drift" or "incident": it stayed, it went on, it was gone soon.
const char *alarm_kind(const struct history_alarm *alarm);
// "open", "judged" or "gone".
const char *alarm_state(const struct history_alarm *alarm);

// Makes incidents of all alarms that are there. After history_watch(), and after triage_keep().
bool history_incidents(struct history *history, struct problem *problem);

// How large an alarm's change is, beside others that are watched together with it: of the store the
// logarithm of the ratio, of plain data deviations of the noise.
double alarm_size(const struct history_series *series, const struct history_alarm *alarm);

// The night of a value: its session, or its index in plain data.
int64_t history_night(const struct history_series *series, size_t index);

// What happened to alarms in the nights, in their order.
struct alarm_moment {
	int64_t night;
	struct history_member member;
	bool is_end; // the alarm is gone; else it was opened
};
// NULL only when memory runs out; free() it.
struct alarm_moment *alarm_moments(const struct history *history, size_t *count);

#endif
