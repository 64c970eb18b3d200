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
	for (size_t k = 0; series->marks && k < series->found.count; k++)
		history_mark_free(&series->marks[k]);
	free(series->marks);
	history_mark_free(&series->drift_mark);
	change_points_free(&series->found);
}

const struct history_session *history_session_find(const struct history *history, int64_t session)
{
	for (size_t i = 0; i < history->sessions_count; i++) {
		if (history->sessions[i].session == session)
			return &history->sessions[i];
	}
	return NULL;
}

const struct history_session *history_session_before(
	const struct history *history, const struct history_series *series, size_t index)
{
	while (index > 0 && !isfinite(series->values[index - 1]))
		index--;
	return index > 0 ? history_session_find(history, series->sessions[index - 1]) : NULL;
}

void history_free(struct history *history)
{
	for (size_t i = 0; i < history->count; i++)
		history_series_free(&history->items[i]);
	for (size_t i = 0; i < history->events_count; i++) {
		struct history_event *event = &history->events[i];

		free(event->machine);
		free(event->fact);
		free(event->before);
		free(event->after);
	}
	for (size_t i = 0; i < history->sessions_count; i++)
		free(history->sessions[i].commit);
	free(history->sessions);
	free(history->items);
	free(history->events);
	*history = (struct history){0};
}
