// SPDX-License-Identifier: GPL-2.0-or-later
// The looks of `slabmark run --until=verdict`. Entry: watch_round(), called by session.c between
// rounds: it compares what is stored so far, with the very code that compare will use later, and
// notes which workloads of which configs have a row left that further rounds could decide. The base
// goes on as long as anyone is compared with it.
#include "until.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool watch_round(
	void *context, struct session *session, int rounds, struct problem *problem);
static bool watch_wants(void *context, const struct plan_step *step);

bool until_make(struct until *until, const struct until_request *request)
{
	const struct plan_choice *choice = request->choice;

	*until = (struct until){
		.request = request,
		.watch = {watch_round, watch_wants, until},
		.is_done = calloc(choice->workloads_count * choice->configs_count + 1,
			sizeof(*until->is_done)),
	};
	return until->is_done && sequential_make(&until->plan, (size_t)choice->rounds,
					 request->every, request->options->alpha);
}

void until_free(struct until *until)
{
	free(until->is_done);
	until->is_done = NULL;
}

// ---- a look

static size_t place_of(const char *const *names, size_t count, const char *name)
{
	size_t i = 0;

	while (i < count && strcmp(names[i], name) != 0)
		i++;
	return i;
}

static bool *done_of(const struct until *until, const char *workload, const char *config)
{
	const struct plan_choice *choice = until->request->choice;
	size_t i = place_of(choice->workloads, choice->workloads_count, workload);
	size_t k = place_of(choice->configs, choice->configs_count, config);

	return &until->is_done[i * choice->configs_count + k];
}

// The standard deviation of a round's difference.
static double spread_of(const struct compare_row *row)
{
	double squares = 0;

	for (size_t i = 0; i < row->blocks_count; i++)
		squares += row->blocks[i].deviation * row->blocks[i].deviation;
	return row->blocks_count > 1 ? sqrt(squares / (double)(row->blocks_count - 1)) : 0;
}

static bool has_hope(const struct until *until, const struct compare_row *row)
{
	const struct compare_options *options = until->request->options;

	return until->request->is_stubborn || row->rounds < 2 ||
	       sequential_hope(&until->plan, log(row->ratio), spread_of(row), row->rounds,
		       row->margin, options->alpha) >= UNTIL_HOPE_LEAST;
}

// Compares what is stored. *comparison is NULL where nothing could be compared, which is no
// failure.
static bool look(const struct until *until, struct store *store, int64_t session,
	struct comparison **comparison, struct problem *problem)
{
	struct compare_options options = *until->request->options;
	struct problem refusal;

	options.configs = until->request->choice->configs;
	options.configs_count = until->request->choice->configs_count;
	options.session = session;
	if (compare_make(store, &options, comparison, &refusal))
		return true;
	if (refusal.status == EXIT_NOT_MEASURED)
		return true;
	*problem = refusal;
	return false;
}

// A workload of a config goes on when any of its rows is undecided and not beyond hope; once it
// stopped it stays so, since rounds that were left out cannot be caught up with.
static void done_update(struct until *until, const struct comparison *comparison)
{
	const struct plan_choice *choice = until->request->choice;
	size_t count = choice->workloads_count * choice->configs_count;
	bool *goes_on = calloc(count + 1, sizeof(*goes_on));

	if (!goes_on)
		return; // more rounds than needed are no error
	for (size_t i = 0; comparison && i < comparison->rows_count; i++) {
		const struct compare_row *row = &comparison->rows[i];

		if (row->verdict == VERDICT_UNDECIDED && has_hope(until, row))
			goes_on[done_of(until, row->workload, row->config) - until->is_done] = true;
	}
	for (size_t i = 0; i < count; i++)
		until->is_done[i] = until->is_done[i] || !goes_on[i];
	for (size_t i = 0; i < choice->workloads_count; i++) {
		bool *of_workload = &until->is_done[i * choice->configs_count];

		of_workload[0] = true;
		for (size_t k = 1; k < choice->configs_count; k++)
			of_workload[0] = of_workload[0] && of_workload[k];
	}
	free(goes_on);
}

static bool watch_round(void *context, struct session *session, int rounds, struct problem *problem)
{
	struct until *until = context;
	struct comparison *comparison = NULL;
	bool is_look = false;

	for (size_t k = 0; k < until->plan.looks_count; k++)
		is_look = is_look || until->plan.looks[k] == (size_t)rounds;
	if (!is_look)
		return true;
	if (!look(until, session->store, session->id, &comparison, problem))
		return false;
	done_update(until, comparison);
	comparison_free(comparison);
	return true;
}

static bool watch_wants(void *context, const struct plan_step *step)
{
	return !*done_of(context, step->workload, step->config);
}

// ---- the end

static void tally_row(
	const struct until *until, const struct compare_row *row, struct until_tally *tally)
{
	double needed;

	tally->changed += row->verdict == VERDICT_CHANGED;
	tally->equivalent += row->verdict == VERDICT_EQUIVALENT;
	tally->undecided += row->verdict == VERDICT_UNDECIDED;
	if (tally->rounds_least == 0 || row->rounds < tally->rounds_least)
		tally->rounds_least = row->rounds;
	if (row->rounds > tally->rounds_most)
		tally->rounds_most = row->rounds;
	if (row->verdict != VERDICT_UNDECIDED || row->rounds >= until->plan.rounds_max ||
		has_hope(until, row))
		return;
	needed = sequential_rounds_needed(
		log(row->ratio), spread_of(row), row->margin, until->request->options->alpha);
	tally->rounds_needed = tally->hopeless == 0 ? needed : fmin(tally->rounds_needed, needed);
	tally->hopeless++;
}

bool until_tally(const struct until *until, struct store *store, int64_t session,
	struct until_tally *tally, struct problem *problem)
{
	struct comparison *comparison = NULL;

	*tally = (struct until_tally){0};
	if (!look(until, store, session, &comparison, problem))
		return false;
	for (size_t i = 0; comparison && i < comparison->rows_count; i++)
		tally_row(until, &comparison->rows[i], tally);
	comparison_free(comparison);
	return true;
}

static void hopeless_say(const struct until *until, const struct until_tally *tally, FILE *output)
{
	fprintf(output,
		"%zu of the undecided got no further rounds: %zu rounds would hardly decide them",
		tally->hopeless, until->plan.rounds_max);
	if (isfinite(tally->rounds_needed))
		fprintf(output, ", about %.0f the first of them", tally->rounds_needed);
	fputc('\n', output);
}

void until_say(const struct until *until, const struct session *session,
	const struct until_tally *tally, FILE *output)
{
	char spent[32];
	char saved[32];
	const struct sequential *plan = &until->plan;
	double alpha = until->request->options->alpha;
	size_t planned = session->plan->count;
	size_t run = session->progress.done;
	double each_s = run > 0 ? session->elapsed_s / (double)run : 0;

	fprintf(output, "verdicts: %zu changed, %zu equivalent, %zu undecided\n", tally->changed,
		tally->equivalent, tally->undecided);
	if (tally->hopeless > 0)
		hopeless_say(until, tally, output);
	fprintf(output,
		"spent: %zu to %zu of %zu rounds a comparison, at most %.2g of the %.2g that false "
		"alarms may have, %s\n",
		tally->rounds_least, tally->rounds_most, plan->rounds_max,
		spending_obrien_fleming(
			alpha, (double)tally->rounds_most / (double)plan->rounds_max),
		alpha, duration_text(spent, sizeof(spent), session->elapsed_s));
	fprintf(output, "saved: %zu of %zu processes (%.0f %%), about %s\n", planned - run, planned,
		100 * (double)(planned - run) / (double)planned,
		duration_text(saved, sizeof(saved), each_s * (double)(planned - run)));
}
