// SPDX-License-Identifier: GPL-2.0-or-later
// What a comparison is made of: which session, and whether what it measured may be compared at all
// (known configs, one machine), with a warning for whatever differs between the builds. Entry:
// session_load().
#include "session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layouts.h"
#include "looks.h"

#include "curves.h"
#include "internal.h"
#include "results/document/facts.h"
#include "results/text/memory.h"
#include "warnings.h"

static bool refuse_unknown(
	const struct store_names *known, const char *unknown, struct problem *problem)
{
	char list[512];

	return problem_set(problem, EXIT_WRONG_USE, "the store holds no config '%s'; it holds %s",
		unknown, names_text(known, list, sizeof(list)));
}

bool compare_configs_check(
	struct store *store, const struct compare_options *options, struct problem *problem)
{
	struct store_names known;
	const char *unknown = NULL;

	if (!store_configs(store, &known, problem))
		return false;
	for (size_t i = 0; i < options->sides_count && !unknown; i++) {
		if (!names_have(&known, options->sides[i]))
			unknown = options->sides[i];
	}
	if (unknown && known.count == 0)
		problem_set(problem, EXIT_NOT_MEASURED,
			"nothing is stored yet; `slabmark run` measures");
	else if (unknown)
		refuse_unknown(&known, unknown, problem);
	store_names_free(&known);
	return !unknown;
}

static bool check_session(struct store *store, const struct compare_options *options,
	int64_t session, struct problem *problem)
{
	struct store_names measured;
	const char *missing = NULL;

	if (!store_session_configs(store, session, &measured, problem))
		return false;
	for (size_t i = 0; i < options->sides_count && !missing; i++) {
		if (!names_have(&measured, options->sides[i]))
			missing = options->sides[i];
	}
	store_names_free(&measured);
	if (missing)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"session %lld did not measure config '%s'", (long long)session, missing);
	return true;
}

static bool choose_session(struct store *store, const struct compare_options *options,
	struct comparison *comparison, struct problem *problem)
{
	bool found;

	comparison->session = options->session;
	if (!comparison->session && !store_session_newest(store, options->sides,
					    options->sides_count, &comparison->session, problem))
		return false;
	if (!comparison->session)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"no session measured all of these configs; measure them in one call of "
			"`slabmark run`");
	if (!store_session_read(
		    store, comparison->session, &comparison->session_facts, &found, problem))
		return false;
	if (!found)
		return problem_set(problem, EXIT_WRONG_USE, "there is no session %lld in the store",
			(long long)comparison->session);
	return check_session(store, options, comparison->session, problem);
}

static bool is_compared(const struct comparison *comparison, const char *config)
{
	for (size_t i = 0; i < comparison->sides_count; i++) {
		if (strcmp(comparison->sides[i], config) == 0)
			return true;
	}
	return false;
}

// Keeps the builds of the compared configs, the base's first, so that the head of every output
// starts with it.
static void builds_select(struct comparison *comparison)
{
	struct store_builds *builds = &comparison->builds;
	size_t kept = 0;

	for (size_t i = 0; i < builds->count; i++) {
		struct store_build build = builds->items[i];

		if (is_compared(comparison, build.config)) {
			builds->items[i] = builds->items[kept];
			builds->items[kept++] = build;
		}
	}
	for (size_t i = kept; i < builds->count; i++) {
		free(builds->items[i].config);
		free(builds->items[i].machine);
		json_decref(builds->items[i].context);
	}
	builds->count = kept;
	for (size_t i = 0; i < kept; i++) {
		struct store_build build = builds->items[i];

		if (strcmp(build.config, comparison->sides[0]) != 0)
			continue;
		builds->items[i] = builds->items[0];
		builds->items[0] = build;
		return;
	}
}

static const char *text_or_unknown(const char *text)
{
	return text ? text : "unknown";
}

static bool machines_differ(const struct store_build *one, const struct store_build *two)
{
	return strcmp(text_or_unknown(one->machine), text_or_unknown(two->machine)) != 0;
}

static bool check_machines(struct comparison *comparison, const struct compare_options *options,
	struct problem *problem)
{
	const struct store_build *first = &comparison->builds.items[0];
	const struct store_build *other = NULL; // of another machine

	for (size_t i = 1; i < comparison->builds.count && !other; i++) {
		if (machines_differ(first, &comparison->builds.items[i]))
			other = &comparison->builds.items[i];
	}
	if (other && !options->is_page)
		return problem_set(problem, EXIT_WRONG_USE,
			"session %lld measured '%s' on machine %s and '%s' on machine %s; "
			"only results of one machine can"
			" be compared",
			(long long)comparison->session, first->config,
			text_or_unknown(first->machine), other->config,
			text_or_unknown(other->machine));
	if (other)
		comparison_warn(comparison->warnings,
			"compared across machines (%s, %s): the ratios hold what these differ by",
			text_or_unknown(first->machine), text_or_unknown(other->machine));
	if (!first->machine)
		comparison_warn(comparison->warnings,
			"the machine was not recorded; whether all was measured "
			"on one is not known");
	return true;
}

// The side that a word means among those of the session, or of the store where no session is named;
// else the word itself, which is refused later.
static bool side_find_named(struct store *store, const struct compare_options *options,
	const char *word, char **side, struct problem *problem)
{
	struct store_names known;
	const char *named;

	if (!(options->session ? store_session_configs(store, options->session, &known, problem)
			       : store_configs(store, &known, problem)))
		return false;
	named = names_side(&known, word);
	*side = strdup(named ? named : word);
	store_names_free(&known);
	return *side || no_memory(problem, "the comparison");
}

static bool keep_configs(struct store *store, const struct compare_options *options,
	struct comparison *comparison, struct problem *problem)
{
	comparison->sides_count = 0;
	comparison->sides = calloc(options->sides_count, sizeof(*comparison->sides));
	if (!comparison->sides)
		return no_memory(problem, "the comparison");
	for (size_t i = 0; i < options->sides_count; i++) {
		char *side;

		if (!side_find_named(store, options, options->sides[i], &side, problem))
			return false;
		if (is_compared(comparison, side)) {
			free(side);
			return problem_set(problem, EXIT_WRONG_USE, "config '%s' is named twice",
				options->sides[i]);
		}
		comparison->sides[comparison->sides_count++] = side;
	}
	return true;
}

// A row is a benchmark, a side a config.
static bool place_of_config(void *context, const struct store_source *source,
	struct compare_place *place, struct problem *problem)
{
	const struct comparison *comparison = context;

	(void)problem;
	for (size_t i = 0; i < comparison->sides_count && !place->side; i++) {
		if (strcmp(comparison->sides[i], source->config) == 0)
			place->side = comparison->sides[i];
	}
	place->row = source->name;
	return true;
}

// Counters take most of the time, and are read where they are asked for or where remote frees are part of
// what is shown.
static bool samples_load(struct store *store, const struct compare_options *options,
	struct comparison *comparison, struct problem *problem)
{
	unsigned parts = SAMPLES_AGGREGATES | (options->counters ? SAMPLES_COUNTERS : 0);
	struct compare_samples *samples = &comparison->samples;

	if (!samples_read(store, comparison->session, parts, place_of_config, comparison, samples,
		    problem))
		return false;
	for (size_t i = 0; i < samples->count; i++) {
		if (options->counters || !is_of_matrix(samples->items[i].name))
			continue;
		compare_samples_free(samples);
		return samples_read(store, comparison->session, parts | SAMPLES_COUNTERS,
			place_of_config, comparison, samples, problem);
	}
	return true;
}

// All configs of a store are many to look at, where one session has all that is asked for.
static bool configs_are_known(
	struct store *store, const struct compare_options *options, struct problem *problem)
{
	struct store_names measured = {0};
	bool has_all = options->session != 0;

	if (has_all && !store_session_configs(store, options->session, &measured, problem))
		return false;
	for (size_t i = 0; i < options->sides_count; i++)
		has_all = has_all && names_have(&measured, options->sides[i]);
	store_names_free(&measured);
	return has_all || compare_configs_check(store, options, problem);
}

// A made-up topology says which CPUs a larger machine would get; its times are this machine's.
static void warn_of_topology(struct comparison *comparison)
{
	static const char FROM[] = "topology from ";
	const char *simulated = context_fact(comparison->builds.items[0].context, "simulated");

	if (strncmp(simulated, FROM, strlen(FROM)) == 0)
		comparison_warn(comparison->warnings,
			"the machine is simulated: %s; its times are those of the machine that it "
			"ran on",
			simulated);
}

static bool sides_of_session_load(struct store *store, const struct compare_options *options,
	struct comparison *comparison, struct problem *problem)
{
	struct compare_options named = *options; // the sides by their whole names

	if (!keep_configs(store, options, comparison, problem))
		return false;
	named.sides = (const char *const *)comparison->sides;
	if (!configs_are_known(store, &named, problem) ||
		!choose_session(store, &named, comparison, problem) ||
		!store_session_builds(store, comparison->session, &comparison->builds, problem))
		return false;
	builds_select(comparison);
	if (!check_machines(comparison, options, problem))
		return false;
	builds_warn(comparison, NULL);
	warn_of_topology(comparison);
	session_warn(comparison->warnings, comparison->session, comparison->session_facts.ended);
	if (!samples_load(store, options, comparison, problem) ||
		!load_doubt(store, comparison->session, comparison->warnings, problem) ||
		!memory_doubt(store, &comparison->session, 1, comparison->warnings, problem))
		return false;
	compare_samples_sort(&comparison->samples);
	return layouts_of_session(store, comparison->session, &comparison->layouts, problem) &&
	       sequential_of_session(store, comparison->session,
		       compare_samples_rounds(&comparison->samples), &comparison->looks, problem);
}

// ---- the floor

static bool is_side(const struct compare_options *options, const char *config)
{
	for (size_t i = 0; i < options->sides_count; i++)
		if (strcmp(options->sides[i], config) == 0)
			return true;
	return false;
}

// The floor is loaded as the last side, and then taken from the sides: no row compares it.
static bool load_with_floor(struct store *store, const struct compare_options *options,
	struct comparison *comparison, struct problem *problem)
{
	const char **sides = calloc(options->sides_count + 1, sizeof(*sides));
	struct compare_options with = *options;
	bool is_good;

	if (!sides)
		return no_memory(problem, "the comparison");
	for (size_t i = 0; i < options->sides_count; i++)
		sides[i] = options->sides[i];
	sides[with.sides_count++] = options->floor;
	with.sides = sides;
	is_good = sides_of_session_load(store, &with, comparison, problem);
	free(sides);
	if (is_good)
		comparison->floor = comparison->sides[--comparison->sides_count];
	return is_good;
}

bool session_load(struct store *store, const struct compare_options *options,
	struct comparison *comparison, struct problem *problem)
{
	if (options->floor && !is_side(options, options->floor))
		return load_with_floor(store, options, comparison, problem);
	if (!sides_of_session_load(store, options, comparison, problem))
		return false;
	comparison->floor = options->floor ? strdup(options->floor) : NULL;
	return !options->floor || comparison->floor || no_memory(problem, "the comparison");
}
