// SPDX-License-Identifier: GPL-2.0-or-later
// Our own JSON lines: one line a process, with all that the store holds of it. Importing them into
// another store gives the same rows. A session without a process has no line. The lines of the
// whole store end with its records (record.h).
#include <stdlib.h>

#include "export_internal.h"
#include "record.h"
#include "results/store/stored_process.h"

static bool print_process(
	const struct stored_process *process, void *context, struct problem *problem)
{
	FILE *output = context;
	const struct store_process *place = &process->place;
	json_t *line = json_pack(
		"{s:i, s:{s:I, s:s, s:s, s:I, s:s?}, s:{s:i, s:i, s:s, s:s, s:I, s:f}, s:O}",
		"slabmark_process", 1, "session", "id", (json_int_t)place->session, "command",
		process->session_command, "plan", process->session_plan, "started_unix_ns",
		(json_int_t)process->session_started_unix_ns, "ended", process->session_ended,
		"process", "round", place->round, "position", place->position, "config",
		place->config, "workload", place->workload, "started_unix_ns",
		(json_int_t)place->started_unix_ns, "elapsed_s", place->elapsed_s, "document",
		process->document);

	if (!line || json_dumpf(line, output, JSON_COMPACT) != 0) {
		json_decref(line);
		return problem_set(problem, EXIT_NOT_MEASURED,
			"no memory left for the JSON, no room for it, or a name in the store is "
			"not "
			"UTF-8");
	}
	json_decref(line);
	fputc('\n', output);
	return true;
}

bool export_jsonl(
	struct store *store, const struct export_request *request, struct problem *problem)
{
	bool is_all = !request->session && !request->config;

	return stored_processes_visit(store, request->session, request->config, print_process,
		       request->output, problem) &&
	       (!is_all || records_export(store, request->output, problem));
}
