// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark compare`: the verdicts between configs of one session, as a table or as JSON. Entry: compare_command. What
// is compared and how is results/compare.c; here are only the options and the choice of the output.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "../results/compare.h"
#include "../results/store.h"
#include "command.h"
#include "nearest.h"

static bool is_known(const struct store_names *known, const char *name)
{
	for (size_t i = 0; i < known->count; i++) {
		if (strcmp(known->items[i], name) == 0)
			return true;
	}
	return false;
}

// The comparison refuses an unknown config too; this finds it first, to offer the nearest of what the store holds.
static bool configs_check(
	struct store *store, const struct command_call *call, struct problem *problem)
{
	struct store_names known;
	bool is_good = true;
	if (!store_configs(store, &known, problem))
		return false;
	for (size_t i = 0; is_good && known.count > 0 && i < call->operands_count; i++) {
		const char *name = call->operands[i];
		char offer[256];
		if (is_known(&known, name))
			continue;
		nearest_offer(
			offer, sizeof(offer), name, (const char *const *)known.items, known.count);
		is_good = problem_set(problem, EXIT_WRONG_USE,
			"%s: the store holds no config '%s'; %s", call_text(call, "db"), name,
			offer);
	}
	store_names_free(&known);
	return is_good;
}

static bool wants_colour(const struct command_call *call)
{
	const char *refused = getenv("NO_COLOR");
	return isatty(fileno(call->output)) && !(refused && *refused);
}

static bool show(const struct comparison *comparison, const struct command_call *call,
	struct problem *problem)
{
	if (strcmp(call_text(call, "format"), "text") == 0) {
		compare_text(comparison, call->output, wants_colour(call));
		return true;
	}
	json_t *json = compare_json(comparison);
	if (!json)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"%s: no memory left for the JSON, or a name in the store is not UTF-8",
			call_text(call, "db"));
	json_dumpf(json, call->output, JSON_INDENT(2));
	fputc('\n', call->output);
	json_decref(json);
	return true;
}

static int compare_run(const struct command_call *call, struct problem *problem)
{
	const struct compare_options options = {
		.configs = call->operands,
		.configs_count = call->operands_count,
		.session = call_has(call, "session") ? call_integer(call, "session") : 0,
		.margin = call_real(call, "margin") / 100,
		.alpha = call_real(call, "alpha"),
	};
	struct comparison *comparison = NULL;
	struct store *store;
	if (!store_open(&store, call_text(call, "db"), STORE_READ, problem))
		return problem->status;
	bool is_good = configs_check(store, call, problem) &&
		       compare_make(store, &options, &comparison, problem);
	store_close(store);
	if (!is_good)
		return problem->status;
	is_good = show(comparison, call, problem);
	comparison_free(comparison);
	return is_good ? EXIT_GOOD : problem->status;
}

static const struct option_row OPTIONS[] = {
	{.name = "db",
		.kind = OPTION_TEXT,
		.argument = "PATH",
		.default_text = "slabmark.db",
		.help = "The store that 'slabmark run' filled."},
	{.name = "session",
		.kind = OPTION_INTEGER,
		.argument = "N",
		.minimum = 1,
		.maximum = 9007199254740991, // the largest whole number that a double holds exactly
		.help = "The session to compare in; without it the newest that measured all of the "
			"configs."},
	{.name = "margin",
		.kind = OPTION_REAL,
		.argument = "PERCENT",
		.default_text = "2",
		.minimum = 0.001,
		.maximum = 100,
		.help = "Differences within this margin on either side are too small to care "
			"about."},
	{.name = "alpha",
		.kind = OPTION_REAL,
		.argument = "SHARE",
		.default_text = "0.05",
		.minimum = 0.000001,
		.maximum = 0.5,
		.help = "The share of false alarms to accept among what is called changed."},
	{.name = "format",
		.kind = OPTION_CHOICE,
		.argument = "FORMAT",
		.choices = "text|json",
		.default_text = "text",
		.help = "A table for people or JSON for programs."},
	{.name = NULL},
};

const struct command compare_command = {
	.name = "compare",
	.summary = "Say which configs are slower or faster than the first, and how sure that is.",
	.operands = "BASE OTHER...",
	.operands_min = 2,
	.operands_max = 64,
	.description = "Takes every benchmark that both configs measured in the same session, one "
		       "figure a process, paired by"
		       " round, and shows the ratio of the times (above 1 is slower than BASE) "
		       "with its 95 % interval.\n\n"
		       "The verdict is 'changed' when the difference holds against chance (q, "
		       "corrected for all rows shown) and"
		       " the interval excludes 1; 'equivalent' when the whole interval lies within "
		       "the margin; else 'undecided':"
		       " more rounds would tell.\n\n"
		       "Differences alone are no failure: the exit status is 0 whatever the "
		       "verdicts, 2 for a config that the"
		       " store does not hold, 3 when nothing was measured for the configs.",
	.options = OPTIONS,
	.run = compare_run,
};
