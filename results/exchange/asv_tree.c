// SPDX-License-Identifier: GPL-2.0-or-later
// Gathers the points of asv's results tree, each with its statistics and its place. Entry:
// asv_tree_add(). The files are made of them at the end, in asv_files.c. What each file holds is
// written down in asv's "Developer Docs".
#include "asv_tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#include "asv_files.h"
#include "asv_name.h"
#include "results/statistics/statistics.h"

enum { MACHINE_VERSION = 1, RESULTS_VERSION = 2 }; // of the files, as asv counts them

struct asv_tree {
	json_t *machines; // by name: machine.json
	json_t *results; // by path: {"head": {}, "points": {SERIES: {"name", "row"}}}
};

struct asv_tree *asv_tree_new(void)
{
	struct asv_tree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return NULL;
	tree->machines = json_object();
	tree->results = json_object();
	return tree;
}

void asv_tree_free(struct asv_tree *tree)
{
	if (!tree)
		return;
	json_decref(tree->machines);
	json_decref(tree->results);
	free(tree);
}

// ---- a point

// 99 %, as asv wants it: by signed ranks from 8 processes on, by Student's t on the logs from 2 on,
// which is wide.
static bool interval_of(const double *samples, size_t count, double *low, double *high)
{
	double *logs = calloc(count, sizeof(*logs));
	struct interval interval = {0};
	bool is_good = logs != NULL;

	for (size_t i = 0; is_good && i < count; i++)
		logs[i] = log(samples[i]);
	is_good = is_good && hodges_lehmann(logs, count, 0.99, &interval);
	if (is_good && !interval.is_reached) {
		double middle = gsl_stats_mean(logs, 1, count);
		double reach = gsl_cdf_tdist_Pinv(0.995, (double)(count - 1)) *
			       gsl_stats_sd(logs, 1, count) / sqrt((double)count);

		interval.low = middle - reach;
		interval.high = middle + reach;
	}
	*low = exp(interval.low);
	*high = exp(interval.high);
	free(logs);
	return is_good && isfinite(*high);
}

static bool row_add_statistics(json_t *row, const struct asv_point *point)
{
	double *sorted = calloc(point->count, sizeof(*sorted));
	double low, high;
	json_t *members = NULL;

	// asv takes a single sample for no statistics at all.
	if (point->count < 2 || !interval_of(point->samples_s, point->count, &low, &high)) {
		free(sorted);
		return true;
	}
	if (sorted) {
		memcpy(sorted, point->samples_s, point->count * sizeof(*sorted));
		gsl_sort(sorted, 1, point->count);
		members = json_pack("{s:f, s:f, s:f, s:f, s:i, s:I}", "stats_ci_99_a", low,
			"stats_ci_99_b", high, "stats_q_25",
			gsl_stats_quantile_from_sorted_data(sorted, 1, point->count, 0.25),
			"stats_q_75",
			gsl_stats_quantile_from_sorted_data(sorted, 1, point->count, 0.75),
			"stats_number", 1, "stats_repeat", (json_int_t)point->count);
	}
	free(sorted);
	return json_object_update_new(row, members) == 0;
}

// What of a results row is the point's own, by column.
static json_t *row_of(const struct asv_point *point)
{
	json_t *samples = json_array();
	json_t *row;

	for (size_t i = 0; i < point->count; i++)
		json_array_append_new(samples, json_real(point->samples_s[i]));
	row = json_pack("{s:f, s:o}", "result", point->result_s, "samples", samples);
	if (row && row_add_statistics(row, point))
		return row;
	json_decref(row);
	return NULL;
}

// ---- its place

static const char *text_or_empty(const char *text)
{
	return text ? text : "";
}

// A new kernel would begin a new line in asv's graphs; its name alone does not.
static json_t *machine_of(const struct asv_place *place, const char *name)
{
	const char *system = text_or_empty(place->system);

	return json_pack("{s:s, s:s%, s:s, s:s, s:s, s:s, s:i}", "machine", name, "os", system,
		strcspn(system, " "), "arch", "", "cpu", text_or_empty(place->cpu), "num_cpu",
		text_or_empty(place->topology), "ram", "", "version", MACHINE_VERSION);
}

static char *environment_of(const struct asv_place *place)
{
	char *whole = NULL;
	char *part;

	if (asprintf(&whole, "%s%s%s%s%s", place->config, place->compiler ? "-" : "",
		    text_or_empty(place->compiler), place->build_type ? "-" : "",
		    text_or_empty(place->build_type)) < 0)
		return NULL;
	// A blank is no reason for a hash.
	for (char *c = whole; *c; c++)
		*c = (char)(*c == ' ' ? '_' : *c);
	part = asv_path_part(whole);
	free(whole);
	return part;
}

// The file but its results. What stands in "params" tells asv's lines apart.
static json_t *head_of(
	const struct asv_place *place, const json_t *machine, const char *environment)
{
	json_t *params = json_pack("{s:s, s:s, s:s, s:s}", "config", place->config, "compiler",
		text_or_empty(place->compiler), "build_type", text_or_empty(place->build_type),
		"python", "");

	if (!params || json_object_update_missing(params, (json_t *)machine) != 0) {
		json_decref(params);
		return NULL;
	}
	json_object_del(params, "version");
	return json_pack("{s:i, s:s, s:s, s:I, s:o, s:s, s:{}, s:{}, s:{}}", "version",
		RESULTS_VERSION, "commit_hash", place->commit, "env_name", environment, "date",
		(json_int_t)(place->commit_unix_ns / 1000000), "params", params, "python", "",
		"requirements", "env_vars", "durations");
}

// The file of a place, borrowed; made when this is its first point. A later session tells of the
// machine anew.
static json_t *file_at(struct asv_tree *tree, const struct asv_place *place, const char *path,
	const char *machine_name, const char *environment)
{
	json_t *file = json_object_get(tree->results, path);
	json_t *machine = machine_of(place, machine_name);

	if (json_object_set_new(tree->machines, machine_name, machine) != 0)
		return NULL;
	if (!file) {
		file = json_pack("{s:{}}", "points");
		if (json_object_set_new(tree->results, path, file) != 0)
			return NULL;
	}
	return json_object_set_new(file, "head", head_of(place, machine, environment)) == 0 ? file
											    : NULL;
}

static json_t *file_of(struct asv_tree *tree, const struct asv_place *place)
{
	char *machine = asv_path_part(place->machine);
	char *environment = environment_of(place);
	char *path = NULL;
	json_t *file = NULL;

	if (machine && environment &&
		asprintf(&path, "%s/%.8s-%s.json", machine, place->commit, environment) >= 0)
		file = file_at(tree, place, path, machine, environment);
	free(machine);
	free(environment);
	free(path);
	return file;
}

bool asv_tree_add(
	struct asv_tree *tree, const struct asv_place *place, const struct asv_point *point)
{
	json_t *file = file_of(tree, place);
	json_t *row = file ? row_of(point) : NULL;

	if (!row)
		return false;
	json_object_set_new(row, "started_at", json_integer(place->started_unix_ns / 1000000));
	return json_object_set_new(json_object_get(file, "points"), point->series,
		       json_pack("{s:o, s:o}", "name", asv_name_split(point->series), "row",
			       row)) == 0;
}

json_t *asv_tree_files(const struct asv_tree *tree)
{
	return asv_files(tree->machines, tree->results);
}
