// SPDX-License-Identifier: GPL-2.0-or-later
// What can be counted here, found by trying. Entry: counters_probe(). First each counter alone: it
// opens, runs, and sees what the exercise does; some open and then read 0 for ever. Then groups, as
// large as the kernel takes and the PMU really runs: a group may be taken and never run, where
// somebody else holds one of the PMU's counters.
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "counters.h"
#include "group.h"
#include "processor.h"
#include "reason.h"

struct probe {
	struct counters *counters;
	const struct exercise_places *places;
};

enum { SPIN_ROUNDS = 20000 };

__attribute__((format(printf, 2, 3))) static bool give_up(
	struct counter *counter, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(counter->reason, sizeof(counter->reason), format, arguments);
	va_end(arguments);
	counter->state = COUNTER_UNAVAILABLE;
	return false;
}

// ---- one counter alone

static unsigned effects_of(const struct counter *counter)
{
	return counter->figure ? counter->figure->effects : EFFECT_ALL;
}

// Whether the exercise can make it happen on this machine at all.
static bool is_testable(const struct probe *probe, struct counter *counter)
{
	if (!counter->figure)
		return true;
	if ((counter->figure->effects & EFFECT_REMOTE) && probe->places->remote < 0)
		return give_up(counter,
			"one NUMA node: nothing is remote, so the self-test cannot try it");
	if ((counter->figure->effects & EFFECT_MOVE) && probe->places->beside < 0)
		return give_up(
			counter, "one CPU: nothing can move, so the self-test cannot try it");
	return true;
}

static bool believe(struct counter *counter, struct count count)
{
	double least = counter->figure ? counter->figure->least : 0;

	if (isnan(count.events))
		return give_up(counter, "opens, but the PMU never ran it: its counters are taken "
					"(kernel.nmi_watchdog, another perf)");
	if (count.events == 0)
		return give_up(counter, "opens, but read 0 where the self-test made it happen");
	if (count.events < least)
		return give_up(counter,
			"opens, but read %.0f where the self-test made at least %.0f happen",
			count.events, least);
	counter->state = COUNTER_AVAILABLE;
	counter->reason[0] = '\0';
	return true;
}

static bool test(const struct probe *probe, struct counter *counter, int fd)
{
	const struct system_calls *calls = probe->counters->calls;
	const struct reading before = {0};
	struct reading after = {0};

	if (!is_testable(probe, counter))
		return false;
	if (!group_start(calls, fd))
		return give_up(counter, "opens, but cannot be started: %s", strerror(errno));
	exercise(effects_of(counter), probe->places);
	group_stop(calls, fd);
	if (!group_read(calls, fd, &after, 1))
		return give_up(counter, "opens, but cannot be read: %s", strerror(errno));
	return believe(counter, count_between(&before, &after));
}

static bool try_event(const struct probe *probe, struct counter *counter)
{
	const struct system_calls *calls = probe->counters->calls;
	int fd = group_open(calls, &counter->event, GROUP_NONE);

	if (fd < 0) {
		reason_write(counter->reason, sizeof(counter->reason), errno,
			&counter->event.attributes, calls);
		counter->state = COUNTER_UNAVAILABLE;
		return false;
	}
	bool is_good = test(probe, counter, fd);
	calls->close(fd);
	return is_good;
}

// The reason of the first candidate stays: it is the one that the processor's table wanted.
static void try_figure(const struct probe *probe, struct counter *counter)
{
	char reason[COUNTER_REASON_SIZE] = "";

	for (const struct figure_candidate *row = counter->figure->candidates; row->pmus; row++) {
		if (!event_has_pmu(row->pmus) || !event_find(row->event, &counter->event))
			continue;
		if (try_event(probe, counter))
			return;
		if (reason[0] == '\0')
			memcpy(reason, counter->reason, sizeof(reason));
	}
	give_up(counter, "%s", reason[0] ? reason : "no event for it is known on this processor");
}

static void try_counter(const struct probe *probe, struct counter *counter)
{
	if (counter->state != COUNTER_UNTRIED)
		return;
	if (!counter->figure)
		try_event(probe, counter);
	else if (counter->figure->source == FIGURE_USAGE)
		counter->state = COUNTER_EMULATED;
	else if (counter->figure->source == FIGURE_EVENT)
		try_figure(probe, counter);
}

// A ratio needs both of its figures, asked for in the same list.
static void try_ratio(struct counters *counters, struct counter *counter)
{
	if (!counter->figure || counter->figure->source != FIGURE_RATIO)
		return;
	counter->state = COUNTER_AVAILABLE;
	for (size_t i = 0; i < 2; i++) {
		const char *name = counter->figure->over[i];
		int index = counters_index(counters, name);

		if (index < 0)
			give_up(counter, "needs %s, which is not asked for", name);
		else if (counters->items[index].state != COUNTER_AVAILABLE)
			give_up(counter, "needs %s, which is not counted", name);
	}
}

// ---- groups

struct line { // of counters that want to be in groups
	size_t indices[COUNTERS_MAX];
	size_t count;
};

static bool group_runs(const struct system_calls *calls, int leader, size_t count)
{
	struct reading readings[COUNTERS_MAX];

	if (!group_start(calls, leader))
		return false;
	loop_run(SPIN_ROUNDS);
	group_stop(calls, leader);
	return group_read(calls, leader, readings, count) && readings[0].running_ns > 0;
}

// Opens up to `count` of the line's counters as one group; how many it took, and whether they run.
static size_t group_try(
	const struct counters *counters, const size_t *indices, size_t count, bool *runs)
{
	const struct system_calls *calls = counters->calls;
	int fds[COUNTERS_MAX];
	size_t taken = 0;

	for (; taken < count; taken++) {
		const struct event *event = &counters->items[indices[taken]].event;

		fds[taken] = group_open(calls, event, taken == 0 ? GROUP_NONE : fds[0]);
		if (fds[taken] < 0)
			break;
	}
	*runs = taken > 0 && group_runs(calls, fds[0], taken);
	for (size_t i = taken; i > 0; i--)
		calls->close(fds[i - 1]);
	return taken;
}

// As many of the line's first counters as make a group that runs. One fewer each time: a kernel takes
// a group by its size alone (seen on arm64: seven events for six counters), and a counter that is
// left over makes one group more.
static size_t group_fit(const struct counters *counters, const size_t *indices, size_t count)
{
	bool runs = false;

	while (count > 0) {
		size_t taken = group_try(counters, indices, count, &runs);

		if (runs)
			return taken;
		count = taken > 0 ? taken - 1 : 0;
	}
	return 0;
}

static void line_group(struct counters *counters, const struct line *line)
{
	for (size_t at = 0; at < line->count;) {
		size_t taken = group_fit(counters, line->indices + at, line->count - at);

		if (taken == 0)
			give_up(&counters->items[line->indices[at++]],
				"opens, but did not run in a second try: somebody else uses the "
				"PMU");
		for (size_t i = 0; i < taken; i++)
			counters->items[line->indices[at + i]].group = counters->groups;
		counters->groups += taken > 0;
		at += taken;
	}
}

// Software events never wait for a counter, so they are kept out of the groups that do.
static void group_kind(struct counters *counters, bool is_software)
{
	struct line line = {.count = 0};

	for (size_t i = 0; i < counters->count; i++) {
		const struct counter *counter = &counters->items[i];
		bool is_perf = !counter->figure || counter->figure->source == FIGURE_EVENT;

		if (is_perf && counter->state == COUNTER_AVAILABLE &&
			counter_is_software(counter) == is_software)
			line.indices[line.count++] = i;
	}
	line_group(counters, &line);
}

void counters_probe(struct counters *counters, const struct system_calls *calls,
	const struct exercise_places *places)
{
	struct probe probe = {counters, places};

	counters->calls = calls;
	counters->groups = 0;
	for (size_t i = 0; i < counters->count; i++)
		try_counter(&probe, &counters->items[i]);
	group_kind(counters, false);
	counters->hardware_groups = counters->groups;
	group_kind(counters, true);
	for (size_t i = 0; i < counters->count; i++)
		try_ratio(counters, &counters->items[i]);
}
