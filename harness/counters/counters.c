// SPDX-License-Identifier: GPL-2.0-or-later
// From a list of names to counters. Entry: counters_choose().
#include "counters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/nearest.h"

enum { NAMES_MAX = 4096 };

int counters_index(const struct counters *counters, const char *name)
{
	for (size_t i = 0; i < counters->count; i++)
		if (strcmp(counters->items[i].name, name) == 0)
			return (int)i;
	return -1;
}

bool counter_is_software(const struct counter *counter)
{
	return counter->event.attributes.type == PERF_TYPE_SOFTWARE;
}

const char *counter_taken(const struct counter *counter)
{
	if (counter->figure && counter->figure->source == FIGURE_USAGE)
		return "getrusage ru_nvcsw + ru_nivcsw";
	if (counter->figure && counter->figure->source == FIGURE_RATIO)
		return counter->figure->summary;
	return counter->event.taken;
}

// ---- wrong names

struct names {
	const char **items;
	size_t count;
};

static void name_take(void *context, const char *name)
{
	struct names *names = context;

	if (names->count < NAMES_MAX)
		names->items[names->count++] = name;
}

static void names_gather(struct names *names)
{
	for (const struct preset *preset = presets; preset->name; preset++)
		name_take(names, preset->name);
	for (const struct figure *figure = figures; figure->name; figure++)
		name_take(names, figure->name);
}

// With the processor's events among the names, a near one is found for them, too; where none is
// near, the list that is offered is that of presets and figures.
static bool refuse(const char *wrong, struct problem *problem)
{
	struct names names = {(const char **)calloc(NAMES_MAX, sizeof(char *)), 0};
	char offer[900] = "";

	if (names.items) {
		names_gather(&names);
		size_t short_count = names.count;
		event_names(name_take, &names);
		nearest_offer(offer, sizeof(offer), wrong, names.items, names.count);
		if (strncmp(offer, "did", 3) != 0)
			nearest_offer(offer, sizeof(offer), wrong, names.items, short_count);
	}
	free((void *)names.items);
	return problem_set(problem, EXIT_WRONG_USE, "no counter is called '%s'; %s", wrong, offer);
}

// ---- the list

static bool add(struct counters *counters, const char *name, struct problem *problem)
{
	struct counter *counter = &counters->items[counters->count];
	char pmu[64];

	if (counters_index(counters, name) >= 0)
		return true;
	if (counters->count == COUNTERS_MAX)
		return problem_set(problem, EXIT_WRONG_USE,
			"more than %d counters are asked for; ask for fewer in a run",
			COUNTERS_MAX);
	*counter = (struct counter){.figure = figure_find(name), .group = -1};
	if (strlen(name) >= sizeof(counter->name))
		return refuse(name, problem);
	strcpy(counter->name, name);
	if (!counter->figure && !event_find(name, &counter->event)) {
		if (!event_is_elsewhere(name, pmu, sizeof(pmu)))
			return refuse(name, problem);
		counter->state = COUNTER_UNAVAILABLE;
		snprintf(counter->reason, sizeof(counter->reason),
			"an event of %s, and this is another processor", pmu);
	}
	counters->count++;
	return true;
}

static bool add_words(struct counters *counters, const char *words, struct problem *problem)
{
	char word[64];
	int used = 0;

	for (; sscanf(words, "%63s%n", word, &used) == 1; words += used)
		if (!add(counters, word, problem))
			return false;
	return true;
}

// The length of the first item: up to a comma that is not within slashes.
static size_t item_length(const char *list)
{
	bool is_within = false;
	size_t length = 0;

	for (; list[length] != '\0' && (is_within || list[length] != ','); length++)
		is_within ^= list[length] == '/';
	return length;
}

bool counters_choose(struct counters *counters, const char *list, struct problem *problem)
{
	char item[EVENT_NAME_SIZE];

	counters->count = 0;
	while (*list != '\0') {
		size_t length = item_length(list);

		snprintf(item, sizeof(item), "%.*s", (int)length, list);
		const struct preset *preset = preset_find(item);
		bool is_good = preset ? add_words(counters, preset->figures, problem)
				      : add(counters, item, problem);
		if (!is_good)
			return false;
		list += length + (list[length] == ',');
	}
	return counters->count > 0 || problem_set(problem, EXIT_WRONG_USE, "no counter is named");
}
