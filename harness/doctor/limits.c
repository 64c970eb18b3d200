// SPDX-License-Identifier: GPL-2.0-or-later
// Reads limits. Entry: limits_read(). A group's limit binds all groups below it, so each level up to
// the root is looked at. In a container the path may be one of the host's, which the container does
// not see: the levels that are not there are passed over.
#include "limits.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/first_line.h"

enum { PATH_SIZE = 1024, LINE_SIZE = 4096 };

static void quota_take(struct limits *limits, const char *file, double microseconds, double period)
{
	if (!(microseconds > 0) || !(period > 0))
		return;
	if (limits->period > 0 && microseconds / period >= limits->microseconds / limits->period)
		return;
	limits->microseconds = microseconds;
	limits->period = period;
	snprintf(limits->quota_file, sizeof(limits->quota_file), "%s", file);
}

// A limit as large as version 1 writes "none" (all pages that there can be) is none.
static void memory_take(struct limits *limits, const char *file, double bytes)
{
	if (!(bytes > 0) || bytes > 1e18 || (limits->bytes > 0 && bytes >= limits->bytes))
		return;
	limits->bytes = bytes;
	snprintf(limits->memory_file, sizeof(limits->memory_file), "%s", file);
}

static void read_memory(struct limits *limits, const char *folder, const char *name)
{
	char path[PATH_SIZE];
	char line[LINE_SIZE];

	snprintf(path, sizeof(path), "%.900s/%s", folder, name);
	if (first_line(path, line, LINE_SIZE))
		memory_take(limits, path, strtod(line, NULL));
}

// Version 2: "max 100000" or "50000 100000".
static void read_max(struct limits *limits, const char *folder)
{
	char path[PATH_SIZE];
	char line[LINE_SIZE];
	char *rest;
	double microseconds;

	read_memory(limits, folder, "memory.max");
	snprintf(path, sizeof(path), "%.900s/cpu.max", folder);
	if (!first_line(path, line, LINE_SIZE))
		return;
	microseconds = strtod(line, &rest);
	if (rest != line)
		quota_take(limits, path, microseconds, strtod(rest, NULL));
}

// Version 1: two files; a quota of -1 is none.
static void read_cfs(struct limits *limits, const char *folder)
{
	char path[PATH_SIZE];
	char period[LINE_SIZE];
	char line[LINE_SIZE];

	snprintf(path, sizeof(path), "%.900s/cpu.cfs_period_us", folder);
	if (!first_line(path, period, LINE_SIZE))
		return;
	snprintf(path, sizeof(path), "%.900s/cpu.cfs_quota_us", folder);
	if (first_line(path, line, LINE_SIZE))
		quota_take(limits, path, strtod(line, NULL), strtod(period, NULL));
}

static void read_limit(struct limits *limits, const char *folder)
{
	read_memory(limits, folder, "memory.limit_in_bytes");
}

typedef void group_reader(struct limits *limits, const char *folder);

// The group below a hierarchy's mount, then each that it lies in.
static void read_levels(
	struct limits *limits, const char *mount, const char *group, group_reader *read)
{
	char folder[PATH_SIZE];
	size_t mount_length = strlen(mount);
	char *slash;

	snprintf(folder, sizeof(folder), "%.400s%.400s", mount,
		strcmp(group, "/") == 0 ? "" : group);
	for (;;) {
		read(limits, folder);
		slash = strrchr(folder, '/');
		if (!slash || (size_t)(slash - folder) < mount_length)
			return;
		*slash = '\0';
	}
}

// Whether a list "cpu,cpuacct" has the word.
static bool list_has(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; *at; at += strcspn(at, ",") + (at[strcspn(at, ",")] == ',')) {
		if (strncmp(at, word, length) == 0 && (at[length] == ',' || at[length] == '\0'))
			return true;
	}
	return false;
}

// A hierarchy of version 1 is mounted under the names of all its controllers, and often under one.
static void read_controller(struct limits *limits, const char *root, const char *controllers,
	const char *controller, const char *group, group_reader *read)
{
	char mount[PATH_SIZE];

	snprintf(mount, sizeof(mount), "%.200s/sys/fs/cgroup/%.100s", root, controllers);
	read_levels(limits, mount, group, read);
	snprintf(mount, sizeof(mount), "%.200s/sys/fs/cgroup/%.100s", root, controller);
	read_levels(limits, mount, group, read);
}

// A line of /proc/self/cgroup: "0::/user.slice" is version 2's, "4:cpu,cpuacct:/docker/1" version 1's.
static void read_line(struct limits *limits, const char *root, char *line)
{
	char mount[PATH_SIZE];
	char *controllers = strchr(line, ':');
	char *group = controllers ? strchr(controllers + 1, ':') : NULL;

	if (!group)
		return;
	*group++ = '\0';
	controllers++;
	group[strcspn(group, "\n")] = '\0';
	if (controllers[0] == '\0') {
		snprintf(mount, sizeof(mount), "%.200s/sys/fs/cgroup", root);
		read_levels(limits, mount, group, read_max);
		snprintf(mount, sizeof(mount), "%.200s/sys/fs/cgroup/unified", root);
		read_levels(limits, mount, group, read_max);
	}
	if (list_has(controllers, "cpu"))
		read_controller(limits, root, controllers, "cpu", group, read_cfs);
	if (list_has(controllers, "memory"))
		read_controller(limits, root, controllers, "memory", group, read_limit);
}

void limits_read(const char *root, struct limits *limits)
{
	char path[PATH_SIZE];
	char line[LINE_SIZE] = "0::/"; // where the kernel does not say
	FILE *file;

	*limits = (struct limits){0};
	snprintf(path, sizeof(path), "%.900s/proc/self/cgroup", root);
	file = fopen(path, "re");
	if (!file)
		read_line(limits, root, line);
	while (file && fgets(line, sizeof(line), file))
		read_line(limits, root, line);
	if (file)
		fclose(file);
}
