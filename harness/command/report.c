// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark report`: a static page of every config's ratio to the base. Entry: report_command. The
// page is written by results/site/report.c; here are only the options.
#include <stdio.h>

#include "command.h"
#include "results/site/report.h"
#include "results/store/store.h"
#include "rows.h"

static int report_run(const struct command_call *call, struct problem *problem)
{
	const struct report_options options = {
		.folder = call_text(call, "out"),
		.base = call_text(call, "base"),
		.session = call_has(call, "session") ? call_integer(call, "session") : 0,
		.is_history = call_has(call, "history"),
	};
	struct store *store;

	if (options.is_history && (call_has(call, "session") || call_has(call, "base")))
		return problem_set(problem, EXIT_WRONG_USE,
			       "--history is of all sessions; --session and --base choose one"),
		       EXIT_WRONG_USE;
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
	ROW_DB_FILLED,
	{.name = "out",
		.kind = OPTION_TEXT,
		.argument = "DIR",
		.default_text = "site",
		.help = "The folder to write; made when missing, refused when it holds something "
			"else."},
	ROW_SESSION("The session to show; without it the newest that measured the base and another "
		    "config, else the newest that measured the base."),
	ROW_BASE("The config that the others are compared with."),
	{.name = "history",
		.kind = OPTION_SWITCH,
		.help = "Shows no session: what changed over time alone, of all sessions."},
	{.name = NULL},
};

const struct command report_command = {
	.name = "report",
	.summary = "Write a static page with the ratios of every config to the base.",
	.description =
		"Writes index.html and what it needs into a folder. The page opens from the "
		"file system and makes no request elsewhere. Its path is printed.\n\n"
		"A session of several configs is shown as ratios to the base, with charts; a "
		"session of one config as its times. Both have what changed over time on "
		"their machine.",
	.options = OPTIONS,
	.run = report_run,
};
