// SPDX-License-Identifier: GPL-2.0-or-later
// Turns names from the command line into programs and workloads, or says what is wrong with them.
// Entry: selection_make().
#include "selection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/nearest.h"

enum { OFFER_SIZE = 512, NAMES_MAX = 64 };

static bool configs_choose(struct selection *selection, struct problem *problem);
static bool workloads_choose(struct selection *selection, const struct selection_request *request,
	struct problem *problem);
static bool settings_check(const struct selection *selection,
	const struct selection_request *request, struct problem *problem);
static bool has_fill(struct selection *selection, bool is_explicit, struct problem *problem);

bool selection_make(struct selection *selection, const struct selection_request *request,
	struct problem *problem)
{
	*selection = (struct selection){
		.configs = request->configs, .configs_count = request->configs_count};
	if (!programs_find(&selection->programs, PROGRAM_MEASURED, problem))
		return false;
	bool is_good = configs_choose(selection, problem) &&
		       workloads_choose(selection, request, problem) &&
		       settings_check(selection, request, problem) &&
		       has_fill(selection, request->workloads_count > 0, problem);
	if (!is_good)
		selection_free(selection);
	return is_good;
}

void selection_free(struct selection *selection)
{
	free(selection->chosen);
	free(selection->workloads);
	free(selection->has);
	programs_free(&selection->programs);
	*selection = (struct selection){0};
}

static bool no_memory(struct problem *problem)
{
	return problem_set(problem, EXIT_NOT_MEASURED, "no memory for the plan");
}

static bool unknown(const char *what, const char *name, const char *const *names, size_t count,
	struct problem *problem)
{
	char offer[OFFER_SIZE];

	nearest_offer(offer, sizeof(offer), name, names, count);
	return problem_set(problem, EXIT_WRONG_USE, "unknown %s '%s'; %s", what, name, offer);
}

// Whether the name at `index` stands before already: a config measured twice a round would count as
// two.
static bool is_repeated(const char *const *names, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (strcmp(names[i], names[index]) == 0)
			return true;
	return false;
}

// ---- configs

static bool configs_choose(struct selection *selection, struct problem *problem)
{
	selection->chosen = calloc(selection->configs_count + 1, sizeof(const struct program *));
	if (!selection->chosen)
		return no_memory(problem);
	for (size_t i = 0; i < selection->configs_count; i++) {
		struct program *program =
			programs_get(&selection->programs, selection->configs[i], problem);

		if (!program)
			return false;
		if (is_repeated(selection->configs, i))
			return problem_set(problem, EXIT_WRONG_USE, "config '%s' is named twice",
				selection->configs[i]);
		if (!program_ask(program, problem))
			return false;
		selection->chosen[i] = program;
	}
	return true;
}

// ---- workloads

static bool is_among(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

// Every workload that any chosen config knows, in the order in which they say it. NULL: no memory.
static const char **workloads_union(const struct selection *selection, size_t *count)
{
	size_t room = 1;

	*count = 0;
	for (size_t i = 0; i < selection->configs_count; i++)
		room += json_array_size(
			json_object_get(selection->chosen[i]->catalogue, "workloads"));
	const char **names = calloc(room, sizeof(*names));
	for (size_t i = 0; names && i < selection->configs_count; i++) {
		const json_t *workloads =
			json_object_get(selection->chosen[i]->catalogue, "workloads");

		for (size_t j = 0; j < json_array_size(workloads); j++) {
			const char *name = json_string_value(
				json_object_get(json_array_get(workloads, j), "name"));

			if (!is_among(names, *count, name))
				names[(*count)++] = name;
		}
	}
	return names;
}

static bool workloads_choose(struct selection *selection, const struct selection_request *request,
	struct problem *problem)
{
	size_t known_count = 0;
	const char **known = workloads_union(selection, &known_count);

	if (!known)
		return no_memory(problem);
	selection->workloads = known;
	selection->workloads_count = known_count;
	if (request->workloads_count == 0)
		return true;
	for (size_t i = 0; i < request->workloads_count; i++) {
		if (!is_among(known, known_count, request->workloads[i]))
			return unknown(
				"workload", request->workloads[i], known, known_count, problem);
		if (is_repeated(request->workloads, i))
			return problem_set(problem, EXIT_WRONG_USE, "workload '%s' is named twice",
				request->workloads[i]);
	}
	for (size_t i = 0; i < request->workloads_count; i++)
		known[i] = request->workloads[i]; // distinct and known, so there is room
	selection->workloads_count = request->workloads_count;
	return true;
}

// ---- what can be run here

const char *selection_reason(const struct selection *selection, size_t workload, size_t config)
{
	const json_t *entry =
		program_workload(selection->chosen[config], selection->workloads[workload]);
	const json_t *skipped = json_array_get(json_object_get(entry, "skipped"), 0);
	const char *reason = json_string_value(json_object_get(skipped, "reason"));

	if (!entry)
		return "the config has no such workload";
	return reason ? reason : "it offers no benchmark";
}

static bool can_run(const struct selection *selection, size_t workload, size_t config)
{
	const json_t *entry =
		program_workload(selection->chosen[config], selection->workloads[workload]);

	return json_array_size(json_object_get(entry, "benchmarks")) > 0;
}

// A workload that the user named and that nothing can run is an error; of all workloads, some must
// be left.
static bool has_fill(struct selection *selection, bool is_explicit, struct problem *problem)
{
	size_t configs = selection->configs_count;
	size_t runnable = 0;

	selection->has = calloc(selection->workloads_count * configs + 1, sizeof(*selection->has));
	if (!selection->has)
		return no_memory(problem);
	for (size_t workload = 0; workload < selection->workloads_count; workload++) {
		size_t before = runnable;

		for (size_t config = 0; config < configs; config++) {
			selection->has[workload * configs + config] =
				can_run(selection, workload, config);
			runnable += selection->has[workload * configs + config];
		}
		if (is_explicit && runnable == before)
			return problem_set(problem, EXIT_NOT_MEASURED,
				"workload '%s' can't be run here: %s",
				selection->workloads[workload],
				selection_reason(selection, workload, 0));
	}
	return runnable > 0 ||
	       problem_set(problem, EXIT_NOT_MEASURED, "no workload can be run here");
}

// ---- settings

bool setting_is_of(const char *setting, const char *workload)
{
	size_t length = strlen(workload);

	return strncmp(setting, workload, length) == 0 && setting[length] == '.';
}

// The workload's entry in the first catalogue that has it.
static const json_t *workload_entry(const struct selection *selection, const char *workload)
{
	const json_t *entry = NULL;

	for (size_t i = 0; !entry && i < selection->configs_count; i++)
		entry = program_workload(selection->chosen[i], workload);
	return entry;
}

static const json_t *parameter_find(
	const json_t *parameters, const char *name, struct problem *problem)
{
	const char *names[NAMES_MAX];
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(parameters) && count < NAMES_MAX; i++) {
		const json_t *parameter = json_array_get(parameters, i);
		const char *other = json_string_value(json_object_get(parameter, "name"));

		if (!other)
			continue;
		if (strcmp(other, name) == 0)
			return parameter;
		names[count++] = other;
	}
	unknown("parameter", name, names, count, problem);
	return NULL;
}

static bool word_check(
	const char *setting, const char *text, const json_t *words, struct problem *problem)
{
	const char *names[NAMES_MAX];
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(words) && count < NAMES_MAX; i++) {
		const char *word = json_string_value(json_array_get(words, i));

		if (word)
			names[count++] = word;
	}
	if (is_among(names, count, text))
		return true;
	char offer[OFFER_SIZE];
	return problem_set(problem, EXIT_WRONG_USE, "--set=%s: no such value; %s", setting,
		nearest_offer(offer, sizeof(offer), text, names, count));
}

static bool value_check(
	const char *setting, const char *text, const json_t *parameter, struct problem *problem)
{
	const json_t *words = json_object_get(parameter, "values");
	double minimum = json_number_value(json_object_get(parameter, "min"));
	double maximum = json_number_value(json_object_get(parameter, "max"));
	char *end = NULL;

	if (words)
		return word_check(setting, text, words, problem);
	double value = (double)strtoll(text, &end, 10);
	if (end != text && *end == '\0' && value >= minimum && value <= maximum)
		return true;
	return problem_set(problem, EXIT_WRONG_USE,
		"--set=%s: expected a whole number from %.15g to %.15g", setting, minimum, maximum);
}

static bool setting_check(
	const struct selection *selection, const char *setting, struct problem *problem)
{
	char workload[128];
	char parameter[128];
	size_t dot = strcspn(setting, ".=");
	size_t equal = strcspn(setting, "=");
	bool is_whole = setting[dot] == '.' && dot > 0 && setting[equal] == '=' &&
			equal > dot + 1 && setting[equal + 1];

	if (!is_whole || dot >= sizeof(workload) || equal - dot >= sizeof(parameter))
		return problem_set(problem, EXIT_WRONG_USE,
			"--set=%s: expected WORKLOAD.PARAMETER=VALUE", setting);
	snprintf(workload, sizeof(workload), "%.*s", (int)dot, setting);
	snprintf(parameter, sizeof(parameter), "%.*s", (int)(equal - dot - 1), setting + dot + 1);
	if (!is_among(selection->workloads, selection->workloads_count, workload))
		return unknown("workload", workload, selection->workloads,
			selection->workloads_count, problem);
	const json_t *parameters =
		json_object_get(workload_entry(selection, workload), "parameters");
	const json_t *found = parameter_find(parameters, parameter, problem);
	return found && value_check(setting, setting + equal + 1, found, problem);
}

static bool settings_check(const struct selection *selection,
	const struct selection_request *request, struct problem *problem)
{
	for (size_t i = 0; i < request->settings_count; i++)
		if (!setting_check(selection, request->settings[i], problem))
			return false;
	return true;
}
