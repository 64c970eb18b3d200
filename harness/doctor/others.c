// SPDX-License-Identifier: GPL-2.0-or-later
// Who else is there, and what this process may use.
#include "look.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "limits.h"

void look_load(const struct machine *machine, struct finding *finding)
{
	char line[LINE_SIZE];
	int cpus = hwloc_bitmap_weight(machine->usable);

	if (!line_read(machine, "/proc/loadavg", line)) {
		found(finding, FINDING_NOTE, "not to be seen");
		return;
	}
	double load = strtod(line, NULL);
	bool is_busy = load > 0.1 * cpus + 0.1;
	found(finding, is_busy ? FINDING_BAD : FINDING_GOOD,
		"%.2f in the last minute, %d CPU%s usable", load, cpus,
		cpus == 1 ? " is" : "s are");
	if (is_busy)
		advise(finding, "stop what else runs (top shows it), and wait a minute");
}

// The share of time that the host gave to others since boot; negative: unknown.
static double steal_share(const struct machine *machine)
{
	char line[LINE_SIZE];
	double all = 0;
	double steal = -1;

	if (!line_read(machine, "/proc/stat", line) || strncmp(line, "cpu ", 4) != 0)
		return -1;
	char *rest = line + 4;
	for (int field = 0; field < 8; field++) { // user nice system idle iowait irq softirq steal
		char *end;
		double ticks = strtod(rest, &end);

		if (end == rest)
			return -1;
		all += ticks;
		steal = ticks;
		rest = end;
	}
	return all > 0 ? steal / all : -1;
}

void look_host(const struct machine *machine, struct finding *finding)
{
	double share = steal_share(machine);

	if (share < 0) {
		found(finding, FINDING_NOTE, "not to be seen");
	} else if (share > 0.001) {
		found(finding, FINDING_BAD, "%.2f %% of the time since boot went to other guests",
			100 * share);
		advise(finding, "a machine, or CPUs, of its own");
	} else {
		found(finding, FINDING_GOOD, "no time was taken by other guests");
	}
}

void look_quota(const struct machine *machine, struct finding *finding)
{
	struct limits limits;

	limits_read(machine->root, &limits);
	if (!(limits.period > 0)) {
		found(finding, FINDING_GOOD, "none to be seen");
		return;
	}
	found(finding, FINDING_BAD,
		"%.0f microseconds of each %.0f (%.200s): whoever exceeds it stands still",
		limits.microseconds, limits.period, limits.quota_file + strlen(machine->root));
	advise(finding, "run outside of the container, or without its CPU limit");
}

void look_memory_limit(const struct machine *machine, struct finding *finding)
{
	struct limits limits;

	limits_read(machine->root, &limits);
	if (!(limits.bytes > 0)) {
		found(finding, FINDING_GOOD, "none to be seen");
		return;
	}
	found(finding, FINDING_NOTE, "%.0f MiB (%.200s)", limits.bytes / (1 << 20),
		limits.memory_file + strlen(machine->root));
}

void look_cpuset(const struct machine *machine, struct finding *finding)
{
	hwloc_const_bitmap_t every = hwloc_topology_get_complete_cpuset(machine->topology);
	char usable[128];
	char all[128];

	if (hwloc_bitmap_isequal(every, machine->usable)) {
		found(finding, FINDING_GOOD, "every CPU may be used");
		return;
	}
	list_write(machine->usable, usable, sizeof(usable));
	list_write(every, all, sizeof(all));
	found(finding, FINDING_NOTE, "CPUs %s of %s may be used", usable, all);
}
