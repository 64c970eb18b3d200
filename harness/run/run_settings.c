// SPDX-License-Identifier: GPL-2.0-or-later
// Checks "WORKLOAD.PARAMETER=VALUE" against what the measured programs say they have. Entry:
// run_settings_check().
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/memory.h"
#include "results/text/nearest.h"
#include "selection.h"

enum { OFFER_SIZE = 512, NAMES_MAX = 64, SETTING_SIZE = 288 };

bool setting_is_of(const char *setting, const char *workload)
{
	size_t length = strlen(workload);

	return strncmp(setting, workload, length) == 0 && setting[length] == '.';
}

// The workload's entry in the first catalogue that has it.
static const json_t *workload_entry(const struct selection *selection, const char *workload)
{
	const json_t *entry = NULL;

	for (size_t i = 0; !entry && i < selection->sides_count; i++)
		entry = program_workload(&selection->sides[i].program, workload);
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
	selection_unknown("parameter", name, (struct texts){names, count}, problem);
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
	if (texts_have((struct texts){names, count}, text))
		return true;
	char offer[OFFER_SIZE];
	return problem_set(problem, EXIT_WRONG_USE, "--set=%s: no such value; %s", setting,
		nearest_offer(offer, sizeof(offer), text, names, count));
}

// Several values, or "all": the program that measures them reads them, and refuses what is wrong.
static bool is_sweep(const char *text)
{
	return strpbrk(text, ",") || strstr(text, "..") || strcmp(text, "all") == 0;
}

static bool value_check(
	const char *setting, const char *text, const json_t *parameter, struct problem *problem)
{
	const json_t *words = json_object_get(parameter, "values");
	double minimum = json_number_value(json_object_get(parameter, "min"));
	double maximum = json_number_value(json_object_get(parameter, "max"));
	char *end = NULL;

	if (is_sweep(text))
		return true;
	if (words)
		return word_check(setting, text, words, problem);
	double value = strtod(text, &end);
	if (end != text && *end == '\0' && value >= minimum && value <= maximum)
		return true;
	return problem_set(problem, EXIT_WRONG_USE,
		"--set=%s: expected a whole number from %.15g to %.15g", setting, minimum, maximum);
}

static bool setting_check(
	const struct selection *selection, const char *setting, struct problem *problem)
{
	const struct texts workloads = {selection->workloads, selection->workloads_count};
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
	if (!texts_have(workloads, workload))
		return selection_unknown("workload", workload, workloads, problem);
	const json_t *parameters =
		json_object_get(workload_entry(selection, workload), "parameters");
	const json_t *found = parameter_find(parameters, parameter, problem);
	return found && value_check(setting, setting + equal + 1, found, problem);
}

// The last one would win silently.
static bool is_set_once(struct texts settings, size_t index, struct problem *problem)
{
	const char *setting = settings.items[index];
	int length = (int)strcspn(setting, "=");

	for (size_t i = 0; i < index; i++)
		if (strncmp(settings.items[i], setting, (size_t)length + 1) == 0)
			return problem_set(problem, EXIT_WRONG_USE,
				"--set=%s: %.*s is set already, by --set=%s; several values stand "
				"in one option, with commas between them",
				setting, length, setting, settings.items[i]);
	return true;
}

bool run_settings_check(
	const struct selection *selection, struct texts settings, struct problem *problem)
{
	for (size_t i = 0; i < settings.count; i++)
		if (!is_set_once(settings, i, problem))
			return false;
	for (size_t i = 0; i < settings.count; i++)
		if (!setting_check(selection, settings.items[i], problem))
			return false;
	return true;
}

// ---- asking with them

// The options that the programs are told, and the settings as such options behind them. The caller frees
// both; false: no memory.
static bool told_with_settings(const struct selection *selection, struct texts settings,
	const char ***items, char (**options)[SETTING_SIZE])
{
	size_t told = selection->told.count;

	*items = calloc(told + settings.count + 1, sizeof(**items));
	*options = calloc(settings.count + 1, sizeof(**options));
	if (!*items || !*options)
		return false;
	for (size_t i = 0; i < told; i++)
		(*items)[i] = selection->told.items[i];
	for (size_t i = 0; i < settings.count; i++) {
		snprintf((*options)[i], SETTING_SIZE, "--slabmark_set=%s", settings.items[i]);
		(*items)[told + i] = (*options)[i];
	}
	return true;
}

bool run_settings_ask(struct selection *selection, struct texts settings, struct problem *problem)
{
	const char **items = NULL;
	char(*options)[SETTING_SIZE] = NULL;
	bool is_good = told_with_settings(selection, settings, &items, &options) ||
		       no_memory(problem, "the settings");
	const struct texts told = {items, selection->told.count + settings.count};

	for (size_t i = 0; is_good && settings.count > 0 && i < selection->sides_count; i++)
		is_good = program_ask(&selection->sides[i].program, told, problem);
	free(items);
	free(options);
	return is_good;
}
