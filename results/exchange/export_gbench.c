// SPDX-License-Identifier: GPL-2.0-or-later
// Google Benchmark's JSON: what its compare.py reads. One config, because names repeat between
// configs; the repetitions of all processes follow each other, or those of one round. The context
// is that of the first process.
#include <string.h>

#include "export_internal.h"
#include "results/store/stored_process.h"

struct collection {
	json_t *context;
	json_t *benchmarks;
	json_t *counts; // by name, how many repetitions there are
	const char *wanted; // config; NULL: the only one
	int round; // below 0: all
	char config[256];
};

static json_int_t count_of(const struct collection *collection, const char *name)
{
	return json_integer_value(json_object_get(collection->counts, name));
}

// Aggregates sum up one process; among the repetitions of several they would mislead.
static void collect_sample(struct collection *collection, json_t *benchmark)
{
	const char *name = json_string_value(json_object_get(benchmark, "name"));
	const char *run_type = json_string_value(json_object_get(benchmark, "run_type"));

	if (strcmp(run_type, "iteration") != 0)
		return;
	json_object_set_new(
		benchmark, "repetition_index", json_integer(count_of(collection, name)));
	json_object_set_new(collection->counts, name, json_integer(count_of(collection, name) + 1));
	json_array_append(collection->benchmarks, benchmark);
}

static bool collect_process(
	const struct stored_process *process, void *context, struct problem *problem)
{
	struct collection *collection = context;
	const json_t *benchmarks = json_object_get(process->document, "benchmarks");

	if (collection->round >= 0 && process->place.round != collection->round)
		return true;
	if (!collection->context) {
		collection->context = json_incref(json_object_get(process->document, "context"));
		(void)snprintf(collection->config, sizeof(collection->config), "%s",
			process->place.config);
	}
	if (!collection->wanted && strncmp(collection->config, process->place.config,
					   sizeof(collection->config) - 1) != 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"session %lld measured '%s' and '%s', whose benchmarks have the same "
			"names; "
			"choose one with --config",
			(long long)process->place.session, collection->config,
			process->place.config);
	for (size_t i = 0; i < json_array_size(benchmarks); i++)
		collect_sample(collection, json_array_get(benchmarks, i));
	return true;
}

static bool print_collection(const struct collection *collection,
	const struct export_request *request, struct problem *problem)
{
	json_t *document;
	bool is_written;

	if (!collection->context)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"session %lld measured nothing%s%s%s", (long long)request->session,
			request->config ? " of config " : "",
			request->config ? request->config : "",
			request->round >= 0 ? " in this round" : "");
	for (size_t i = 0; i < json_array_size(collection->benchmarks); i++) {
		json_t *benchmark = json_array_get(collection->benchmarks, i);
		const char *name = json_string_value(json_object_get(benchmark, "name"));

		json_object_set_new(
			benchmark, "repetitions", json_integer(count_of(collection, name)));
	}
	document = json_pack(
		"{s:O, s:O}", "context", collection->context, "benchmarks", collection->benchmarks);
	is_written = document && json_dumpf(document, request->output, JSON_INDENT(2)) == 0;
	json_decref(document);
	fputc('\n', request->output);
	return is_written ||
	       problem_set(problem, EXIT_NOT_MEASURED, "no memory or no room for the JSON");
}

bool export_gbench(
	struct store *store, const struct export_request *request, struct problem *problem)
{
	struct collection collection = {.benchmarks = json_array(),
		.counts = json_object(),
		.wanted = request->config,
		.round = request->round};
	bool is_good = stored_processes_visit(store, request->session, request->config,
			       collect_process, &collection, problem) &&
		       print_collection(&collection, request, problem);

	json_decref(collection.context);
	json_decref(collection.benchmarks);
	json_decref(collection.counts);
	return is_good;
}
