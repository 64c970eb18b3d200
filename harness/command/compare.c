// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark compare`: the verdicts between configs of one session, between any sides of the store
// that a projection names, or between two sides of files. Entry: compare_command. What is compared
// and how is results/compare/compare.c; here are only the options and the choice of the output.
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "command.h"
#include "harness/process/revision.h"
#include "json_output.h"
#include "results/compare/compare.h"
#include "results/compare/files.h"
#include "results/document/benchmark_file.h"
#include "results/store/store.h"
#include "results/text/colour.h"
#include "results/text/memory.h"
#include "results/text/nearest.h"
#include "results/text/side.h"
#include "rows.h"

enum { SIDES_MAX = 64, SIDE_SIZE = 256 };

// The sides by the names that the store has.
struct sides_named {
	char texts[SIDES_MAX][SIDE_SIZE];
	const char *names[SIDES_MAX];
};

// "default@HEAD" becomes "default@4d5f347a81b2", where a repository is at hand that knows it.
static bool revision_resolve(
	const struct store_names *known, const char *word, char side[SIDE_SIZE])
{
	int length = (int)side_config_length(word);
	char commit[COMMIT_NAME_SIZE];
	struct problem unknown;

	if (side_kind(word) != SIDE_OF_COMMIT ||
		!revision_parse(word + length + 1, commit, &unknown))
		return false;
	snprintf(side, SIDE_SIZE, "%.*s%c%.*s", length, word, SIDE_OF_COMMIT, COMMIT_SHOWN, commit);
	return names_side(known, side) != NULL;
}

// The comparison refuses an unknown config, too. This finds it first, and offers the nearest names
// that the store holds.
static bool sides_check(struct store *store, const struct command_call *call,
	struct sides_named *sides, struct problem *problem)
{
	struct store_names known;
	bool is_good = true;

	if (!store_configs(store, &known, problem))
		return false;
	for (size_t i = 0; is_good && known.count > 0 && i < call->operands_count; i++) {
		const char *name = call->operands[i];
		char offer[256];

		if (names_side(&known, name))
			continue;
		sides->names[i] = sides->texts[i];
		if (revision_resolve(&known, name, sides->texts[i]))
			continue;
		nearest_offer(
			offer, sizeof(offer), name, (const char *const *)known.items, known.count);
		is_good = problem_set(problem, EXIT_WRONG_USE,
			"%s: the store holds no config '%s'; %s", store_name(store), name, offer);
	}
	store_names_free(&known);
	return is_good;
}

static bool show_json(const struct comparison *comparison, const struct command_call *call,
	struct problem *problem)
{
	return json_output(compare_json(comparison), JSON_INDENT(2), call->output, problem) ||
	       problem_locate(problem, comparison->files ? "the files" : "the store");
}

static bool show(const struct comparison *comparison, const struct command_call *call,
	struct problem *problem)
{
	const char *format = call_text(call, "format");

	if (strcmp(format, "json") == 0)
		return show_json(comparison, call, problem);
	if (strcmp(format, "markdown") == 0)
		compare_markdown(comparison, call->output);
	else if (strcmp(format, "csv") == 0)
		compare_csv(comparison, call->output);
	else
		compare_text(comparison, call->output, colour_is_wanted(call->output));
	return true;
}

// NULL: none. An empty list cannot be typed.
static const char *const *counters_wanted(const struct command_call *call, size_t *count)
{
	const char *const *names = call_list(call, "counters", count);

	return *count > 0 ? names : NULL;
}

// ---- files

// One side of files as they were read.
struct side {
	const char **paths;
	struct compare_file *files;
	json_t *documents; // array, in the order of files
	size_t paths_count;
	size_t count; // of those, read
};

// Whether the word of the command line is the option, with its value attached or not.
static bool is_option(const char *word, const char *name)
{
	size_t length = strlen(name);

	return strncmp(word, "--", 2) == 0 && strncmp(word + 2, name, length) == 0 &&
	       (word[2 + length] == '=' || word[2 + length] == '\0');
}

static const char *attached_value(const char *word)
{
	const char *equals = strchr(word, '=');

	return equals ? equals + 1 : NULL;
}

// Sorts the words of the command line into the sides: a shell makes several words of --input
// a*.json, so that those which follow belong to the option too, up to the next one.
static bool sides_collect(const struct command_call *call, struct side *input, struct side *against,
	struct problem *problem)
{
	struct side *side = NULL;
	size_t operand = 0;

	for (int i = 0; i < call->argument_count; i++) {
		const char *word = call->arguments[i];
		bool is_side = is_option(word, "input") || is_option(word, "against");

		if (is_side) {
			side = is_option(word, "input") ? input : against;
			side->paths[side->paths_count++] =
				attached_value(word) ? attached_value(word) : call->arguments[++i];
		} else if (operand < call->operands_count && call->operands[operand] == word) {
			if (!side)
				return problem_set(problem, EXIT_WRONG_USE,
					"'%s' is no file of either side; files stand behind "
					"--input "
					"or --against",
					word);
			side->paths[side->paths_count++] = call->operands[operand++];
		} else {
			side = NULL; // another option, or its value
		}
	}
	return true;
}

static bool side_make(const struct command_call *call, struct side *side, struct problem *problem)
{
	size_t size = (size_t)call->argument_count + 1;

	side->paths = (const char **)calloc(size, sizeof(*side->paths));
	side->files = calloc(size, sizeof(*side->files));
	side->documents = json_array();
	return (side->paths && side->files && side->documents) || no_memory(problem, "the files");
}

static bool side_read(struct side *side, struct problem *problem)
{
	for (; side->count < side->paths_count; side->count++) {
		const char *path = side->paths[side->count];
		json_t *document = benchmark_file_read(path, problem);

		if (!document)
			return false;
		json_array_append_new(side->documents, document);
		side->files[side->count] =
			(struct compare_file){.path = path, .document = document};
	}
	return true;
}

static void side_free(struct side *side)
{
	json_decref(side->documents);
	free((void *)side->paths);
	free(side->files);
}

static bool files_compare(
	const struct command_call *call, struct comparison **comparison, struct problem *problem)
{
	struct side input = {0};
	struct side against = {0};
	bool is_good = side_make(call, &input, problem) && side_make(call, &against, problem) &&
		       sides_collect(call, &input, &against, problem) &&
		       side_read(&input, problem) && side_read(&against, problem);

	if (is_good) {
		struct compare_files_options options = {
			.input = input.files,
			.input_count = input.count,
			.against = against.files,
			.against_count = against.count,
			.is_paired = call_has(call, "paired"),
			.margin = call_real(call, "margin") / 100,
			.alpha = call_real(call, "alpha"),
		};

		options.counters = counters_wanted(call, &options.counters_count);
		is_good = compare_files(&options, comparison, problem);
	}
	side_free(&input);
	side_free(&against);
	return is_good;
}

// ---- both

static bool is_projection(const struct command_call *call)
{
	return call_has(call, "filter") || call_has(call, "row") || call_has(call, "col") ||
	       call_has(call, "across");
}

// Files and the store are two ways to call the command; a mixture is a mistake.
static bool way_check(const struct command_call *call, struct problem *problem)
{
	bool has_input = call_has(call, "input");
	bool has_against = call_has(call, "against");

	if (!has_input && !has_against && call_has(call, "paired"))
		return problem_set(problem, EXIT_WRONG_USE,
			"--paired pairs files; the configs of a session always are paired by "
			"round");
	if (call_has(call, "subtract") && (has_input || is_projection(call)))
		return problem_set(problem, EXIT_WRONG_USE,
			"--subtract takes off what a config measured in the same session; it does "
			"not go with --filter, --row, --col, --across and --input");
	if (!has_input && !has_against)
		return call->operands_count >= 1 || is_projection(call) ||
		       problem_set(problem, EXIT_WRONG_USE,
			       "expected BASE [OTHER...], --filter, --row or --col, or --input "
			       "FILE... "
			       "--against FILE...");
	if (!has_input || !has_against)
		return problem_set(problem, EXIT_WRONG_USE,
			"--%s has no other side; expected --input FILE... --against FILE...",
			has_input ? "input" : "against");
	if (call_has(call, "db") || call_has(call, "session") || is_projection(call))
		return problem_set(problem, EXIT_WRONG_USE,
			"--db, --session, --filter, --row, --col and --across are for a store; "
			"--input and --against compare files");
	return true;
}

// The value of an option that has none unless it is given.
static const char *text_if_given(const struct command_call *call, const char *name)
{
	return call_has(call, name) ? call_text(call, name) : NULL;
}

static bool store_compare(
	const struct command_call *call, struct comparison **comparison, struct problem *problem)
{
	struct sides_named sides;

	if (call->operands_count > SIDES_MAX)
		return problem_set(problem, EXIT_WRONG_USE, "%zu configs; expected at most %d",
			call->operands_count, SIDES_MAX);
	for (size_t i = 0; i < call->operands_count; i++)
		sides.names[i] = call->operands[i];
	struct compare_options options = {
		.sides = sides.names,
		.sides_count = call->operands_count,
		.session = call_has(call, "session") ? call_integer(call, "session") : 0,
		.margin = call_real(call, "margin") / 100,
		.alpha = call_real(call, "alpha"),
		.filter = text_if_given(call, "filter"),
		.rows = text_if_given(call, "row"),
		.columns = text_if_given(call, "col"),
		.is_across = call_has(call, "across"),
		.floor = text_if_given(call, "subtract"),
	};
	options.counters = counters_wanted(call, &options.counters_count);
	struct store *store;
	if (!store_open(&store, call_text(call, "db"), STORE_READ, problem))
		return false;
	bool is_good = (call_has(call, "col") || sides_check(store, call, &sides, problem)) &&
		       compare_make(store, &options, comparison, problem);
	store_close(store);
	return is_good;
}

static int compare_run(const struct command_call *call, struct problem *problem)
{
	struct comparison *comparison = NULL;
	bool is_good = way_check(call, problem) &&
		       (call_has(call, "input") ? files_compare(call, &comparison, problem)
						: store_compare(call, &comparison, problem));

	if (!is_good || !comparison)
		return problem->status;
	is_good = show(comparison, call, problem);
	comparison_free(comparison);
	return is_good ? EXIT_GOOD : problem->status;
}

#define COLUMN_KEYS "config|commit|session|machine|compiler|workload|name|/"

static const struct option_row OPTIONS[] = {
	ROW_DB_FILLED,
	ROW_SESSION("The session to compare in; without it the newest that measured all of the "
		    "configs."),
	{.name = "filter",
		.kind = OPTION_TEXT,
		.argument = "EXPRESSION",
		.choices = "config:|commit:|session:|machine:|compiler:|workload:|name:|/",
		.help = "Only results that fit, as benchstat has it: KEY:VALUE, KEY:/REGEXP/, "
			"KEY:(A OR B), AND or a blank, OR, '-' for not, parentheses."},
	{.name = "col",
		.kind = OPTION_TEXT,
		.argument = "KEY,...",
		.choices = COLUMN_KEYS,
		.help = "What is compared; without it the configs."},
	{.name = "row",
		.kind = OPTION_TEXT,
		.argument = "KEY,...",
		.choices = COLUMN_KEYS,
		.help = "What tells rows apart; without it the name, and the config where that is "
			"not compared."},
	{.name = "across",
		.kind = OPTION_SWITCH,
		.help = "Compare results of different machines, too, which is refused otherwise."},
	{.name = "input",
		.kind = OPTION_REPEATED,
		.argument = "FILE",
		.help = "Files of Google Benchmark's JSON to compare with, one process each."},
	{.name = "against",
		.kind = OPTION_REPEATED,
		.argument = "FILE",
		.help = "The same for the other side: the ratio is --against divided by --input."},
	{.name = "paired",
		.kind = OPTION_SWITCH,
		.help = "The n-th files of both sides ran in the same round; without it the sides "
			"are independent."},
	{.name = "counters",
		.kind = OPTION_LIST,
		.argument = "NAME,...",
		.choices = "all|lock_contended|sequences_aborted|page_faults|migrations|"
			   "context_switches_voluntary|context_switches_involuntary|"
			   "code_bytes_alloc|code_bytes_free|geometry_slab_bytes|"
			   "geometry_objects_per_slab",
		.help = "Compares what both sides counted, each with its interval and verdict, and "
			"says what changed with the times; 'all' is every counter that both have."},
	{.name = "subtract",
		.kind = OPTION_TEXT,
		.argument = "CONFIG",
		.help = "Show beneath each row what both sides take above this config, such as "
			"null, which is what the workload itself costs. Verdicts rest on the "
			"plain times."},
	ROW_MARGIN(0.001, ""),
	ROW_ALPHA("The share of false alarms to accept among what is called changed."),
	ROW_FORMAT("text|json|markdown|csv", "text",
		"A table for people, JSON for programs, Markdown for a code host, CSV for a "
		"spreadsheet."),
	{.name = NULL},
};

const struct command compare_command = {
	.name = "compare",
	.summary = "Say which configs are slower or faster than the first, and how sure that is.",
	.operands = "[BASE OTHER...]",
	.operands_min = 0,
	.operands_max = 4096, // files too
	.description =
		"Takes every benchmark that both configs measured in the same session, one "
		"figure a process, paired by"
		" round, and shows the ratio of the times (above 1 is slower than BASE) "
		"with its 95 % interval.\n\n"
		"The verdict is 'changed' when the difference holds against chance (q, corrected "
		"for all rows shown, and the interval excludes 1) and is not shown to lie within "
		"the margin. Where the interval crosses the margin it says so: 'changed, slower, "
		"perhaps by less than 2 %'. It is 'equivalent' when the whole interval lies within "
		"the margin; else 'undecided': more rounds would tell. The last line says which "
		"margin was used and where it comes from.\n\n"
		"Two commits are best measured in the same rounds: 'slabmark run "
		"--config=default@v1.0,default@HEAD', then 'slabmark compare default@v1.0 "
		"default@HEAD'. The beginning of the commit's name is enough, too; a side out of "
		"a folder is named as in the run.\n\n"
		"Any two or more of configs, commits, sessions, machines can be compared: --col "
		"names the key, BASE and OTHER are values of it; without them all that there are "
		"are compared, the oldest first. The beginning of a commit or machine is enough; a "
		"build with changes on top of commit X is X-dirty. Keys are config, commit, "
		"session, machine, compiler, workload, name and /PARAMETER of the name. Which "
		"sessions count: those that --filter or --session name; else the newest that has "
		"all sides; else, of each side, the newest that measured it. Sides of the same "
		"sessions are paired by round, others are independent, and the report says so. "
		"Examples:\n\n"
		"slabmark compare --col=commit 4d5f347 a800cb8 --filter='config:default'\n\n"
		"slabmark compare --filter='workload:(pair OR batch) config:(default OR noalien) "
		"-/size:64'\n\n"
		"slabmark compare --col=/relation same-cpu same-node "
		"--filter='workload:handover'\n\n"
		"A config alone is shown with its times and without ratios.\n\n"
		"What was measured with several numbers of threads (run --threads=1..all) is shown "
		"as curves of speed-up, what was measured from node to node (run "
		"--place=matrix) as a table of nodes.\n\n"
		"With --input FILE... --against FILE... it compares files of Google "
		"Benchmark's JSON without a store:"
		" each file is one process of its side, however many repetitions are in it, "
		"benchmarks are matched by"
		" name, and what only one side has is listed. A single process a side gives a "
		"ratio and no verdict.\n\n"
		"Differences alone are no failure: the exit status is 0 whatever the "
		"verdicts, 2 for a config that the"
		" store does not hold and for a file that is no benchmark document, 3 when "
		"nothing was measured that both sides have.",
	.options = OPTIONS,
	.run = compare_run,
};
