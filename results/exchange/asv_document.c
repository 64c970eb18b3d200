// SPDX-License-Identifier: GPL-2.0-or-later
// Takes the grids of asv apart. Entry: asv_document(). The reverse of asv_files.c. A grid's cells
// stand in the order of the product of its parameters' values, the last one varying fastest.
#include "asv_document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "formats_internal.h"

enum { DATE_SIZE = 32, CELLS_MAX = 1 << 20 };

bool asv_is_results(const json_t *json)
{
	return json_is_string(json_object_get(json, "commit_hash")) &&
	       json_is_object(json_object_get(json, "results"));
}

// ---- a benchmark

struct benchmark {
	const char *name;
	const json_t *entry; // of benchmarks.json; NULL: none
	const json_t *result; // a number, or an array of the cells
	const json_t *params; // an array of values for each parameter
	const json_t *samples; // an array of numbers for each cell
};

static size_t column_find(const json_t *columns, const char *name)
{
	size_t i = 0;

	while (i < json_array_size(columns) &&
		!(json_string_value(json_array_get(columns, i)) &&
			strcmp(json_string_value(json_array_get(columns, i)), name) == 0))
		i++;
	return i;
}

// A member of a benchmark's results: of version 2 by the columns, of version 1 by its name.
static const json_t *member_of(const json_t *row, const json_t *columns, const char *name)
{
	if (json_is_array(row))
		return json_array_get(row, column_find(columns, name));
	if (json_is_object(row))
		return json_object_get(row, name);
	return strcmp(name, "result") == 0 ? row : NULL;
}

static bool is_time(const struct benchmark *benchmark)
{
	const char *unit = json_string_value(json_object_get(benchmark->entry, "unit"));

	return !unit || strcmp(unit, "seconds") == 0;
}

// 'a text' as Python prints it is the text.
static void value_print(FILE *output, const json_t *json)
{
	const char *value = json_is_string(json) ? json_string_value(json) : "";
	size_t length = strlen(value);
	bool is_quoted =
		length >= 2 && (*value == '\'' || *value == '"') && value[length - 1] == *value;

	fprintf(output, "%.*s", (int)(is_quoted ? length - 2 : length), value + is_quoted);
}

// The name of the cell. The caller's; NULL: no memory.
static char *cell_name(const struct benchmark *benchmark, size_t cell)
{
	const json_t *keys = json_object_get(benchmark->entry, "param_names");
	size_t count = json_array_size(benchmark->params);
	size_t cells = 1;
	char *name = NULL;
	size_t size;
	FILE *output = open_memstream(&name, &size);

	if (!output)
		return NULL;
	for (size_t i = 0; i < count; i++)
		cells *= json_array_size(json_array_get(benchmark->params, i));
	fputs(benchmark->name, output);
	for (size_t i = 0; i < count; i++) {
		const json_t *values = json_array_get(benchmark->params, i);
		const char *key = json_string_value(json_array_get(keys, i));

		cells /= json_array_size(values);
		if (key)
			fprintf(output, "/%s:", key);
		else
			fprintf(output, "/p%zu:", i + 1);
		value_print(output, json_array_get(values, cell / cells % json_array_size(values)));
	}
	return fclose(output) == 0 ? name : NULL;
}

static void cell_add(json_t *rows, const char *name, const json_t *result, const json_t *samples)
{
	const json_t *sample;
	size_t i;

	if (!json_is_number(result))
		return;
	json_array_foreach(samples, i, sample)
	{
		if (json_is_number(sample))
			json_array_append_new(rows, format_row(name, i, json_number_value(sample)));
	}
	if (json_array_size(samples) == 0)
		json_array_append_new(rows, format_row(name, 0, json_number_value(result)));
}

// How many cells the parameters make; 0: none, or more than anybody has.
static size_t cells_of(const json_t *params)
{
	size_t cells = 1;

	for (size_t i = 0; i < json_array_size(params); i++) {
		cells *= json_array_size(json_array_get(params, i));
		if (cells > CELLS_MAX)
			return 0;
	}
	return cells;
}

static bool benchmark_add(json_t *rows, const struct benchmark *benchmark)
{
	size_t cells = cells_of(benchmark->params);

	if (json_is_number(benchmark->result)) {
		cell_add(rows, benchmark->name, benchmark->result, NULL);
		return true;
	}
	for (size_t i = 0; i < cells && i < json_array_size(benchmark->result); i++) {
		char *name = cell_name(benchmark, i);

		if (!name)
			return false;
		cell_add(rows, name, json_array_get(benchmark->result, i),
			json_array_get(benchmark->samples, i));
		free(name);
	}
	return true;
}

// ---- the context

static void fact_take(json_t *context, const char *name, const json_t *from, const char *member)
{
	const json_t *value = json_object_get(from, member);

	if (json_is_string(value) && *json_string_value(value) && !json_object_get(context, name))
		json_object_set(context, name, (json_t *)value);
}

static void date_take(json_t *context, const json_t *date)
{
	time_t seconds = (time_t)(json_number_value(date) / 1000);
	char text[DATE_SIZE];
	struct tm parts;

	if (json_is_number(date) && gmtime_r(&seconds, &parts) &&
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts))
		json_object_set_new(context, "date", json_string(text));
}

static void processors_take(json_t *context, const json_t *machine)
{
	const char *text = json_string_value(json_object_get(machine, "num_cpu"));
	long count = text ? strtol(text, NULL, 10)
			  : (long)json_integer_value(json_object_get(machine, "num_cpu"));

	if (count > 0)
		json_object_set_new(context, "num_cpus", json_integer(count));
}

static json_t *context_of(const json_t *results, const struct asv_beside *beside)
{
	const json_t *params = json_object_get(results, "params");
	const json_t *machine = beside->machine ? beside->machine : params;
	json_t *context = json_pack("{s:s}", "executable", "asv");

	date_take(context, json_object_get(results, "date"));
	fact_take(context, "commit", results, "commit_hash");
	fact_take(context, "config", params, "config");
	fact_take(context, "config", results, "env_name");
	fact_take(context, "compiler", params, "compiler");
	fact_take(context, "host_name", machine, "machine");
	fact_take(context, "cpu_model", machine, "cpu");
	fact_take(context, "kernel", machine, "os");
	processors_take(context, machine);
	return context;
}

// ---- the file

json_t *asv_document(const json_t *results, const struct asv_beside *beside, size_t *others)
{
	const json_t *columns = json_object_get(results, "result_columns");
	json_t *rows = json_array();
	const char *name;
	json_t *row;
	bool is_good = true;

	json_object_foreach(json_object_get(results, "results"), name, row)
	{
		const struct benchmark benchmark = {
			.name = name,
			.entry = json_object_get(beside->benchmarks, name),
			.result = member_of(row, columns, "result"),
			.params = member_of(row, columns, "params"),
			.samples = member_of(row, columns, "samples"),
		};

		if (!is_time(&benchmark))
			++*others;
		else
			is_good = is_good && benchmark_add(rows, &benchmark);
	}
	if (is_good)
		return json_pack(
			"{s:o, s:o}", "context", context_of(results, beside), "benchmarks", rows);
	json_decref(rows);
	return NULL;
}
