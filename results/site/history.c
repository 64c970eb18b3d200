// SPDX-License-Identifier: GPL-2.0-or-later
// The site's histories: a chunk a series with every night's figures, levels and changes; a chunk a
// session with where each series stood then; and the lists of series, sessions, changes and events
// for the index. Entry: site_history().
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>

#include "results/text/digest.h"
#include "results/text/memory.h"
#include "site.h"

enum { BAND_PARTS = 40 }; // of 40 values one lies below the band of a level, and one above

void site_series_id(
	const char *name, const char *config, const char *machine, char id[SERIES_ID_SIZE])
{
	char digest[DIGEST_SIZE];
	char *text = NULL;
	int length = asprintf(&text, "%s\n%s\n%s", name, config, machine);

	digest_make(length < 0 ? "" : text, length < 0 ? 0 : (size_t)length, digest);
	(void)snprintf(id, SERIES_ID_SIZE, "%.*s", SERIES_ID_SIZE - 1, digest);
	if (length >= 0)
		free(text);
}

static void series_id(const struct history_series *series, char id[SERIES_ID_SIZE])
{
	site_series_id(series->name, series->config, series->machine, id);
}

// ---- one series

static size_t figures_begin(const struct history_series *series, size_t value)
{
	return value ? series->figures_end[value - 1] : 0;
}

static size_t figures_count(const struct history_series *series, size_t value)
{
	return series->figures_end[value] - figures_begin(series, value);
}

void site_range(const struct history_series *series, size_t value, double *low, double *high)
{
	size_t begin = figures_begin(series, value);

	gsl_stats_minmax(low, high, series->figures + begin, 1, figures_count(series, value));
}

static json_t *figures_json(const struct history_series *series, size_t value)
{
	json_t *figures = json_array();

	for (size_t i = figures_begin(series, value); i < series->figures_end[value]; i++)
		json_array_append_new(figures, json_real(exp(series->figures[i])));
	return figures;
}

// Adds every value: when, the median, the range, and the processes.
static void values_add(json_t *json, const struct history_series *series, bool with_figures)
{
	json_t *sessions = json_array();
	json_t *times = json_array();
	json_t *lows = json_array();
	json_t *highs = json_array();
	json_t *figures = json_array();
	json_t *counts = json_array();

	for (size_t i = 0; i < series->count; i++) {
		double low;
		double high;

		site_range(series, i, &low, &high);
		json_array_append_new(sessions, json_integer(series->sessions[i]));
		json_array_append_new(times, real_or_null(exp(series->values[i])));
		json_array_append_new(lows, json_real(exp(low)));
		json_array_append_new(highs, json_real(exp(high)));
		json_array_append_new(counts, json_integer((json_int_t)figures_count(series, i)));
		if (with_figures)
			json_array_append_new(figures, figures_json(series, i));
	}
	json_object_set_new(json, "sessions", sessions);
	json_object_set_new(json, "ns", times);
	json_object_set_new(json, "low", lows);
	json_object_set_new(json, "high", highs);
	json_object_set_new(json, "n", counts);
	json_object_set_new(json, "figures", figures);
}

// The level between two changes, and the band that holds 95 of 100 of its values.
static json_t *level_json(const struct history_series *series, size_t first, size_t end)
{
	double *values = calloc(end - first + 1, sizeof(*values));
	json_t *json = NULL;
	size_t count = 0;

	for (size_t i = first; values && i < end; i++) {
		if (isfinite(series->values[i]))
			values[count++] = series->values[i];
	}
	if (count > 0) {
		gsl_sort(values, 1, count);
		json = json_pack("{s:I, s:I, s:f, s:f, s:f}", "first", (json_int_t)first, "last",
			(json_int_t)end - 1, "ns",
			exp(gsl_stats_median_from_sorted_data(values, 1, count)), "low",
			exp(gsl_stats_quantile_from_sorted_data(
				values, 1, count, 1.0 / BAND_PARTS)),
			"high",
			exp(gsl_stats_quantile_from_sorted_data(
				values, 1, count, 1 - 1.0 / BAND_PARTS)));
	}
	free(values);
	return json ? json : json_null();
}

static json_t *levels_json(const struct history_series *series)
{
	json_t *levels = json_array();
	size_t first = 0;

	for (size_t k = 0; k < series->found.count; k++) {
		json_array_append_new(
			levels, level_json(series, first, series->found.items[k].index));
		first = series->found.items[k].index;
	}
	json_array_append_new(levels, level_json(series, first, series->count));
	return levels;
}

// A year of processes is most of a series; what travels by mail goes without.
static void series_add(struct site *site, const struct history_series *series)
{
	json_t *json = history_series_json(&site->history, series);
	char id[SERIES_ID_SIZE];
	char name[CHUNK_NAME_SIZE];

	series_id(series, id);
	(void)snprintf(name, sizeof(name), "series/%s", id);
	json_object_set_new(json, "id", json_string(id));
	values_add(json, series, !site->options->single_file);
	json_object_set_new(json, "levels", levels_json(series));
	chunk_add(&site->chunks, name, json);
}

// ---- the index

static size_t benchmark_place(struct site *site, const char *name)
{
	size_t place = site_place(site->benchmarks, name);
	json_t *benchmark = json_array_get(site->benchmarks, place);
	size_t length = strcspn(name, "/");

	if (!json_object_get(benchmark, "workload"))
		json_object_set_new(benchmark, "workload", json_stringn(name, length));
	return place;
}

// [id, benchmark, config, machine, values, newest session, its ns, changes]: DATA.md.
static json_t *series_row(struct site *site, const struct history_series *series)
{
	size_t last = series->count - 1;
	char id[SERIES_ID_SIZE];

	series_id(series, id);
	return json_pack("[s, I, I, I, I, I, o, I]", id,
		(json_int_t)benchmark_place(site, series->name),
		(json_int_t)site_place(site->configs, series->config),
		(json_int_t)site_place(site->machines, series->machine), (json_int_t)series->count,
		(json_int_t)series->sessions[last], real_or_null(exp(series->values[last])),
		(json_int_t)series->found.count + (series->found.drift.is_there ? 1 : 0));
}

// What history_series_json() says of a change, with the series that it is of.
static void change_add(json_t *changes, json_t *change, size_t series, const char *kind)
{
	json_t *copy = json_copy(change);

	json_object_set_new(copy, "series", json_integer((json_int_t)series));
	if (!json_object_get(copy, "kind"))
		json_object_set_new(copy, "kind", json_string(kind));
	json_array_append_new(changes, copy);
}

static void changes_add(
	json_t *changes, struct site *site, const struct history_series *series, size_t place)
{
	json_t *json = history_series_json(&site->history, series);
	json_t *drift = json_object_get(json, "drift");
	size_t i;
	json_t *change;

	json_array_foreach(json_object_get(json, "changes"), i, change)
		change_add(changes, change, place, "step");
	if (json_is_object(drift))
		change_add(changes, drift, place, "drift");
	json_decref(json);
}

// [id, start in s, commit, machine, whole, gate, processes] of every session that is a result.
static json_t *session_row(struct site *site, const json_t *session)
{
	json_int_t id = json_integer_value(json_object_get(session, "session"));
	const struct history_session *known = history_session_find(&site->history, id);
	const json_t *commits = json_object_get(session, "commits");
	const char *machine =
		json_string_value(json_array_get(json_object_get(session, "machines"), 0));
	const char *ended = json_string_value(json_object_get(session, "ended"));

	return json_pack("[I, I, o, I, b, O, O]", id,
		known ? (json_int_t)(known->started_unix_ns / NS_A_SECOND) : 0,
		json_array_size(commits) == 1 ? json_incref(json_array_get(commits, 0))
					      : json_null(),
		(json_int_t)site_place(site->machines, machine ? machine : "unknown"),
		ended && strcmp(ended, "complete") == 0, json_object_get(session, "gate"),
		json_object_get(session, "processes"));
}

static json_t *session_rows(struct site *site)
{
	json_t *rows = json_array();
	size_t i;
	json_t *session;

	json_array_foreach(site->sessions, i, session)
	{
		if (json_is_null(json_object_get(session, "purpose")))
			json_array_append_new(rows, session_row(site, session));
	}
	return rows;
}

static json_t *events_json(const struct site *site)
{
	json_t *events = json_array();

	for (size_t i = 0; i < site->history.events_count; i++)
		json_array_append_new(events, history_event_json(&site->history.events[i]));
	return events;
}

// What history_incident_json() says, with the place of each series.
static json_t *incidents_json(const struct site *site)
{
	json_t *incidents = json_array();

	for (size_t i = 0; i < site->history.incidents_count; i++) {
		const struct history_incident *incident = &site->history.incidents[i];
		json_t *json = history_incident_json(&site->history, incident);

		for (size_t k = 0; k < incident->count; k++)
			json_object_set_new(json_array_get(json_object_get(json, "series"), k),
				"place", json_integer((json_int_t)incident->members[k].series));
		json_array_append_new(incidents, json);
	}
	return incidents;
}

// ---- where the series stood in each session

static void stand_add(
	json_t *sessions, const struct history_series *series, size_t place, size_t value)
{
	char key[24];
	double low;
	double high;
	json_t *rows;

	(void)snprintf(key, sizeof(key), "%lld", (long long)series->sessions[value]);
	rows = json_object_get(sessions, key);
	if (!rows) {
		rows = json_array();
		json_object_set_new(sessions, key, rows);
	}
	site_range(series, value, &low, &high);
	json_array_append_new(
		rows, json_pack("[I, f, f, f, I]", (json_int_t)place, exp(series->values[value]),
			      exp(low), exp(high), (json_int_t)figures_count(series, value)));
}

static bool is_of_night(const struct site *site, int64_t session)
{
	for (size_t i = 0; i < site->nights_count; i++) {
		if (site->nights[i].session == session)
			return true;
	}
	return false;
}

// What travels by mail has those of the nights alone.
static void stands_add(struct site *site)
{
	json_t *sessions = json_object();
	const char *key;
	json_t *rows;
	char name[CHUNK_NAME_SIZE];

	for (size_t i = 0; i < site->history.count; i++) {
		for (size_t k = 0; k < site->history.items[i].count; k++)
			stand_add(sessions, &site->history.items[i], i, k);
	}
	json_object_foreach(sessions, key, rows)
	{
		if (site->options->single_file && !is_of_night(site, strtoll(key, NULL, 10)))
			continue;
		(void)snprintf(name, sizeof(name), "session/%s", key);
		chunk_add(&site->chunks, name, json_pack("{s:O}", "rows", rows));
	}
	json_decref(sessions);
}

bool site_history(struct site *site, json_t *index)
{
	json_t *rows = json_array();
	json_t *changes = json_array();

	for (size_t i = 0; i < site->history.count; i++) {
		const struct history_series *series = &site->history.items[i];

		json_array_append_new(rows, series_row(site, series));
		changes_add(changes, site, series, i);
		if (!site->is_brief)
			series_add(site, series);
	}
	if (!site->is_brief)
		stands_add(site);
	json_object_set_new(index, "series", rows);
	json_object_set_new(index, "changes", changes);
	json_object_set_new(index, "incidents", incidents_json(site));
	json_object_set_new(index, "events", events_json(site));
	json_object_set_new(index, "sessions", session_rows(site));
	return true;
}
