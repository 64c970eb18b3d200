// SPDX-License-Identifier: GPL-2.0-or-later
// Histories out of the store: condenses each process to its mean log time and each session to the
// median over its processes, and walks the sessions of each machine for what changed there. Entry:
// history_read().
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include "counters.h"
#include "results/document/facts.h"
#include "results/statistics/figures.h"
#include "results/store/internal.h"
#include "results/store/stored_sample.h"
#include "results/text/memory.h"

static bool is_same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

// ---- series

// What the rows so far add up to: the figures of a session's processes.
struct condenser {
	struct history *history;
	bool with_figures;
	int64_t session;
	struct figures processes; // of the session
	struct problem *problem;
};

static bool sample_add(struct condenser *condenser, int64_t process, double real_time_ns)
{
	struct figures *processes = &condenser->processes;

	if (figures_begins(processes, process)) {
		double *logs = array_grown(processes->logs, processes->count, sizeof(*logs));

		if (!logs)
			return no_memory(condenser->problem, "the history");
		processes->logs = logs;
	}
	figures_add(processes, process, real_time_ns);
	return true;
}

// Keeps the figures of the processes that the series' next value condenses, in their order: the
// median will change it.
static bool figures_keep(struct history_series *series, const struct figures *processes)
{
	size_t value = series->count;
	size_t before = value ? series->figures_end[value - 1] : 0;
	size_t *ends = array_grown(series->figures_end, value, sizeof(*ends));
	double *kept;

	if (!ends)
		return false;
	series->figures_end = ends;
	ends[value] = before + processes->count;
	kept = realloc(series->figures, ends[value] * sizeof(*kept));
	if (!kept)
		return false;
	series->figures = kept;
	memcpy(kept + before, processes->logs, processes->count * sizeof(*kept));
	return true;
}

static bool session_end(struct condenser *condenser)
{
	struct figures *processes = &condenser->processes;
	struct history_series *series;
	int64_t *sessions;

	figures_end(processes);
	if (processes->count == 0)
		return true;
	series = &condenser->history->items[condenser->history->count - 1];
	sessions = array_grown(series->sessions, series->count, sizeof(*sessions));
	if (!sessions)
		return no_memory(condenser->problem, "the history");
	series->sessions = sessions;
	sessions[series->count] = condenser->session;
	if (condenser->with_figures && !figures_keep(series, processes))
		return no_memory(condenser->problem, "the history");
	if (!history_append(series, gsl_stats_median(processes->logs, 1, processes->count),
		    condenser->problem))
		return false;
	*processes = (struct figures){.logs = processes->logs};
	return true;
}

static const char *machine_of(const struct store_source *source)
{
	return source->machine ? source->machine : "unknown";
}

static bool is_next_series(const struct condenser *condenser, const struct store_source *source)
{
	const struct history_series *series;

	if (condenser->history->count == 0)
		return true;
	series = &condenser->history->items[condenser->history->count - 1];
	return !is_same(series->name, source->name) || !is_same(series->config, source->config) ||
	       !is_same(series->machine, machine_of(source));
}

static bool series_begin(struct condenser *condenser, const struct store_source *source)
{
	struct history_series *series = history_add(condenser->history, source->name);

	if (!series)
		return no_memory(condenser->problem, "the history");
	series->has_logs = true;
	series->config = strdup(source->config);
	series->machine = strdup(machine_of(source));
	return (series->config && series->machine) || no_memory(condenser->problem, "the history");
}

// Simulated times are no times.
static bool sample_take(const struct stored_sample *sample, void *context, struct problem *problem)
{
	struct condenser *condenser = context;
	const struct store_source *source = &sample->source;
	bool is_next;

	(void)problem; // the condenser's
	if (sample->failed || source->simulator || !(sample->real_time_ns > 0))
		return true;
	is_next = is_next_series(condenser, source);
	if ((is_next || source->session != condenser->session) && !session_end(condenser))
		return false;
	if (is_next && !series_begin(condenser, source))
		return false;
	condenser->session = source->session;
	return sample_add(condenser, sample->process, sample->real_time_ns);
}

// The names as a JSON array, for json_each(); NULL for none.
static char *names_json(const char *const *names, size_t count)
{
	json_t *list = json_array();
	char *text;

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_string(names[i]));
	text = count ? json_dumps(list, JSON_COMPACT) : NULL;
	json_decref(list);
	return text;
}

static bool series_read(struct store *store, const struct history_filter *filter,
	struct history *history, struct problem *problem)
{
	struct condenser condenser = {
		.history = history, .with_figures = filter->with_figures, .problem = problem};
	char *configs = names_json(filter->configs, filter->configs_count);
	char *workloads = names_json(filter->workloads, filter->workloads_count);
	struct stored_samples wanted = {
		.configs = configs, .workloads = workloads, .is_sorted = true};
	bool is_good = stored_samples_visit(store, &wanted, sample_take, &condenser, problem) &&
		       session_end(&condenser);

	wanted.parts = STORED_COUNTERS;
	for (size_t i = 0; is_good && i < filter->counters_count; i++)
		is_good =
			history_counter_read(store, &wanted, filter->counters[i], history, problem);

	free(condenser.processes.logs);
	free(configs);
	free(workloads);
	return is_good;
}

// ---- events

// The first process of each session on each machine stands for them all, so that a change is told
// once and not for every config.
static const char EVENTS_SQL[] =
	"SELECT p.session_id, ifnull(m.fingerprint, 'unknown') AS machine, p.context"
	" FROM (SELECT min(id) AS first FROM processes WHERE simulated = 0 AND session_id NOT IN"
	"  (SELECT id FROM sessions WHERE " SESSION_HAS_PURPOSE(
		"plan") ")"
			"  GROUP BY machine_id, session_id) AS alike"
			" JOIN processes AS p ON p.id = alike.first LEFT JOIN machines AS m ON "
			"m.id = p.machine_id"
			" ORDER BY machine, p.session_id";

// What was last known of a machine; NULL: nothing yet.
struct known {
	char *machine;
	json_t *facts; // by name
};

static void known_clear(struct known *known)
{
	free(known->machine);
	json_decref(known->facts);
	*known = (struct known){0};
}

static bool event_add(struct history *history, const struct history_event *event)
{
	struct history_event *events =
		array_grown(history->events, history->events_count, sizeof(*events));

	if (!events)
		return false;
	history->events = events;
	events[history->events_count++] = (struct history_event){
		.session = event->session,
		.machine = strdup(event->machine),
		.fact = strdup(event->fact),
		.before = strdup(event->before),
		.after = strdup(event->after),
	};
	return events[history->events_count - 1].machine &&
	       events[history->events_count - 1].fact && events[history->events_count - 1].before &&
	       events[history->events_count - 1].after;
}

// A session that does not tell a fact changes nothing.
static bool fact_take(struct history *history, struct known *known, int64_t session,
	const char *name, json_t *value)
{
	const char *before = json_string_value(json_object_get(known->facts, name));
	const char *after = json_string_value(value);
	bool has_changed = before && after && strcmp(before, after) != 0;

	if (has_changed && !event_add(history, &(struct history_event){
						       .session = session,
						       .machine = known->machine,
						       .fact = (char *)name,
						       .before = (char *)before,
						       .after = (char *)after,
					       }))
		return false;
	return !after || json_object_set(known->facts, name, value) == 0;
}

static bool facts_take(
	struct history *history, struct known *known, int64_t session, const json_t *context)
{
	for (size_t i = 0; i < facts_count; i++) {
		if (fact_is(&facts[i], FACT_HISTORY) &&
			!fact_take(history, known, session, facts[i].name,
				json_object_get(context, facts[i].name)))
			return false;
	}
	return true;
}

static bool session_take(struct history *history, struct known *known,
	const struct statement *statement, struct problem *problem)
{
	json_t *context;
	bool is_good;

	if (!is_same(known->machine, statement_peek(statement, 1))) {
		known_clear(known);
		known->machine = statement_text(statement, 1);
		known->facts = json_object();
	}
	context = json_loads(statement_peek(statement, 2), 0, NULL);
	is_good = known->machine && known->facts &&
		  facts_take(history, known, statement_integer(statement, 0), context);
	json_decref(context);
	return is_good || no_memory(problem, "the history");
}

static bool events_read(struct store *store, struct history *history, struct problem *problem)
{
	struct known known = {0};
	struct statement statement;
	bool has_row = true;
	bool is_good = statement_prepare(&statement, store, EVENTS_SQL, problem);

	while (is_good && has_row) {
		is_good = statement_next(&statement, &has_row, problem);
		if (is_good && has_row)
			is_good = session_take(history, &known, &statement, problem);
	}
	statement_close(&statement);
	known_clear(&known);
	return is_good;
}

// ---- sessions

static const char SESSIONS_SQL[] =
	"SELECT s.id, s.started_unix_ns, min(b.\"commit\"), max(b.\"commit\")"
	" FROM sessions AS s JOIN processes AS p ON p.session_id = s.id"
	" JOIN builds AS b ON b.id = p.build_id GROUP BY s.id, s.started_unix_ns ORDER BY s.id";

static bool session_read(const struct statement *row, void *context, struct problem *problem)
{
	struct history *history = context;
	size_t count = history->sessions_count;
	struct history_session *sessions = array_grown(history->sessions, count, sizeof(*sessions));
	bool is_one = !statement_is_null(row, 2) &&
		      is_same(statement_peek(row, 2), statement_peek(row, 3));

	if (!sessions)
		return no_memory(problem, "the history");
	history->sessions = sessions;
	history->sessions_count++;
	sessions[count] = (struct history_session){
		.session = statement_integer(row, 0),
		.started_unix_ns = statement_integer(row, 1),
		.commit = is_one ? statement_text(row, 2) : NULL,
	};
	return true;
}

static bool sessions_read(struct store *store, struct history *history, struct problem *problem)
{
	struct statement statement;
	bool is_good = statement_prepare(&statement, store, SESSIONS_SQL, problem) &&
		       statement_each(&statement, session_read, history, problem);

	statement_close(&statement);
	return is_good;
}

bool history_read(struct store *store, const struct history_filter *filter, struct history *history,
	struct problem *problem)
{
	return series_read(store, filter, history, problem) &&
	       events_read(store, history, problem) && sessions_read(store, history, problem);
}
