// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark try`: did this commit make it slower? Entry: try_command. harness/run/trial.c measures
// and answers; here a commit and what it is held against are found.
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "harness/run/duration.h"
#include "harness/run/trial.h"
#include "open_store.h"
#include "results/text/colour.h"
#include "results/text/output_file.h"
#include "rows.h"
#include "run_options.h"

enum { BASE_SIZE = COMMIT_NAME_SIZE + 2 };

struct pair {
	char base[COMMIT_NAME_SIZE];
	char other[COMMIT_NAME_SIZE];
};

// What is held against what: a commit against HEAD; HEAD against the one before it; the working
// tree against HEAD.
static bool pair_find(struct pair *pair, const struct command_call *call, struct problem *problem)
{
	const char *named = call->operands_count > 0 ? call->operands[0] : "HEAD";
	char head[COMMIT_NAME_SIZE];
	char before[BASE_SIZE];

	if (call_has(call, "worktree") && call->operands_count > 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"--worktree tries the files as they lie there, and '%s' is a commit: name "
			"one",
			named);
	if (!revision_parse("HEAD", head, problem))
		return false;
	bool is_good = call_has(call, "worktree") ? revision_of_worktree(pair->other, problem)
						  : revision_parse(named, pair->other, problem);
	if (!is_good)
		return false;
	if (call_has(call, "base"))
		is_good = revision_parse(call_text(call, "base"), pair->base, problem);
	else if (strcmp(pair->other, head) != 0)
		memcpy(pair->base, head, sizeof(head));
	else {
		snprintf(before, sizeof(before), "%s^", head);
		is_good = revision_parse(before, pair->base, problem);
	}
	if (is_good && strcmp(pair->base, pair->other) == 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"%.12s would be held against itself; --base names another commit",
			pair->base);
	return is_good;
}

static int answer_status(const struct trial *trial)
{
	static const int statuses[] = {[TRIAL_SLOWER] = EXIT_REGRESSION,
		[TRIAL_NOT_SLOWER] = EXIT_GOOD,
		[TRIAL_UNDECIDED] = EXIT_UNDECIDED};

	return trial->status != EXIT_GOOD ? trial->status : statuses[trial->answer];
}

// The answer and the comparison, for a comment.
static bool markdown_write(
	const struct trial *trial, const struct command_call *call, struct problem *problem)
{
	struct output_file file;

	if (!call_has(call, "markdown"))
		return true;
	if (!output_file_begin(&file, call_text(call, "markdown"), problem))
		return false;
	fputs("```\n", file.stream);
	trial_say(trial, file.stream);
	fputs("```\n\n", file.stream);
	compare_markdown(trial->comparison, file.stream);
	return output_file_end(&file, output_file_written(&file, problem), problem);
}

static int measure(const struct command_call *call, struct run *run, const struct pair *pair,
	struct problem *problem)
{
	const struct trial_request request = {
		.config = call_text(call, "config"),
		.base = pair->base,
		.other = pair->other,
		.workloads = call_texts(call, "workload"),
		.every = (size_t)call_integer(call, "look-every"),
		.margin = call_has(call, "margin") ? call_real(call, "margin") / 100
						   : COMPARE_MARGIN_CALIBRATED,
	};
	struct trial trial;
	int status;

	if (!open_store_for_writing(call, run->store_path, &run->store, problem))
		return problem->status;
	struct store *store = run->store;
	if (trial_run(&trial, run, &request, problem)) {
		compare_text(trial.comparison, call->output, colour_is_wanted(call->output));
		fputc('\n', call->output);
		trial_say(&trial, call->output);
		status = markdown_write(&trial, call, problem) ? answer_status(&trial)
							       : (int)problem->status;
	} else {
		status = problem->status;
	}
	trial_free(&trial);
	store_close(store);
	return status;
}

static int run(const struct command_call *call, struct problem *problem)
{
	struct run run = run_of_call(call);
	struct pair pair;

	if (!run_settings_read(&run, call, problem) ||
		!duration_read("budget", call_text(call, "budget"), &run.budget_s, problem) ||
		!pair_find(&pair, call, problem) || !run_may_begin(call, problem)) {
		run_free(&run);
		return problem->status;
	}
	return measure(call, &run, &pair, problem);
}

static const struct option_row OPTIONS[] = {
	{.name = "worktree",
		.kind = OPTION_SWITCH,
		.help = "Tries the files that git tracks as they lie there, and holds them against "
			"HEAD."},
	{.name = "base",
		.kind = OPTION_TEXT,
		.argument = "COMMIT",
		.help = "What the commit is held against; HEAD when not given, and of HEAD itself "
			"the commit before it."},
	ROW_CONFIG("The config that is built of both commits."),
	ROW_WORKLOADS("The workloads to put them through; all that can run here when not given."),
	ROW_ROUNDS("40", 2, "How many rounds there are at most."),
	{.name = "look-every",
		.kind = OPTION_INTEGER,
		.argument = "N",
		.default_text = "2",
		.minimum = 1,
		.maximum = 100000,
		.help = "Rounds from one look at the results to the next."},
	ROW_MARGIN(0.01, ""),
	{.name = "budget",
		.kind = OPTION_TEXT,
		.argument = "TIME",
		.default_text = "30m",
		.help = "Starts no process after this time (90s, 10m, 2h) of measuring; building "
			"does not count."},
	{.name = "markdown",
		.kind = OPTION_TEXT,
		.argument = "FILE",
		.help = "Also writes the answer and the comparison as Markdown, for a comment."},
	ROW_MIN_TIME(""),
	ROW_TIMEOUT("A process", "failed"),
	ROWS_SESSION,
	ROWS_BENCHMARKS,
	ROW_DB(" that the results go into", "; made when missing"),
	{0},
};

const struct command try_command = {
	.name = "try",
	.summary = "Tell whether a commit makes it slower.",
	.operands = "[COMMIT]",
	.operands_max = 1,
	.description =
		"Builds the commit (HEAD when none is named) and what it is held against, measures "
		"both in the same rounds until every benchmark is decided, and answers: slower, "
		"not slower, or undecided. Builds are kept: the second call for the same commits "
		"measures at once ('slabmark help run' says where). The working tree is not "
		"touched; --worktree makes a commit of it that is on no branch.\n\n"
		"Exit status: 0 it is not slower, 1 it is, 4 the rounds do not tell.",
	.options = OPTIONS,
	.run = run,
};
