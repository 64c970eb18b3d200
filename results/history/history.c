// SPDX-License-Identifier: GPL-2.0-or-later
// Makes histories and judges them. Where the figures come from is input.c's and store.c's business.
#include "history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/memory.h"

// jansson takes UTF-8 only, and file names may be anything.
static char *name_copy(const char *name)
{
	char *copy = strdup(name);
	json_t *text = copy ? json_string(copy) : NULL;

	for (char *c = copy; c && !text && *c; c++) {
		if (*c & 0x80)
			*c = '?';
	}
	json_decref(text);
	return copy;
}

struct history_series *history_add(struct history *history, const char *name)
{
	struct history_series *items = array_grown(history->items, history->count, sizeof(*items));
	char *copy = items ? name_copy(name) : NULL;

	if (items)
		history->items = items;
	if (!copy)
		return NULL;
	items[history->count] = (struct history_series){.name = copy};
	return &items[history->count++];
}

bool history_append(struct history_series *series, double value, struct problem *problem)
{
	double *values;

	if (series->count == HISTORY_VALUES_MAX)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: '%s' has more than %d values, the most that is read",
			series->source ? series->source : "the store", series->name,
			HISTORY_VALUES_MAX);
	values = array_grown(series->values, series->count, sizeof(*values));
	if (!values)
		return no_memory(problem, "the history");
	series->values = values;
	values[series->count++] = value;
	return true;
}

bool history_judge(struct history *history, struct problem *problem)
{
	for (size_t i = 0; i < history->count; i++) {
		struct history_series *series = &history->items[i];

		if (!change_points_find(series->values, series->count, &series->found))
			return no_memory(problem, "the change points");
	}
	return true;
}

void history_mark_free(struct history_mark *mark)
{
	free(mark->state);
	free(mark->note);
	free(mark->events);
	*mark = (struct history_mark){0};
}

static void texts_free(char **texts, size_t count)
{
	for (size_t i = 0; texts && i < count; i++)
		free(texts[i]);
	free((void *)texts);
}

void history_series_free(struct history_series *series)
{
	texts_free(series->times, series->count);
	texts_free(series->commits, series->count);
	free(series->name);
	free(series->source);
	free(series->config);
	free(series->machine);
	free(series->values);
	free(series->sessions);
	free(series->figures);
	free(series->figures_end);
	for (size_t k = 0; series->marks && k < series->found.count; k++)
		history_mark_free(&series->marks[k]);
	free(series->marks);
	history_mark_free(&series->drift_mark);
	for (size_t k = 0; k < series->alarms_count; k++)
		history_mark_free(&series->alarms[k].mark);
	free(series->alarms);
	change_points_free(&series->found);
}

static int session_order(const void *key, const void *item)
{
	int64_t session = *(const int64_t *)key;
	int64_t other = ((const struct history_session *)item)->session;

	return (session > other) - (session < other);
}

const struct history_session *history_session_find(const struct history *history, int64_t session)
{
	if (history->sessions_count == 0)
		return NULL;
	return bsearch(&session, history->sessions, history->sessions_count,
		sizeof(*history->sessions), session_order);
}

const struct history_session *history_session_before(
	const struct history *history, const struct history_series *series, size_t index)
{
	while (index > 0 && !isfinite(series->values[index - 1]))
		index--;
	return index > 0 ? history_session_find(history, series->sessions[index - 1]) : NULL;
}

// ---- as it was

static bool is_known_by(const struct history *history, int64_t session, int64_t unix_ns)
{
	const struct history_session *found = history_session_find(history, session);

	return !found || found->started_unix_ns <= unix_ns;
}

static void event_free(struct history_event *event)
{
	free(event->machine);
	free(event->fact);
	free(event->before);
	free(event->after);
}

static void series_cut(
	const struct history *history, struct history_series *series, int64_t unix_ns)
{
	size_t kept = 0;

	for (size_t i = 0; i < series->count; i++) {
		if (!is_known_by(history, series->sessions[i], unix_ns))
			continue;
		series->values[kept] = series->values[i];
		series->sessions[kept++] = series->sessions[i];
	}
	series->count = kept;
}

static void events_cut(struct history *history, int64_t unix_ns)
{
	size_t kept = 0;

	for (size_t i = 0; i < history->events_count; i++) {
		if (is_known_by(history, history->events[i].session, unix_ns))
			history->events[kept++] = history->events[i];
		else
			event_free(&history->events[i]);
	}
	history->events_count = kept;
}

void history_cut(struct history *history, int64_t unix_ns)
{
	size_t kept = 0;

	for (size_t i = 0; i < history->count; i++) {
		series_cut(history, &history->items[i], unix_ns);
		if (history->items[i].count > 0)
			history->items[kept++] = history->items[i];
		else
			history_series_free(&history->items[i]);
	}
	history->count = kept;
	events_cut(history, unix_ns);
}

void history_free(struct history *history)
{
	for (size_t i = 0; i < history->count; i++)
		history_series_free(&history->items[i]);
	for (size_t i = 0; i < history->events_count; i++)
		event_free(&history->events[i]);
	for (size_t i = 0; i < history->sessions_count; i++)
		free(history->sessions[i].commit);
	for (size_t i = 0; i < history->incidents_count; i++)
		free(history->incidents[i].members);
	for (size_t i = 0; i < history->left_out_count; i++)
		free(history->left_out[i]);
	free(history->left_out);
	free(history->incidents);
	free(history->sessions);
	free(history->items);
	free(history->events);
	*history = (struct history){0};
}
