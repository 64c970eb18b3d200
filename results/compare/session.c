// SPDX-License-Identifier: GPL-2.0-or-later
// What a comparison is made of: which session, and whether what it measured may be compared at all
// (known configs, one machine), with a warning for whatever differs between the builds. Entry:
// session_load().
#include "session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "looks.h"

#include "internal.h"
#include "results/store/facts.h"
#include "results/text/memory.h"

void comparison_warn(json_t *warnings, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	json_array_append_new(warnings, json_vsprintf(format, arguments));
	va_end(arguments);
}

static bool names_contain(const struct store_names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->items[i], name) == 0)
			return true;
	}
	return false;
}

static bool refuse_unknown(
	const struct store_names *known, const char *unknown, struct problem *problem)
{
	char list[512] = "";
	size_t used = 0;

	for (size_t i = 0; i < known->count && used < sizeof(list); i++)
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
			i > 0 ? ", " : "", known->items[i]);
	return problem_set(problem, EXIT_WRONG_USE, "the store holds no config '%s'; it holds %s",
		unknown, list);
}

bool compare_configs_check(
	struct store *store, const struct compare_options *options, struct problem *problem)
{
	struct store_names known;
	const char *unknown = NULL;

	if (!store_configs(store, &known, problem))
		return false;
	for (size_t i = 0; i < options->sides_count && !unknown; i++) {
		if (!names_contain(&known, options->sides[i]))
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
		if (!names_contain(&measured, options->sides[i]))
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

static bool differs(const struct store_build *one, const struct store_build *two, const char *fact)
{
	return strcmp(build_fact(one, fact), build_fact(two, fact)) != 0;
}

// Once a side, however many builds it has.
static void warn_of_difference(struct comparison *comparison, const char *fact, const char *words)
{
	const struct store_build *first = &comparison->builds.items[0];

	for (size_t i = 1; i < comparison->builds.count; i++) {
		const struct store_build *build = &comparison->builds.items[i];
		const struct store_build *earlier = first + 1;

		while (earlier < build && !(differs(earlier, first, fact) &&
						  strcmp(earlier->config, build->config) == 0))
			earlier++;
		if (earlier == build && differs(build, first, fact))
			comparison_warn(comparison->warnings, "%s: %s of %s, %s of %s", words,
				build_fact(first, fact), first->config, build_fact(build, fact),
				build->config);
	}
}

static void warn_of_debug_builds(struct comparison *comparison)
{
	size_t found = 0;

	for (size_t i = 0; i < comparison->builds.count; i++)
		found += strcmp(build_fact(&comparison->builds.items[i], "build_type"), "Debug") ==
			 0;
	if (found)
		comparison_warn(comparison->warnings,
			"%zu of %zu configs are Debug builds: their times say little about "
			"optimised ones",
			found, comparison->builds.count);
}

static bool is_compared_by(const struct store_names *columns, const char *fact)
{
	for (size_t i = 0; columns && i < columns->count; i++) {
		if (strcmp(columns->items[i], fact) == 0)
			return true;
	}
	return false;
}

void builds_warn(struct comparison *comparison, const struct store_names *columns)
{
	warn_of_debug_builds(comparison);
	for (size_t i = 0; i < facts_count; i++) {
		if (fact_is(&facts[i], FACT_SIDES) && !is_compared_by(columns, facts[i].name))
			warn_of_difference(comparison, facts[i].name, facts[i].differs);
	}
}

void session_warn(json_t *warnings, int64_t session, const char *ended)
{
	if (!ended)
		comparison_warn(warnings,
			"session %lld has not ended: it still runs, or it crashed",
			(long long)session);
	else if (strcmp(ended, "complete") != 0)
		comparison_warn(warnings, "session %lld was %s before its plan was done",
			(long long)session, ended);
}

static bool keep_configs(struct comparison *comparison, const struct compare_options *options,
	struct problem *problem)
{
	comparison->sides_count = 0;
	comparison->sides = calloc(options->sides_count, sizeof(*comparison->sides));
	if (!comparison->sides)
		return no_memory(problem, "the comparison");
	for (size_t i = 0; i < options->sides_count; i++) {
		if (is_compared(comparison, options->sides[i]))
			return problem_set(problem, EXIT_WRONG_USE, "config '%s' is named twice",
				options->sides[i]);
		comparison->sides[i] = strdup(options->sides[i]);
		if (!comparison->sides[i])
			return no_memory(problem, "the comparison");
		comparison->sides_count++;
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

bool session_load(struct store *store, const struct compare_options *options,
	struct comparison *comparison, struct problem *problem)
{
	if (!keep_configs(comparison, options, problem) ||
		!compare_configs_check(store, options, problem) ||
		!choose_session(store, options, comparison, problem) ||
		!store_session_builds(store, comparison->session, &comparison->builds, problem))
		return false;
	builds_select(comparison);
	if (!check_machines(comparison, options, problem))
		return false;
	builds_warn(comparison, NULL);
	session_warn(comparison->warnings, comparison->session, comparison->session_facts.ended);
	if (!samples_read(store, comparison->session, options->counters != NULL, place_of_config,
		    comparison, &comparison->samples, problem) ||
		!load_doubt(store, comparison->session, comparison->warnings, problem) ||
		!memory_doubt(store, &comparison->session, 1, comparison->warnings, problem))
		return false;
	compare_samples_sort(&comparison->samples);
	return sequential_of_session(store, comparison->session,
		compare_samples_rounds(&comparison->samples), &comparison->looks, problem);
}
