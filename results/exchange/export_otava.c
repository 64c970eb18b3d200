// SPDX-License-Identifier: GPL-2.0-or-later
// A history as Otava's CSV source takes it: a line a session in the order of time, a column a
// benchmark and config. A field is empty where the session lacks the benchmark. Machines are not
// mixed up: each line names its own.
#include <stdlib.h>
#include <time.h>

#include "export_internal.h"
#include "results/compare/compare.h"
#include "results/document/facts.h"
#include "results/text/csv.h"

struct history {
	json_t *titles; // object, for its order: each title that any session has
	json_t *lines; // array of {"time", "commit", "machine", "values": {title: ns}}
};

static json_t *time_of(int64_t unix_ns)
{
	time_t seconds = (time_t)(unix_ns / 1000000000);
	char text[32] = "";
	struct tm parts;

	if (gmtime_r(&seconds, &parts))
		(void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
	return json_string(text);
}

static bool collect_session(
	const struct export_session *session, void *context, struct problem *problem)
{
	struct history *history = context;
	const struct store_build *build = &session->builds.items[0];
	json_t *values = json_object();

	for (size_t i = 0; i < session->series_count; i++) {
		char *title = export_series_title(&session->series[i]);

		if (title) {
			json_object_set_new(history->titles, title, json_true());
			json_object_set_new(values, title, json_real(session->series[i].ns));
		}
		free(title);
	}
	json_array_append_new(history->lines,
		json_pack("{s:o, s:s, s:s, s:o}", "time", time_of(session->facts.started_unix_ns),
			"commit", context_fact(build->context, "commit"), "machine",
			build->machine ? build->machine : "unknown", "values", values));
	(void)problem;
	return true;
}

static void print_history(const struct history *history, FILE *output)
{
	const char *title;
	json_t *ignored;
	json_t *line;
	size_t i;

	fputs("time,commit,machine", output);
	json_object_foreach(history->titles, title, ignored) csv_next_text(output, title);
	fputs("\r\n", output);
	json_array_foreach(history->lines, i, line)
	{
		const json_t *values = json_object_get(line, "values");

		csv_text(output, json_string_value(json_object_get(line, "time")));
		csv_next_text(output, json_string_value(json_object_get(line, "commit")));
		csv_next_text(output, json_string_value(json_object_get(line, "machine")));
		json_object_foreach(history->titles, title, ignored)
		{
			const json_t *value = json_object_get(values, title);

			if (value)
				csv_next_real(output, json_real_value(value));
			else
				fputc(',', output);
		}
		fputs("\r\n", output);
	}
}

bool export_otava(
	struct store *store, const struct export_request *request, struct problem *problem)
{
	struct history history = {.titles = json_object(), .lines = json_array()};
	bool is_good = export_sessions_visit(store, request, collect_session, &history, problem);

	if (is_good && json_array_size(history.lines) == 0)
		is_good = problem_set(problem, EXIT_NOT_MEASURED,
			"no session has a good sample%s%s", request->config ? " of config " : "",
			request->config ? request->config : "");
	if (is_good)
		print_history(&history, request->output);
	json_decref(history.titles);
	json_decref(history.lines);
	return is_good;
}
