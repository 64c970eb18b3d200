// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark db`: looks after a store. Entry: db_command. What is done is results/store/upkeep.h's;
// here are the options, the table of actions, and how each result reads as text.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "command.h"
#include "harness/process/clock.h"
#include "open_store.h"
#include "results/store/store.h"
#include "results/store/upkeep.h"
#include "rows.h"

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static long long number_of(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

// A number, or a dash where the database could not tell.
static void figure_print(FILE *output, const json_t *object, const char *name, int width)
{
	const json_t *value = json_object_get(object, name);

	if (json_is_integer(value))
		fprintf(output, "%*lld", width, json_integer_value(value));
	else
		fprintf(output, "%*s", width, "-");
}

// "1 session", "2 sessions", or a dash for a number.
static void count_print(FILE *output, const json_t *object, const char *name, const char *one)
{
	const json_t *value = json_object_get(object, name);

	figure_print(output, object, name, 0);
	fprintf(output, " %s",
		json_is_integer(value) && json_integer_value(value) == 1 ? one : name);
}

static void counts_print(FILE *output, const json_t *object)
{
	count_print(output, object, "processes", "process");
	fprintf(output, ", ");
	count_print(output, object, "samples", "sample");
}

// ---- path and migrate

static json_t *facts_make(
	const struct command_call *call, struct store *store, struct problem *problem)
{
	(void)call;
	return store_facts(store, problem);
}

static void facts_print(FILE *output, const json_t *facts)
{
	fprintf(output, "store     %s\nkind      %s\n", text_of(facts, "store"),
		text_of(facts, "kind"));
	if (number_of(facts, "version") == 0)
		fprintf(output, "version   none: it is empty\n");
	else if (json_is_true(json_object_get(facts, "is_current")))
		fprintf(output, "version   %lld, current\n", number_of(facts, "version"));
	else
		fprintf(output, "version   %lld, this slabmark knows %lld\n",
			number_of(facts, "version"), number_of(facts, "version_known"));
}

// ---- size

static json_t *size_make(
	const struct command_call *call, struct store *store, struct problem *problem)
{
	(void)call;
	return store_size(store, clock_now_unix_ns(), problem);
}

static void size_print(FILE *output, const json_t *size)
{
	const json_t *item;
	size_t i;

	facts_print(output, size);
	fprintf(output, "bytes     ");
	figure_print(output, size, "bytes", 0);
	fprintf(output, ", free ");
	figure_print(output, size, "bytes_free", 0);
	fprintf(output, ", in the log ");
	figure_print(output, size, "bytes_log", 0);
	fprintf(output, "\n\n%-16s %12s %14s\n", "table", "rows", "bytes");
	json_array_foreach(json_object_get(size, "tables"), i, item)
	{
		fprintf(output, "%-16s %12lld ", text_of(item, "name"), number_of(item, "rows"));
		figure_print(output, item, "bytes", 14);
		fputc('\n', output);
	}
	fprintf(output, "\n%-16s %12s %14s %12s\n", "age", "sessions", "processes", "samples");
	json_array_foreach(json_object_get(size, "ages"), i, item) fprintf(output,
		"%-16s %12lld %14lld %12lld\n", text_of(item, "age"), number_of(item, "sessions"),
		number_of(item, "processes"), number_of(item, "samples"));
}

// ---- verify

static json_t *verify_make(
	const struct command_call *call, struct store *store, struct problem *problem)
{
	(void)call;
	return store_verify(store, problem);
}

static void verify_print(FILE *output, const json_t *result)
{
	const json_t *fault;
	size_t i;

	json_array_foreach(json_object_get(result, "faults"), i, fault)
		fprintf(output, "%s\n", json_string_value(fault));
	if (number_of(result, "faults_left_out") > 0)
		fprintf(output, "and %lld more\n", number_of(result, "faults_left_out"));
	fprintf(output, "%s: %s: ", text_of(result, "store"),
		json_is_true(json_object_get(result, "is_sound")) ? "sound" : "NOT SOUND");
	count_print(output, result, "sessions", "session");
	fprintf(output, ", ");
	counts_print(output, result);
	fputc('\n', output);
}

static int verify_status(const json_t *result)
{
	return json_is_true(json_object_get(result, "is_sound")) ? EXIT_GOOD : EXIT_REGRESSION;
}

// ---- prune

// "90d" in nanoseconds; days, weeks and years.
static bool age_parse(const char *text, int64_t *age_ns, struct problem *problem)
{
	char *end;
	long number = strtol(text, &end, 10);
	int days = *end == 'd' ? 1 : *end == 'w' ? 7 : *end == 'y' ? 365 : 0;

	if (*text < '0' || *text > '9' || !days || end[1] != '\0' || number > 100000 / days)
		return problem_set(problem, EXIT_WRONG_USE,
			"--older-than=%s is no age; expected a number with d (days), w (weeks) or "
			"y (years), such as 90d",
			text);
	*age_ns = (int64_t)number * days * 86400 * 1000000000;
	return true;
}

static bool rule_parse(
	const char *rule, struct store_prune_options *options, struct problem *problem)
{
	char *end = NULL;

	if (strcmp(rule, "weekly") == 0) {
		options->keep_weekly = true;
		return true;
	}
	if (strcmp(rule, "monthly") == 0) {
		options->keep_monthly = true;
		return true;
	}
	if (strncmp(rule, "last:", 5) == 0 && rule[5] >= '1' && rule[5] <= '9') {
		options->keep_last = strtoul(rule + 5, &end, 10);
		if (*end == '\0')
			return true;
	}
	return problem_set(problem, EXIT_WRONG_USE,
		"--keep knows no rule '%s'; expected last:N, weekly or monthly", rule);
}

static bool prune_options(const struct command_call *call, struct store_prune_options *options,
	struct problem *problem)
{
	size_t count = 0;
	const char *const *rules = call_list(call, "keep", &count);
	int64_t age_ns = 0;

	*options = (struct store_prune_options){.is_dry_run = call_has(call, "dry-run")};
	if (!call_has(call, "older-than"))
		return problem_set(problem, EXIT_WRONG_USE,
			"how old must a session be to go? Say --older-than=AGE, such as 90d");
	if (!age_parse(call_text(call, "older-than"), &age_ns, problem))
		return false;
	options->before_unix_ns = clock_now_unix_ns() - age_ns;
	for (size_t i = 0; i < count; i++)
		if (!rule_parse(rules[i], options, problem))
			return false;
	return true;
}

static json_t *prune_make(
	const struct command_call *call, struct store *store, struct problem *problem)
{
	struct store_prune_options options;

	if (!prune_options(call, &options, problem))
		return NULL;
	return store_prune(store, &options, problem);
}

static void session_print(FILE *output, const char *verb, const json_t *session)
{
	fprintf(output, "%s session %lld of %s: ", verb, number_of(session, "session"),
		text_of(session, "started"));
	counts_print(output, session);
	fputc('\n', output);
}

static void prune_print(FILE *output, const json_t *result)
{
	const json_t *pruned = json_object_get(result, "pruned");
	bool is_dry_run = json_is_true(json_object_get(result, "is_dry_run"));
	const char *verb = is_dry_run ? "would prune" : "pruned";
	long long processes = 0;
	long long samples = 0;
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(result, "kept"), i, item)
		fprintf(output, "keeps session %lld of %s: %s\n", number_of(item, "session"),
			text_of(item, "started"), text_of(item, "why"));
	json_array_foreach(pruned, i, item)
	{
		session_print(output, verb, item);
		processes += number_of(item, "processes");
		samples += number_of(item, "samples");
	}
	json_t *total =
		json_pack("{s:I, s:I, s:I}", "sessions", (json_int_t)json_array_size(pruned),
			"processes", (json_int_t)processes, "samples", (json_int_t)samples);
	fprintf(output, "%s ", verb);
	count_print(output, total, "sessions", "session");
	fprintf(output, ", ");
	counts_print(output, total);
	fprintf(output, "%s\n",
		json_array_size(pruned) > 0 && !is_dry_run
			? "; 'slabmark db vacuum' gives the space back"
			: "");
	json_decref(total);
}

// ---- vacuum

static json_t *vacuum_make(
	const struct command_call *call, struct store *store, struct problem *problem)
{
	(void)call;
	return store_vacuum(store, problem);
}

static void vacuum_print(FILE *output, const json_t *result)
{
	fprintf(output, "%s: %lld bytes, before %lld\n", text_of(result, "store"),
		number_of(result, "bytes_after"), number_of(result, "bytes_before"));
}

// ---- the command

static const struct action {
	const char *name;
	enum store_mode mode;
	json_t *(*make)(
		const struct command_call *call, struct store *store, struct problem *problem);
	void (*print)(FILE *output, const json_t *result);
	int (*status)(const json_t *result); // NULL: always good
} ACTIONS[] = {
	{"path", STORE_LOOK, facts_make, facts_print, NULL},
	{"size", STORE_READ, size_make, size_print, NULL},
	{"verify", STORE_READ, verify_make, verify_print, verify_status},
	{"prune", STORE_WRITE, prune_make, prune_print, NULL},
	{"vacuum", STORE_WRITE, vacuum_make, vacuum_print, NULL},
	{"migrate", STORE_WRITE, facts_make, facts_print, NULL},
};

static const struct action *action_find(const char *name)
{
	const struct action *action = ACTIONS;

	while (strcmp(action->name, name) != 0) // the table of operands lets no other name in
		action++;
	return action;
}

// Refuses the options of prune for anything else: their user has misunderstood something.
static bool options_check(
	const struct command_call *call, const struct action *action, struct problem *problem)
{
	static const char *const PRUNE_ONLY[] = {"older-than", "keep", "dry-run"};
	struct store_prune_options options;

	if (action->make == prune_make)
		return prune_options(call, &options, problem);
	for (size_t i = 0; i < sizeof(PRUNE_ONLY) / sizeof(PRUNE_ONLY[0]); i++)
		if (call_has(call, PRUNE_ONLY[i]))
			return problem_set(problem, EXIT_WRONG_USE,
				"--%s is an option of 'slabmark db prune' alone", PRUNE_ONLY[i]);
	return true;
}

// Makes no store where there is none: a mistyped path would become an empty store without faults.
static bool is_there(const char *path, struct problem *problem)
{
	struct store *store;
	bool is_good = store_open(&store, path, STORE_LOOK, problem);

	store_close(store);
	return is_good;
}

static int db_run(const struct command_call *call, struct problem *problem)
{
	const struct action *action = action_find(call->operands[0]);
	const char *path = call_text(call, "db");
	enum store_mode mode = call_has(call, "dry-run") ? STORE_READ : action->mode;
	int status = EXIT_GOOD;
	struct store *store;

	if (!options_check(call, action, problem) || !is_there(path, problem) ||
		!(mode == STORE_WRITE ? open_store_for_writing(call, path, &store, problem)
				      : store_open(&store, path, mode, problem)))
		return problem->status;
	json_t *result = action->make(call, store, problem);
	store_close(store);
	if (!result)
		return problem->status;
	if (action->status)
		status = action->status(result);
	if (strcmp(call_text(call, "format"), "json") == 0) {
		json_dumpf(result, call->output, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
		fputc('\n', call->output);
	} else {
		action->print(call->output, result);
	}
	json_decref(result);
	return status;
}

static const struct option_row OPTIONS[] = {
	ROW_DB("", ""),
	ROW_FORMAT_TEXT_JSON,
	{.name = "older-than",
		.kind = OPTION_TEXT,
		.argument = "AGE",
		.help = "Of prune: sessions that began longer ago may go; 90d, 12w or 2y."},
	{.name = "keep",
		.kind = OPTION_LIST,
		.argument = "RULE,...",
		.choices = "last:|weekly|monthly",
		.help = "Of prune: what stays although it is old, of each machine: last:N, weekly, "
			"monthly."},
	{.name = "dry-run", .kind = OPTION_SWITCH, .help = "Of prune: only says what would go."},
	{.name = NULL},
};

const struct command db_command = {
	.name = "db",
	.summary = "Look after the store: size, soundness, age.",
	.operands = "ACTION",
	.operands_min = 1,
	.operands_max = 1,
	.operand_choices = "path|size|verify|prune|vacuum|migrate",
	.description =
		"path says where the store is, of which kind and schema version. size counts its "
		"bytes and rows, table by table, and what is in it by the age of the sessions.\n\n"
		"verify has the database check itself, looks for rows whose parent is missing, and "
		"parses every JSON text. It prints what is wrong; the exit status is then 1.\n\n"
		"prune removes whole sessions. Those that still run, that a baseline names, and "
		"the "
		"newest of each machine that passed the gate always stay. vacuum gives the space "
		"back to the disk; nobody else can use the store meanwhile.\n\n"
		"migrate brings a store of an older slabmark to this one's schema, as every "
		"command "
		"that writes does.\n\n"
		"A store in PostgreSQL is the first schema of the URL's search_path; append "
		"?options=-csearch_path%3DNAME to choose one. Passwords are better kept in "
		"~/.pgpass than in a URL, which other users of the machine can see.",
	.options = OPTIONS,
	.run = db_run,
};
