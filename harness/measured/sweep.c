// SPDX-License-Identifier: GPL-2.0-or-later
// Reads the values of a sweep, item by item. Entry: sweep_read().
#include "sweep.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/memory.h"
#include "results/text/nearest.h"

enum { ITEM_SIZE = 64, OFFER_SIZE = 512 };

void sweep_free(struct sweep *sweep)
{
	free(sweep->values);
	*sweep = (struct sweep){.values = NULL};
}

// A value that is there already is not measured twice.
static bool sweep_add(struct sweep *sweep, int64_t value, struct problem *problem)
{
	for (size_t i = 0; i < sweep->count; i++)
		if (sweep->values[i] == value)
			return true;
	int64_t *values = array_grown(sweep->values, sweep->count, sizeof(*values));

	if (!values)
		return no_memory(problem, "a parameter's values");
	sweep->values = values;
	sweep->values[sweep->count++] = value;
	return true;
}

bool sweep_set(struct sweep *sweep, int64_t value, struct problem *problem)
{
	sweep_free(sweep);
	return sweep_add(sweep, value, problem);
}

// ---- what is wrong

static bool refuse_word(const char *item, const struct sweep_range *range, struct problem *problem)
{
	char offer[OFFER_SIZE];
	size_t count = 0;

	while (range->words[count])
		count++;
	return problem_set(problem, EXIT_WRONG_USE, "%s=%s: no such value; %s", range->option, item,
		nearest_offer(offer, sizeof(offer), item, range->words, count));
}

static bool refuse_number(
	const char *item, const struct sweep_range *range, struct problem *problem)
{
	double parts = range->scale > 0 ? (double)range->scale : 1;

	return problem_set(problem, EXIT_WRONG_USE, "%s=%s: must be a %s%s%s from %.15g to %.15g%s",
		range->option, item, range->scale > 0 ? "fraction" : "whole number",
		range->unit[0] != '\0' ? " of " : "", range->unit, (double)range->minimum / parts,
		(double)range->maximum / parts, range->all > 0 ? ", or all" : "");
}

static bool refuse_length(
	const char *item, const struct sweep_range *range, struct problem *problem)
{
	return problem_set(problem, EXIT_WRONG_USE,
		"%s=%s: more than %d values; take larger steps, as in 1..1000*2 or 1..1000+100",
		range->option, item, SWEEP_VALUES_MAX);
}

// ---- numbers

// Reads a number from the beginning of the text, in the range's parts.
static bool number_begin(
	const char **text, const struct sweep_range *range, int64_t scale, int64_t *number)
{
	char digits[ITEM_SIZE];
	size_t length = strspn(*text, "0123456789");
	char *end;

	// Of 1..5 the first dot is no decimal point.
	if (scale > 0 && (*text)[length] == '.' && (*text)[length + 1] != '.')
		length += 1 + strspn(*text + length + 1, "0123456789");
	if (length > 0 && length < sizeof(digits) && strncmp(*text, "all", 3) != 0) {
		snprintf(digits, sizeof(digits), "%.*s", (int)length, *text);
		double value = strtod(digits, &end) * (scale > 0 ? (double)scale : 1);
		if (*end != '\0' || fabs(value - nearbyint(value)) > 1e-6 || value > 9e15)
			return false;
		*number = (int64_t)nearbyint(value);
		*text += length;
		return true;
	}
	if (range->all == 0 || strncmp(*text, "all", 3) != 0)
		return false;
	*number = range->all;
	*text += 3;
	return true;
}

struct steps {
	int64_t first, last;
	int64_t factor, term; // one of them; the other is 0
};

// "A..B", "A..B*F" or "A..B+S"; "A" alone is from A to A.
static bool steps_read(const char *item, const struct sweep_range *range, struct steps *steps)
{
	const char *at = item;

	*steps = (struct steps){.factor = range->all > 0 ? 2 : 0, .term = range->all > 0 ? 0 : 1};
	if (!number_begin(&at, range, range->scale, &steps->first))
		return false;
	steps->last = steps->first;
	if (*at == '\0')
		return true;
	if (strncmp(at, "..", 2) != 0)
		return false;
	at += 2;
	if (!number_begin(&at, range, range->scale, &steps->last) || steps->last < steps->first)
		return false;
	if (*at == '\0')
		return true;
	char sign = *at++;
	bool is_factor = sign == '*';
	int64_t number = 0;

	if ((sign != '*' && sign != '+') ||
		!number_begin(&at, range, is_factor ? 0 : range->scale, &number) || *at != '\0')
		return false;
	*steps = (struct steps){
		steps->first, steps->last, is_factor ? number : 0, is_factor ? 0 : number};
	return is_factor ? number >= 2 && steps->first > 0 : number >= 1;
}

static bool steps_add(struct sweep *sweep, const char *item, const struct sweep_range *range,
	const struct steps *steps, struct problem *problem)
{
	int64_t value = steps->first;

	while (value < steps->last) {
		if (sweep->count >= SWEEP_VALUES_MAX)
			return refuse_length(item, range, problem);
		if (!sweep_add(sweep, value, problem))
			return false;
		value = steps->factor > 0 ? value * steps->factor : value + steps->term;
	}
	return sweep_add(sweep, steps->last, problem);
}

// ---- items

static bool word_add(struct sweep *sweep, const char *item, const struct sweep_range *range,
	struct problem *problem)
{
	for (size_t i = 0; range->words[i]; i++)
		if (strcmp(range->words[i], item) == 0)
			return sweep_add(sweep, range->minimum + (int64_t)i, problem);
	return refuse_word(item, range, problem);
}

static bool item_add(struct sweep *sweep, const char *item, const struct sweep_range *range,
	struct problem *problem)
{
	struct steps steps;

	if (range->words)
		return word_add(sweep, item, range, problem);
	if (!steps_read(item, range, &steps) || steps.first < range->minimum ||
		steps.last > range->maximum)
		return refuse_number(item, range, problem);
	return steps_add(sweep, item, range, &steps, problem);
}

bool sweep_read(struct sweep *sweep, const char *text, const struct sweep_range *range,
	struct problem *problem)
{
	bool is_good = true;

	sweep_free(sweep);
	for (const char *at = text; is_good && at; at = strchr(at, ',')) {
		char item[ITEM_SIZE];

		at += at > text;
		snprintf(item, sizeof(item), "%.*s", (int)strcspn(at, ","), at);
		is_good = item_add(sweep, item, range, problem);
	}
	if (!is_good)
		sweep_free(sweep);
	return is_good;
}
