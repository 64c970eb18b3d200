// SPDX-License-Identifier: GPL-2.0-or-later
// Groups alarms by the night at which they began. The night at which most began comes first and takes
// what began beside it, because the place of a change is known by a night or two. Entry:
// history_incidents().
#include "alarms.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/memory.h"

// An alarm that belongs to no incident yet.
struct loose {
	struct history_member member;
	const char *group; // what is watched together on one machine: the machine, or the file
	size_t place; // the night it began, as nights are counted
	bool is_taken;
};

struct loosened {
	struct history *history;
	struct loose *items; // by group, then by place
	size_t count;
};

double alarm_size(const struct history_series *series, const struct history_alarm *alarm)
{
	return series->has_logs ? fabs(alarm->shift.size) : alarm->deviations;
}

static const struct history_alarm *alarm_of(
	const struct history *history, const struct history_member *member)
{
	return &history->items[member->series].alarms[member->alarm];
}

static size_t place_of(
	const struct history *history, const struct history_series *series, size_t index)
{
	const struct history_session *session =
		series->sessions ? history_session_find(history, series->sessions[index]) : NULL;

	return session ? (size_t)(session - history->sessions) : index;
}

static int loose_order(const void *left, const void *right)
{
	const struct loose *one = left;
	const struct loose *two = right;
	int groups = strcmp(one->group, two->group);

	if (groups != 0)
		return groups;
	return (one->place > two->place) - (one->place < two->place);
}

static bool loosen(struct loosened *loosened)
{
	struct history *history = loosened->history;
	size_t room = 1;

	for (size_t i = 0; i < history->count; i++)
		room += history->items[i].alarms_count;
	loosened->items = calloc(room, sizeof(*loosened->items));
	for (size_t i = 0; loosened->items && i < history->count; i++) {
		const struct history_series *series = &history->items[i];

		for (size_t k = 0; k < series->alarms_count; k++)
			loosened->items[loosened->count++] = (struct loose){
				.member = {i, k},
				.group = series->source    ? series->source
					 : series->machine ? series->machine
							   : "",
				.place = place_of(history, series, series->alarms[k].since),
			};
	}
	if (loosened->items)
		qsort(loosened->items, loosened->count, sizeof(*loosened->items), loose_order);
	return loosened->items;
}

// The first of those that began at the night at which most did; NULL: none is left.
static struct loose *most_find(struct loosened *loosened)
{
	struct loose *most = NULL;
	size_t count_max = 0;

	for (size_t i = 0, end; i < loosened->count; i = end) {
		size_t count = 0;

		for (end = i; end < loosened->count &&
			      loose_order(&loosened->items[i], &loosened->items[end]) == 0;
			end++)
			count += !loosened->items[end].is_taken;
		if (count > count_max) {
			count_max = count;
			most = &loosened->items[i];
		}
	}
	while (most && most->is_taken)
		most++;
	return most;
}

static bool is_beside(const struct loose *one, const struct loose *two)
{
	size_t apart = one->place > two->place ? one->place - two->place : two->place - one->place;

	return apart <= ALARM_NIGHTS_APART && strcmp(one->group, two->group) == 0;
}

static bool incident_add(struct loosened *loosened, const struct loose *most)
{
	struct history *history = loosened->history;
	const struct history_series *series = &history->items[most->member.series];
	struct history_incident *incidents =
		array_grown(history->incidents, history->incidents_count, sizeof(*incidents));
	struct history_incident *incident;

	if (!incidents)
		return false;
	history->incidents = incidents;
	incident = &incidents[history->incidents_count++];
	*incident = (struct history_incident){
		.night = history_night(series, alarm_of(history, &most->member)->since),
		.series = most->member.series,
		.members = calloc(loosened->count, sizeof(*incident->members)),
	};
	for (size_t i = 0; incident->members && i < loosened->count; i++) {
		struct loose *loose = &loosened->items[i];

		if (loose->is_taken || !is_beside(loose, most))
			continue;
		loose->is_taken = true;
		incident->members[incident->count++] = loose->member;
	}
	return incident->members;
}

static int size_order(const void *left, const void *right, void *context)
{
	const struct history *history = context;
	const struct history_member *one = left;
	const struct history_member *two = right;
	double size_one = alarm_size(&history->items[one->series], alarm_of(history, one));
	double size_two = alarm_size(&history->items[two->series], alarm_of(history, two));

	if (size_one != size_two)
		return size_one > size_two ? -1 : 1;
	return (one->series > two->series) - (one->series < two->series);
}

static int newest_first(const void *left, const void *right)
{
	const struct history_incident *one = left;
	const struct history_incident *two = right;

	if (one->night != two->night)
		return one->night > two->night ? -1 : 1;
	return (one->series > two->series) - (one->series < two->series);
}

bool history_incidents(struct history *history, struct problem *problem)
{
	struct loosened loosened = {.history = history};
	bool is_good = loosen(&loosened);
	const struct loose *most;

	while (is_good && (most = most_find(&loosened)))
		is_good = incident_add(&loosened, most);
	free(loosened.items);
	for (size_t i = 0; i < history->incidents_count; i++)
		qsort_r(history->incidents[i].members, history->incidents[i].count,
			sizeof(struct history_member), size_order, history);
	if (history->incidents_count > 0)
		qsort(history->incidents, history->incidents_count, sizeof(*history->incidents),
			newest_first);
	return is_good || no_memory(problem, "the incidents");
}
