// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark replay`: runs traces on a config's allocator and shows, or checks, the state it ends
// in. The allocator answers itself: this hands over to the config's inspection program, which
// becomes this process. Entry: replay_command.
#include "command.h"
#include "inspector.h"
#include "rows.h"

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

static int run(const struct command_call *call, struct problem *problem)
{
	if (!is_consistent(call, problem))
		return problem->status;
	return inspector_become(call, NULL, "traces say nothing about its state", problem);
}

static const struct option_row OPTIONS[] = {
	ROW_CONFIG("The config that runs the traces."),
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
	ROW_BOOT_OPTION(" The machine comes from the trace."),
	ROW_TIMEOUT("A trace", "different"),
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
