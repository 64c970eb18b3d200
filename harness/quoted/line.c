// SPDX-License-Identifier: GPL-2.0-or-later
// Checks quoted command lines by the tables that the programs themselves read. Entries:
// quoted_line_check(), quoted_option_check(). Calls of slabmark are slabmark_call.c's.
#include "line.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "call.h"
#include "file.h"
#include "harness/measured/options.h"
#include "script.h"
#include "words.h"

enum { VALUE_SIZE = 256, PATH_SIZE = 512 };

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

// ---- what the checks share

bool path_exists(const char *root, const char *folder, const char *name, const char *end)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s/%s%s", root, folder, name, end);
	return access(path, F_OK) == 0;
}

bool config_check(const char *name, const struct call *call)
{
	return word_is_placeholder(name) ||
	       path_exists(call->root, "allocator/configs", name, ".h") ||
	       problem_set(call->problem, EXIT_WRONG_USE, "there is no config '%s'", name);
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
	bool is_good = measured_options_parse(&options, &count, arguments, call->problem);
	measured_options_free(&options);
	return is_good;
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
		return slabmark_call_check(call);
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
		const struct option_row *row = command_row_find(slabmark_commands[i], word);

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

// Scripts lie in ci/ and in its folders.
static bool scripts_take(const char *word, const char *root)
{
	char pattern[PATH_SIZE];
	glob_t scripts;
	bool is_taken = false;

	snprintf(pattern, sizeof(pattern), "%s/ci/{*,*/*}", root);
	if (glob(pattern, GLOB_BRACE, NULL, &scripts) != 0)
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
