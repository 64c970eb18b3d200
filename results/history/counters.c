// SPDX-License-Identifier: GPL-2.0-or-later
// Series of a counter out of the store: one value a session, the median over its processes of what
// they counted an operation. Where all values are above 0 they become logs, as times are, so that a
// change is a ratio; else it is a difference. Entry: history_counter_read().
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>

#include "counters.h"
#include "results/document/counter_total.h"
#include "results/text/memory.h"

// What the rows so far add up to.
struct counting {
	struct history *history;
	const char *counter;
	struct history_series *series; // the one that grows; NULL: none yet
	int64_t session;
	int64_t process;
	double sum; // over the process's samples
	size_t samples;
	double *figures; // one a process of the session
	size_t figures_count;
};

static bool is_same(const char *one, const char *two)
{
	return one && two && strcmp(one, two) == 0;
}

static bool process_end(struct counting *counting)
{
	double *figures;

	if (counting->samples == 0)
		return true;
	figures = array_grown(counting->figures, counting->figures_count, sizeof(*figures));
	if (!figures)
		return false;
	counting->figures = figures;
	figures[counting->figures_count++] = counting->sum / (double)counting->samples;
	counting->sum = 0;
	counting->samples = 0;
	return true;
}

static bool session_end(struct counting *counting, struct problem *problem)
{
	struct history_series *series = counting->series;
	int64_t *sessions;

	if (!process_end(counting))
		return no_memory(problem, "the history");
	if (counting->figures_count == 0)
		return true;
	sessions = array_grown(series->sessions, series->count, sizeof(*sessions));
	if (!sessions)
		return no_memory(problem, "the history");
	series->sessions = sessions;
	sessions[series->count] = counting->session;
	gsl_sort(counting->figures, 1, counting->figures_count);
	double median =
		gsl_stats_median_from_sorted_data(counting->figures, 1, counting->figures_count);
	counting->figures_count = 0;
	return history_append(series, median, problem);
}

static void series_end(struct history_series *series)
{
	series->has_logs = true;
	for (size_t i = 0; i < series->count; i++)
		series->has_logs = series->has_logs && series->values[i] > 0;
	for (size_t i = 0; series->has_logs && i < series->count; i++)
		series->values[i] = log(series->values[i]);
}

static bool all_end(struct counting *counting, struct problem *problem)
{
	if (!counting->series)
		return true;
	if (!session_end(counting, problem))
		return false;
	series_end(counting->series);
	return true;
}

static bool series_begin(
	struct counting *counting, const struct store_source *source, struct problem *problem)
{
	char *name = NULL;

	if (!all_end(counting, problem))
		return false;
	if (asprintf(&name, "%s [%s]", source->name, counting->counter) < 0)
		return no_memory(problem, "the history");
	counting->series = history_add(counting->history, name);
	free(name);
	if (!counting->series)
		return no_memory(problem, "the history");
	counting->series->is_counter = true;
	counting->series->config = strdup(source->config);
	counting->series->machine = strdup(source->machine ? source->machine : "unknown");
	return (counting->series->config && counting->series->machine) ||
	       no_memory(problem, "the history");
}

static bool is_of_series(const struct counting *counting, const struct store_source *source)
{
	const struct history_series *series = counting->series;
	size_t length = strlen(source->name);

	return series && strncmp(series->name, source->name, length) == 0 &&
	       strncmp(series->name + length, " [", 2) == 0 &&
	       is_same(series->config, source->config) &&
	       is_same(series->machine, source->machine ? source->machine : "unknown");
}

// An operation's; NaN: it was not counted.
static double number_of(const struct stored_sample *sample, const char *counter)
{
	json_t *counters = sample->counters ? json_loads(sample->counters, 0, NULL) : NULL;
	const json_t *value = json_object_get(counters, counter);
	double number = json_is_number(value) ? json_number_value(value) : NAN;

	json_decref(counters);
	return counter_is_total(counter) ? number / sample->iterations : number;
}

static bool sample_take(const struct stored_sample *sample, void *context, struct problem *problem)
{
	struct counting *counting = context;
	const struct store_source *source = &sample->source;
	double number;

	if (sample->failed || source->simulator)
		return true;
	number = number_of(sample, counting->counter);
	if (!isfinite(number))
		return true;
	if (!is_of_series(counting, source)) {
		if (!series_begin(counting, source, problem))
			return false;
	} else if (source->session != counting->session) {
		if (!session_end(counting, problem))
			return false;
	} else if (sample->process != counting->process && !process_end(counting)) {
		return no_memory(problem, "the history");
	}
	counting->session = source->session;
	counting->process = sample->process;
	counting->sum += number;
	counting->samples++;
	return true;
}

bool history_counter_read(struct store *store, const struct stored_samples *wanted,
	const char *counter, struct history *history, struct problem *problem)
{
	struct counting counting = {.history = history, .counter = counter};
	size_t before = history->count;
	bool is_good = stored_samples_visit(store, wanted, sample_take, &counting, problem) &&
		       all_end(&counting, problem);

	free(counting.figures);
	if (is_good && history->count == before)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"--counters=%s: no session of the store counted it", counter);
	return is_good;
}
