// SPDX-License-Identifier: GPL-2.0-or-later
// hyperfine's JSON. Entry: hyperfine_read(). Each run of a command is a process of its own,
// so the n-th runs of all commands make the n-th document.
#include "formats_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool hyperfine_is(const json_t *json)
{
	const json_t *results = json_object_get(json, "results");

	return json_is_array(results) && !json_object_get(json, "benchmarks") &&
	       json_object_get(json_array_get(results, 0), "command");
}

static const json_t *times_of(const json_t *result)
{
	return json_object_get(result, "times");
}

static size_t runs_most(const json_t *results)
{
	const json_t *result;
	size_t most = 0;
	size_t i;

	json_array_foreach(results, i, result)
	{
		size_t runs = json_array_size(times_of(result));

		most = runs > most ? runs : most;
	}
	return most;
}

static json_t *run_row(const char *name, const json_t *result, size_t run)
{
	const json_t *code = json_array_get(json_object_get(result, "exit_codes"), run);
	const json_t *time = json_array_get(times_of(result), run);
	char reason[64];

	if (json_is_integer(code) && json_integer_value(code) == 0)
		code = NULL;
	if (code && !json_is_null(code)) {
		(void)snprintf(reason, sizeof(reason), "its exit status was %lld",
			(long long)json_integer_value(code));
		return format_row_failed(name, reason);
	}
	return json_is_number(time) ? format_row(name, 0, json_number_value(time))
				    : format_row_failed(name, "its time is no number");
}

// Without its times a result is an aggregate.
static json_t *sum_row(const char *name, const json_t *result)
{
	static const char *const SUMS[] = {"median", "mean"};

	for (size_t i = 0; i < sizeof(SUMS) / sizeof(SUMS[0]); i++) {
		const json_t *sum = json_object_get(result, SUMS[i]);
		json_t *row =
			json_is_number(sum) ? format_row(name, 0, json_number_value(sum)) : NULL;
		char *full = NULL;

		if (!row || asprintf(&full, "%s_%s", name, SUMS[i]) < 0)
			continue;
		json_object_set_new(row, "name", json_string(full));
		json_object_set_new(row, "run_type", json_string("aggregate"));
		json_object_set_new(row, "aggregate_name", json_string(SUMS[i]));
		free(full);
		return row;
	}
	return format_row_failed(name, "it has neither times nor a median");
}

static json_t *document_of(const json_t *results, size_t run)
{
	json_t *rows = json_array();
	const json_t *result;
	size_t i;

	json_array_foreach(results, i, result)
	{
		const char *name = json_string_value(json_object_get(result, "command"));

		if (!name || !*name)
			json_array_append_new(
				rows, json_null()); // a row that is refused, with its number
		else if (run < json_array_size(times_of(result)))
			json_array_append_new(rows, run_row(name, result, run));
		else if (run == 0)
			json_array_append_new(rows, sum_row(name, result));
	}
	return json_pack(
		"{s:{s:s}, s:o}", "context", "executable", "hyperfine", "benchmarks", rows);
}

json_t *hyperfine_read(const json_t *json, struct problem *problem)
{
	const json_t *results = json_object_get(json, "results");
	size_t runs = runs_most(results);
	json_t *documents = json_array();

	(void)problem;
	for (size_t run = 0; run < (runs ? runs : 1); run++)
		json_array_append_new(documents, document_of(results, run));
	return documents;
}
