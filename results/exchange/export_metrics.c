// SPDX-License-Identifier: GPL-2.0-or-later
// Formats of services that watch one number a benchmark, all JSON: github-action-benchmark's
// "customSmallerIsBetter", Bencher's metric format, and LNT's report, version 2, which takes all
// processes' figures.
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "export_internal.h"
#include "results/compare/compare.h"
#include "results/document/facts.h"
#include "results/text/figure.h"

static bool print_json(json_t *json, FILE *output, struct problem *problem)
{
	bool is_written = json && json_dumpf(json, output, JSON_INDENT(2)) == 0;

	json_decref(json);
	fputc('\n', output);
	return is_written ||
	       problem_set(problem, EXIT_NOT_MEASURED,
		       "no memory left for the JSON, no room for it, or a name in the store is not "
		       "UTF-8");
}

// Makes the document of a session with `make` and prints it.
static bool export_json(struct store *store, const struct export_request *request,
	json_t *(*make)(const struct export_session *session), struct problem *problem)
{
	struct export_session session;
	bool is_good;

	if (!export_session_read(store, request, &session, problem))
		return false;
	is_good = print_json(make(&session), request->output, problem);
	export_session_free(&session);
	return is_good;
}

static json_t *github_action(const struct export_session *session)
{
	json_t *list = json_array();

	for (size_t i = 0; i < session->series_count; i++) {
		const struct export_series *series = &session->series[i];
		char *title = export_series_title(series);
		json_t *entry = json_pack("{s:s, s:s, s:f}", "name", title ? title : "", "unit",
			"ns/op", "value", series->ns);

		if (isfinite(series->ns_low))
			json_object_set_new(entry, "range",
				json_sprintf("%.4g to %.4g", series->ns_low, series->ns_high));
		json_object_set_new(entry, "extra",
			json_sprintf("%zu %s, session %lld", series->processes,
				plural(series->processes, "process", "processes"),
				(long long)session->id));
		json_array_append_new(list, entry);
		free(title);
	}
	return list;
}

bool export_github_action(
	struct store *store, const struct export_request *request, struct problem *problem)
{
	return export_json(store, request, github_action, problem);
}

static json_t *bmf(const struct export_session *session)
{
	json_t *benchmarks = json_object();

	for (size_t i = 0; i < session->series_count; i++) {
		const struct export_series *series = &session->series[i];
		char *title = export_series_title(series);
		json_t *latency = json_pack("{s:f}", "value", series->ns);

		if (isfinite(series->ns_low)) {
			json_object_set_new(latency, "lower_value", json_real(series->ns_low));
			json_object_set_new(latency, "upper_value", json_real(series->ns_high));
		}
		json_object_set_new(
			benchmarks, title ? title : "", json_pack("{s:o}", "latency", latency));
		free(title);
	}
	return benchmarks;
}

bool export_bmf(struct store *store, const struct export_request *request, struct problem *problem)
{
	return export_json(store, request, bmf, problem);
}

// ---- LNT

static json_t *lnt_time(int64_t unix_ns)
{
	time_t seconds = (time_t)(unix_ns / 1000000000);
	char text[32] = "";
	struct tm parts;

	if (gmtime_r(&seconds, &parts))
		(void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
	return json_string(text);
}

// LNT's test suite "nts" has execution_time in seconds, of which smaller is better.
static json_t *lnt_tests(const struct export_session *session)
{
	json_t *tests = json_array();

	for (size_t i = 0; i < session->series_count; i++) {
		const struct export_series *series = &session->series[i];
		char *title = export_series_title(series);
		json_t *seconds = json_array();

		for (size_t k = 0; k < series->processes; k++)
			json_array_append_new(seconds, json_real(series->process_ns[k] / 1e9));
		json_array_append_new(tests, json_pack("{s:s, s:o}", "name", title ? title : "",
						     "execution_time", seconds));
		free(title);
	}
	return tests;
}

static json_t *lnt(const struct export_session *session)
{
	const struct store_build *build = &session->builds.items[0];
	json_t *machine =
		json_pack("{s:s, s:s, s:s}", "name", build->machine ? build->machine : "unknown",
			"cpu", context_fact(build->context, "cpu_model"), "os",
			context_fact(build->context, "kernel"));
	json_t *run = json_pack("{s:o, s:o, s:s, s:s, s:s}", "start_time",
		lnt_time(session->facts.started_unix_ns), "end_time",
		lnt_time(session->facts.started_unix_ns), "llvm_project_revision",
		context_fact(build->context, "commit"), "compiler",
		context_fact(build->context, "compiler"), "compiler_flags",
		context_fact(build->context, "compiler_flags"));

	return json_pack("{s:s, s:o, s:o, s:o}", "format_version", "2", "machine", machine, "run",
		run, "tests", lnt_tests(session));
}

bool export_lnt(struct store *store, const struct export_request *request, struct problem *problem)
{
	return export_json(store, request, lnt, problem);
}
