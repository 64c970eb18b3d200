// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark export`: what the store holds, in the formats of other programs. Entry: export_command.
// The formats are in results/exchange/; here are the options.
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "repository.h"
#include "results/exchange/export.h"
#include "results/store/store.h"
#include "results/text/output_file.h"
#include "rows.h"

static bool request_write(const struct command_call *call, FILE *output, struct problem *problem)
{
	const struct export_commits commits = {
		.find = repository_commit_find, .context = (char *)call_text(call, "repository")};
	const struct export_request request = {
		.format = call_text(call, "format"),
		.session = call_has(call, "session") ? call_integer(call, "session") : 0,
		.config = call_text(call, "config"),
		.round = call_has(call, "round") ? (int)call_integer(call, "round") : -1,
		.base = call_text(call, "base"),
		.folder = call_text(call, "out"),
		.commits = call_has(call, "repository") ? &commits : NULL,
		.output = output,
	};
	struct store *store;

	if (!store_open(&store, call_text(call, "db"), STORE_READ, problem))
		return false;
	bool is_good = export_write(store, &request, problem);
	store_close(store);
	return is_good;
}

static bool file_write(const struct command_call *call, const char *path, struct problem *problem)
{
	struct output_file file;

	return output_file_begin(&file, path, problem) &&
	       output_file_end(&file, request_write(call, file.stream, problem), problem);
}

static bool is_folder(const struct command_call *call)
{
	return strcmp(call_text(call, "format"), "asv") == 0;
}

static int export_run(const struct command_call *call, struct problem *problem)
{
	const char *path = call_text(call, "out");
	bool is_good;

	if (call_has(call, "repository") && !is_folder(call))
		return problem_set(problem, EXIT_WRONG_USE,
			       "--repository is for --format=asv; %s asks no repository",
			       call_text(call, "format")),
		       EXIT_WRONG_USE;
	is_good = path && !is_folder(call) ? file_write(call, path, problem)
					   : request_write(call, call->output, problem);
	return is_good ? EXIT_GOOD : (int)problem->status;
}

static const struct option_row OPTIONS[] = {
	ROW_FORMAT(EXPORT_FORMATS, "jsonl", "What to write; see above."),
	ROW_DB_FILLED,
	ROW_SESSION(
		"The session to write; without it the newest, and of asv, jsonl and otava all."),
	{.name = "config",
		.kind = OPTION_TEXT,
		.argument = "CONFIG",
		.help = "Only this config; without it all."},
	{.name = "round",
		.kind = OPTION_INTEGER,
		.argument = "N",
		.minimum = 0,
		.maximum = 2147483647,
		.help = "Of gbench: only this round, from 0; without it all."},
	ROW_BASE("The config that junit compares the others with."),
	{.name = "out",
		.kind = OPTION_TEXT,
		.argument = "FILE",
		.help = "The file to write, at once when all is done; without it or with '-' "
			"standard output. A device, a FIFO or a socket is written straight. Of "
			"asv the folder, empty or of an earlier export."},
	{.name = "repository",
		.kind = OPTION_TEXT,
		.argument = "DIR",
		.help = "Of asv: the clone that knows the commits in full and their dates, which "
			"'asv publish' needs; without it as the store has them."},
	{.name = NULL},
};

const struct command export_command = {
	.name = "export",
	.summary = "Write the store's results in the formats of other programs.",
	.description =
		"jsonl keeps everything, a line a process, and without --session and --config also "
		"what people made of changes, calibrations, baselines, gates and accepted changes: "
		"'slabmark import' makes the same of it in another store."
		" gbench is Google Benchmark's JSON of one config, as its compare.py reads it; "
		"with --round, what 'slabmark compare --input' takes "
		"for one process. csv "
		"has a line for each sample.\n\n"
		"One figure a process, for benchstat: gobench (Go's benchmark text; 'benchstat "
		"-col "
		"/config' compares the configs);"
		" for LNT: lnt (report version 2).\n\n"
		"One figure a benchmark, the geometric mean over processes: github-action "
		"(github-action-benchmark, customSmallerIsBetter),"
		" bmf (Bencher), openmetrics (a text file for Prometheus' node exporter), and "
		"otava (Otava's CSV, a line a session).\n\n"
		"asv is the results folder of asv (airspeed velocity), for 'asv publish' and 'asv "
		"compare': all sessions of a clean commit, a figure a process; where a commit was "
		"measured again, the newest.\n\n"
		"junit is a comparison with the base: a benchmark fails when it is slower beyond "
		"chance and margin, and is skipped when there"
		" are too few rounds to say. The exit status is 0 all the same.",
	.options = OPTIONS,
	.run = export_run,
};
