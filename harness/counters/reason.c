// SPDX-License-Identifier: GPL-2.0-or-later
// Error numbers as reasons. Entry: reason_write().
#include "reason.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define NO_PMU "no PMU: this machine, often a virtual one, has no hardware counters"

// What perf_event_paranoid has to be, at most, for this event.
static int paranoid_wanted(const struct perf_event_attr *attributes)
{
	return attributes->exclude_kernel ? 2 : 1;
}

static void denied_write(char *reason, size_t size, const struct perf_event_attr *attributes,
	const struct system_calls *calls)
{
	int wanted = paranoid_wanted(attributes);
	int paranoid = calls->setting("kernel/perf_event_paranoid");

	if (paranoid != INT_MIN && paranoid > wanted)
		snprintf(reason, size,
			"not allowed: kernel.perf_event_paranoid is %d; 'sysctl "
			"kernel.perf_event_paranoid=%d' or CAP_PERFMON lifts it",
			paranoid, wanted);
	else
		snprintf(reason, size,
			"not allowed, though kernel.perf_event_paranoid would: a seccomp filter "
			"or security module (containers have one)");
}

static bool is_hardware(const struct perf_event_attr *attributes)
{
	return attributes->type != PERF_TYPE_SOFTWARE && attributes->type != PERF_TYPE_TRACEPOINT;
}

void reason_write(char *reason, size_t size, int error, const struct perf_event_attr *attributes,
	const struct system_calls *calls)
{
	switch (error) {
	case ENOENT:
	case ENODEV:
	case ENXIO:
	case EOPNOTSUPP:
		snprintf(reason, size, "%s",
			is_hardware(attributes) && !calls->has_pmu()
				? NO_PMU
				: "this processor, or its kernel, has no such event");
		break;
	case EACCES:
	case EPERM:
		denied_write(reason, size, attributes, calls);
		break;
	case ENOSYS:
		snprintf(reason, size, "this kernel is built without perf events");
		break;
	case EBUSY:
		snprintf(reason, size, "somebody else holds the counter for himself");
		break;
	case EMFILE:
	case ENFILE:
		snprintf(reason, size, "too many open files: raise 'ulimit -n'");
		break;
	case EINVAL:
		snprintf(reason, size,
			"the kernel refuses it for a single thread (events of the uncore are the "
			"whole socket's)");
		break;
	default:
		snprintf(reason, size, "perf_event_open: %s", strerror(error));
	}
}
