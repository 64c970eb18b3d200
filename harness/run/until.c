// SPDX-License-Identifier: GPL-2.0-or-later
// The looks of `slabmark run --until=verdict`. Entry: watch_round(), called by session.c between
// rounds: it compares what is stored so far, with the very code that compare will use later, and
// notes which workloads of which sides have a row left that further rounds could decide. The base
// goes on as long as anyone is compared with it.
#include "until.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/compare/looks.h"
#include "results/text/figure.h"

static bool watch_round(void *context, int64_t session, int rounds, struct problem *problem);
static bool watch_wants(void *context, const struct plan_step *step);

static size_t pairs_count(const struct selection *selection)
{
	return selection->workloads_count * selection->sides_count;
}

bool until_make(struct until *until, const struct until_request *request)
{
	const struct run *run = request->run;

	*until = (struct until){
		.request = request,
		.is_done = calloc(pairs_count(&run->selection) + 1, sizeof(*until->is_done)),
	};
	if (until->is_done && sequential_make(&until->looks, (size_t)run->rounds, request->every,
				      request->options->alpha))
		until->looks_json = sequential_json(&until->looks);
	until->watch = (struct run_watch){watch_round, watch_wants, until, until->looks_json};
	return until->looks_json;
}

void until_free(struct until *until)
{
	free(until->is_done);
	json_decref(until->looks_json);
	*until = (struct until){0};
}

// ---- a look

static const struct selection *selection_of(const struct until *until)
{
	return &until->request->run->selection;
}

// Where is_done has the row's workload and side: rows come from the store, by name.
static size_t place_of(const struct until *until, const struct compare_row *row)
{
	const struct selection *selection = selection_of(until);
	const struct texts workloads = {selection->workloads, selection->workloads_count};
	const struct texts labels = {selection->labels, selection->sides_count};

	return texts_index(workloads, row->workload) * selection->sides_count +
	       texts_index(labels, row->other);
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
	       sequential_hope(&until->looks, log(row->ratio), spread_of(row), row->rounds,
		       row->margin, options->alpha) >= UNTIL_HOPE_LEAST;
}

// Compares what is stored. *comparison is NULL where there is nothing to compare yet, which is no
// failure.
static bool look(const struct until *until, int64_t session, struct comparison **comparison,
	struct problem *problem)
{
	struct compare_options options = *until->request->options;
	struct problem refusal;

	options.sides = selection_of(until)->labels;
	options.sides_count = selection_of(until)->sides_count;
	options.session = session;
	if (compare_make(until->request->run->store, &options, comparison, &refusal))
		return true;
	if (refusal.status == EXIT_NOT_MEASURED)
		return true;
	*problem = refusal;
	return false;
}

// A workload of a side goes on while any of its rows is undecided and not beyond hope. When it has
// stopped, it stays so: nothing can catch up with the rounds that were left out.
static void done_update(struct until *until, const struct comparison *comparison)
{
	const struct selection *selection = selection_of(until);
	size_t count = pairs_count(selection);
	bool *goes_on = calloc(count + 1, sizeof(*goes_on));

	if (!goes_on)
		return; // more rounds than needed are no error
	for (size_t i = 0; comparison && i < comparison->rows_count; i++) {
		const struct compare_row *row = &comparison->rows[i];

		if (row->verdict == VERDICT_UNDECIDED && has_hope(until, row))
			goes_on[place_of(until, row)] = true;
	}
	for (size_t i = 0; i < count; i++)
		until->is_done[i] = until->is_done[i] || !goes_on[i];
	for (size_t i = 0; i < selection->workloads_count; i++) {
		bool *of_workload = &until->is_done[i * selection->sides_count];

		of_workload[0] = true;
		for (size_t k = 1; k < selection->sides_count; k++)
			of_workload[0] = of_workload[0] && of_workload[k];
	}
	free(goes_on);
}

static bool watch_round(void *context, int64_t session, int rounds, struct problem *problem)
{
	struct until *until = context;
	struct comparison *comparison = NULL;
	bool is_look = false;

	for (size_t k = 0; k < until->looks.looks_count; k++)
		is_look = is_look || until->looks.looks[k] == (size_t)rounds;
	if (!is_look)
		return true;
	if (!look(until, session, &comparison, problem))
		return false;
	done_update(until, comparison);
	comparison_free(comparison);
	return true;
}

static bool watch_wants(void *context, const struct plan_step *step)
{
	const struct until *until = context;

	return !until->is_done[step->workload * selection_of(until)->sides_count + step->side];
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
	if (row->verdict != VERDICT_UNDECIDED || row->rounds >= until->looks.rounds_max ||
		has_hope(until, row))
		return;
	needed = sequential_rounds_needed(
		log(row->ratio), spread_of(row), row->margin, until->request->options->alpha);
	tally->rounds_needed = tally->hopeless == 0 ? needed : fmin(tally->rounds_needed, needed);
	tally->hopeless++;
}

bool until_tally(const struct until *until, int64_t session, struct until_tally *tally,
	struct problem *problem)
{
	struct comparison *comparison = NULL;

	*tally = (struct until_tally){0};
	if (!look(until, session, &comparison, problem))
		return false;
	for (size_t i = 0; comparison && i < comparison->rows_count; i++)
		tally_row(until, &comparison->rows[i], tally);
	comparison_free(comparison);
	return true;
}

static void hopeless_say(const struct until *until, const struct until_tally *tally, FILE *output)
{
	fprintf(output,
		"%zu of the undecided got no further rounds: even %zu rounds would hardly decide "
		"%s",
		tally->hopeless, until->looks.rounds_max,
		plural(tally->hopeless, "it", "one of them"));
	if (isfinite(tally->rounds_needed))
		fprintf(output, "; the nearest needs about %.0f", tally->rounds_needed);
	fputc('\n', output);
}

void until_say(const struct until *until, const struct session *session,
	const struct until_tally *tally, FILE *output)
{
	char spent[32];
	char saved[32];
	size_t rounds_max = until->looks.rounds_max;
	double alpha = until->request->options->alpha;
	size_t planned = session->run->plan.count;
	size_t run = session->progress.done;
	double each_s = run > 0 ? session->elapsed_s / (double)run : 0;

	fprintf(output, "verdicts: %zu changed, %zu equivalent, %zu undecided\n", tally->changed,
		tally->equivalent, tally->undecided);
	if (tally->hopeless > 0)
		hopeless_say(until, tally, output);
	fprintf(output,
		"spent: %zu to %zu of %zu rounds a comparison, %s; the share of false alarms is at "
		"most %.2g so far, and %.2g after all rounds\n",
		tally->rounds_least, tally->rounds_most, rounds_max,
		duration_text(spent, sizeof(spent), session->elapsed_s),
		spending_obrien_fleming(alpha, (double)tally->rounds_most / (double)rounds_max),
		alpha);
	fprintf(output, "saved: %zu of %zu processes (%.0f %%), about %s\n", planned - run, planned,
		100 * (double)(planned - run) / (double)planned,
		duration_text(saved, sizeof(saved), each_s * (double)(planned - run)));
}
