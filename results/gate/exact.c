// SPDX-License-Identifier: GPL-2.0-or-later
// The gate's exact metrics: one figure a side, any difference a change. Entry: gate_exact_add(). A
// metric that is not the same in all processes of a side is not exact after all, and says so.
// Against several sessions the newest that has the metric counts: exact figures need no average.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/compare/exact.h"
#include "results/store/stored_sample.h"
#include "results/text/memory.h"

// What one side has of one metric of one series and config.
struct exact_figure {
	char *series, *workload, *config, *metric;
	enum exact_kind kind;
	double value;
	size_t processes;
	bool varies; // not all have the same
};

struct exact_figures {
	struct exact_figure *items;
	size_t count;
};

static void figures_free(struct exact_figures *figures)
{
	for (size_t i = 0; i < figures->count; i++) {
		free(figures->items[i].series);
		free(figures->items[i].workload);
		free(figures->items[i].config);
		free(figures->items[i].metric);
	}
	free(figures->items);
	*figures = (struct exact_figures){0};
}

static struct exact_figure *figure_find(const struct exact_figures *figures, const char *series,
	const char *config, const char *metric)
{
	for (size_t i = figures->count; i > 0; i--) { // what was added last is asked for most
		struct exact_figure *figure = &figures->items[i - 1];

		if (strcmp(figure->metric, metric) == 0 && strcmp(figure->series, series) == 0 &&
			strcmp(figure->config, config) == 0)
			return figure;
	}
	return NULL;
}

// ---- reading

static bool figure_add(struct exact_figures *figures, const struct store_source *source,
	const char *metric, enum exact_kind kind, double value, struct problem *problem)
{
	struct exact_figure *items = array_grown(figures->items, figures->count, sizeof(*items));
	struct exact_figure *added;

	if (!items)
		return no_memory(problem, "the exact metrics");
	figures->items = items;
	added = &items[figures->count++];
	*added = (struct exact_figure){
		.series = strdup(source->name),
		.workload = strdup(source->workload),
		.config = strdup(source->config),
		.metric = strdup(metric),
		.kind = kind,
		.value = value,
		.processes = 1,
	};
	return (added->series && added->workload && added->config && added->metric) ||
	       no_memory(problem, "the exact metrics");
}

// The exact counters of one sample.
static bool sample_take(const struct stored_sample *sample, void *context, struct problem *problem)
{
	struct exact_figures *figures = context;
	const struct store_source *source = &sample->source;
	json_t *counters = sample->failed ? NULL : json_loads(sample->counters, 0, NULL);
	const char *metric;
	json_t *number;
	bool is_good = true;

	json_object_foreach(counters, metric, number)
	{
		enum exact_kind kind = exact_kind_of(metric, sample->exact_counters);
		double value = json_number_value(number);
		struct exact_figure *known;

		if (kind == EXACT_NOT || !json_is_number(number))
			continue;
		known = figure_find(figures, source->name, source->config, metric);
		if (known) {
			known->processes++;
			known->varies = known->varies || known->value != value;
		} else {
			is_good = is_good &&
				  figure_add(figures, source, metric, kind, value, problem);
		}
	}
	json_decref(counters);
	return is_good;
}

static bool figures_read(struct store *store, int64_t session, struct exact_figures *figures,
	struct problem *problem)
{
	const struct stored_samples wanted = {
		.session = session, .parts = STORED_COUNTERS, .is_sorted = true};

	return stored_samples_visit(store, &wanted, sample_take, figures, problem);
}

// ---- judging

static enum gate_outcome judge(
	const struct exact_figure *baseline, const struct exact_figure *value)
{
	if (baseline->varies || value->varies)
		return GATE_UNDECIDED;
	if (baseline->value == value->value)
		return GATE_SAME;
	if (value->kind == EXACT_LESS_IS_BETTER && value->value < baseline->value)
		return GATE_FASTER;
	return GATE_REGRESSION;
}

static bool row_add(struct gate *gate, const struct exact_figure *baseline,
	const struct exact_figure *value, struct problem *problem)
{
	struct gate_row *row = gate_row_add(gate, baseline->series, baseline->workload,
		baseline->config, baseline->metric, problem);

	if (!row)
		return false;
	row->baseline = baseline->value;
	row->baseline_count = baseline->processes;
	if (!value) {
		row->outcome = GATE_NOT_MEASURED;
		row->remark = strdup("the session has no such figure");
		return true;
	}
	row->value = value->value;
	row->count = value->processes;
	row->ratio = baseline->value != 0 ? value->value / baseline->value : NAN;
	row->outcome = judge(baseline, value);
	if (row->outcome == GATE_UNDECIDED)
		row->remark = strdup("not exact: it differs from process to process of one side");
	return true;
}

// Whether the session measured this series at all: only then is a lost figure a finding.
static bool is_measured(const struct gate *gate, const struct exact_figure *figure)
{
	for (size_t i = 0; i < gate->rows_count; i++) {
		const struct gate_row *row = &gate->rows[i];

		if (row->outcome != GATE_NOT_MEASURED && strcmp(row->metric, "time") == 0 &&
			strcmp(row->series, figure->series) == 0 &&
			strcmp(row->config, figure->config) == 0)
			return true;
	}
	return false;
}

static bool baseline_judge(struct gate *gate, const struct exact_figures *baseline,
	const struct exact_figures *session, struct problem *problem)
{
	for (size_t i = 0; i < baseline->count; i++) {
		const struct exact_figure *figure = &baseline->items[i];
		const struct exact_figure *value =
			figure_find(session, figure->series, figure->config, figure->metric);

		if ((value || is_measured(gate, figure)) && !row_add(gate, figure, value, problem))
			return false;
	}
	return true;
}

bool gate_exact_add(struct store *store, struct gate *gate, struct problem *problem)
{
	struct exact_figures session = {0};
	struct exact_figures baseline = {0};
	bool is_good = figures_read(store, gate->session, &session, problem);

	for (size_t k = 0; is_good && k < gate->baselines_count && baseline.count == 0; k++)
		is_good = figures_read(store, gate->baselines[k], &baseline, problem);
	is_good = is_good && baseline_judge(gate, &baseline, &session, problem);
	figures_free(&session);
	figures_free(&baseline);
	return is_good;
}
