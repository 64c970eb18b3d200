// SPDX-License-Identifier: GPL-2.0-or-later
// Measures a gate's candidates side by side: the judged builds and the baseline's in the same rounds.
// Entry: confirmation_measure().
#include "confirmation.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "harness/process/commit_build.h"
#include "results/gate/plan.h"
#include "results/text/memory.h"
#include "results/text/side.h"
#include "session.h"

// Texts without repetition, borrowed.
struct names {
	const char **items;
	size_t count;
};

struct confirmation {
	const struct confirmation_request *request;
	const struct gate *gate; // of the request
	json_t *plan; // of the judged session
	struct names configs, workloads, settings;
	struct names sides; // texts of our own
};

static bool name_add(struct names *names, const char *name)
{
	const char **items;

	if (texts_have((struct texts){names->items, names->count}, name))
		return true;
	items = array_grown((void *)names->items, names->count, sizeof(*items));
	if (!items)
		return false;
	names->items = items;
	items[names->count++] = name;
	return true;
}

static bool names_of_json(struct names *names, const json_t *array)
{
	bool is_good = true;

	for (size_t i = 0; is_good && i < json_array_size(array); i++) {
		const char *text = json_string_value(json_array_get(array, i));

		is_good = !text || name_add(names, text);
	}
	return is_good;
}

static struct texts texts_of(const struct names *names)
{
	return (struct texts){names->items, names->count};
}

// ---- what is measured again

static bool is_candidate(const struct confirmation *confirmation, const struct gate_row *row)
{
	return gate_row_is_candidate(row, confirmation->request->is_beside);
}

static bool candidates_collect(
	struct confirmation *confirmation, struct run *run, struct problem *problem)
{
	const struct gate *gate = confirmation->gate;
	bool is_good = true;
	int rounds = 0;

	for (size_t i = 0; is_good && i < gate->rows_count; i++) {
		const struct gate_row *row = &gate->rows[i];

		if (!is_candidate(confirmation, row))
			continue;
		is_good = name_add(&confirmation->configs, row->config) &&
			  name_add(&confirmation->workloads, row->workload);
		rounds = (int)row->count > rounds ? (int)row->count : rounds;
	}
	run->rounds = run->rounds > 0 ? run->rounds : rounds;
	return is_good || no_memory(problem, "the candidates");
}

// Keeps the settings of the chosen workloads: the selection would refuse those of others.
static void settings_narrow(struct confirmation *confirmation)
{
	struct names *settings = &confirmation->settings;
	size_t kept = 0;

	for (size_t i = 0; i < settings->count; i++)
		for (size_t k = 0; k < confirmation->workloads.count; k++)
			if (setting_is_of(settings->items[i], confirmation->workloads.items[k]))
				settings->items[kept++] = settings->items[i];
	settings->count = kept;
}

// What the processes of the judged session were told.
static bool told_again(struct confirmation *confirmation, struct run *run, struct problem *problem)
{
	const json_t *plan = confirmation->plan;

	const json_t *passed = json_object_get(plan, "passed");

	if (!names_of_json(&confirmation->settings, json_object_get(plan, "settings")))
		return no_memory(problem, "the candidates");
	for (size_t i = 0; i < json_array_size(passed); i++) {
		const char *option = json_string_value(json_array_get(passed, i));

		if (option && !run_tell(run, option, NULL, problem))
			return false;
	}
	settings_narrow(confirmation);
	run->settings = texts_of(&confirmation->settings);
	run->min_time_s = gate_plan_real(plan, "min_time_s", 0.1);
	run->timeout_s = gate_plan_real(plan, "timeout_s", 300);
	return true;
}

// ---- its sides

// A commit that can be built again; changes on top of one cannot.
static bool is_buildable(const char *commit)
{
	return commit && *commit && !strchr(commit, '-') && strcmp(commit, "unknown") != 0;
}

static bool side_add(struct confirmation *confirmation, const char *config, char kind,
	const char *where, struct problem *problem)
{
	char *side = NULL;
	bool is_good = asprintf(&side, kind ? "%s%c%s" : "%s", config, kind, where) >= 0;

	is_good = is_good && !texts_have(texts_of(&confirmation->sides), side) &&
		  name_add(&confirmation->sides, side);
	if (!is_good)
		free(side);
	return is_good || no_memory(problem, "the candidates");
}

// The judged build: as its commit has it where the baseline's is built so, too, so that both are built
// alike; else the config's own program.
static bool head_add(struct confirmation *confirmation, const char *config, struct problem *problem)
{
	const struct gate *gate = confirmation->gate;
	bool is_built = !confirmation->request->programs && is_buildable(gate->session_commit) &&
			strcmp(gate->session_commit,
				gate->baseline_commit ? gate->baseline_commit : "") != 0;

	return side_add(confirmation, config, is_built ? SIDE_OF_COMMIT : '\0',
		is_built ? gate->session_commit : "", problem);
}

static bool of_commit_add(struct confirmation *confirmation, const char *config, const char *commit,
	int64_t session, struct problem *problem)
{
	if (is_buildable(commit))
		return side_add(confirmation, config, SIDE_OF_COMMIT, commit, problem);
	return problem_set(problem, EXIT_NOT_MEASURED,
		"session %lld measured commit %s, which nobody can build again; "
		"--baseline-programs=FOLDER names its programs",
		(long long)session, commit ? commit : "unknown");
}

static bool baseline_add(
	struct confirmation *confirmation, const char *config, struct problem *problem)
{
	const struct gate *gate = confirmation->gate;

	if (confirmation->request->programs)
		return side_add(confirmation, config, SIDE_OF_FOLDER,
			confirmation->request->programs, problem);
	return of_commit_add(
		confirmation, config, gate->baseline_commit, gate->baselines[0], problem);
}

static bool has_anchored(const struct confirmation *confirmation, const char *config)
{
	const struct gate *gate = confirmation->gate;

	for (size_t i = 0; i < gate->rows_count; i++)
		if (gate->rows[i].anchor && is_candidate(confirmation, &gate->rows[i]) &&
			strcmp(gate->rows[i].config, config) == 0)
			return true;
	return false;
}

// Of each config the judged build, the baseline's, and where it is asked for the anchor's.
static bool sides_collect(struct confirmation *confirmation, struct problem *problem)
{
	const struct gate *gate = confirmation->gate;
	bool is_good = true;

	for (size_t i = 0; is_good && i < confirmation->configs.count; i++) {
		const char *config = confirmation->configs.items[i];

		is_good = head_add(confirmation, config, problem) &&
			  baseline_add(confirmation, config, problem);
		if (is_good && has_anchored(confirmation, config))
			is_good = of_commit_add(
				confirmation, config, gate->anchor_commit, gate->anchor, problem);
	}
	return is_good;
}

static bool has_candidate(
	const struct confirmation *confirmation, const char *workload, const char *side)
{
	const struct gate *gate = confirmation->gate;

	for (size_t i = 0; i < gate->rows_count; i++)
		if (is_candidate(confirmation, &gate->rows[i]) &&
			strcmp(gate->rows[i].workload, workload) == 0 &&
			(strcmp(gate->rows[i].config, side) == 0 ||
				side_is_build_of(side, gate->rows[i].config)))
			return true;
	return false;
}

static bool candidates_select(
	const struct confirmation *confirmation, struct run *run, struct problem *problem)
{
	struct selection *selection = &run->selection;

	if (!run_select(run, texts_of(&confirmation->sides), texts_of(&confirmation->workloads),
		    problem)) {
		problem->status = EXIT_NOT_MEASURED; // the user named none of it
		return problem_locate(problem, "cannot measure the candidates side by side");
	}
	for (size_t i = 0; i < selection->workloads_count; i++)
		for (size_t k = 0; k < selection->sides_count; k++)
			*selection_has(selection, i, k) &= has_candidate(
				confirmation, selection->workloads[i], selection->labels[k]);
	return true;
}

// ---- measuring

static int measure(const struct run *run, int64_t *id, struct problem *problem)
{
	struct session session;
	int status = session_measure(run, &session, problem) ? session_status(&session, problem)
							     : (int)problem->status;

	*id = session.id;
	session_free(&session);
	return status;
}

static void confirmation_free(struct confirmation *confirmation)
{
	free((void *)confirmation->configs.items);
	free((void *)confirmation->workloads.items);
	free((void *)confirmation->settings.items);
	for (size_t i = 0; i < confirmation->sides.count; i++)
		free((void *)confirmation->sides.items[i]);
	free((void *)confirmation->sides.items);
	json_decref(confirmation->plan);
}

int confirmation_measure(struct run *run, const struct confirmation_request *request,
	int64_t *session, struct problem *problem)
{
	const struct gate *gate = request->gate;
	struct confirmation confirmation = {.request = request, .gate = gate};
	int status = EXIT_NOT_MEASURED;

	run->purpose = "confirmation";
	run->seed = run_seed_draw();
	if (store_session_plan(run->store, gate->session, &confirmation.plan, problem) &&
		candidates_collect(&confirmation, run, problem) &&
		told_again(&confirmation, run, problem) && sides_collect(&confirmation, problem) &&
		candidates_select(&confirmation, run, problem) && run_plan(run, problem))
		status = measure(run, session, problem);
	run_free(run);
	confirmation_free(&confirmation);
	return status;
}
