// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark report`: a static page of every config's ratio to the base. Entry: report_command. The page is written by
// results/report.c; here are only the options.
#include <stdio.h>

#include "../results/report.h"
#include "../results/store.h"
#include "command.h"

static int report_run(const struct command_call *call, struct problem *problem)
{
	const struct report_options options = {
		.folder = call_text(call, "out"),
		.base = call_text(call, "base"),
		.session = call_has(call, "session") ? call_integer(call, "session") : 0,
	};
	struct store *store;
	if (!store_open(&store, call_text(call, "db"), STORE_READ, problem))
		return problem->status;
	bool is_written = report_write(store, &options, problem);
	store_close(store);
	if (!is_written)
		return problem->status;
	fprintf(call->output, "%s/index.html\n", options.folder);
	return EXIT_GOOD;
}

static const struct option_row OPTIONS[] = {
	{.name = "db",
		.kind = OPTION_TEXT,
		.argument = "PATH",
		.default_text = "slabmark.db",
		.help = "The store that 'slabmark run' filled: a file, or "
			"postgresql://HOST/DATABASE."},
	{.name = "out",
		.kind = OPTION_TEXT,
		.argument = "DIR",
		.default_text = "site",
		.help = "The folder to write; made when missing, refused when it holds something "
			"else."},
	{.name = "session",
		.kind = OPTION_INTEGER,
		.argument = "N",
		.minimum = 1,
		.maximum = 9007199254740991, // the largest whole number that a double holds exactly
		.help = "The session to show; without it the newest that measured the base and "
			"another config."},
	{.name = "base",
		.kind = OPTION_TEXT,
		.argument = "CONFIG",
		.default_text = "default",
		.help = "The config that the others are compared with."},
	{.name = NULL},
};

const struct command report_command = {
	.name = "report",
	.summary = "Write a static page with the ratios of every config to the base.",
	.description = "Writes index.html and what it needs into a folder. The page opens from the "
		       "file system and makes no request"
		       " elsewhere. Its path is printed.",
	.options = OPTIONS,
	.run = report_run,
};
