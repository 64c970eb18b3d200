// SPDX-License-Identifier: GPL-2.0-or-later
// Checks quoted command lines by the tables that the programs themselves read. Placeholders become
// values that the tables take, and then the very parser of the command line has its say. Entries:
// quoted_line_check(), quoted_option_check().
#include "line.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "harness/command/command.h"
#include "harness/measured/options.h"
#include "script.h"
#include "words.h"

enum { VALUE_SIZE = 256, PATH_SIZE = 512 };

// One command of a line.
struct call {
	char *const *words; // the program first
	size_t count;
	bool is_mention;
	const char *root;
	struct problem *problem;
};

static bool call_check(const struct call *call);

static bool is_assignment(const char *word)
{
	size_t length = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");

	return length > 0 && word[length] == '=';
}

bool quoted_line_check(const char *text, bool is_mention, const char *root, struct problem *problem)
{
	struct words words;
	bool is_good = true;
	size_t end;

	words_part(&words, text);
	for (size_t first = 0; is_good && first < words.count; first = end + 1) {
		while (first < words.count && is_assignment(words.items[first]))
			first++;
		for (end = first; end < words.count && !word_is_operator(words.items[end]); end++)
			;
		const struct call call = {
			&words.items[first], end - first, is_mention, root, problem};
		is_good = end == first || call_check(&call);
	}
	words_free(&words);
	return is_good;
}

// ---- names that an option takes

static bool path_exists(const char *root, const char *folder, const char *name, const char *end)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s/%s%s", root, folder, name, end);
	return access(path, F_OK) == 0;
}

static bool config_check(const char *name, const struct call *call)
{
	return word_is_placeholder(name) ||
	       path_exists(call->root, "allocator/configs", name, ".h") ||
	       problem_set(call->problem, EXIT_WRONG_USE, "there is no config '%s'", name);
}

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

// The names of a list, each by itself.
static bool names_check(const struct option_row *row, const char *value, const struct call *call)
{
	const char *argument = row->argument ? row->argument : "";
	bool is_config =
		strncmp(argument, "CONFIG", strlen("CONFIG")) == 0 && !strchr(argument, ':');
	bool is_workload = strncmp(argument, "WORKLOAD,", strlen("WORKLOAD,")) == 0;
	char *copy = strdup(value);
	char *rest = copy;
	bool is_good = true;

	for (char *name = strsep(&rest, ","); name && is_good; name = strsep(&rest, ",")) {
		if (is_config)
			is_good = config_check(name, call);
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
	char texts[WORDS_MAX + 2][VALUE_SIZE];
	size_t count;
	size_t operands_count;
};

static void fitted_add(struct fitted *fitted, const char *before, const char *word)
{
	char *text = fitted->texts[fitted->count];

	snprintf(text, VALUE_SIZE, "%s%s", before, word);
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

static const struct option_row *row_find(const struct command *command, const char *word)
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
	const struct option_row *row = row_find(command, word);
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

static bool slabmark_check(const struct call *call)
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

// ---- measured programs

static bool measured_word_check(const char *word, const struct call *call)
{
	struct measured_options options;
	char copy[VALUE_SIZE];
	char *arguments[] = {call->words[0], copy, NULL};
	int count = 2;
	const char *value = strchr(word, '=');
	bool takes_value;

	if (strncmp(word, "--", 2) != 0 && word_is_placeholder(word))
		return true;
	if (measured_option_is_known(word, &takes_value) &&
		(value ? word_is_placeholder(value) && takes_value : call->is_mention))
		return true;
	snprintf(copy, sizeof(copy), "%s", word);
	return measured_options_parse(&options, &count, arguments, call->problem);
}

static bool measured_check(const struct call *call)
{
	if (!config_check(call->words[0] + strlen("slabmark-run-"), call))
		return false;
	for (size_t i = 1; i < call->count; i++)
		if (!measured_word_check(call->words[i], call))
			return false;
	return true;
}

// ---- scripts

// Whether a script is one to type, and the options of its header.
static bool script_read(const char *script, const struct call *call, struct script_options *options)
{
	char path[PATH_SIZE];
	char *text;

	snprintf(path, sizeof(path), "%s/%s", call->root, script);
	text = access(path, X_OK) == 0 ? file_read(path) : NULL;
	if (!text)
		return false;
	script_options_of_header(options, text);
	free(text);
	return true;
}

static bool script_word_check(const struct script_options *options, const char *script,
	const char *word, const struct call *call)
{
	size_t length = strcspn(word, "=");
	const struct script_option *option = script_option_find(options, word, length);

	if (strcmp(word, "--help") == 0 || word_is_placeholder(word))
		return true;
	if (!option)
		return problem_set(call->problem, EXIT_WRONG_USE, "%s has no option %.*s", script,
			(int)length, word);
	if (word[length] == '=' && !option->takes_value)
		return problem_set(call->problem, EXIT_WRONG_USE, "%s of %s takes no value",
			option->name, script);
	return word[length] == '=' || !option->takes_value || call->is_mention ||
	       problem_set(call->problem, EXIT_WRONG_USE, "%s of %s needs a value", option->name,
		       script);
}

static bool script_check(const char *script, const struct call *call)
{
	struct script_options options;

	const char *name = script + strlen("ci/");

	if (word_is_placeholder(name) || strpbrk(name, "./") ||
		(call->count == 1 && path_exists(call->root, "ci", name, "")))
		return true; // any script, or a file that is none
	if (!script_read(script, call, &options))
		return problem_set(call->problem, EXIT_WRONG_USE, "there is no script %s", script);
	for (size_t i = 1; i < call->count; i++) {
		const char *word = call->words[i];
		const struct call rest = {call->words + i + 1, call->count - i - 1,
			call->is_mention, call->root, call->problem};

		if (strcmp(word, "--") == 0)
			return rest.count == 0 || call_check(&rest);
		if (strncmp(word, "--", 2) == 0 && !script_word_check(&options, script, word, call))
			return false;
	}
	return true;
}

// ---- one command, one option

static bool begins(const char *word, const char *with)
{
	return strncmp(word, with, strlen(with)) == 0;
}

static bool call_check(const struct call *call)
{
	const char *program = call->words[0] + (begins(call->words[0], "./") ? 2 : 0);

	if (strcmp(program, "slabmark") == 0 || begins(program, "slabmark-inspect-"))
		return slabmark_check(call);
	if (begins(program, "slabmark-run-"))
		return measured_check(call);
	if (begins(program, "ci/") && program[3])
		return script_check(program, call);
	return true;
}

static bool takes_as_said(const char *word, bool takes_value)
{
	return takes_value || !strchr(word, '=');
}

static bool slabmark_takes(const char *word)
{
	for (size_t i = 0; slabmark_commands[i]; i++) {
		const struct option_row *row = row_find(slabmark_commands[i], word);

		if (row && takes_as_said(word, row->kind != OPTION_SWITCH))
			return true;
	}
	return false;
}

static bool script_takes(const char *path, const char *word)
{
	struct script_options options;
	const struct script_option *option;
	char *text = access(path, X_OK) == 0 ? file_read(path) : NULL;

	if (!text)
		return false;
	script_options_of_header(&options, text);
	free(text);
	option = script_option_find(&options, word, strcspn(word, "="));
	return option && takes_as_said(word, option->takes_value);
}

static bool scripts_take(const char *word, const char *root)
{
	char pattern[PATH_SIZE];
	glob_t scripts;
	bool is_taken = false;

	snprintf(pattern, sizeof(pattern), "%s/ci/*", root);
	if (glob(pattern, 0, NULL, &scripts) != 0)
		return false;
	for (size_t i = 0; i < scripts.gl_pathc && !is_taken; i++)
		is_taken = script_takes(scripts.gl_pathv[i], word);
	globfree(&scripts);
	return is_taken;
}

bool quoted_option_check(const char *word, const char *root, struct problem *problem)
{
	bool takes_value;

	if (strcmp(word, "--help") == 0 || strcmp(word, "--version") == 0 || slabmark_takes(word))
		return true;
	if (measured_option_is_known(word, &takes_value) && takes_as_said(word, takes_value))
		return true;
	return scripts_take(word, root) ||
	       problem_set(problem, EXIT_WRONG_USE, "no program of ours takes %s", word);
}
