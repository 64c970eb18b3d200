// SPDX-License-Identifier: GPL-2.0-or-later
// Which sides a projection has: the values that were asked for, or all that there are. Entries, in
// the order in which they are called: operands_check(), operands_take(), sides_begin(), side_place()
// for each sample, sides_end().
#include <stdlib.h>
#include <string.h>

#include "choice.h"
#include "results/text/memory.h"

enum { SIDES_MAX = 64 };

static bool sides_refuse(const struct choice *choice)
{
	return problem_set(choice->problem, EXIT_WRONG_USE,
		"more than %d sides; name those to compare, or filter", SIDES_MAX);
}

// The value of the column that an operand names, among the candidates'.
static bool operand_find(struct choice *choice, const char *operand)
{
	const struct store_names *columns = &choice->projection.columns;
	const char *key = columns->count ? columns->items[0] : ""; // always 1 here
	struct store_names named = {0};
	struct store_names others = {0};
	char list[512];
	bool is_good = true;

	for (size_t i = 0; is_good && i < choice->runs.count; i++) {
		const struct compare_run *run = &choice->runs.items[i];

		if (run->is_candidate)
			is_good = names_add_new(
				key_value_is_named(key, run->side, operand) ? &named : &others,
				run->side, choice->problem);
	}
	(void)key_values_settle(&named, operand);
	if (is_good && named.count + others.count == 0)
		is_good = problem_set(choice->problem, EXIT_NOT_MEASURED,
			"nothing that is stored passes the filter");
	else if (is_good && named.count == 0)
		is_good = problem_set(choice->problem, EXIT_WRONG_USE,
			"the store holds no %s '%s'%s; it holds %s", key, operand,
			choice->options->filter ? " that passes the filter" : "",
			names_text(&others, list, sizeof(list)));
	else if (is_good && named.count > 1)
		is_good =
			problem_set(choice->problem, EXIT_WRONG_USE, "'%s' begins several %ss: %s",
				operand, key, names_text(&named, list, sizeof(list)));
	else if (is_good && names_have(&choice->wanted, named.items[0]))
		is_good = problem_set(choice->problem, EXIT_WRONG_USE, "%s '%s' is named twice",
			key, named.items[0]);
	is_good = is_good && named.count == 1 &&
		  names_add(&choice->wanted, named.items[0], choice->problem);
	store_names_free(&named);
	store_names_free(&others);
	return is_good;
}

static bool session_take(struct choice *choice)
{
	int64_t session = choice->options->session;
	bool is_there = false;

	for (size_t i = 0; session && i < choice->runs.count; i++) {
		struct compare_run *run = &choice->runs.items[i];

		is_there |= run->source.session == session;
		run->is_candidate = run->is_candidate && run->source.session == session;
	}
	return !session || is_there ||
	       problem_set(choice->problem, EXIT_WRONG_USE,
		       "there is no session %lld in the store, or it measured nothing",
		       (long long)session);
}

bool operands_take(struct choice *choice)
{
	const struct compare_options *options = choice->options;
	bool is_good = session_take(choice);

	if (!is_good || options->sides_count == 0 || choice->is_of_names)
		return is_good;
	for (size_t i = 0; is_good && i < options->sides_count; i++)
		is_good = operand_find(choice, options->sides[i]);
	for (size_t i = 0; is_good && i < choice->runs.count; i++) {
		struct compare_run *run = &choice->runs.items[i];

		run->is_candidate = run->is_candidate && names_have(&choice->wanted, run->side);
	}
	return is_good;
}

bool operands_check(const struct choice *choice)
{
	const struct store_names *columns = &choice->projection.columns;

	if (choice->options->sides_count > 0 && columns->count > 1)
		return problem_set(choice->problem, EXIT_WRONG_USE,
			"'%s': with several keys in --col no value can be named; use --filter",
			choice->options->sides[0]);
	if (choice->options->sides_count == 1)
		return problem_set(choice->problem, EXIT_WRONG_USE,
			"'%s' is alone; expected two or more values of '%s', or none for all",
			choice->options->sides[0], columns->items[0]);
	return true;
}

// The sides that runs make, as asked for or as measured; the default config leads where nobody says
// what else.
static bool sides_of_runs(struct choice *choice, struct store_names *sides)
{
	bool is_good = true;

	for (size_t i = 0; is_good && i < choice->wanted.count; i++)
		is_good = names_add(sides, choice->wanted.items[i], choice->problem);
	for (size_t i = 0; is_good && i < choice->runs.count; i++) {
		if (choice->runs.items[i].is_chosen)
			is_good = names_add_new(sides, choice->runs.items[i].side, choice->problem);
	}
	for (size_t i = 1; is_good && choice->wanted.count == 0 && i < sides->count; i++) {
		char *side = sides->items[i];

		if (strcmp(side, "default") != 0)
			continue;
		memmove((void *)&sides->items[1], (void *)&sides->items[0], i * sizeof(char *));
		sides->items[0] = side;
	}
	return is_good && (sides->count <= SIDES_MAX || sides_refuse(choice));
}

// Lets the comparison know its sides: those of the runs, or the operands, or none yet.
bool sides_begin(struct choice *choice)
{
	struct comparison *comparison = choice->comparison;
	const struct compare_options *options = choice->options;
	struct store_names sides = {0};
	bool is_good = true;

	if (!choice->is_of_names)
		is_good = sides_of_runs(choice, &sides);
	for (size_t i = 0; is_good && choice->is_of_names && i < options->sides_count; i++)
		is_good = names_add_new(&sides, options->sides[i], choice->problem);
	if (is_good) {
		comparison->sides =
			(char **)reallocarray((void *)sides.items, SIDES_MAX, sizeof(char *));
		is_good = comparison->sides || no_memory(choice->problem, "the comparison");
	}
	if (!is_good) {
		store_names_free(&sides);
		return false;
	}
	comparison->sides_count = sides.count;
	return true;
}

// The comparison's own text of a side; a side not seen before is added where nobody said which
// there are.
bool side_place(struct choice *choice, const char *side, struct compare_place *place)
{
	struct comparison *comparison = choice->comparison;

	for (size_t i = 0; i < comparison->sides_count && !place->side; i++) {
		if (strcmp(comparison->sides[i], side) == 0)
			place->side = comparison->sides[i];
	}
	if (place->side || !choice->is_of_names || choice->options->sides_count > 0)
		return true;
	if (comparison->sides_count == SIDES_MAX)
		return sides_refuse(choice);
	place->side = comparison->sides[comparison->sides_count] = strdup(side);
	comparison->sides_count++;
	return place->side || no_memory(choice->problem, "the comparison");
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
bool sides_end(struct choice *choice)
{
	struct comparison *comparison = choice->comparison;
	size_t kept = 0;

	for (size_t i = 0; i < comparison->sides_count; i++) {
		char *side = comparison->sides[i];

		if (side_has_samples(comparison, side))
			comparison->sides[kept++] = side;
		else if (choice->options->sides_count == 0)
			free(side);
		else
			return problem_set(choice->problem, EXIT_NOT_MEASURED,
				"nothing that passes the filter was measured of '%s'", side);
	}
	comparison->sides_count = kept;
	if (kept < 2)
		return problem_set(choice->problem, EXIT_NOT_MEASURED,
			"%s is all that there is to compare; expected two or more",
			kept ? comparison->sides[0] : "nothing");
	if (choice->is_of_names && choice->options->sides_count == 0)
		qsort((void *)comparison->sides, kept, sizeof(char *), version_order);
	return true;
}
