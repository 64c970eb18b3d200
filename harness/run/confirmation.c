// SPDX-License-Identifier: GPL-2.0-or-later
// Measures a gate's candidates again. Entry: confirmation_run().
#include "confirmation.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "record.h"
#include "results/gate/plan.h"
#include "selection.h"

// Texts without repetition, borrowed.
struct words {
	const char **items;
	size_t count;
};

struct confirmation {
	json_t *plan; // of the judged session
	struct words configs, workloads, settings, passed;
	struct selection selection;
	bool is_selected;
	bool *has; // [workload * configs + config]: a candidate
	int rounds;
};

static bool word_add(struct words *words, const char *word)
{
	const char **items;

	for (size_t i = 0; i < words->count; i++)
		if (strcmp(words->items[i], word) == 0)
			return true;
	items = (const char **)realloc((void *)words->items, (words->count + 1) * sizeof(*items));
	if (!items)
		return false;
	words->items = items;
	items[words->count++] = word;
	return true;
}

static bool words_of_json(struct words *words, const json_t *array)
{
	bool is_good = true;

	for (size_t i = 0; is_good && i < json_array_size(array); i++) {
		const char *text = json_string_value(json_array_get(array, i));

		is_good = !text || word_add(words, text);
	}
	return is_good;
}

static bool is_candidate(const struct gate_row *row)
{
	return row->outcome == GATE_REGRESSION && strcmp(row->metric, "time") == 0;
}

// Which configs and workloads, and with what; from the gate's rows and the judged session's plan.
static bool words_collect(struct confirmation *confirmation, const struct gate *gate)
{
	bool is_good =
		words_of_json(
			&confirmation->settings, json_object_get(confirmation->plan, "settings")) &&
		words_of_json(&confirmation->passed, json_object_get(confirmation->plan, "passed"));

	for (size_t i = 0; is_good && i < gate->rows_count; i++) {
		const struct gate_row *row = &gate->rows[i];

		if (!is_candidate(row))
			continue;
		is_good = word_add(&confirmation->configs, row->config) &&
			  word_add(&confirmation->workloads, row->workload);
		if (confirmation->rounds == 0 || (int)row->count > confirmation->rounds)
			confirmation->rounds = (int)row->count;
	}
	return is_good;
}

// Settings are checked against the chosen workloads; those of others are of no use here.
static void settings_select(struct confirmation *confirmation)
{
	struct words *settings = &confirmation->settings;
	size_t kept = 0;

	for (size_t i = 0; i < settings->count; i++)
		for (size_t k = 0; k < confirmation->workloads.count; k++)
			if (setting_is_of(settings->items[i], confirmation->workloads.items[k]))
				settings->items[kept++] = settings->items[i];
	settings->count = kept;
}

static bool select_programs(struct confirmation *confirmation, struct problem *problem)
{
	const struct selection_request request = {
		.configs = confirmation->configs.items,
		.configs_count = confirmation->configs.count,
		.workloads = confirmation->workloads.items,
		.workloads_count = confirmation->workloads.count,
		.settings = confirmation->settings.items,
		.settings_count = confirmation->settings.count,
	};

	confirmation->is_selected = selection_make(&confirmation->selection, &request, problem);
	if (confirmation->is_selected)
		return true;
	problem->status = EXIT_NOT_MEASURED; // the user named none of it
	return problem_locate(problem, "cannot measure the candidates again");
}

static bool has_fill(
	struct confirmation *confirmation, const struct gate *gate, struct problem *problem)
{
	const struct selection *selection = &confirmation->selection;
	size_t count = selection->workloads_count * selection->configs_count;

	confirmation->has = calloc(count + 1, sizeof(*confirmation->has));
	if (!confirmation->has)
		return problem_set(problem, EXIT_NOT_MEASURED, "no memory for the plan");
	for (size_t i = 0; i < count; i++) {
		const char *workload = selection->workloads[i / selection->configs_count];
		const char *config = selection->configs[i % selection->configs_count];

		for (size_t k = 0; k < gate->rows_count && selection->has[i]; k++)
			confirmation->has[i] =
				confirmation->has[i] ||
				(is_candidate(&gate->rows[k]) &&
					strcmp(gate->rows[k].workload, workload) == 0 &&
					strcmp(gate->rows[k].config, config) == 0);
	}
	return true;
}

static int measure(const struct command_call *call, struct store *store,
	const struct confirmation *confirmation, int64_t *id, struct problem *problem)
{
	const struct session_settings settings = {
		.command = "gate",
		.min_time_s = gate_plan_real(confirmation->plan, "min_time_s", 0.1),
		.timeout_s = gate_plan_real(confirmation->plan, "timeout_s", 300),
		.settings = confirmation->settings.items,
		.settings_count = confirmation->settings.count,
		.passed = (char *const *)confirmation->passed.items,
		.passed_count = confirmation->passed.count,
	};
	const struct plan_choice choice = {
		.configs = confirmation->selection.configs,
		.configs_count = confirmation->selection.configs_count,
		.workloads = confirmation->selection.workloads,
		.workloads_count = confirmation->selection.workloads_count,
		.has = confirmation->has,
		.rounds = confirmation->rounds,
		.seed = record_seed_draw(),
	};
	struct plan plan;
	struct session session;

	if (!plan_make(&plan, &choice)) {
		problem_set(problem, EXIT_NOT_MEASURED, "no memory for the plan");
		return EXIT_NOT_MEASURED;
	}
	const struct record_request request = {
		.call = call,
		.settings = &settings,
		.selection = &confirmation->selection,
		.choice = &choice,
		.plan = &plan,
		.purpose = "confirmation",
	};
	int status = record_run(&request, store, &session, problem)
			     ? record_verdict(&session, problem)
			     : (int)problem->status;
	*id = session.id;
	record_free(&session);
	plan_free(&plan);
	return status;
}

static void confirmation_free(struct confirmation *confirmation)
{
	if (confirmation->is_selected)
		selection_free(&confirmation->selection);
	free((void *)confirmation->configs.items);
	free((void *)confirmation->workloads.items);
	free((void *)confirmation->settings.items);
	free((void *)confirmation->passed.items);
	free(confirmation->has);
	json_decref(confirmation->plan);
}

int confirmation_run(const struct command_call *call, struct store *store, const struct gate *gate,
	int rounds, int64_t *session, struct problem *problem)
{
	struct confirmation confirmation = {0};
	int status = EXIT_NOT_MEASURED;
	bool is_good = store_session_plan(store, gate->session, &confirmation.plan, problem);

	if (is_good && !words_collect(&confirmation, gate))
		is_good = problem_set(problem, EXIT_NOT_MEASURED, "no memory for the candidates");
	if (rounds > 0)
		confirmation.rounds = rounds;
	settings_select(&confirmation);
	if (is_good && select_programs(&confirmation, problem) &&
		has_fill(&confirmation, gate, problem))
		status = measure(call, store, &confirmation, session, problem);
	confirmation_free(&confirmation);
	return status;
}
