// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark geometry`: how a config lays caches out. The answer is the allocator's own: this hands over to the
// config's inspection program, which becomes this process. Entry: geometry_command.
#include <stdlib.h>

#include "command.h"
#include "inspector.h"

static int run(const struct command_call *call, struct problem *problem)
{
	size_t options_count = 0;
	const char *const *options = call_list(call, "option", &options_count);
	const char **words = calloc(options_count + 5, sizeof(*words));
	size_t count = 0;
	int status;

	if (!words) {
		problem_set(problem, EXIT_NOT_MEASURED, "no memory left");
		return problem->status;
	}
	words[count++] = "geometry";
	for (size_t i = 0; i < options_count; i++)
		words[count++] = inspector_word("option", options[i]);
	if (call_has(call, "topology"))
		words[count++] = inspector_word("topology", call_text(call, "topology"));
	words[count++] = "--";
	words[count++] = call->operands_count > 0 ? call->operands[0] : "-";
	status = inspector_become(call, words, "its caches have no geometry", problem);
	free(words);
	return status;
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
		.help = "The machine, on which free_limit depends: an hwloc description, an hwloc "
			"XML "
			"file, or 'machine' for this one. Default: that of the kernel's tables, "
			"\"node:4 core:2 pu:1\"."},
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
