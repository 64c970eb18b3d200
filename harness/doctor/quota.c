// SPDX-License-Identifier: GPL-2.0-or-later
// Reads quotas. Entry: quota_read(). A group's quota binds all groups below it, so each level up to
// the root is looked at. In a container the path may be one of the host's, which the container does
// not see: the levels that are not there are passed over.
#include "quota.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/first_line.h"

enum { PATH_SIZE = 1024, LINE_SIZE = 4096 };

static void quota_take(struct quota *quota, const char *file, double microseconds, double period)
{
	if (!(microseconds > 0) || !(period > 0))
		return;
	if (quota->period > 0 && microseconds / period >= quota->microseconds / quota->period)
		return;
	quota->microseconds = microseconds;
	quota->period = period;
	snprintf(quota->file, sizeof(quota->file), "%s", file);
}

// Version 2: "max 100000" or "50000 100000".
static void read_max(struct quota *quota, const char *folder)
{
	char path[PATH_SIZE];
	char line[LINE_SIZE];
	char *rest;
	double microseconds;

	snprintf(path, sizeof(path), "%.900s/cpu.max", folder);
	if (!first_line(path, line, LINE_SIZE))
		return;
	microseconds = strtod(line, &rest);
	if (rest != line)
		quota_take(quota, path, microseconds, strtod(rest, NULL));
}

// Version 1: two files; a quota of -1 is none.
static void read_cfs(struct quota *quota, const char *folder)
{
	char path[PATH_SIZE];
	char period[LINE_SIZE];
	char line[LINE_SIZE];

	snprintf(path, sizeof(path), "%.900s/cpu.cfs_period_us", folder);
	if (!first_line(path, period, LINE_SIZE))
		return;
	snprintf(path, sizeof(path), "%.900s/cpu.cfs_quota_us", folder);
	if (first_line(path, line, LINE_SIZE))
		quota_take(quota, path, strtod(line, NULL), strtod(period, NULL));
}

typedef void group_reader(struct quota *quota, const char *folder);

// The group below a hierarchy's mount, then each that it lies in.
static void read_levels(
	struct quota *quota, const char *mount, const char *group, group_reader *read)
{
	char folder[PATH_SIZE];
	size_t mount_length = strlen(mount);
	char *slash;

	snprintf(folder, sizeof(folder), "%.400s%.400s", mount, group);
	for (;;) {
		read(quota, folder);
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

// A line of /proc/self/cgroup: "0::/user.slice" is version 2's, "4:cpu,cpuacct:/docker/1" version 1's.
static void read_line(struct quota *quota, const char *root, char *line)
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
		read_levels(quota, mount, group, read_max);
		snprintf(mount, sizeof(mount), "%.200s/sys/fs/cgroup/unified", root);
		read_levels(quota, mount, group, read_max);
	} else if (list_has(controllers, "cpu")) {
		snprintf(mount, sizeof(mount), "%.200s/sys/fs/cgroup/%.100s", root, controllers);
		read_levels(quota, mount, group, read_cfs);
		snprintf(mount, sizeof(mount), "%.200s/sys/fs/cgroup/cpu", root);
		read_levels(quota, mount, group, read_cfs);
	}
}

bool quota_read(const char *root, struct quota *quota)
{
	char path[PATH_SIZE];
	char line[LINE_SIZE] = "0::/"; // where the kernel does not say
	FILE *file;

	*quota = (struct quota){0};
	snprintf(path, sizeof(path), "%.900s/proc/self/cgroup", root);
	file = fopen(path, "re");
	if (!file)
		read_line(quota, root, line);
	while (file && fgets(line, sizeof(line), file))
		read_line(quota, root, line);
	if (file)
		fclose(file);
	return quota->period > 0;
}
