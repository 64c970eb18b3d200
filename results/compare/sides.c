// SPDX-License-Identifier: GPL-2.0-or-later
// The sides of a projection: which values of its columns they are, and which samples are theirs.
// Entry: sides_load(). What is said of them is sides_describe.c's business.
#include "sides.h"

#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "looks.h"
#include "results/text/memory.h"
#include "session.h"
#include "sides_internal.h"

enum { SIDES_MAX = 64 };

bool names_add(struct store_names *names, const char *name, struct problem *problem)
{
	char **items = array_grown(names->items, names->count, sizeof(*items));

	if (!items)
		return no_memory(problem, "the comparison");
	names->items = items;
	items[names->count] = strdup(name);
	return items[names->count++] || no_memory(problem, "the comparison");
}

bool names_add_new(struct store_names *names, const char *name, struct problem *problem)
{
	return projection_has(names, name) || names_add(names, name, problem);
}

// "a, b, c", as far as it fits.
const char *names_text(const struct store_names *names, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < names->count && used < size; i++)
		used += (size_t)snprintf(
			text + used, size - used, "%s%s", i > 0 ? ", " : "", names->items[i]);
	return text;
}

// ---- which sides

// The value of the column that an operand names, among the candidates'.
static bool operand_find(struct loader *loader, const char *operand)
{
	const struct store_names *columns = &loader->projection.columns;
	const char *key = columns->count ? columns->items[0] : ""; // always 1 here
	struct store_names named = {0};
	struct store_names others = {0};
	char list[512];
	bool is_good = true;

	for (size_t i = 0; is_good && i < loader->runs.count; i++) {
		const struct compare_run *run = &loader->runs.items[i];

		if (run->is_candidate)
			is_good = names_add_new(
				key_value_is_named(key, run->side, operand) ? &named : &others,
				run->side, loader->problem);
	}
	if (is_good && named.count + others.count == 0)
		is_good = problem_set(loader->problem, EXIT_NOT_MEASURED,
			"nothing that is stored passes the filter");
	else if (is_good && named.count == 0)
		is_good = problem_set(loader->problem, EXIT_WRONG_USE,
			"the store holds no %s '%s'%s; it holds %s", key, operand,
			loader->options->filter ? " that passes the filter" : "",
			names_text(&others, list, sizeof(list)));
	else if (is_good && named.count > 1)
		is_good =
			problem_set(loader->problem, EXIT_WRONG_USE, "'%s' begins several %ss: %s",
				operand, key, names_text(&named, list, sizeof(list)));
	else if (is_good && projection_has(&loader->wanted, named.items[0]))
		is_good = problem_set(loader->problem, EXIT_WRONG_USE, "%s '%s' is named twice",
			key, named.items[0]);
	is_good = is_good && named.count == 1 &&
		  names_add(&loader->wanted, named.items[0], loader->problem);
	store_names_free(&named);
	store_names_free(&others);
	return is_good;
}

static bool session_take(struct loader *loader)
{
	int64_t session = loader->options->session;
	bool is_there = false;

	for (size_t i = 0; session && i < loader->runs.count; i++) {
		struct compare_run *run = &loader->runs.items[i];

		is_there |= run->source.session == session;
		run->is_candidate = run->is_candidate && run->source.session == session;
	}
	return !session || is_there ||
	       problem_set(loader->problem, EXIT_WRONG_USE,
		       "there is no session %lld in the store, or it measured nothing",
		       (long long)session);
}

static bool operands_take(struct loader *loader)
{
	const struct compare_options *options = loader->options;
	bool is_good = session_take(loader);

	if (!is_good || options->sides_count == 0 || loader->is_of_names)
		return is_good;
	for (size_t i = 0; is_good && i < options->sides_count; i++)
		is_good = operand_find(loader, options->sides[i]);
	for (size_t i = 0; is_good && i < loader->runs.count; i++) {
		struct compare_run *run = &loader->runs.items[i];

		run->is_candidate = run->is_candidate && projection_has(&loader->wanted, run->side);
	}
	return is_good;
}

static bool operands_check(const struct loader *loader)
{
	const struct store_names *columns = &loader->projection.columns;

	if (loader->options->sides_count > 0 && columns->count > 1)
		return problem_set(loader->problem, EXIT_WRONG_USE,
			"'%s': with several keys in --col no value can be named; use --filter",
			loader->options->sides[0]);
	if (loader->options->sides_count == 1)
		return problem_set(loader->problem, EXIT_WRONG_USE,
			"'%s' is alone; expected two or more values of '%s', or none for all",
			loader->options->sides[0], columns->items[0]);
	return true;
}

static bool sides_refuse(const struct loader *loader)
{
	return problem_set(loader->problem, EXIT_WRONG_USE,
		"more than %d sides; name those to compare, or filter", SIDES_MAX);
}

// The sides that runs make, as asked for or as measured; the default config leads where nobody says
// what else.
static bool sides_of_runs(struct loader *loader, struct store_names *sides)
{
	bool is_good = true;

	for (size_t i = 0; is_good && i < loader->wanted.count; i++)
		is_good = names_add(sides, loader->wanted.items[i], loader->problem);
	for (size_t i = 0; is_good && i < loader->runs.count; i++) {
		if (loader->runs.items[i].is_chosen)
			is_good = names_add_new(sides, loader->runs.items[i].side, loader->problem);
	}
	for (size_t i = 1; is_good && loader->wanted.count == 0 && i < sides->count; i++) {
		char *side = sides->items[i];

		if (strcmp(side, "default") != 0)
			continue;
		memmove((void *)&sides->items[1], (void *)&sides->items[0], i * sizeof(char *));
		sides->items[0] = side;
	}
	return is_good && (sides->count <= SIDES_MAX || sides_refuse(loader));
}

// Lets the comparison know its sides: those of the runs, or the operands, or none yet.
static bool sides_begin(struct loader *loader)
{
	struct comparison *comparison = loader->comparison;
	const struct compare_options *options = loader->options;
	struct store_names sides = {0};
	bool is_good = true;

	if (!loader->is_of_names)
		is_good = sides_of_runs(loader, &sides);
	for (size_t i = 0; is_good && loader->is_of_names && i < options->sides_count; i++)
		is_good = names_add_new(&sides, options->sides[i], loader->problem);
	if (is_good) {
		comparison->sides =
			(char **)reallocarray((void *)sides.items, SIDES_MAX, sizeof(char *));
		is_good = comparison->sides || no_memory(loader->problem, "the comparison");
	}
	if (!is_good) {
		store_names_free(&sides);
		return false;
	}
	comparison->sides_count = sides.count;
	return true;
}

// ---- machines

static const char *machine_text(const struct compare_run *run)
{
	return run->source.machine ? run->source.machine : "unknown";
}

static bool machines_refuse(
	const struct loader *loader, const struct compare_run *one, const struct compare_run *two)
{
	return problem_set(loader->problem, EXIT_WRONG_USE,
		"session %lld ran on machine %s and session %lld on machine %s; only results of "
		"one "
		"machine can be compared: --filter='machine:%.8s' chooses one, --row=name,machine "
		"keeps them apart, --across compares them all the same",
		(long long)one->source.session, machine_text(one), (long long)two->source.session,
		machine_text(two), machine_text(one));
}

static bool machines_check(struct loader *loader)
{
	const struct compare_run *first = NULL;
	bool is_warned = projection_has(&loader->projection.rows, "machine");

	for (size_t i = 0; i < loader->runs.count; i++) {
		const struct compare_run *run = &loader->runs.items[i];

		if (!run->is_chosen)
			continue;
		if (!run->source.machine && !is_warned) {
			comparison_warn(loader->comparison->warnings,
				"session %lld recorded no machine; whether all was measured on one "
				"is not known",
				(long long)run->source.session);
			is_warned = true;
		}
		first = first ? first : run;
		if (is_warned || strcmp(machine_text(first), machine_text(run)) == 0)
			continue;
		if (!loader->options->is_across)
			return machines_refuse(loader, first, run);
		comparison_warn(loader->comparison->warnings,
			"compared across machines (%s, %s): the ratios hold what these differ by",
			machine_text(first), machine_text(run));
		is_warned = true;
	}
	return true;
}

// ---- samples

typedef void (*label_write)(
	const struct loader *loader, const struct store_source *source, FILE *output);

static void row_write(const struct loader *loader, const struct store_source *source, FILE *output)
{
	projection_write_row(&loader->projection, source, &loader->constant, output);
}

static void side_write(const struct loader *loader, const struct store_source *source, FILE *output)
{
	projection_write_side(&loader->projection, source, output);
}

// Replaces *text, which keeps what it was as long as the caller needs it: until the next sample.
static bool label_make(const struct loader *loader, label_write write,
	const struct store_source *source, char **text)
{
	size_t size;
	FILE *output;

	free(*text);
	*text = NULL;
	output = open_memstream(text, &size);
	if (!output)
		return no_memory(loader->problem, "the comparison");
	write(loader, source, output);
	return fclose(output) == 0 || no_memory(loader->problem, "the comparison");
}

// The comparison's own text of a side; a side not seen before is added where nobody said which
// there are.
static bool side_place(struct loader *loader, const char *side, struct compare_place *place)
{
	struct comparison *comparison = loader->comparison;

	for (size_t i = 0; i < comparison->sides_count && !place->side; i++) {
		if (strcmp(comparison->sides[i], side) == 0)
			place->side = comparison->sides[i];
	}
	if (place->side || !loader->is_of_names || loader->options->sides_count > 0)
		return true;
	if (comparison->sides_count == SIDES_MAX)
		return sides_refuse(loader);
	place->side = comparison->sides[comparison->sides_count] = strdup(side);
	comparison->sides_count++;
	return place->side || no_memory(loader->problem, "the comparison");
}

static bool sample_place(void *context, const struct store_source *source,
	struct compare_place *place, struct problem *problem)
{
	struct loader *loader = context;
	const struct compare_run *run = runs_find(&loader->runs, source);
	const char *side;

	(void)problem; // the loader's
	if (!run || projection_filter(&loader->projection, source) != FILTER_YES)
		return true;
	if (loader->is_of_names && !label_make(loader, side_write, source, &loader->side))
		return false;
	side = loader->is_of_names ? loader->side : run->side;
	if (!label_make(loader, row_write, source, &loader->row))
		return false;
	place->row = loader->row;
	return side_place(loader, side, place);
}

static bool samples_load(struct loader *loader)
{
	struct comparison *comparison = loader->comparison;
	bool is_good = true;

	for (size_t i = 0; is_good && i < loader->sessions.count; i++)
		is_good = samples_read(loader->store, strtoll(loader->sessions.items[i], NULL, 10),
			loader->options->counters != NULL, sample_place, loader,
			&comparison->samples, loader->problem);
	if (is_good)
		compare_samples_sort(&comparison->samples);
	return is_good;
}

// ---- what was chosen

static bool sessions_list(struct loader *loader)
{
	char number[24];
	bool is_good = true;

	for (size_t i = 0; is_good && i < loader->runs.count; i++) {
		const struct compare_run *run = &loader->runs.items[i];

		(void)snprintf(number, sizeof(number), "%lld", (long long)run->source.session);
		if (run->is_chosen)
			is_good = names_add_new(&loader->sessions, number, loader->problem);
	}
	if (is_good && loader->sessions.count == 0)
		is_good = problem_set(loader->problem, EXIT_NOT_MEASURED,
			loader->runs.count == 0
				? "nothing is stored yet; `slabmark run` measures"
				: "nothing that is stored passes the filter and the session");
	return is_good;
}

static bool key_text(const char *key, const struct store_source *source, char **text)
{
	size_t size;
	FILE *output = open_memstream(text, &size);

	if (!output)
		return false;
	key_value_write(output, key, source);
	return fclose(output) == 0;
}

// The different values of a key among the chosen runs, of one side or (NULL) of all.
bool values_list(
	const struct loader *loader, const char *key, const char *side, struct store_names *values)
{
	bool is_good = true;

	*values = (struct store_names){0};
	for (size_t i = 0; is_good && i < loader->runs.count; i++) {
		const struct compare_run *run = &loader->runs.items[i];
		char *text = NULL;

		if (!run->is_chosen || (side && strcmp(run->side, side) != 0))
			continue;
		is_good = key_text(key, &run->source, &text)
				  ? names_add_new(values, text, loader->problem)
				  : no_memory(loader->problem, "the comparison");
		free(text);
	}
	if (!is_good)
		store_names_free(values);
	return is_good;
}

// A key that does not tell any two rows apart is not worth its place in their names.
static bool constants_list(struct loader *loader)
{
	const struct store_names *rows = &loader->projection.rows;

	for (size_t i = 0; i < rows->count; i++) {
		struct store_names values;
		bool is_good;

		if (key_is_of_name(rows->items[i]))
			continue;
		if (!values_list(loader, rows->items[i], NULL, &values))
			return false;
		is_good = values.count > 1 ||
			  names_add(&loader->constant, rows->items[i], loader->problem);
		store_names_free(&values);
		if (!is_good)
			return false;
	}
	return true;
}

static bool side_has_samples(const struct comparison *comparison, const char *side)
{
	for (size_t i = 0; i < comparison->samples.count; i++) {
		if (comparison->samples.items[i].side == side)
			return true;
	}
	return false;
}

static int version_order(const void *left, const void *right)
{
	return strverscmp(*(char *const *)left, *(char *const *)right);
}

// Sides that nobody asked for and that have nothing go; the others must be two.
static bool sides_end(struct loader *loader)
{
	struct comparison *comparison = loader->comparison;
	size_t kept = 0;

	for (size_t i = 0; i < comparison->sides_count; i++) {
		char *side = comparison->sides[i];

		if (side_has_samples(comparison, side))
			comparison->sides[kept++] = side;
		else if (loader->options->sides_count == 0)
			free(side);
		else
			return problem_set(loader->problem, EXIT_NOT_MEASURED,
				"nothing that passes the filter was measured of '%s'", side);
	}
	comparison->sides_count = kept;
	if (kept < 2)
		return problem_set(loader->problem, EXIT_NOT_MEASURED,
			"%s is all that there is to compare; expected two or more",
			kept ? comparison->sides[0] : "nothing");
	if (loader->is_of_names && loader->options->sides_count == 0)
		qsort((void *)comparison->sides, kept, sizeof(char *), version_order);
	return true;
}

// ---- pairs

bool side_has_session(const struct comparison *comparison, const char *side, int64_t session)
{
	for (size_t i = 0; i < comparison->samples.count; i++) {
		const struct compare_sample *sample = &comparison->samples.items[i];

		if (sample->side == side && block_session(sample->block) == session)
			return true;
	}
	return false;
}

// Rounds pair the sides where all are of the very same sessions.
static bool sides_share_sessions(const struct loader *loader)
{
	const struct comparison *comparison = loader->comparison;

	for (size_t i = 0; i < loader->sessions.count; i++) {
		int64_t session = strtoll(loader->sessions.items[i], NULL, 10);

		for (size_t k = 0; k < comparison->sides_count; k++) {
			if (!side_has_session(comparison, comparison->sides[k], session))
				return false;
		}
	}
	return true;
}

// ---- looks

static bool session_looks(const struct loader *loader, size_t i, struct sequential **looks)
{
	return sequential_of_session(loader->store, strtoll(loader->sessions.items[i], NULL, 10),
		compare_samples_rounds(&loader->comparison->samples), looks, loader->problem);
}

// A session that stopped when it had seen enough is judged by the levels of its looks. Of several
// sessions together no such levels are known.
static bool looks_load(struct loader *loader)
{
	struct comparison *comparison = loader->comparison;

	if (comparison->is_independent)
		return true;
	if (loader->sessions.count == 1)
		return session_looks(loader, 0, &comparison->looks);
	for (size_t i = 0; i < loader->sessions.count; i++) {
		struct sequential *looks;

		if (!session_looks(loader, i, &looks))
			return false;
		if (looks)
			comparison_warn(comparison->warnings,
				"session %s stopped when its own verdicts stood; together with "
				"other sessions its p values are too small",
				loader->sessions.items[i]);
		free(looks);
	}
	return true;
}

// ---- all

static bool load(struct loader *loader)
{
	struct comparison *comparison = loader->comparison;

	if (!operands_check(loader) ||
		!runs_read(loader->store, &loader->projection, &loader->runs, loader->problem) ||
		!operands_take(loader) ||
		!runs_choose(
			&loader->runs, &loader->projection, &loader->wanted, loader->problem) ||
		!sessions_list(loader) || !machines_check(loader) || !constants_list(loader) ||
		!sides_begin(loader) || !samples_load(loader) || !sides_end(loader))
		return false;
	comparison->is_independent = !sides_share_sessions(loader);
	return looks_load(loader) && sides_describe(loader);
}

bool sides_load(struct store *store, const struct compare_options *options,
	struct comparison *comparison, struct problem *problem)
{
	struct loader loader = {
		.store = store, .options = options, .comparison = comparison, .problem = problem};
	bool is_good = projection_make(&loader.projection, options, problem);

	for (size_t i = 0; is_good && i < loader.projection.columns.count; i++)
		loader.is_of_names |= key_is_of_name(loader.projection.columns.items[i]);
	is_good = is_good && load(&loader);
	projection_free(&loader.projection);
	runs_free(&loader.runs);
	store_names_free(&loader.wanted);
	store_names_free(&loader.constant);
	store_names_free(&loader.sessions);
	free(loader.row);
	free(loader.side);
	return is_good;
}
