// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark sessions`: what the store holds, session by session. Entry: sessions_command. The
// list is results/store/sessions.h's; here is how it reads.
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "command.h"
#include "json_output.h"
#include "results/store/sessions.h"
#include "results/store/store.h"
#include "results/text/width.h"
#include "rows.h"

enum { COLUMNS_COUNT = 6, CELL_SIZE = 256, CONFIGS_SHOWN = 3 };

struct line {
	char cells[COLUMNS_COUNT][CELL_SIZE];
};

// "a, b, c and 2 more"; "unknown" for none.
static void names_write(const json_t *names, size_t shown, char cell[CELL_SIZE])
{
	size_t count = json_array_size(names);
	size_t used = 0;

	snprintf(cell, CELL_SIZE, "unknown");
	for (size_t i = 0; i < count && i < shown && used < CELL_SIZE; i++)
		used += (size_t)snprintf(cell + used, CELL_SIZE - used, "%s%s", i > 0 ? ", " : "",
			json_string_value(json_array_get(names, i)));
	if (count > shown && used < CELL_SIZE)
		snprintf(cell + used, CELL_SIZE - used, " and %zu more", count - shown);
}

// How it ended, and what the last gate made of it.
static void outcome_write(const json_t *session, char cell[CELL_SIZE])
{
	static const char *const GATES[] = {"passed the gate", "failed the gate", "",
		"the gate could not judge it", "undecided at the gate"}; // by exit status
	const char *ended = json_string_value(json_object_get(session, "ended"));
	const json_t *gate = json_object_get(session, "gate");
	size_t status = (size_t)json_integer_value(gate);
	bool is_gated = json_is_integer(gate) && status < sizeof(GATES) / sizeof(GATES[0]);

	snprintf(cell, CELL_SIZE, "%s%s%s", ended ? ended : "not ended", is_gated ? ", " : "",
		is_gated ? GATES[status] : "");
	if (json_integer_value(json_object_get(session, "processes")) == 0)
		snprintf(cell, CELL_SIZE, "%s, nothing measured", ended ? ended : "not ended");
}

static void line_fill(struct line *line, const json_t *session)
{
	const char *purpose = json_string_value(json_object_get(session, "purpose"));

	snprintf(line->cells[0], CELL_SIZE, "%lld",
		(long long)json_integer_value(json_object_get(session, "session")));
	snprintf(line->cells[1], CELL_SIZE, "%s",
		json_string_value(json_object_get(session, "started")));
	names_write(json_object_get(session, "commits"), 1, line->cells[2]);
	names_write(json_object_get(session, "configs"), CONFIGS_SHOWN, line->cells[3]);
	snprintf(line->cells[4], CELL_SIZE, "%s", purpose ? purpose : "results");
	outcome_write(session, line->cells[5]);
}

static void lines_print(const struct line *lines, size_t count, FILE *output)
{
	int widths[COLUMNS_COUNT] = {0};

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < COLUMNS_COUNT; k++)
			if (text_width(lines[i].cells[k]) > widths[k])
				widths[k] = text_width(lines[i].cells[k]);
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < COLUMNS_COUNT; k++) {
			bool is_last = k + 1 == COLUMNS_COUNT;

			print_padded(output, lines[i].cells[k], is_last ? 0 : widths[k] + 2);
		}
		fputc('\n', output);
	}
}

static bool show_text(const json_t *sessions, FILE *output, struct problem *problem)
{
	static const struct line HEAD = {
		{"session", "date", "commit", "configs", "purpose", "outcome"}};
	size_t count = json_array_size(sessions);
	struct line *lines = calloc(count + 1, sizeof(*lines));

	if (!lines)
		return problem_set(problem, EXIT_NOT_MEASURED, "no memory left for the sessions");
	lines[0] = HEAD;
	for (size_t i = 0; i < count; i++)
		line_fill(&lines[i + 1], json_array_get(sessions, i));
	lines_print(lines, count + 1, output);
	free(lines);
	return true;
}

static bool show(const struct command_call *call, json_t *sessions, struct problem *problem)
{
	if (strcmp(call_text(call, "format"), "json") == 0)
		return json_output(json_incref(sessions), JSON_INDENT(2), call->output, problem);
	return show_text(sessions, call->output, problem);
}

static int sessions_run(const struct command_call *call, struct problem *problem)
{
	struct store *store;
	json_t *sessions;
	bool is_good;

	if (!store_open(&store, call_text(call, "db"), STORE_READ, problem))
		return problem->status;
	sessions = store_sessions(store, problem);
	is_good = sessions && show(call, sessions, problem);
	json_decref(sessions);
	store_close(store);
	return is_good ? EXIT_GOOD : (int)problem->status;
}

static const struct option_row OPTIONS[] = {
	ROW_DB_FILLED,
	ROW_FORMAT_TEXT_JSON,
	{.name = NULL},
};

const struct command sessions_command = {
	.name = "sessions",
	.summary = "List the store's sessions: number, date, commit, configs, purpose, outcome.",
	.description = "A line a session, the oldest first. The number is what --session takes "
		       "elsewhere. The "
		       "purpose is 'results', or 'calibration' or 'confirmation' (a gate's second "
		       "rounds): "
		       "what was measured for these is no result, and other commands show it only "
		       "when its "
		       "session is named. The outcome is how the session ended, and what the last "
		       "gate that "
		       "judged it made of it.",
	.options = OPTIONS,
	.run = sessions_run,
};
