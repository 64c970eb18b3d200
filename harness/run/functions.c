// SPDX-License-Identifier: GPL-2.0-or-later
// Reads callgrind's files: "fn=(7) name" begins a function, and "fn=(7)" goes on with it, "cfn=" names one that is called; a line that
// begins with a number is a place in it with its own costs, instructions first; the line behind
// "calls=" holds the costs of what is called. Entries: functions_add(), functions_compare().
#include "functions.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/escape.h"
#include "results/text/memory.h"
#include "results/text/width.h"

enum { ROWS_SHOWN = 20, NAME_WIDTH = 40 };

// ---- reading

struct reader {
	struct functions *functions;
	struct functions
		numbered; // in this file: the count is the place of the number's function, plus 1
	size_t current; // place of the function, plus 1; 0: none yet
	bool is_call; // the next line of costs is what a call took
	bool has_events;
};

static size_t place_of(const struct functions *functions, const char *name)
{
	size_t place = 0;

	while (place < functions->count && strcmp(functions->items[place].name, name) != 0)
		place++;
	return place;
}

// The function of that name, made where there is none. NULL: no memory.
static struct function_count *function_of(struct functions *functions, const char *name)
{
	size_t place = place_of(functions, name);
	struct function_count *items = functions->items;

	if (place < functions->count)
		return &items[place];
	char *copy = strdup(name);
	if (copy)
		items = reallocarray(items, place + 1, sizeof(*items));
	if (!copy || !items) {
		free(copy);
		return NULL;
	}
	functions->items = items;
	functions->count++;
	items[place] = (struct function_count){.name = copy};
	return &items[place];
}

// "(7) name", later "(7)" alone, or a plain name; *place becomes the function's, plus 1. False: no
// memory.
static bool function_find(struct reader *reader, char *text, size_t *place)
{
	char *name = text;

	text[strcspn(text, "\n")] = '\0';
	if (*text == '(' && strchr(text, ')')) {
		name = strchr(text, ')') + 1;
		name += strspn(name, " ");
		text[strcspn(text, ")")] = '\0'; // "(7" is the key
	}
	struct function_count *number = function_of(&reader->numbered, text);
	if (number && *name != '\0') {
		const struct function_count *function = function_of(reader->functions, name);

		if (!function)
			return false;
		number->instructions = (uint64_t)(function - reader->functions->items) + 1;
	}
	*place = number ? number->instructions : 0;
	return number != NULL;
}

static void costs_take(struct reader *reader, const char *line)
{
	const char *instructions = line + strcspn(line, " ");

	if (!reader->is_call && reader->current > 0)
		reader->functions->items[reader->current - 1].instructions +=
			strtoull(instructions, NULL, 10);
	reader->is_call = false;
}

static bool line_take(struct reader *reader, char *line)
{
	size_t called;

	if (strncmp(line, "fn=", 3) == 0)
		return function_find(reader, line + 3, &reader->current);
	if (strncmp(line, "cfn=", 4) == 0) // may be the first to tell the name of a number
		return function_find(reader, line + 4, &called);
	if (strncmp(line, "calls=", 6) == 0)
		reader->is_call = true;
	else if (strncmp(line, "events: Ir", 10) == 0)
		reader->has_events = true;
	else if (isdigit((unsigned char)*line) || strchr("+-*", *line))
		costs_take(reader, line);
	return true;
}

bool functions_add(struct functions *functions, const char *path, struct problem *problem)
{
	struct reader reader = {.functions = functions};
	FILE *file = fopen(path, "re");
	bool is_good = true;
	size_t size = 0;
	char *line = NULL;

	if (!file)
		return problem_set(problem, EXIT_NOT_MEASURED, "callgrind wrote no %s: %s", path,
			strerror(errno));
	while (is_good && getline(&line, &size, file) >= 0)
		is_good = *line == '\n' || line_take(&reader, line) ||
			  no_memory(problem, "the functions");
	if (is_good && !reader.has_events)
		is_good = problem_set(problem, EXIT_NOT_MEASURED,
			"%s does not count instructions first, as callgrind's files do", path);
	free(line);
	fclose(file);
	functions_free(&reader.numbered);
	return is_good;
}

void functions_free(struct functions *functions)
{
	for (size_t i = 0; i < functions->count; i++)
		free(functions->items[i].name);
	free(functions->items);
	*functions = (struct functions){.items = NULL};
}

// ---- comparing

struct change {
	const char *name;
	uint64_t base;
	uint64_t other;
};

static int64_t difference(const struct change *change)
{
	return (int64_t)(change->other - change->base);
}

static int by_size_falling(const void *a, const void *b)
{
	int64_t x = llabs(difference(a));
	int64_t y = llabs(difference(b));

	return (x < y) - (x > y);
}

static uint64_t instructions_of(const struct functions *functions, const char *name)
{
	size_t place = place_of(functions, name);

	return place < functions->count ? functions->items[place].instructions : 0;
}

// All functions of both; returns how many. The sum is of all.
static size_t changes_fill(const struct functions *base, const struct functions *other,
	struct change *changes, struct change *sum)
{
	size_t count = 0;

	for (size_t i = 0; i < base->count; i++) {
		const struct function_count *function = &base->items[i];

		changes[count++] = (struct change){function->name, function->instructions,
			instructions_of(other, function->name)};
	}
	for (size_t i = 0; i < other->count; i++)
		if (place_of(base, other->items[i].name) == base->count)
			changes[count++] = (struct change){
				other->items[i].name, 0, other->items[i].instructions};
	for (size_t i = 0; i < count; i++) {
		sum->base += changes[i].base;
		sum->other += changes[i].other;
	}
	return count;
}

static void change_print(const struct change *change, FILE *output)
{
	fputs("  ", output);
	print_padded(output, change->name, NAME_WIDTH);
	fprintf(output, " %12" PRIu64 " %12" PRIu64 " %+12" PRId64 "\n", change->base,
		change->other, difference(change));
}

void functions_compare(const struct functions *base, const struct functions *other, FILE *output)
{
	struct change *changes = calloc(base->count + other->count + 1, sizeof(*changes));
	struct change sum = {.name = "all"};
	size_t differ = 0;

	if (!changes)
		return;
	size_t count = changes_fill(base, other, changes, &sum);
	qsort(changes, count, sizeof(*changes), by_size_falling);
	while (differ < count && difference(&changes[differ]) != 0)
		differ++;
	fprintf(output, "  %-*s %12s %12s %12s\n", NAME_WIDTH, "function", "before", "after",
		"difference");
	for (size_t i = 0; i < differ && i < ROWS_SHOWN; i++)
		change_print(&changes[i], output);
	if (differ > ROWS_SHOWN)
		fprintf(output, "  and %zu more, each smaller\n", differ - ROWS_SHOWN);
	change_print(&sum, output);
	free(changes);
}
