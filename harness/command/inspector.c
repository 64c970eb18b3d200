// SPDX-License-Identifier: GPL-2.0-or-later
// Finds a config's inspecting program and becomes it. A config that can be measured but not
// inspected is a peer, or its program is not built: ci/bench builds what it measures alone.
#include "inspector.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/run/programs.h"
#include "results/text/memory.h"

// ---- its command line

struct arguments {
	char **items; // NULL at the end
	size_t count;
};

static bool arguments_make(struct arguments *arguments, const struct command_call *call)
{
	// Beside the operands: the program, the command, "--", a default operand and the end.
	size_t room = call->operands_count + 5;

	for (size_t i = 0; call->command->options[i].name; i++)
		room += 1 + call->values[i].items_count;
	*arguments = (struct arguments){.items = (char **)calloc(room, sizeof(char *))};
	return arguments->items;
}

static void arguments_free(struct arguments *arguments)
{
	for (size_t i = 0; i < arguments->count; i++)
		free(arguments->items[i]);
	free((void *)arguments->items);
}

// Adds what is printed as one argument.
__attribute__((format(printf, 2, 3))) static bool argument_add(
	struct arguments *arguments, const char *format, ...)
{
	va_list values;
	int length;

	va_start(values, format);
	length = vasprintf(&arguments->items[arguments->count], format, values);
	va_end(values);
	if (length < 0)
		arguments->items[arguments->count] = NULL; // what it holds then is not defined
	else
		arguments->count++;
	return length >= 0;
}

// All that was given of one option, or its default.
static bool option_hand_over(
	struct arguments *arguments, const struct option_row *row, const struct option_value *value)
{
	bool is_good = true;

	if (row->kind == OPTION_SWITCH)
		return !value->is_given || argument_add(arguments, "--%s", row->name);
	if (row->kind != OPTION_REPEATED)
		return !value->text || argument_add(arguments, "--%s=%s", row->name, value->text);
	for (size_t i = 0; is_good && i < value->items_count; i++)
		is_good = argument_add(arguments, "--%s=%s", row->name, value->items[i]);
	return is_good;
}

// The program's own place, the command, its options but --config, "--", the operands.
static bool arguments_fill(struct arguments *arguments, const char *path,
	const struct command_call *call, const char *operand_default)
{
	const struct option_row *rows = call->command->options;
	bool is_good = argument_add(arguments, "%s", path) &&
		       argument_add(arguments, "%s", call->command->name);

	for (size_t i = 0; is_good && rows[i].name; i++) {
		if (strcmp(rows[i].name, "config") != 0)
			is_good = option_hand_over(arguments, &rows[i], &call->values[i]);
	}
	is_good = is_good && argument_add(arguments, "--");
	if (call->operands_count == 0 && operand_default)
		is_good = is_good && argument_add(arguments, "%s", operand_default);
	for (size_t i = 0; is_good && i < call->operands_count; i++)
		is_good = argument_add(arguments, "%s", call->operands[i]);
	return is_good;
}

// ---- the program

static bool is_measured(const char *config)
{
	struct programs measured;
	struct problem ignored;
	bool is_found;

	if (!programs_find(&measured, PROGRAM_MEASURED, &ignored))
		return false;
	is_found = programs_get(&measured, config, &ignored) != NULL;
	programs_free(&measured);
	return is_found;
}

static void become(const char *path, const struct command_call *call, const char *operand_default,
	struct problem *problem)
{
	struct arguments arguments = {0};

	if (!arguments_make(&arguments, call) ||
		!arguments_fill(&arguments, path, call, operand_default))
		no_memory(problem, "the inspecting program's arguments");
	else if (execv(path, arguments.items) != 0)
		problem_set(
			problem, EXIT_NOT_MEASURED, "cannot start %s: %s", path, strerror(errno));
	arguments_free(&arguments);
}

int inspector_become(const struct command_call *call, const char *operand_default,
	const char *peer_says, struct problem *problem)
{
	const char *config = call_text(call, "config");
	const struct program *program;
	struct programs programs;

	if (!programs_find(&programs, PROGRAM_INSPECT, problem))
		return problem->status;
	program = programs_get(&programs, config, problem);
	if (program)
		become(program->path, call, operand_default, problem);
	else if (is_measured(config))
		problem_set(problem, EXIT_WRONG_USE,
			"config '%s' has no program slabmark-inspect-%s: either it is a peer, no "
			"SLAB "
			"allocator (%s), or that program is not built",
			config, config, peer_says);
	programs_free(&programs);
	return problem->status;
}
