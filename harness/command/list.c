// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark list`: what can be measured here, as the measured programs themselves say it. Entry:
// list_command. The answer is gathered into one JSON object; the text and the bare names are views
// of it.
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "command.h"
#include "harness/run/counter_list.h"
#include "harness/run/placement_list.h"
#include "harness/run/programs.h"
#include "json_output.h"
#include "results/text/figure.h"
#include "results/text/width.h"
#include "rows.h"

enum { INDENT = 6 }; // of what is said of a name

// ---- gathering

static const char *text_of(const json_t *entry, const char *key)
{
	const char *text = json_string_value(json_object_get(entry, key));

	return text ? text : "";
}

static bool has_text(const json_t *array, const char *text)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		if (strcmp(json_string_value(json_array_get(array, i)), text) == 0)
			return true;
	return false;
}

static json_t *entry_named(const json_t *array, const char *name)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const char *other =
			json_string_value(json_object_get(json_array_get(array, i), "name"));

		if (other && strcmp(other, name) == 0)
			return json_array_get(array, i);
	}
	return NULL;
}

// Adds the workloads of one catalogue that are new; each says which configs have it.
static void workloads_merge(json_t *all, const json_t *offered, const char *config)
{
	for (size_t i = 0; i < json_array_size(offered); i++) {
		json_t *offer = json_array_get(offered, i);
		json_t *entry = entry_named(all, text_of(offer, "name"));

		if (!entry) {
			entry = json_deep_copy(offer);
			json_object_set_new(entry, "configs", json_array());
			json_array_append_new(all, entry);
		}
		json_array_append_new(json_object_get(entry, "configs"), json_string(config));
	}
}

// The relation in a benchmark's name, "same-node" of "handover/size:192/relation:same-node/…".
// False: it has none.
static bool relation_of(const char *benchmark, char *relation, size_t size)
{
	static const char KEY[] = "/relation:";
	const char *start = benchmark ? strstr(benchmark, KEY) : NULL;

	if (!start)
		return false;
	start += strlen(KEY);
	snprintf(relation, size, "%.*s", (int)strcspn(start, "/"), start);
	return true;
}

// Notes that a workload runs at the relation of the benchmark, or with a reason, why nothing does
// here.
static void relation_add(
	json_t *relations, const char *benchmark, const char *workload, json_t *reason)
{
	char name[64];

	if (!relation_of(benchmark, name, sizeof(name)))
		return;
	json_t *entry = entry_named(relations, name);
	if (!entry) {
		entry = json_pack("{s:s, s:[]}", "name", name, "workloads");
		json_array_append_new(relations, entry);
	}
	json_t *workloads = json_object_get(entry, "workloads");
	if (!reason && !has_text(workloads, workload))
		json_array_append_new(workloads, json_string(workload));
	if (reason)
		json_object_set(entry, "reason", reason);
}

static void relations_add(json_t *relations, const json_t *workload)
{
	size_t i;
	const json_t *part;
	const char *name = text_of(workload, "name");

	json_array_foreach(json_object_get(workload, "benchmarks"), i, part)
		relation_add(relations, json_string_value(part), name, NULL);
	json_array_foreach(json_object_get(workload, "skipped"), i, part) relation_add(
		relations, text_of(part, "name"), name, json_object_get(part, "reason"));
}

static void config_add(json_t *list, const struct program *program)
{
	const json_t *catalogue = program->catalogue;
	const json_t *workloads = json_object_get(catalogue, "workloads");

	if (json_object_get(catalogue, "simulated"))
		json_object_set(list, "simulated", json_object_get(catalogue, "simulated"));
	json_array_append_new(json_object_get(list, "configs"),
		json_pack("{s:s, s:O?, s:O?}", "name", program->config, "description",
			json_object_get(catalogue, "description"), "cpu_mode",
			json_object_get(catalogue, "cpu_mode")));
	workloads_merge(json_object_get(list, "workloads"), workloads, program->config);
	for (size_t i = 0; i < json_array_size(workloads); i++)
		relations_add(json_object_get(list, "relations"), json_array_get(workloads, i));
}

static json_t *list_gather(const struct programs *programs)
{
	json_t *list = json_pack(
		"{s:[], s:[], s:[], s:[]}", "configs", "workloads", "relations", "failed");

	for (size_t i = 0; i < programs->count; i++) {
		struct problem why;
		struct program *program = &programs->items[i];

		if (program_ask(program, (struct texts){NULL, 0}, &why))
			config_add(list, program);
		else
			json_array_append_new(json_object_get(list, "failed"),
				json_pack(
					"{s:s, s:s}", "name", program->config, "error", why.text));
	}
	return list;
}

// The first program that answers speaks for all: the machine is the same, and so is the code that
// counts.
static void counters_add(json_t *list, const struct programs *programs)
{
	for (size_t i = 0; i < programs->count; i++) {
		struct problem why;
		json_t *counters;

		if (!counter_list_ask(&programs->items[i], NULL, &counters, &why))
			continue;
		json_object_set(list, "counters", json_object_get(counters, "counters"));
		json_object_set(list, "presets", json_object_get(counters, "presets"));
		json_decref(counters);
		return;
	}
}

// ---- showing

// What there is to say of an entry, a paragraph a line.

static void show_config(FILE *output, const json_t *config)
{
	const char *mode = text_of(config, "cpu_mode");

	fprintf(output, "%s%s%s%s\n", text_of(config, "description"),
		*mode ? " (per-CPU arrays: " : "", mode, *mode ? ")" : "");
}

static void show_value(FILE *output, const json_t *value)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));

	fputs(json_is_string(value) ? json_string_value(value) : text ? text : "?", output);
	free(text);
}

// "lifo, fifo, random" or "8 to 65536 bytes".
static void show_range(FILE *output, const json_t *parameter)
{
	size_t i;
	const json_t *word;
	const json_t *words = json_object_get(parameter, "values");
	const char *unit = text_of(parameter, "unit");

	json_array_foreach(words, i, word) fprintf(output, "%s%s", i > 0 ? ", " : "",
		json_string_value(word) ? json_string_value(word) : "?");
	if (words)
		return;
	show_value(output, json_object_get(parameter, "min"));
	fputs(" to ", output);
	show_value(output, json_object_get(parameter, "max"));
	fprintf(output, "%s%s", *unit ? " " : "", unit);
}

static void show_parameter(FILE *output, const json_t *parameter)
{
	fprintf(output, "%s=", text_of(parameter, "name"));
	show_value(output, json_object_get(parameter, "default"));
	fputs(" (", output);
	show_range(output, parameter);
	fprintf(output, "): %s\n", text_of(parameter, "summary"));
}

static void show_more(FILE *output, const char *label, const char *text)
{
	if (*text)
		fprintf(output, "%s %s\n", label, text);
}

static void show_skipped(FILE *output, const json_t *skipped)
{
	char relation[64];
	const char *name = text_of(skipped, "name");

	fprintf(output, "not here: %s: %s\n",
		relation_of(name, relation, sizeof(relation)) ? relation : name,
		text_of(skipped, "reason"));
}

static void show_workload(FILE *output, const json_t *workload)
{
	size_t i;
	const json_t *part;

	fprintf(output, "%s\n", text_of(workload, "summary"));
	show_more(output, "stresses", text_of(workload, "stresses"));
	show_more(output, "published in", text_of(workload, "published"));
	json_array_foreach(json_object_get(workload, "parameters"), i, part)
		show_parameter(output, part);
	json_array_foreach(json_object_get(workload, "skipped"), i, part)
		show_skipped(output, part);
}

static void show_relation(FILE *output, const json_t *relation)
{
	size_t i;
	const json_t *workload;
	const json_t *workloads = json_object_get(relation, "workloads");

	json_array_foreach(workloads, i, workload)
		fprintf(output, "%s%s", i > 0 ? ", " : "", json_string_value(workload));
	if (json_array_size(workloads) == 0)
		fprintf(output, "not here: %s", text_of(relation, "reason"));
	fputc('\n', output);
}

static void show_preset(FILE *output, const json_t *preset)
{
	size_t i;
	const json_t *name;

	fprintf(output, "%s: ", text_of(preset, "summary"));
	json_array_foreach(json_object_get(preset, "counters"), i, name)
		fprintf(output, "%s%s", i > 0 ? ", " : "", json_string_value(name));
	fputc('\n', output);
}

static void show_counter(FILE *output, const json_t *counter)
{
	const char *reason = text_of(counter, "reason");

	fprintf(output, "%s: %s (%s)\n", text_of(counter, "state"),
		*reason ? reason : text_of(counter, "taken"), text_of(counter, "summary"));
}

// Most reasons, such as a topology that cannot be read, hold for all programs alike: each is told
// once. The caller's.
static json_t *failures_join(const json_t *failures)
{
	json_t *joined = json_array();
	size_t i;
	const json_t *failure;

	json_array_foreach(failures, i, failure)
	{
		size_t k = 0;

		while (k < json_array_size(joined) &&
			strcmp(text_of(json_array_get(joined, k), "error"),
				text_of(failure, "error")) != 0)
			k++;
		if (k == json_array_size(joined)) {
			json_array_append_new(joined, json_copy((json_t *)failure));
			continue;
		}
		json_object_set_new(json_array_get(joined, k), "name",
			json_sprintf("%s, %s", text_of(json_array_get(joined, k), "name"),
				text_of(failure, "name")));
	}
	return joined;
}

// The parts of the list, in the order of showing.
static const struct {
	const char *key;
	const char *title;
	void (*show)(FILE *output, const json_t *entry);
} PARTS[] = {
	{"configs", "Configs", show_config}, {"workloads", "Workloads", show_workload},
	{"relations", "Relations between threads, and the workloads at them", show_relation},
	{"presets", "Presets of counters, for 'slabmark run --counters'", show_preset},
	{"counters", "Counters", show_counter},
	{"failed", "Programs that did not answer", NULL}, // a line each: name and error
};

// The name, and below it what there is to say; of a failure in the same line.
static void show_entry(
	FILE *output, const json_t *entry, void (*show)(FILE *output, const json_t *entry))
{
	char *lines = NULL;
	size_t size;
	FILE *said;

	if (!show) {
		fprintf(output, "  %s: %s\n", text_of(entry, "name"), text_of(entry, "error"));
		return;
	}
	said = open_memstream(&lines, &size);
	if (said) {
		show(said, entry);
		fclose(said);
	}
	fprintf(output, "  %s\n", text_of(entry, "name"));
	for (const char *line = lines; line && *line; line += strcspn(line, "\n") + 1)
		print_wrapped(output, INDENT, line, strcspn(line, "\n"));
	free(lines);
}

static void list_show(FILE *output, const json_t *list)
{
	const char *gap = "";
	const char *simulated = text_of(list, "simulated");

	if (*simulated)
		fprintf(output, "On the simulated machine of %s\n\n", simulated);

	for (size_t part = 0; part < sizeof(PARTS) / sizeof(PARTS[0]); part++) {
		const json_t *all = json_object_get(list, PARTS[part].key);
		bool are_failures = !PARTS[part].show;
		json_t *entries = are_failures ? failures_join(all) : json_incref((json_t *)all);

		if (json_array_size(entries) > 0) {
			fprintf(output, "%s%s:\n", gap, PARTS[part].title);
			gap = "\n";
		}
		for (size_t i = 0; i < json_array_size(entries); i++)
			show_entry(output, json_array_get(entries, i), PARTS[part].show);
		json_decref(entries);
	}
}

static void list_show_names_of(FILE *output, const json_t *entries)
{
	for (size_t i = 0; i < json_array_size(entries); i++)
		fprintf(output, "%s\n", text_of(json_array_get(entries, i), "name"));
}

static void list_show_names(FILE *output, const json_t *list)
{
	for (size_t part = 0; part < sizeof(PARTS) / sizeof(PARTS[0]); part++)
		if (strcmp(PARTS[part].key, "failed") != 0)
			list_show_names_of(output, json_object_get(list, PARTS[part].key));
}

// ---- the command

static bool is_wanted(const char *key, const char *wanted)
{
	return strcmp(key, wanted) == 0 || strcmp(key, "failed") == 0 ||
	       (strcmp(key, "presets") == 0 && strcmp(wanted, "counters") == 0);
}

// Leaves only the part that was asked for, and the failures.
static void list_narrow(json_t *list, const char *wanted)
{
	for (size_t part = 0; part < sizeof(PARTS) / sizeof(PARTS[0]); part++)
		if (!is_wanted(PARTS[part].key, wanted))
			json_object_del(list, PARTS[part].key);
}

static void list_print(const struct command_call *call, const json_t *list)
{
	const char *format = call_text(call, "format");

	if (strcmp(format, "names") == 0) {
		list_show_names(call->output, list);
	} else if (strcmp(format, "json") == 0) {
		json_dumpf(list, call->output, JSON_INDENT(2));
		fputc('\n', call->output);
	} else {
		list_show(call->output, list);
	}
}

static int run(const struct command_call *call, struct problem *problem)
{
	struct programs programs;

	if (!programs_find(&programs, PROGRAM_MEASURED, problem))
		return problem->status;
	json_t *list = list_gather(&programs);
	int status = EXIT_GOOD;
	if (json_array_size(json_object_get(list, "configs")) == 0) {
		problem_set(problem, EXIT_NOT_MEASURED, "none of the %zu %s answered",
			programs.count, plural(programs.count, "program", "programs"));
		status = EXIT_NOT_MEASURED;
	}
	if (call->operands_count > 0 && strcmp(call->operands[0], "counters") == 0)
		counters_add(list, &programs);
	if (call->operands_count > 0)
		list_narrow(list, call->operands[0]);
	list_print(call, list);
	json_decref(list);
	programs_free(&programs);
	return status;
}

// Placements are no part of the other lists: they are asked for by themselves.
static int placements_run(const struct command_call *call, struct problem *problem)
{
	const char *format = call_text(call, "format");
	struct programs programs;
	char threads[64];
	const char *const told[] = {threads};
	json_t *list = NULL;
	bool is_good;

	snprintf(threads, sizeof(threads), "--slabmark_threads=%s",
		call_has(call, "threads") ? call_text(call, "threads") : "2");
	if (!programs_find(&programs, PROGRAM_MEASURED, problem))
		return problem->status;
	is_good = placement_list_ask(&programs.items[0], (struct texts){told, 1}, &list, problem);
	programs_free(&programs);
	if (!is_good)
		return problem->status;
	if (strcmp(format, "names") == 0)
		list_show_names_of(call->output, json_object_get(list, "placements"));
	else if (strcmp(format, "text") == 0)
		placement_list_show(call->output, list);
	if (strcmp(format, "json") == 0)
		is_good = json_output(list, JSON_INDENT(2), call->output, problem);
	else
		json_decref(list);
	return is_good ? EXIT_GOOD : problem->status;
}

static int list_run(const struct command_call *call, struct problem *problem)
{
	bool wants_placements =
		call->operands_count > 0 && strcmp(call->operands[0], "placements") == 0;

	if (call_has(call, "threads") && !wants_placements)
		return (problem_set(problem, EXIT_WRONG_USE,
				"--threads is about 'slabmark list placements' alone"),
			problem->status);
	return wants_placements ? placements_run(call, problem) : run(call, problem);
}

static const struct option_row OPTIONS[] = {
	ROW_FORMAT(
		"text|json|names", "text", "How to write the list; names: one bare name a line."),
	{.name = "threads",
		.kind = OPTION_TEXT,
		.argument = "NUMBER",
		.help = "Of placements: for so many threads, or all; 2 when not given."},
	{0},
};

const struct command list_command = {
	.name = "list",
	.summary = "Show what can be measured here: configs, workloads, relations between threads, "
		   "counters, placements.",
	.operands = "[configs|workloads|relations|counters|placements]",
	.operands_max = 1,
	.operand_choices = "configs|workloads|relations|counters|placements",
	.description = "Asks every measured program beside slabmark what it offers: its config, "
		       "its workloads with their "
		       "parameters, and the relations between threads that this machine has. A "
		       "program that does not answer is "
		       "named with its error.\n\n"
		       "'slabmark list counters' tries every counter of every preset: it is "
		       "available, by the event that is named with its encoding; emulated, from "
		       "another source; or unavailable, with the reason and what would lift it.\n\n"
		       "'slabmark list placements' shows which CPUs each placement of 'slabmark "
		       "run --place' gives to threads here, on a map of the machine, or why this "
		       "machine has none.",
	.options = OPTIONS,
	.run = list_run,
};
