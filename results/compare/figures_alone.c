// SPDX-License-Identifier: GPL-2.0-or-later
// The figures of a session that has one config: nothing is compared, and its times are still
// worth a look. Entry: comparison_figures(). Of each series the middle of its processes with the
// interval of 95 %, and what a calibration knows of the machine's noise.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/statistics/figures.h"
#include "results/statistics/statistics.h"
#include "results/text/escape.h"
#include "results/text/figure.h"
#include "results/text/memory.h"

// The samples of the series that items[first] begins.
static size_t series_length(const struct compare_samples *samples, size_t first)
{
	size_t end = first + 1;

	while (end < samples->count &&
		strcmp(samples->items[end].name, samples->items[first].name) == 0)
		end++;
	return end - first;
}

// The figure of each process. Returns how many; *failed counts samples.
static size_t logs_collect(
	const struct compare_sample *samples, size_t count, double *logs, size_t *failed)
{
	struct figures processes = {.logs = logs};

	*failed = 0;
	for (size_t i = 0; i < count; i++) {
		*failed += samples[i].failed;
		if (!samples[i].failed)
			figures_add(&processes, samples[i].process, samples[i].real_time_ns);
	}
	figures_end(&processes);
	return processes.count;
}

static json_t *real_or_null(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

// What the machine's calibration says of the series; NULL: nothing.
static const struct calibration *calibration_find(
	const struct comparison *comparison, const char *series)
{
	for (size_t i = 0; i < comparison->calibrations.count; i++) {
		if (strcmp(comparison->calibrations.items[i].series, series) == 0)
			return &comparison->calibrations.items[i];
	}
	return NULL;
}

static json_t *figure_json(const struct comparison *comparison, const struct compare_sample *sample,
	const struct interval *interval, size_t processes, size_t failed)
{
	const struct calibration *calibration = calibration_find(comparison, sample->series);

	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:f, s:I, s:I, s:o, s:o}", "name",
		sample->name, "workload", sample->workload, "config", sample->config, "ns",
		real_or_null(exp(interval->estimate)), "ns_low",
		processes > 1 ? real_or_null(exp(interval->low)) : json_null(), "ns_high",
		processes > 1 ? real_or_null(exp(interval->high)) : json_null(), "confidence",
		processes > 1 ? interval->confidence : 0, "n", (json_int_t)processes, "failed",
		(json_int_t)failed, "floor", real_or_null(calibration ? calibration->spread : NAN),
		"seen",
		real_or_null(calibration ? calibration->smallest[CALIBRATION_KIND_USUAL] : NAN));
}

static bool figure_add(struct comparison *comparison, const struct compare_sample *samples,
	size_t count, double *logs)
{
	struct interval interval;
	size_t failed;
	size_t processes = logs_collect(samples, count, logs, &failed);

	if (!hodges_lehmann(logs, processes, COMPARE_CONFIDENCE, &interval))
		return false;
	return json_array_append_new(comparison->figures,
		       figure_json(comparison, samples, &interval, processes, failed)) == 0;
}

bool comparison_figures(struct comparison *comparison, struct problem *problem)
{
	const struct compare_samples *samples = &comparison->samples;
	double *logs = calloc(samples->count + 1, sizeof(*logs));
	bool is_good = logs != NULL;
	size_t length;

	comparison->figures = json_array();
	for (size_t i = 0; is_good && i < samples->count; i += length) {
		length = series_length(samples, i);
		is_good = figure_add(comparison, &samples->items[i], length, logs);
	}
	free(logs);
	return is_good || no_memory(problem, "the figures");
}

static void figure_print(const json_t *figure, FILE *output)
{
	const json_t *low = json_object_get(figure, "ns_low");
	const json_t *high = json_object_get(figure, "ns_high");
	char middle[FIGURE_SIZE];
	char least[FIGURE_SIZE];
	char most[FIGURE_SIZE];

	print_clean(output, json_string_value(json_object_get(figure, "name")));
	fprintf(output, "  %s",
		time_text(json_number_value(json_object_get(figure, "ns")), middle));
	if (json_is_real(low) && json_is_real(high))
		fprintf(output, " (%s to %s)", time_text(json_real_value(low), least),
			time_text(json_real_value(high), most));
	fprintf(output, ", processes: %lld\n",
		(long long)json_integer_value(json_object_get(figure, "n")));
}

void figures_show(const struct comparison *comparison, FILE *output)
{
	const json_t *figure;
	size_t i;

	if (json_array_size(comparison->figures) == 0)
		return;
	fputs("\nno other config is named: times, with the interval of 95 %, and no verdict\n",
		output);
	json_array_foreach(comparison->figures, i, figure) figure_print(figure, output);
}
