// SPDX-License-Identifier: GPL-2.0-or-later
// Puts points into the grids that asv wants. Entry: asv_files(). A benchmark's grid is the product
// of all values of each of its parameters, in all files, the last parameter varying fastest; where
// nothing was measured stands null.
#include "asv_files.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// benchmarks.json, as asv counts it; and each benchmark, whose results of another version asv would
// leave out.
enum { BENCHMARKS_VERSION = 2 };
static const char BENCHMARK_VERSION[] = "1";

// Every file repeats the whole grid. One that is larger is nearly empty: its series become
// benchmarks of their own.
enum { CELLS_MAX = 20000 };

// What Python calls nothing: a parameter that a series does not have.
static const char NONE[] = "None";

// Of the results, in asv's order.
static const char *const COLUMNS[] = {"result", "params", "version", "started_at", "duration",
	"stats_ci_99_a", "stats_ci_99_b", "stats_q_25", "stats_q_75", "stats_number",
	"stats_repeat", "samples", "profile"};
enum { COLUMNS_COUNT = sizeof(COLUMNS) / sizeof(COLUMNS[0]) };

// ---- grids

static const char *benchmark_of(const json_t *point)
{
	return json_string_value(json_object_get(json_object_get(point, "name"), "benchmark"));
}

static json_t *parameters_of(const json_t *point)
{
	return json_object_get(json_object_get(point, "name"), "parameters");
}

static void grid_take(json_t *grids, const json_t *point)
{
	json_t *grid = json_object_get(grids, benchmark_of(point));
	const char *key;
	json_t *value;

	if (!grid) {
		grid = json_object();
		json_object_set_new(grids, benchmark_of(point), grid);
	}
	json_object_foreach(parameters_of(point), key, value)
	{
		if (!json_object_get(grid, key))
			json_object_set_new(grid, key, json_object());
		json_object_set_new(
			json_object_get(grid, key), json_string_value(value), json_true());
	}
}

// After all keys are known: a point that lacks one has NONE there.
static void grid_take_lacking(json_t *grids, const json_t *point)
{
	const char *key;
	json_t *values;

	json_object_foreach(json_object_get(grids, benchmark_of(point)), key, values)
	{
		if (!json_object_get(parameters_of(point), key))
			json_object_set_new(values, NONE, json_true());
	}
}

static int value_order(const void *left, const void *right)
{
	const char *one = *(const char *const *)left;
	const char *two = *(const char *const *)right;
	char *end_one, *end_two;
	double number_one = strtod(one, &end_one);
	double number_two = strtod(two, &end_two);

	if (end_one != one && end_two != two && number_one != number_two)
		return number_one < number_two ? -1 : 1;
	if ((end_one != one) != (end_two != two)) // numbers before texts
		return end_one != one ? -1 : 1;
	return strcmp(one, two);
}

static json_t *values_sorted(const json_t *values)
{
	const char **texts = calloc(json_object_size(values) + 1, sizeof(*texts));
	json_t *list = json_array();
	size_t count = 0;
	const char *text;
	json_t *ignored;

	if (!texts) {
		json_decref(list);
		return NULL;
	}
	json_object_foreach((json_t *)values, text, ignored) texts[count++] = text;
	qsort(texts, count, sizeof(*texts), value_order);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_string(texts[i]));
	free(texts);
	return list;
}

static size_t cells_of(const json_t *params)
{
	size_t cells = 1;

	for (size_t i = 0; i < json_array_size(params) && cells <= CELLS_MAX; i++)
		cells *= json_array_size(json_array_get(params, i));
	return cells;
}

static json_t *benchmark_new(const char *name)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:f, s:[], s:[]}", "name", name, "code", "",
		"type", "time", "unit", "seconds", "version", BENCHMARK_VERSION, "timeout", 60.0,
		"param_names", "params");
}

// A benchmark of benchmarks.json. Without parameters where its grid is too large.
static json_t *benchmark_of_grid(const char *name, const json_t *grid)
{
	json_t *benchmark = benchmark_new(name);
	json_t *params = json_object_get(benchmark, "params");
	const char *key;
	json_t *values;

	json_object_foreach((json_t *)grid, key, values)
	{
		json_array_append_new(json_object_get(benchmark, "param_names"), json_string(key));
		json_array_append_new(params, values_sorted(values));
	}
	if (cells_of(params) <= CELLS_MAX)
		return benchmark;
	json_decref(benchmark);
	return NULL;
}

// ---- results

static size_t place_of_value(const json_t *values, const char *text)
{
	size_t place = 0;

	while (strcmp(json_string_value(json_array_get(values, place)), text) != 0)
		place++;
	return place;
}

static size_t cell_of(const json_t *benchmark, const json_t *point)
{
	const json_t *names = json_object_get(benchmark, "param_names");
	const json_t *params = json_object_get(benchmark, "params");
	size_t cell = 0;

	for (size_t i = 0; i < json_array_size(names); i++) {
		const json_t *values = json_array_get(params, i);
		const char *value = json_string_value(json_object_get(
			parameters_of(point), json_string_value(json_array_get(names, i))));

		cell = cell * json_array_size(values) +
		       place_of_value(values, value ? value : NONE);
	}
	return cell;
}

static bool is_list(size_t column)
{
	return column == 0 || strncmp(COLUMNS[column], "stats_", 6) == 0 ||
	       strcmp(COLUMNS[column], "samples") == 0;
}

static json_t *nulls(size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_null());
	return list;
}

// The row of a benchmark without a result yet. A column that stays empty is null, not a list.
static json_t *row_new(const json_t *benchmark)
{
	json_t *row = nulls(COLUMNS_COUNT - 1); // asv drops what is null at the end

	json_array_set(row, 1, json_object_get(benchmark, "params"));
	json_array_set_new(row, 2, json_string(BENCHMARK_VERSION));
	return row;
}

static void row_fill(json_t *row, const json_t *benchmark, const json_t *point)
{
	const json_t *own = json_object_get(point, "row");
	size_t cells = cells_of(json_object_get(benchmark, "params"));
	size_t cell = cell_of(benchmark, point);

	for (size_t column = 0; column < json_array_size(row); column++) {
		json_t *value = json_object_get(own, COLUMNS[column]);

		if (!value)
			continue;
		if (!is_list(column)) {
			json_array_set(row, column, value);
			continue;
		}
		if (json_is_null(json_array_get(row, column)))
			json_array_set_new(row, column, nulls(cells));
		json_array_set(json_array_get(row, column), cell, value);
	}
}

// A series as a benchmark of its own, where the grid is too large; else that of the grid.
static const json_t *benchmark_find(json_t *benchmarks, const char *series, const json_t *point)
{
	const json_t *benchmark = json_object_get(benchmarks, benchmark_of(point));
	char *name;

	if (benchmark)
		return benchmark;
	name = strdup(series);
	for (char *c = name; c && *c; c++)
		*c = (char)(*c == '/' ? '.' : *c);
	if (name && !json_object_get(benchmarks, name))
		json_object_set_new(benchmarks, name, benchmark_new(name));
	benchmark = name ? json_object_get(benchmarks, name) : NULL;
	free(name);
	return benchmark;
}

static bool result_add(json_t *results, json_t *benchmarks, const char *series, const json_t *point)
{
	const json_t *benchmark = benchmark_find(benchmarks, series, point);
	const char *name = json_string_value(json_object_get(benchmark, "name"));

	if (!name)
		return false;
	if (!json_object_get(results, name))
		json_object_set_new(results, name, row_new(benchmark));
	row_fill(json_object_get(results, name), benchmark, point);
	return true;
}

static json_t *columns(void)
{
	json_t *list = json_array();

	for (size_t i = 0; i < COLUMNS_COUNT; i++)
		json_array_append_new(list, json_string(COLUMNS[i]));
	return list;
}

static json_t *results_file(const json_t *made, json_t *benchmarks)
{
	json_t *file = json_copy(json_object_get(made, "head"));
	json_t *results = json_object();
	const char *series;
	json_t *point;

	json_object_set_new(file, "result_columns", columns());
	json_object_set_new(file, "results", results);
	json_object_foreach(json_object_get(made, "points"), series, point)
	{
		if (result_add(results, benchmarks, series, point))
			continue;
		json_decref(file);
		return NULL;
	}
	return file;
}

// ---- all

static void points_visit(
	const json_t *results, json_t *grids, void (*visit)(json_t *grids, const json_t *point))
{
	const char *key;
	json_t *file;
	json_t *point;

	json_object_foreach((json_t *)results, key, file)
	{
		const char *series;

		json_object_foreach(json_object_get(file, "points"), series, point)
			visit(grids, point);
	}
}

static json_t *benchmarks_of(const json_t *results)
{
	json_t *benchmarks = json_object();
	json_t *grids = json_object();
	const char *name;
	json_t *grid;

	points_visit(results, grids, grid_take);
	points_visit(results, grids, grid_take_lacking);
	json_object_foreach(grids, name, grid)
	{
		json_t *benchmark = benchmark_of_grid(name, grid);

		if (benchmark)
			json_object_set_new(benchmarks, name, benchmark);
	}
	json_decref(grids);
	return benchmarks;
}

static bool machines_add(json_t *files, const json_t *machines)
{
	const char *name;
	json_t *machine;

	json_object_foreach((json_t *)machines, name, machine)
	{
		char *path = NULL;
		int status;

		if (asprintf(&path, "%s/machine.json", name) < 0)
			return false;
		status = json_object_set(files, path, machine);
		free(path);
		if (status != 0)
			return false;
	}
	return true;
}

// Versions of asv publish keep but one result of a date, and the configs of a commit have its date
// in common: each gets a millisecond of its own. Nothing else that asv does with a date would
// notice.
static void date_set_apart(json_t *file, json_t *dates)
{
	json_int_t date = json_integer_value(json_object_get(file, "date"));
	char text[32];

	(void)snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, date);
	while (json_object_get(dates, text))
		(void)snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, ++date);
	json_object_set_new(dates, text, json_true());
	json_object_set_new(file, "date", json_integer(date));
}

static bool results_add(json_t *files, const json_t *results, json_t *benchmarks, json_t *dates)
{
	const char *path;
	json_t *made;

	json_object_foreach((json_t *)results, path, made)
	{
		json_t *file = results_file(made, benchmarks);

		if (file)
			date_set_apart(file, dates);
		if (json_object_set_new(files, path, file) != 0)
			return false;
	}
	return true;
}

json_t *asv_files(const json_t *machines, const json_t *results)
{
	json_t *benchmarks = benchmarks_of(results);
	json_t *files = json_object();
	json_t *dates = json_object();
	bool is_good = results_add(files, results, benchmarks, dates);

	json_object_set_new(benchmarks, "version", json_integer(BENCHMARKS_VERSION));
	json_object_set_new(files, "benchmarks.json", benchmarks);
	json_decref(dates);
	if (is_good && machines_add(files, machines))
		return files;
	json_decref(files);
	return NULL;
}
