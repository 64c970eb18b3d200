// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark replay`: runs traces on a config's allocator and shows, or checks, the state it ends in. The
// allocator answers itself: this hands over to the config's inspection program, which becomes this process.
// Entry: replay_command.
#include <stdlib.h>

#include "command.h"
#include "inspector.h"

static bool is_consistent(const struct command_call *call, struct problem *problem)
{
	if (!call_has(call, "expect"))
		return true;
	if (!call_has(call, "check"))
		return problem_set(problem, EXIT_WRONG_USE,
			"--expect names what --check compares with; give --check as well");
	if (call->operands_count > 1)
		return problem_set(problem, EXIT_WRONG_USE,
			"--expect is for one FILE, and there are %zu; without it each FILE.trace "
			"has its FILE.expect beside it",
			call->operands_count);
	return true;
}

static size_t add_switch(const struct command_call *call, const char *name, const char *word,
	const char **words, size_t count)
{
	if (call_has(call, name))
		words[count++] = word;
	return count;
}

static int run(const struct command_call *call, struct problem *problem)
{
	size_t options_count = 0;
	const char *const *options = call_list(call, "option", &options_count);
	const char **words;
	size_t count = 0;
	int status;

	if (!is_consistent(call, problem))
		return problem->status;
	words = calloc(options_count + call->operands_count + 8, sizeof(*words));
	if (!words) {
		problem_set(problem, EXIT_NOT_MEASURED, "no memory left");
		return problem->status;
	}
	words[count++] = "replay";
	count = add_switch(call, "check", "--check", words, count);
	count = add_switch(call, "no-stats", "--no-stats", words, count);
	count = add_switch(call, "quiet", "--quiet", words, count);
	words[count++] = inspector_word("timeout", call_text(call, "timeout"));
	if (call_has(call, "expect"))
		words[count++] = inspector_word("expect", call_text(call, "expect"));
	for (size_t i = 0; i < options_count; i++)
		words[count++] = inspector_word("option", options[i]);
	words[count++] = "--";
	for (size_t i = 0; i < call->operands_count; i++)
		words[count++] = call->operands[i];
	status = inspector_become(call, words, "traces say nothing about its state", problem);
	free(words);
	return status;
}

static const struct option_row OPTIONS[] = {
	{.name = "config",
		.kind = OPTION_TEXT,
		.argument = "CONFIG",
		.default_text = "default",
		.help = "The config that runs the traces."},
	{.name = "check",
		.kind = OPTION_SWITCH,
		.help = "Compares with FILE.expect beside each FILE.trace and shows the first "
			"difference of each."},
	{.name = "expect",
		.kind = OPTION_TEXT,
		.argument = "FILE",
		.help = "Compares the only trace with this file instead."},
	{.name = "no-stats",
		.kind = OPTION_SWITCH,
		.help = "Leaves out the lines ' stats', as configs without statistics do anyway."},
	{.name = "option",
		.kind = OPTION_REPEATED,
		.argument = "NAME=VALUE",
		.help = "Sets what the kernel's boot options set: slab_max_order, init_on_free and "
			"so on. The machine comes from the trace."},
	{.name = "timeout",
		.kind = OPTION_REAL,
		.argument = "SECONDS",
		.default_text = "300",
		.minimum = 0.001,
		.maximum = 86400,
		.help = "A trace that has not ended by then is stopped and counts as "
			"different."},
	{.name = "quiet",
		.kind = OPTION_SWITCH,
		.help = "Shows no progress, and nothing at all when every trace is identical."},
	{0},
};

const struct command replay_command = {
	.name = "replay",
	.summary = "Run traces and check the allocator's state against a real kernel's.",
	.operands = "FILE...",
	.operands_min = 1,
	.operands_max = SIZE_MAX,
	.description =
		"Runs each FILE, a trace of operations, on an allocator of its own with the "
		"machine that the trace describes, and prints what every operation gave and "
		"the state wherever the trace dumps it.\n\n"
		"With --check nothing is printed but the first difference of each trace from "
		"what is expected (the trace's line, the field, both values) and a summary; "
		"the exit status is 1 when any trace differs. A trace that cannot be read "
		"is said with line and column before any of it runs.",
	.options = OPTIONS,
	.run = run,
};
