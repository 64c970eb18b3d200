// SPDX-License-Identifier: GPL-2.0-or-later
// pyperf's JSON (format 1.0). Entry: pyperf_read(). Each run with values is a worker process; the
// n-th of each benchmark make the n-th document. Runs that only warm up or calibrate have none.
#include "formats_internal.h"

#include <stdlib.h>
#include <string.h>

bool pyperf_is(const json_t *json)
{
	const json_t *benchmark = json_array_get(json_object_get(json, "benchmarks"), 0);

	return json_is_string(json_object_get(json, "version")) &&
	       json_is_array(json_object_get(benchmark, "runs"));
}

// Metadata of a run, else of its benchmark, else of the file.
static const json_t *metadata(
	const json_t *json, const json_t *benchmark, const json_t *run, const char *name)
{
	const json_t *const holders[] = {run, benchmark, json};

	for (size_t i = 0; i < sizeof(holders) / sizeof(holders[0]); i++) {
		const json_t *value =
			json_object_get(json_object_get(holders[i], "metadata"), name);

		if (value)
			return value;
	}
	return NULL;
}

// The n-th run of the benchmark that has values; NULL: there are fewer.
static const json_t *run_find(const json_t *benchmark, size_t number)
{
	const json_t *run;
	size_t i;

	json_array_foreach(json_object_get(benchmark, "runs"), i, run)
	{
		if (json_array_size(json_object_get(run, "values")) > 0 && number-- == 0)
			return run;
	}
	return NULL;
}

static void values_add(json_t *rows, const char *name, const char *unit, const json_t *values)
{
	const json_t *value;
	size_t i;

	json_array_foreach(values, i, value)
	{
		if (unit && strcmp(unit, "second") != 0)
			json_array_append_new(
				rows, format_row_failed(name, "its unit is not the second"));
		else if (json_is_number(value))
			json_array_append_new(rows, format_row(name, i, json_number_value(value)));
		else
			json_array_append_new(
				rows, format_row_failed(name, "a value is no number"));
	}
}

// The first run that has it names the date and the host.
static void context_take(
	json_t *context, const json_t *json, const json_t *benchmark, const json_t *run)
{
	static const char *const FACTS[][2] = {{"date", "date"}, {"hostname", "host_name"},
		{"cpu_count", "num_cpus"}, {"cpu_model_name", "cpu_model"}, {"platform", "kernel"},
		{"python_version", "python_version"}};

	for (size_t i = 0; i < sizeof(FACTS) / sizeof(FACTS[0]); i++) {
		const json_t *value = metadata(json, benchmark, run, FACTS[i][0]);
		bool is_right = json_is_string(value) ||
				(json_is_integer(value) && strcmp(FACTS[i][1], "num_cpus") == 0);

		if (is_right && !json_object_get(context, FACTS[i][1]))
			json_object_set(context, FACTS[i][1], (json_t *)value);
	}
}

// NULL: no benchmark has so many runs.
static json_t *document_of(const json_t *json, size_t number)
{
	json_t *context = json_pack("{s:s}", "executable", "pyperf");
	json_t *rows = json_array();
	const json_t *benchmark;
	size_t i;

	json_array_foreach(json_object_get(json, "benchmarks"), i, benchmark)
	{
		const json_t *run = run_find(benchmark, number);
		const char *name = json_string_value(metadata(json, benchmark, run, "name"));
		const char *unit = json_string_value(metadata(json, benchmark, run, "unit"));

		if (!run)
			continue;
		context_take(context, json, benchmark, run);
		values_add(rows, name && *name ? name : "benchmark", unit,
			json_object_get(run, "values"));
	}
	if (json_array_size(rows) > 0)
		return json_pack("{s:o, s:o}", "context", context, "benchmarks", rows);
	json_decref(context);
	json_decref(rows);
	return NULL;
}

json_t *pyperf_read(const json_t *json, struct problem *problem)
{
	json_t *documents = json_array();
	json_t *document;

	while ((document = document_of(json, json_array_size(documents))))
		json_array_append_new(documents, document);
	if (json_array_size(documents) > 0)
		return documents;
	json_decref(documents);
	(void)problem_set(problem, EXIT_WRONG_USE,
		"pyperf's, but no run of it has values; expected runs that are more than warm-up");
	return NULL;
}
