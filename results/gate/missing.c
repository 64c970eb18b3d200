// SPDX-License-Identifier: GPL-2.0-or-later
// What the baseline has and the session was to measure, and did not. Entry: gate_missing_add().
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/text/side.h"

static bool json_has_text(const json_t *array, const char *text)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const char *item = json_string_value(json_array_get(array, i));

		if (item && strcmp(item, text) == 0)
			return true;
	}
	return false;
}

// Whether it or a build of it is among the sides.
static bool json_has_config(const json_t *sides, const char *config)
{
	bool has = json_has_text(sides, config);

	for (size_t i = 0; !has && i < json_array_size(sides); i++) {
		const char *side = json_string_value(json_array_get(sides, i));

		has = side && side_is_build_of(side, config);
	}
	return has;
}

// Whether the session was to measure it: by its plan; without one, by its having measured any of
// the workload.
static bool is_expected(const json_t *plan, const struct compare_samples *samples,
	const char *workload, const char *config)
{
	const json_t *workloads = json_object_get(plan, "workloads");

	if (json_is_array(workloads))
		return json_has_text(workloads, workload) &&
		       json_has_config(json_object_get(plan, "configs"), config);
	for (size_t i = 0; i < samples->count; i++) {
		if (strcmp(samples->items[i].side, GATE_SIDE_SESSION) == 0 &&
			strcmp(samples->items[i].workload, workload) == 0)
			return true;
	}
	return false;
}

// A series of the samples: how many good ones each side has.
struct tally {
	size_t length; // samples of the series
	size_t baseline, session; // good ones
	const char *error; // of the session's first that failed
};

static struct tally tally_series(const struct compare_samples *samples, size_t first)
{
	struct tally tally = {0};
	const char *name = samples->items[first].name;

	for (; first + tally.length < samples->count; tally.length++) {
		const struct compare_sample *sample = &samples->items[first + tally.length];
		bool is_session = strcmp(sample->side, GATE_SIDE_SESSION) == 0;

		if (strcmp(sample->name, name) != 0)
			break;
		if (sample->failed && is_session && !tally.error)
			tally.error =
				sample->error_message ? sample->error_message : "no reason given";
		tally.session += !sample->failed && is_session;
		tally.baseline += !sample->failed && !is_session;
	}
	return tally;
}

static bool missing_add(struct gate *gate, const struct compare_sample *sample,
	const struct tally *tally, struct problem *problem)
{
	struct gate_row *row = gate_row_add(
		gate, sample->series, sample->workload, sample->config, "time", problem);

	if (!row)
		return false;
	row->outcome = GATE_NOT_MEASURED;
	row->baseline_count = tally->baseline;
	if (tally->error)
		row->remark = asprintf(&row->remark, "every sample failed: %s", tally->error) < 0
				      ? NULL
				      : row->remark;
	else
		row->remark = strdup("the session has no sample of it");
	return true;
}

bool gate_missing_add(struct store *store, struct gate *gate, const struct compare_samples *samples,
	struct problem *problem)
{
	json_t *plan;
	bool is_good = store_session_plan(store, gate->session, &plan, problem);
	struct tally tally;

	for (size_t i = 0; is_good && i < samples->count; i += tally.length) {
		const struct compare_sample *sample = &samples->items[i];

		tally = tally_series(samples, i);
		gate->new_count += tally.session > 0 && tally.baseline == 0;
		if (tally.session == 0 && tally.baseline > 0 &&
			is_expected(plan, samples, sample->workload, sample->config))
			is_good = missing_add(gate, sample, &tally, problem);
	}
	json_decref(plan);
	return is_good;
}
