// SPDX-License-Identifier: GPL-2.0-or-later
// A comparison of a projection's sides, step by step: the runs that are chosen, their machine, the
// sides, their samples, what pairs these. Entry: sides_load(). Which sides there are is operands.c's
// business, what is said of them sides_describe.c's.
#include "sides.h"

#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "choice.h"
#include "looks.h"
#include "results/text/memory.h"
#include "warnings.h"

// ---- machines

static const char *machine_text(const struct compare_run *run)
{
	return run->source.machine ? run->source.machine : "unknown";
}

static bool machines_refuse(
	const struct choice *choice, const struct compare_run *one, const struct compare_run *two)
{
	return problem_set(choice->problem, EXIT_WRONG_USE,
		"session %lld ran on machine %s and session %lld on machine %s; only results of "
		"one "
		"machine can be compared: --filter='machine:%.8s' chooses one, --row=name,machine "
		"keeps them apart, --across compares them all the same",
		(long long)one->source.session, machine_text(one), (long long)two->source.session,
		machine_text(two), machine_text(one));
}

static bool machines_check(struct choice *choice)
{
	const struct compare_run *first = NULL;
	bool is_warned = names_have(&choice->projection.rows, "machine");

	for (size_t i = 0; i < choice->runs.count; i++) {
		const struct compare_run *run = &choice->runs.items[i];

		if (!run->is_chosen)
			continue;
		if (!run->source.machine && !is_warned) {
			comparison_warn(choice->comparison->warnings,
				"session %lld recorded no machine; whether all was measured on one "
				"is not known",
				(long long)run->source.session);
			is_warned = true;
		}
		first = first ? first : run;
		if (is_warned || strcmp(machine_text(first), machine_text(run)) == 0)
			continue;
		if (!choice->options->is_across)
			return machines_refuse(choice, first, run);
		comparison_warn(choice->comparison->warnings,
			"compared across machines (%s, %s): the ratios hold what these differ by",
			machine_text(first), machine_text(run));
		is_warned = true;
	}
	return true;
}

// ---- samples

typedef void (*label_write)(
	const struct choice *choice, const struct store_source *source, FILE *output);

static void row_write(const struct choice *choice, const struct store_source *source, FILE *output)
{
	projection_write_row(&choice->projection, source, &choice->constant, output);
}

static void side_write(const struct choice *choice, const struct store_source *source, FILE *output)
{
	projection_write_side(&choice->projection, source, output);
}

// Replaces *text, which keeps what it was as long as the caller needs it: until the next sample.
static bool label_make(const struct choice *choice, label_write write,
	const struct store_source *source, char **text)
{
	size_t size;
	FILE *output;

	free(*text);
	*text = NULL;
	output = open_memstream(text, &size);
	if (!output)
		return no_memory(choice->problem, "the comparison");
	write(choice, source, output);
	return fclose(output) == 0 || no_memory(choice->problem, "the comparison");
}

static bool sample_place(void *context, const struct store_source *source,
	struct compare_place *place, struct problem *problem)
{
	struct choice *choice = context;
	const struct compare_run *run = runs_find(&choice->runs, source);
	const char *side;

	(void)problem; // the choice's
	if (!run || projection_filter(&choice->projection, source) != FILTER_YES)
		return true;
	if (choice->is_of_names && !label_make(choice, side_write, source, &choice->side))
		return false;
	side = choice->is_of_names ? choice->side : run->side;
	if (!label_make(choice, row_write, source, &choice->row))
		return false;
	place->row = choice->row;
	return side_place(choice, side, place);
}

static bool samples_load(struct choice *choice)
{
	struct comparison *comparison = choice->comparison;
	bool is_good = true;

	for (size_t i = 0; is_good && i < choice->sessions.count; i++)
		is_good = samples_read(choice->store, strtoll(choice->sessions.items[i], NULL, 10),
			SAMPLES_AGGREGATES | (choice->options->counters ? SAMPLES_COUNTERS : 0),
			sample_place, choice, &comparison->samples, choice->problem);
	if (is_good)
		compare_samples_sort(&comparison->samples);
	return is_good;
}

// ---- pairs

// Rounds pair the sides where all are of the very same sessions.
static bool sides_share_sessions(const struct choice *choice)
{
	const struct comparison *comparison = choice->comparison;

	for (size_t i = 0; i < choice->sessions.count; i++) {
		int64_t session = strtoll(choice->sessions.items[i], NULL, 10);

		for (size_t k = 0; k < comparison->sides_count; k++) {
			if (!side_has_session(comparison, comparison->sides[k], session))
				return false;
		}
	}
	return true;
}

// ---- looks

static bool session_looks(const struct choice *choice, size_t i, struct sequential **looks)
{
	return sequential_of_session(choice->store, strtoll(choice->sessions.items[i], NULL, 10),
		compare_samples_rounds(&choice->comparison->samples), looks, choice->problem);
}

// A session that stopped when it had seen enough is judged by the levels of its looks. Of several
// sessions together no such levels are known.
static bool looks_load(struct choice *choice)
{
	struct comparison *comparison = choice->comparison;

	if (comparison->is_independent)
		return true;
	if (choice->sessions.count == 1)
		return session_looks(choice, 0, &comparison->looks);
	for (size_t i = 0; i < choice->sessions.count; i++) {
		struct sequential *looks;

		if (!session_looks(choice, i, &looks))
			return false;
		if (looks)
			comparison_warn(comparison->warnings,
				"session %s ended as soon as its own rows were decided; taken "
				"together with other sessions, its p values come out too small",
				choice->sessions.items[i]);
		free(looks);
	}
	return true;
}

// ---- all

static bool load(struct choice *choice)
{
	struct comparison *comparison = choice->comparison;

	if (!operands_check(choice) ||
		!runs_read(choice->store, &choice->projection, &choice->runs, choice->problem) ||
		!operands_take(choice) ||
		!runs_choose(
			&choice->runs, &choice->projection, &choice->wanted, choice->problem) ||
		!sessions_list(choice) || !machines_check(choice) || !constants_list(choice) ||
		!sides_begin(choice) || !samples_load(choice) || !sides_end(choice))
		return false;
	comparison->is_independent = !sides_share_sessions(choice);
	return looks_load(choice) && sides_describe(choice);
}

bool sides_load(struct store *store, const struct compare_options *options,
	struct comparison *comparison, struct problem *problem)
{
	struct choice choice = {
		.store = store, .options = options, .comparison = comparison, .problem = problem};
	bool is_good = projection_make(&choice.projection, options, problem);

	for (size_t i = 0; is_good && i < choice.projection.columns.count; i++)
		choice.is_of_names |= key_is_of_name(choice.projection.columns.items[i]);
	is_good = is_good && load(&choice);
	projection_free(&choice.projection);
	runs_free(&choice.runs);
	store_names_free(&choice.wanted);
	store_names_free(&choice.constant);
	store_names_free(&choice.sessions);
	free(choice.row);
	free(choice.side);
	return is_good;
}
