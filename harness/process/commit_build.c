// SPDX-License-Identifier: GPL-2.0-or-later
// Has a repository's own script build a config of a commit. Entry: commit_build_get(). How that is
// done only the script knows.
#include "commit_build.h"

#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "results/text/memory.h"

static const char SCRIPT[] = "ci/build-commit";

// ---- the repository

static void line_end_cut(char *text)
{
	text[strcspn(text, "\n")] = '\0';
}

static bool script_find(char *script, size_t size, struct problem *problem)
{
	char root[PATH_MAX];

	if (!repository_root(root, sizeof(root), problem))
		return false;
	if (snprintf(script, size, "%s/%s", root, SCRIPT) < (int)size && access(script, X_OK) == 0)
		return true;
	return problem_set(problem, EXIT_WRONG_USE,
		"%s has no program %s, which builds a commit's programs; SLABMARK_REPOSITORY names "
		"a clone of slabmark",
		root, SCRIPT);
}

// ---- the script

// Runs it with its messages where ours go, so that the user sees how far it is. Reads its answer.
static bool script_start(
	const char *const *arguments, pid_t *child, FILE **answer, struct problem *problem)
{
	posix_spawn_file_actions_t actions;
	int ends[2];
	int error;

	if (pipe2(ends, 0) != 0 || posix_spawn_file_actions_init(&actions) != 0)
		return problem_set(problem, EXIT_NOT_MEASURED, "%s could not be run", arguments[0]);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", 0, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	posix_spawn_file_actions_addclose(&actions, ends[1]);
	error = posix_spawn(child, arguments[0], &actions, NULL, (char *const *)arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	*answer = error ? NULL : fdopen(ends[0], "r");
	if (*answer)
		return true;
	close(ends[0]);
	return problem_set(problem, EXIT_NOT_MEASURED, "%s could not be run: %s", arguments[0],
		strerror(error));
}

// A line with the commit's whole name, then one with a path for each program.
static bool answer_read(struct commit_build *build, size_t wanted, FILE *answer)
{
	char path[PATH_MAX + 2];

	if (!fgets(build->commit, sizeof(build->commit), answer))
		return false;
	line_end_cut(build->commit);
	build->paths = calloc(wanted, sizeof(*build->paths));
	while (build->paths && build->count < wanted && fgets(path, sizeof(path), answer)) {
		line_end_cut(path);
		build->paths[build->count] = strdup(path);
		if (!build->paths[build->count] || !*path)
			break;
		build->count++;
	}
	return build->count == wanted && strlen(build->commit) >= COMMIT_SHOWN;
}

static bool end_check(const struct commit_request *request, int status, struct problem *problem)
{
	bool is_wrong = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_WRONG_USE;
	bool is_tree = strcmp(request->commit, COMMIT_OF_TREE) == 0;

	return problem_set(problem, is_wrong ? EXIT_WRONG_USE : EXIT_NOT_MEASURED,
		"%s%s%s: there is no program of it: %s said why", request->config,
		is_tree ? "" : "@", is_tree ? "" : request->commit, SCRIPT);
}

bool commit_build_get(
	struct commit_build *build, const struct commit_request *request, struct problem *problem)
{
	size_t wanted = request->layouts > 0 ? request->layouts : 1;
	char script[PATH_MAX];
	char config[PATH_MAX];
	char layouts[64];
	char seed[64];
	const char *const arguments[] = {
		script, config, layouts, seed, "--", request->commit, NULL};
	FILE *answer = NULL;
	pid_t child = 0;
	int status = 0;

	*build = (struct commit_build){0};
	snprintf(config, sizeof(config), "--config=%s", request->config);
	snprintf(layouts, sizeof(layouts), "--layouts=%zu", request->layouts);
	snprintf(seed, sizeof(seed), "--seed=%llu", (unsigned long long)request->seed);
	if (!script_find(script, sizeof(script), problem) ||
		!script_start(arguments, &child, &answer, problem))
		return false;
	bool is_good = answer_read(build, wanted, answer);
	fclose(answer);
	waitpid(child, &status, 0);
	if (is_good && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	commit_build_free(build);
	return end_check(request, status, problem);
}

void commit_build_free(struct commit_build *build)
{
	for (size_t i = 0; i < build->count; i++)
		free(build->paths[i]);
	free(build->paths);
	*build = (struct commit_build){0};
}
