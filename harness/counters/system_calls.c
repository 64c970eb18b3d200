// SPDX-License-Identifier: GPL-2.0-or-later
// The real kernel and the real processor. Entry: system_calls_real.
#include "system_calls.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "processor.h"
#include "results/text/first_line.h"

static int open_event(struct perf_event_attr *attributes, int group)
{
	return (int)syscall(SYS_perf_event_open, attributes, 0, -1, group, PERF_FLAG_FD_CLOEXEC);
}

static int control_event(int fd, unsigned long request, unsigned long argument)
{
	return ioctl(fd, request, argument);
}

static struct perf_event_mmap_page *map_event(int fd)
{
	void *page = mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ, MAP_SHARED, fd, 0);

	return page == MAP_FAILED ? NULL : page;
}

static void unmap_event(struct perf_event_mmap_page *page)
{
	munmap(page, (size_t)sysconf(_SC_PAGESIZE));
}

static int setting_read(const char *path)
{
	char full[128];
	char line[32];
	char *end;

	snprintf(full, sizeof(full), "/proc/sys/%s", path);
	if (!first_line(full, line, sizeof(line)))
		return INT_MIN;
	long value = strtol(line, &end, 10);
	return end == line ? INT_MIN : (int)value;
}

// A PMU of a processor is "cpu", "cpu_core", "armv8_pmuv3_0" and so on; the software ones and those
// of the uncore don't count.
static bool has_pmu(void)
{
	DIR *devices = opendir("/sys/bus/event_source/devices");
	bool is_found = false;

	if (!devices)
		return false;
	for (const struct dirent *entry = readdir(devices); entry; entry = readdir(devices))
		is_found |= strncmp(entry->d_name, "cpu", 3) == 0 ||
			    strncmp(entry->d_name, "armv", 4) == 0;
	closedir(devices);
	return is_found;
}

const struct system_calls system_calls_real = {
	.open = open_event,
	.read = read,
	.ioctl = control_event,
	.map = map_event,
	.unmap = unmap_event,
	.close = close,
	.register_read = register_read,
	.setting = setting_read,
	.has_pmu = has_pmu,
};
