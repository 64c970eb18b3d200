// SPDX-License-Identifier: GPL-2.0-or-later
// The state file of tune.c. Entry: tune_state_read(), tune_state_write().
#include "tune_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#include "results/text/memory.h"
#include "results/text/output_file.h"

enum { VERSION = 1 };

static void tuned_free(struct tuned *item)
{
	free(item->name);
	free(item->path);
	free(item->before);
	free(item->after);
}

bool tune_state_add(struct tune_state *state, const struct tuned *item, struct problem *problem)
{
	struct tuned copy = {
		strdup(item->name), strdup(item->path), strdup(item->before), strdup(item->after)};
	struct tuned *items = array_grown(state->items, state->count, sizeof(*items));

	if (items)
		state->items = items;
	if (!items || !copy.name || !copy.path || !copy.before || !copy.after) {
		tuned_free(&copy);
		return no_memory(problem, "the settings");
	}
	items[state->count++] = copy;
	return true;
}

const struct tuned *tune_state_find(const struct tune_state *state, const char *path)
{
	for (size_t i = 0; i < state->count; i++)
		if (strcmp(state->items[i].path, path) == 0)
			return &state->items[i];
	return NULL;
}

void tune_state_free(struct tune_state *state)
{
	for (size_t i = 0; i < state->count; i++)
		tuned_free(&state->items[i]);
	free(state->items);
	*state = (struct tune_state){0};
}

// ---- reading

static bool item_read(struct tune_state *state, json_t *json, struct problem *problem)
{
	struct tuned item;

	if (json_unpack(json, "{s:s, s:s, s:s, s:s}", "name", &item.name, "path", &item.path,
		    "before", &item.before, "after", &item.after) != 0)
		return problem_set(
			problem, EXIT_WRONG_USE, "a setting without name, path, before or after");
	// A file that others may have written must not lead root elsewhere.
	if (strstr(item.path, "..") ||
		(strncmp(item.path, "/sys/", 5) != 0 && strncmp(item.path, "/proc/sys/", 10) != 0))
		return problem_set(problem, EXIT_WRONG_USE,
			"%s is no setting below /sys or /proc/sys", item.path);
	return tune_state_add(state, &item, problem);
}

static bool state_take(struct tune_state *state, json_t *json, struct problem *problem)
{
	const char *boot;
	json_t *settings;
	json_t *item;
	size_t i;
	int version;

	if (json_unpack(json, "{s:i, s:s, s:o}", "slabmark-tune", &version, "boot", &boot,
		    "settings", &settings) != 0)
		return problem_set(
			problem, EXIT_WRONG_USE, "not a state that 'slabmark doctor --tune' wrote");
	if (version != VERSION)
		return problem_set(problem, EXIT_WRONG_USE,
			"version %d; this slabmark reads version %d", version, VERSION);
	snprintf(state->boot, sizeof(state->boot), "%s", boot);
	json_array_foreach(settings, i, item) if (!item_read(state, item, problem)) return false;
	return true;
}

bool tune_state_read(struct tune_state *state, const char *file, struct problem *problem)
{
	json_error_t error;
	json_t *json = json_load_file(file, 0, &error);

	if (!json)
		problem_set(problem, EXIT_WRONG_USE, "%s", error.text);
	bool is_good = json && state_take(state, json, problem);
	json_decref(json);
	return is_good || problem_locate(problem, file);
}

// ---- writing

static bool folder_make(const char *file, struct problem *problem)
{
	const char *slash = strrchr(file, '/');

	if (!slash || slash == file)
		return true;
	char *folder = strndup(file, (size_t)(slash - file));
	if (!folder)
		return no_memory(problem, "a name");
	bool is_there = mkdir(folder, 0755) == 0 || errno == EEXIST;
	if (!is_there)
		problem_set(problem, EXIT_NOT_MEASURED, "%s: %s", folder, strerror(errno));
	free(folder);
	return is_there;
}

static json_t *state_json(const struct tune_state *state)
{
	json_t *settings = json_array();

	for (size_t i = 0; i < state->count; i++)
		json_array_append_new(
			settings, json_pack("{s:s, s:s, s:s, s:s}", "name", state->items[i].name,
					  "path", state->items[i].path, "before",
					  state->items[i].before, "after", state->items[i].after));
	return json_pack("{s:i, s:s, s:o}", "slabmark-tune", VERSION, "boot", state->boot,
		"settings", settings);
}

bool tune_state_write(const struct tune_state *state, const char *file, struct problem *problem)
{
	struct output_file output;
	json_t *json = state_json(state);

	if (!json)
		return no_memory(problem, "the settings");
	if (!folder_make(file, problem) || !output_file_begin(&output, file, problem)) {
		json_decref(json);
		return false;
	}
	bool is_good = json_dumpf(json, output.stream, JSON_INDENT(2)) == 0 &&
		       fputc('\n', output.stream) != EOF;
	json_decref(json);
	is_good = output_file_written(&output, problem) && is_good;
	return output_file_end(&output, is_good, problem);
}
