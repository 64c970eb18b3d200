// SPDX-License-Identifier: GPL-2.0-or-later
// Replays the nights: gives every series its value of the night (series/watch.h), and holds what
// they say against each other, so that the false alarms of all series together stay as rare as
// promised (Benjamini and Hochberg, 1995, over the series of a night). Entry: history_watch().
#include "alarms.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/series/watch.h"
#include "results/text/memory.h"
#include "triage.h"

enum { YEAR = 365 };

int64_t history_night(const struct history_series *series, size_t index)
{
	return series->sessions ? series->sessions[index] : (int64_t)index;
}

const char *alarm_kind(const struct history_alarm *alarm)
{
	if (alarm->is_gone && alarm->gone_since - alarm->since <= ALARM_SPELL_MAX)
		return "incident";
	return alarm->moved > alarm->opened ? "drift" : "step";
}

const char *alarm_state(const struct history_alarm *alarm)
{
	if (alarm->is_gone)
		return "gone";
	return alarm->mark.state && strcmp(alarm->mark.state, TRIAGE_STATE_NONE) != 0 ? "judged"
										      : "open";
}

// ---- a night

// A series under watch.
struct watched {
	struct history_series *series;
	struct watch watch;
	size_t next; // value
	int exponent; // the watch gets plain data divided by 2 to its power, so that no square overflows
	struct watch_evidence evidence; // of tonight
	bool has_value; // tonight
};

struct watching {
	struct watched *items;
	size_t count;
	struct watched **tonight; // those with a value, by their chances
	size_t tonight_count;
	const struct history_watch_options *options;
};

// Whether a change is so small that nobody cares for it. The store's figures are logarithms.
static bool is_below_floor(const struct watching *watching, const struct watched *watched)
{
	const struct watch_evidence *evidence = &watched->evidence;
	double size = fabs(evidence->after - evidence->before);

	if (evidence->is_exact)
		return false;
	if (watched->series->has_logs)
		return size < log1p(watching->options->floor);
	return size < watching->options->floor_of_data * fabs(evidence->before);
}

static void value_take(struct watching *watching, struct watched *watched)
{
	size_t index = watched->next++;

	watched->evidence = watch_add(
		&watched->watch, index, ldexp(watched->series->values[index], -watched->exponent));
	if (is_below_floor(watching, watched))
		watched->evidence.chance = 1;
	watching->tonight[watching->tonight_count++] = watched;
}

static int chance_order(const void *left, const void *right)
{
	const struct watched *one = *(const struct watched *const *)left;
	const struct watched *two = *(const struct watched *const *)right;

	if (one->evidence.chance != two->evidence.chance)
		return one->evidence.chance < two->evidence.chance ? -1 : 1;
	return (one > two) - (one < two);
}

// How many of tonight's series are believed: as many as have chances below their share of what the
// night may spend.
static size_t believed_count(const struct watching *watching)
{
	double series = (double)watching->tonight_count;
	double rate = fmin(series * ALARMS_A_YEAR / YEAR, ALARM_NIGHTS_MAX);
	size_t count = watching->tonight_count;

	while (count > 0 &&
		watching->tonight[count - 1]->evidence.chance > rate * (double)count / series)
		count--;
	return count;
}

static bool night_judge(struct watching *watching)
{
	size_t believed;

	qsort((void *)watching->tonight, watching->tonight_count, sizeof(struct watched *),
		chance_order);
	believed = believed_count(watching);
	for (size_t i = 0; i < believed; i++) {
		struct watched *watched = watching->tonight[i];

		if (!watch_believe(&watched->watch, &watched->evidence))
			return false;
	}
	return true;
}

// ---- all nights

static bool night_next(const struct watching *watching, int64_t *night)
{
	bool has_one = false;

	for (size_t i = 0; i < watching->count; i++) {
		const struct watched *watched = &watching->items[i];
		int64_t of_series;

		if (watched->next == watched->series->count)
			continue;
		of_series = history_night(watched->series, watched->next);
		*night = has_one && *night < of_series ? *night : of_series;
		has_one = true;
	}
	return has_one;
}

static bool nights_judge(struct watching *watching)
{
	int64_t night = 0;

	while (night_next(watching, &night)) {
		watching->tonight_count = 0;
		for (size_t i = 0; i < watching->count; i++) {
			struct watched *watched = &watching->items[i];

			if (watched->next < watched->series->count &&
				history_night(watched->series, watched->next) == night)
				value_take(watching, watched);
		}
		if (!night_judge(watching))
			return false;
	}
	return true;
}

// In the series' magnitude again.
static struct change_shift shift_of(struct watched *watched, size_t alarm)
{
	struct change_shift taken;
	struct level_shift shift = watch_shift(&watched->watch, alarm, &taken.before, &taken.after);

	taken.before = ldexp(taken.before, watched->exponent);
	taken.after = ldexp(taken.after, watched->exponent);
	taken.size = ldexp(shift.size, watched->exponent);
	taken.size_low = ldexp(shift.low, watched->exponent);
	taken.size_high = ldexp(shift.high, watched->exponent);
	return taken;
}

static bool alarms_take(struct watched *watched)
{
	struct history_series *series = watched->series;
	struct watch *watch = &watched->watch;

	series->alarms = calloc(watch->alarms_count + 1, sizeof(*series->alarms));
	for (size_t i = 0; series->alarms && i < watch->alarms_count; i++) {
		const struct watch_alarm *alarm = &watch->alarms[i];
		struct history_alarm *taken = &series->alarms[series->alarms_count++];

		*taken = (struct history_alarm){
			.since = alarm->since,
			.opened = alarm->opened,
			.moved = alarm->moved,
			.before = ldexp(alarm->before, watched->exponent),
			.after = ldexp(alarm->after_first, watched->exponent),
			.is_exact = alarm->is_exact,
			.is_gone = alarm->is_gone,
			.gone_since = alarm->gone_since,
			.gone_known = alarm->gone_known,
		};
		taken->shift = shift_of(watched, i);
		taken->deviations = alarm->deviation > 0
					    ? fabs(taken->shift.size) /
						      ldexp(alarm->deviation, watched->exponent)
					    : INFINITY;
	}
	return series->alarms;
}

// ---- series that are watched together

static bool is_together(const struct history_series *one, const struct history_series *two)
{
	if (!one->source || !two->source)
		return !one->source && !two->source;
	return strcmp(one->source, two->source) == 0;
}

static int exponent_of(const struct history_series *series)
{
	double largest = 0;
	int exponent;

	for (size_t i = 0; i < series->count; i++) {
		if (isfinite(series->values[i]))
			largest = fmax(largest, fabs(series->values[i]));
	}
	frexp(largest, &exponent);
	return exponent;
}

static bool watching_make(struct watching *watching, struct history *history, size_t first)
{
	watching->items = calloc(history->count + 1, sizeof(*watching->items));
	watching->tonight = (struct watched **)calloc(history->count + 1, sizeof(struct watched *));
	if (!watching->items || !watching->tonight)
		return false;
	for (size_t i = first; i < history->count; i++) {
		struct history_series *series = &history->items[i];
		struct watched *watched = &watching->items[watching->count];

		if (series->alarms || !is_together(series, &history->items[first]))
			continue;
		watched->series = series;
		watched->exponent = series->sessions ? 0 : exponent_of(series);
		watching->count++;
		if (!watch_make(&watched->watch, series->count))
			return false;
	}
	return true;
}

static void watching_free(struct watching *watching)
{
	for (size_t i = 0; i < watching->count; i++)
		watch_free(&watching->items[i].watch);
	free(watching->items);
	free((void *)watching->tonight);
}

// The series of the first's store or file.
static bool together_watch(
	struct history *history, size_t first, const struct history_watch_options *options)
{
	struct watching watching = {.options = options};
	bool is_good = watching_make(&watching, history, first) && nights_judge(&watching);

	for (size_t i = 0; is_good && i < watching.count; i++)
		is_good = alarms_take(&watching.items[i]);
	watching_free(&watching);
	return is_good;
}

bool history_watch(struct history *history, const struct history_watch_options *options,
	struct problem *problem)
{
	bool is_good = true;

	for (size_t i = 0; is_good && i < history->count; i++) {
		if (!history->items[i].alarms)
			is_good = together_watch(history, i, options);
	}
	return is_good || no_memory(problem, "the alarms");
}

// ---- moments

static int moment_order(const void *left, const void *right)
{
	const struct alarm_moment *one = left;
	const struct alarm_moment *two = right;

	if (one->night != two->night)
		return one->night < two->night ? -1 : 1;
	if (one->is_end != two->is_end)
		return one->is_end ? -1 : 1;
	if (one->member.series != two->member.series)
		return one->member.series < two->member.series ? -1 : 1;
	return (one->member.alarm > two->member.alarm) - (one->member.alarm < two->member.alarm);
}

struct alarm_moment *alarm_moments(const struct history *history, size_t *count)
{
	struct alarm_moment *moments;
	size_t room = 1;

	*count = 0;
	for (size_t i = 0; i < history->count; i++)
		room += 2 * history->items[i].alarms_count;
	moments = calloc(room, sizeof(*moments));
	for (size_t i = 0; moments && i < history->count; i++) {
		const struct history_series *series = &history->items[i];

		for (size_t k = 0; k < series->alarms_count; k++) {
			const struct history_alarm *alarm = &series->alarms[k];

			moments[(*count)++] = (struct alarm_moment){
				history_night(series, alarm->opened), {i, k}, false};
			if (alarm->is_gone)
				moments[(*count)++] = (struct alarm_moment){
					history_night(series, alarm->gone_known), {i, k}, true};
		}
	}
	if (moments)
		qsort(moments, *count, sizeof(*moments), moment_order);
	return moments;
}
