// SPDX-License-Identifier: GPL-2.0-or-later
// A session as series with a figure a process: what formats that know single numbers are made of.
// Entry: export_session_read(). Repetitions within a process share its luck, so that each process
// counts once.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "export_internal.h"
#include "results/document/document.h"
#include "results/document/facts.h"
#include "results/statistics/figures.h"
#include "results/statistics/statistics.h"
#include "results/store/internal.h"
#include "results/text/memory.h"

// The interval of the median, by the signed-rank test on the logs; NaN where 95 % cannot be
// reached.
static bool summarise(struct export_series *series)
{
	double *logs = calloc(series->processes, sizeof(*logs));
	struct interval interval;
	bool is_good = logs != NULL;

	for (size_t i = 0; is_good && i < series->processes; i++)
		logs[i] = log(series->process_ns[i]);
	is_good = is_good && hodges_lehmann(logs, series->processes, 0.95, &interval);
	if (is_good) {
		series->ns = exp(mean(logs, series->processes));
		series->ns_low = interval.is_reached ? exp(interval.low) : NAN;
		series->ns_high = interval.is_reached ? exp(interval.high) : NAN;
	}
	free(logs);
	return is_good;
}

// The run of samples that items[first] begins: the same name and config.
static size_t run_length(const struct store_samples *samples, size_t first)
{
	const struct store_sample *start = &samples->items[first];
	size_t end = first + 1;

	while (end < samples->count && strcmp(samples->items[end].name, start->name) == 0 &&
		strcmp(samples->items[end].config, start->config) == 0)
		end++;
	return end - first;
}

// One geometric mean for each process that has a good sample; samples of a process lie side by
// side.
static void series_fill(
	struct export_series *series, const struct store_sample *samples, size_t count)
{
	struct figures processes = {.logs = series->process_ns};

	for (size_t i = 0; i < count; i++) {
		if (!samples[i].failed)
			figures_add(&processes, samples[i].process, samples[i].real_time_ns);
	}
	figures_end(&processes);
	series->processes = processes.count;
	for (size_t i = 0; i < series->processes; i++)
		series->process_ns[i] = exp(series->process_ns[i]);
}

static bool series_add(struct export_session *session, const struct store_sample *samples,
	size_t count, struct problem *problem)
{
	struct export_series *series = &session->series[session->series_count];

	*series = (struct export_series){.name = samples[0].name,
		.config = samples[0].config,
		.process_ns = calloc(count, sizeof(double))};
	if (!series->process_ns)
		return no_memory(problem, "the export");
	session->series_count++;
	series_fill(series, samples, count);
	if (series->processes > 0)
		return summarise(series) || no_memory(problem, "the export");
	free(series->process_ns);
	session->series_count--;
	return true;
}

// A simulator's own times are no figure for anybody.
static bool is_timeless(const struct export_session *session, const char *config)
{
	for (size_t i = 0; i < session->builds.count; i++) {
		const struct store_build *build = &session->builds.items[i];

		if (strcmp(build->config, config) == 0 &&
			document_is_timeless(context_fact(build->context, "simulated")))
			return true;
	}
	return false;
}

static bool series_collect(struct export_session *session, const struct export_request *request,
	struct problem *problem)
{
	const struct store_samples *samples = &session->samples;
	size_t timeless = 0;
	size_t length;

	session->series = calloc(samples->count + 1, sizeof(*session->series));
	if (!session->series)
		return no_memory(problem, "the export");
	for (size_t i = 0; i < samples->count; i += length) {
		length = run_length(samples, i);
		if (request->config && strcmp(samples->items[i].config, request->config) != 0)
			continue;
		if (is_timeless(session, samples->items[i].config)) {
			timeless++;
			continue;
		}
		if (!series_add(session, &samples->items[i], length, problem))
			return false;
	}
	if (session->series_count > 0)
		return true;
	if (timeless > 0)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"session %lld was simulated, and its times are no result; "
			"--format=jsonl and csv have what it counted",
			(long long)session->id);
	return problem_set(problem, EXIT_NOT_MEASURED, "session %lld has no good sample%s%s",
		(long long)session->id, request->config ? " of config " : "",
		request->config ? request->config : "");
}

bool export_session_read(struct store *store, const struct export_request *request,
	struct export_session *session, struct problem *problem)
{
	bool is_found;

	*session = (struct export_session){.id = request->session};
	if (store_session_read(store, session->id, &session->facts, &is_found, problem) &&
		store_session_builds(store, session->id, &session->builds, problem) &&
		store_session_samples(store, session->id, &session->samples, problem) &&
		series_collect(session, request, problem))
		return true;
	export_session_free(session);
	return false;
}

void export_session_free(struct export_session *session)
{
	for (size_t i = 0; i < session->series_count; i++)
		free(session->series[i].process_ns);
	free(session->series);
	store_session_facts_free(&session->facts);
	store_builds_free(&session->builds);
	store_samples_free(&session->samples);
	*session = (struct export_session){0};
}

static bool session_visit(struct store *store, const struct export_request *request, int64_t id,
	bool (*visit)(const struct export_session *session, void *context, struct problem *problem),
	void *context, struct problem *problem)
{
	struct export_request one = *request;
	struct export_session session;
	bool is_good;

	one.session = id;
	if (!export_session_read(store, &one, &session, problem))
		return false;
	is_good = visit(&session, context, problem);
	export_session_free(&session);
	return is_good;
}

bool export_sessions_visit(struct store *store, const struct export_request *request,
	bool (*visit)(const struct export_session *session, void *context, struct problem *problem),
	void *context, struct problem *problem)
{
	struct statement statement;
	bool has_row = true;
	bool is_good = statement_prepare(&statement, store,
		"SELECT id FROM sessions WHERE"
		" (id = ?1 OR ?1 = 0 AND NOT (" SESSION_HAS_PURPOSE(
			"plan") "))"
				" AND EXISTS (SELECT 1 FROM "
				"processes AS p JOIN samples AS s ON s.process_id = p.id WHERE "
				"p.session_id = "
				"sessions.id AND (?2 IS NULL OR p.config = ?2) AND s.run_type = "
				"'iteration' AND "
				"s.failed = 0) ORDER BY started_unix_ns, id",
		problem);

	if (is_good) {
		statement_bind_integer(&statement, request->session);
		statement_bind_text(&statement, request->config);
	}
	while (is_good && has_row) {
		is_good = statement_next(&statement, &has_row, problem);
		if (is_good && has_row)
			is_good = session_visit(store, request, statement_integer(&statement, 0),
				visit, context, problem);
	}
	statement_close(&statement);
	return is_good;
}

char *export_series_title(const struct export_series *series)
{
	char *title = NULL;

	return asprintf(&title, "%s config:%s", series->name, series->config) < 0 ? NULL : title;
}
