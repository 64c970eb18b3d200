// SPDX-License-Identifier: GPL-2.0-or-later
// Groups of events. Only the leader is opened stopped: the members follow it. Nothing is inherited:
// a group counts one thread.
#include "group.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>

#include "processor.h"

#define FORMAT (PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING)

// On some processors an event must ask to be readable in user space.
static bool may_read_registers(const struct system_calls *calls, const struct event *event)
{
	return REGISTER_ACCESS_CONFIG1 != 0 && event->attributes.config1 == 0 &&
	       event->attributes.type != PERF_TYPE_SOFTWARE &&
	       calls->setting(REGISTER_ACCESS_SETTING) == 1;
}

int group_open(const struct system_calls *calls, const struct event *event, int leader)
{
	struct perf_event_attr attributes = event->attributes;

	attributes.read_format = FORMAT;
	attributes.disabled = leader == GROUP_NONE;
	if (may_read_registers(calls, event)) {
		attributes.config1 = REGISTER_ACCESS_CONFIG1;
		int fd = calls->open(&attributes, leader);
		if (fd >= 0)
			return fd;
		attributes.config1 = 0;
	}
	return calls->open(&attributes, leader);
}

bool group_start(const struct system_calls *calls, int leader)
{
	return calls->ioctl(leader, PERF_EVENT_IOC_ENABLE, PERF_IOC_FLAG_GROUP) == 0;
}

bool group_stop(const struct system_calls *calls, int leader)
{
	return calls->ioctl(leader, PERF_EVENT_IOC_DISABLE, PERF_IOC_FLAG_GROUP) == 0;
}

bool group_read(
	const struct system_calls *calls, int leader, struct reading *readings, size_t count)
{
	struct {
		uint64_t count;
		uint64_t enabled_ns;
		uint64_t running_ns;
		uint64_t values[COUNTERS_MAX];
	} buffer;
	size_t size = (3 + count) * sizeof(uint64_t);

	if (calls->read(leader, &buffer, sizeof(buffer)) != (ssize_t)size || buffer.count != count)
		return false;
	for (size_t i = 0; i < count; i++)
		readings[i] =
			(struct reading){buffer.values[i], buffer.enabled_ns, buffer.running_ns};
	return true;
}
