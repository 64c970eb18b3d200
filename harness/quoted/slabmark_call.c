// SPDX-License-Identifier: GPL-2.0-or-later
// A quoted call of slabmark: placeholders become values that the command's table takes, and then the
// very parser of the command line has its say. Entry: slabmark_call_check().
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "results/text/side.h"
#include "words.h"

enum { VALUE_SIZE = 256 };

// ---- names that an option takes

static bool workload_check(const char *name, const struct call *call)
{
	char file[VALUE_SIZE];
	size_t i = 0;

	for (; name[i] && i + 1 < sizeof(file); i++)
		file[i] = name[i] == '-' ? '_' : name[i];
	file[i] = '\0';
	return word_is_placeholder(name) || path_exists(call->root, "workloads", file, ".c") ||
	       problem_set(call->problem, EXIT_WRONG_USE, "there is no workload '%s'", name);
}

// A config, or a build of one: "CONFIG@COMMIT", "CONFIG=FOLDER".
static bool side_check(const char *name, const struct call *call)
{
	char config[VALUE_SIZE];

	if (strncmp(name, SIDE_OF_MALLOC, strlen(SIDE_OF_MALLOC)) == 0)
		return true;
	snprintf(config, sizeof(config), "%.*s", (int)side_config_length(name), name);
	return config_check(side_kind(name) ? config : name, call);
}

// The names of a list, each by itself.
static bool names_check(const struct option_row *row, const char *value, const struct call *call)
{
	const char *argument = row->argument ? row->argument : "";
	bool is_config =
		strncmp(argument, "CONFIG", strlen("CONFIG")) == 0 && !strchr(argument, ':');
	bool is_side = strncmp(argument, "SIDE", strlen("SIDE")) == 0;
	bool is_workload = strncmp(argument, "WORKLOAD,", strlen("WORKLOAD,")) == 0;
	char *copy = strdup(value);
	char *rest = copy;
	bool is_good = true;

	for (char *name = strsep(&rest, ","); name && is_good; name = strsep(&rest, ",")) {
		if (is_config)
			is_good = config_check(name, call);
		else if (is_side)
			is_good = side_check(name, call);
		else if (is_workload)
			is_good = workload_check(name, call);
	}
	free(copy);
	return is_good;
}

// ---- slabmark

// The words of a call with placeholders replaced, as the parser wants them.
struct fitted {
	char *words[WORDS_MAX + 2];
	char texts[WORDS_MAX + 2][2 * VALUE_SIZE]; // an option with its value
	size_t count;
	size_t operands_count;
};

static void fitted_add(struct fitted *fitted, const char *before, const char *word)
{
	char *text = fitted->texts[fitted->count];

	snprintf(text, sizeof(fitted->texts[0]), "%s%s", before, word);
	fitted->words[fitted->count++] = text;
}

static void first_choice(const char *choices, char *value, size_t size)
{
	snprintf(value, size, "%.*s", (int)strcspn(choices, "|"), choices);
}

// "json|markdown|csv" is right when each of them is.
static bool choices_fit(const struct option_row *row, char *value, const struct call *call)
{
	char *copy = strdup(value);
	char *rest = copy;
	bool is_good = true;

	for (char *word = strsep(&rest, "|"); word && is_good; word = strsep(&rest, "|"))
		is_good = choices_contain(row->choices, word) || word_is_placeholder(word) ||
			  problem_set(call->problem, EXIT_WRONG_USE, "--%s takes no '%s'",
				  row->name, word);
	free(copy);
	first_choice(row->choices, value, VALUE_SIZE);
	return is_good;
}

// Makes of a value one that the parser can judge.
static bool value_fit(const struct option_row *row, char *value, const struct call *call)
{
	if (row->kind == OPTION_CHOICE)
		return choices_fit(row, value, call);
	if ((row->kind == OPTION_INTEGER || row->kind == OPTION_REAL) && word_is_placeholder(value))
		snprintf(value, VALUE_SIZE, "%.15g", row->minimum);
	return names_check(row, value, call);
}

const struct option_row *command_row_find(const struct command *command, const char *word)
{
	size_t length = strcspn(word + 2, "=");

	for (const struct option_row *row = command->options; row->name; row++)
		if (strlen(row->name) == length && strncmp(row->name, word + 2, length) == 0)
			return row;
	return NULL;
}

// Fits the option at words[*at] and, where it stands apart, its value.
static bool option_fit(
	struct fitted *fitted, const struct command *command, size_t *at, const struct call *call)
{
	const char *word = call->words[*at];
	const struct option_row *row = command_row_find(command, word);
	const char *attached = strchr(word, '=');
	char name[VALUE_SIZE];
	char value[VALUE_SIZE];

	if (!row && strchr("%.", word[2])) // "--%s": any
		return true;
	if (!row || row->kind == OPTION_SWITCH) {
		fitted_add(fitted, "", word);
		return true;
	}
	bool is_last = *at + 1 == call->count;
	if (!attached && is_last && call->is_mention)
		return true;
	if (!attached && is_last)
		return problem_set(call->problem, EXIT_WRONG_USE, "%s needs a value", word);
	snprintf(value, sizeof(value), "%s", attached ? attached + 1 : call->words[++*at]);
	if (!value_fit(row, value, call))
		return false;
	snprintf(name, sizeof(name), "--%s=", row->name);
	fitted_add(fitted, name, value);
	return true;
}

static void operand_fit(struct fitted *fitted, const struct command *command, const char *word)
{
	char choice[VALUE_SIZE];

	if (strcmp(word, "…") == 0 || strcmp(word, "...") == 0 || strcmp(word, "OPTION...") == 0)
		return;
	fitted->operands_count++;
	snprintf(choice, sizeof(choice), "%s", word);
	if (command->operand_choices && word_is_placeholder(word))
		first_choice(command->operand_choices, choice, sizeof(choice));
	else if (command->operand_choices && strcmp(command->operand_choices, word) == 0)
		first_choice(word, choice, sizeof(choice));
	fitted_add(fitted, "", choice);
}

static bool words_fit(struct fitted *fitted, const struct command *command, const struct call *call)
{
	*fitted = (struct fitted){0};
	fitted_add(fitted, "", "slabmark");
	fitted_add(fitted, "", command->name);
	for (size_t at = 2; at < call->count; at++) {
		if (strcmp(call->words[at], "--") == 0)
			break; // the rest is another program's
		if (strncmp(call->words[at], "--", 2) != 0)
			operand_fit(fitted, command, call->words[at]);
		else if (!option_fit(fitted, command, &at, call))
			return false;
	}
	while (call->is_mention && fitted->operands_count < command->operands_min)
		operand_fit(fitted, command, "FILE");
	return true;
}

static bool command_check(const struct command *command, const struct call *call)
{
	struct fitted fitted;
	struct command_call parsed = {.command = command, .arguments = fitted.words};

	if (!words_fit(&fitted, command, call))
		return false;
	parsed.argument_count = (int)fitted.count;
	if (!command_call_parse(&parsed, 2, call->problem))
		return false;
	command_call_free(&parsed);
	return true;
}

bool slabmark_call_check(const struct call *call)
{
	static const char *const alone[] = {"--help", "-h", "--version", "-V"};
	const char *name = call->count > 1 ? call->words[1] : "";

	// "slabmark compare: …" is a message, "slabmark - …" a title.
	if (*name == '\0' || word_is_placeholder(name) || name[strlen(name) - 1] == ':' ||
		strcmp(name, "-") == 0)
		return true;
	for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
		if (strcmp(name, alone[i]) == 0)
			return true;
	for (size_t i = 0; slabmark_commands[i]; i++)
		if (strcmp(name, slabmark_commands[i]->name) == 0)
			return command_check(slabmark_commands[i], call);
	return problem_set(call->problem, EXIT_WRONG_USE, "slabmark has no command '%s'", name);
}
