// SPDX-License-Identifier: GPL-2.0-or-later
// Runs a program under perf. Entries: profile_open(), profile_words().
#include "profile.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/process/process.h"

static bool folder_make(const char *folder, struct problem *problem)
{
	struct stat status;

	if (mkdir(folder, 0777) == 0)
		return true;
	if (errno == EEXIST && stat(folder, &status) == 0 && S_ISDIR(status.st_mode))
		return true;
	return problem_set(problem, EXIT_WRONG_USE, "--perf-record=%s: no folder can be made: %s",
		folder, strerror(errno));
}

// A machine may have perf and let nobody use it.
static bool perf_try(const struct profile *profile, struct problem *problem)
{
	const char *arguments[] = {
		profile->perf, "record", "--quiet", "-g", "-o", "/dev/null", "--", "true", NULL};
	const struct process_request request = {
		.arguments = arguments, .output_bytes_max = 1 << 20, .timeout_s = 60};
	struct process_outcome outcome;

	if (!process_run(&request, &outcome, problem))
		return false;
	bool is_good = outcome.end == PROCESS_EXITED && outcome.code == 0;
	if (!is_good)
		problem_set(problem, EXIT_NOT_MEASURED,
			"--perf-record: %s refuses: %s; it needs kernel.perf_event_paranoid at 2 "
			"or "
			"below",
			profile->perf, *outcome.errors ? outcome.errors : "it says nothing");
	process_outcome_free(&outcome);
	return is_good;
}

bool profile_open(struct profile *profile, const char *folder, struct problem *problem)
{
	profile->folder = folder;
	if (!tool_find("perf", profile->perf))
		return problem_set(problem, EXIT_NOT_MEASURED,
			"--perf-record: there is no perf in PATH (Debian: linux-perf)");
	return perf_try(profile, problem) && folder_make(folder, problem);
}

size_t profile_words(const struct profile *profile, const char *side, const char *workload,
	int round, char path[PROFILE_PATH_SIZE], const char **words)
{
	const char *const all[] = {profile->perf, "record", "--quiet", "-g", "-o", path, "--"};

	char name[NAME_MAX + 1];

	snprintf(name, sizeof(name), "%s.%s.%d.perf", side, workload, round + 1);
	for (char *slash = strchr(name, '/'); slash; slash = strchr(slash, '/'))
		*slash = '_'; // a side's name may hold a folder
	snprintf(path, PROFILE_PATH_SIZE, "%s/%s", profile->folder, name);
	memcpy(words, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}
