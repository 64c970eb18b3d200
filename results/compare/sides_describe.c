// SPDX-License-Identifier: GPL-2.0-or-later
// What is said of the sides of a projection: their builds, what to doubt because of how they came
// about, and the description that all outputs show. Entry: sides_describe().
#include <stdlib.h>
#include <string.h>

#include "choice.h"
#include "results/text/memory.h"
#include "results/text/timestamp.h"
#include "warnings.h"

// ---- builds

// The side that a build of a session is of; NULL: of none that was chosen.
static const char *build_side(
	const struct choice *choice, int64_t session, const struct store_build *build)
{
	const struct comparison *comparison = choice->comparison;

	for (size_t i = 0; i < choice->runs.count; i++) {
		const struct compare_run *run = &choice->runs.items[i];
		const char *commit = json_string_value(json_object_get(build->context, "commit"));

		if (!run->is_chosen || run->source.session != session ||
			strcmp(run->source.config, build->config) != 0 ||
			strcmp(run->source.commit ? run->source.commit : "",
				commit ? commit : "") != 0)
			continue;
		return choice->is_of_names ? comparison->sides[0] : run->side;
	}
	return NULL;
}

// Takes over one build, under the name of its side.
static bool build_take(struct choice *choice, const struct store_build *build, const char *side)
{
	struct store_builds *builds = &choice->comparison->builds;
	struct store_build *items = array_grown(builds->items, builds->count, sizeof(*items));
	size_t at = builds->count;

	if (!items)
		return no_memory(choice->problem, "the comparison");
	builds->items = items;
	// The base's come first, so that the head of every output starts with one of them.
	while (strcmp(side, choice->comparison->sides[0]) == 0 && at > 0 &&
		strcmp(items[at - 1].config, side) != 0) {
		items[at] = items[at - 1];
		at--;
	}
	items[at] = (struct store_build){.config = strdup(side),
		.machine = build->machine ? strdup(build->machine) : NULL,
		.context = json_incref(build->context),
		.processes = build->processes};
	builds->count++;
	return items[at].config || no_memory(choice->problem, "the comparison");
}

static bool builds_load(struct choice *choice)
{
	bool is_good = true;

	for (size_t i = 0; is_good && i < choice->sessions.count; i++) {
		int64_t session = strtoll(choice->sessions.items[i], NULL, 10);
		struct store_builds builds;

		if (!store_session_builds(choice->store, session, &builds, choice->problem))
			return false;
		for (size_t k = 0; is_good && k < builds.count; k++) {
			const char *side = build_side(choice, session, &builds.items[k]);

			is_good = !side || build_take(choice, &builds.items[k], side);
		}
		store_builds_free(&builds);
	}
	return is_good && (choice->comparison->builds.count > 0 ||
				  problem_set(choice->problem, EXIT_NOT_MEASURED,
					  "the builds of what is compared are not in the store"));
}

// What a cell throws together without anybody having asked for it.
static bool warn_of_mixtures(const struct choice *choice, struct store_names *told)
{
	static const char *const KEYS[] = {"config", "commit", "compiler"};
	const struct projection *projection = &choice->projection;

	for (size_t i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]); i++) {
		if (names_have(&projection->rows, KEYS[i]) ||
			names_have(&projection->columns, KEYS[i]))
			continue;
		for (size_t k = 0; k < choice->comparison->sides_count; k++) {
			const char *side = choice->comparison->sides[k];
			struct store_names values;
			bool is_good = true;
			char list[512];

			if (!values_list(
				    choice, KEYS[i], choice->is_of_names ? NULL : side, &values))
				return false;
			if (values.count > 1) {
				comparison_warn(choice->comparison->warnings,
					"%s mixes results of different %ss (%s); --row=name,%s "
					"keeps them apart",
					side, KEYS[i], names_text(&values, list, sizeof(list)),
					KEYS[i]);
				is_good = names_add_new(told, KEYS[i], choice->problem);
			}
			store_names_free(&values);
			if (!is_good)
				return false;
		}
	}
	return true;
}

static void warn_of_sessions(const struct choice *choice)
{
	json_t *warnings = choice->comparison->warnings;

	if (!choice->comparison->is_independent)
		return;
	comparison_warn(warnings,
		"the sides ran in different sessions: what changed on the machine between them is "
		"part of the ratios");
	for (size_t i = 0; i < choice->comparison->sides_count; i++) {
		const char *side = choice->comparison->sides[i];
		size_t pooled = 0;

		for (size_t k = 0; k < choice->sessions.count; k++)
			pooled += side_has_session(choice->comparison, side,
				strtoll(choice->sessions.items[k], NULL, 10));
		if (pooled > 1)
			comparison_warn(warnings,
				"%s takes %zu sessions together: what differed between the "
				"sessions "
				"counts as chance between processes",
				side, pooled);
	}
}

static bool session_describe(const struct choice *choice, int64_t session, json_t *sessions)
{
	struct store_session_facts facts;
	char started[TIMESTAMP_SIZE];
	bool found;
	bool is_good;

	if (!store_session_read(choice->store, session, &facts, &found, choice->problem))
		return false;
	if (!found)
		return true;
	session_warn(choice->comparison->warnings, session, facts.ended);
	is_good = load_doubt(choice->store, session, choice->comparison->warnings, choice->problem);
	json_array_append_new(
		sessions, json_pack("{s:I, s:s, s:s*}", "id", (json_int_t)session, "started",
				  timestamp(facts.started_unix_ns, started), "ended", facts.ended));
	store_session_facts_free(&facts);
	return is_good;
}

// ---- what the outputs say

static bool add_values(
	const struct choice *choice, json_t *json, const char *member, const char *key)
{
	const char *side = json_string_value(json_object_get(json, "label"));
	json_t *list = json_array();
	struct store_names values;

	json_object_set_new(json, member, list);
	if (!values_list(choice, key, choice->is_of_names ? NULL : side, &values))
		return false;
	for (size_t i = 0; i < values.count; i++)
		json_array_append_new(list, json_string(values.items[i]));
	store_names_free(&values);
	return true;
}

static bool side_describe(const struct choice *choice, const char *side, json_t *sides)
{
	json_t *json = json_pack("{s:s}", "label", side);
	json_int_t processes = 0;

	json_array_append_new(sides, json);
	for (size_t i = 0; i < choice->runs.count; i++) {
		const struct compare_run *run = &choice->runs.items[i];

		if (run->is_chosen && (choice->is_of_names || strcmp(run->side, side) == 0))
			processes += run->processes;
	}
	json_object_set_new(json, "processes", json_integer(processes));
	return add_values(choice, json, "sessions", "session") &&
	       add_values(choice, json, "configs", "config") &&
	       add_values(choice, json, "commits", "commit") &&
	       add_values(choice, json, "compilers", "compiler") &&
	       add_values(choice, json, "machines", "machine");
}

static json_t *keys_json(const struct store_names *keys)
{
	json_t *json = json_array();

	for (size_t i = 0; i < keys->count; i++)
		json_array_append_new(json, json_string(keys->items[i]));
	return json;
}

// Of different machines it goes without saying.
static bool warn_of_memory(const struct choice *choice, bool is_one_machine)
{
	size_t count = is_one_machine ? choice->sessions.count : 0;
	int64_t *sessions = calloc(count + 1, sizeof(*sessions));
	bool is_good;

	if (!sessions)
		return no_memory(choice->problem, "the comparison");
	for (size_t i = 0; i < count; i++)
		sessions[i] = strtoll(choice->sessions.items[i], NULL, 10);
	is_good = memory_doubt(
		choice->store, sessions, count, choice->comparison->warnings, choice->problem);
	free(sessions);
	return is_good;
}

static bool describe(const struct choice *choice)
{
	struct comparison *comparison = choice->comparison;
	json_t *sides = json_array();
	json_t *sessions = json_array();
	bool by_rows = names_have(&choice->projection.rows, "machine");
	struct store_names machines;
	bool is_good = values_list(choice, "machine", NULL, &machines) &&
		       warn_of_memory(choice, machines.count == 1);

	comparison->projection = json_pack("{s:s, s:o, s:o, s:b, s:b, s:o, s:o}", "filter",
		choice->options->filter ? choice->options->filter : "", "row",
		keys_json(&choice->projection.rows), "col", keys_json(&choice->projection.columns),
		"across", machines.count > 1 && !by_rows, "paired", !comparison->is_independent,
		"sessions", sessions, "sides", sides);
	store_names_free(&machines);
	if (!comparison->projection)
		return problem_set(
			choice->problem, EXIT_WRONG_USE, "the filter is not UTF-8, or no memory");
	for (size_t i = 0; is_good && i < comparison->sides_count; i++)
		is_good = side_describe(choice, comparison->sides[i], sides);
	for (size_t i = 0; is_good && i < choice->sessions.count; i++)
		is_good = session_describe(
			choice, strtoll(choice->sessions.items[i], NULL, 10), sessions);
	return is_good;
}

// What differs between builds, but for what is compared and what was said of a side's mixture
// already.
static bool warn_of_all(const struct choice *choice)
{
	const struct store_names *columns = &choice->projection.columns;
	struct store_names told = {0};
	bool is_good = true;

	for (size_t i = 0; is_good && i < columns->count; i++)
		is_good = names_add_new(&told, columns->items[i], choice->problem);
	is_good = is_good && warn_of_mixtures(choice, &told);
	if (is_good)
		builds_warn(choice->comparison, &told);
	store_names_free(&told);
	warn_of_sessions(choice);
	return is_good;
}

bool sides_describe(struct choice *choice)
{
	return builds_load(choice) && warn_of_all(choice) && describe(choice);
}
