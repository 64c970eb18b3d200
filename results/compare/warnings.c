// SPDX-License-Identifier: GPL-2.0-or-later
// Warnings of a comparison: how one is added, and those of builds and sessions that are not alike or
// not whole. Entries: comparison_warn(), builds_warn(), session_warn(). Reasons to doubt the samples
// themselves are doubt.c's.
#include "warnings.h"

#include <stdarg.h>
#include <string.h>

#include "internal.h"
#include "results/document/facts.h"
#include "results/text/side.h"

static bool has_warning(const json_t *warnings, const char *warning)
{
	for (size_t i = 0; warning && i < json_array_size(warnings); i++) {
		if (strcmp(json_string_value(json_array_get(warnings, i)), warning) == 0)
			return true;
	}
	return false;
}

void comparison_warn(json_t *warnings, const char *format, ...)
{
	va_list arguments;

	json_t *warning;

	va_start(arguments, format);
	warning = json_vsprintf(format, arguments);
	va_end(arguments);
	if (has_warning(warnings, json_string_value(warning)))
		json_decref(warning);
	else
		json_array_append_new(warnings, warning);
}

// ---- of several rows

size_t row_warning_count(const struct comparison *comparison, const char *side, const char *warning)
{
	size_t count = 0;

	for (size_t i = 0; i < comparison->rows_count; i++) {
		const struct compare_row *row = &comparison->rows[i];

		count += strcmp(row->other, side) == 0 && has_warning(row->warnings, warning);
	}
	return count;
}

json_t *row_warnings_repeated(const struct comparison *comparison, const char *side)
{
	json_t *repeated = json_object();

	for (size_t i = 0; i < comparison->rows_count; i++) {
		const struct compare_row *row = &comparison->rows[i];

		for (size_t k = 0; k < json_array_size(row->warnings); k++) {
			const char *warning = json_string_value(json_array_get(row->warnings, k));
			size_t count = row_warning_count(comparison, side, warning);

			if (strcmp(row->other, side) == 0 && count > 1)
				json_object_set_new(
					repeated, warning, json_integer((json_int_t)count));
		}
	}
	return repeated;
}

// ---- builds and sessions

static bool differs(const struct store_build *one, const struct store_build *two, const char *fact)
{
	return strcmp(context_fact(one->context, fact), context_fact(two->context, fact)) != 0;
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
				context_fact(first->context, fact), first->config,
				context_fact(build->context, fact), build->config);
	}
}

static void warn_of_debug_builds(struct comparison *comparison)
{
	size_t found = 0;

	for (size_t i = 0; i < comparison->builds.count; i++)
		found += strcmp(context_fact(comparison->builds.items[i].context, "build_type"),
				 "Debug") == 0;
	if (found)
		comparison_warn(comparison->warnings,
			"%zu of %zu configs are Debug builds: their times say little about "
			"optimised ones",
			found, comparison->builds.count);
}

// Sides that say which commit or folder they come from are of other commits on purpose.
static bool is_compared_build(const struct comparison *comparison, const char *fact)
{
	bool has_build = false;

	for (size_t i = 0; i < comparison->sides_count; i++)
		has_build |= side_kind(comparison->sides[i]) != '\0';
	return has_build && strcmp(fact, "commit") == 0;
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
		if (fact_is(&facts[i], FACT_SIDES) && !is_compared_by(columns, facts[i].name) &&
			!is_compared_build(comparison, facts[i].name))
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
