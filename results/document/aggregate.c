// SPDX-License-Identifier: GPL-2.0-or-later
// Finds aggregates by their names. Entry: aggregates_mark(). A name that ends in _mean is one where
// another row has the same name and ends in _median, and so on.
#include "aggregate.h"

#include <stdlib.h>
#include <string.h>

static const char *const AGGREGATES[] = {
	"mean", "median", "stddev", "cv", "min", "max", "BigO", "RMS"};
enum { AGGREGATES_COUNT = sizeof(AGGREGATES) / sizeof(AGGREGATES[0]) };

// Which aggregate a name would be, and how long the rest of it is.
static size_t aggregate_of(const char *name, size_t *length)
{
	const char *end = name ? strrchr(name, '_') : NULL;
	size_t i = 0;

	while (end && i < AGGREGATES_COUNT && strcmp(end + 1, AGGREGATES[i]) != 0)
		i++;
	*length = end ? (size_t)(end - name) : 0;
	return end ? i : AGGREGATES_COUNT;
}

static const char *name_of(const json_t *row)
{
	return json_string_value(json_object_get(row, "name"));
}

// {"BM/8": 4}: how many rows would be aggregates of it.
static json_t *families_of(const json_t *rows)
{
	json_t *families = json_object();
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		size_t length;
		char *family;

		if (json_object_get(row, "run_type") ||
			aggregate_of(name_of(row), &length) == AGGREGATES_COUNT)
			continue;
		family = strndup(name_of(row), length);
		json_object_set_new(families, family,
			json_integer(1 + json_integer_value(json_object_get(families, family))));
		free(family);
	}
	return families;
}

static void aggregate_mark(json_t *row, const json_t *families)
{
	size_t length;
	size_t which = aggregate_of(name_of(row), &length);
	char *family;

	if (which == AGGREGATES_COUNT || json_object_get(row, "run_type"))
		return;
	family = strndup(name_of(row), length);
	if (family && json_integer_value(json_object_get(families, family)) > 1) {
		json_object_set_new(row, "run_type", json_string("aggregate"));
		json_object_set_new(row, "run_name", json_string(family));
		json_object_set_new(row, "aggregate_name", json_string(AGGREGATES[which]));
		if (strcmp(AGGREGATES[which], "cv") == 0 || strcmp(AGGREGATES[which], "RMS") == 0)
			json_object_set_new(row, "aggregate_unit", json_string("percentage"));
	}
	free(family);
}

void aggregates_mark(json_t *rows)
{
	json_t *families = families_of(rows);
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) aggregate_mark(row, families);
	json_decref(families);
}
