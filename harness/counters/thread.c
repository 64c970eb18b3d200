// SPDX-License-Identifier: GPL-2.0-or-later
// One thread's counters. Where all hardware events fit into one group, and the kernel lets them be
// read in user space, the counts are read there, a few instructions from the work; the system call's
// are kept beside them for when the group was interrupted in between. Groups that take turns are
// read by system calls, which give the times that scaling needs.
#include "thread.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/resource.h>

#include "group.h"
#include "page.h"
#include "reason.h"

static double switches_now(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return (double)usage.ru_nvcsw + (double)usage.ru_nivcsw;
}

// ---- open and close

static void map_page(struct counted_thread *thread, size_t i)
{
	const struct counters *counters = thread->counters;

	if (counters->hardware_groups == 1 && counters->items[i].group == 0)
		thread->pages[i] = counters->calls->map(thread->fds[i]);
}

static bool open_counter(struct counted_thread *thread, size_t i)
{
	const struct counter *counter = &thread->counters->items[i];
	int *leader = &thread->leaders[counter->group];

	thread->fds[i] = group_open(thread->counters->calls, &counter->event, *leader);
	if (thread->fds[i] < 0)
		return false;
	if (*leader == GROUP_NONE)
		*leader = thread->fds[i];
	map_page(thread, i);
	return true;
}

void counted_thread_open(struct counted_thread *thread, const struct counters *counters, int *lost,
	char *reason, size_t reason_size)
{
	*thread = (struct counted_thread){.counters = counters};
	*lost = -1;
	for (size_t i = 0; i < COUNTERS_MAX; i++)
		thread->fds[i] = thread->leaders[i] = GROUP_NONE;
	for (size_t i = 0; i < counters->count; i++) {
		const struct counter *counter = &counters->items[i];

		if (counter->group < 0 || open_counter(thread, i) || *lost >= 0)
			continue;
		*lost = (int)i;
		reason_write(
			reason, reason_size, errno, &counter->event.attributes, counters->calls);
	}
}

void counted_thread_close(struct counted_thread *thread)
{
	const struct system_calls *calls = thread->counters->calls;

	for (size_t i = thread->counters->count; i > 0; i--) {
		if (thread->pages[i - 1])
			calls->unmap(thread->pages[i - 1]);
		if (thread->fds[i - 1] >= 0)
			calls->close(thread->fds[i - 1]);
		thread->pages[i - 1] = NULL;
		thread->fds[i - 1] = -1;
	}
}

// ---- reading

// Members that were opened are read in the order of the counters, as they were opened.
static void read_group(struct counted_thread *thread, int group, struct reading *readings)
{
	const struct counters *counters = thread->counters;
	struct reading members[COUNTERS_MAX] = {0};
	size_t indices[COUNTERS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < counters->count; i++)
		if (counters->items[i].group == group && thread->fds[i] >= 0)
			indices[count++] = i;
	if (count == 0 || !group_read(counters->calls, thread->leaders[group], members, count))
		return;
	for (size_t i = 0; i < count; i++)
		readings[indices[i]] = members[i];
}

static void read_all(struct counted_thread *thread, struct reading *readings)
{
	for (int group = 0; group < thread->counters->groups; group++)
		read_group(thread, group, readings);
}

static void see_all(struct counted_thread *thread, struct reading *readings, bool *is_seen)
{
	for (size_t i = 0; i < thread->counters->count; i++)
		is_seen[i] = thread->pages[i] &&
			     page_read(thread->counters->calls, thread->pages[i], &readings[i]);
}

void counted_thread_start(struct counted_thread *thread)
{
	const struct counters *counters = thread->counters;

	thread->switches = switches_now();
	for (int group = 0; group < counters->groups; group++)
		if (thread->leaders[group] >= 0)
			group_start(counters->calls, thread->leaders[group]);
	read_all(thread, thread->called);
	see_all(thread, thread->seen, thread->is_seen);
}

// The time that an event was not counted since it was opened.
static uint64_t missed_ns(const struct reading *reading)
{
	return reading->enabled_ns - reading->running_ns;
}

static struct count count_of(const struct counted_thread *thread, size_t i,
	const struct reading *called, const struct reading *seen, bool is_seen)
{
	const struct counter *counter = &thread->counters->items[i];

	if (counter->state == COUNTER_EMULATED)
		return (struct count){switches_now() - thread->switches, 1};
	if (thread->fds[i] < 0)
		return (struct count){NAN, 0};
	if (is_seen && thread->is_seen[i] && missed_ns(seen) == missed_ns(&thread->seen[i]))
		return (struct count){(double)(seen->value - thread->seen[i].value), 1};
	return count_between(&thread->called[i], called);
}

void counted_thread_stop(struct counted_thread *thread, struct count *counts)
{
	const struct counters *counters = thread->counters;
	struct reading called[COUNTERS_MAX];
	struct reading seen[COUNTERS_MAX];
	bool is_seen[COUNTERS_MAX];

	see_all(thread, seen, is_seen);
	memcpy(called, thread->called, sizeof(called)); // one that cannot be read has not run
	read_all(thread, called);
	for (int group = counters->groups - 1; group >= 0; group--)
		if (thread->leaders[group] >= 0)
			group_stop(counters->calls, thread->leaders[group]);
	for (size_t i = 0; i < counters->count; i++)
		counts[i] = count_of(thread, i, &called[i], &seen[i], is_seen[i]);
}
