// SPDX-License-Identifier: GPL-2.0-or-later
// A series under watch: the values of the level now, the alarms that were opened, and when they are
// gone. Entries: watch_add(), watch_believe(). What the newest values say is watch_evidence.c's
// business.
#include "watch.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "autocorrelation.h"
#include "results/statistics/order.h"
#include "results/text/memory.h"
#include "split_internal.h"
#include "watch_internal.h"

static const double MAD_TO_DEVIATION = 1.4826; // of a Gaussian
static const struct watch_evidence NONE = {.chance = 1};

bool watch_make(struct watch *watch, size_t room)
{
	*watch = (struct watch){
		.values = calloc(room + 1, sizeof(double)),
		.places = calloc(room + 1, sizeof(size_t)),
		.room = room,
		.segment = calloc(room + 1, sizeof(size_t)),
		.level = calloc(WATCH_WINDOW + 1, sizeof(double)),
	};
	return watch->values && watch->places && watch->segment && watch->level &&
	       split_work_make(&watch->work, WATCH_WINDOW);
}

void watch_free(struct watch *watch)
{
	free(watch->values);
	free(watch->places);
	free(watch->segment);
	free(watch->level);
	free(watch->alarms);
	split_work_free(&watch->work);
	*watch = (struct watch){0};
}

// ---- levels

double watch_level(const struct watch *watch, size_t first, size_t end, double *deviation)
{
	double room[WATCH_LEVEL];
	size_t count = end - first > WATCH_LEVEL ? WATCH_LEVEL : end - first;
	double level;

	for (size_t i = 0; i < count; i++)
		room[i] = watch->values[watch->segment[end - count + i]];
	level = order_median(room, count);
	for (size_t i = 0; i < count; i++)
		room[i] = fabs(room[i] - level);
	*deviation = order_median(room, count) * MAD_TO_DEVIATION;
	return level;
}

// ---- alarms

static struct watch_alarm *open_alarm(const struct watch *watch)
{
	for (size_t i = watch->alarms_count; i > 0; i--) {
		if (!watch->alarms[i - 1].is_gone)
			return &watch->alarms[i - 1];
	}
	return NULL;
}

// Where in the segment the values from this place on begin.
static size_t segment_find(const struct watch *watch, size_t place)
{
	size_t i = watch->segment_count;

	while (i > 0 && watch->places[watch->segment[i - 1]] >= place)
		i--;
	return i;
}

// What one value says for the level before the alarm, as the logarithm of a ratio of likelihoods.
// None speaks too loudly.
static double value_says(const struct watch_alarm *alarm, double value)
{
	static const double LOUDEST = 5;
	double unit = alarm->deviation * autocorrelation_widening(alarm->autocorrelation);
	double to_before = (value - alarm->before) / unit;
	double to_after = (value - alarm->after) / unit;

	if (!(unit > 0))
		return value == alarm->before ? 2 * LOUDEST : -LOUDEST;
	return larger(
		-LOUDEST, smaller(LOUDEST, (to_after * to_after - to_before * to_before) / 2));
}

// How many of the newest values say that the level before is there again; 0: none. One at least is
// left to the alarm.
static size_t values_returned(const struct watch *watch, const struct watch_alarm *alarm)
{
	static const double CERTAIN = 9; // about the logarithm of a night's chance
	size_t most = watch->segment_count - segment_find(watch, alarm->since);
	double sum = 0;

	for (size_t i = 1; i < most && i <= WATCH_LEVEL; i++) {
		sum += value_says(alarm, watch->values[watch->segment[watch->segment_count - i]]);
		if (sum > CERTAIN)
			return i;
	}
	return 0;
}

// The values of the level before, and those since it is there again, are one level.
static void alarm_end(struct watch *watch, struct watch_alarm *alarm, size_t returned)
{
	size_t first = watch->segment_count - returned;
	size_t since = segment_find(watch, alarm->since);

	alarm->is_gone = true;
	alarm->gone_since = watch->places[watch->segment[first]];
	alarm->gone_known = watch->places[watch->count - 1];
	memmove(watch->segment + since, watch->segment + first, returned * sizeof(*watch->segment));
	watch->segment_count = since + returned;
	watch->segment_first = alarm->level_first;
}

// The level after an alarm becomes known better, as long as it is young.
static void alarm_learn(struct watch *watch, struct watch_alarm *alarm)
{
	double ignored;

	if (watch->segment_count - watch->segment_first <= WATCH_LEVEL)
		alarm->after =
			watch_level(watch, watch->segment_first, watch->segment_count, &ignored);
}

static void alarms_watch(struct watch *watch)
{
	struct watch_alarm *alarm = open_alarm(watch);
	size_t returned = alarm ? values_returned(watch, alarm) : 0;

	if (alarm && returned == 0)
		alarm_learn(watch, alarm);
	for (; returned > 0; returned = alarm ? values_returned(watch, alarm) : 0) {
		alarm_end(watch, alarm, returned);
		alarm = open_alarm(watch);
	}
}

struct watch_evidence watch_add(struct watch *watch, size_t place, double value)
{
	if (!isfinite(value))
		return NONE;
	watch->values[watch->count] = value;
	watch->places[watch->count] = place;
	watch->segment[watch->segment_count++] = watch->count++;
	alarms_watch(watch);
	return watch_evidence(watch);
}

// ---- belief

// Whether the series only goes on as the open alarm said.
static bool goes_on(const struct watch_alarm *alarm, const struct watch_evidence *evidence)
{
	enum { QUIET_MAX = 30 }; // values

	return (alarm->after > alarm->before) == (evidence->after > evidence->before) &&
	       evidence->since <= alarm->moved + QUIET_MAX;
}

static bool alarm_open(struct watch *watch, const struct watch_evidence *evidence)
{
	size_t at = segment_find(watch, evidence->since);
	size_t now = watch->places[watch->count - 1];
	struct watch_alarm *alarms =
		array_grown(watch->alarms, watch->alarms_count, sizeof(*alarms));
	struct watch_alarm *alarm;

	if (!alarms)
		return false;
	watch->alarms = alarms;
	alarm = &alarms[watch->alarms_count++];
	*alarm = (struct watch_alarm){
		.since = evidence->since,
		.opened = now,
		.moved = now,
		.before = evidence->before,
		.after = evidence->after,
		.after_first = evidence->after,
		.is_exact = evidence->is_exact,
		.autocorrelation = evidence->autocorrelation,
		.level_first = watch->segment_first,
	};
	watch_level(watch, watch->segment_first, at, &alarm->deviation);
	watch->segment_first = at;
	return true;
}

bool watch_believe(struct watch *watch, const struct watch_evidence *evidence)
{
	struct watch_alarm *alarm = open_alarm(watch);

	if (!alarm || !goes_on(alarm, evidence))
		return alarm_open(watch, evidence);
	alarm->moved = watch->places[watch->count - 1];
	alarm->after = evidence->after;
	watch->segment_first = segment_find(watch, evidence->since);
	return true;
}

// ---- sizes

// The values from one place to before another.
static struct level level_between(struct watch *watch, size_t from, size_t end)
{
	size_t count = 0;

	for (size_t i = watch->count; i > 0 && count < WATCH_WINDOW; i--) {
		if (watch->places[i - 1] >= from && watch->places[i - 1] < end)
			watch->level[count++] = watch->values[i - 1];
	}
	if (count == 0)
		return (struct level){0};
	split_work_order(&watch->work, watch->level, count);
	for (size_t i = 0; i < count; i++)
		watch->work.sorted[i] = watch->level[watch->work.order[i]];
	return level_of(watch->work.sorted, count);
}

static size_t level_start(const struct watch_alarm *alarm)
{
	return alarm->is_gone ? alarm->gone_since : alarm->since;
}

struct level_shift watch_shift(struct watch *watch, size_t alarm, double *before, double *after)
{
	const struct watch_alarm *asked = &watch->alarms[alarm];
	size_t from = 0;
	size_t end = asked->is_gone ? asked->gone_since : SIZE_MAX;
	struct level of_before;
	struct level of_after;

	for (size_t i = 0; i < watch->alarms_count; i++) {
		const struct watch_alarm *other = &watch->alarms[i];

		if (i < alarm && level_start(other) < asked->since)
			from = level_start(other) > from ? level_start(other) : from;
		if (i > alarm && other->since > asked->since && other->since < end)
			end = other->since;
	}
	of_before = level_between(watch, from, asked->since);
	of_after = level_between(watch, asked->since, end);
	if (of_after.freedom < of_before.freedom) {
		double values_before = of_before.freedom + 1; // as many as the mean is of
		double values_after = of_after.freedom + 1;

		of_after.error_squared = of_before.error_squared * values_before / values_after;
		of_after.freedom = of_before.freedom;
	}
	*before = of_before.mean;
	*after = of_after.mean;
	return level_shift(
		&of_before, &of_after, autocorrelation_widening(asked->autocorrelation), 0.95);
}
