// SPDX-License-Identifier: GPL-2.0-or-later
// The gate's exact metrics: one figure a side, any difference a change. Entry: gate_exact_add(). A
// metric that is not the same in all processes of a side is not exact after all, and says so.
// Against several sessions the newest that has the metric counts: exact figures need no average.
// How large a build's code is each of its benchmarks tells: that is one row.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/compare/counters/exact.h"
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

// Both sides, and what they become rows of.
struct exact_judging {
	const struct gate_options *options;
	struct gate *gate;
	const struct gate_pairs
		*pairs; // the baseline is other builds of the session; NULL: it is not
	struct problem *problem;
	struct exact_figures baseline, session;
};

// A reading of one side.
struct exact_reading {
	const struct gate *gate;
	const struct gate_pairs *pairs; // NULL: a side is a config
	bool is_baseline;
	struct exact_figures *figures;
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
	const char *config, const char *metric, enum exact_kind kind, double value,
	struct problem *problem)
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
		.config = strdup(config),
		.metric = strdup(metric),
		.kind = kind,
		.value = value,
		.processes = 1,
	};
	return (added->series && added->workload && added->config && added->metric) ||
	       no_memory(problem, "the exact metrics");
}

// The config that a sample's side is of; NULL: it does not belong here.
static const char *config_of(const struct exact_reading *reading, const struct store_source *source)
{
	const char *machine = reading->gate->machine;
	bool is_of_machine = machine && source->machine ? strcmp(machine, source->machine) == 0
							: machine == source->machine;

	if (!is_of_machine)
		return NULL;
	return reading->pairs
		       ? gate_pairs_config(reading->pairs, source->config, reading->is_baseline)
		       : source->config;
}

// The exact counters of one sample.
static bool sample_take(const struct stored_sample *sample, void *context, struct problem *problem)
{
	const struct exact_reading *reading = context;
	struct exact_figures *figures = reading->figures;
	const struct store_source *source = &sample->source;
	const char *config = config_of(reading, source);
	json_t *counters;
	const char *metric;
	json_t *number;
	bool is_good = true;

	if (sample->failed || !config)
		return true;
	counters = json_loads(sample->counters, 0, NULL);
	json_object_foreach(counters, metric, number)
	{
		enum exact_kind kind = exact_kind_of(metric, sample->exact_counters);
		double value = json_number_value(number);
		struct exact_figure *known;

		if (kind == EXACT_NOT || !json_is_number(number))
			continue;
		known = figure_find(figures, source->name, config, metric);
		if (known) {
			known->processes++;
			known->varies = known->varies || known->value != value;
		} else {
			is_good = is_good &&
				  figure_add(figures, source, config, metric, kind, value, problem);
		}
	}
	json_decref(counters);
	return is_good;
}

static bool figures_read(struct store *store, const struct exact_judging *judging, int64_t session,
	struct exact_figures *figures)
{
	const struct stored_samples wanted = {
		.session = session, .parts = STORED_COUNTERS, .is_sorted = true};
	struct exact_reading reading = {
		judging->gate, judging->pairs, figures == &judging->baseline, figures};

	return stored_samples_visit(store, &wanted, sample_take, &reading, judging->problem);
}

// ---- judging

static enum gate_exact how_of(const struct gate_options *options, enum exact_kind kind)
{
	if (options->exact[kind] != GATE_EXACT_USUAL)
		return options->exact[kind];
	return kind == EXACT_CODE ? GATE_EXACT_WARN : GATE_EXACT_FAIL;
}

static enum gate_outcome judge(const struct gate_options *options,
	const struct exact_figure *baseline, const struct exact_figure *value)
{
	if (baseline->varies || value->varies)
		return GATE_UNDECIDED;
	if (baseline->value == value->value)
		return GATE_SAME;
	if (value->kind != EXACT_GEOMETRY && value->value < baseline->value)
		return GATE_FASTER;
	return how_of(options, value->kind) == GATE_EXACT_WARN ? GATE_WARNED : GATE_REGRESSION;
}

static bool row_add(const struct exact_judging *judging, const char *series,
	const struct exact_figure *baseline, const struct exact_figure *value)
{
	struct gate_row *row = gate_row_add(judging->gate, series, baseline->workload,
		baseline->config, baseline->metric, judging->problem);

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
	row->outcome = judge(judging->options, baseline, value);
	if (row->outcome == GATE_UNDECIDED)
		row->remark = strdup("not exact: it differs from process to process of one side");
	return true;
}

// Whether the session measured this series (NULL: any of the config) at all: only then is a lost
// figure a finding.
static bool is_measured(const struct gate *gate, const char *series, const char *config)
{
	for (size_t i = 0; i < gate->rows_count; i++) {
		const struct gate_row *row = &gate->rows[i];

		if (row->outcome != GATE_NOT_MEASURED && strcmp(row->metric, "time") == 0 &&
			(!series || strcmp(row->series, series) == 0) &&
			strcmp(row->config, config) == 0)
			return true;
	}
	return false;
}

static bool series_judge(const struct exact_judging *judging, const struct exact_figure *figure)
{
	const struct exact_figure *value =
		figure_find(&judging->session, figure->series, figure->config, figure->metric);

	return (!value && !is_measured(judging->gate, figure->series, figure->config)) ||
	       row_add(judging, figure->series, figure, value);
}

// ---- of a build

// Adds up what all benchmarks of a config tell of a metric. False: they do not agree, so that it is
// none of the build's.
static bool build_sum(const struct exact_figures *figures, const struct exact_figure *like,
	struct exact_figure *sum)
{
	*sum = (struct exact_figure){0};
	for (size_t i = 0; i < figures->count; i++) {
		const struct exact_figure *figure = &figures->items[i];
		size_t processes = sum->processes + figure->processes;

		if (strcmp(figure->metric, like->metric) != 0 ||
			strcmp(figure->config, like->config) != 0)
			continue;
		if (figure->varies || (sum->processes > 0 && figure->value != sum->value))
			return false;
		*sum = *figure; // its texts stay the figure's
		sum->processes = processes;
	}
	return true;
}

static bool is_first(const struct exact_figures *figures, const struct exact_figure *figure)
{
	for (const struct exact_figure *before = figures->items; before < figure; before++) {
		if (strcmp(before->metric, figure->metric) == 0 &&
			strcmp(before->config, figure->config) == 0)
			return false;
	}
	return true;
}

static bool build_judge(const struct exact_judging *judging, const struct exact_figure *figure)
{
	struct exact_figure baseline;
	struct exact_figure session;

	if (!build_sum(&judging->baseline, figure, &baseline) ||
		!build_sum(&judging->session, figure, &session))
		return series_judge(judging, figure);
	if (!is_first(&judging->baseline, figure) ||
		(session.processes == 0 && !is_measured(judging->gate, NULL, figure->config)))
		return true;
	return row_add(judging, GATE_BUILD, &baseline, session.processes > 0 ? &session : NULL);
}

// ---- all

static bool baseline_judge(const struct exact_judging *judging)
{
	bool is_good = true;

	for (size_t i = 0; is_good && i < judging->baseline.count; i++) {
		const struct exact_figure *figure = &judging->baseline.items[i];

		if (how_of(judging->options, figure->kind) == GATE_EXACT_OFF)
			continue;
		is_good = figure->kind == EXACT_CODE ? build_judge(judging, figure)
						     : series_judge(judging, figure);
	}
	return is_good;
}

bool gate_exact_add(struct store *store, const struct gate_options *options, struct gate *gate,
	const struct gate_pairs *pairs, struct problem *problem)
{
	struct exact_judging judging = {
		.options = options, .gate = gate, .pairs = pairs, .problem = problem};
	bool is_good = figures_read(store, &judging, gate->session, &judging.session);

	for (size_t k = 0; is_good && k < gate->baselines_count && judging.baseline.count == 0; k++)
		is_good = figures_read(store, &judging, gate->baselines[k], &judging.baseline);
	is_good = is_good && baseline_judge(&judging);
	figures_free(&judging.session);
	figures_free(&judging.baseline);
	return is_good;
}
