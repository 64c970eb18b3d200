// SPDX-License-Identifier: GPL-2.0-or-later
// A comparison as JSON, for programs and for the page. What is not known is null.
#include "counters/counters.h"

#include <math.h>
#include <stdlib.h>

#include "results/document/facts.h"
#include "results/statistics/sequential.h"
#include "results/text/timestamp.h"

// JSON has no NaN.
static json_t *real_or_null(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

// Beside the plain figures, never in their place.
static void floor_set(json_t *json, const struct compare_row *row, const char *floor)
{
	if (!floor || !isfinite(row->floor_ns))
		return;
	json_object_set_new(json, "above_floor",
		json_pack("{s:s, s:f, s:o, s:o, s:o, s:o, s:o, s:I}", "floor", floor, "floor_ns",
			row->floor_ns, "base_ns", real_or_null(row->above_base_ns), "config_ns",
			real_or_null(row->above_other_ns), "ratio", real_or_null(row->above_ratio),
			"ratio_low", real_or_null(row->above_low), "ratio_high",
			real_or_null(row->above_high), "left_out",
			(json_int_t)row->floor_left_out));
}

static json_t *row_json(const struct compare_row *row, const char *floor)
{
	json_t *json =
		json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:I, "
			  "s:I, s:I, s:o, s:o, s:O}",
			"name", row->name, "workload", row->workload, "base", row->base, "config",
			row->other, "ratio", real_or_null(row->ratio), "ratio_low",
			real_or_null(row->ratio_low), "ratio_high", real_or_null(row->ratio_high),
			"confidence", real_or_null(row->confidence), "p", real_or_null(row->p), "q",
			real_or_null(row->q), "superiority", real_or_null(row->superiority),
			"verdict", verdict_name(row->verdict), "direction", compare_direction(row),
			"n", (json_int_t)row->rounds, "n_a", (json_int_t)row->base_count, "n_b",
			(json_int_t)row->other_count, "base_ns", real_or_null(row->base_ns),
			"config_ns", real_or_null(row->other_ns), "warnings", row->warnings);

	json_object_set_new(json, "margin", json_real(row->margin));
	json_object_set_new(json, "margin_from", json_string(row->margin_from));
	json_object_set_new(json, "beyond_margin",
		json_boolean(verdict_is_beyond(row->ratio_low, row->ratio_high, row->margin)));
	json_object_set_new(json, "ratio_unselected", real_or_null(row->ratio_unselected));
	json_object_set_new(json, "simulated", json_boolean(row->is_timeless));
	floor_set(json, row, floor);
	if (!row->counters)
		return json;
	char *explanation = row_explanation(row);
	json_object_set(json, "counters", row->counters);
	json_object_set_new(json, "explanation", text_or_null(explanation));
	free(explanation);
	return json;
}

// Adds the facts that are shown, of the machine or of what ran on it.
static void facts_add(json_t *json, const struct store_build *build, bool is_of_machine)
{
	for (size_t i = 0; i < facts_count; i++) {
		const char *name = facts[i].name;

		if (fact_is(&facts[i], FACT_SHOWN) &&
			(facts[i].kind == FACT_MACHINE) == is_of_machine)
			json_object_set_new(json, name,
				text_or_null(
					json_string_value(json_object_get(build->context, name))));
	}
}

static json_t *build_json(const struct store_build *build)
{
	json_t *json = json_pack(
		"{s:s, s:I}", "config", build->config, "processes", (json_int_t)build->processes);

	facts_add(json, build, false);
	return json;
}

static json_t *machine_json(const struct store_build *build)
{
	json_t *json = json_object();

	json_object_set_new(json, "fingerprint", text_or_null(build->machine));
	facts_add(json, build, true);
	return json;
}

static json_t *session_json(const struct comparison *comparison)
{
	char started[TIMESTAMP_SIZE];

	return json_pack("{s:I, s:s, s:o, s:o}", "id", (json_int_t)comparison->session, "started",
		timestamp(comparison->session_facts.started_unix_ns, started), "ended",
		text_or_null(comparison->session_facts.ended), "command",
		text_or_null(comparison->session_facts.command));
}

static json_t *mean_json(const struct compare_mean *mean_of)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:I}", "config", mean_of->side, "ratio",
		real_or_null(mean_of->ratio), "ratio_low", real_or_null(mean_of->ratio_low),
		"ratio_high", real_or_null(mean_of->ratio_high), "confidence",
		real_or_null(mean_of->confidence), "rows", (json_int_t)mean_of->rows);
}

// Curves and matrices, where there are any.
static void shapes_set(json_t *json, const struct comparison *comparison)
{
	if (json_array_size(comparison->curves) > 0)
		json_object_set(json, "curves", comparison->curves);
	if (json_array_size(comparison->matrices) > 0)
		json_object_set(json, "matrices", comparison->matrices);
}

// What was compared where it was no session: files, or a projection's sides.
static json_t *others_json(const struct comparison *comparison, json_t *rows, json_t *means)
{
	json_t *json = json_copy(comparison->files ? comparison->files : comparison->projection);
	json_t *judged = json_pack("{s:f, s:f, s:f, s:o, s:o, s:O}", "margin", comparison->margin,
		"alpha", comparison->alpha, "confidence", COMPARE_CONFIDENCE, "means", means,
		"rows", rows, "warnings", comparison->warnings);

	shapes_set(judged, comparison);
	if (!json || !judged || json_object_update(json, judged) != 0) {
		json_decref(json);
		json = NULL;
	}
	json_decref(judged);
	return json;
}

json_t *compare_json(const struct comparison *comparison)
{
	json_t *rows = json_array();
	json_t *means = json_array();
	json_t *configs;
	json_t *json;
	const struct store_build *base;

	for (size_t i = 0; i < comparison->rows_count; i++)
		json_array_append_new(rows, row_json(&comparison->rows[i], comparison->floor));
	for (size_t i = 0; i < comparison->means_count; i++)
		json_array_append_new(means, mean_json(&comparison->means[i]));
	if (comparison->files || comparison->projection)
		return others_json(comparison, rows, means);
	base = &comparison->builds.items[0];
	configs = json_array();
	for (size_t i = 0; i < comparison->builds.count; i++)
		json_array_append_new(configs, build_json(&comparison->builds.items[i]));
	json = json_pack("{s:o, s:o, s:s, s:o, s:I, s:I, s:I, s:f, s:f, s:f, s:o, s:o, s:O, s:O*}",
		"session", session_json(comparison), "machine", machine_json(base), "base",
		comparison->sides[0], "configs", configs, "rounds",
		(json_int_t)comparison->rounds_most, "layouts", (json_int_t)comparison->layouts,
		"looks", (json_int_t)(comparison->looks ? comparison->looks->looks_held : 0),
		"margin", comparison->margin, "alpha", comparison->alpha, "confidence",
		COMPARE_CONFIDENCE, "means", means, "rows", rows, "warnings", comparison->warnings,
		"figures", comparison->figures);
	shapes_set(json, comparison);
	return json;
}
