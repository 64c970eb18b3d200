// SPDX-License-Identifier: GPL-2.0-or-later
// Tries counters and describes them. Entries: counting_probe(), counting_list().
#include "counting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- trying

// Of another node than the first site's, or of another CPU alone.
static int cpu_of_another(const struct sites *sites, bool of_another_node)
{
	for (size_t i = 1; i < sites->count; i++)
		if (!of_another_node || sites->rows[i].node != sites->rows[0].node)
			return (int)sites->rows[i].cpu;
	return EXERCISE_NOWHERE;
}

// On a topology that isn't this machine's, CPUs and nodes are none that the self-test could use.
void counting_probe(struct counters *counters, const struct sites *sites)
{
	struct exercise_places places = {EXERCISE_NOWHERE, EXERCISE_NOWHERE, EXERCISE_NOWHERE};

	if (hwloc_topology_is_thissystem(sites->topology))
		places = (struct exercise_places){(int)sites->rows[0].cpu,
			cpu_of_another(sites, false), cpu_of_another(sites, true)};
	counters_probe(counters, &system_calls_real, &places);
}

// ---- texts

static bool is_absent(const struct counter *counter)
{
	return counter->state == COUNTER_UNAVAILABLE;
}

static char *text_of(const struct counters *counters, bool are_absent)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	for (size_t i = 0; i < counters->count; i++) {
		const struct counter *counter = &counters->items[i];

		if (is_absent(counter) != are_absent)
			continue;
		fprintf(stream, "%s%s%s%s", ftell(stream) > 0 ? "; " : "", counter->name,
			are_absent ? ": " : " = ",
			are_absent ? counter->reason : counter_taken(counter));
	}
	if (fclose(stream) == 0 && size > 0)
		return text;
	free(text);
	return NULL;
}

char *counting_taken(const struct counters *counters)
{
	return text_of(counters, false);
}

char *counting_absent(const struct counters *counters)
{
	return text_of(counters, true);
}

// ---- JSON

const char *counting_everything(void)
{
	static char list[256]; // made once, by the first caller

	if (list[0] == '\0')
		for (const struct preset *preset = presets; preset->name; preset++) {
			size_t used = strlen(list);

			snprintf(list + used, sizeof(list) - used, "%s%s", used > 0 ? "," : "",
				preset->name);
		}
	return list;
}

static json_t *describe_counter(const struct counter *counter)
{
	static const char *const states[] = {"untried", "available", "emulated", "unavailable"};
	json_t *row = json_pack("{ss ss ss}", "name", counter->name, "summary",
		counter->figure ? counter->figure->summary : "", "state", states[counter->state]);

	if (is_absent(counter))
		json_object_set_new(row, "reason", json_string(counter->reason));
	else
		json_object_set_new(row, "taken", json_string(counter_taken(counter)));
	return row;
}

static json_t *describe_preset(const struct preset *preset)
{
	json_t *names = json_array();
	char name[64];
	int used = 0;

	for (const char *at = preset->figures; sscanf(at, "%63s%n", name, &used) == 1; at += used)
		json_array_append_new(names, json_string(name));
	return json_pack(
		"{ss ss so}", "name", preset->name, "summary", preset->summary, "counters", names);
}

json_t *counting_list(const struct counters *counters)
{
	json_t *of_presets = json_array();
	json_t *of_counters = json_array();

	for (const struct preset *preset = presets; preset->name; preset++)
		json_array_append_new(of_presets, describe_preset(preset));
	for (size_t i = 0; i < counters->count; i++)
		json_array_append_new(of_counters, describe_counter(&counters->items[i]));
	return json_pack("{so so}", "presets", of_presets, "counters", of_counters);
}
