// SPDX-License-Identifier: GPL-2.0-or-later
// The gate's exact metrics: one figure a side, any difference a change. Entry: gate_exact_add(). A
// metric that is not the same in all processes of a side is not exact after all, and says so.
// Against several sessions the newest that has the metric counts: exact figures need no average.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/compare/exact.h"
#include "results/store/internal.h"
#include "results/text/memory.h"

// What one side has of one metric of one series and config.
struct figure {
	char *series, *workload, *config, *metric;
	enum exact_kind kind;
	double value;
	size_t processes;
	bool varies; // not all have the same
};

struct figures {
	struct figure *items;
	size_t count;
};

static void figures_free(struct figures *figures)
{
	for (size_t i = 0; i < figures->count; i++) {
		free(figures->items[i].series);
		free(figures->items[i].workload);
		free(figures->items[i].config);
		free(figures->items[i].metric);
	}
	free(figures->items);
	*figures = (struct figures){0};
}

static struct figure *figure_find(
	const struct figures *figures, const char *series, const char *config, const char *metric)
{
	for (size_t i = figures->count; i > 0; i--) { // what was added last is asked for most
		struct figure *figure = &figures->items[i - 1];

		if (strcmp(figure->metric, metric) == 0 && strcmp(figure->series, series) == 0 &&
			strcmp(figure->config, config) == 0)
			return figure;
	}
	return NULL;
}

// ---- reading

static bool figure_add(struct figures *figures, const struct statement *row, const char *metric,
	enum exact_kind kind, double value, struct problem *problem)
{
	struct figure *items = array_grown(figures->items, figures->count, sizeof(*items));
	struct figure *added;

	if (!items)
		return no_memory(problem, "the exact metrics");
	figures->items = items;
	added = &items[figures->count++];
	*added = (struct figure){
		.series = statement_text(row, 0),
		.workload = statement_text(row, 1),
		.config = statement_text(row, 2),
		.metric = strdup(metric),
		.kind = kind,
		.value = value,
		.processes = 1,
	};
	return (added->series && added->workload && added->config && added->metric) ||
	       no_memory(problem, "the exact metrics");
}

// The exact counters of one sample.
static bool sample_take(const struct statement *row, void *context, struct problem *problem)
{
	struct figures *figures = context;
	const char *text = statement_peek(row, 3);
	json_t *counters = text ? json_loads(text, 0, NULL) : NULL;
	const char *metric;
	json_t *number;
	bool is_good = true;

	json_object_foreach(counters, metric, number)
	{
		enum exact_kind kind = exact_kind_of(metric, statement_peek(row, 4));
		double value = json_number_value(number);
		struct figure *known;

		if (kind == EXACT_NOT || !json_is_number(number))
			continue;
		known = figure_find(
			figures, statement_peek(row, 0), statement_peek(row, 2), metric);
		if (known) {
			known->processes++;
			known->varies = known->varies || known->value != value;
		} else {
			is_good = is_good && figure_add(figures, row, metric, kind, value, problem);
		}
	}
	json_decref(counters);
	return is_good;
}

static bool figures_read(
	struct store *store, int64_t session, struct figures *figures, struct problem *problem)
{
	struct statement statement;
	bool is_good = statement_prepare(&statement, store,
		"SELECT s.name, p.workload, p.config, s.counters,"
		" json_extract(p.context, '$.exact_counters')"
		" FROM processes AS p JOIN samples AS s ON s.process_id = p.id"
		" WHERE p.session_id = ? AND s.run_type = 'iteration' AND s.failed = 0"
		" ORDER BY p.config, s.name, s.id",
		problem);

	if (is_good) {
		statement_bind_integer(&statement, session);
		is_good = statement_each(&statement, sample_take, figures, problem);
	}
	statement_close(&statement);
	return is_good;
}

// ---- judging

static enum gate_outcome judge(const struct figure *baseline, const struct figure *value)
{
	if (baseline->varies || value->varies)
		return GATE_UNDECIDED;
	if (baseline->value == value->value)
		return GATE_SAME;
	if (value->kind == EXACT_LESS_IS_BETTER && value->value < baseline->value)
		return GATE_FASTER;
	return GATE_REGRESSION;
}

static bool row_add(struct gate *gate, const struct figure *baseline, const struct figure *value,
	struct problem *problem)
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
static bool is_measured(const struct gate *gate, const struct figure *figure)
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

static bool baseline_judge(struct gate *gate, const struct figures *baseline,
	const struct figures *session, struct problem *problem)
{
	for (size_t i = 0; i < baseline->count; i++) {
		const struct figure *figure = &baseline->items[i];
		const struct figure *value =
			figure_find(session, figure->series, figure->config, figure->metric);

		if ((value || is_measured(gate, figure)) && !row_add(gate, figure, value, problem))
			return false;
	}
	return true;
}

bool gate_exact_add(struct store *store, struct gate *gate, struct problem *problem)
{
	struct figures session = {0};
	struct figures baseline = {0};
	bool is_good = figures_read(store, gate->session, &session, problem);

	for (size_t k = 0; is_good && k < gate->baselines_count && baseline.count == 0; k++)
		is_good = figures_read(store, gate->baselines[k], &baseline, problem);
	is_good = is_good && baseline_judge(gate, &baseline, &session, problem);
	figures_free(&session);
	figures_free(&baseline);
	return is_good;
}
