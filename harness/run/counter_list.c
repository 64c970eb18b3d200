// SPDX-License-Identifier: GPL-2.0-or-later
// Asks a measured program about counters. Entry: counter_list_ask(). Any program will do: counting
// is the same object code in all of them.
#include "counter_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/process/process.h"

enum { LIST_BYTES_MAX = 16 << 20 };
static const double LIST_TIMEOUT_S = 60;

const char *counter_text(const json_t *counter, const char *key)
{
	const char *text = json_string_value(json_object_get(counter, key));

	return text ? text : "";
}

bool counter_is_missing(const json_t *counter)
{
	return strcmp(counter_text(counter, "state"), "unavailable") == 0;
}

// The program's sentence behind the name of its option: the user gave another one.
static bool refuse(struct process_outcome *outcome, const char *names, struct problem *problem)
{
	static const char OPTION[] = "--slabmark_counters: ";
	char *sentence = strstr(outcome->errors, OPTION);

	if (!sentence)
		return false;
	sentence += strlen(OPTION);
	sentence[strcspn(sentence, "\n")] = '\0';
	problem_set(problem, EXIT_WRONG_USE, "--counters=%s: %s", names, sentence);
	return true;
}

static bool is_list(const json_t *list)
{
	return json_is_array(json_object_get(list, "counters")) &&
	       json_is_array(json_object_get(list, "presets"));
}

static bool answer_read(const struct program *program, const struct process_request *request,
	struct process_outcome *outcome, json_t **list, struct problem *problem)
{
	char how[128];

	if (outcome->end == PROCESS_EXITED && outcome->code == 0)
		*list = json_loadb(outcome->output, outcome->output_size, 0, NULL);
	if (is_list(*list))
		return true;
	json_decref(*list);
	*list = NULL;
	return problem_set(problem, EXIT_NOT_MEASURED, "%s --slabmark_list_counters %s: %s",
		program->path, process_describe(request, outcome, how, sizeof(how)),
		*outcome->errors ? outcome->errors : "and wrote no list of counters");
}

bool counter_list_ask(
	const struct program *program, const char *names, json_t **list, struct problem *problem)
{
	char *option = NULL;
	struct process_outcome outcome;

	*list = NULL;
	if (names && asprintf(&option, "--slabmark_counters=%s", names) < 0)
		return problem_set(problem, EXIT_NOT_MEASURED, "no memory for a command line");
	const char *arguments[] = {program->path, "--slabmark_list_counters", option, NULL};
	const struct process_request request = {
		.arguments = arguments,
		.output_bytes_max = LIST_BYTES_MAX,
		.timeout_s = LIST_TIMEOUT_S,
	};
	bool is_good = process_run(&request, &outcome, problem);
	free(option);
	if (!is_good)
		return false;
	bool is_refused = names && outcome.end == PROCESS_EXITED &&
			  outcome.code == EXIT_WRONG_USE && refuse(&outcome, names, problem);
	is_good = !is_refused && answer_read(program, &request, &outcome, list, problem);
	process_outcome_free(&outcome);
	return is_good;
}
