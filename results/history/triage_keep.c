// SPDX-License-Identifier: GPL-2.0-or-later
// Of a history's changes those whose judgement somebody asks for. Entry: triage_keep().
#include <string.h>

#include "triage.h"

static bool is_kept(const struct history_mark *mark, const char *const *states, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(mark->state, states[i]) == 0)
			return true;
	}
	return false;
}

static void alarms_keep(struct history_series *series, const char *const *states, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < series->alarms_count; i++) {
		struct history_alarm alarm = series->alarms[i];

		if (is_kept(&alarm.mark, states, count))
			series->alarms[kept++] = alarm;
		else
			history_mark_free(&alarm.mark);
	}
	series->alarms_count = kept;
}

static void series_keep(struct history_series *series, const char *const *states, size_t count)
{
	struct change_points *found = &series->found;
	size_t kept = 0;

	alarms_keep(series, states, count);
	for (size_t i = 0; i < found->count; i++) {
		struct history_mark mark = series->marks[i];

		if (!is_kept(&mark, states, count)) {
			history_mark_free(&series->marks[i]);
			continue;
		}
		series->marks[i] = (struct history_mark){0};
		series->marks[kept] = mark;
		found->items[kept++] = found->items[i];
	}
	found->count = kept;
	found->drift.is_there =
		found->drift.is_there && is_kept(&series->drift_mark, states, count);
}

static bool has_no_change(const struct history_series *series)
{
	return series->found.count == 0 && !series->found.drift.is_there &&
	       series->alarms_count == 0;
}

void triage_keep(struct history *history, const char *const *states, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < history->count; i++) {
		struct history_series series;

		series_keep(&history->items[i], states, count);
		if (has_no_change(&history->items[i]))
			continue;
		series = history->items[i];
		history->items[i] = history->items[kept];
		history->items[kept++] = series;
	}
	while (history->count > kept)
		history_series_free(&history->items[--history->count]);
}
