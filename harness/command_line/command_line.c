// SPDX-License-Identifier: GPL-2.0-or-later
// Reads the words of a command line by a command's table of options. Entry: command_call_parse().
// It knows no command and prints nothing; command/help.c shows the tables to a reader.
#include "command_line.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/memory.h"
#include "results/text/nearest.h"

enum { OPTIONS_MAX = 64, OFFER_SIZE = 256, NAME_SIZE = 64 };

// Where the parser stands in the words of the user.
struct cursor {
	struct command_call *call;
	int next; // index of the word to read
	struct problem *problem;
};

static bool word_read(struct cursor *cursor);
static bool operands_check(const struct command_call *call, struct problem *problem);
static bool defaults_set(struct command_call *call, struct problem *problem);

bool command_call_parse(struct command_call *call, int first, struct problem *problem)
{
	size_t rows = 0;

	while (call->command->options[rows].name)
		rows++;
	assert(rows <= OPTIONS_MAX);
	call->values = calloc(rows + 1, sizeof(*call->values));
	call->operands = calloc((size_t)call->argument_count + 1, sizeof(*call->operands));
	call->operands_count = 0;
	call->passed_count = 0;
	call->wants_help = false;
	struct cursor cursor = {.call = call, .next = first, .problem = problem};
	bool is_good = call->values && call->operands;
	if (!is_good)
		no_memory(problem, "the command line");
	while (is_good && cursor.next < call->argument_count && !call->wants_help)
		is_good = word_read(&cursor);
	if (is_good && !call->wants_help)
		is_good = operands_check(call, problem) && defaults_set(call, problem);
	if (!is_good)
		command_call_free(call);
	return is_good;
}

void command_call_free(struct command_call *call)
{
	for (size_t i = 0; call->values && call->command->options[i].name; i++) {
		free(call->values[i].items);
		free(call->values[i].items_text);
	}
	free(call->values);
	free(call->operands);
	call->values = NULL;
	call->operands = NULL;
	call->operands_count = 0;
}

// ---- words

static bool long_option_read(struct cursor *cursor, const char *word);
static bool short_option_read(struct cursor *cursor, const char *word);

static bool rest_read(struct cursor *cursor)
{
	struct command_call *call = cursor->call;
	int rest = cursor->next;

	cursor->next = call->argument_count;
	if (call->command->passed) {
		call->passed = &call->arguments[rest];
		call->passed_count = (size_t)(call->argument_count - rest);
		return true;
	}
	for (; rest < call->argument_count; rest++)
		call->operands[call->operands_count++] = call->arguments[rest];
	return true;
}

// Reads one word, and the next one where it is an option's value.
static bool word_read(struct cursor *cursor)
{
	struct command_call *call = cursor->call;
	const char *word = call->arguments[cursor->next++];

	if (strcmp(word, "--") == 0)
		return rest_read(cursor);
	if (strncmp(word, "--", 2) == 0)
		return long_option_read(cursor, word + 2);
	if (word[0] == '-' && word[1] != '\0')
		return short_option_read(cursor, word);
	call->operands[call->operands_count++] = word;
	return true;
}

static bool operands_check(const struct command_call *call, struct problem *problem)
{
	const struct command *command = call->command;

	if (call->operands_count > command->operands_max)
		return problem_set(problem, EXIT_WRONG_USE,
			"'%s' is one argument too many: expected %s",
			call->operands[command->operands_max],
			command->operands ? command->operands : "none");
	if (call->operands_count < command->operands_min)
		return problem_set(problem, EXIT_WRONG_USE, "expected %s", command->operands);
	for (size_t i = 0; command->operand_choices && i < call->operands_count; i++)
		if (!choices_contain(command->operand_choices, call->operands[i]))
			return problem_set(problem, EXIT_WRONG_USE, "'%s' is none of %s",
				call->operands[i], command->operand_choices);
	return true;
}

// ---- values

static bool integer_read(const struct option_row *row, const char *text, struct option_value *value,
	struct problem *problem)
{
	char *end = NULL;

	errno = 0;
	value->integer = strtoll(text, &end, 10);
	value->real = (double)value->integer;
	if (end == text || *end != '\0' || errno == ERANGE || value->real < row->minimum ||
		value->real > row->maximum)
		return problem_set(problem, EXIT_WRONG_USE,
			"--%s=%s: expected a whole number from %.15g to %.15g", row->name, text,
			row->minimum, row->maximum);
	return true;
}

static bool real_read(const struct option_row *row, const char *text, struct option_value *value,
	struct problem *problem)
{
	char *end = NULL;

	value->real = strtod(text, &end);
	if (end == text || *end != '\0' || !isfinite(value->real) || value->real < row->minimum ||
		value->real > row->maximum)
		return problem_set(problem, EXIT_WRONG_USE,
			"--%s=%s: expected a number from %g to %g", row->name, text, row->minimum,
			row->maximum);
	return true;
}

static bool choice_read(const struct option_row *row, const char *text, struct problem *problem)
{
	if (choices_contain(row->choices, text))
		return true;
	return problem_set(problem, EXIT_WRONG_USE, "--%s=%s: expected one of %s", row->name, text,
		row->choices);
}

static bool item_add(struct option_value *value, const char *item, struct problem *problem)
{
	const char **items = array_grown(value->items, value->items_count, sizeof(*items));

	if (!items)
		return no_memory(problem, "the command line");
	value->items = items;
	items[value->items_count++] = item;
	return true;
}

static bool list_read(const struct option_row *row, const char *text, struct option_value *value,
	struct problem *problem)
{
	free(value->items_text);
	value->items_count = 0;
	value->items_text = strdup(text);
	char *rest = value->items_text;
	if (!rest)
		return no_memory(problem, "the command line");
	for (char *item = strsep(&rest, ","); item; item = strsep(&rest, ",")) {
		if (*item == '\0')
			return problem_set(problem, EXIT_WRONG_USE,
				"--%s=%s: expected names separated by single commas", row->name,
				text);
		if (!item_add(value, item, problem))
			return false;
	}
	return true;
}

static bool value_read(const struct option_row *row, const char *text, struct option_value *value,
	struct problem *problem)
{
	value->text = text;
	switch (row->kind) {
	case OPTION_CHOICE:
		return choice_read(row, text, problem);
	case OPTION_INTEGER:
		return integer_read(row, text, value, problem);
	case OPTION_REAL:
		return real_read(row, text, value, problem);
	case OPTION_LIST:
		return list_read(row, text, value, problem);
	case OPTION_REPEATED:
		return item_add(value, text, problem);
	case OPTION_SWITCH:
	case OPTION_TEXT:
		break;
	}
	return true;
}

static bool defaults_set(struct command_call *call, struct problem *problem)
{
	const struct option_row *rows = call->command->options;

	for (size_t i = 0; rows[i].name; i++) {
		if (call->values[i].is_given || !rows[i].default_text)
			continue;
		if (!value_read(&rows[i], rows[i].default_text, &call->values[i], problem))
			return false;
	}
	return true;
}

// ---- options

static bool unknown_option(const struct cursor *cursor, const char *word)
{
	const struct option_row *rows = cursor->call->command->options;
	char dashed[OPTIONS_MAX + 1][NAME_SIZE] = {"--help"};
	const char *names[OPTIONS_MAX + 1] = {dashed[0]};
	size_t count = 1;

	for (; rows->name; rows++, count++) {
		snprintf(dashed[count], NAME_SIZE, "--%s", rows->name);
		names[count] = dashed[count];
	}
	char wrong[NAME_SIZE];
	char offer[OFFER_SIZE];
	snprintf(wrong, sizeof(wrong), "--%.*s", (int)strcspn(word, "="), word);
	nearest_offer(offer, sizeof(offer), wrong, names, count);
	return problem_set(cursor->problem, EXIT_WRONG_USE, "unknown option %s; %s", wrong, offer);
}

static const struct option_row *row_find(
	const struct option_row *rows, const char *name, size_t length)
{
	for (; rows->name; rows++)
		if (strlen(rows->name) == length && strncmp(rows->name, name, length) == 0)
			return rows;
	return NULL;
}

// Takes the row's value: what stood behind "=" (or the letter), else the next word.
static bool option_take(struct cursor *cursor, const struct option_row *row, const char *attached)
{
	struct command_call *call = cursor->call;
	struct option_value *value = &call->values[row - call->command->options];

	value->is_given = true;
	if (row->kind == OPTION_SWITCH)
		return !attached || problem_set(cursor->problem, EXIT_WRONG_USE,
					    "--%s takes no value, got '%s'", row->name, attached);
	if (!attached && cursor->next == call->argument_count)
		return problem_set(cursor->problem, EXIT_WRONG_USE, "--%s needs a value: --%s=%s",
			row->name, row->name, row->argument);
	return value_read(
		row, attached ? attached : call->arguments[cursor->next++], value, cursor->problem);
}

static bool long_option_read(struct cursor *cursor, const char *word)
{
	size_t length = strcspn(word, "=");

	if (length == strlen("help") && strncmp(word, "help", length) == 0) {
		cursor->call->wants_help = true;
		return true;
	}
	const struct option_row *row = row_find(cursor->call->command->options, word, length);
	if (!row)
		return unknown_option(cursor, word);
	return option_take(cursor, row, word[length] == '=' ? word + length + 1 : NULL);
}

// -x, -x VALUE or -xVALUE. Letters aren't bundled: there are too few to make that worth a rule.
static bool short_option_read(struct cursor *cursor, const char *word)
{
	if (strcmp(word, "-h") == 0) {
		cursor->call->wants_help = true;
		return true;
	}
	for (const struct option_row *row = cursor->call->command->options; row->name; row++)
		if (row->letter && row->letter == word[1])
			return option_take(cursor, row, word[2] != '\0' ? word + 2 : NULL);
	return problem_set(cursor->problem, EXIT_WRONG_USE,
		"unknown option %s; --help lists the options", word);
}

// ---- what commands ask

static const struct option_value *value_of(const struct command_call *call, const char *name)
{
	const struct option_row *row = row_find(call->command->options, name, strlen(name));

	if (!row) {
		fprintf(stderr, "bug: slabmark %s has no option --%s\n", call->command->name, name);
		abort();
	}
	return &call->values[row - call->command->options];
}

bool call_has(const struct command_call *call, const char *name)
{
	return value_of(call, name)->is_given;
}

const char *call_text(const struct command_call *call, const char *name)
{
	return value_of(call, name)->text;
}

int64_t call_integer(const struct command_call *call, const char *name)
{
	return value_of(call, name)->integer;
}

double call_real(const struct command_call *call, const char *name)
{
	return value_of(call, name)->real;
}

const char *const *call_list(const struct command_call *call, const char *name, size_t *count)
{
	const struct option_value *value = value_of(call, name);

	*count = value->items_count;
	return value->items;
}

bool choices_contain(const char *choices, const char *word)
{
	size_t length = strlen(word);

	for (const char *choice = choices; choice; choice = strchr(choice, '|')) {
		choice += *choice == '|';
		if (strcspn(choice, "|") == length && strncmp(choice, word, length) == 0)
			return true;
	}
	return false;
}
