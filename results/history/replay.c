// SPDX-License-Identifier: GPL-2.0-or-later
// The nights once more: a line for each alarm that was opened, and for each that was gone, in the
// order in which people saw them, with what was known then. Entries: replay_text(), replay_json().
#include "replay.h"

#include <stdlib.h>

#include "results/text/memory.h"
#include "show.h"

// An alarm as it was known at its moment: the levels of then, and no interval.
static struct change_shift shift_then(const struct history_alarm *alarm)
{
	double size = alarm->after - alarm->before;

	return (struct change_shift){alarm->before, alarm->after, size, size, size};
}

static void print_moment(
	const struct history *history, const struct alarm_moment *moment, FILE *output)
{
	const struct history_series *series = &history->items[moment->member.series];
	const struct history_alarm *alarm = &series->alarms[moment->member.alarm];
	struct change_shift shift = shift_then(alarm);

	show_night(history, series, moment->is_end ? alarm->gone_known : alarm->opened, output);
	fputs(moment->is_end ? ": gone, " : ": opened, ", output);
	show_series(series, output);
	fputs(": since ", output);
	show_place(series, alarm->since, output);
	if (moment->is_end) {
		fputs(", to before ", output);
		show_place(series, alarm->gone_since, output);
	}
	fputc(' ', output);
	show_levels(series, &shift, output);
	fputc('\n', output);
}

bool replay_text(const struct history *history, FILE *output, struct problem *problem)
{
	size_t count;
	struct alarm_moment *moments = alarm_moments(history, &count);

	for (size_t i = 0; moments && i < count; i++)
		print_moment(history, &moments[i], output);
	if (moments && count == 0)
		fputs("no alarm in any night\n", output);
	free(moments);
	return moments || no_memory(problem, "the nights");
}

static json_t *moment_json(const struct history *history, const struct alarm_moment *moment)
{
	const struct history_series *series = &history->items[moment->member.series];
	const struct history_alarm *alarm = &series->alarms[moment->member.alarm];
	struct change_shift shift = shift_then(alarm);
	json_t *json = json_pack("{s:I, s:s, s:s, s:s?, s:s?, s:s?, s:I}", "night",
		(json_int_t)moment->night, "alarm", moment->is_end ? "gone" : "opened", "name",
		series->name, "source", series->source, "config", series->config, "machine",
		series->machine, "since", (json_int_t)alarm->since);

	json_object_set_new(json, "gone_since",
		moment->is_end ? json_integer((json_int_t)alarm->gone_since) : json_null());
	json_add_night(
		json, history, series, moment->is_end ? alarm->gone_known : alarm->opened, "");
	json_add_levels(json, series, &shift);
	return json;
}

json_t *replay_json(const struct history *history)
{
	size_t count;
	struct alarm_moment *moments = alarm_moments(history, &count);
	json_t *json = moments ? json_array() : NULL;

	for (size_t i = 0; json && i < count; i++)
		json_array_append_new(json, moment_json(history, &moments[i]));
	free(moments);
	return json;
}
