// SPDX-License-Identifier: GPL-2.0-or-later
// Gathers what the site's parts make of a store and writes it, as a folder or as one file. Entry:
// report_write(). What is drawn and how is page/; what the data looks like is DATA.md.
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>

#include "assets.h"
#include "chart.h"
#include "pages.h"
#include "results/compare/calibration.h"
#include "results/compare/selfcheck.h"
#include "results/history/alarms.h"
#include "results/history/triage.h"
#include "results/store/sessions.h"
#include "results/text/memory.h"
#include "results/text/timestamp.h"
#include "site.h"
#include "summary.h"

size_t site_place(json_t *list, const char *name)
{
	size_t i;
	const json_t *item;

	json_array_foreach(list, i, item)
	{
		if (strcmp(json_string_value(json_object_get(item, "name")), name) == 0)
			return i;
	}
	json_array_append_new(list, json_pack("{s:s}", "name", name));
	return i;
}

// ---- how finely each machine can tell

static json_t *median_json(double *values, size_t count)
{
	gsl_sort(values, 1, count);
	return json_real(gsl_stats_median_from_sorted_data(values, 1, count));
}

static json_t *smallest_json(const struct calibrations *of, double *values)
{
	json_t *smallest = json_array();

	for (size_t k = 0; k < CALIBRATION_KINDS; k++) {
		for (size_t i = 0; i < of->count; i++)
			values[i] = of->items[i].smallest[k];
		json_array_append_new(
			smallest, json_pack("[I, o]", (json_int_t)calibration_rounds[k],
					  median_json(values, of->count)));
	}
	return smallest;
}

// Medians over the machine's series; null where nobody calibrated it.
static json_t *calibration_json(const struct calibrations *of)
{
	double *values = calloc(of->count + 1, sizeof(*values));
	char day[TIMESTAMP_SIZE];
	json_t *json = NULL;

	if (values && of->count > 0) {
		for (size_t i = 0; i < of->count; i++)
			values[i] = of->items[i].spread;
		json = json_pack("{s:I, s:s, s:o, s:o}", "series", (json_int_t)of->count, "day",
			timestamp_day(of->items[0].created_unix_ns, day), "spread",
			median_json(values, of->count), "smallest", smallest_json(of, values));
	}
	free(values);
	return json ? json : json_null();
}

static bool calibrations_add(struct site *site)
{
	size_t i;
	json_t *machine;

	json_array_foreach(site->machines, i, machine)
	{
		struct calibrations of = {0};

		if (!calibrations_read(site->store,
			    json_string_value(json_object_get(machine, "name")), &of,
			    site->problem))
			return false;
		json_object_set_new(machine, "calibration", calibration_json(&of));
		calibrations_free(&of);
	}
	return true;
}

// How often the harness erred where the truth is known.
static bool selfcheck_add(struct site *site, json_t *index)
{
	struct selfcheck check;

	if (!selfcheck_read(site->store, 0, &check, site->problem))
		return false;
	json_object_set_new(index, "selfcheck", selfcheck_json(&check));
	return true;
}

// ---- all of it

static bool history_take(struct site *site)
{
	const struct history_filter all = {.with_figures = true};
	const struct history_watch_options usual = HISTORY_WATCH_DEFAULTS;

	return history_read(site->store, &all, &site->history, site->problem) &&
	       history_judge(&site->history, site->problem) &&
	       history_watch(&site->history, &usual, site->problem) &&
	       triage_read(site->store, &site->history, site->problem) &&
	       history_incidents(&site->history, site->problem);
}

static bool is_empty(const struct site *site)
{
	return site->nights_count == 0 && site->history.count == 0;
}

static void index_begin(struct site *site, json_t *index)
{
	char written[TIMESTAMP_SIZE];

	json_object_set_new(index, "version", json_integer(SITE_DATA_VERSION));
	json_object_set_new(index, "slabmark", json_string(site->options->version));
	json_object_set_new(
		index, "written", json_string(timestamp(site->options->now_unix_ns, written)));
	json_object_set_new(
		index, "is_single_file", json_boolean(site->options->single_file != NULL));
	json_object_set_new(index, "alpha", json_real(COMPARE_ALPHA_DEFAULT));
	json_object_set_new(index, "margin", json_real(COMPARE_MARGIN_DEFAULT));
	json_object_set_new(index, "confidence", json_real(COMPARE_CONFIDENCE));
	json_object_set(index, "machines", site->machines);
	json_object_set(index, "configs", site->configs);
	json_object_set(index, "benchmarks", site->benchmarks);
}

// The index, and unless it is to be brief all chunks.
static bool gather(struct site *site, json_t *index)
{
	index_begin(site, index);
	site->sessions = store_sessions(site->store, site->problem);
	if (!site->sessions || !history_take(site) || !site_nights_find(site))
		return false;
	if (is_empty(site))
		return problem_set(site->problem, EXIT_NOT_MEASURED, "%s: holds no measured series",
			store_name(site->store));
	if (!site_nights(site, index) || !site_history(site, index) || !calibrations_add(site) ||
		!selfcheck_add(site, index))
		return false;
	json_object_set_new(index, "has_geometry", json_boolean(site->options->geometries != NULL));
	if (site->is_brief)
		return true;
	if (site->options->geometries)
		chunk_add(&site->chunks, "geometry",
			json_pack("{s:O}", "configs", (json_t *)site->options->geometries));
	return site_runs(site, index);
}

static void site_free(struct site *site)
{
	chunks_free(&site->chunks);
	site_nights_free(site);
	history_free(&site->history);
	json_decref(site->sessions);
	json_decref(site->machines);
	json_decref(site->configs);
	json_decref(site->benchmarks);
}

// Gathers what is wanted and hands it to `use`, which may be called once at most.
static bool with_site(struct store *store, const struct report_options *options, bool is_brief,
	bool (*use)(struct site *site, const json_t *index, void *context), void *context,
	struct problem *problem)
{
	struct site site = {
		.store = store,
		.options = options,
		.is_brief = is_brief,
		.machines = json_array(),
		.configs = json_array(),
		.benchmarks = json_array(),
		.problem = problem,
	};
	json_t *index = json_object();
	bool is_good = gather(&site, index) && use(&site, index, context);

	json_decref(index);
	site_free(&site);
	return is_good;
}

static bool pages_write(struct site *site, const json_t *index, void *context)
{
	(void)context;
	chunk_add(&site->chunks, "index", json_incref((json_t *)index));
	if (site->chunks.has_failed)
		return problem_set(site->problem, EXIT_NOT_MEASURED,
			"no memory left for the site's data, or a name in the store is not UTF-8");
	return site->options->single_file ? pages_write_file(site, index)
					  : pages_write_folder(site, index);
}

bool report_write(
	struct store *store, const struct report_options *options, struct problem *problem)
{
	return with_site(store, options, false, pages_write, NULL, problem);
}

static bool summary_write(struct site *site, const json_t *index, void *output)
{
	(void)site;
	summary_print(index, output);
	return true;
}

bool report_summary(struct store *store, const struct report_options *options, FILE *output,
	struct problem *problem)
{
	return with_site(store, options, true, summary_write, output, problem);
}

struct wanted_chart {
	const char *name;
	FILE *output;
};

static bool chart_write(struct site *site, const json_t *index, void *context)
{
	const struct wanted_chart *wanted = context;

	(void)index;
	return chart_print(site, wanted->name, wanted->output);
}

bool report_chart(struct store *store, const struct report_options *options, const char *name,
	FILE *output, struct problem *problem)
{
	struct wanted_chart wanted = {name, output};

	return with_site(store, options, true, chart_write, &wanted, problem);
}

void report_grafana(FILE *output)
{
	(void)fwrite(asset_grafana_json, 1, (size_t)(asset_grafana_json_end - asset_grafana_json),
		output);
}
