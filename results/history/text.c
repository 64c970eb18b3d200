// SPDX-License-Identifier: GPL-2.0-or-later
// A history for people: a line a series, its changes beneath it; what happened to the machine at
// the end. Names may come from anywhere, so control characters never reach the terminal.
#include "show.h"

#include <math.h>

#include "results/text/escape.h"
#include "results/text/figure.h"
#include "results/text/timestamp.h"

static void print_heading(const struct history_series *series, FILE *output)
{
	size_t missing = series->count - series->found.values;

	if (series->source) {
		print_clean(output, series->source);
		fputs(": ", output);
	}
	show_series(series, output);
	fprintf(output, ": %zu %s", series->found.values,
		plural(series->found.values, "value", "values"));
	if (missing > 0)
		fprintf(output, " (%zu missing)", missing);
	if (series->found.count == 0 && !series->found.drift.is_there &&
		!series->found.spread.is_there)
		fputs(", no change", output);
	fputc('\n', output);
}

// A time in its unit, or a count.
static const char *level_text(
	const struct history_series *series, double level, char text[FIGURE_SIZE])
{
	if (!series->is_counter)
		return time_text(exp(level), text);
	(void)snprintf(text, FIGURE_SIZE, "%.4g", exp(level));
	return text;
}

void show_levels(
	const struct history_series *series, const struct change_shift *shift, FILE *output)
{
	char text[3][FIGURE_SIZE];
	const char *direction = shift->size < 0 ? "down" : "up";

	if (series->has_logs)
		fprintf(output, "%s from %s to %s, ratio %s", direction,
			level_text(series, shift->before, text[0]),
			level_text(series, shift->after, text[1]),
			ratio_text(exp(shift->size), text[2]));
	else
		fprintf(output, "%s from %.6g to %.6g, by %+.4g", direction, shift->before,
			shift->after, shift->size);
}

// The levels with " (95 %: …)" and the line's end.
static void print_shift(
	const struct history_series *series, const struct change_shift *shift, FILE *output)
{
	char text[2][FIGURE_SIZE];

	show_levels(series, shift, output);
	if (series->has_logs)
		fprintf(output, " (95 %%: %s to %s)\n", ratio_text(exp(shift->size_low), text[0]),
			ratio_text(exp(shift->size_high), text[1]));
	else
		fprintf(output, " (95 %%: %+.4g to %+.4g)\n", shift->size_low, shift->size_high);
}

void show_place(const struct history_series *series, size_t index, FILE *output)
{
	if (series->sessions)
		fprintf(output, "session %lld", (long long)series->sessions[index]);
	else
		fprintf(output, "%zu", index);
	if (!series->times && !series->commits)
		return;
	fputs(" (", output);
	if (series->times)
		print_clean(output, series->times[index]);
	if (series->commits) {
		fputs(series->times ? ", commit " : "commit ", output);
		print_clean(output, series->commits[index]);
	}
	fputc(')', output);
}

// "first seen at 4f2c1e0, 16 November 2026, between 0a1b2c3 of 15 November 2026 and this one"
static void print_origin(const struct history *history, const struct history_series *series,
	size_t index, FILE *output)
{
	const struct history_session *first =
		series->sessions ? history_session_find(history, series->sessions[index]) : NULL;
	const struct history_session *before =
		first ? history_session_before(history, series, index) : NULL;
	char day[TIMESTAMP_SIZE];

	if (!first)
		return;
	fputs("    first seen at ", output);
	print_clean(output, first->commit ? first->commit : "an unknown commit");
	fprintf(output, ", %s", timestamp_day(first->started_unix_ns, day));
	if (before) {
		fputs(", between ", output);
		print_clean(output, before->commit ? before->commit : "an unknown commit");
		fprintf(output, " of %s (session %lld) and this one",
			timestamp_day(before->started_unix_ns, day), (long long)before->session);
	}
	fputc('\n', output);
}

// "[1f2e3d4c5b expected: the new compiler], with kernel"
static void print_mark(const struct history *history, const struct history_mark *mark, FILE *output)
{
	fprintf(output, "    %s %s", mark->id, mark->state);
	if (mark->note) {
		fputs(": ", output);
		print_clean(output, mark->note);
	}
	for (size_t i = 0; i < mark->events_count; i++) {
		fputs(i > 0 ? " and " : "; the machine changed then: ", output);
		print_clean(output, history->events[mark->events[i]].fact);
	}
	fputc('\n', output);
}

// "  bend at 97: from -0.01 to 0.32 a value (by 95 %: +0.28 to +0.38)"; of times the ratio a session.
static void print_slopes(
	const struct history_series *series, const struct change_shift *shift, FILE *output)
{
	char text[4][FIGURE_SIZE];

	if (series->has_logs)
		fprintf(output, "from %s to %s times a session (ratio by 95 %%: %s to %s)\n",
			ratio_text(exp(shift->before), text[0]),
			ratio_text(exp(shift->after), text[1]),
			ratio_text(exp(shift->size_low), text[2]),
			ratio_text(exp(shift->size_high), text[3]));
	else
		fprintf(output,
			"from %+.4g to %+.4g a value (difference by 95 %%: %+.4g to %+.4g)\n",
			shift->before, shift->after, shift->size_low, shift->size_high);
}

static void print_point(
	const struct history_series *series, const struct change_point *point, FILE *output)
{
	fprintf(output, "  %s at ", change_kind_name(point->kind));
	show_place(series, point->index, output);
	fputs(": ", output);
	(point->kind == CHANGE_BEND ? print_slopes : print_shift)(series, &point->shift, output);
}

// "  spread from 96 on: deviations of 1.02, then of 3.06 (3.000 times)"; of times in percent.
static void print_spread(const struct history_series *series, FILE *output)
{
	const struct change_spread *spread = &series->found.spread;
	double unit = series->sessions ? 100 : 1;
	const char *percent = series->sessions ? " %" : "";
	char text[FIGURE_SIZE];

	fputs("  spread from ", output);
	show_place(series, spread->index, output);
	fprintf(output, " on: deviations of %.3g%s, then of %.3g%s (%s times)\n",
		unit * spread->before, percent, unit * spread->after, percent,
		ratio_text(spread->after / spread->before, text));
}

static void print_series(
	const struct history *history, const struct history_series *series, FILE *output)
{
	const struct change_drift *drift = &series->found.drift;

	print_heading(series, output);
	if (drift->is_there) {
		fputs("  drift, ", output);
		show_place(series, drift->first, output);
		fputs(" to ", output);
		show_place(series, drift->last, output);
		fputs(": ", output);
		print_shift(series, &drift->shift, output);
		print_origin(history, series, drift->first, output);
		if (series->marks)
			print_mark(history, &series->drift_mark, output);
	}
	if (series->found.spread.is_there)
		print_spread(series, output);
	for (size_t i = 0; i < series->found.count; i++) {
		print_point(series, &series->found.items[i], output);
		print_origin(history, series, series->found.items[i].index, output);
		if (series->marks)
			print_mark(history, &series->marks[i], output);
	}
}

// ---- incidents

void show_series(const struct history_series *series, FILE *output)
{
	print_clean(output, series->name);
	if (series->config) {
		fputs(", ", output);
		print_clean(output, series->config);
	}
	if (series->machine) {
		fputs(", machine ", output);
		print_clean(output, series->machine);
	}
}

void show_night(const struct history *history, const struct history_series *series, size_t index,
	FILE *output)
{
	const struct history_session *session =
		series->sessions ? history_session_find(history, series->sessions[index]) : NULL;
	char day[TIMESTAMP_SIZE];

	show_place(series, index, output);
	if (!session)
		return;
	fprintf(output, " (%s", timestamp_day(session->started_unix_ns, day));
	if (session->commit) {
		fputs(", commit ", output);
		print_clean(output, session->commit);
	}
	fputc(')', output);
}

// "  pair, default: step up from 100 ns to 141 ns, ratio 1.41 (95 %: …)
//     1f2e3d4c5b open since session 15, known since session 17"
static void print_member(
	const struct history *history, const struct history_member *member, FILE *output)
{
	const struct history_series *series = &history->items[member->series];
	const struct history_alarm *alarm = &series->alarms[member->alarm];

	fputs("  ", output);
	show_series(series, output);
	fprintf(output, ": %s ", alarm_kind(alarm));
	print_shift(series, &alarm->shift, output);
	fprintf(output, "    %s%s%s since ", alarm->mark.id, *alarm->mark.id ? " " : "",
		alarm_state(alarm));
	show_night(history, series, alarm->is_gone ? alarm->gone_since : alarm->since, output);
	fputs(", known with ", output);
	show_place(series, alarm->is_gone ? alarm->gone_known : alarm->opened, output);
	if (alarm->mark.note) {
		fputs(": ", output);
		print_clean(output, alarm->mark.note);
	}
	fputc('\n', output);
}

static void print_incident(
	const struct history *history, const struct history_incident *incident, FILE *output)
{
	const struct history_series *series = &history->items[incident->series];
	size_t index = 0;

	while (index + 1 < series->count && history_night(series, index) < incident->night)
		index++;
	show_night(history, series, index, output);
	fprintf(output, ": %zu series changed\n", incident->count);
	for (size_t i = 0; i < incident->count; i++)
		print_member(history, &incident->members[i], output);
}

static void print_event(const struct history_event *event, FILE *output)
{
	fprintf(output, "session %lld: ", (long long)event->session);
	print_clean(output, event->fact);
	fputs(" of machine ", output);
	print_clean(output, event->machine);
	fputs(" changed from ", output);
	print_clean(output, event->before);
	fputs(" to ", output);
	print_clean(output, event->after);
	if (event->series > 0)
		fprintf(output, "; %zu of %zu series changed with it", event->changes,
			event->series);
	fputc('\n', output);
}

void history_text(const struct history *history, FILE *output)
{
	for (size_t i = 0; i < history->count; i++)
		print_series(history, &history->items[i], output);
	if (history->incidents_count > 0)
		fputs("\nAlarms, as they were raised night after night, by incident:\n", output);
	for (size_t i = 0; i < history->incidents_count; i++)
		print_incident(history, &history->incidents[i], output);
	if (history->events_count > 0)
		fputs("\nChanged meanwhile:\n", output);
	for (size_t i = 0; i < history->events_count; i++)
		print_event(&history->events[i], output);
}
