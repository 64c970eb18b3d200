// SPDX-License-Identifier: GPL-2.0-or-later
// OpenMetrics text, for a node exporter's folder of text files: the last session's times as gauges.
#include <string.h>

#include "export_internal.h"
#include "results/compare/compare.h"
#include "results/document/facts.h"

static void print_label(FILE *output, const char *name, const char *value)
{
	fprintf(output, "%s=\"", name);
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			fprintf(output, "\\%c", *value);
		else if (*value == '\n')
			fputs("\\n", output);
		else
			fputc(*value, output);
	}
	fputc('"', output);
}

static const struct store_build *build_of(
	const struct export_session *session, const struct export_series *series)
{
	for (size_t i = 0; i < session->builds.count; i++) {
		if (strcmp(session->builds.items[i].config, series->config) == 0)
			return &session->builds.items[i];
	}
	return &session->builds.items[0];
}

static void print_labels(
	FILE *output, const struct export_session *session, const struct export_series *series)
{
	const struct store_build *build = build_of(session, series);

	fputc('{', output);
	print_label(output, "benchmark", series->name);
	fputc(',', output);
	print_label(output, "config", series->config);
	fputc(',', output);
	print_label(output, "commit", context_fact(build->context, "commit"));
	fputc(',', output);
	print_label(output, "machine", build->machine ? build->machine : "unknown");
	fputc('}', output);
}

bool export_openmetrics(
	struct store *store, const struct export_request *request, struct problem *problem)
{
	FILE *output = request->output;
	struct export_session session;

	if (!export_session_read(store, request, &session, problem))
		return false;
	fputs("# TYPE slabmark_real_time_seconds gauge\n"
	      "# UNIT slabmark_real_time_seconds seconds\n"
	      "# HELP slabmark_real_time_seconds Time of an operation, geometric mean over "
	      "processes.\n",
		output);
	for (size_t i = 0; i < session.series_count; i++) {
		fputs("slabmark_real_time_seconds", output);
		print_labels(output, &session, &session.series[i]);
		fprintf(output, " %.17g\n", session.series[i].ns / 1e9);
	}
	fputs("# TYPE slabmark_processes gauge\n"
	      "# HELP slabmark_processes Processes that the time rests on.\n",
		output);
	for (size_t i = 0; i < session.series_count; i++) {
		fputs("slabmark_processes", output);
		print_labels(output, &session, &session.series[i]);
		fprintf(output, " %zu\n", session.series[i].processes);
	}
	fprintf(output,
		"# TYPE slabmark_session_start_seconds gauge\n"
		"# UNIT slabmark_session_start_seconds seconds\n"
		"# HELP slabmark_session_start_seconds When the session began.\n"
		"slabmark_session_start_seconds{session=\"%lld\"} %.3f\n# EOF\n",
		(long long)session.id, (double)session.facts.started_unix_ns / 1e9);
	export_session_free(&session);
	return true;
}
