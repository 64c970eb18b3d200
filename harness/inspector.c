// SPDX-License-Identifier: GPL-2.0-or-later
// Finds a config's inspecting program and becomes it. A config that can be measured but not inspected is a peer.
#include "inspector.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "programs.h"

const char *inspector_word(const char *option, const char *value)
{
	char *word = NULL;

	return asprintf(&word, "--%s=%s", option, value) < 0 ? NULL : word;
}

static bool is_peer(const char *config)
{
	struct programs measured;
	struct problem ignored;
	bool is_found;

	if (!programs_find(&measured, PROGRAM_MEASURED, &ignored))
		return false;
	is_found = programs_get(&measured, config, &ignored) != NULL;
	programs_free(&measured);
	return is_found;
}

// words[0] is the program's own place.
static void become(const char *path, const char *const *words, struct problem *problem)
{
	const char **all = NULL;
	size_t count = 0;

	while (words[count])
		count++;
	all = calloc(count + 2, sizeof(*all));
	if (all) {
		all[0] = path;
		memcpy(all + 1, words, count * sizeof(*all));
		execv(path, (char *const *)all);
	}
	problem_set(problem, EXIT_NOT_MEASURED, "cannot start %s: %s", path, strerror(errno));
	free(all);
}

int inspector_become(const struct command_call *call, const char *const *words,
	const char *peer_says, struct problem *problem)
{
	const char *config = call_text(call, "config");
	const struct program *program;
	struct programs programs;

	if (!programs_find(&programs, PROGRAM_INSPECT, problem))
		return problem->status;
	program = programs_get(&programs, config, problem);
	if (program)
		become(program->path, words, problem);
	else if (is_peer(config))
		problem_set(problem, EXIT_WRONG_USE, "config '%s' is a peer, no SLAB allocator: %s",
			config, peer_says);
	programs_free(&programs);
	return problem->status;
}
