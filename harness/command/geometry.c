// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark geometry`: how a config lays caches out. The answer is the allocator's own: this hands
// over to the config's inspection program, which becomes this process. Entry: geometry_command.
#include "command.h"
#include "inspector.h"
#include "rows.h"

static int run(const struct command_call *call, struct problem *problem)
{
	return inspector_become(call, "-", "its caches have no geometry", problem);
}

static const struct option_row OPTIONS[] = {
	ROW_CONFIG("The config that lays the caches out."),
	ROW_BOOT_OPTION(""),
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
