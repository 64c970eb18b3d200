// SPDX-License-Identifier: GPL-2.0-or-later
// A history as JSON, one object a series. What is not known is null.
#include "show.h"

#include <math.h>
#include <string.h>

#include "results/text/timestamp.h"

static json_t *real_or_null(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

// A ratio of levels means something where both are above zero; the store's figures are logs.
static double shift_ratio(const struct history_series *series, const struct change_shift *shift)
{
	if (series->has_logs)
		return exp(shift->size);
	return shift->before > 0 && shift->after > 0 ? shift->after / shift->before : NAN;
}

static json_t *level_json(const struct history_series *series, double level)
{
	return real_or_null(series->has_logs ? exp(level) : level);
}

void json_add_levels(
	json_t *json, const struct history_series *series, const struct change_shift *shift)
{
	json_object_set_new(json, "direction", json_string(shift->size < 0 ? "down" : "up"));
	json_object_set_new(json, "before", level_json(series, shift->before));
	json_object_set_new(json, "after", level_json(series, shift->after));
	json_object_set_new(json, "ratio", real_or_null(shift_ratio(series, shift)));
	if (!series->has_logs)
		json_object_set_new(json, "size", real_or_null(shift->size));
}

// Levels, with their interval.
static void add_shift(
	json_t *json, const struct history_series *series, const struct change_shift *shift)
{
	const char *low = series->has_logs ? "ratio_low" : "size_low";
	const char *high = series->has_logs ? "ratio_high" : "size_high";

	json_add_levels(json, series, shift);
	json_object_set_new(
		json, low, real_or_null(series->has_logs ? exp(shift->size_low) : shift->size_low));
	json_object_set_new(json, high,
		real_or_null(series->has_logs ? exp(shift->size_high) : shift->size_high));
}

static void add_mark(json_t *json, const struct history_mark *mark)
{
	json_object_set_new(json, "id", json_string(mark->id));
	json_object_set_new(json, "state", json_string(mark->state));
	json_object_set_new(json, "note", text_or_null(mark->note));
}

// When and at which commit a change was first seen, and what was the last before it.
static void add_origin(json_t *json, const struct history *history,
	const struct history_series *series, size_t index)
{
	const struct history_session *first =
		history_session_find(history, series->sessions[index]);
	const struct history_session *before = history_session_before(history, series, index);
	char day[TIMESTAMP_SIZE];

	json_object_set_new(json, "session", json_integer(series->sessions[index]));
	json_object_set_new(json, "commit", text_or_null(first ? first->commit : NULL));
	json_object_set_new(json, "day",
		text_or_null(first ? timestamp_day(first->started_unix_ns, day) : NULL));
	json_object_set_new(json, "commit_before", text_or_null(before ? before->commit : NULL));
	json_object_set_new(json, "day_before",
		text_or_null(before ? timestamp_day(before->started_unix_ns, day) : NULL));
}

// Text of a file that may be no UTF-8, of which the member is then left out.
static void add_texts(json_t *json, const struct history_series *series, size_t index)
{
	if (series->times)
		json_object_set_new(json, "time", json_string(series->times[index]));
	if (series->commits)
		json_object_set_new(json, "commit", json_string(series->commits[index]));
}

static json_t *change_json(const struct history *history, const struct history_series *series,
	const struct change_point *point)
{
	json_t *json = json_pack("{s:I, s:s}", "index", (json_int_t)point->index, "kind",
		change_kind_name(point->kind));
	size_t i = (size_t)(point - series->found.items);

	if (series->sessions)
		add_origin(json, history, series, point->index);
	add_texts(json, series, point->index);
	add_shift(json, series, &point->shift);
	if (series->marks) {
		add_mark(json, &series->marks[i]);
		json_object_set_new(
			json, "with_event", json_boolean(series->marks[i].events_count > 0));
	}
	return json;
}

static json_t *drift_json(const struct history *history, const struct history_series *series)
{
	const struct change_drift *drift = &series->found.drift;
	json_t *json;

	if (!drift->is_there)
		return json_null();
	json = json_pack(
		"{s:I, s:I}", "first", (json_int_t)drift->first, "last", (json_int_t)drift->last);
	if (series->sessions)
		add_origin(json, history, series, drift->first);
	add_shift(json, series, &drift->shift);
	if (series->marks)
		add_mark(json, &series->drift_mark);
	return json;
}

// ---- alarms

static void set_prefixed(json_t *json, const char *prefix, const char *name, json_t *value)
{
	char key[48];

	(void)snprintf(key, sizeof(key), "%s%s", prefix, name);
	json_object_set_new(json, key, value);
}

void json_add_night(json_t *json, const struct history *history,
	const struct history_series *series, size_t index, const char *prefix)
{
	const struct history_session *session =
		series->sessions ? history_session_find(history, series->sessions[index]) : NULL;
	char day[TIMESTAMP_SIZE];

	if (series->sessions) {
		set_prefixed(json, prefix, "session", json_integer(series->sessions[index]));
		set_prefixed(
			json, prefix, "commit", text_or_null(session ? session->commit : NULL));
		set_prefixed(json, prefix, "day",
			text_or_null(
				session ? timestamp_day(session->started_unix_ns, day) : NULL));
	}
	if (series->times)
		set_prefixed(json, prefix, "time", json_string(series->times[index]));
	if (series->commits)
		set_prefixed(json, prefix, "commit", json_string(series->commits[index]));
}

static json_t *alarm_json(const struct history *history, const struct history_series *series,
	const struct history_alarm *alarm)
{
	json_t *json = json_pack("{s:s, s:s, s:I, s:I, s:b}", "kind", alarm_kind(alarm), "state",
		alarm_state(alarm), "since", (json_int_t)alarm->since, "opened",
		(json_int_t)alarm->opened, "exact", alarm->is_exact);

	json_object_set_new(json, "gone_since",
		alarm->is_gone ? json_integer((json_int_t)alarm->gone_since) : json_null());
	json_object_set_new(json, "gone_known",
		alarm->is_gone ? json_integer((json_int_t)alarm->gone_known) : json_null());
	json_add_night(json, history, series, alarm->since, "since_");
	json_add_night(json, history, series, alarm->opened, "opened_");
	add_shift(json, series, &alarm->shift);
	json_object_set_new(json, "deviations", real_or_null(alarm->deviations));
	if (alarm->mark.state) {
		json_object_set_new(json, "id", json_string(alarm->mark.id));
		json_object_set_new(json, "judgement", json_string(alarm->mark.state));
		json_object_set_new(json, "note", text_or_null(alarm->mark.note));
	}
	return json;
}

static json_t *alarms_json(const struct history *history, const struct history_series *series)
{
	json_t *alarms = json_array();

	for (size_t i = 0; i < series->alarms_count; i++)
		json_array_append_new(alarms, alarm_json(history, series, &series->alarms[i]));
	return alarms;
}

json_t *history_incident_json(
	const struct history *history, const struct history_incident *incident)
{
	json_t *json = json_pack("{s:I}", "incident", (json_int_t)incident->night);
	json_t *members = json_array();

	for (size_t i = 0; i < incident->count; i++) {
		const struct history_member *member = &incident->members[i];
		const struct history_series *series = &history->items[member->series];
		json_t *one = alarm_json(history, series, &series->alarms[member->alarm]);

		json_object_set_new(one, "name", json_string(series->name));
		json_object_set_new(one, "config", text_or_null(series->config));
		json_object_set_new(one, "machine", text_or_null(series->machine));
		json_array_append_new(members, one);
	}
	json_object_set_new(json, "series", members);
	return json;
}

// ---- a series

// Deviations: of the store shares of the time, because its figures are logs.
static json_t *spread_json(const struct history *history, const struct history_series *series)
{
	const struct change_spread *spread = &series->found.spread;
	json_t *json;

	if (!spread->is_there)
		return json_null();
	json = json_pack("{s:I, s:f, s:f, s:f}", "index", (json_int_t)spread->index, "before",
		spread->before, "after", spread->after, "ratio", spread->after / spread->before);
	json_add_night(json, history, series, spread->index, "");
	return json;
}

json_t *history_series_json(const struct history *history, const struct history_series *series)
{
	json_t *json = json_pack("{s:s}", "name", series->name);
	json_t *indices = json_array();
	json_t *changes = json_array();

	if (series->source)
		json_object_set_new(json, "source", text_or_null(series->source));
	if (series->sessions) {
		json_object_set_new(json, "config", text_or_null(series->config));
		json_object_set_new(json, "machine", text_or_null(series->machine));
	}
	for (size_t i = 0; i < series->found.count; i++) {
		const struct change_point *point = &series->found.items[i];

		json_array_append_new(indices, json_integer((json_int_t)point->index));
		json_array_append_new(changes, change_json(history, series, point));
	}
	json_object_set_new(json, "changepoints", indices);
	json_object_set_new(json, "changes", changes);
	json_object_set_new(json, "drift", drift_json(history, series));
	json_object_set_new(json, "spread", spread_json(history, series));
	json_object_set_new(json, "alarms", alarms_json(history, series));
	json_object_set_new(json, "values", json_integer((json_int_t)series->found.values));
	json_object_set_new(
		json, "missing", json_integer((json_int_t)(series->count - series->found.values)));
	json_object_set_new(json, "autocorrelation", real_or_null(series->found.autocorrelation));
	return json;
}

json_t *history_event_json(const struct history_event *event)
{
	return json_pack("{s:s, s:I, s:s, s:s, s:s, s:I, s:I}", "event", event->fact, "session",
		(json_int_t)event->session, "machine", event->machine, "before", event->before,
		"after", event->after, "changes", (json_int_t)event->changes, "series",
		(json_int_t)event->series);
}
