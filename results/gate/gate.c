// SPDX-License-Identifier: GPL-2.0-or-later
// Judges a session against earlier ones. Entry: gate_make(). How times are compared is times.c's,
// exact metrics exact.c's, what is measured side by side confirm.c's; what all of it comes to status.c's.
#include "gate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/compare/warnings.h"
#include "results/document/facts.h"
#include "results/store/internal.h"
#include "results/text/memory.h"
#include "results/text/side.h"

// ---- the session

// The newest session that was to measure something for its own sake: one in which nothing could be
// measured counts, or the one before would be called good in its place.
static bool session_newest(struct store *store, int64_t *session, struct problem *problem)
{
	if (!store_query_integer(store,
		    "SELECT coalesce(max(id), 0) FROM sessions"
		    " WHERE NOT (" SESSION_HAS_PURPOSE("plan") ")",
		    session, problem))
		return false;
	return *session > 0 ||
	       problem_set(problem, EXIT_NOT_MEASURED,
		       "the store has no session to judge; `slabmark run` measures");
}

// Machine and commit of a session's processes. A session of several machines cannot be judged.
bool gate_session_place(struct store *store, int64_t session, char **machine, char **commit,
	struct problem *problem)
{
	struct store_builds builds;
	bool is_good = store_session_builds(store, session, &builds, problem);
	bool is_of_named = false; // the commit is that of a build that says its commit or folder

	*machine = *commit = NULL;
	for (size_t i = 0; is_good && i < builds.count; i++) {
		const struct store_build *build = &builds.items[i];
		const char *text = json_string_value(json_object_get(build->context, "commit"));
		bool is_named = side_kind(build->config) != '\0';

		if (i > 0 &&
			strcmp(*machine ? *machine : "", build->machine ? build->machine : "") != 0)
			is_good = problem_set(problem, EXIT_WRONG_USE,
				"session %lld ran on several machines (%s, %s); only results of "
				"one "
				"machine can be compared",
				(long long)session, *machine ? *machine : "unknown",
				build->machine ? build->machine : "unknown");
		if (!*machine && build->machine)
			*machine = strdup(build->machine);
		if (text && (!*commit || (is_of_named && !is_named))) {
			free(*commit);
			*commit = strdup(text);
			is_of_named = is_named;
		}
	}
	if (is_good && builds.count == 0)
		is_good = problem_set(problem, EXIT_NOT_MEASURED,
			"session %lld has no process: nothing was measured", (long long)session);
	store_builds_free(&builds);
	return is_good;
}

// What may have changed on one machine between two days, and then is part of every ratio.
static void facts_warn(
	struct gate *gate, const struct store_build *before, const struct store_build *now)
{
	for (size_t i = 0; i < facts_count; i++) {
		const char *was = context_fact(before->context, facts[i].name);
		const char *is = context_fact(now->context, facts[i].name);

		if (fact_is(&facts[i], FACT_GATE) && strcmp(was, is) != 0)
			comparison_warn(gate->warnings,
				"%s: %s is another than in session %lld: '%s', it was '%s'",
				now->config, facts[i].name, (long long)gate->baselines[0], is, was);
	}
}

// Compares the first build of each config with the newest baseline's.
static bool builds_warn_of(struct store *store, struct gate *gate, struct problem *problem)
{
	struct store_builds before;
	struct store_builds now;
	bool is_good = store_session_builds(store, gate->baselines[0], &before, problem);

	if (!is_good)
		return false;
	is_good = store_session_builds(store, gate->session, &now, problem);
	for (size_t i = 0; is_good && i < now.count; i++) {
		for (size_t k = 0; k < before.count; k++) {
			if (strcmp(before.items[k].config, now.items[i].config) != 0)
				continue;
			facts_warn(gate, &before.items[k], &now.items[i]);
			break;
		}
	}
	store_builds_free(&before);
	store_builds_free(&now);
	return is_good;
}

// One line for all configs.
static bool memory_warn(struct store *store, struct gate *gate, struct problem *problem)
{
	const int64_t sessions[] = {gate->baselines[0], gate->session};

	return memory_doubt(
		store, sessions, sizeof(sessions) / sizeof(sessions[0]), gate->warnings, problem);
}

static bool session_take(struct store *store, const struct gate_options *options, struct gate *gate,
	struct problem *problem)
{
	struct store_session_facts facts;
	bool is_found = false;

	gate->session = options->session;
	if (!gate->session && !session_newest(store, &gate->session, problem))
		return false;
	if (!store_session_read(store, gate->session, &facts, &is_found, problem))
		return false;
	if (!is_found)
		return problem_set(problem, EXIT_WRONG_USE, "there is no session %lld in the store",
			(long long)gate->session);
	gate->session_started_unix_ns = facts.started_unix_ns;
	// Of a session whose time was up, what is missing shows as rows without a figure.
	gate->is_complete = facts.ended && (strcmp(facts.ended, "complete") == 0 ||
						   strcmp(facts.ended, "out of time") == 0);
	session_warn(gate->warnings, gate->session, facts.ended);
	store_session_facts_free(&facts);
	if (!gate_session_place(
		    store, gate->session, &gate->machine, &gate->session_commit, problem))
		return false;
	if (!gate->machine)
		comparison_warn(gate->warnings,
			"session %lld recorded no machine; whether it and the baseline were "
			"measured "
			"on one is not known",
			(long long)gate->session);
	return true;
}

// ---- all of it

static int row_order(const void *left, const void *right)
{
	const struct gate_row *one = left;
	const struct gate_row *two = right;
	int order = strcmp(one->config, two->config);

	if (order == 0)
		order = strcmp(one->series, two->series);
	// "time" before the others
	if (order == 0)
		order = (strcmp(one->metric, "time") != 0) - (strcmp(two->metric, "time") != 0);
	if (order == 0)
		order = strcmp(one->metric, two->metric);
	return order ? order : (one->anchor > two->anchor) - (one->anchor < two->anchor);
}

// Other builds of the session that are its baseline; none where the baseline is other sessions.
static bool pairs_take(struct store *store, const struct gate *gate, struct gate_pairs *pairs,
	struct problem *problem)
{
	*pairs = (struct gate_pairs){0};
	if (gate->baselines[0] != gate->session)
		return true;
	if (!gate_pairs_asked(store, gate, pairs, problem))
		return false;
	return pairs->count > 0 ||
	       problem_set(problem, EXIT_NOT_MEASURED,
		       "--baseline=%s: session %lld measured no such build beside another of its "
		       "config",
		       gate->asked, (long long)gate->session);
}

static bool rows_make(struct store *store, const struct gate_options *options, struct gate *gate,
	struct problem *problem)
{
	struct gate_options shared = *options;
	struct gate_pairs pairs;
	const struct gate_pairs *taken = NULL;
	bool is_good = pairs_take(store, gate, &pairs, problem);

	if (!is_good)
		return false;
	shared.alpha = gate_alpha(gate, options->alpha, false);
	taken = pairs.count > 0 ? &pairs : NULL;
	is_good = gate_times_add(store, &shared, gate, taken, problem) &&
		  gate_exact_add(store, &shared, gate, taken, problem);
	gate_pairs_free(&pairs);
	if (is_good && gate->anchor)
		is_good = gate_anchor_add(store, options, gate, problem);
	if (!is_good)
		return false;
	if (gate->rows_count == 0)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"session %lld and the baseline %s (session %lld) share no series: nothing "
			"was judged",
			(long long)gate->session, gate->asked, (long long)gate->baselines[0]);
	qsort(gate->rows, gate->rows_count, sizeof(*gate->rows), row_order);
	return true;
}

bool gate_make(struct store *store, const struct gate_options *options, struct gate **gate,
	struct problem *problem)
{
	struct gate *made = calloc(1, sizeof(*made));

	*gate = NULL;
	if (!made)
		return no_memory(problem, "the gate");
	made->asked = strdup(options->baseline);
	made->warnings = json_array();
	made->alpha = options->alpha;
	if (!made->asked || !made->warnings)
		no_memory(problem, "the gate");
	else if (session_take(store, options, made, problem) &&
		 gate_baselines_find(store, made, options->is_beside, problem) &&
		 builds_warn_of(store, made, problem) && memory_warn(store, made, problem) &&
		 rows_make(store, options, made, problem) &&
		 gate_accepted_apply(store, made, problem)) {
		*gate = made;
		return true;
	}
	gate_free(made);
	return false;
}

void gate_free(struct gate *gate)
{
	if (!gate)
		return;
	for (size_t i = 0; i < gate->rows_count; i++) {
		free(gate->rows[i].series);
		free(gate->rows[i].workload);
		free(gate->rows[i].config);
		free(gate->rows[i].metric);
		free(gate->rows[i].remark);
	}
	free(gate->rows);
	free(gate->baselines);
	free(gate->session_commit);
	free(gate->baseline_commit);
	free(gate->anchor_commit);
	free(gate->margins);
	free(gate->machine);
	free(gate->asked);
	json_decref(gate->warnings);
	comparison_free(gate->counters);
	free(gate);
}
