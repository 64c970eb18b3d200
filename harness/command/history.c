// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark history`: when figures changed, in the store or in files of plain data. Entry:
// history_command. How changes are found is results/series/change_point.c; here are only the
// options and the choice of the output.
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "command.h"
#include "harness/process/clock.h"
#include "json_output.h"
#include "open_store.h"
#include "results/document/benchmark_file.h"
#include "results/history/alarms.h"
#include "results/history/input.h"
#include "results/history/replay.h"
#include "results/history/triage.h"
#include "results/text/date.h"
#include "rows.h"

static bool is_json(const struct command_call *call)
{
	const char *format = call_text(call, "format");

	return format ? strcmp(format, "json") == 0 : call_has(call, "input");
}

static bool show_json(
	const struct history *history, const struct command_call *call, struct problem *problem)
{
	bool is_good = true;

	for (size_t i = 0; is_good && i < history->count; i++)
		is_good = json_output(history_series_json(history, &history->items[i]),
			JSON_COMPACT, call->output, problem);
	for (size_t i = 0; is_good && i < history->events_count; i++)
		is_good = json_output(history_event_json(&history->events[i]), JSON_COMPACT,
			call->output, problem);
	for (size_t i = 0; is_good && !call_has(call, "input") && i < history->incidents_count; i++)
		is_good = json_output(history_incident_json(history, &history->incidents[i]),
			JSON_COMPACT, call->output, problem);
	return is_good;
}

// One object a line.
static bool replay_show_json(
	const struct history *history, const struct command_call *call, struct problem *problem)
{
	json_t *moments = replay_json(history);
	bool is_good = moments || problem_set(problem, EXIT_NOT_MEASURED, "no memory left");

	for (size_t i = 0; is_good && i < json_array_size(moments); i++)
		is_good = json_output(json_incref(json_array_get(moments, i)), JSON_COMPACT,
			call->output, problem);
	json_decref(moments);
	return is_good;
}

static bool show(
	const struct history *history, const struct command_call *call, struct problem *problem)
{
	if (call_has(call, "replay"))
		return is_json(call) ? replay_show_json(history, call, problem)
				     : replay_text(history, call->output, problem);
	if (is_json(call))
		return show_json(history, call, problem);
	history_text(history, call->output);
	return true;
}

// ---- plain data

static bool file_read(const struct command_call *call, const char *path, struct history *history,
	struct problem *problem)
{
	struct history_input_options options = {
		.time = call_has(call, "time") ? call_text(call, "time") : NULL,
		.as_of = call_has(call, "as-of") ? call_text(call, "as-of") : NULL,
		.commit = call_has(call, "commit") ? call_text(call, "commit") : NULL};
	size_t size;
	char *text = benchmark_file_text(path, &size, problem);

	options.columns = call_list(call, "column", &options.columns_count);
	options.filters = call_list(call, "filter", &options.filters_count);
	bool is_good = text && history_input(text, size, path, &options, history, problem);

	free(text);
	return is_good;
}

static void left_out_show(const struct history *history)
{
	for (size_t i = 0; i < history->left_out_count; i++)
		fprintf(stderr, "slabmark history: %s\n", history->left_out[i]);
}

// A shell makes several words of --input a*.csv: what follows are files too.
static bool files_read(
	const struct command_call *call, struct history *history, struct problem *problem)
{
	size_t count;
	const char *const *paths = call_list(call, "input", &count);

	for (size_t i = 0; i < count; i++) {
		if (!file_read(call, paths[i], history, problem))
			return false;
	}
	for (size_t i = 0; i < call->operands_count; i++) {
		if (!file_read(call, call->operands[i], history, problem))
			return false;
	}
	return true;
}

// ---- the store

// Splits "ID:STATE" and keeps the judgement.
static bool judgement_write(struct store *store, struct history *history, const char *word,
	const char *note, struct problem *problem)
{
	const char *colon = strchr(word, ':');
	char id[64];

	if (!colon || colon == word || (size_t)(colon - word) >= sizeof(id))
		return problem_set(problem, EXIT_WRONG_USE,
			"--triage=%s: expected ID:STATE; `slabmark history` shows the ids", word);
	(void)snprintf(id, sizeof(id), "%.*s", (int)(colon - word), word);
	return triage_write(store, history, id, colon + 1, note, clock_now_unix_ns(), problem);
}

// All or none: the words are checked one after the other, within one transaction.
static bool judgements_write(struct store *store, struct history *history,
	const struct command_call *call, struct problem *problem)
{
	size_t count;
	const char *const *words = call_list(call, "triage", &count);
	const char *note = call_has(call, "note") ? call_text(call, "note") : NULL;

	if (count == 0)
		return true;
	if (!triage_begin(store, problem))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!judgement_write(store, history, words[i], note, problem))
			return triage_end(store, false, problem);
	}
	return triage_end(store, true, problem);
}

// Both looks: the one at all values, and that of each night.
static bool all_judge(
	const struct command_call *call, struct history *history, struct problem *problem)
{
	struct history_watch_options options = HISTORY_WATCH_DEFAULTS;

	if (call_has(call, "floor"))
		options.floor = options.floor_of_data = call_real(call, "floor") / 100;
	return history_judge(history, problem) && history_watch(history, &options, problem);
}

// A day alone means its end.
static bool as_of_cut(
	const struct command_call *call, struct history *history, struct problem *problem)
{
	int64_t unix_ns;

	if (!call_has(call, "as-of"))
		return true;
	if (!date_read_end(call_text(call, "as-of"), &unix_ns))
		return problem_set(problem, EXIT_WRONG_USE,
			"--as-of=%s: is no date; expected one such as 2026-01-31 or 2026-01-31 "
			"12:00:00",
			call_text(call, "as-of"));
	history_cut(history, unix_ns);
	return true;
}

static bool store_judge(
	const struct command_call *call, struct history *history, struct problem *problem)
{
	struct history_filter filter = {0};
	struct store *store;
	bool is_good;
	size_t judged;

	call_list(call, "triage", &judged);
	filter.configs = call_list(call, "config", &filter.configs_count);
	filter.workloads = call_list(call, "workload", &filter.workloads_count);
	filter.counters = call_list(call, "counters", &filter.counters_count);
	if (!(judged ? open_store_for_writing(call, call_text(call, "db"), &store, problem)
		     : store_open(&store, call_text(call, "db"), STORE_READ, problem)))
		return false;
	is_good = history_read(store, &filter, history, problem) &&
		  as_of_cut(call, history, problem) && all_judge(call, history, problem) &&
		  triage_read(store, history, problem) &&
		  judgements_write(store, history, call, problem);
	if (is_good && history->count == 0)
		is_good = problem_set(problem, EXIT_NOT_MEASURED, "%s: holds no measured series%s",
			store_name(store),
			call_has(call, "as-of") ? " of that time"
			: filter.configs_count || filter.workloads_count
				? " of these configs and workloads"
				: "");
	store_close(store);
	return is_good;
}

// ---- either

static bool states_check(const struct command_call *call, struct problem *problem)
{
	size_t count;
	const char *const *states = call_list(call, "state", &count);

	for (size_t i = 0; i < count; i++) {
		if (!choices_contain(TRIAGE_STATES, states[i]))
			return problem_set(problem, EXIT_WRONG_USE,
				"--state: '%s' is no state; expected new, expected, fixed or noise",
				states[i]);
	}
	if (call_has(call, "note") && !call_has(call, "triage"))
		return problem_set(problem, EXIT_WRONG_USE,
			"--note is for a judgement; --triage=ID:STATE is missing");
	return true;
}

static bool words_check(const struct command_call *call, struct problem *problem)
{
	static const char *const OF_STORE[] = {
		"db", "config", "workload", "counters", "triage", "note", "state"};
	static const char *const OF_FILES[] = {"column", "time", "commit", "filter"};
	bool has_input = call_has(call, "input");

	if (!has_input && call->operands_count > 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"'%s' stands alone; files stand behind --input", call->operands[0]);
	for (size_t i = 0; !has_input && i < sizeof(OF_FILES) / sizeof(OF_FILES[0]); i++) {
		if (call_has(call, OF_FILES[i]))
			return problem_set(problem, EXIT_WRONG_USE,
				"--%s is for files; --input=FILE is missing", OF_FILES[i]);
	}
	for (size_t i = 0; has_input && i < sizeof(OF_STORE) / sizeof(OF_STORE[0]); i++) {
		if (call_has(call, OF_STORE[i]))
			return problem_set(problem, EXIT_WRONG_USE,
				"--%s is for the store, --input for files; give one of them",
				OF_STORE[i]);
	}
	if (has_input && call_has(call, "as-of") && !call_has(call, "time"))
		return problem_set(problem, EXIT_WRONG_USE,
			"--as-of needs to know when rows were measured; --time=NAME is missing");
	return states_check(call, problem);
}

// Of the store's changes those with the states that were asked for.
static void states_choose(const struct command_call *call, struct history *history)
{
	size_t count;
	const char *const *states = call_list(call, "state", &count);

	if (count > 0)
		triage_keep(history, states, count);
}

static bool files_judge(
	const struct command_call *call, struct history *history, struct problem *problem)
{
	if (!files_read(call, history, problem))
		return false;
	left_out_show(history);
	return all_judge(call, history, problem);
}

static int history_run(const struct command_call *call, struct problem *problem)
{
	struct history history = {0};
	bool is_good =
		words_check(call, problem) &&
		(call_has(call, "input") ? files_judge : store_judge)(call, &history, problem);

	if (is_good) {
		states_choose(call, &history);
		is_good = history_incidents(&history, problem) && show(&history, call, problem);
	}
	history_free(&history);
	return is_good ? EXIT_GOOD : problem->status;
}

// Those that every run has; any other name may be asked for, too.
#define HISTORY_COUNTERS                                                                           \
	"refills|flushes|shared_hits|remote_frees|alien_overflows|slabs_grown|slabs_reaped|"       \
	"list_lock_takes|lock_contended|page_faults|instructions|cycles|cache-misses"

static const struct option_row OPTIONS[] = {
	{.name = "input",
		.kind = OPTION_REPEATED,
		.argument = "FILE",
		.help = "Plain data instead of the store; '-' is standard input. Files may "
			"follow."},
	{.name = "column",
		.kind = OPTION_REPEATED,
		.argument = "NAME",
		.help = "A column of a CSV file, by its name in the first line or its number "
			"from 1. Without it all that hold numbers, but for one called "
			"timestamp, date or index, or not called at all, whose whole numbers only "
			"rise, and for Unix times called time."},
	{.name = "time",
		.kind = OPTION_TEXT,
		.argument = "NAME",
		.help = "The column that orders the rows of a CSV file: dates or numbers. It is "
			"told with each change."},
	{.name = "commit",
		.kind = OPTION_TEXT,
		.argument = "NAME",
		.help = "The column that is told with each change: what was measured."},
	{.name = "filter",
		.kind = OPTION_REPEATED,
		.argument = "COLUMN:VALUE",
		.help = "Only rows of a CSV file with this value; '-COLUMN:VALUE' is all others. "
			"A row must fit every one of them."},
	ROW_DB_FILLED,
	{.name = "config",
		.kind = OPTION_LIST,
		.argument = "CONFIG,...",
		.help = "Only these configs of the store; without it all."},
	ROW_WORKLOADS("Only these workloads of the store; without it all."),
	{.name = "counters",
		.kind = OPTION_LIST,
		.argument = "NAME,...",
		.choices = HISTORY_COUNTERS,
		.help = "Also looks at these counters of the store, each as a series "
			"'BENCHMARK [COUNTER]' beside the times."},
	{.name = "triage",
		.kind = OPTION_REPEATED,
		.argument = "ID:STATE",
		.help = "Keeps what you made of a change: new, expected, fixed or noise."},
	{.name = "note",
		.kind = OPTION_TEXT,
		.argument = "TEXT",
		.help = "Why, for the judgements of this call; without it an earlier note stays."},
	{.name = "state",
		.kind = OPTION_LIST,
		.argument = "STATE,...",
		.choices = TRIAGE_STATES,
		.help = "Only changes in these states."},
	{.name = "as-of",
		.kind = OPTION_TEXT,
		.argument = "DATE",
		.help = "Only what was measured until then: shows what was known at that time. A "
			"day means its end. Of a CSV file: rows whose --time is not later; a "
			"number, where times are numbers."},
	{.name = "replay",
		.kind = OPTION_SWITCH,
		.help = "Shows the nights once more: a line for each alarm that was opened, and "
			"for each that was gone, with what was known then."},
	{.name = "floor",
		.kind = OPTION_REAL,
		.argument = "PERCENT",
		.minimum = 0,
		.maximum = 1000,
		.help = "No alarm for a smaller change; 1 for the store, 0 for plain data, whose "
			"zero may mean nothing."},
	ROW_FORMAT("text|json", NULL,
		"Lines for people or JSON for programs; without it JSON for --input, text for the "
		"store."),
	{.name = NULL},
};

const struct command history_command = {
	.name = "history",
	.summary = "Say when a series of figures changed its level, and by how much.",
	.operands = "[FILE...]",
	.operands_max = 4096,
	.description =
		"Looks for change points in each benchmark of each config and machine, one figure "
		"a session (the median over processes of the mean log time), or in files of plain "
		"data. A step is a level that was left and not taken again at once; one spike is "
		"none, but where it is the newest value. A level that came back within 30 values "
		"is an incident and a return. A slow drift is reported as such, and where it "
		"bends; noise that grows is a spread. A series of noise is called changed in "
		"at most 1 % of cases (5 % when it is autocorrelated); a step of two standard "
		"deviations is found in two of three cases after five figures, in nine of ten "
		"after ten.\n\n"
		"It also watches: each night is judged with what was known then, and a series "
		"that left its level has an alarm, which is opened once and stays until its level "
		"is back or somebody judges it. Nights of noise are counted: a series has a false "
		"alarm in at most 5 of 100 years of 365 values, though each night looks, where "
		"neighbours in its noise resemble each other by a correlation of at most 0.3; all "
		"series of a store together in at most 1 of 100 nights. Alarms that began at the "
		"same night are one incident, the largest first. What was opened is never taken "
		"back: --as-of and --replay show the same for a past night as that night did.\n\n"
		"A file is CSV (one value a line, or columns; ',', ';' or a tab parts them, and a "
		"line that begins with '#' is a comment), a JSON array of numbers, an array of "
		"such arrays, or a document {\"name\": ..., \"series\": [...]} of numbers or of "
		"{\"raw\": [...]}. "
		"A missing value is empty, NaN or null: it is skipped and counted in the "
		"indices.\n\n"
		"People's judgement of a change is kept in the store: `slabmark history "
		"--triage=1f2e3d4c5b:expected --note='the new compiler'` with the id that history "
		"shows, or its beginning. It stays with the change while new sessions come in. A "
		"step that comes with a change of the machine says so, and the machine's change "
		"says how many series changed with it.\n\n"
		"JSON is one object a line for each series: its name (of several series in a "
		"document the document's name, '/' and the series' label or number), its source, "
		"and under 'changepoints' the index of the first value of each new segment, from "
		"0; 'changes' adds kind, direction, levels (of a bend: slopes a value) and size "
		"with its "
		"95 % interval; 'alarms' says what each night knew. Of the "
		"store, each change of kernel, microcode, topology or compiler between sessions "
		"follows once, as an object with the member 'event'.\n\n"
		"Changes alone are no failure: the exit status is 0 whatever is found, 2 for "
		"input that cannot be understood, 3 for what cannot be read.",
	.options = OPTIONS,
	.run = history_run,
};
