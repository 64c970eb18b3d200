// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark geometry`: how a config lays caches out. The answer is the allocator's own: this hands over to the
// config's inspection program, which becomes this process. Entry: geometry_command.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "programs.h"

// Whether the config can be measured though it can't be inspected: then it is a peer.
static bool is_peer(const char *config)
{
	struct programs measured;
	struct problem ignored;
	if (!programs_find(&measured, PROGRAM_MEASURED, &ignored))
		return false;
	bool is_found = programs_get(&measured, config, &ignored) != NULL;
	programs_free(&measured);
	return is_found;
}

static const struct program *inspector_get(
	const struct programs *programs, const char *config, struct problem *problem)
{
	const struct program *program = programs_get(programs, config, problem);
	if (!program && is_peer(config))
		problem_set(problem, EXIT_WRONG_USE,
			"config '%s' is a peer, no SLAB allocator: its caches have no geometry",
			config);
	return program;
}

// "--option=NAME=VALUE" as one word. The word lives until exec.
static const char *word_join(const char *option, const char *value)
{
	char *word = NULL;
	return asprintf(&word, "--%s=%s", option, value) < 0 ? NULL : word;
}

// Hands over. Returns only when that failed.
static void inspector_become(const struct command_call *call, const struct program *program)
{
	size_t options_count = 0;
	const char *const *options = call_list(call, "option", &options_count);
	const char **words = calloc(options_count + 6, sizeof(*words));
	size_t count = 0;
	if (!words)
		return;
	words[count++] = program->path;
	words[count++] = "geometry";
	for (size_t i = 0; i < options_count; i++)
		words[count++] = word_join("option", options[i]);
	if (call_has(call, "topology"))
		words[count++] = word_join("topology", call_text(call, "topology"));
	words[count++] = "--";
	words[count++] = call->operands_count > 0 ? call->operands[0] : "-";
	execv(program->path, (char *const *)words);
	free(words);
}

static int run(const struct command_call *call, struct problem *problem)
{
	struct programs programs;
	if (!programs_find(&programs, PROGRAM_INSPECT, problem))
		return problem->status;
	const struct program *program =
		inspector_get(&programs, call_text(call, "config"), problem);
	if (program) {
		inspector_become(call, program);
		problem_set(problem, EXIT_NOT_MEASURED, "cannot start %s: %s", program->path,
			strerror(errno));
	}
	programs_free(&programs);
	return problem->status;
}

static const struct option_row OPTIONS[] = {
	{.name = "config",
		.kind = OPTION_TEXT,
		.argument = "CONFIG",
		.default_text = "default",
		.help = "The config that lays the caches out."},
	{.name = "option",
		.kind = OPTION_REPEATED,
		.argument = "NAME=VALUE",
		.help = "Sets what the kernel's boot options set: slab_max_order, init_on_free and "
			"so on."},
	{.name = "topology",
		.kind = OPTION_TEXT,
		.argument = "T",
		.help = "A virtual machine, as hwloc describes one (\"numa:4 core:2 pu:1\") or in "
			"hwloc's XML file; this "
			"machine when not given."},
	{0},
};

const struct command geometry_command = {
	.name = "geometry",
	.summary = "Show how a config lays caches out: slabs, objects, colours.",
	.operands = "[FILE]",
	.operands_max = 1,
	.description = "Reads caches from FILE (standard input without one, or for -): a line of "
		       "column names, then a cache a line, "
		       "separated by tabs, with the columns size, align, flags and ctor; more "
		       "columns are ignored. Flags are joined "
		       "by |, none for none. Makes each cache in the config and writes its "
		       "geometry as a table; a cache that the "
		       "allocator refuses has its errno in its row.",
	.options = OPTIONS,
	.run = run,
};
