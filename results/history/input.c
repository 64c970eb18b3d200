// SPDX-License-Identifier: GPL-2.0-or-later
// Reads plain data: tells JSON from CSV by the first character, and walks the JSON. Entry:
// history_input().
#include "input.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/memory.h"

enum { PLACE_SIZE = 128 };

// What is read, and where the reader stands in it, for errors.
struct reader {
	const char *source;
	struct history *history;
	struct problem *problem;
};

static bool input_no_memory(const struct reader *reader)
{
	no_memory(reader->problem, "it");
	return problem_locate(reader->problem, reader->source);
}

static const char *kind_of(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a text";
	case JSON_TRUE:
	case JSON_FALSE:
		return "a truth value";
	default:
		return json_is_number(value) ? "a number" : "null";
	}
}

static bool source_set(const struct reader *reader, struct history_series *series)
{
	series->source = strdup(reader->source);
	return series->source || input_no_memory(reader);
}

// `place` is what the array is called in the document: "raw" of series 3.
static bool values_read(
	const struct reader *reader, const json_t *array, const char *name, const char *place)
{
	struct history_series *series = history_add(reader->history, name);
	const json_t *value;
	size_t i;

	if (!series)
		return input_no_memory(reader);
	if (!source_set(reader, series))
		return false;
	json_array_foreach(array, i, value)
	{
		if (!json_is_number(value) && !json_is_null(value))
			return problem_set(reader->problem, EXIT_WRONG_USE,
				"%s: %s[%zu] is %s; a number is expected, or null where one is "
				"missing",
				reader->source, place, i, kind_of(value));
		if (!history_append(series, json_is_null(value) ? NAN : json_number_value(value),
			    reader->problem))
			return false;
	}
	return true;
}

// ---- {"name": …, "series": […]} of numbers, of arrays or of {"raw": […]}

static bool member_read(
	const struct reader *reader, const json_t *member, const char *name, size_t i)
{
	const json_t *raw = json_is_object(member) ? json_object_get(member, "raw") : member;
	char place[PLACE_SIZE];

	(void)snprintf(place, sizeof(place), "\"series\"[%zu]%s", i,
		json_is_object(member) ? ".\"raw\"" : "");
	if (!json_is_array(raw))
		return problem_set(reader->problem, EXIT_WRONG_USE,
			"%s: %s is %s; an array of numbers is expected", reader->source, place,
			raw ? kind_of(raw) : "missing");
	return values_read(reader, raw, name, place);
}

// One series bears the document's name; of several, each adds its label or its number.
static bool document_member_read(
	const struct reader *reader, const json_t *members, size_t i, const char *document)
{
	const json_t *member = json_array_get(members, i);
	const char *label = json_string_value(json_object_get(member, "label"));
	char *name = NULL;
	bool is_good;

	if (json_array_size(members) == 1)
		return member_read(reader, member, document, i);
	if ((label ? asprintf(&name, "%s/%s", document, label)
		   : asprintf(&name, "%s/%zu", document, i)) < 0)
		return input_no_memory(reader);
	is_good = member_read(reader, member, name, i);
	free(name);
	return is_good;
}

static bool document_read(const struct reader *reader, const json_t *document)
{
	const json_t *members = json_object_get(document, "series");
	const json_t *name = json_object_get(document, "name");

	if (!json_is_array(members) || json_array_size(members) == 0)
		return problem_set(reader->problem, EXIT_WRONG_USE,
			"%s: \"series\" is %s; an array of numbers, or of objects with \"raw\", is "
			"expected",
			reader->source,
			!members                 ? "missing"
			: json_is_array(members) ? "empty"
						 : kind_of(members));
	if (name && !json_is_string(name))
		return problem_set(reader->problem, EXIT_WRONG_USE,
			"%s: \"name\" is %s; a text is expected", reader->source, kind_of(name));
	if (json_is_number(json_array_get(members, 0)) || json_is_null(json_array_get(members, 0)))
		return values_read(reader, members, name ? json_string_value(name) : reader->source,
			"\"series\"");
	for (size_t i = 0; i < json_array_size(members); i++) {
		if (!document_member_read(
			    reader, members, i, name ? json_string_value(name) : reader->source))
			return false;
	}
	return true;
}

// ---- […] and [[…], […]]

static bool arrays_read(const struct reader *reader, const json_t *arrays)
{
	const json_t *array;
	size_t i;

	json_array_foreach(arrays, i, array)
	{
		char place[PLACE_SIZE];
		char *name = NULL;
		bool is_good;

		(void)snprintf(place, sizeof(place), "[%zu]", i);
		if (!json_is_array(array))
			return problem_set(reader->problem, EXIT_WRONG_USE,
				"%s: %s is %s; an array is expected, as the first one is",
				reader->source, place, kind_of(array));
		if (asprintf(&name, "%s%s", reader->source, place) < 0)
			return input_no_memory(reader);
		is_good = values_read(reader, array, name, place);
		free(name);
		if (!is_good)
			return false;
	}
	return true;
}

static bool json_read(const struct reader *reader, const char *text, size_t size)
{
	json_error_t error;
	json_t *document =
		json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error);
	bool is_good;

	if (!document)
		return problem_set(reader->problem, EXIT_WRONG_USE,
			"%s, line %d, column %d: not JSON: %s (a missing value is null)",
			reader->source, error.line, error.column, error.text);
	if (json_is_object(document))
		is_good = document_read(reader, document);
	else if (json_is_array(json_array_get(document, 0)))
		is_good = arrays_read(reader, document);
	else
		is_good = values_read(reader, document, reader->source, "");
	json_decref(document);
	return is_good;
}

// ---- either

static char *first_character(char *text, size_t size)
{
	while (size > 0 && *text && strchr(" \t\r\n", *text)) {
		text++;
		size--;
	}
	return text;
}

static bool has_values(
	const struct history *history, size_t first, const char *source, struct problem *problem)
{
	for (size_t i = first; i < history->count; i++) {
		if (history->items[i].count == 0)
			return problem_set(problem, EXIT_WRONG_USE, "%s: '%s' has no values",
				source, history->items[i].name);
	}
	return true;
}

static bool is_for_csv(const struct history_input_options *options)
{
	return options->columns_count > 0 || options->filters_count > 0 || options->time ||
	       options->commit;
}

bool history_input(char *text, size_t size, const char *source,
	const struct history_input_options *options, struct history *history,
	struct problem *problem)
{
	const struct reader reader = {.source = source, .history = history, .problem = problem};
	size_t first_new = history->count;
	char *first;
	bool is_good;

	first = first_character(text, size);
	if (*first != '[' && *first != '{')
		is_good = history_csv(text, size, source, options, history, problem);
	else if (is_for_csv(options))
		is_good = problem_set(problem, EXIT_WRONG_USE,
			"%s: is JSON and has no columns; --column, --time, --commit and --filter "
			"are for CSV",
			source);
	else
		is_good = json_read(&reader, text, size);
	return is_good && has_values(history, first_new, source, problem);
}
